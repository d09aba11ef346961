using System.Net;
using Sandbox.Core;

namespace Tests.Connectors.Sandbox;

public sealed class YahooWriteTests : IDisposable
{
    private readonly YahooRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Number_then_completion_ships_the_order_and_captures_the_card_once()
    {
        var code = _rig.Place();
        var shipped = await _rig.ShipAsync(code);
        var completed = await _rig.MoveAsync(code, 5);
        var read = await _rig.InfoAsync(code);

        Assert.Equal((HttpStatusCode.OK, "OK", "1", "0"), (shipped.Status, shipped.Of("Status"), shipped.Xml.Attribute("ok")!.Value, shipped.Xml.Attribute("ng")!.Value));
        Assert.Null(completed.Code);
        Assert.Equal(("3", "1001", "123456789012", "2026-11-21", "5", "5", "true"), (
            read.Of("ShipStatus"), read.Of("ShipCompanyCode"), read.Of("ShipInvoiceNumber1"), read.Of("ShipDate"), read.Of("OrderStatus"), read.Of("SettleStatus"), read.Of("IsSeen")));
        Assert.Equal(
            [EffectKind.Number, EffectKind.Status, EffectKind.Seen, EffectKind.Status, EffectKind.Capture], _rig.Effects().Select(e => e.Kind));
        var served = _rig.Served(code);
        Assert.Equal(("完了", true, "1001", "123456789012"), (served.Status, served.Shipped, served.Carrier, served.TrackingNumber));
    }

    [Fact]
    public async Task The_same_reports_twice_have_no_second_effect_and_od91705_says_so()
    {
        var code = _rig.Place();
        await _rig.ShipAsync(code);
        await _rig.MoveAsync(code, 5);
        var before = _rig.Effects().Count();
        var shipped = await _rig.ShipAsync(code);
        var completed = await _rig.MoveAsync(code, 5);

        Assert.Equal((HttpStatusCode.OK, "od91113"), (shipped.Status, shipped.Code));
        Assert.Equal((HttpStatusCode.OK, "od91705", "OK"), (completed.Status, completed.Code, completed.Of("Status")));
        Assert.Equal(before, _rig.Effects().Count());
        Assert.DoesNotContain(_rig.Effects(), e => e.Again);
    }

    [Fact]
    public async Task Another_number_is_a_second_effect()
    {
        var code = _rig.Place();
        await _rig.ShipAsync(code);
        await _rig.ShipAsync(code, "<ShipInvoiceNumber1>210987654321</ShipInvoiceNumber1>");

        Assert.Equal([false, true], _rig.Effects().Where(e => e.Kind == EffectKind.Number).Select(e => e.Again));
        Assert.Equal(("1001", "210987654321"), (_rig.Served(code).Carrier, _rig.Served(code).TrackingNumber));
    }

    [Theory]
    [InlineData("1001", "1234-5678-9012", true)]
    [InlineData("1001", "1234-5678-90123", false)]
    [InlineData("1001", "12345678901A", false)]
    [InlineData("1002", "12345678901A", true)]
    [InlineData("1002", "1234_5678", false)]
    [InlineData("1002", "１２３４", false)]
    [InlineData("1002", "1234567890123456789012345678901", false)]
    [InlineData("1003", "AB123456789JP", true)]
    [InlineData("1003", "1234-5678-901", true)]
    [InlineData("1003", "1234567890", false)]
    [InlineData("9999", "123456789012", false)]
    public async Task Tracking_numbers_follow_their_carriers_rules(string carrier, string number, bool taken)
    {
        var code = _rig.Place();
        var answer = await _rig.ShipAsync(code, $"<ShipCompanyCode>{carrier}</ShipCompanyCode><ShipInvoiceNumber1>{number}</ShipInvoiceNumber1>");

        Assert.Equal(taken ? (HttpStatusCode.OK, null) : (HttpStatusCode.BadRequest, "od90101"), (answer.Status, answer.Code));
        Assert.Equal(taken, _rig.Served(code).Shipped);
    }

