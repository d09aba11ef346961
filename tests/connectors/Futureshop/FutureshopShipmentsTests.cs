using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Domain.Marketplaces;
using Domain.Orders;
using HttpStatusCode = System.Net.HttpStatusCode;

namespace Tests.Connectors.Futureshop;

public sealed class FutureshopShipmentsTests
{
    private static readonly DateOnly Day = new(2026, 4, 3);

    private readonly ScriptedFutureshop _shop = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_report_resends_the_stored_arrival_so_that_no_blank_wipes_it()
    {
        Hold(Row("900000000101", Shipment(1, arrival: "2026-04-05")));
        AnswerAll();

        Assert.IsType<PushOutcome.Confirmed>(Assert.Single(await PushAsync("number", Report("900000000101"))));

        Assert.Equal(["GET /admin-api/v1/shipping", "POST /admin-api/v1/shipping/status"], _shop.Calls.Select(c => $"{c.Method} {c.Path}"));
        Assert.Equal(
            """{"orderList":[{"orderNo":"900000000101","shipmentList":[{"shipmentNo":1,"shippingInfo":{"invoiceNo":"000011112222","expectedArrival":"2026-04-05","shippingDate":"2026-04-03"}}]}]}""",
            _shop.Calls.Last().Body);
        Assert.Equal((CallKind.Write, "application/json"), (_shop.Calls.Last().Mark!.Kind, _shop.Calls.Last().ContentType));
    }

    [Fact]
    public async Task One_recipients_number_leaves_the_others_as_they_are()
    {
        Hold(Row("900000000101", Shipment(1, "1111", "2026-04-04", "2026-04-02"), Shipment(2), Shipment(3, arrival: "2026-04-09")));
        AnswerAll();

        await PushAsync("number", Report("900000000101", destination: "2"));

        var sent = JsonNode.Parse(_shop.Calls.Last().Body)!["orderList"]![0]!["shipmentList"]!.AsArray()
            .Select(s => ((int)s!["shipmentNo"]!, (string)s["shippingInfo"]!["invoiceNo"]!, (string)s["shippingInfo"]!["expectedArrival"]!, (string)s["shippingInfo"]!["shippingDate"]!));
        Assert.Equal([(1, "1111", "2026-04-04", "2026-04-02"), (2, "000011112222", "", "2026-04-03"), (3, "", "2026-04-09", "")], sent);
    }

    [Fact]
    public async Task Numbers_of_several_recipients_of_one_order_go_in_one_row()
    {
        Hold(Row("900000000101", Shipment(1), Shipment(2)));
        AnswerAll();

        var outcomes = await PushAsync("number", Report("900000000101", "1111", "1"), Report("900000000101", "2222", "2"));

        Assert.Equal(2, outcomes.OfType<PushOutcome.Confirmed>().Count());
        var orders = JsonNode.Parse(_shop.Calls.Last().Body)!["orderList"]!.AsArray();
        Assert.Equal(["1111", "2222"], Assert.Single(orders)!["shipmentList"]!.AsArray().Select(s => (string)s!["shippingInfo"]!["invoiceNo"]!));
    }

