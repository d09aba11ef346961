using System.Net;
using Domain.Marketplaces;
using Domain.Orders;

namespace Tests.Connectors.YahooShopping;

public sealed class YahooShoppingShipmentsTests : IDisposable
{
    private static readonly ShipmentReport Report = new(
        new OrderReference(OrderCode.Parse("teststore-10000101"), new DateTimeOffset(2026, 11, 1, 0, 12, 33, TimeSpan.Zero), ["1"]),
        "yamato", "123456789012", new DateOnly(2026, 11, 4));

    private readonly ScriptedYahoo _yahoo = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _yahoo.Dispose();

    [Fact]
    public async Task The_number_goes_with_company_and_day_and_without_a_ship_method()
    {
        _yahoo.On("orderShipStatusChange", ScriptedYahoo.Recording("changed.xml"));

        Assert.Equal(new PushOutcome.Confirmed(Report.Order.Code), await PushAsync("number", Report));

        var call = Assert.Single(_yahoo.Of("orderShipStatusChange"));
        Assert.Equal(
            """
            <Req><Target><OrderId>teststore-10000101</OrderId><IsPointFix>true</IsPointFix><OperationUser>出荷連携</OperationUser></Target><Order><Ship><ShipStatus>3</ShipStatus><ShipCompanyCode>1001</ShipCompanyCode><ShipInvoiceNumber1>123456789012</ShipInvoiceNumber1><ShipDate>20261104</ShipDate></Ship></Order><SellerId>teststore</SellerId></Req>
            """.Trim(),
            call.Xml.ToString(System.Xml.Linq.SaveOptions.DisableFormatting));
        Assert.Equal(CallKind.Write, call.Mark!.Kind);
        Assert.StartsWith("teststore:", call.Signed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Completing_is_a_call_of_its_own_that_the_manifest_marks_as_moving_money()
    {
        _yahoo.Settings["operation-user"] = "";
        _yahoo.On("orderStatusChange", ScriptedYahoo.Recording("changed.xml"));

        Assert.Equal(new PushOutcome.Confirmed(Report.Order.Code), await PushAsync("complete", Report));

        Assert.Equal(
            "<Req><Target><OrderId>teststore-10000101</OrderId><IsPointFix>true</IsPointFix></Target><Order><OrderStatus>5</OrderStatus></Order><SellerId>teststore</SellerId></Req>",
            Assert.Single(_yahoo.Of("orderStatusChange")).Xml.ToString(System.Xml.Linq.SaveOptions.DisableFormatting));
        Assert.Equal([("number", false, false), ("complete", true, true)], _yahoo.Marketplace().Manifest.PushSteps.Select(s => (s.Step, s.MovesMoney, s.Optional)));
    }

    [Theory]
    [InlineData("od91113", null)]
    [InlineData("od91705", null)]
    [InlineData("od91115", "od91115 売上処理の期限が過ぎているため")]
    [InlineData("od99999", "od99999")]
    public async Task A_warning_does_not_undo_the_update_and_is_shown_where_a_person_must_act(string code, string? warning)
    {
        _yahoo.On("orderStatusChange", ScriptedYahoo.Recording("changed-with-warning.xml").Replace("od91115", code, StringComparison.Ordinal));

        var confirmed = Assert.IsType<PushOutcome.Confirmed>(await PushAsync("complete", Report));

        Assert.StartsWith(warning ?? "", confirmed.Warning ?? "", StringComparison.Ordinal);
        Assert.Equal(warning is null, confirmed.Warning is null);
    }

    [Fact]
    public async Task The_same_status_again_is_a_success_also_as_a_refusal()
    {
        _yahoo.On("orderStatusChange", ScriptedYahoo.Refusal("od91705", HttpStatusCode.BadRequest));

        Assert.Equal(new PushOutcome.Confirmed(Report.Order.Code), await PushAsync("complete", Report));
    }

    [Theory]
    [InlineData("yamato", "1001")]
    [InlineData("yamato-compact", "1001")]
    [InlineData("yamato-nekopos", "1001")]
    [InlineData("sagawa", "1002")]
    [InlineData("jp-yupack", "1003")]
    [InlineData("jp-yupacket", "1003")]
    [InlineData("jp-clickpost", "1003")]
    [InlineData("jp-letterpack", "1003")]
    [InlineData("seino", "1004")]
    [InlineData("fukuyama", "1006")]
    [InlineData("other", "1000")]
    public async Task A_service_of_ours_has_their_code(string service, string code)
    {
        _yahoo.On("orderShipStatusChange", ScriptedYahoo.Recording("changed.xml"));

        Assert.IsType<PushOutcome.Confirmed>(await PushAsync("number", Report with { Service = service }));

        Assert.Equal(code, Assert.Single(_yahoo.Of("orderShipStatusChange")).Text("Order/Ship/ShipCompanyCode"));
    }

    [Theory]
    [InlineData("teikei", "123456789012", "no-carrier")]
    [InlineData("yamato", " ", "no-number")]
    [InlineData("yamato", "1234-5678-90123", "number-form")]
    [InlineData("yamato", "12345678901A", "number-form")]
    [InlineData("sagawa", "1234 5678", "number-form")]
    [InlineData("sagawa", "1234567890123456789012345678901", "number-form")]
    [InlineData("jp-yupack", "1234567890", "number-form")]
    [InlineData("jp-yupack", "12345678901234", "number-form")]
    public async Task What_they_would_not_take_never_leaves(string service, string number, string code)
    {
        var rejected = Assert.IsType<PushOutcome.Rejected>(await PushAsync("number", Report with { Service = service, TrackingNumber = number }));

        Assert.Equal(code, rejected.Code);
        Assert.Empty(_yahoo.Seen);
    }

    [Theory]
    [InlineData("yamato", "1234-5678-9012", "1234-5678-9012")]
    [InlineData("sagawa", "1234-5678-9012", "1234-5678-9012")]
    [InlineData("jp-letterpack", "1234-5678-9012", "123456789012")]
    [InlineData("jp-yupack", "AB123456789JP", "AB123456789JP")]
    public async Task Only_Japan_Posts_numbers_lose_their_hyphens(string service, string number, string sent)
    {
        _yahoo.On("orderShipStatusChange", ScriptedYahoo.Recording("changed.xml"));

        await PushAsync("number", Report with { Service = service, TrackingNumber = number });

        Assert.Equal(sent, Assert.Single(_yahoo.Of("orderShipStatusChange")).Text("Order/Ship/ShipInvoiceNumber1"));
    }

    [Fact]
    public async Task A_refusal_has_its_code_and_our_words_for_it()
    {
        _yahoo.On("orderShipStatusChange", ScriptedYahoo.Refusal("od90175", HttpStatusCode.BadRequest));

        var rejected = Assert.IsType<PushOutcome.Rejected>(await PushAsync("number", Report));

        Assert.Equal("od90175", rejected.Code);
        Assert.Contains("一覧にないコード", rejected.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("invented text", rejected.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_completion_that_is_refused_right_after_the_shipment_is_sent_again_later_and_an_old_one_is_final()
    {
        _yahoo.On("orderShipStatusChange", ScriptedYahoo.Recording("changed.xml"))
            .On("orderStatusChange", ScriptedYahoo.Refusal("od90999", HttpStatusCode.BadRequest, "Cannot Be Operated : OrderStatus"));
        var market = _yahoo.Marketplace();
        var access = _yahoo.Access(market);
        await market.Shipments!.PushAsync(access, "number", [Report], Cancellation);

        var early = await Assert.ThrowsAsync<MarketplaceException>(() => market.Shipments.PushAsync(access, "complete", [Report], Cancellation));
        Assert.Equal((FailureKind.Throttled, TimeSpan.FromSeconds(10)), (early.Kind, early.RetryAfter));

        _yahoo.Clock.Advance(TimeSpan.FromSeconds(61));
        var late = Assert.IsType<PushOutcome.Rejected>(Assert.Single(await market.Shipments.PushAsync(access, "complete", [Report], Cancellation)));
        Assert.Contains("今のステータスからは変更できません", late.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 500)]
    [InlineData("<html>", 200)]
    [InlineData("<html>", 503)]
    public async Task A_lost_answer_leaves_the_effect_unknown(string body, int status)
    {
        _yahoo.On("orderShipStatusChange", new Answer(body, (HttpStatusCode)status));

        Assert.Equal(FailureKind.Transient, (await Assert.ThrowsAsync<MarketplaceException>(() => PushAsync("number", Report))).Kind);
    }

    [Fact]
    public async Task An_answer_that_does_not_say_OK_confirms_nothing()
    {
        _yahoo.On("orderShipStatusChange", "<ResultSet ok=\"0\" ng=\"0\" />");

        Assert.IsType<PushOutcome.Unknown>(await PushAsync("number", Report));
    }

    [Fact]
    public async Task A_write_whose_token_has_run_out_is_sent_once_more_because_nothing_was_done()
    {
        _yahoo.InTurn("orderShipStatusChange", ScriptedYahoo.StaleToken(), ScriptedYahoo.Recording("changed.xml"));

        Assert.IsType<PushOutcome.Confirmed>(await PushAsync("number", Report));
        Assert.Equal(2, _yahoo.Of("orderShipStatusChange").Count());
    }

    [Theory]
    [InlineData("1", "2", MarketplaceStanding.Ready, false)]
    [InlineData("3", "2", MarketplaceStanding.Shipped, true)]
    [InlineData("4", "2", MarketplaceStanding.Shipped, true)]
    [InlineData("3", "5", MarketplaceStanding.Completed, true)]
    public async Task Reading_back_finds_the_number_once_the_order_counts_as_shipped(string shipStatus, string orderStatus, MarketplaceStanding standing, bool holds)
    {
        var order = YahooShoppingMapperTests.Order(
            ("Ship/ShipStatus", shipStatus), ("OrderStatus", orderStatus), ("Ship/ShipInvoiceNumber1", "1234-5678-9012"), ("Ship/ShipCompanyCode", "1001"));
        _yahoo.On("orderInfo", $"<ResultSet><Result><Status>OK</Status>{order}</Result></ResultSet>");
        var market = _yahoo.Marketplace();

        var state = await market.ShipmentReader!.ReadBackAsync(_yahoo.Access(market), Report.Order, Cancellation);

        Assert.Equal((standing, holds), (state.Standing, state.Holds("123456789012")));
    }

    [Theory]
    [InlineData("number", "orderShipStatusChange", "<ShipInvoiceNumber1>123456789012</ShipInvoiceNumber1>")]
    [InlineData("complete", "orderStatusChange", "<OrderStatus>5</OrderStatus>")]
    public void A_preview_shows_the_exact_request_and_no_secret(string step, string api, string part)
    {
        var market = _yahoo.Marketplace();

        var preview = market.Shipments!.Preview(_yahoo.Access(market), step, Report);

        Assert.StartsWith($"POST http://yahoo.invalid:8080/ShoppingWebService/V1/{api}", preview, StringComparison.Ordinal);
        Assert.Contains(part, preview, StringComparison.Ordinal);
        Assert.Contains("X-sws-signature: ***", preview, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", preview, StringComparison.Ordinal);
        Assert.Empty(_yahoo.Seen);
    }

    private async Task<PushOutcome> PushAsync(string step, ShipmentReport report)
    {
        var market = _yahoo.Marketplace();
        return Assert.Single(await market.Shipments!.PushAsync(_yahoo.Access(market), step, [report], Cancellation));
    }
}
