using System.Globalization;
using Sandbox.Core;
using HttpStatusCode = System.Net.HttpStatusCode;

namespace Tests.Connectors.Sandbox;

public sealed class FutureshopWriteTests : IDisposable
{
    private readonly FutureshopRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_shipping_date_makes_the_order_shipped_and_the_same_report_again_changes_nothing()
    {
        var code = _rig.Place();

        for (var i = 0; i < 2; i++)
        {
            var answer = await _rig.ShipAsync(code, "000011112222");
            Assert.Equal((HttpStatusCode.OK, "success"), (answer.Status, answer.Outcome));
        }

        Assert.Equal((true, "000011112222"), (_rig.Served(code).Shipped, _rig.Served(code).TrackingNumber));
        Assert.Equal([EffectKind.Number, EffectKind.Status], _rig.Effects().Select(e => e.Kind));
    }

    [Fact]
    public async Task A_blank_value_wipes_what_is_stored_and_a_blank_date_takes_the_shipment_back()
    {
        var code = _rig.Place();
        await _rig.ShipAsync(code, "000011112222");

        await _rig.ShipAsync(code, "", shipped: "", arrival: "");

        var shipment = (await _rig.GetAsync($"orders/{code}")).Json.GetProperty("shipmentList")[0];
        Assert.Equal(("", "", "", false), (
            shipment.GetProperty("invoiceNo").GetString(), shipment.GetProperty("expectedArrival").GetString(), shipment.GetProperty("shippingDate").GetString(), shipment.GetProperty("shipped").GetBoolean()));
    }

    [Fact]
    public async Task The_whole_is_failed_when_only_some_rows_are()
    {
        var (good, pickup, cancelled) = (_rig.Place(), _rig.Place(FutureshopRig.Seed() with { DeliveryText = "店舗受取" }), _rig.Place());
        _rig.Simulator.Cancel(FutureshopRig.Account, cancelled);

        var rows = new[] { good, pickup, cancelled, "900000999999" }.Select(no =>
            $$$"""{"orderNo":"{{{no}}}","shipmentList":[{"shipmentNo":1,"shippingInfo":{"invoiceNo":"1","expectedArrival":"","shippingDate":"2026-04-03"}}]}""");
        var answer = await _rig.PostAsync("shipping/status", $$"""{"orderList":[{{string.Join(',', rows)}}]}""");

        Assert.Equal((HttpStatusCode.OK, "failed"), (answer.Status, answer.Outcome));
        Assert.Equal([("success", ""), ("failed", "CannotUpdateStorePickup"), ("failed", "OrderLocked"), ("failed", "OrderNotFound")], answer.Results);
        Assert.True(_rig.Served(good).Shipped);
        Assert.Empty(_rig.Served(cancelled).TrackingNumber);
    }

    [Theory]
    [InlineData(100, 200, null)]
    [InlineData(101, 400, "TooMany")]
    public async Task A_write_takes_a_hundred_orders(int orders, int status, string? code)
    {
        var rows = Enumerable.Range(0, orders).Select(_ => $$"""{"orderNo":"{{_rig.Place()}}"}""");

        var answer = await _rig.PostAsync("order/complete", $$"""{"orderList":[{{string.Join(',', rows)}}]}""");

        Assert.Equal((HttpStatusCode)status, answer.Status);
        Assert.Equal(code, answer.Status is HttpStatusCode.OK ? null : answer.ErrorCode);
        Assert.Equal(status == 200 ? orders : 0, _rig.Effects().Count());
    }

