using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Connectors.MakeShop;
using Domain.Coverage;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Stores;
using Domain.Time;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using HttpStatusCode = System.Net.HttpStatusCode;

namespace Tests.Connectors.MakeShop;

/// <summary>One call as it went over the wire.</summary>
internal sealed record SeenCall(string Operation, string Query, JsonElement Input, IReadOnlyDictionary<string, string> Headers, MarketplaceCall? Mark, Uri Address)
{
    public string Text(string key) => Input.GetProperty(key).ToString();
}

/// <summary>Answers by operation, and keeps every call. An operation without an answer fails the test, so that nothing slips out unseen.</summary>
internal sealed class ScriptedMakeShop
{
    public const string Token = "PAT.canary-0123456789abcdef";
    public const string Key = "canary-fedcba9876543210";

    /// <summary>Noon in Japan of the day after the recorded orders.</summary>
    public static readonly DateTimeOffset Now = Jst.At(new DateOnly(2026, 11, 21), new TimeOnly(12, 0));

    private readonly Dictionary<string, Func<SeenCall, HttpResponseMessage>> _answers = new(StringComparer.Ordinal);

    public ScriptedMakeShop()
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(new FakeTimeProvider(Now));
        services.AddMakeShop().ConfigurePrimaryHttpMessageHandler(() => new Handler(this));
        Market = services.BuildServiceProvider(validateScopes: true).GetRequiredService<Marketplace>();
    }

    public Marketplace Market { get; }

    public List<SeenCall> Seen { get; } = [];

    public Dictionary<string, string> Settings { get; } = new(StringComparer.Ordinal);

    public StoreAccess Access => new(
        new Store
        {
            Id = StoreId.Parse("makeshop-honten"),
            Marketplace = "makeshop",
            Name = "見本商店",
            Group = BundleGroupId.Parse("makeshop-honten"),
            BaseAddress = new Uri("http://makeshop.invalid:8080/"),
            Settings = ImmutableSortedDictionary<string, string>.Empty.SetItems(Settings),
        },
        Market.Manifest,
        new TwoSecrets());

    public MakeShopWords Words => MakeShopWords.Of(Access);

    public static string Recording(string name, [CallerFilePath] string here = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "recordings", name));

    /// <summary>The recorded orders, as they stand in the list.</summary>
    public static JsonElement[] Orders() =>
        [.. JsonDocument.Parse(Recording("search-two-orders.json")).RootElement.GetProperty("data").GetProperty("searchOrder").GetProperty("orders").EnumerateArray()];

    public static string ListOf(int count, params IEnumerable<string> orders) =>
        $$$$"""{"data":{"searchOrder":{"searchedCount":{{{{count}}}},"page":1,"orders":[{{{{string.Join(',', orders)}}}}]}}}""";

    /// <summary>The first recorded order under another number.</summary>
    public static string Order(int number, Func<string, string>? change = null)
    {
        var text = Orders()[0].GetRawText().Replace("P900000000000000001", $"P{900_000_000_000_000_000 + number}", StringComparison.Ordinal);
        return change is null ? text : change(text);
    }

    public static HttpResponseMessage Answer(string body, int status = 200) =>
        new((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, body.StartsWith('<') ? "text/html" : "application/json") };

    public ScriptedMakeShop On(string operation, string body, int status = 200) => On(operation, _ => Answer(body, status));

    public ScriptedMakeShop On(string operation, Func<SeenCall, HttpResponseMessage> answer)
    {
        _answers[operation] = answer;
        return this;
    }

    public async Task<IReadOnlyList<OrderPage>> ListDayAsync(int days = 0)
    {
        var day = new DateOnly(2026, 11, 20).AddDays(days);
        var pages = new List<OrderPage>();
        await foreach (var page in Market.Source.ReadAsync(
            Access, new Slice("order-date", new Interval(Jst.StartOf(day), Jst.StartOf(day.AddDays(1)))), TestContext.Current.CancellationToken))
        {
            pages.Add(page);
        }

        return pages;
    }

    public async Task<IReadOnlyList<OrderReading>> ReadAsync(params OrderReference[] orders)
    {
        var readings = new List<OrderReading>();
        await foreach (var reading in Market.Reader!.ReadAsync(Access, orders, TestContext.Current.CancellationToken))
        {
            readings.Add(reading);
        }

        return readings;
    }

    public static OrderReference Reference(int number, int day = 20, params string[] lines) =>
        new(OrderCode.Parse($"P{900_000_000_000_000_000 + number}"), Jst.At(new DateOnly(2026, 11, day), new TimeOnly(10, 15)), [.. lines]);

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var body = JsonDocument.Parse(await request.Content!.ReadAsStringAsync(cancellation)).RootElement;
        var query = body.GetProperty("query").GetString()!;
        var operation = query[(query.IndexOf('{', StringComparison.Ordinal) + 1)..].Split('(', '{')[0];
        request.Options.TryGetValue(new HttpRequestOptionsKey<MarketplaceCall>(MarketplaceCall.OptionName), out var mark);
        var call = new SeenCall(
            operation, query, body.GetProperty("variables").TryGetProperty("input", out var input) ? input : default,
            request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => string.Join(',', h.Value), StringComparer.Ordinal), mark, request.RequestUri!);
        Assert.Equal(HttpMethod.Post, request.Method);
        Assert.Equal(operation, mark?.Endpoint);
        Seen.Add(call);
        return _answers.TryGetValue(operation, out var answer) ? answer(call) : throw new InvalidOperationException($"no answer for {operation}");
    }

    private sealed class Handler(ScriptedMakeShop script) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            script.AnswerAsync(request, cancellationToken);
    }

    private sealed class TwoSecrets : ICredentials
    {
        public ValueTask<string> ReadAsync(string field, CancellationToken cancellation) => new(field switch
        {
            "permanent-token" => Token,
            "api-key" => Key,
            _ => throw new InvalidOperationException($"MakeShop has no {field}."),
        });

        public ValueTask<string?> FindTokenAsync(string name, CancellationToken cancellation) => throw new InvalidOperationException("MakeShop keeps no tokens.");

        public ValueTask KeepTokenAsync(string name, string value, DateTimeOffset expiresAt, CancellationToken cancellation) =>
            throw new InvalidOperationException("MakeShop keeps no tokens.");

        public ValueTask ForgetTokenAsync(string name, CancellationToken cancellation) => throw new InvalidOperationException("MakeShop keeps no tokens.");
    }
}
