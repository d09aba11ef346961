using System.Text;
using System.Xml.Linq;
using Connectors.YahooShopping;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Stores;

namespace Tests.Connectors.YahooShopping;

public sealed class YahooShoppingMapperTests
{
    private static readonly OrderCode Code = OrderCode.Parse("teststore-10000101");

    [Fact]
    public void The_official_example_becomes_an_order_with_all_its_parts()
    {
        var order = One();

        Assert.Equal(new DateTimeOffset(2026, 11, 1, 0, 12, 33, TimeSpan.Zero), order.PlacedAt);
        Assert.Equal((MarketplaceStanding.Ready, "OrderStatus 2 処理中"), (order.Standing, order.RawStatus));
        Assert.Equal(
            new Party("見本 太郎", "ミホン タロウ", "100-0000", "東京都", "千代田区", "見本町1-1", "見本ビル201", "070-0000-0101", "buyer@example.invalid"), order.Buyer);
        Assert.Equal(new Party("試作 花子", "シサク ハナコ", "5300000", "大阪府", "大阪市北区", "見本町2-2", "", "080-0000-0102", ""), order.Recipient);
        Assert.Equal(
            new OrderLine("1", "item-01:item-01-red-m", "テスト商品", "カラー:赤 / 名入れ:TARO", 2, new Yen(2700), 10), Assert.Single(order.Lines));
        Assert.Equal(
            new OrderAmounts(new Yen(5400), new Yen(525), new Yen(0), new Yen(100), new Yen(0), new Yen(0), new Yen(100), null, new Yen(5925)), order.Amounts);
        Assert.Equal(order.Amounts.Billed, order.Amounts.Reckoned);
        Assert.Equal(new Payment("payment_a1", PaymentStanding.Secured), order.Payment);
        Assert.Equal(("宅配便", new DateOnly(2026, 11, 5), "12:00～14:00"), (order.DeliveryText, order.RequestedDate!.Value, order.TimeSlotText));
        Assert.Equal(new GiftRequest(true, "赤リボン", "内祝 見本", "おめでとう"), order.Gift);
        Assert.Equal(("", null), (order.BuyerNote, order.Reported));
        Assert.Empty(order.MarketplaceHolds);
    }

    [Theory]
    [InlineData("2026-11-01T09:12:33+09:00")]
    [InlineData("2026-11-01T09:12:33")]
    [InlineData("20261101091233")]
    public void All_three_forms_of_a_time_mean_the_same_instant(string text) =>
        Assert.Equal(new DateTimeOffset(2026, 11, 1, 0, 12, 33, TimeSpan.Zero), One(("OrderTime", text)).PlacedAt);

    [Theory]
    [InlineData("OrderStatus", "4", MarketplaceStanding.Cancelled)]
    [InlineData("OrderStatus", "5", MarketplaceStanding.Completed)]
    [InlineData("OrderStatus", "1", MarketplaceStanding.Reserved)]
    [InlineData("OrderStatus", "3", MarketplaceStanding.InReview)]
    [InlineData("OrderStatus", "8", MarketplaceStanding.InReview)]
    [InlineData("OrderStatus", "7", MarketplaceStanding.InReview)]
    [InlineData("Ship/ShipStatus", "3", MarketplaceStanding.Shipped)]
    [InlineData("Ship/ShipStatus", "4", MarketplaceStanding.Shipped)]
    [InlineData("Ship/ShipStatus", "0", MarketplaceStanding.InReview)]
    [InlineData("IsReadOnly", "1", MarketplaceStanding.InReview)]
    [InlineData("Suspect", "1", MarketplaceStanding.InReview)]
    [InlineData("Suspect", "2", MarketplaceStanding.Ready)]
    [InlineData("FraudHoldStatus", "1", MarketplaceStanding.InReview)]
    [InlineData("FraudHoldStatus", "2", MarketplaceStanding.Ready)]
    [InlineData("FraudHoldStatus", "3", MarketplaceStanding.InReview)]
    [InlineData("IsLineGiftOrder", "true", MarketplaceStanding.InReview)]
    [InlineData("Pay/PayStatus", "0", MarketplaceStanding.AwaitingPayment)]
    [InlineData("Pay/SettleStatus", "8", MarketplaceStanding.AwaitingPayment)]
    [InlineData("Pay/SettleStatus", "10", MarketplaceStanding.AwaitingPayment)]
    [InlineData("Pay/SettleStatus", "7", MarketplaceStanding.InReview)]
    public void One_flag_alone_decides_where_the_order_stands(string field, string value, MarketplaceStanding expected) =>
        Assert.Equal(expected, One((field, value)).Standing);

