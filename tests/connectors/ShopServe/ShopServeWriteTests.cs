using Connectors.ShopServe;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Time;

namespace Tests.Connectors.ShopServe;

public sealed class ShopServeWriteTests
{
    private static readonly OrderReference Order = new(OrderCode.Parse("1000101"), Jst.At(new DateOnly(2026, 11, 20), new TimeOnly(14, 7)), ["1"]);

    private readonly Scripted _shop = new(services => services.AddShopServe(), "0123456789abcdef0123456789abcdef01234567");

    public ShopServeWriteTests() => _shop.Settings["shop-id"] = "mihon1.sb";

    [Fact]
    public async Task A_report_says_company_number_day_and_status_at_once()
    {
        _shop.On("PUT", "/v2/orders/1000101/shipping", """{"result":"OK"}""");

        Assert.IsType<PushOutcome.Confirmed>(await PushAsync());

        var call = Assert.Single(_shop.Seen);
        Assert.Equal((CallKind.Write, "orders/shipping"), (call.Mark!.Kind, call.Mark.Endpoint));
        Assert.Equal("""{"delivery_company":"ヤマト運輸","tracking_number":"400000000010","shipped_date":"2026-11-21","shipping_status":"発送済"}""", call.Body);
    }

    [Fact]
    public async Task Method_path_names_and_words_of_a_report_are_settings_and_an_empty_status_is_not_sent()
    {
        _shop.Settings["shipping-method"] = "POST";
        _shop.Settings["shipping-path"] = "v2/slips/{code}";
        _shop.Settings["ship-number"] = "inquiry_no";
        _shop.Settings["ship-status"] = "";
        _shop.On("POST", "/v2/slips/1000101", "", status: 204);

        Assert.IsType<PushOutcome.Confirmed>(await PushAsync());

        Assert.Equal("""{"delivery_company":"ヤマト運輸","inquiry_no":"400000000010","shipped_date":"2026-11-21"}""", Assert.Single(_shop.Seen).Body);
    }

    [Theory]
    [InlineData(400, """{"error":{"code":"E1","message":"指定できません"}}""", "E1")]
    [InlineData(409, """{"code":17}""", "17")]
    [InlineData(404, "", "404")]
    [InlineData(422, "no JSON at all", "")]
    public async Task A_refusal_is_told_with_its_code_whatever_its_body_looks_like(int status, string body, string code)
    {
        _shop.On("PUT", "/v2/orders/1000101/shipping", body, status);

        Assert.Equal(code, Assert.IsType<PushOutcome.Rejected>(await PushAsync()).Code);
    }

    [Theory]
    [InlineData(200, "")]
    [InlineData(200, """{"result":"O""")]
    [InlineData(200, "<html><body>gateway</body></html>")]
    [InlineData(500, """{"error":{}}""")]
    public async Task An_answer_that_says_nothing_leaves_the_effect_unknown(int status, string body)
    {
        _shop.On("PUT", "/v2/orders/1000101/shipping", body, status);

        Assert.Equal(FailureKind.Transient, (await Assert.ThrowsAsync<MarketplaceException>(PushAsync)).Kind);
    }

    [Fact]
    public async Task Stock_of_an_item_keeps_the_alert_threshold_that_stands()
    {
        var outcome = await SetAsync("stock-item.json", new StockItem("TEA-50"), 12);

        Assert.IsType<StockOutcome.Accepted>(outcome);
        Assert.Equal(["GET", "PUT"], _shop.Seen.Select(c => c.Method));
        Assert.Equal("""{"unlimited":"No","quantity":12,"alert_threshold":5}""", _shop.Seen[1].Body);
    }

    [Fact]
    public async Task Stock_of_a_variation_is_addressed_by_the_names_of_its_choices()
    {
        _shop.Settings["stock-quantity-type"] = "text";

        Assert.IsType<StockOutcome.Accepted>(await SetAsync("stock-variation.json", new StockItem("SHIRT", "赤", "M"), 0));

        Assert.Equal("""{"variation_name1":"赤","variation_name2":"M","unlimited":"No","quantity":"0","alert_threshold":0}""", _shop.Seen[1].Body);
    }

    [Theory]
    [InlineData("stock-variation.json", "青", "M")]
    [InlineData("stock-variation.json", "M", "赤")]
    [InlineData("stock-variation.json", "", "")]
    [InlineData("stock-item.json", "赤", "M")]
    public async Task A_variation_that_the_item_does_not_have_is_found_before_anything_is_sent(string recording, string first, string second)
    {
        var outcome = await SetAsync(recording, new StockItem("SHIRT", first, second), 1);

        Assert.True(Assert.IsType<StockOutcome.Rejected>(outcome).UnknownItem);
        Assert.Single(_shop.Seen);
    }

    [Fact]
    public async Task An_item_that_they_do_not_know_is_said_to_be_unknown()
    {
        _shop.On("GET", "/v2/items/NONE/stock", "", status: 404);

        Assert.True(Assert.IsType<StockOutcome.Rejected>(Assert.Single(await SetAsync(new StockReport(new StockItem("NONE"), 1)))).UnknownItem);
    }

    [Fact]
    public async Task Up_to_three_orders_are_asked_for_by_their_codes_and_more_by_one_search()
    {
        var orders = Enumerable.Range(1, 4).Select(i => Order with { Code = OrderCode.Parse($"{i}") }).ToArray();
        _shop.On("POST", "/v2/orders/_retrieve/basic", """
            {"total_count":4,"orders":[{"serial_code":"1","order_status":"新規","shipping_status":"未発送"},{"serial_code":"2","order_status":"キャンセル","shipping_status":"未発送"},
             {"serial_code":"3","order_status":"新規","shipping_status":"発送済"},{"serial_code":"9","order_status":"キャンセル","shipping_status":"未発送"}]}
            """);
        _shop.On("GET", "/v2/orders/4", "", status: 404);

        var stopped = await _shop.Market.Reader!.StoppedAsync(_shop.Access, orders, TestContext.Current.CancellationToken);

        Assert.Equal([("2", MarketplaceStanding.Cancelled), ("4", MarketplaceStanding.CancelRequested)], stopped.Select(s => (s.Key.Value, s.Value)).Order());
        Assert.Equal(["POST", "GET"], _shop.Seen.Select(c => c.Method));
        Assert.DoesNotContain("shipping_status", _shop.Seen[0].Body, StringComparison.Ordinal);
    }

    private async Task<PushOutcome> PushAsync() => Assert.Single(await _shop.Market.Shipments!.PushAsync(
        _shop.Access, "shipping", [new ShipmentReport(Order, "yamato", "400000000010", new DateOnly(2026, 11, 21))], TestContext.Current.CancellationToken));

    private async Task<StockOutcome> SetAsync(string recording, StockItem item, int quantity)
    {
        _shop.On("GET", $"/v2/items/{item.Code}/stock", ShopServeRecordingTests.Recording(recording));
        _shop.On("PUT", $"/v2/items/{item.Code}/stock", "", status: 204);
        return Assert.Single(await SetAsync(new StockReport(item, quantity)));
    }

    private Task<IReadOnlyList<StockOutcome>> SetAsync(StockReport level) => _shop.Market.Stock!.SetAsync(_shop.Access, [level], TestContext.Current.CancellationToken);
}
