using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Connectors.AuPayMarket;
using Domain.Marketplaces;
using Domain.Orders;

namespace Tests.Connectors.AuPayMarket;

public sealed class AuPayMarketMapperTests
{
    [Theory]
    [InlineData("Code", "746000001")]
    [InlineData("PlacedAt", "2026-11-20T05:07:00.0000000+00:00")]
    [InlineData("Standing", "Ready")]
    [InlineData("RawStatus", "発送待ち")]
    [InlineData("Buyer.Name", "見本 太郎")]
    [InlineData("Buyer.Kana", "ミホン タロウ")]
    [InlineData("Buyer.PostalCode", "100-0001")]
    [InlineData("Buyer.Prefecture", "東京都")]
    [InlineData("Buyer.City", "千代田区")]
    [InlineData("Buyer.Street", "千代田1-1")]
    [InlineData("Buyer.Building", "見本ビル101")]
    [InlineData("Buyer.Phone", "03-0000-0001")]
    [InlineData("Buyer.Email", "relay-000@example.invalid")]
    [InlineData("Buyer.EmailIsRelay", "True")]
    [InlineData("Recipient.Name", "見本 花子")]
    [InlineData("Recipient.Kana", "ミホン ハナコ")]
    [InlineData("Recipient.PostalCode", "530-0001")]
    [InlineData("Recipient.Prefecture", "大阪府")]
    [InlineData("Recipient.City", "大阪市北区")]
    [InlineData("Recipient.Street", "梅田1-1-1")]
    [InlineData("Recipient.Address", "大阪府大阪市北区梅田1-1-1")]
    [InlineData("Recipient.Phone", "06-0000-0002")]
    [InlineData("Amounts.Items", "3300")]
    [InlineData("Amounts.Shipping", "550")]
    [InlineData("Amounts.Fee", "0")]
    [InlineData("Amounts.Wrapping", "110")]
    [InlineData("Amounts.Coupon", "100")]
    [InlineData("Amounts.Points", "200")]
    [InlineData("Amounts.Total", "3960")]
    [InlineData("Amounts.Billed", "3660")]
    [InlineData("Amounts.Reckoned", "3660")]
    [InlineData("Payment.MethodText", "クレジットカード決済")]
    [InlineData("Payment.Standing", "Secured")]
    [InlineData("DeliveryText", "宅配便(クール)")]
    [InlineData("RequestedDate", "2026-11-25")]
    [InlineData("TimeSlotText", "午前中")]
    [InlineData("BuyerNote", "午前に届けてください")]
    [InlineData("Gift.Gift", "True")]
    [InlineData("Gift.Wrapping", "包装紙A")]
    [InlineData("Gift.Noshi", "御祝（見本）")]
    [InlineData("Lines[0].LineId", "900000001")]
    [InlineData("Lines[0].Sku", "ABC-001-RED-S")]
    [InlineData("Lines[0].Title", "見本シャツ")]
    [InlineData("Lines[0].Option", "カラー=赤&サイズ=S")]
    [InlineData("Lines[0].Quantity", "2")]
    [InlineData("Lines[0].UnitPrice", "1650")]
    [InlineData("Lines[0].TaxRate", "10")]
    [InlineData("Lines[0].Standing", "Open")]
    public void Reads_a_field_of_the_recorded_order(string field, string expected) => Assert.Equal(expected, Field(Read(ScriptedAuPay.Order()), field));

    [Fact]
    public void An_order_in_good_standing_has_nothing_that_stops_it()
    {
        var order = Read(ScriptedAuPay.Order());

        Assert.Empty(order.MarketplaceHolds);
        Assert.Null(order.Reported);
        Assert.False(order.MayOmitLines);
    }

