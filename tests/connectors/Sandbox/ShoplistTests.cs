using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Sandbox.Core;
using Sandbox.Shoplist;

namespace Tests.Connectors.Sandbox;

/// <summary>The behaviour that partners describe, asked in raw HTTP of a wire that is a guess.</summary>
public sealed class ShoplistTests : IDisposable
{
    private const string Account = "honten";

    private readonly FakeTimeProvider _time = new(AuPayRig.Noon);
    private readonly SandboxHost _host;
    private readonly HttpClient _client;
    private SimAccount _shop;

    public ShoplistTests()
    {
        var world = new SandboxWorld(_time, _time.Advance);
        world.RateLimits.Lifted = true;
        _host = new SandboxHost(world, w => new ShoplistSimulator(w));
        _shop = _host.OpenAccount("shoplist", Account);
        _client = new HttpClient(new SandboxHandler(_host)) { BaseAddress = new Uri("https://shoplist.example.invalid/shoplist-api/") };
    }

    private ShoplistSimulator Simulator => (ShoplistSimulator)_host.Simulator("shoplist");

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task One_key_opens_it_in_the_header_or_in_the_query_and_a_dead_one_does_not()
    {
        Assert.Equal(["auth-key"], _shop.Secrets.Keys);
        Assert.Empty(_shop.Settings);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync()).Status);
        using var inQuery = await _client.GetAsync(new Uri($"orders?from=2026-11-20&to=2026-11-20&key={_shop.Secrets["auth-key"]}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, inQuery.StatusCode);

        var old = _shop;
        _shop = Simulator.RenewCredential(Account);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync()).Status);
        _shop = old;
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync()).Status);
    }

    [Theory]
    [InlineData("2026-11-17T00:00:00", true)]
    [InlineData("2026-11-16T23:59:59", false)]
    [InlineData("2026-11-20T12:00:00", true)]
    [InlineData("2026-11-20T12:00:01", false)] // it has not been placed yet
    public async Task The_list_reaches_back_three_days_of_the_calendar_in_Japan(string wall, bool found)
    {
        Place(new DateTimeOffset(DateTime.Parse(wall, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.FromHours(9)));

        Assert.Equal(found ? 1 : 0, (await OrdersAsync("2026-11-01", "2026-11-20")).Count);
    }

    [Fact]
    public async Task The_api_tells_goods_and_delivery_kind_and_nothing_of_people_or_money_but_prices()
    {
        Place(AuPayRig.Noon.AddHours(-1));
        Place(AuPayRig.Noon, s => s with { ShippedByMarketplace = true });

        var orders = await OrdersAsync("2026-11-20", "2026-11-20");

        Assert.Equal(["通常配送", "スピード便"], orders.Select(o => (string)o!["delivery_kind"]!));
        Assert.Equal(["order_number", "ordered_at", "status", "delivery_kind", "items"], orders[0]!.AsObject().Select(p => p.Key));
        Assert.Equal(["line_number", "卸品番", "item_name", "color_size", "quantity", "price"], orders[0]!["items"]![0]!.AsObject().Select(p => p.Key));
        Assert.DoesNotContain("髙﨑", orders.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stock_is_set_by_wholesale_item_number()
    {
        Simulator.PutItems(Account, [new SeedItem("W-001-RED-S", "", "", 3)]);

        Assert.Equal(HttpStatusCode.OK, (await PostAsync("""{"卸品番":"W-001-RED-S","quantity":0}""")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync("""{"卸品番":"W-002","quantity":1}""")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("""{"卸品番":"W-001-RED-S","quantity":-1}""")).Status);

        Assert.Equal(new SeedItem("W-001-RED-S", "", "", 0), Assert.Single(Simulator.Items(Account)));
        Assert.Throws<ArgumentException>(() => Simulator.PutItems(Account, [new SeedItem("W-003", "赤", "", 1)]));
    }

    [Fact]
    public async Task Nobody_reports_a_shipment()
    {
        var code = Place(AuPayRig.Noon);

        using var answer = await _client.PutAsync(new Uri($"orders/{code}/shipping?key={_shop.Secrets["auth-key"]}", UriKind.Relative), new StringContent("{}"));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public void The_file_has_everything_of_the_orders_that_the_shop_ships_in_CP932()
    {
        var own = Place(AuPayRig.Noon);
        Place(AuPayRig.Noon, s => s with { ShippedByMarketplace = true });
        Simulator.Cancel(Account, Place(AuPayRig.Noon));

        var rows = CodePagesEncodingProvider.Instance.GetEncoding(932)!.GetString(Simulator.DownloadOrders(Account)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(3, rows.Length); // header and the two lines of one order
        Assert.All(rows.Skip(1), row => Assert.StartsWith($"{own},", row, StringComparison.Ordinal));
        Assert.Contains("大阪府,大阪市北区,梅田1-1-1", rows[1], StringComparison.Ordinal);
    }

    private string Place(DateTimeOffset at, Func<SeedOrder, SeedOrder>? change = null) => Simulator.Place(Account, (change ?? (s => s))(AuPayRig.Seed(at)));

    private async Task<JsonArray> OrdersAsync(string from, string to) => JsonNode.Parse((await GetAsync(from, to)).Text)!["orders"]!.AsArray();

    private async Task<(HttpStatusCode Status, string Text)> GetAsync(string from = "2026-11-20", string to = "2026-11-20") =>
        await SendAsync(new HttpRequestMessage(HttpMethod.Get, $"orders?from={from}&to={to}"));

    private Task<(HttpStatusCode Status, string Text)> PostAsync(string body) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, "stocks") { Content = new StringContent(body, Encoding.UTF8, "application/json") });

    private async Task<(HttpStatusCode Status, string Text)> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            request.Headers.Add("X-API-KEY", _shop.Secrets["auth-key"]);
            using var response = await _client.SendAsync(request);
            return (response.StatusCode, await response.Content.ReadAsStringAsync());
        }
    }
}