    [Fact]
    public async Task A_corrected_number_keeps_the_first_shipping_date_and_a_repeated_one_is_not_sent()
    {
        Hold(Row("900000000101", Shipment(1, "999", "", "2026-04-01")), Row("900000000102", Shipment(1, "000011112222", "", "2026-04-01")));
        AnswerAll();

        var outcomes = await PushAsync("number", Report("900000000101"), Report("900000000102"));

        Assert.All(outcomes, o => Assert.IsType<PushOutcome.Confirmed>(o));
        Assert.Contains("\"invoiceNo\":\"000011112222\",\"expectedArrival\":\"\",\"shippingDate\":\"2026-04-01\"", _shop.Calls.Last().Body, StringComparison.Ordinal);
        Assert.DoesNotContain("900000000102", _shop.Calls.Last().Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failed_as_a_whole_means_that_some_rows_are()
    {
        Hold(Row("900000000101", Shipment(1)), Row("900000000199", Shipment(1)));
        _shop.On(ScriptedFutureshop.Report, ScriptedFutureshop.Recording("shipping-status-partly.json"));

        var outcomes = await PushAsync("number", Report("900000000101"), Report("900000000199"));

        Assert.IsType<PushOutcome.Confirmed>(outcomes[0]);
        var refused = Assert.IsType<PushOutcome.Rejected>(outcomes[1]);
        Assert.Equal(("CannotUpdateStorePickup", "店舗受取の受注は、APIでは出荷を登録できません。futureshopの管理画面で処理してください"), (refused.Code, refused.Reason));
    }

    [Theory]
    [InlineData("""{"status":"success"}""", typeof(PushOutcome.Confirmed))]
    [InlineData("""{"status":"success","results":[]}""", typeof(PushOutcome.Confirmed))]
    [InlineData("""{"status":"success","results":[{"status":"success","orderNo":"900000000101"}]}""", typeof(PushOutcome.Confirmed))]
    [InlineData("""{"status":"failed","results":[]}""", typeof(PushOutcome.Unknown))]
    [InlineData("""{"status":"failed","results":[{"orderNo":"900000000101"}]}""", typeof(PushOutcome.Unknown))]
    [InlineData("""{"status":"failed","results":[{"status":"failed","orderNo":"900000000101"}]}""", typeof(PushOutcome.Rejected))]
    [InlineData("""{"status":"failed","results":[{"orderNo":"900000000101","errorCode":"OrderLocked"}]}""", typeof(PushOutcome.Rejected))]
    [InlineData("""{"status":"failed","results":[{"status":"failed","orderNo":"900000000101","errors":[{"code":"OrderLocked","message":"x"}]}]}""", typeof(PushOutcome.Rejected))]
    [InlineData("""{"status":"failed","results":[{"status":"success","orderNo":"900000000199"}]}""", typeof(PushOutcome.Unknown))]
    public async Task A_row_decides_over_its_order_in_each_form_that_was_seen(string answer, Type expected)
    {
        Hold(Row("900000000101", Shipment(1)));
        _shop.On(ScriptedFutureshop.Report, answer);

        Assert.IsType(expected, Assert.Single(await PushAsync("number", Report("900000000101"))));
    }

    [Fact]
    public async Task Rows_are_read_whatever_the_HTTP_status_is()
    {
        Hold(Row("900000000101", Shipment(1)), Row("900000000199", Shipment(1)));
        _shop.On(ScriptedFutureshop.Report, ScriptedFutureshop.Recording("shipping-status-partly.json"), HttpStatusCode.BadRequest);

        var outcomes = await PushAsync("number", Report("900000000101"), Report("900000000199"));

        Assert.IsType<PushOutcome.Confirmed>(outcomes[0]);
        Assert.IsType<PushOutcome.Rejected>(outcomes[1]);
    }

    [Fact]
    public async Task A_request_that_is_refused_as_a_whole_is_sent_in_halves_until_the_faulty_order_is_alone()
    {
        string[] codes = [.. Enumerable.Range(0, 8).Select(i => (900_000_000_300 + i).ToString(CultureInfo.InvariantCulture))];
        Hold([.. codes.Select(c => Row(c, Shipment(1)))]);
        _shop.On(ScriptedFutureshop.Report, call => call.Body.Contains(codes[5], StringComparison.Ordinal)
            ? ScriptedFutureshop.Answer("""{"status":"failed","errors":[{"code":"InvalidFormat","path":"orderList[5]","message":"an invented text"}]}""", HttpStatusCode.BadRequest)
            : ScriptedFutureshop.Answer("""{"status":"success"}"""));

        var outcomes = await PushAsync("number", [.. codes.Select(c => Report(c))]);

        var refused = Assert.IsType<PushOutcome.Rejected>(outcomes[5]);
        Assert.Equal("InvalidFormat", refused.Code);
        Assert.DoesNotContain("invented", refused.Reason, StringComparison.Ordinal);
        Assert.Equal(7, outcomes.OfType<PushOutcome.Confirmed>().Count());
    }

    [Fact]
    public async Task A_hundred_orders_go_in_two_calls_and_the_next_hundred_in_two_more()
    {
        string[] codes = [.. Enumerable.Range(0, 150).Select(i => (900_000_000_300 + i).ToString(CultureInfo.InvariantCulture))];
        _shop.On(ScriptedFutureshop.Shipping, call => ScriptedFutureshop.Answer(
            $$"""{"orderList":[{{string.Join(',', Uri.UnescapeDataString(call.Query)["orderNo=".Length..].Split(',').Select(c => Row(c, Shipment(1))))}}]}"""));
        AnswerAll();

        var outcomes = await PushAsync("number", [.. codes.Select(c => Report(c))]);

        Assert.Equal(codes, outcomes.OfType<PushOutcome.Confirmed>().Select(o => o.Order.Value));
        Assert.Equal([100, 50], _shop.Calls.Where(c => c.Method == "POST").Select(c => JsonNode.Parse(c.Body)!["orderList"]!.AsArray().Count));
        Assert.Equal(4, _shop.Calls.Count());
    }

    [Fact]
    public async Task A_call_that_is_lost_leaves_the_outcomes_of_the_calls_before_it()
    {
        string[] codes = [.. Enumerable.Range(0, 150).Select(i => (900_000_000_300 + i).ToString(CultureInfo.InvariantCulture))];
        Hold([.. codes.Select(c => Row(c, Shipment(1)))]);
        var calls = 0;
        _shop.On(ScriptedFutureshop.Report, _ => ++calls == 1 ? ScriptedFutureshop.Answer("""{"status":"success"}""") : throw new HttpRequestException("cut"));

        var outcomes = await PushAsync("number", [.. codes.Select(c => Report(c))]);

        Assert.Equal((100, 50), (outcomes.OfType<PushOutcome.Confirmed>().Count(), outcomes.OfType<PushOutcome.Unknown>().Count()));
    }

    [Fact]
    public async Task What_cannot_be_sent_is_refused_before_anything_is()
    {
        Hold(
            Row("900000000101", Shipment(1)).Replace("AWAITING_PAYMENT", "CANCELLED", StringComparison.Ordinal),
            Row("900000000102", Shipment(1)));
        _shop.On("GET /admin-api/v1/orders/900000000103", "", HttpStatusCode.NotFound);

        var outcomes = await PushAsync(
            "number",
            Report("900000000101"), Report("900000000102", destination: "7"), Report("900000000103"), Report("900000000104", " "), Report("900000000105", new string('1', 101)),
            Report("900000000106") with { Service = "no-such-carrier" });

        Assert.Equal(["cancelled", "ShipmentNotFound", "OrderNotFound", "no-number", "number-form", "no-carrier"], outcomes.Cast<PushOutcome.Rejected>().Select(o => o.Code));
        Assert.DoesNotContain(_shop.Calls, c => c.Method == "POST");
    }

    [Fact]
    public async Task An_order_that_the_search_does_not_show_is_read_by_its_number_first()
    {
        Hold();
        _shop.On("GET /admin-api/v1/orders/900000000103", ScriptedFutureshop.Recording("order.json").Replace("\"expectedArrival\":\"\"", "\"expectedArrival\":\"2026-04-06\"", StringComparison.Ordinal));
        AnswerAll();

        await PushAsync("number", Report("900000000103"));

        Assert.Contains("\"expectedArrival\":\"2026-04-06\"", _shop.Calls.Last().Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Completion_names_the_orders_alone_and_waits_for_the_last_recipient()
    {
        Hold(Row("900000000101", Shipment(1, "1", "", "2026-04-03"), Shipment(2)), Row("900000000102", Shipment(1, "1", "", "2026-04-03"), Shipment(2, "2", "", "2026-04-03")));
        _shop.On(ScriptedFutureshop.Complete, """{"status":"success","results":[]}""");

        Assert.IsType<PushOutcome.Confirmed>(Assert.Single(await PushAsync("complete", Report("900000000103"))));
        Assert.Equal("""{"orderList":[{"orderNo":"900000000103"}]}""", Assert.Single(_shop.Calls).Body);

        var outcomes = await PushAsync("complete", Report("900000000101", destination: "1"), Report("900000000102", destination: "2"));

        Assert.Equal(2, outcomes.OfType<PushOutcome.Confirmed>().Count());
        Assert.Equal("""{"orderList":[{"orderNo":"900000000102"}]}""", _shop.Calls.Last().Body);
    }

    [Fact]
    public async Task The_read_back_tells_each_recipients_number()
    {
        var order = JsonNode.Parse(ScriptedFutureshop.Recording("order.json").Replace(",\"sbpsTrackingId\":\"\"", "", StringComparison.Ordinal))!;
        var second = order["shipmentList"]![0]!.DeepClone();
        (second["shipmentNo"], second["invoiceNo"], second["shippingDate"]) = (2, "2222-3333", "2026-04-03");
        order["shipmentList"]!.AsArray().Add(second);
        _shop.On("GET /admin-api/v1/orders/900000000103", order.ToJsonString());
        var (market, access) = _shop.Open();

        var state = await market.ShipmentReader!.ReadBackAsync(access, ScriptedFutureshop.Order("900000000103"), Cancellation);

        Assert.Equal(MarketplaceStanding.Ready, state.Standing);
        Assert.Equal(new ReportedShipment("宅配便", "2222-3333", Day, "2"), Assert.Single(state.Shipments));
        Assert.True(state.Holds("22223333", "2"));
        Assert.False(state.Holds("22223333", "1"));
    }

    [Fact]
    public async Task A_web_page_in_place_of_an_answer_leaves_the_effect_open()
    {
        Hold(Row("900000000101", Shipment(1)));
        _shop.On(ScriptedFutureshop.Report, ScriptedFutureshop.Recording("maintenance.html"), HttpStatusCode.ServiceUnavailable);

        var lost = await Assert.ThrowsAsync<MarketplaceException>(() => PushAsync("number", Report("900000000101")));

        Assert.Equal(FailureKind.Transient, lost.Kind);
    }

    [Fact]
    public void The_preview_shows_the_request_and_masks_token_and_shop_key()
    {
        var (market, access) = _shop.Open();

        var preview = market.Shipments!.Preview(access, "number", Report("900000000101"));

        Assert.StartsWith("POST https://sim.example/admin-api/v1/shipping/status", preview, StringComparison.Ordinal);
        Assert.Contains("\"invoiceNo\":\"000011112222\"", preview, StringComparison.Ordinal);
        Assert.DoesNotContain("demoshop01", preview, StringComparison.Ordinal);
        Assert.Empty(_shop.Seen);
    }

    private static string Shipment(int no, string number = "", string arrival = "", string shipped = "") =>
        $$$"""{"shipmentNo":{{{no}}},"shippingInfo":{"deliveryServiceName":"宅配便","invoiceNo":"{{{number}}}","expectedArrival":"{{{arrival}}}","shippingDate":"{{{shipped}}}"}}""";

    private static string Row(string code, params string[] shipments) =>
        $$"""{"orderNo":"{{code}}","status":"AWAITING_PAYMENT","shipmentList":[{{string.Join(',', shipments)}}]}""";

    private static ShipmentReport Report(string code, string number = "000011112222", string destination = "") => new(ScriptedFutureshop.Order(code), "yamato", number, Day, destination);

    private void Hold(params string[] rows) => _shop.On(ScriptedFutureshop.Shipping, $$"""{"orderList":[{{string.Join(',', rows)}}]}""");

    private void AnswerAll() => _shop.On(ScriptedFutureshop.Report, call =>
    {
        var rows = JsonDocument.Parse(call.Body).RootElement.GetProperty("orderList").EnumerateArray().Select(o => $$"""{"status":"success","orderNo":"{{o.GetProperty("orderNo").GetString()}}","code":"","message":""}""");
        return ScriptedFutureshop.Answer($$"""{"status":"success","results":[{{string.Join(',', rows)}}]}""");
    });

    private async Task<IReadOnlyList<PushOutcome>> PushAsync(string step, params ShipmentReport[] reports)
    {
        var (market, access) = _shop.Open();
        return await market.Shipments!.PushAsync(access, step, reports, Cancellation);
    }
}
