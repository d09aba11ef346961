using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using System.Web;
using Connectors.Qoo10;
using Domain.Marketplaces;
using Domain.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using HttpStatusCode = System.Net.HttpStatusCode;

namespace Tests.Connectors.Qoo10;

/// <summary>One call as it went over the wire.</summary>
internal sealed record SeenCall(string Method, string Key, IReadOnlyDictionary<string, string> Form, MarketplaceCall? Mark, Uri Address);

/// <summary>Answers by method name, and keeps every call. A method without an answer fails the test, so that nothing slips out unseen.</summary>
internal sealed class ScriptedQoo10
{
    public const string Empty = """{"ResultObject":[],"ResultCode":0,"ResultMsg":"SUCCESS"}""";

    private readonly Dictionary<string, Func<SeenCall, string>> _answers = new(StringComparer.Ordinal);

    public List<SeenCall> Seen { get; } = [];

    public ScriptedCredentials Credentials { get; } = new();

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 24, 1, 0, 0, TimeSpan.Zero));

    public Dictionary<string, string> Settings { get; } = new(StringComparer.Ordinal);

    public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

    public IEnumerable<string> Methods => Seen.Select(c => c.Method);

    public static string Recording(string name, [CallerFilePath] string here = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "recordings", name));

    /// <summary>A search's answer with three rows of two carts.</summary>
    public static byte[] TwoCarts() => Encoding.UTF8.GetBytes(Recording("search-two-carts.json"));

    public static string Refusal(int code) => $$"""{"ResultCode":{{code}},"ResultMsg":"an invented text that nobody may pass on"}""";

    public ScriptedQoo10 On(string method, string body) => On(method, _ => body);

    public ScriptedQoo10 On(string method, Func<SeenCall, string> answer)
    {
        _answers[method] = answer;
        return this;
    }

    public Marketplace Marketplace()
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Clock);
        services.AddQoo10().ConfigurePrimaryHttpMessageHandler(() => new Handler(this));
        return services.BuildServiceProvider(validateScopes: true).GetRequiredService<Marketplace>();
    }

    public StoreAccess Access(Marketplace market) => new(
        new Store
        {
            Id = StoreId.Parse("qoo10-honten"),
            Marketplace = "qoo10",
            Name = "見本商店",
            Group = BundleGroupId.Parse("qoo10-honten"),
            BaseAddress = new Uri("http://qoo10.invalid:8080/"),
            Settings = ImmutableSortedDictionary<string, string>.Empty.SetItems(Settings),
        },
        market.Manifest,
        Credentials);

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var form = HttpUtility.ParseQueryString(await request.Content!.ReadAsStringAsync(cancellation));
        request.Options.TryGetValue(new HttpRequestOptionsKey<MarketplaceCall>(MarketplaceCall.OptionName), out var mark);
        var call = new SeenCall(
            request.RequestUri!.Segments[^1],
            Assert.Single(request.Headers.GetValues("GiosisCertificationKey")),
            form.AllKeys.ToDictionary(k => k!, k => form[k]!, StringComparer.Ordinal),
            mark,
            request.RequestUri);
        Assert.Equal(HttpMethod.Post, request.Method);
        Assert.Equal(call.Method == "ItemsLookup.GetItemDetailInfo" ? "1.2" : "1.0", Assert.Single(request.Headers.GetValues("QAPIVersion")));
        Assert.Equal("application/json", call.Form["returnType"]);
        Seen.Add(call);
        var body = _answers.TryGetValue(call.Method, out var answer) ? answer(call) : throw new InvalidOperationException($"no answer for {call.Method}");
        return new HttpResponseMessage(Status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
    }

    private sealed class Handler(ScriptedQoo10 script) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            script.AnswerAsync(request, cancellationToken);
    }
}

/// <summary>Credentials in memory, under the manifest's names.</summary>
internal sealed class ScriptedCredentials : ICredentials
{
    public Dictionary<string, string> Values { get; } = new(StringComparer.Ordinal)
    {
        ["api-key"] = "canary-api-key",
        ["user-id"] = "canary-user",
        ["password"] = "canary-password",
        ["certification-key"] = "canary-sak",
    };

    public Dictionary<string, (string Value, DateTimeOffset ExpiresAt)> Tokens { get; } = new(StringComparer.Ordinal);

    public ValueTask<string> ReadAsync(string field, CancellationToken cancellation) =>
        Values.TryGetValue(field, out var value)
            ? new(value)
            : throw new MarketplaceException("qoo10", FailureKind.CredentialRejected, $"{field} is not stored") { Credential = CredentialFault.Missing, Field = field };

    public ValueTask<string?> FindTokenAsync(string name, CancellationToken cancellation) =>
        new(Tokens.TryGetValue(name, out var token) ? token.Value : null);

    public ValueTask KeepTokenAsync(string name, string value, DateTimeOffset expiresAt, CancellationToken cancellation)
    {
        Tokens[name] = (value, expiresAt);
        return ValueTask.CompletedTask;
    }

    public ValueTask ForgetTokenAsync(string name, CancellationToken cancellation)
    {
        Tokens.Remove(name);
        return ValueTask.CompletedTask;
    }
}
