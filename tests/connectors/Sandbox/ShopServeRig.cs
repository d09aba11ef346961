using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Sandbox.Core;
using Sandbox.ShopServe;

namespace Tests.Connectors.Sandbox;

/// <summary>A shop on the ショップサーブ simulator and a client that knows only what the facts say of the wire.</summary>
internal sealed class ShopServeRig : IDisposable
{
    public const string Market = "shop-serve";
    public const string Account = "honten";

    public static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.FromHours(9));

    public ShopServeRig()
    {
        Time = new FakeTimeProvider(Noon);
        World = new SandboxWorld(Time, Time.Advance);
        World.RateLimits.Lifted = true;
        Host = new SandboxHost(World, world => new ShopServeSimulator(world));
        Shop = Host.OpenAccount(Market, Account);
        Client = new HttpClient(new SandboxHandler(Host)) { BaseAddress = new Uri("https://management.example.invalid/v2/") };
    }

    public FakeTimeProvider Time { get; }

    public SandboxWorld World { get; }

    public SandboxHost Host { get; }

    public ShopServeSimulator Simulator => (ShopServeSimulator)Host.Simulator(Market);

    public SimAccount Shop { get; set; }

    public HttpClient Client { get; }

    public static SeedOrder Seed(DateTimeOffset? placedAt = null) => AuPayRig.Seed(placedAt ?? Noon.AddHours(-1));

    public string Place(SeedOrder? seed = null) => Simulator.Place(Account, seed ?? Seed());

    public ServedOrder Served(string code) => Simulator.Served(Account).Single(order => order.Code == code);

    public Task<(HttpStatusCode Status, string Text)> SearchAsync(string body, string parts = "basic;orderer;delivery;item") => SendAsync(HttpMethod.Post, $"orders/_retrieve/{parts}", body);

    public async Task<JsonArray> OrdersAsync(string body = """{"since":"2026-11-13","until":"2026-11-20","shipping_status":"未発送"}""")
    {
        var (status, text) = await SearchAsync(body);
        Assert.Equal(HttpStatusCode.OK, status);
        return JsonNode.Parse(text)!["orders"]!.AsArray();
    }

    public async Task<(HttpStatusCode Status, string Text)> SendAsync(HttpMethod method, string path, string? body = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, path);
        var user = $"{Shop.Settings["shop-id"]}:{key ?? Shop.Secrets["manager-key"]}";
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(user)));
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using var response = await Client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public void Dispose() => Client.Dispose();
}
