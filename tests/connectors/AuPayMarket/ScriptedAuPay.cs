using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using System.Web;
using System.Xml.Linq;
using Connectors.AuPayMarket;
using Domain.Coverage;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Stores;
using Domain.Time;
using Microsoft.Extensions.DependencyInjection;
using HttpStatusCode = System.Net.HttpStatusCode;

namespace Tests.Connectors.AuPayMarket;

/// <summary>One call as it went over the wire.</summary>
internal sealed record SeenCall(string Method, string Path, IReadOnlyDictionary<string, string> Query, string Body, string? Authorization, MarketplaceCall? Mark);

/// <summary>Answers by endpoint, and keeps every call. An endpoint without an answer fails the test, so that nothing slips out unseen.</summary>
internal sealed class ScriptedAuPay
{
    public const string Key = "canary-0123456789abcdef";

    private readonly Dictionary<string, Func<SeenCall, HttpResponseMessage>> _answers = new(StringComparer.Ordinal);

    public ScriptedAuPay()
    {
        var services = new ServiceCollection();
        services.AddAuPayMarket().ConfigurePrimaryHttpMessageHandler(() => new Handler(this));
        Market = services.BuildServiceProvider(validateScopes: true).GetRequiredService<Marketplace>();
    }

    public Marketplace Market { get; }

    public List<SeenCall> Seen { get; } = [];

    public Dictionary<string, string> Settings { get; } = new(StringComparer.Ordinal) { ["shop-id"] = "40000001" };

    /// <summary>When the key ends, as a person entered it; null = nothing was entered.</summary>
    public string? KeyExpires { get; set; }

    public StoreAccess Access => new(
        new Store
        {
            Id = StoreId.Parse("wowma-honten"),
            Marketplace = "au-pay-market",
            Name = "見本商店",
            Group = BundleGroupId.Parse("wowma-honten"),
            BaseAddress = new Uri("http://wowma.invalid:8080/"),
            Settings = ImmutableSortedDictionary<string, string>.Empty.SetItems(Settings),
        },
        Market.Manifest,
        new OneKey(this));

    public static string Recording(string name, [CallerFilePath] string here = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "recordings", name));

    /// <summary>The order of the recorded list, each call a fresh copy.</summary>
    public static XElement Order() => XElement.Parse(Recording("search-one-order.xml")).Element("orderInfo")!;

    public static string ListOf(params IEnumerable<XElement> orders) =>
        new XElement("response", new XElement("result", new XElement("status", "0")), orders).ToString(SaveOptions.DisableFormatting);

    public static HttpResponseMessage Answer(string body, int status = 200) =>
        new((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/xml") };

    public ScriptedAuPay On(string endpoint, string body, int status = 200) => On(endpoint, _ => Answer(body, status));

    public ScriptedAuPay On(string endpoint, Func<SeenCall, HttpResponseMessage> answer)
    {
        _answers[endpoint] = answer;
        return this;
    }

    public async Task<IReadOnlyList<OrderPage>> ListAsync(DateTimeOffset from, DateTimeOffset to)
    {
        var pages = new List<OrderPage>();
        await foreach (var page in Market.Source.ReadAsync(Access, new Slice("order-date", new Interval(from, to)), TestContext.Current.CancellationToken))
        {
            pages.Add(page);
        }

        return pages;
    }

    public Task<IReadOnlyList<OrderPage>> ListDayAsync() =>
        ListAsync(Jst.StartOf(new DateOnly(2026, 11, 20)), Jst.StartOf(new DateOnly(2026, 11, 21)));

    public async Task<IReadOnlyList<OrderReading>> ReadAsync(params OrderReference[] orders)
    {
        var readings = new List<OrderReading>();
        await foreach (var reading in Market.Reader!.ReadAsync(Access, orders, TestContext.Current.CancellationToken))
        {
            readings.Add(reading);
        }

        return readings;
    }

    public static OrderReference Reference(string code, int hour = 14) =>
        new(OrderCode.Parse(code), Jst.At(new DateOnly(2026, 11, 20), new TimeOnly(hour, 7)), ["900000001"]);

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var query = HttpUtility.ParseQueryString(request.RequestUri!.Query);
        request.Options.TryGetValue(new HttpRequestOptionsKey<MarketplaceCall>(MarketplaceCall.OptionName), out var mark);
        var call = new SeenCall(
            request.Method.Method,
            request.RequestUri.AbsolutePath,
            query.AllKeys.ToDictionary(k => k!, k => query[k]!, StringComparer.Ordinal),
            request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellation),
            request.Headers.Authorization?.ToString(),
            mark);
        Seen.Add(call);
        return _answers.TryGetValue(request.RequestUri.Segments[^1], out var answer)
            ? answer(call)
            : throw new InvalidOperationException($"no answer for {request.RequestUri.AbsolutePath}");
    }

    private sealed class Handler(ScriptedAuPay script) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            script.AnswerAsync(request, cancellationToken);
    }

    private sealed class OneKey(ScriptedAuPay script) : ICredentials
    {
        public ValueTask<string> ReadAsync(string field, CancellationToken cancellation) => field switch
        {
            "api-key" => new(Key),
            "api-key-expires" when script.KeyExpires is { } day => new(day),
            "api-key-expires" => throw new MarketplaceException("au-pay-market", FailureKind.CredentialRejected, "nothing is stored") { Credential = CredentialFault.Missing },
            _ => throw new InvalidOperationException($"au PAY マーケット has no credential '{field}'."),
        };

        public ValueTask<string?> FindTokenAsync(string name, CancellationToken cancellation) => throw new InvalidOperationException("au PAY マーケット has no tokens.");

        public ValueTask KeepTokenAsync(string name, string value, DateTimeOffset expiresAt, CancellationToken cancellation) =>
            throw new InvalidOperationException("au PAY マーケット has no tokens.");

        public ValueTask ForgetTokenAsync(string name, CancellationToken cancellation) => throw new InvalidOperationException("au PAY マーケット has no tokens.");
    }
}
