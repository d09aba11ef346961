using System.Net;
using Sandbox.Core;

namespace Tests.Connectors.Sandbox;

public sealed class YahooInfoTests : IDisposable
{
    private readonly YahooRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Every_field_of_the_official_example_is_there_in_its_group()
    {
        var code = _rig.Place(YahooRig.Seed() with { Lines = [YahooRig.Seed().Lines[0]] });
        var answer = await _rig.InfoAsync(code);
        var info = answer.Xml.Element("Result")!.Element("OrderInfo")!;
        var names = info.Elements().SelectMany(e => e.Name.LocalName is "Pay" or "Ship" or "Item" or "Detail" or "Seller" or "Buyer" ? e.Elements() : [e]).Select(e => e.Name.LocalName);

        Assert.Equal(YahooRig.AllFields.Split(',').Order(StringComparer.Ordinal), names.Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(("ResultSet", "1", "1", "1"), (
            answer.Xml.Name.LocalName, answer.Xml.Attribute("totalResultsAvailable")!.Value, answer.Xml.Attribute("totalResultsReturned")!.Value, answer.Xml.Attribute("firstResultPosition")!.Value));
        Assert.Equal(("OK", code), (answer.Of("Status"), answer.Of("OrderId")));
        Assert.Equal(("payment_a1", "クレジットカード決済", "postage1", "宅配便"), (
            info.Element("Pay")!.Element("PayMethod")!.Value, info.Element("Pay")!.Element("PayMethodName")!.Value,
            info.Element("Ship")!.Element("ShipMethod")!.Value, info.Element("Ship")!.Element("ShipMethodName")!.Value));
    }

    [Fact]
    public async Task Only_the_fields_asked_for_come_back_and_no_empty_group()
    {
        var code = _rig.Place();
        var info = (await _rig.InfoAsync(code, "OrderId,ShipStatus,SubCode")).Xml.Descendants("OrderInfo").Single();

        Assert.Equal(["OrderId", "Ship", "Item", "Item"], info.Elements().Select(e => e.Name.LocalName));
        Assert.Equal(["ShipStatus", "SubCode", "SubCode"], info.Elements().SelectMany(e => e.Elements()).Select(e => e.Name.LocalName));
    }

    [Fact]
    public async Task People_items_and_amounts_are_what_was_ordered()
    {
        var code = _rig.Place(YahooRig.Seed() with
        {
            RequestedDate = new DateOnly(2026, 11, 25),
            TimeSlotText = "12:00～14:00",
            BuyerNote = "<急ぎ> ]]> & 不在時は宅配BOX",
            GiftWrap = true,
            Noshi = "内祝",
            DeliveryText = "メール便",
        });
        var answer = await _rig.InfoAsync(code);
        var items = answer.Xml.Descendants("Item").ToArray();

        Assert.Equal(("太郎", "𠮷子", "530-0001", "大阪市北区", "taro@example.invalid"), (
            answer.Of("BillFirstName"), answer.Of("ShipFirstName"), answer.Of("ShipZipCode"), answer.Of("ShipCity"), answer.Of("BillMailAddress")));
        Assert.Equal(("2026-11-25", "12:00～14:00", "true", "内祝", "メール便"), (
            answer.Of("ShipRequestDate"), answer.Of("ShipRequestTime"), answer.Of("NeedGiftWrap"), answer.Of("GiftWrapPaperType"), answer.Of("ShipMethodName")));
        Assert.Equal("<急ぎ> ]]> & 不在時は宅配BOX", answer.Of("BuyerComments"));
        Assert.Equal([("1", "ABC-001", "ABC-001-RED", "1650", "2", "10"), ("2", "TEA-50", "", "1080", "1", "8")], items.Select(i => (
            i.Element("LineId")!.Value, i.Element("ItemId")!.Value, i.Element("SubCode")!.Value, i.Element("UnitPrice")!.Value, i.Element("Quantity")!.Value, i.Element("ItemTaxRatio")!.Value)));
        Assert.Equal([("カラー", "赤"), ("サイズ", "S")], items[0].Elements("ItemOption").Select(o => (o.Element("Name")!.Value, o.Element("Value")!.Value)));
        Assert.Equal(("550", "100", "200", "4630"), (answer.Of("ShipCharge"), answer.Of("TotalMallCouponDiscount"), answer.Of("UsePoint"), answer.Of("TotalPrice")));
    }

    [Fact]
    public async Task An_unknown_order_is_404_with_od91801_and_a_second_order_is_refused()
    {
        var code = _rig.Place();
        var unknown = await _rig.InfoAsync("honten-99999999");
        var two = await _rig.PostAsync(
            "orderInfo", $"<Req><Target><OrderId>{code}</OrderId><OrderId>{code}</OrderId><Field>OrderId</Field></Target><SellerId>{_rig.Seller}</SellerId></Req>");

        Assert.Equal((HttpStatusCode.NotFound, "od91801", "Error"), (unknown.Status, unknown.Code, unknown.Xml.Name.LocalName));
        Assert.Contains("Not Exists", unknown.Text, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.BadRequest, "od90101"), (two.Status, two.Code));
        Assert.Equal("od90101", (await _rig.InfoAsync(code, "")).Code);
    }