    [Theory]
    [InlineData("新規受付", MarketplaceStanding.Ready)]
    [InlineData("発送待ち", MarketplaceStanding.Ready)]
    [InlineData("発送前入金待ち", MarketplaceStanding.AwaitingPayment)]
    [InlineData("与信待ち", MarketplaceStanding.AwaitingPayment)]
    [InlineData("発送後入金待ち", MarketplaceStanding.Shipped)]
    [InlineData("完了", MarketplaceStanding.Completed)]
    [InlineData("保留", MarketplaceStanding.InReview)]
    [InlineData("不正取引審査中", MarketplaceStanding.InReview)]
    [InlineData("審査保留", MarketplaceStanding.InReview)]
    [InlineData("審査NG", MarketplaceStanding.InReview)]
    [InlineData("新規予約", MarketplaceStanding.Reserved)]
    [InlineData("予約中", MarketplaceStanding.Reserved)]
    [InlineData("キャンセル", MarketplaceStanding.Cancelled)]
    [InlineData("キャンセル受付中", MarketplaceStanding.CancelRequested)]
    public void Every_status_that_is_known_has_its_standing_and_no_hold_of_its_own(string status, MarketplaceStanding expected)
    {
        var order = Read(With("orderStatus", status));

        Assert.Equal((expected, status), (order.Standing, order.RawStatus));
        Assert.Empty(order.MarketplaceHolds);
    }

    [Fact]
    public void A_status_of_the_shops_own_is_held_and_named()
    {
        var order = Read(With("orderStatus", "名入れ作業中"));

        Assert.Equal([new Hold(HoldReason.UnknownStatus, "名入れ作業中")], order.MarketplaceHolds);
        Assert.NotEqual(MarketplaceStanding.Ready, order.Standing);
    }

    [Fact]
    public void A_set_cancel_flag_is_a_cancel_whatever_the_status_says() =>
        Assert.Equal(MarketplaceStanding.Cancelled, Read(With("cancelStatus", "Y")).Standing);

    [Fact]
    public void A_cancelled_line_is_cancelled_alone()
    {
        var order = ScriptedAuPay.Order();
        order.Element("detail")!.SetElementValue("itemCancelStatus", "Y");

        Assert.Equal(LineStanding.Cancelled, Read(order).Lines[0].Standing);
        Assert.Equal(MarketplaceStanding.Ready, Read(order).Standing);
    }

    [Theory]
    [InlineData("銀行振込", "発送前入金待ち", "N", "N", PaymentStanding.Unpaid)]
    [InlineData("銀行振込", "新規受付", "N", "N", PaymentStanding.Unpaid)]
    [InlineData("銀行振込", "新規受付", "Y", "N", PaymentStanding.Secured)]
    [InlineData("クレジットカード決済", "新規受付", "N", "Y", PaymentStanding.Secured)]
    [InlineData("クレジットカード決済", "与信待ち", "N", "N", PaymentStanding.Unpaid)]
    [InlineData("銀行振込", "発送待ち", "N", "N", PaymentStanding.Secured)]
    [InlineData("代金引換", "新規受付", "N", "N", PaymentStanding.AfterDelivery)]
    [InlineData("代金引換(ヤマト)", "新規受付", "N", "N", PaymentStanding.AfterDelivery)]
    public void The_payment_stands_when_its_flag_its_check_or_the_status_says_so(string method, string status, string paid, string checkedBy, PaymentStanding expected)
    {
        var order = ScriptedAuPay.Order();
        order.SetElementValue("settlementName", method);
        order.SetElementValue("orderStatus", status);
        order.SetElementValue("paymentStatus", paid);
        order.SetElementValue("authorizationStatus", checkedBy);

        Assert.Equal(expected, Read(order).Payment.Standing);
    }

    [Fact]
    public void An_order_that_is_fetched_at_a_shop_is_held_with_the_shops_code()
    {
        var order = With("senderShopCD", "1234");

        Assert.Equal([new Hold(HoldReason.SuspiciousAddress, "店舗受取（店舗コード 1234）")], Read(order).MarketplaceHolds);
    }

    [Fact]
    public void An_option_of_the_order_stands_with_the_buyers_note_so_that_a_person_sees_it()
    {
        var order = With("orderOption", "領収書:希望する");

        Assert.Equal("午前に届けてください\n注文オプション：領収書:希望する", Read(order).BuyerNote);
        order.SetElementValue("userComment", "");
        Assert.Equal("注文オプション：領収書:希望する", Read(order).BuyerNote);
    }

    [Fact]
    public void An_option_of_a_line_that_costs_extra_stands_with_the_lines_options()
    {
        var order = ScriptedAuPay.Order();
        order.Element("detail")!.Add(new XElement(
            "itemOptionCommissions",
            new XElement("itemOptionCommissionTitle", "名入れ"),
            new XElement("itemOptionCommissionVal", new XElement("itemOptionCommission", "TARO"), new XElement("itemOptionCommissionPrice", "300"))));

        Assert.Equal("カラー=赤&サイズ=S / 名入れ:TARO", Read(order).Lines[0].Option);
    }