    [Theory]
    [InlineData("""{"shipmentNo":2,"shippingInfo":{"invoiceNo":"1","expectedArrival":"","shippingDate":"2026-04-03"}}""", "ShipmentNotFound")]
    [InlineData("""{"shipmentNo":1,"shippingInfo":{"invoiceNo":"1","shippingDate":"2026-04-03"}}""", "Required")]
    [InlineData("""{"shipmentNo":1,"shippingInfo":"1"}""", "Required")]
    [InlineData("""{"shipmentNo":"1","shippingInfo":{"invoiceNo":"1","expectedArrival":"","shippingDate":"2026-04-03"}}""", "Required")]
    [InlineData("""{"shipmentNo":1,"shippingInfo":{"invoiceNo":"1","expectedArrival":"","shippingDate":"2026/04/03"}}""", "InvalidDateFormat")]
    [InlineData("""{"shipmentNo":1,"shippingInfo":{"invoiceNo":"01234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890","expectedArrival":"","shippingDate":""}}""", "InvalidFormat")]
    public async Task A_row_that_cannot_be_taken_changes_nothing(string shipment, string code)
    {
        var order = _rig.Place();

        var answer = await _rig.PostAsync("shipping/status", $$"""{"orderList":[{"orderNo":"{{order}}","shipmentList":[{{shipment}}]}]}""");

        Assert.Equal([("failed", code)], answer.Results);
        Assert.Empty(_rig.Effects());
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"orderList":[]}""")]
    public async Task A_body_without_rows_is_400(string body)
    {
        Assert.Equal((HttpStatusCode.BadRequest, "Required"), await RefusalAsync("shipping/status", body));
    }

    [Fact]
    public async Task An_order_is_shipped_when_all_its_recipients_are()
    {
        var seed = FutureshopRig.Seed();
        var code = _rig.Place(seed with { FurtherDestinations = [new SeedDestination(seed.Buyer, seed.Lines)] });

        await _rig.ShipAsync(code, "1111", shipment: 1);
        Assert.False(_rig.Served(code).Shipped);
        await _rig.ShipAsync(code, "2222", shipment: 2);

        Assert.Equal((true, "1111,2222"), (_rig.Served(code).Shipped, _rig.Served(code).TrackingNumber));
        Assert.DoesNotContain(_rig.Effects(), e => e.Again);
    }

    [Fact]
    public async Task Completion_and_payment_are_writes_of_their_own()
    {
        var code = _rig.Place(FutureshopRig.Seed() with { Paid = false });

        Assert.Equal("success", (await _rig.PostAsync("payment/status", $$"""{"orderList":[{"orderNo":"{{code}}","receiptDate":"2026-04-02"}]}""")).Outcome);
        Assert.Equal("success", (await _rig.PostAsync("order/complete", $$"""{"orderList":[{"orderNo":"{{code}}"}]}""")).Outcome);

        var order = (await _rig.GetAsync($"orders/{code}")).Json;
        Assert.Equal(("COMPLETED", "2026-04-02", "RECEIVED", "2026-04-01T12:00:00"), (
            order.GetProperty("status").GetString(), order.GetProperty("receiptDate").GetString(), order.GetProperty("paymentStatus").GetString(), order.GetProperty("dateProcessed").GetString()));
        Assert.Equal([("failed", "InvalidDateFormat")], (await _rig.PostAsync("payment/status", $$"""{"orderList":[{"orderNo":"{{code}}","receiptDate":"4/2"}]}""")).Results);
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("\"7\"", 7)]
    [InlineData("\"+2\"", 12)]
    [InlineData("\"-3\"", 7)]
    [InlineData("0", 0)]
    public async Task A_count_sets_as_number_or_plain_text_and_adds_as_text_with_a_sign(string count, int expected)
    {
        _rig.Simulator.PutItems(FutureshopRig.Account, [new SeedItem("DEMO-01", "RD", "", 10), new SeedItem("DEMO-01", "BL", "", 5)]);

        var answer = await StockAsync("DEMO-01", "RD", count);

        Assert.Equal([("success", "")], answer.Results);
        Assert.Equal([expected, 5], _rig.Simulator.Items(FutureshopRig.Account).Select(i => i.Quantity));
    }

    [Theory]
    [InlineData("UNKNOWN", "RD", "1", "ProductNotFound")]
    [InlineData("DEMO-01", "XX", "1", "StockNotFound")]
    [InlineData("DEMO-01", "RD", "-1", "InvalidFormat")]
    [InlineData("DEMO-01", "RD", "\"-99\"", "InvalidFormat")]
    [InlineData("DEMO-01", "0123456789", "1", "InvalidFormat")]
    public async Task A_level_that_cannot_be_set_is_refused_in_its_row(string product, string vertical, string count, string code)
    {
        _rig.Simulator.PutItems(FutureshopRig.Account, [new SeedItem("DEMO-01", "RD", "", 10)]);

        Assert.Equal([("failed", code)], (await StockAsync(product, vertical, count)).Results);
        Assert.Equal(10, Assert.Single(_rig.Simulator.Items(FutureshopRig.Account)).Quantity);
    }

    [Fact]
    public async Task The_stock_search_pages_by_products()
    {
        _rig.Simulator.PutItems(FutureshopRig.Account, [.. Enumerable.Range(0, 101).Select(i => new SeedItem(i.ToString("D3", CultureInfo.InvariantCulture), "", "", i))]);

        var first = (await _rig.GetAsync("inventory?types=regular")).Json;
        var second = (await _rig.GetAsync(first.GetProperty("nextUrl").GetString()!)).Json;

        Assert.Equal((100, 1), (first.GetProperty("productList").GetArrayLength(), second.GetProperty("productList").GetArrayLength()));
        Assert.Equal(100, second.GetProperty("productList")[0].GetProperty("inventoryInfo").GetProperty("regular").GetProperty("inventoryList")[0].GetProperty("count").GetInt32());
        Assert.Equal(HttpStatusCode.BadRequest, (await _rig.GetAsync("products?count=49")).Status);
        Assert.Equal(50, (await _rig.GetAsync("products?count=50")).Json.GetProperty("productList").GetArrayLength());
    }

    private Task<FutureshopWireAnswer> StockAsync(string product, string vertical, string count) => _rig.PostAsync(
        "inventory",
        $$$$"""{"productList":[{"productNo":"{{{{product}}}}","inventoryInfo":{"regular":{"inventoryList":[{"verticalNo":"{{{{vertical}}}}","horizontalNo":"","count":{{{{count}}}}}]}}}]}""");

    private async Task<(HttpStatusCode, string?)> RefusalAsync(string path, string body)
    {
        var answer = await _rig.PostAsync(path, body);
        return (answer.Status, answer.ErrorCode);
    }
}
