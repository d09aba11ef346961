using System.Net;
using Sandbox.Core;

namespace Tests.Connectors.Sandbox;

public sealed class AuPayWriteTests : IDisposable
{
    private readonly AuPayRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Number_then_completion_ships_the_order_captures_the_card_and_mails_the_buyer()
    {
        var code = _rig.Place();

        Assert.Equal("0", (await _rig.ReportAsync(code)).Result);
        Assert.False(_rig.Served(code).Shipped);
        Assert.Equal("0", (await _rig.MoveAsync(code, "完了")).Result);

        var served = _rig.Served(code);
        Assert.Equal(("完了", true, "1", "123456789012"), (served.Status, served.Shipped, served.Carrier, served.TrackingNumber));
        Assert.Equal([EffectKind.Number, EffectKind.Status, EffectKind.Mail, EffectKind.Capture], _rig.Effects().Select(e => e.Kind));
        var read = (await _rig.GetAsync($"searchTradeInfoProc?shopId={_rig.ShopId}&orderId={code}")).Orders.Single();
        Assert.Equal(("完了", "2026/11/21", "1", "123456789012", "Y"), (
            read.Element("orderStatus")!.Value, read.Element("shippingDate")!.Value, read.Element("shippingCarrier")!.Value,
            read.Element("shippingNumber")!.Value, read.Element("shipStatus")!.Value));
    }

    [Fact]
    public async Task The_same_report_twice_has_no_second_effect()
    {
        var code = _rig.Place();
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal("0", (await _rig.ReportAsync(code)).Result);
            Assert.Equal("0", (await _rig.MoveAsync(code, "完了")).Result);
        }