    [Fact]
    public void A_delivery_method_without_a_name_is_told_by_its_id()
    {
        Assert.Equal("cool01", Read(With("deliveryName", "")).DeliveryText);
    }

    [Theory]
    [InlineData("1", "", 8)]
    [InlineData("1", "8", 8)]
    [InlineData("0", "", 0)]
    public void A_reduced_rate_is_eight_percent_where_the_rate_itself_is_not_told(string reduced, string rate, int percent)
    {
        var order = ScriptedAuPay.Order();
        order.Element("detail")!.SetElementValue("reducedTax", reduced);
        order.Element("detail")!.SetElementValue("taxRate", rate);

        Assert.Equal(percent, Read(order).Lines[0].TaxRate);
    }

    [Theory]
    [InlineData("10", 10)]
    [InlineData("10.0", 10)]
    [InlineData("0.1", 10)]
    [InlineData("0.10", 10)]
    [InlineData("8", 8)]
    [InlineData("0.08", 8)]
    [InlineData("0", 0)]
    [InlineData("", 0)]
    [InlineData("99999999999999999999", 0)]
    [InlineData("非課税", 0)]
    public void A_tax_rate_is_read_in_every_spelling(string text, int percent)
    {
        var order = ScriptedAuPay.Order();
        order.Element("detail")!.SetElementValue("taxRate", text);

        Assert.Equal(percent, Read(order).Lines[0].TaxRate);
    }

    [Theory]
    [InlineData("北海道 札幌市中央区 北1条西1", "北海道", "札幌市中央区")]
    [InlineData("京都府 京都市中京区 寺町1", "京都府", "京都市中京区")]
    [InlineData("神奈川県 横浜市西区 みなとみらい1", "神奈川県", "横浜市西区")]
    [InlineData("三重県　津市　広明町1", "三重県", "津市")]
    [InlineData("東京都千代田区 千代田1-1", "東京都", "千代田区")]
    [InlineData("千代田区 千代田1-1", "", "千代田区")]
    [InlineData("", "", "")]
    public void The_prefecture_is_split_from_an_address_of_one_string(string address, string prefecture, string city)
    {
        var recipient = Read(With("senderAddress", address)).Recipient;

        Assert.Equal((prefecture, city), (recipient.Prefecture, recipient.City));
        Assert.Equal(address.Replace(" ", "", StringComparison.Ordinal).Replace("　", "", StringComparison.Ordinal), recipient.Address);
    }

    [Fact]
    public void The_real_mail_address_goes_before_the_relay_and_is_none()
    {
        var buyer = Read(With("rawMailAddress", "taro@example.invalid")).Buyer;

        Assert.Equal(("taro@example.invalid", false), (buyer.Email, buyer.EmailIsRelay));
    }

    [Fact]
    public void What_is_optional_may_be_absent()
    {
        var order = ScriptedAuPay.Order();
        foreach (var name in (string[])["deliveryRequestDay", "deliveryRequestTime", "userComment", "couponTotalPrice", "useAuPointPrice", "requestPrice", "senderKana", "nickname", "deliveryMethodId"])
        {
            order.Element(name)!.Remove();
        }

        var read = Read(order);

        Assert.Equal((null, "", ""), (read.RequestedDate, read.TimeSlotText, read.BuyerNote));
        Assert.Equal((new Yen(3960), new Yen(3960)), (read.Amounts.Billed, read.Amounts.Reckoned));
    }

    [Fact]
    public void The_second_phone_number_serves_where_the_first_is_empty()
    {
        var order = With("senderPhoneNumber1", "");
        order.SetElementValue("senderPhoneNumber2", "090-0000-0003");

        Assert.Equal("090-0000-0003", Read(order).Recipient.Phone);
    }

    [Fact]
    public void Two_lines_with_different_noshi_keep_both()
    {
        var order = ScriptedAuPay.Order();
        var second = new XElement(order.Element("detail")!);
        second.SetElementValue("noshiType", "内祝");
        second.SetElementValue("noshiPresenterName1", "例");
        second.SetElementValue("noshiPresenterName2", "試");
        order.Add(second);

        Assert.Equal("御祝（見本）/内祝（例・試）", Read(order).Gift.Noshi);
    }

