using System.Text.Json;
using Connectors.MakeShop;
using Domain.Marketplaces;
using Domain.Orders;

namespace Tests.Connectors.MakeShop;

public sealed class MakeShopMapperTests
{
    private readonly ScriptedMakeShop _shop = new();

    [Fact]
    public void The_recorded_sample_becomes_an_order_of_ours()
    {
        var order = Read(ScriptedMakeShop.Order(1));

        Assert.Equal("P900000000000000001", order.Code.Value);
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 1, 15, 30, TimeSpan.Zero), order.PlacedAt);
        Assert.Equal((MarketplaceStanding.Ready, "N 0002"), (order.Standing, order.RawStatus));
        Assert.Equal(("見本 花", "東京都"), (order.Buyer.Name, order.Buyer.Prefecture));
        Assert.Equal(new Party("見本 花", "", "100-0000", "東京都", "架空区見本町", "1-2-3", "", "03-0000-0000", ""), order.Recipient);
        Assert.Equal(new OrderLine("1:1", "DEMO-01RD", "見本マグ", "赤", 2, new Yen(2200), 0), Assert.Single(order.Lines));
        Assert.Equal((4940m, 4940m, 540m), (order.Amounts.Reckoned.Amount, order.Amounts.Billed.Amount, order.Amounts.Shipping.Amount));
        Assert.Null(order.Amounts.Total);
        Assert.Equal(new Payment("B", PaymentStanding.Secured), order.Payment);
        Assert.Equal(("宅配便", null, "", "不在時は宅配ボックスへ"), (order.DeliveryText, order.RequestedDate, order.TimeSlotText, order.BuyerNote));
        Assert.Equal((GiftRequest.None, null), (order.Gift, order.Reported));
        Assert.Empty(order.Destinations);
        Assert.Empty(order.MarketplaceHolds);
    }

    [Fact]
    public void An_order_with_two_recipients_has_both_with_their_lines_and_the_amounts_of_all()
    {
        var order = Read(ScriptedMakeShop.Orders()[1].GetRawText());

        Assert.Equal(["1", "2"], order.Destinations.Select(d => d.Id));
        Assert.Equal([["1:1"], ["2:1"]], order.Destinations.Select(d => d.LineIds.ToArray()));
        Assert.Equal(order.Recipient, order.Destinations[0].Recipient);
        Assert.Equal(("別野 宛", "大阪府", "530-0000"), (order.Destinations[1].Recipient.Name, order.Destinations[1].Recipient.Prefecture, order.Destinations[1].Recipient.PostalCode));
        Assert.Equal(["12", "12,13"], order.Destinations.Select(d => d.DeliveryText));
        Assert.Equal([new DateOnly(2026, 11, 25), null], order.Destinations.Select(d => d.RequestedDate));
        Assert.Equal(["午前中", ""], order.Destinations.Select(d => d.TimeSlotText));
        Assert.Equal((new DateOnly(2026, 11, 25), "午前中"), (order.RequestedDate, order.TimeSlotText));
        Assert.Equal([8, 10], order.Lines.Select(l => l.TaxRate));
        Assert.Equal(["000000009002", "DEMO-01"], order.Lines.Select(l => l.Sku)); // the shop's own code, else the system's
        Assert.Equal(
            (4960m, 1080m, 330m, 50m, 100m, 6220m),
            (order.Amounts.Items.Amount, order.Amounts.Shipping.Amount, order.Amounts.Fee.Amount, order.Amounts.Coupon.Amount, order.Amounts.Points.Amount, order.Amounts.Billed.Amount));
        Assert.Equal(order.Amounts.Billed, order.Amounts.Reckoned);
        Assert.Equal(PaymentStanding.AfterDelivery, order.Payment.Standing);
        Assert.Equal("手渡しで", order.BuyerNote); // what follows the bars is the form's
        Assert.Equal(new GiftRequest(true, "赤いリボン", "お歳暮", ""), order.Gift);
        Assert.Equal((new GiftRequest(true, "赤いリボン", "", ""), new GiftRequest(true, "", "お歳暮", "")), (order.Destinations[0].Gift, order.Destinations[1].Gift));
        Assert.Equal(["ラッピング：赤いリボン / のし：なし", "熨斗：お歳暮"], order.Lines.Select(l => l.Option));
    }

    [Theory]
    [InlineData("0000", PaymentStanding.AfterDelivery)]
    [InlineData("0001", PaymentStanding.Secured)]
    [InlineData("0002", PaymentStanding.Secured)]
    [InlineData("0004", PaymentStanding.Secured)]
    [InlineData("1002", PaymentStanding.Secured)]
    [InlineData("0005", PaymentStanding.Unpaid)]
    [InlineData("", PaymentStanding.Unpaid)]
    public void A_payment_code_decides_over_the_payment(string code, PaymentStanding expected)
    {
        var order = Read(ScriptedMakeShop.Order(1, o => o.Replace("\"0002\"", $"\"{code}\"", StringComparison.Ordinal)));

        Assert.Equal((expected, MarketplaceStanding.Ready), (order.Payment.Standing, order.Standing));
    }

    [Theory]
    [InlineData("N", MarketplaceStanding.Ready, LineStanding.Open)]
    [InlineData("NOT_YET", MarketplaceStanding.Ready, LineStanding.Open)]
    [InlineData("INSTRUCTED", MarketplaceStanding.Ready, LineStanding.Open)]
    [InlineData("Y", MarketplaceStanding.Shipped, LineStanding.Shipped)]
    [InlineData("COMPLETED", MarketplaceStanding.Shipped, LineStanding.Shipped)]
    [InlineData("R", MarketplaceStanding.Shipped, LineStanding.Shipped)]
    [InlineData("C", MarketplaceStanding.Cancelled, LineStanding.Cancelled)]
    public void A_delivery_status_decides_over_the_standing(string status, MarketplaceStanding standing, LineStanding line)
    {
        var order = Read(ScriptedMakeShop.Order(1, o => o.Replace("\"deliveryStatus\":\"N\"", $"\"deliveryStatus\":\"{status}\"", StringComparison.Ordinal)));

        Assert.Equal((standing, line), (order.Standing, Assert.Single(order.Lines).Standing));
        Assert.Empty(order.MarketplaceHolds);
    }

    [Fact]
    public void A_status_word_that_nobody_knows_holds_the_order_by_its_name_until_the_store_says_what_it_means()
    {
        var text = ScriptedMakeShop.Order(1, o => o.Replace("\"deliveryStatus\":\"N\"", "\"deliveryStatus\":\"PACKING\"", StringComparison.Ordinal));

        var order = Read(text);
        Assert.Equal(MarketplaceStanding.InReview, order.Standing);
        Assert.Equal([new Hold(HoldReason.UnknownStatus, "deliveryStatus PACKING")], order.MarketplaceHolds);

        _shop.Settings["status-open"] = "N、PACKING";
        Assert.Equal(MarketplaceStanding.Ready, Read(text).Standing);
    }

    [Fact]
    public void A_cancelled_payment_cancels_the_order_whatever_its_delivery_says() => Assert.Equal(
        MarketplaceStanding.Cancelled, Read(ScriptedMakeShop.Order(1, o => o.Replace("\"0002\"", "\"0003\"", StringComparison.Ordinal))).Standing);

    [Fact]
    public void Of_two_recipients_one_shipped_leaves_the_order_ready_with_its_lines_told_apart()
    {
        var order = Read(ScriptedMakeShop.Orders()[1].GetRawText().Replace("\"deliveryId\":2,\"deliveryStatus\":\"N\"", "\"deliveryId\":2,\"deliveryStatus\":\"Y\"", StringComparison.Ordinal));

        Assert.Equal(MarketplaceStanding.Ready, order.Standing);
        Assert.Equal([LineStanding.Open, LineStanding.Shipped], order.Lines.Select(l => l.Standing));
    }

    [Theory]
    [InlineData("東京(23区内)", "東京都")]
    [InlineData("東京(23区外)", "東京都")]
    [InlineData("東京（23区外）", "東京都")]
    [InlineData("神奈川", "神奈川県")]
    [InlineData("神奈川県", "神奈川県")]
    [InlineData("京都", "京都府")]
    [InlineData("大阪", "大阪府")]
    [InlineData("北海道", "北海道")]
    public void A_prefecture_gets_its_full_name(string name, string expected)
    {
        var order = Read(ScriptedMakeShop.Order(1, o => o.Replace("\"receiverPrefecture\":\"東京(23区内)\"", $"\"receiverPrefecture\":\"{name}\"", StringComparison.Ordinal)));

        Assert.Equal(expected, order.Recipient.Prefecture);
        Assert.Empty(order.MarketplaceHolds);
    }

    [Theory]
    [InlineData("離島", "都道府県が「離島」")]
    [InlineData("海外", "都道府県が「海外」")]
    [InlineData("アトランティス", "都道府県が読み取れません")]
    public void What_is_no_prefecture_must_be_looked_at(string name, string detail)
    {
        var order = Read(ScriptedMakeShop.Order(1, o => o.Replace("\"receiverPrefecture\":\"東京(23区内)\"", $"\"receiverPrefecture\":\"{name}\"", StringComparison.Ordinal)));

        Assert.Equal(name, order.Recipient.Prefecture);
        Assert.Equal([new Hold(HoldReason.SuspiciousAddress, detail)], order.MarketplaceHolds);
    }

    [Fact]
    public void Points_that_no_field_tells_show_as_a_difference_of_the_totals()
    {
        _shop.Settings["guessed-fields"] = "";

        var order = Read(ScriptedMakeShop.Orders()[1].GetRawText());

        Assert.NotEqual(order.Amounts.Billed, order.Amounts.Reckoned);
    }

    [Fact]
    public void A_guessed_field_that_holds_something_else_does_not_make_the_order_unreadable()
    {
        var order = Read(ScriptedMakeShop.Order(1, o => o.Replace("\"sumPrice\":4940", "\"sumPrice\":4940,\"usePoint\":{\"shop\":1},\"couponDiscount\":\"--\",\"senderKana\":[1]", StringComparison.Ordinal)));

        Assert.Equal((0m, 0m, ""), (order.Amounts.Points.Amount, order.Amounts.Coupon.Amount, order.Buyer.Kana));
    }

    [Fact]
    public void Prices_without_tax_get_the_tax_of_their_rate()
    {
        _shop.Settings["price-tax"] = "excluded";

        Assert.Equal([1166m, 4268m], Read(ScriptedMakeShop.Orders()[1].GetRawText()).Lines.Select(l => l.UnitPrice.Amount));
    }

    [Fact]
    public void Variant_and_supplementary_characters_survive()
    {
        var order = Read(ScriptedMakeShop.Order(1, o => o.Replace("\"receiverName\":\"見本 花\"", "\"receiverName\":\"髙﨑 𠮷子\\uD842\\uDFB7～〜−\"", StringComparison.Ordinal)));

        Assert.Equal("髙﨑 𠮷子𠮷～〜−", order.Recipient.Name);
    }

    [Theory]
    [InlineData("\"orderDate\":\"2026-11-20 10:15:30\"", "\"orderDate\":\"--\"", "orderDate")]
    [InlineData("\"sumPrice\":4940", "\"sumPrice\":null", "sumPrice")]
    [InlineData("\"sumPrice\":4940", "\"sumPrice\":\"many\"", "sumPrice")]
    [InlineData("\"amount\":2", "\"amount\":-2", "amount")]
    [InlineData("\"price\":2200", "\"price\":null", "price")]
    [InlineData("\"deliveryId\":\"1\"", "\"deliveryId\":null", "deliveryId")]
    [InlineData("\"desiredDeliveryDate\":\"--\"", "\"desiredDeliveryDate\":\"soon\"", "desiredDeliveryDate")]
    [InlineData("\"receiverName\"", "\"receiverNom\"", "receiverName")]
    [InlineData("\"basketInfos\":[", "\"basketInfos\":[],\"others\":[", "basketInfos")]
    [InlineData("\"deliveryInfos\":[", "\"deliveryInfos\":[],\"others\":[", "deliveryInfos")]
    [InlineData("見本 花\",\"receiverPost\"", "\\uD800\",\"receiverPost\"", "UTF-8")]
    public void What_cannot_be_read_is_named_with_its_payload_and_without_a_person(string old, string broken, string named)
    {
        var text = ScriptedMakeShop.Order(1, o => o.Replace(old, broken, StringComparison.Ordinal));

        var reading = Assert.IsType<OrderReading.Unreadable>(Reading(text));

        Assert.Contains(named, reading.Expected, StringComparison.Ordinal);
        Assert.DoesNotContain("見本", reading.Expected, StringComparison.Ordinal);
        Assert.Equal(text, System.Text.Encoding.UTF8.GetString(reading.Raw.Span));
    }

    [Fact]
    public void A_changed_address_changes_the_token_and_the_same_order_does_not()
    {
        var (one, again) = (Listed(ScriptedMakeShop.Order(1)), Listed(ScriptedMakeShop.Order(1)));
        var moved = Listed(ScriptedMakeShop.Order(1, o => o.Replace("1-2-3", "1-2-4", StringComparison.Ordinal)));

        Assert.Equal(one.Token, again.Token);
        Assert.NotEqual(one.Token, moved.Token);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"displayOrderNumber\":\"\"}")]
    [InlineData("{\"displayOrderNumber\":\"見本\"}")]
    [InlineData("{\"displayOrderNumber\":\"\\uD800\"}")]
    public void An_entry_without_a_number_is_no_order(string entry) => Assert.Null(MakeShopMapper.ToListed(JsonDocument.Parse(entry).RootElement, _shop.Words));

    private OrderSnapshot Read(string order) => Assert.IsType<OrderReading.Read>(Reading(order)).Order;

    private OrderReading Reading(string order) => Listed(order).Reading!;

    private ListedOrder Listed(string order) => MakeShopMapper.ToListed(JsonDocument.Parse(order).RootElement, _shop.Words)!;
}
