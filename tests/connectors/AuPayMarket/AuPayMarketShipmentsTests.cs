using System.Xml.Linq;
using Domain.Marketplaces;
using Domain.Orders;

namespace Tests.Connectors.AuPayMarket;

public sealed class AuPayMarketShipmentsTests
{
    private readonly ScriptedAuPay _shop = new();

    [Fact]
    public async Task The_number_is_posted_flat_under_request()
    {
        _shop.On("updateTradeInfoProc", ScriptedAuPay.Recording("accepted.xml"));

        Assert.IsType<PushOutcome.Confirmed>(await PushAsync("number", Report()));

        var call = Assert.Single(_shop.Seen);
        Assert.Equal(("POST", "/wmshopapi/updateTradeInfoProc", CallKind.Write), (call.Method, call.Path, call.Mark!.Kind));
        Assert.StartsWith("<?xml version=\"1.0\" encoding=\"UTF-8\"?>", call.Body, StringComparison.Ordinal);
        var body = XElement.Parse(call.Body);
        Assert.Equal("request", body.Name.LocalName);
        Assert.Equal(
            [("shopId", "40000001"), ("orderId", "746000001"), ("shippingDate", "2026/11/21"), ("shippingCarrier", "1"), ("shippingNumber", "400000000010")],
            body.Elements().Select(e => (e.Name.LocalName, e.Value)));
    }

    [Theory]
    [InlineData("complete-status", null, "完了")]
    [InlineData("complete-status", "発送後入金待ち", "発送後入金待ち")]
    public async Task The_status_after_shipping_is_the_stores_own(string setting, string? value, string expected)
    {
        if (value is not null)
        {
            _shop.Settings[setting] = value;
        }

        _shop.On("updateTradeStsProc", ScriptedAuPay.Recording("accepted.xml"));

        Assert.IsType<PushOutcome.Confirmed>(await PushAsync("complete", Report()));

        Assert.Equal(
            [("shopId", "40000001"), ("orderId", "746000001"), ("orderStatus", expected)],
            XElement.Parse(Assert.Single(_shop.Seen).Body).Elements().Select(e => (e.Name.LocalName, e.Value)));
    }

    [Fact]
    public void The_number_comes_before_the_status_and_the_status_alone_moves_money()
    {
        Assert.Equal(
            [("number", false, false), ("complete", true, true)],
            _shop.Market.Manifest.PushSteps.Select(s => (s.Step, s.MovesMoney, s.Optional)));
    }

    [Theory]
    [InlineData("yamato", "1")]
    [InlineData("yamato-compact", "1")]
    [InlineData("yamato-nekopos", "1")]
    [InlineData("sagawa", "2")]
    [InlineData("fukuyama", "4")]
    [InlineData("seino", "5")]
    [InlineData("jp-yupack", "6")]
    [InlineData("jp-yupacket", "6")]
    [InlineData("jp-clickpost", "6")]
    [InlineData("jp-letterpack", "6")]
    [InlineData("other", "9")]
    public async Task A_service_of_ours_has_their_code(string service, string code)
    {
        _shop.On("updateTradeInfoProc", ScriptedAuPay.Recording("accepted.xml"));

        await PushAsync("number", Report() with { Service = service });

        Assert.Equal(code, XElement.Parse(Assert.Single(_shop.Seen).Body).Element("shippingCarrier")!.Value);
    }

    [Theory]
    [InlineData("rocket", "400000000010", "no-carrier")]
    [InlineData("yamato", "", "number-length")]
    [InlineData("yamato", "1234567890123456", "number-length")]
    public async Task What_cannot_be_right_is_rejected_and_not_sent(string service, string number, string code)
    {
        var outcome = Assert.IsType<PushOutcome.Rejected>(await PushAsync("number", Report() with { Service = service, TrackingNumber = number }));

        Assert.Equal(code, outcome.Code);
        Assert.Empty(_shop.Seen);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(400)]
    public async Task A_refusal_in_words_is_rejected_with_its_text(int status)
    {
        _shop.On("updateTradeInfoProc", ScriptedAuPay.Recording("refused-field.xml"), status);

        var outcome = Assert.IsType<PushOutcome.Rejected>(await PushAsync("number", Report()));

        Assert.Equal("CME0000", outcome.Code);
        Assert.Contains("必須入力項目です", outcome.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, FailureKind.Transient)]
    [InlineData(404, FailureKind.Transient)]
    [InlineData(500, FailureKind.Transient)]
    [InlineData(502, FailureKind.Transient)]
    [InlineData(503, FailureKind.Maintenance)]
    [InlineData(429, FailureKind.Throttled)]
    public async Task A_page_in_answer_to_a_report_leaves_its_effect_unknown_unless_it_says_that_nothing_was_done(int status, FailureKind expected)
    {
        _shop.On("updateTradeInfoProc", ScriptedAuPay.Recording("gateway.html"), status);

        var failure = await Assert.ThrowsAsync<MarketplaceException>(() => PushAsync("number", Report()));

        Assert.Equal(expected, failure.Kind);
    }