    [Fact]
    public async Task A_number_and_a_reason_for_none_exclude_each_other_also_against_what_is_stored()
    {
        var (one, two, three) = (_rig.Place(), _rig.Place(), _rig.Place());
        const string Number = "<ShipInvoiceNumber1>123456789012</ShipInvoiceNumber1>";
        const string Reason = "<ShipInvoiceNumberEmptyReason>105</ShipInvoiceNumberEmptyReason>";

        Assert.Equal("od90101", (await _rig.ShipAsync(one, Number + Reason)).Code);
        Assert.Null((await _rig.ShipAsync(two, Number)).Code);
        Assert.Equal("od90101", (await _rig.ShipAsync(two, Reason)).Code);
        Assert.Null((await _rig.ShipAsync(three, Reason)).Code);
        Assert.Equal("od90101", (await _rig.ShipAsync(three, Number)).Code);
        Assert.True(_rig.Served(three).Shipped);
        Assert.Equal("od90101", (await _rig.ShipAsync(one, "<ShipInvoiceNumberEmptyReason>999</ShipInvoiceNumberEmptyReason>")).Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<IsPointFix>false</IsPointFix>")]
    public async Task A_shipment_must_fix_the_points(string pointFix)
    {
        var code = _rig.Place();

        Assert.Equal("od90101", (await _rig.ShipAsync(code, pointFix: pointFix)).Code);
        Assert.Empty(_rig.Effects());
    }

    [Fact]
    public async Task A_shipment_needs_a_status_and_a_real_day()
    {
        var code = _rig.Place();

        Assert.Equal("od90101", (await _rig.ShipAsync(code, status: 7)).Code);
        Assert.Equal("od90101", (await _rig.ShipAsync(code, "<ShipDate>2026-11-21</ShipDate>")).Code);
    }

    [Fact]
    public async Task A_number_alone_without_the_shipped_status_does_not_ship_the_order()
    {
        var code = _rig.Place();
        await _rig.ShipAsync(code, status: 1);

        Assert.Equal((false, "123456789012"), (_rig.Served(code).Shipped, _rig.Served(code).TrackingNumber));
    }

    [Fact]
    public async Task A_cancellation_mails_the_buyer_and_can_never_be_undone()
    {
        var code = _rig.Place();
        var cancelled = await _rig.MoveAsync(code, 4);
        var back = await _rig.MoveAsync(code, 2);
        var read = await _rig.InfoAsync(code);

        Assert.Equal((HttpStatusCode.OK, null), (cancelled.Status, cancelled.Code));
        Assert.Equal(("4", "210", "6"), (read.Of("OrderStatus"), read.Of("CancelReason"), read.Of("SettleStatus")));
        Assert.Equal([EffectKind.Status, EffectKind.Cancel, EffectKind.Mail, EffectKind.Seen], _rig.Effects().Select(e => e.Kind));
        Assert.Equal(HttpStatusCode.BadRequest, back.Status);
        Assert.Contains("Cannot Be Operated : CancelOrder OrderStatus", back.Text, StringComparison.Ordinal);
        Assert.Equal("od91705", (await _rig.MoveAsync(code, 4)).Code);
        Assert.Equal(HttpStatusCode.BadRequest, (await _rig.ShipAsync(code)).Status);
        Assert.Equal(4, _rig.Effects().Count());
    }

    [Theory]
    [InlineData("<CancelReason>230</CancelReason>", false)]
    [InlineData("<CancelReason>230</CancelReason><CancelReasonDetail>九文字しかないです</CancelReasonDetail>", false)]
    [InlineData("<CancelReason>230</CancelReason><CancelReasonDetail>在庫の数え違いのためです</CancelReasonDetail>", true)]
    [InlineData("<CancelReason>100</CancelReason>", true)]
    [InlineData("<CancelReason>300</CancelReason>", false)]
    [InlineData("<CancelReason>999</CancelReason>", false)]
    public async Task A_cancellation_takes_the_stores_reasons_and_230_needs_a_detail(string reason, bool taken)
    {
        var code = _rig.Place();

        Assert.Equal(taken ? null : "od90101", (await _rig.MoveAsync(code, 4, reason)).Code);
        Assert.Equal(taken, _rig.Served(code).Cancelled);
    }

    [Theory]
    [InlineData(new int[0], 1, false)]
    [InlineData(new int[0], 3, true)]
    [InlineData(new[] { 3 }, 1, false)]
    [InlineData(new[] { 3 }, 2, true)]
    [InlineData(new[] { 3 }, 4, true)]
    [InlineData(new[] { 3 }, 5, true)]
    [InlineData(new[] { 5 }, 2, true)]
    [InlineData(new[] { 5 }, 3, false)]
    [InlineData(new[] { 5 }, 4, true)]
    [InlineData(new[] { 4 }, 5, false)]
    public async Task A_status_changes_along_the_table_only(int[] before, int to, bool allowed)
    {
        var code = _rig.Place();
        foreach (var status in before)
        {
            Assert.Equal(HttpStatusCode.OK, (await _rig.MoveAsync(code, status)).Status);
        }

        Assert.Equal(allowed ? HttpStatusCode.OK : HttpStatusCode.BadRequest, (await _rig.MoveAsync(code, to)).Status);
    }

    [Fact]
    public async Task A_reopened_order_captures_nothing_again_and_a_late_one_nothing_at_all()
    {
        var (early, late) = (_rig.Place(), _rig.Place(YahooRig.Seed(YahooRig.Noon.AddDays(-61))));
        await _rig.MoveAsync(early, 5);
        await _rig.MoveAsync(early, 2);

        Assert.Equal("od91113", (await _rig.MoveAsync(early, 5)).Code);
        Assert.Equal("od91115", (await _rig.MoveAsync(late, 5)).Code);
        Assert.Single(_rig.Effects(), e => e.Kind == EffectKind.Capture);
        Assert.Equal([false, false, true], _rig.Effects().Where(e => e is { Kind: EffectKind.Status, After: "完了" }).Select(e => e.Again).Order());
    }

    [Fact]
    public async Task Nothing_is_written_inside_the_buyers_ten_minutes_or_to_an_order_in_review()
    {
        var (young, held) = (_rig.Place(YahooRig.Seed(YahooRig.Noon)), _rig.Place(YahooRig.Seed() with { InReview = true }));

        Assert.Equal(HttpStatusCode.BadRequest, (await _rig.ShipAsync(young)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _rig.MoveAsync(young, 4)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _rig.ShipAsync(held)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _rig.MoveAsync(held, 5)).Status);
        Assert.Empty(_rig.Effects());
    }

    [Fact]
    public async Task OrderChange_marks_an_order_as_seen_once_and_orderInfo_does_not()
    {
        var code = _rig.Place();
        Assert.Equal("false", (await _rig.InfoAsync(code)).Of("IsSeen"));
        await _rig.ChangeAsync(code, "<Notes>倉庫に連絡済み</Notes><IsSeen>true</IsSeen>");
        await _rig.ChangeAsync(code, "<IsSeen>true</IsSeen>");
        var read = await _rig.InfoAsync(code);

        Assert.Equal(("true", "倉庫に連絡済み"), (read.Of("IsSeen"), read.Of("Notes")));
        Assert.Equal(EffectKind.Seen, Assert.Single(_rig.Effects()).Kind);
        Assert.Equal("od90101", (await _rig.ChangeAsync(code, "<BuyerComments>x</BuyerComments>")).Code);
    }

    [Fact]
    public async Task OrderPayStatusChange_tells_that_the_money_has_come()
    {
        var code = _rig.Place(YahooRig.Seed() with { Paid = false, PaymentText = "銀行振込" });
        var request = $"<Req><Target><OrderId>{code}</OrderId></Target><Order><Pay><PayStatus>1</PayStatus></Pay></Order><SellerId>{_rig.Seller}</SellerId></Req>";
        Assert.Null((await _rig.PostAsync("orderPayStatusChange", request)).Code);
        await _rig.PostAsync("orderPayStatusChange", request);

        Assert.True(_rig.Served(code).Paid);
        Assert.Equal([("入金済み", false)], _rig.Effects().Where(e => e.Kind == EffectKind.Status).Select(e => (e.After, e.Again)));
    }

    [Fact]
    public async Task An_unknown_order_takes_no_change()
    {
        Assert.Equal((HttpStatusCode.NotFound, "od91801"), ((await _rig.ShipAsync("honten-1")).Status, (await _rig.MoveAsync("honten-1", 5)).Code));
    }
}
