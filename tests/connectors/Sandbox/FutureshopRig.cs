using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Sandbox.Core;
using Sandbox.Futureshop;
using HttpStatusCode = System.Net.HttpStatusCode;

namespace Tests.Connectors.Sandbox;

/// <summary>A shop on the futureshop simulator and a client that knows only the service's wire format.</summary>
internal sealed class FutureshopRig : IDisposable
{
    public const string Market = "futureshop";
    public const string Account = "honten";

    public static readonly DateTimeOffset Noon = new(2026, 4, 1, 12, 0, 0, TimeSpan.FromHours(9));

    private string? _token;

    public FutureshopRig(int ordersPerPage = 100)
    {
        Time = new FakeTimeProvider(Noon);
        World = new SandboxWorld(Time, Time.Advance);
        World.RateLimits.Lifted = true;
        Host = new SandboxHost(World, world => new FutureshopSimulator(world, ordersPerPage));
        Shop = Host.OpenAccount(Market, Account);
        Client = new HttpClient(new SandboxHandler(Host)) { BaseAddress = new Uri("https://sim.example/") };
    }

    public FakeTimeProvider Time { get; }

    public SandboxWorld World { get; }

    public SandboxHost Host { get; }

    public FutureshopSimulator Simulator => (FutureshopSimulator)Host.Simulator(Market);

    public SimAccount Shop { get; set; }

    public HttpClient Client { get; }

    /// <summary>Forgets the token, so that the next call asks for one.</summary>
    public void ForgetToken() => _token = null;

    public static SeedOrder Seed(DateTimeOffset? placedAt = null) => new()
    {
        PlacedAt = placedAt ?? Noon.AddHours(-1),
        Buyer = new SeedPerson("見本", "花", "ミホン", "ハナ", "100-0000", "東京都", "架空区", "見本町1-2-3", "", "03-0000-0000", "hana@example.invalid"),
        Recipient = new SeedPerson("髙﨑", "𠮷子", "タカサキ", "ヨシコ", "330-0000", "埼玉県", "架空市", "見本1-1", "見本荘101", "048-000-0000", "yoshiko@example.invalid"),
        Lines = [new SeedLine("DEMO-01RD", "見本マグ", "赤", 2, 2200, 10)],
        ShippingFee = 540,
        RequestedDate = new DateOnly(2026, 4, 5),
        TimeSlotText = "午前中",
        BuyerNote = "見本の備考",
    };

    public string Place(SeedOrder? seed = null) => Simulator.Place(Account, seed ?? Seed());

    public ServedOrder Served(string code) => Simulator.Served(Account).Single(order => order.Code == code);

    public IEnumerable<JournalEffect> Effects() => World.Journal.Read().SelectMany(entry => entry.Effects).Where(e => e.Kind is not EffectKind.Token);

    public Task<FutureshopWireAnswer> TokenAsync(string? secret = null, string? shopKey = null, string body = "grant_type=client_credentials")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "oauth/token") { Content = new StringContent(body, Encoding.UTF8, "application/x-www-form-urlencoded") };
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Shop.Secrets["client-id"]}:{secret ?? Shop.Secrets["client-secret"]}")));
        request.Headers.Add("X-SHOP-KEY", shopKey ?? Shop.Secrets["shop-key"]);
        return SendAsync(request);
    }

    public async Task<FutureshopWireAnswer> GetAsync(string pathAndQuery, string? shopKey = null)
    {
        var path = pathAndQuery.StartsWith("https://", StringComparison.Ordinal) ? pathAndQuery : $"admin-api/v1/{pathAndQuery}";
        return await CallAsync(new HttpRequestMessage(HttpMethod.Get, path), shopKey);
    }

    public async Task<FutureshopWireAnswer> PostAsync(string path, string body) =>
        await CallAsync(new HttpRequestMessage(HttpMethod.Post, $"admin-api/v1/{path}") { Content = new StringContent(body, Encoding.UTF8, "application/json") }, null);

    public Task<FutureshopWireAnswer> ShipAsync(string order, string number, string shipped = "2026-04-03", string arrival = "2026-04-05", int shipment = 1) => PostAsync(
        "shipping/status",
        $$$"""{"orderList":[{"orderNo":"{{{order}}}","shipmentList":[{"shipmentNo":{{{shipment}}},"shippingInfo":{"invoiceNo":"{{{number}}}","expectedArrival":"{{{arrival}}}","shippingDate":"{{{shipped}}}"}}]}]}""");

    public void Dispose() => Client.Dispose();

    private async Task<FutureshopWireAnswer> CallAsync(HttpRequestMessage request, string? shopKey)
    {
        if (_token is null)
        {
            var answer = await TokenAsync();
            _token = answer.Status is HttpStatusCode.OK ? answer.Json.GetProperty("access_token").GetString() : "none";
        }

        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
        request.Headers.Add("X-SHOP-KEY", shopKey ?? Shop.Secrets["shop-key"]);
        return await SendAsync(request);
    }

    private async Task<FutureshopWireAnswer> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await Client.SendAsync(request);
            return new FutureshopWireAnswer(response.StatusCode, await response.Content.ReadAsStringAsync());
        }
    }
}

internal sealed record FutureshopWireAnswer(HttpStatusCode Status, string Text)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public string? ErrorCode => Json.GetProperty("errors")[0].GetProperty("code").GetString();

    public JsonElement[] Orders => [.. Json.GetProperty("orderList").EnumerateArray()];

    public string[] Numbers => [.. Orders.Select(o => o.GetProperty("orderNo").GetString()!)];

    public string? Next => Json.TryGetProperty("nextUrl", out var next) ? next.GetString() : null;

    public string? Outcome => Json.GetProperty("status").GetString();

    public (string? Status, string? Code)[] Results =>
        [.. Json.GetProperty("results").EnumerateArray().Select(r => (r.GetProperty("status").GetString(), r.GetProperty("code").GetString()))];
}