    [Fact]
    public async Task The_read_back_tells_number_carrier_day_and_standing()
    {
        var order = ScriptedAuPay.Order();
        order.SetElementValue("orderStatus", "完了");
        order.SetElementValue("shippingNumber", "4000-0000-0010");
        order.SetElementValue("shippingCarrier", "1");
        order.SetElementValue("shippingDate", "2026/11/21");
        _shop.On("searchTradeInfoProc", ScriptedAuPay.ListOf(order));

        var state = await ReadBackAsync();

        Assert.Equal(MarketplaceStanding.Completed, state.Standing);
        Assert.Equal([new ReportedShipment("1", "4000-0000-0010", new DateOnly(2026, 11, 21))], state.Shipments);
        Assert.True(state.Holds("400000000010"));
        Assert.False(state.Holds("400000000021"));
    }

    [Fact]
    public async Task An_order_without_a_number_holds_none()
    {
        _shop.On("searchTradeInfoProc", ScriptedAuPay.ListOf(ScriptedAuPay.Order()));

        var state = await ReadBackAsync();

        Assert.Empty(state.Shipments);
        Assert.False(state.Holds("400000000010"));
    }

    [Fact]
    public async Task An_order_that_they_do_not_know_is_not_read_back_as_one_without_a_number()
    {
        _shop.On("searchTradeInfoProc", ScriptedAuPay.Recording("no-such-order.xml"));

        Assert.Equal(FailureKind.Rejected, (await Assert.ThrowsAsync<MarketplaceException>(ReadBackAsync)).Kind);
    }

    [Fact]
    public void A_preview_is_the_request_without_the_key()
    {
        var preview = _shop.Market.Shipments!.Preview(_shop.Access, "number", Report());

        Assert.StartsWith("POST http://wowma.invalid:8080/wmshopapi/updateTradeInfoProc", preview, StringComparison.Ordinal);
        Assert.Contains("<shippingNumber>400000000010</shippingNumber>", preview, StringComparison.Ordinal);
        Assert.Contains("Authorization: Bearer ***", preview, StringComparison.Ordinal);
        Assert.DoesNotContain(ScriptedAuPay.Key, preview, StringComparison.Ordinal);
        Assert.Empty(_shop.Seen);
    }

    [Fact]
    public async Task Work_that_starts_is_told_by_the_stores_own_status()
    {
        _shop.Settings["work-status"] = "発送準備中";
        _shop.On("updateTradeStsProc", ScriptedAuPay.Recording("accepted.xml"));

        await _shop.Market.Acknowledgement!.AcknowledgeAsync(
            _shop.Access, [ScriptedAuPay.Reference("746000001")], new DateOnly(2026, 11, 21), TestContext.Current.CancellationToken);

        Assert.Equal("発送準備中", XElement.Parse(Assert.Single(_shop.Seen).Body).Element("orderStatus")!.Value);
    }

    private static ShipmentReport Report() => new(ScriptedAuPay.Reference("746000001"), "yamato", "400000000010", new DateOnly(2026, 11, 21));

    private async Task<PushOutcome> PushAsync(string step, ShipmentReport report) =>
        Assert.Single(await _shop.Market.Shipments!.PushAsync(_shop.Access, step, [report], TestContext.Current.CancellationToken));

    private Task<ReportedState> ReadBackAsync() =>
        _shop.Market.ShipmentReader!.ReadBackAsync(_shop.Access, ScriptedAuPay.Reference("746000001"), TestContext.Current.CancellationToken);
}