    [Theory]
    [InlineData("2026/11/21")]
    [InlineData("2026-11-21")]
    [InlineData("20261121")]
    [InlineData("2026/11/21 00:00:00")]
    public void What_the_marketplace_holds_of_the_shipment_is_read_in_every_spelling_of_a_day(string day)
    {
        var order = With("shippingDate", day);
        order.SetElementValue("shippingCarrier", "1");
        order.SetElementValue("shippingNumber", "400000000010");

        Assert.Equal(new ReportedShipment("1", "400000000010", new DateOnly(2026, 11, 21)), Read(order).Reported);
    }

    [Theory]
    [InlineData("orderDate", "0000/00/00 --:--")]
    [InlineData("orderDate", "0001/01/01 00:00")]
    [InlineData("orderDate", "")]
    [InlineData("totalPrice", "四千円")]
    [InlineData("totalPrice", "")]
    [InlineData("totalPrice", "79228162514264337593543950335")]
    [InlineData("postagePrice", "無料")]
    [InlineData("deliveryRequestDay", "なるべく早く")]
    [InlineData("senderName", null)]
    [InlineData("ordererName", null)]
    [InlineData("orderStatus", null)]
    [InlineData("detail", null)]
    [InlineData("detail/unit", "たくさん")]
    [InlineData("detail/unit", "")]
    [InlineData("detail/itemPrice", "1,650")]
    [InlineData("detail/itemPrice", null)]
    public void An_order_with_a_broken_field_is_unreadable_with_its_payload_and_names_the_field_alone(string path, string? value)
    {
        var order = ScriptedAuPay.Order();
        var parent = path.StartsWith("detail/", StringComparison.Ordinal) ? order.Element("detail")! : order;
        parent.SetElementValue(path.Split('/')[^1], value);

        var broken = Assert.IsType<OrderReading.Unreadable>(AuPayMarketMapper.ToListed(order)!.Reading);

        Assert.Contains(path.Split('/')[^1], broken.Expected, StringComparison.Ordinal);
        Assert.DoesNotContain("見本", broken.Expected, StringComparison.Ordinal);
        Assert.Contains("<orderId>746000001</orderId>", Encoding.UTF8.GetString(broken.Raw.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("senderAddress", "大阪府 大阪市北区 梅田9-9-9")]
    [InlineData("userComment", "やはり午後に")]
    [InlineData("deliveryName", "メール便")]
    [InlineData("orderStatus", "保留")]
    [InlineData("deliveryRequestDay", "2026/11/26")]
    [InlineData("shippingNumber", "400000000010")]
    public void The_token_of_the_list_changes_with_whatever_changes_of_the_order(string field, string value) =>
        Assert.NotEqual(AuPayMarketMapper.ToListed(ScriptedAuPay.Order())!.Token, AuPayMarketMapper.ToListed(With(field, value))!.Token);

    [Fact]
    public void The_token_holds_no_personal_data_and_stays_while_nothing_changes()
    {
        var token = AuPayMarketMapper.ToListed(ScriptedAuPay.Order())!.Token;

        Assert.Equal(token, AuPayMarketMapper.ToListed(ScriptedAuPay.Order())!.Token);
        Assert.Matches("^発送待ち;[0-9a-f]{16}$", token);
    }

    private static XElement With(string field, string value)
    {
        var order = ScriptedAuPay.Order();
        order.SetElementValue(field, value);
        return order;
    }

    private static OrderSnapshot Read(XElement order) => Assert.IsType<OrderReading.Read>(AuPayMarketMapper.ToListed(order)!.Reading).Order;

    private static string Field(object content, string path)
    {
        object? value = content;
        foreach (var part in path.Split('.'))
        {
            value = value!.GetType().GetProperty(part.Split('[')[0])!.GetValue(value);
            value = part.EndsWith(']') ? ((IEnumerable<OrderLine>)value!).ElementAt(part[^2] - '0') : value;
        }

        return value switch
        {
            DateTimeOffset time => time.ToString("o", CultureInfo.InvariantCulture),
            DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            _ => value!.ToString()!,
        };
    }
}
