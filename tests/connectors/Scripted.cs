using System.Collections.Immutable;
using System.Text;
using Domain.Coverage;
using Domain.Marketplaces;
using Domain.Stores;
using Domain.Time;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using HttpStatusCode = System.Net.HttpStatusCode;

namespace Tests.Connectors;

/// <summary>One call as it went over the wire.</summary>
internal sealed record WireCall(string Method, Uri Address, string Body, IReadOnlyDictionary<string, string> Headers, MarketplaceCall? Mark);

/// <summary>A connector whose marketplace is a script: answers by method and path, and keeps every call. What has no answer fails the test.</summary>
internal sealed class Scripted
{
    private readonly Dictionary<string, Func<WireCall, HttpResponseMessage>> _answers = new(StringComparer.Ordinal);
    private readonly ICredentials _credentials;

    public Scripted(Func<IServiceCollection, IHttpClientBuilder> register, string secret)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(new FakeTimeProvider(Jst.At(new DateOnly(2026, 11, 20), new TimeOnly(23, 59))));
        register(services).ConfigurePrimaryHttpMessageHandler(() => new Handler(this));
        Market = services.BuildServiceProvider(validateScopes: true).GetRequiredService<Marketplace>();
        _credentials = new OneSecret(secret);
    }

    public Marketplace Market { get; }

    public List<WireCall> Seen { get; } = [];

    public Dictionary<string, string> Settings { get; } = new(StringComparer.Ordinal);

    public StoreAccess Access => new(
        new Store
        {
            Id = StoreId.Parse("honten"),
            Marketplace = Market.Manifest.Code,
            Name = "見本商店",
            Group = BundleGroupId.Parse("honten"),
            BaseAddress = new Uri("http://market.invalid:8080/"),
            Settings = ImmutableSortedDictionary<string, string>.Empty.SetItems(Settings),
        },
        Market.Manifest,
        _credentials);

    public Scripted On(string method, string path, string body, int status = 200) => On(method, path, _ => Answer(Encoding.UTF8.GetBytes(body), status));

    public Scripted On(string method, string path, Func<WireCall, HttpResponseMessage> answer)
    {
        _answers[$"{method} {path}"] = answer;
        return this;
    }

    public static HttpResponseMessage Answer(byte[] body, int status = 200) => new((HttpStatusCode)status) { Content = new ByteArrayContent(body) };

    public async Task<IReadOnlyList<OrderPage>> ListAsync(string from = "2026-11-20", string to = "2026-11-21")
    {
        var pages = new List<OrderPage>();
        var slice = new Slice(Market.Manifest.Lanes[0].Id, new Interval(Jst.StartOf(Day(from)), Jst.StartOf(Day(to))));
        await foreach (var page in Market.Source.ReadAsync(Access, slice, TestContext.Current.CancellationToken))
        {
            pages.Add(page);
        }

        return pages;
    }

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        request.Options.TryGetValue(new HttpRequestOptionsKey<MarketplaceCall>(MarketplaceCall.OptionName), out var mark);
        var call = new WireCall(
            request.Method.Method,
            request.RequestUri!,
            request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellation),
            request.Headers.ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase),
            mark);
        Seen.Add(call);
        var name = $"{call.Method} {Uri.UnescapeDataString(call.Address.AbsolutePath)}";
        return _answers.TryGetValue(name, out var answer) ? answer(call) : throw new InvalidOperationException($"no answer for {name}");
    }

    private sealed class Handler(Scripted script) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => script.AnswerAsync(request, cancellationToken);
    }

    private sealed class OneSecret(string secret) : ICredentials
    {
        public ValueTask<string> ReadAsync(string field, CancellationToken cancellation) => new(secret);

        public ValueTask<string?> FindTokenAsync(string name, CancellationToken cancellation) => throw new InvalidOperationException("It has no tokens.");

        public ValueTask KeepTokenAsync(string name, string value, DateTimeOffset expiresAt, CancellationToken cancellation) => throw new InvalidOperationException("It has no tokens.");

        public ValueTask ForgetTokenAsync(string name, CancellationToken cancellation) => throw new InvalidOperationException("It has no tokens.");
    }
}