    [Theory]
    [InlineData("date", "OrderTime", "0000-00-00T99:99:99+09:00")]
    [InlineData("amount", "TotalPrice", "四千円")]
    [InlineData("missing", "LineId", null)]
    [InlineData("missing", "ShipLastName", null)]
    public async Task A_malformed_order_is_broken_in_its_own_answer_only(string how, string field, string? value)
    {
        var broken = _rig.Place(YahooRig.Seed() with { Malformed = how });
        var whole = _rig.Place();

        Assert.Equal(value, (await _rig.InfoAsync(broken)).Xml.Descendants(field).FirstOrDefault()?.Value);
        Assert.NotEmpty((await _rig.InfoAsync(whole)).Xml.Descendants(field));
        Assert.Equal([broken, whole], (await _rig.ListDayAsync()).Ids);
        Assert.Throws<ArgumentException>(() => _rig.Place(YahooRig.Seed() with { Malformed = "colour" }));
    }

    [Theory]
    [InlineData(null, "payment_a7", "1", "2")]
    [InlineData("コンビニ決済(セブン-イレブン)", "payment_a6", "1", "2")]
    [InlineData("銀行振込", "payment_b1", "1", "4")]
    [InlineData("クレジットカード決済", "payment_a1", "0", "10")]
    [InlineData("未知の決済", "payment_e1", "1", "4")]
    public async Task An_unpaid_order_cannot_be_shipped_until_the_money_is_there(string? text, string method, string type, string settle)
    {
        var code = _rig.Place(YahooRig.Seed() with { Paid = false, PaymentText = text });
        var before = await _rig.InfoAsync(code);
        var early = await _rig.ShipAsync(code);
        _rig.Simulator.Pay(YahooRig.Account, code);
        var after = await _rig.InfoAsync(code);

        Assert.Equal((method, type, "0", settle, "0", ""), (
            before.Of("PayMethod"), before.Of("PayType"), before.Of("PayStatus"), before.Of("SettleStatus"), before.Of("ShipStatus"), before.Of("PayDate")));
        Assert.Equal(HttpStatusCode.BadRequest, early.Status);
        Assert.Equal(("1", "3", "1", "2026-11-20"), (after.Of("PayStatus"), after.Of("SettleStatus"), after.Of("ShipStatus"), after.Of("PayDate")));
        Assert.Equal(method is "payment_a7" or "payment_a6", before.Of("PaymentTerm").Length > 0);
        Assert.True(_rig.Served(code).Paid);
    }

    [Fact]
    public async Task A_cash_on_delivery_order_ships_before_it_is_paid()
    {
        var code = _rig.Place(YahooRig.Seed() with { Paid = false, PaymentText = "商品代引" });

        Assert.Equal("1", (await _rig.InfoAsync(code)).Of("ShipStatus"));
    }

    [Fact]
    public async Task A_refused_card_may_be_changed_until_the_next_day_and_seven_more()
    {
        var code = _rig.Place(YahooRig.Seed() with { Paid = false, PaymentText = "クレジットカード決済" });

        Assert.Equal("2026-11-28 23:59:00", (await _rig.InfoAsync(code, "PayMethodChangeDeadline")).Of("PayMethodChangeDeadline"));
        Assert.Equal([code], (await _rig.ListAsync("<PayMethodChangeDeadlineFrom>20261128000000</PayMethodChangeDeadlineFrom>")).Ids);
    }

    [Theory]
    [InlineData(9, "300")]
    [InlineData(11, "0")]
    public async Task A_buyer_cancels_within_ten_minutes_with_a_reason_of_his_own(int minutes, string reason)
    {
        var code = _rig.Place(YahooRig.Seed(YahooRig.Noon.AddMinutes(-minutes)));
        _rig.Simulator.Cancel(YahooRig.Account, code);
        _rig.Time.Advance(TimeSpan.FromMinutes(10));
        var answer = await _rig.InfoAsync(code);

        Assert.Equal(("4", reason, "6"), (answer.Of("OrderStatus"), answer.Of("CancelReason"), answer.Of("SettleStatus")));
        Assert.Equal("2026-11-20T12:00:00+09:00", answer.Of("LastUpdateTime"));
        Assert.True(_rig.Served(code).Cancelled);
        Assert.Empty(_rig.Effects());
        Assert.Throws<InvalidOperationException>(() => _rig.Simulator.Pay(YahooRig.Account, code));
    }
}