        Assert.Equal(4, _rig.Effects().Count());
        Assert.DoesNotContain(_rig.Effects(), e => e.Again);
    }

    [Theory]
    [InlineData("210987654321", "2026/11/21")]
    [InlineData("123456789012", "2026/11/22")]
    public async Task Another_number_or_another_date_is_a_second_effect(string number, string date)
    {
        var code = _rig.Place();
        await _rig.ReportAsync(code);
        await _rig.ReportAsync(code, number, date: date);

        Assert.Equal([false, true], _rig.Effects().Select(e => e.Again));
    }

    [Fact]
    public async Task An_order_passes_through_several_statuses_and_none_of_them_counts_as_a_repetition()
    {
        var code = _rig.Place();
        await _rig.MoveAsync(code, "発送待ち");
        await _rig.MoveAsync(code, "完了");

        Assert.Equal(["発送待ち", "完了"], _rig.Effects().Where(e => e.Kind == EffectKind.Status).Select(e => e.After));
        Assert.DoesNotContain(_rig.Effects(), e => e.Again);
        Assert.Contains(_rig.Effects(), e => e.Kind == EffectKind.Seen);
    }

    [Fact]
    public async Task A_request_wrapped_in_another_element_misses_its_order_number()
    {
        var code = _rig.Place();

        var answer = await _rig.PostAsync(
            "updateTradeInfoProc",
            $"<request><shopId>{_rig.ShopId}</shopId><updateTradeInfo><orderId>{code}</orderId><shippingNumber>1</shippingNumber></updateTradeInfo></request>");

        Assert.Equal(("1", "[orderId]必須入力項目です"), (answer.Result, answer.Message));
        Assert.Empty(_rig.Effects());
    }

    [Fact]
    public async Task Element_order_day_spelling_and_character_references_are_free()
    {
        var code = _rig.Place();

        var number = await _rig.PostAsync(
            "updateTradeInfoProc",
            $"<request><shippingNumber>1234-5678</shippingNumber><shippingDate>20261121</shippingDate><orderId>{code}</orderId><shopId>{_rig.ShopId}</shopId><shippingCarrier>&#50;</shippingCarrier></request>");
        var status = await _rig.PostAsync(
            "updateTradeStsProc", $"<request><orderStatus>&#23436;&#x4E86;</orderStatus><orderId>{code}</orderId><shopId>{_rig.ShopId}</shopId></request>");

        Assert.Equal(("0", "0"), (number.Result, status.Result));
        Assert.Equal(("2", "1234-5678", "完了"), (_rig.Served(code).Carrier, _rig.Served(code).TrackingNumber, _rig.Served(code).Status));
    }

    [Theory]
    [InlineData("1234567890123456", "1", "2026/11/21", "[shippingNumber]")]
    [InlineData("123456789012", "3", "2026/11/21", "[shippingCarrier]")]
    [InlineData("123456789012", "8", "2026/11/21", "[shippingCarrier]")]
    [InlineData("123456789012", "12", "2026/11/21", "[shippingCarrier]")]
    [InlineData("123456789012", "1", "2026/02/30", "[shippingDate]")]
    public async Task A_report_outside_the_limits_is_refused_and_changes_nothing(string number, string carrier, string date, string field)
    {
        var code = _rig.Place();

        var answer = await _rig.ReportAsync(code, number, carrier, date);

        Assert.Equal("1", answer.Result);
        Assert.StartsWith(field, answer.Message, StringComparison.Ordinal);
        Assert.Empty(_rig.Effects());
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    [InlineData("4")]
    [InlineData("5")]
    [InlineData("6")]
    [InlineData("7")]
    [InlineData("9")]
    public async Task Every_carrier_of_the_table_and_fifteen_characters_are_taken(string carrier) =>
        Assert.Equal("0", (await _rig.ReportAsync(_rig.Place(), "123456789012345", carrier)).Result);

    [Theory]
    [InlineData("キャンセル")]
    [InlineData("出荷待ち")]
    [InlineData("不正取引審査中")]
    public async Task A_status_that_the_shop_cannot_give_is_refused(string status)
    {
        var code = _rig.Place();

        Assert.Equal("1", (await _rig.MoveAsync(code, status)).Result);
        Assert.Equal("新規受付", _rig.Served(code).Status);
    }

    [Fact]
    public async Task Cancelling_has_a_call_of_its_own_and_closes_the_order()
    {
        var code = _rig.Place();

        Assert.Equal("0", (await _rig.CancelAsync(code)).Result);

        Assert.True(_rig.Served(code).Cancelled);
        Assert.Equal([EffectKind.Cancel, EffectKind.Status], _rig.Effects().Select(e => e.Kind));
        Assert.Equal("1", (await _rig.CancelAsync(code)).Result);
        Assert.Equal("1", (await _rig.ReportAsync(code)).Result);
        Assert.Equal("1", (await _rig.MoveAsync(code, "完了")).Result);
    }

    [Fact]
    public async Task A_completed_order_is_neither_cancelled_nor_reopened_by_the_api()
    {
        var code = _rig.Place();
        await _rig.MoveAsync(code, "完了");

        Assert.Equal("1", (await _rig.CancelAsync(code)).Result);
        Assert.Equal("1", (await _rig.MoveAsync(code, "発送待ち")).Result);
        Assert.Throws<InvalidOperationException>(() => _rig.Simulator.Cancel(AuPayRig.Account, code));
    }

    [Fact]
    public async Task An_order_in_review_is_closed_to_the_shop_until_the_review_ends()
    {
        var code = _rig.Place(AuPayRig.Seed() with { InReview = true });

        Assert.Equal("1", (await _rig.ReportAsync(code)).Result);
        _rig.Simulator.EndReview(AuPayRig.Account, code);

        Assert.Equal("新規受付", _rig.Served(code).Status);
        Assert.Equal("0", (await _rig.ReportAsync(code)).Result);
    }

    [Fact]
    public async Task A_payment_frees_an_unpaid_order()
    {
        var code = _rig.Place(AuPayRig.Seed() with { Paid = false });
        Assert.Equal("発送前入金待ち", _rig.Served(code).Status);

        _rig.Simulator.Pay(AuPayRig.Account, code);

        var order = (await _rig.GetAsync($"searchTradeInfoProc?shopId={_rig.ShopId}&orderId={code}")).Orders.Single();
        Assert.Equal(("発送待ち", "Y", "銀行振込"), (order.Element("orderStatus")!.Value, order.Element("paymentStatus")!.Value, order.Element("settlementName")!.Value));
        Assert.True(_rig.Served(code).Paid);
    }

    [Fact]
    public async Task A_body_that_is_no_xml_or_brings_a_document_type_is_refused()
    {
        var code = _rig.Place();

        var broken = await _rig.PostAsync("updateTradeStsProc", "<request><shopId>");
        var typed = await _rig.PostAsync(
            "updateTradeStsProc",
            $"<!DOCTYPE request [<!ENTITY s \"完了\">]><request><shopId>{_rig.ShopId}</shopId><orderId>{code}</orderId><orderStatus>&s;</orderStatus></request>");

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (broken.Status, typed.Status));
        Assert.Empty(_rig.Effects());
    }
}
