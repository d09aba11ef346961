using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using Connectors.Futureshop;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using HttpStatusCode = System.Net.HttpStatusCode;

namespace Tests.Connectors.Futureshop;

/// <summary>One call as it went over the wire.</summary>
internal sealed record SeenFutureshopCall(string Method, string Path, string Query, string Body, string Authorization, string ShopKey, string ContentType, MarketplaceCall? Mark);

/// <summary>Answers by method and path, and keeps every call. A call without an answer fails the test, so that nothing slips out unseen.</summary>
internal sealed class ScriptedFutureshop
{
    public const string Shipping = "GET /admin-api/v1/shipping";
    public const string Report = "POST /admin-api/v1/shipping/status";
    public const string Complete = "POST /admin-api/v1/order/complete";
    public const string Stock = "POST /admin-api/v1/inventory";
    public const string Token = "POST /oauth/token";

    private readonly Dictionary<string, Func<SeenFutureshopCall, HttpResponseMessage>> _answers = new(StringComparer.Ordinal);

    public ScriptedFutureshop() => On(Token, Recording("token.json"));

    public List<SeenFutureshopCall> Seen { get; } = [];

    public KeptFutureshopCredentials Credentials { get; } = new();

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 4, 1, 3, 0, 0, TimeSpan.Zero));

    public Dictionary<string, string> Settings { get; } = new(StringComparer.Ordinal);

    /// <summary>Null: the API domain of the settings.</summary>
    public Uri? Address { get; set; } = new("https://sim.example/");

    /// <summary>Calls that are not for a token.</summary>
    public IEnumerable<SeenFutureshopCall> Calls => Seen.Where(c => c.Path != "/oauth/token");

    public static string Recording(string name) => File.ReadAllText(Path.Combine(Folder(), "recordings", name));

    public static OrderReference Order(string code) => new(OrderCode.Parse(code), new DateTimeOffset(2026, 4, 1, 1, 15, 30, TimeSpan.Zero), ["1-1"]);

    public ScriptedFutureshop On(string call, string body, HttpStatusCode status = HttpStatusCode.OK) => On(call, _ => Answer(body, status));

    public ScriptedFutureshop On(string call, Func<SeenFutureshopCall, HttpResponseMessage> answer)
    {
        _answers[call] = answer;
        return this;
    }

    public static HttpResponseMessage Answer(string body, HttpStatusCode status = HttpStatusCode.OK) =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    public (Marketplace Market, StoreAccess Access) Open()
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Clock);
        services.AddFutureshop().ConfigurePrimaryHttpMessageHandler(() => new Handler(this));
        var market = services.BuildServiceProvider(validateScopes: true).GetRequiredService<Marketplace>();
        var store = new Store
        {
            Id = StoreId.Parse("futureshop-honten"),
            Marketplace = "futureshop",
            Name = "見本商店",
            Group = BundleGroupId.Parse("futureshop-honten"),
            BaseAddress = Address,
            Settings = ImmutableSortedDictionary<string, string>.Empty.SetItems(Settings),
        };
        return (market, new StoreAccess(store, market.Manifest, Credentials));
    }

    private static string Folder([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        request.Options.TryGetValue(new HttpRequestOptionsKey<MarketplaceCall>(MarketplaceCall.OptionName), out var mark);
        var call = new SeenFutureshopCall(
            request.Method.Method, request.RequestUri!.AbsolutePath, request.RequestUri.Query.TrimStart('?'),
            request.Content is { } content ? await content.ReadAsStringAsync(cancellation) : "",
            request.Headers.Authorization!.ToString(), Assert.Single(request.Headers.GetValues("X-SHOP-KEY")),
            request.Content?.Headers.ContentType?.ToString() ?? "", mark);
        Seen.Add(call);
        return _answers.TryGetValue($"{call.Method} {call.Path}", out var answer) ? answer(call) : throw new InvalidOperationException($"no answer for {call.Method} {call.Path}");
    }

    private sealed class Handler(ScriptedFutureshop script) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => script.AnswerAsync(request, cancellationToken);
    }
}

/// <summary>Credentials in memory, under the manifest's names.</summary>
internal sealed class KeptFutureshopCredentials : ICredentials
{
    public Dictionary<string, string> Values { get; } = new(StringComparer.Ordinal)
    {
        ["shop-key"] = "demoshop01",
        ["client-id"] = "fs-client.demo",
        ["client-secret"] = "secret",
    };

    public Dictionary<string, (string Value, DateTimeOffset ExpiresAt)> Tokens { get; } = new(StringComparer.Ordinal);

    public ValueTask<string> ReadAsync(string field, CancellationToken cancellation) =>
        Values.TryGetValue(field, out var value)
            ? new(value)
            : throw new MarketplaceException("futureshop", FailureKind.CredentialRejected, $"{field} is not stored") { Credential = CredentialFault.Missing, Field = field };

    public ValueTask<string?> FindTokenAsync(string name, CancellationToken cancellation) => new(Tokens.TryGetValue(name, out var token) ? token.Value : null);

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
