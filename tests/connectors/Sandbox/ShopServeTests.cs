using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Sandbox.Core;

namespace Tests.Connectors.Sandbox;

public sealed class ShopServeTests : IDisposable
{
    private readonly ShopServeRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_shop_id_has_a_dot_a_manager_key_forty_hexadecimal_characters_and_a_wrong_one_is_401()
    {
        Assert.Matches(@"^\w{6}\.\w{2}$", _rig.Shop.Settings["shop-id"]);
        Assert.Matches("^[0-9a-f]{40}$", _rig.Shop.Secrets["manager-key"]);
        Assert.Equal(HttpStatusCode.OK, (await ProbeAsync()).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await ProbeAsync(new string('0', 40))).Status);
    }

    [Fact]
    public async Task A_re_issued_key_replaces_the_old_one_at_once()
    {
        var old = _rig.Shop.Secrets["manager-key"];
        _rig.Shop = _rig.Host.RenewCredential(ShopServeRig.Market, ShopServeRig.Account);

        Assert.Equal(HttpStatusCode.Unauthorized, (await ProbeAsync(old)).Status);
        Assert.Equal(HttpStatusCode.OK, (await ProbeAsync()).Status);
    }

    [Theory]
    [InlineData(-7, 0, true)]
    [InlineData(-8, 24 * 60 * 60 - 1, false)]
    [InlineData(0, 12 * 60 * 60, true)]
    public async Task The_search_reaches_back_one_week_of_days_in_Japan(int days, int second, bool found)
    {
        var code = _rig.Place(ShopServeRig.Seed(ShopServeRig.Noon.Date.AddDays(days).AddSeconds(second) is var wall ? new DateTimeOffset(wall, TimeSpan.FromHours(9)) : default));

        var orders = await _rig.OrdersAsync("""{"since":"2026-11-01","until":"2026-11-20"}""");

        Assert.Equal(found, orders.Any(o => (string)o!["serial_code"]! == code));
    }

    [Fact]
    public async Task Only_unshipped_orders_are_found_where_it_is_asked_for()
    {
        var (open, shipped) = (_rig.Place(), _rig.Place());
        Assert.Equal(HttpStatusCode.OK, (await ShipAsync(shipped)).Status);

        Assert.Equal(open, (string)Assert.Single(await _rig.OrdersAsync())!["serial_code"]!);
        Assert.Equal(shipped, (string)Assert.Single(await _rig.OrdersAsync("""{"since":"2026-11-20","shipping_status":"発送済"}"""))!["serial_code"]!);
        Assert.Equal(2, (await _rig.OrdersAsync("""{"since":"2026-11-20"}""")).Count);
        Assert.Equal(HttpStatusCode.BadRequest, (await _rig.SearchAsync("""{"since":"2026-11-20","shipping_status":"発送"}""")).Status);
    }

    [Theory]
    [InlineData("basic", false, false, false)]
    [InlineData("basic;orderer", true, false, false)]
    [InlineData("basic;delivery", false, true, false)]
    [InlineData("basic;orderer;delivery;item", true, true, true)]
    public async Task An_order_has_the_parts_that_were_asked_for(string parts, bool orderer, bool delivery, bool items)
    {
        _rig.Place();

        var order = JsonNode.Parse((await _rig.SearchAsync("""{"since":"2026-11-20"}""", parts)).Text)!["orders"]![0]!.AsObject();

        Assert.Equal((orderer, delivery, items), (order.ContainsKey("orderer"), order.ContainsKey("destinations"), order["destinations"]?[0]!.AsObject().ContainsKey("items") ?? false));
        Assert.Equal(HttpStatusCode.BadRequest, (await _rig.SearchAsync("""{"since":"2026-11-20"}""", parts + ";everything")).Status);
    }

    [Fact]
    public async Task Pages_are_cut_by_from_and_size_and_count_them_all()
    {
        for (var i = 0; i < 5; i++)
        {
            _rig.Place(ShopServeRig.Seed(ShopServeRig.Noon.AddMinutes(-i)));
        }

        var page = JsonNode.Parse((await _rig.SearchAsync("""{"since":"2026-11-20","from":3,"size":3}""")).Text)!;

        Assert.Equal((5, 2), ((int)page["total_count"]!, page["orders"]!.AsArray().Count));
        Assert.Equal(HttpStatusCode.BadRequest, (await _rig.SearchAsync("""{"since":"2026-11-20","size":101}""")).Status);
    }

    [Fact]
    public async Task An_order_with_two_recipients_has_two_destinations_each_with_its_own_lines()
    {
        _rig.Place(ShopServeRig.Seed() with { FurtherDestinations = [new SeedDestination(ShopServeRig.Seed().Buyer, [new SeedLine("C-3", "見本菓子", "", 1, 500, 8)])] });

        var destinations = Assert.Single(await _rig.OrdersAsync())!["destinations"]!.AsArray();

        Assert.Equal(["1", "2"], destinations.Select(d => (string)d!["destination_code"]!));
        Assert.Equal(["1", "2", "3"], destinations.SelectMany(d => d!["items"]!.AsArray()).Select(l => (string)l!["line_number"]!));
    }

    [Fact]
    public async Task A_report_ships_the_order_once_and_a_cancelled_one_is_refused()
    {
        var (order, cancelled) = (_rig.Place(), _rig.Place());
        _rig.Simulator.Cancel(ShopServeRig.Account, cancelled);

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Conflict], [(await ShipAsync(order)).Status, (await ShipAsync(order)).Status, (await ShipAsync(cancelled)).Status]);

        Assert.Equal((true, "400000000010", "ヤマト運輸"), (_rig.Served(order).Shipped, _rig.Served(order).TrackingNumber, _rig.Served(order).Carrier));
        Assert.Equal([EffectKind.Number, EffectKind.Status], _rig.World.Journal.Read().SelectMany(e => e.Effects).Select(e => e.Kind));
        Assert.Equal("発送済", (string)JsonNode.Parse((await _rig.SendAsync(HttpMethod.Get, $"orders/{order}")).Text)!["order"]!["shipping_status"]!);
    }

    [Fact]
    public async Task Stock_of_an_item_is_one_count_and_of_variations_one_for_each_name()
    {
        _rig.Simulator.PutItems(ShopServeRig.Account, [new SeedItem("TEA", "", "", 40), new SeedItem("SHIRT", "赤", "S", 3), new SeedItem("SHIRT", "赤", "M", 0)]);

        Assert.Equal("Item", (string)JsonNode.Parse((await _rig.SendAsync(HttpMethod.Get, "items/TEA/stock")).Text)!["stock"]!["management_type"]!);
        Assert.Equal(HttpStatusCode.OK, (await _rig.SendAsync(HttpMethod.Put, "items/TEA/stock", """{"unlimited":"No","quantity":12,"alert_threshold":5}""")).Status);
        Assert.Equal(
            HttpStatusCode.OK,
            (await _rig.SendAsync(HttpMethod.Put, "items/SHIRT/stock", """{"variation_name1":"赤","variation_name2":"M","unlimited":"No","quantity":"7","alert_threshold":0}""")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _rig.SendAsync(HttpMethod.Put, "items/SHIRT/stock", """{"variation_name1":"青","unlimited":"No","quantity":1}""")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _rig.SendAsync(HttpMethod.Put, "items/NONE/stock", """{"unlimited":"No","quantity":1}""")).Status);
        Assert.Equal(HttpStatusCode.OK, (await _rig.SendAsync(HttpMethod.Put, "items/TEA/stock", """{"unlimited":"Yes"}""")).Status);

        Assert.Equal([3, 7, 99_999_999], _rig.Simulator.Items(ShopServeRig.Account).Select(i => i.Quantity).Order());
    }

    [Fact]
    public async Task A_second_call_within_a_second_is_429()
    {
        _rig.World.RateLimits.Lifted = false;
        var calls = new[] { await ProbeAsync(), await ProbeAsync() };
        _rig.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.TooManyRequests, HttpStatusCode.OK], [calls[0].Status, calls[1].Status, (await ProbeAsync()).Status]);
    }

    [Theory]
    [InlineData("2026-12-16T01:59:59", false)] // the third Wednesday
    [InlineData("2026-12-16T02:00:00", true)]
    [InlineData("2026-12-16T07:59:59", true)]
    [InlineData("2026-12-16T08:00:00", false)]
    [InlineData("2026-12-09T03:00:00", false)]
    [InlineData("2026-12-17T03:00:00", false)]
    public async Task The_service_is_away_on_the_third_Wednesday_from_two_to_eight(string wall, bool away)
    {
        _rig.Time.Advance(new DateTimeOffset(DateTime.Parse(wall, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.FromHours(9)) - _rig.Time.GetUtcNow());

        Assert.Equal(away ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK, (await ProbeAsync()).Status);
    }

    [Fact]
    public void The_download_is_CP932_with_one_row_a_line_and_geta_for_what_it_cannot_write()
    {
        _rig.Place();
        var text = CodePagesEncodingProvider.Instance.GetEncoding(932)!.GetString(_rig.Simulator.DownloadOrders(ShopServeRig.Account));
        var rows = text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(3, rows.Length); // header and two lines
        Assert.StartsWith("受注番号,注文日時", rows[0], StringComparison.Ordinal);
        Assert.Contains("髙﨑 〓〓子", rows[1], StringComparison.Ordinal);
    }

    private Task<(HttpStatusCode Status, string Text)> ProbeAsync(string? key = null) =>
        _rig.SendAsync(HttpMethod.Post, "items/_search", """{"filters":[{"item_code":"0"}],"from":0,"size":1}""", key);

    private Task<(HttpStatusCode Status, string Text)> ShipAsync(string code) => _rig.SendAsync(
        HttpMethod.Put, $"orders/{code}/shipping",
        """{"delivery_company":"ヤマト運輸","tracking_number":"400000000010","shipped_date":"2026-11-20","shipping_status":"発送済"}""");
}