    [Theory]
    [InlineData("IsReadOnly", "1", HoldReason.InReview)]
    [InlineData("FraudHoldStatus", "1", HoldReason.InReview)]
    [InlineData("OrderStatus", "3", HoldReason.InReview)]
    [InlineData("OrderStatus", "7", HoldReason.UnknownStatus)]
    [InlineData("IsSplit", "true", HoldReason.SeveralDestinations)]
    [InlineData("Ship/ShipStatus", "2", HoldReason.UnknownStatus)]
    [InlineData("Ship/ShipStatus", "9", HoldReason.UnknownStatus)]
    [InlineData("Ship/ShipPrefecture", "その他", HoldReason.SuspiciousAddress)]
    public void What_must_not_ship_is_held_with_its_reason(string field, string value, HoldReason reason) =>
        Assert.Contains(One((field, value)).MarketplaceHolds, h => h.Reason == reason);

    [Theory]
    [InlineData("ReceiveShopType", "1", true)]
    [InlineData("ReceiveSatelliteType", "2", true)]
    [InlineData("ReceiveShopType", "0", false)]
    [InlineData("ReceiveSatelliteType", "", false)]
    public void An_order_that_the_buyer_fetches_himself_is_held(string field, string value, bool held)
    {
        var order = One(($"Ship/{field}", value));

        Assert.Equal(held, order.MarketplaceHolds.Any(h => h.Reason is HoldReason.SuspiciousAddress && h.Detail.Contains("店頭受取", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_the_buyer_answered_in_the_cart_stands_with_his_comment()
    {
        var order = One(("Ship/Option1Field", "のし宛名"), ("Ship/Option1Value", "見本"), ("Ship/Option2Field", "領収書"), ("Ship/Option2Value", ""));

        Assert.Equal("のし宛名：見本", order.BuyerNote);
    }

    [Fact]
    public void A_line_gift_with_its_address_and_an_unpaid_order_that_may_not_ship_yet_are_not_held()
    {
        Assert.Empty(One(("IsLineGiftOrder", "true"), ("IsLineGiftShippable", "true")).MarketplaceHolds);

        var unpaid = One(("Pay/PayStatus", "0"), ("Pay/SettleStatus", "2"), ("Ship/ShipStatus", "0"), ("Pay/PayMethod", "payment_b1"));
        Assert.Empty(unpaid.MarketplaceHolds);
        Assert.Equal(new Payment("payment_b1", PaymentStanding.Unpaid), unpaid.Payment);
    }

    [Theory]
    [InlineData("payment_d1")]
    [InlineData("payment_c2")]
    public void Cash_on_delivery_and_paying_later_wait_for_no_payment(string method)
    {
        var order = One(("Pay/PayMethod", method), ("Pay/PayStatus", "0"));

        Assert.Equal((MarketplaceStanding.Ready, PaymentStanding.AfterDelivery), (order.Standing, order.Payment.Standing));
    }

    [Fact]
    public void A_cancel_tells_its_reason_and_no_free_text()
    {
        var order = One(("OrderStatus", "4"), ("CancelReason", "300"), ("CancelReasonDetail", "見本さんが電話で"));

        Assert.Equal("OrderStatus 4 キャンセル, CancelReason 300 購入者：間違え", order.RawStatus);
    }

    [Fact]
    public void A_discount_that_their_texts_count_in_two_ways_is_taken_off_as_the_total_says()
    {
        Assert.Equal(new Yen(100), One(("Detail/UsePoint", "100"), ("Detail/GiftCardDiscount", "60")).Amounts.Points); // within UsePoint

        var beside = One(("Detail/GiftCardDiscount", "60"), ("Detail/TotalPrice", "5865")).Amounts;
        Assert.Equal((new Yen(160), beside.Billed), (beside.Points, beside.Reckoned));

        var shipping = One(("ShippingCouponDiscount", "525"), ("Detail/TotalPrice", "5400")).Amounts;
        Assert.Equal((new Yen(525), shipping.Billed), (shipping.Coupon, shipping.Reckoned));
    }

    [Theory]
    [InlineData("-25", "5900")]
    [InlineData("25", "5950")]
    public void An_adjustment_counts_in_both_directions(string adjustment, string total)
    {
        var amounts = One(("Detail/Adjustments", adjustment), ("Detail/TotalPrice", total)).Amounts;

        Assert.Equal(amounts.Billed, amounts.Reckoned);
    }

    [Fact]
    public void A_total_that_nothing_explains_stays_different_so_that_the_order_is_held()
    {
        var amounts = One(("Detail/GiftCardDiscount", "60"), ("Detail/TotalPrice", "5000")).Amounts;

        Assert.Equal((new Yen(5925), new Yen(5000)), (amounts.Reckoned, amounts.Billed));
    }

    [Fact]
    public void A_number_counts_as_reported_once_the_order_is_shipped()
    {
        (string, string?)[] number = [("Ship/ShipInvoiceNumber1", "123456789012"), ("Ship/ShipCompanyCode", "1001"), ("Ship/ShipDate", "2026-11-04")];

        Assert.Null(One(number).Reported);
        Assert.Equal(new ReportedShipment("1001", "123456789012", new DateOnly(2026, 11, 4)), One([.. number, ("Ship/ShipStatus", "3")]).Reported);
    }

    [Theory]
    [InlineData("OrderTime", "きのう", "a time in OrderTime")]
    [InlineData("OrderTime", null, "a time in OrderTime")]
    [InlineData("OrderStatus", null, "an element OrderStatus")]
    [InlineData("Pay", null, "an element Pay")]
    [InlineData("Pay/PayMethod", null, "an element PayMethod")]
    [InlineData("Pay/BillLastName", null, "an element BillLastName")]
    [InlineData("Ship", null, "an element Ship")]
    [InlineData("Ship/ShipStatus", null, "an element ShipStatus")]
    [InlineData("Ship/ShipLastName", null, "an element ShipLastName")]
    [InlineData("Ship/ShipZipCode", null, "an element ShipZipCode")]
    [InlineData("Ship/ShipAddress1", null, "an element ShipAddress1")]
    [InlineData("Ship/ShipRequestDate", "11月5日", "a day in ShipRequestDate")]
    [InlineData("Item", null, "an element Item")]
    [InlineData("Item/UnitPrice", "abc", "an amount in UnitPrice")]
    [InlineData("Item/UnitPrice", null, "an element UnitPrice")]
    [InlineData("Item/Quantity", "2.5", "a number in Quantity")]
    [InlineData("Detail/TotalPrice", "12,3x", "an amount in TotalPrice")]
    [InlineData("Detail/TotalPrice", null, "an element TotalPrice")]
    [InlineData("OrderId", "teststore-9", "the order that was asked for in OrderId")]
    public void An_order_that_cannot_be_read_is_set_aside_with_its_payload_and_without_its_values(string field, string? value, string expected)
    {
        var reading = Assert.IsType<OrderReading.Unreadable>(Reading((field, value)));

        Assert.Equal((Code, expected), (reading.Code, reading.Expected));
        Assert.Contains("<OrderInfo>", Encoding.UTF8.GetString(reading.Raw.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void The_defaults_know_every_text_of_the_example_and_leave_a_strange_one_unmapped()
    {
        var defaults = global::Connectors.Wire.Manifests.Read("YahooShopping").DefaultMappings;
        var order = One();

        Assert.Equal(PaymentMethod.Card, defaults.Payments[order.Payment.MethodText]);
        Assert.Equal("yamato", defaults.Deliveries[order.DeliveryText].ToString());
        Assert.Equal("12-14", defaults.TimeSlots[order.TimeSlotText]);
        Assert.False(defaults.Deliveries.ContainsKey("未知の配送方法"));
        Assert.False(defaults.Payments.ContainsKey("payment_e1"));
    }

    [Fact]
    public void A_social_gift_hides_the_buyers_address_behind_a_relay() =>
        Assert.True(One(("SocialGiftType", "1")).Buyer.EmailIsRelay);

    [Fact]
    public void Options_come_from_their_joined_form_only_where_there_are_no_others()
    {
        Assert.Equal("名入れ:TARO", Assert.Single(One(("Item/ItemOption", null)).Lines).Option);
        Assert.Equal("カラー:赤#サイズ:M", Assert.Single(One(("Item/ItemOption", null), ("Item/Inscription", null)).Lines).Option);
    }

    /// <summary>The recorded order with fields set; null takes the field away.</summary>
    internal static XElement Order(params ReadOnlySpan<(string Path, string? Value)> changes)
    {
        var order = XElement.Parse(ScriptedYahoo.Recording("order-info.xml")).Element("Result")!.Element("OrderInfo")!;
        foreach (var (path, value) in changes)
        {
            var parts = path.Split('/');
            var parent = parts.Length == 1 ? order : order.Element(parts[0])!;
            if (value is null)
            {
                parent.Elements(parts[^1]).Remove();
            }
            else
            {
                parent.SetElementValue(parts[^1], value);
            }
        }

        return order;
    }

    private static OrderReading Reading(params ReadOnlySpan<(string Path, string? Value)> changes) => YahooShoppingMapper.ToReading(Code, Order(changes));

    private static OrderSnapshot One(params ReadOnlySpan<(string Path, string? Value)> changes)
    {
        var reading = Reading(changes);
        return Assert.IsType<OrderReading.Read>(reading).Order;
    }
}
