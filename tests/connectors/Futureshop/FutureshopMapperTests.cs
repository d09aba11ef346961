using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Connectors.Futureshop;
using Connectors.Wire;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Stores;

namespace Tests.Connectors.Futureshop;

public sealed class FutureshopMapperTests
{
    private static readonly FutureshopReadingOptions Usual = new(["communication"], ["COD", "ATOBARAI"], [], "");

    private static readonly string Recorded = ScriptedFutureshop.Recording("order.json");

    [Fact]
    public void A_recorded_order_is_read_with_everything_that_a_shop_needs()
    {
        var order = Read(Recorded);

        Assert.Equal(("900000000103", new DateTimeOffset(2026, 4, 1, 0, 8, 7, TimeSpan.Zero)), (order.Code.Value, order.PlacedAt));
        Assert.Equal((MarketplaceStanding.Ready, "AWAITING_PAYMENT"), (order.Standing, order.RawStatus));
        Assert.Equal(("見本 花", "ミホン ハナ", "東京都架空区見本町1-2-3", "03-0000-0000", "hana@example.invalid"), (order.Buyer.Name, order.Buyer.Kana, order.Buyer.Address, order.Buyer.Phone, order.Buyer.Email));
        Assert.Equal(("髙﨑 𠮷子", "030-0000", "青森県", "架空市", "見本7-8", "見本荘101", "017-000-0000"), (
            order.Recipient.Name, order.Recipient.PostalCode, order.Recipient.Prefecture, order.Recipient.City, order.Recipient.Street, order.Recipient.Building, order.Recipient.Phone));
        Assert.Equal(new OrderLine("1-1", "DEMO-01RD", "見本マグ", "赤 / M / 名入れ:あり", 4, new Yen(1527), 10), Assert.Single(order.Lines));
        Assert.Equal(new Payment("COD", PaymentStanding.AfterDelivery), order.Payment);
        Assert.Equal(("宅配便", new DateOnly(2026, 4, 5), "14:00-16:00", Temperature.Chilled), (order.DeliveryText, order.RequestedDate!.Value, order.TimeSlotText, order.Temperature));
        Assert.Equal(new GiftRequest(true, "のし（御祝）", "のし（御祝）", ""), order.Gift);
        Assert.Equal("玄関前に置いてください", order.BuyerNote);
        Assert.Null(order.Reported);
        Assert.Empty(order.MarketplaceHolds);
        Assert.Empty(order.Destinations);
    }

    [Fact]
    public void Amounts_come_as_number_as_text_and_as_nothing_and_add_up()
    {
        var amounts = Read(Recorded).Amounts;

        Assert.Equal(
            new OrderAmounts(new Yen(6108), new Yen(870), new Yen(330), new Yen(220), new Yen(200), new Yen(300), new Yen(470), null, new Yen(6558)),
            amounts);
        Assert.Equal(amounts.Billed, amounts.Reckoned);
    }

    [Fact]
    public void Discounts_count_the_same_with_either_sign()
    {
        var amounts = Read(Recorded.Replace("\"volumeDiscountTotal\":200", "\"volumeDiscountTotal\":-200", StringComparison.Ordinal)).Amounts;

        Assert.Equal(amounts.Billed, amounts.Reckoned);
    }

    [Theory]
    [InlineData(6108, 1527, true)]
    [InlineData(6508, 1627, true)]
    [InlineData(6300, 1527, false)]
    public void Whether_a_price_contains_its_options_is_told_by_the_sum_of_the_goods(int goods, int unitPrice, bool addsUp)
    {
        var order = Changed(o =>
        {
            var product = o["shipmentList"]![0]!["productList"]![0]!;
            product["optionPriceList"] = new JsonArray(new JsonObject { ["name"] = "箱", ["selectionName"] = "木箱", ["price"] = "100" });
            o["productTotal"] = goods;
            o["grandTotal"] = 6558 - 6108 + goods;
        });

        Assert.Equal(unitPrice, order.Lines[0].UnitPrice.Amount);
        Assert.Contains("箱:木箱", order.Lines[0].Option, StringComparison.Ordinal);
        Assert.Equal(addsUp, order.Amounts.Billed == order.Amounts.Reckoned);
    }

    [Theory]
    [InlineData("AWAITING_PAYMENT", "BANK_TRANSFER", "", "NOTRECEIVED", MarketplaceStanding.AwaitingPayment, PaymentStanding.Unpaid)]
    [InlineData("AWAITING_SHIPMENT", "BANK_TRANSFER", "", "NOTRECEIVED", MarketplaceStanding.AwaitingPayment, PaymentStanding.Unpaid)]
    [InlineData("AWAITING_PAYMENT", "BANK_TRANSFER", "2026-04-02", "RECEIVED", MarketplaceStanding.Ready, PaymentStanding.Secured)]
    [InlineData("AWAITING_PAYMENT", "BANK_TRANSFER", "", "RECEIVED", MarketplaceStanding.Ready, PaymentStanding.Secured)]
    [InlineData("AWAITING_PAYMENT", "CREDIT_CARD", "", "NOTRECEIVED", MarketplaceStanding.AwaitingPayment, PaymentStanding.Unpaid)]
    [InlineData("AWAITING_PAYMENT", "ATOBARAI", "", "NOTRECEIVED", MarketplaceStanding.Ready, PaymentStanding.AfterDelivery)]
    [InlineData("ON_HOLD", "COD", "", "NOTRECEIVED", MarketplaceStanding.InReview, PaymentStanding.AfterDelivery)]
    [InlineData("PREORDER", "COD", "", "NOTRECEIVED", MarketplaceStanding.Reserved, PaymentStanding.AfterDelivery)]
    [InlineData("REFUNDED", "COD", "", "NOTRECEIVED", MarketplaceStanding.Cancelled, PaymentStanding.AfterDelivery)]
    [InlineData("COMPLETED", "COD", "", "NOTRECEIVED", MarketplaceStanding.Completed, PaymentStanding.AfterDelivery)]
    [InlineData("CANCELLED", "COD", "", "NOTRECEIVED", MarketplaceStanding.Cancelled, PaymentStanding.AfterDelivery)]
    public void Standing_follows_the_dates_rather_than_the_misleading_words(string status, string type, string receipt, string paid, MarketplaceStanding standing, PaymentStanding payment)
    {
        var order = Changed(o => (o["status"], o["paymentType"], o["receiptDate"], o["paymentStatus"]) = (status, type, receipt, paid));

        Assert.Equal((standing, payment), (order.Standing, order.Payment.Standing));
        Assert.Empty(order.MarketplaceHolds);
    }

    [Fact]
    public void A_payment_that_the_store_calls_authorised_needs_no_receipt_date()
    {
        var order = Changed(o => o["paymentType"] = "CREDIT_CARD", Usual with { Authorised = ["CREDIT_CARD"] });

        Assert.Equal((MarketplaceStanding.Ready, PaymentStanding.Secured), (order.Standing, order.Payment.Standing));
    }

    [Fact]
    public void An_order_that_is_paid_in_points_alone_waits_for_no_payment()
    {
        var order = Changed(o => (o["grandTotal"], o["usedPointPrice"], o["paymentType"]) = (0, 7028, "NONE"));

        Assert.Equal(PaymentStanding.Secured, order.Payment.Standing);
    }

    [Theory]
    [InlineData("cancelDate", "2026-04-02T10:00:00", MarketplaceStanding.Cancelled)]
    [InlineData("myPageCancel", "2026-04-02T10:00:00", MarketplaceStanding.CancelRequested)]
    [InlineData("myPageCancel", "true", MarketplaceStanding.CancelRequested)]
    [InlineData("myPageCancel", "false", MarketplaceStanding.Ready)]
    [InlineData("myPageCancel", "", MarketplaceStanding.Ready)]
    public void A_cancel_date_cancels_and_a_request_is_seen_where_its_field_is_named(string field, string value, MarketplaceStanding standing)
    {
        Assert.Equal(standing, Changed(o => o[field] = value, Usual with { CancelRequest = "myPageCancel" }).Standing);
    }

    [Fact]
    public void A_shipped_order_is_shipped_and_tells_its_number()
    {
        var order = Changed(o => (o["shipmentList"]![0]!["invoiceNo"], o["shipmentList"]![0]!["shippingDate"]) = ("000011112222", "2026-04-03"));

        Assert.Equal((MarketplaceStanding.Shipped, LineStanding.Shipped), (order.Standing, order.Lines[0].Standing));
        Assert.Equal(("000011112222", new DateOnly(2026, 4, 3)), (order.Reported!.TrackingNumber, order.Reported.ShippedOn!.Value));
    }

    [Theory]
    [InlineData("GUNMA", "群馬県")]
    [InlineData("GUMMA", "群馬県")]
    [InlineData("OITA", "大分県")]
    [InlineData("OOITA", "大分県")]
    [InlineData("KOCHI", "高知県")]
    [InlineData("KOUCHI", "高知県")]
    [InlineData("HYOGO", "兵庫県")]
    [InlineData("HYOUGO", "兵庫県")]
    [InlineData("hokkaido", "北海道")]
    [InlineData("神奈川県", "神奈川県")]
    public void A_prefecture_is_read_in_either_spelling(string text, string prefecture)
    {
        var order = Changed(o => o["shipmentList"]![0]!["addressInfo"]!["prefecture"] = text);

        Assert.Equal(prefecture, order.Recipient.Prefecture);
        Assert.Empty(order.MarketplaceHolds);
    }

    [Fact]
    public void All_47_prefectures_are_known()
    {
        var romaji = "HOKKAIDO AOMORI IWATE MIYAGI AKITA YAMAGATA FUKUSHIMA IBARAKI TOCHIGI GUNMA SAITAMA CHIBA TOKYO KANAGAWA NIIGATA TOYAMA ISHIKAWA FUKUI YAMANASHI NAGANO GIFU SHIZUOKA AICHI MIE SHIGA KYOTO OSAKA HYOGO NARA WAKAYAMA TOTTORI SHIMANE OKAYAMA HIROSHIMA YAMAGUCHI TOKUSHIMA KAGAWA EHIME KOCHI FUKUOKA SAGA NAGASAKI KUMAMOTO OITA MIYAZAKI KAGOSHIMA OKINAWA".Split(' ');

        Assert.Equal(47, romaji.Select(FutureshopPrefectures.Find).OfType<string>().Distinct().Count());
    }

    [Theory]
    [InlineData("OVERSEAS", "送付先1の都道府県「OVERSEAS」が分かりません")]
    [InlineData("架空県見本市の花さん", "送付先1の都道府県「？」が分かりません")]
    public void An_unknown_prefecture_is_held_with_its_reason(string text, string detail)
    {
        var order = Changed(o => o["shipmentList"]![0]!["addressInfo"]!["prefecture"] = text);

        Assert.Equal([new Hold(HoldReason.SuspiciousAddress, detail)], order.MarketplaceHolds);
    }

    [Fact]
    public void An_unknown_status_a_flagged_buyer_and_an_address_that_is_to_come_are_held()
    {
        var order = Changed(o => (o["status"], o["blackOrder"], o["shipmentList"]![0]!["contactLater"]) = ("NEW_WORD", true, true));

        Assert.Equal([HoldReason.UnknownStatus, HoldReason.InReview, HoldReason.SuspiciousAddress], order.MarketplaceHolds.Select(h => h.Reason));
        Assert.Equal("NEW_WORD", order.MarketplaceHolds[0].Detail);
    }

    [Fact]
    public void Several_recipients_have_each_their_lines_dates_and_numbers()
    {
        var order = Changed(o =>
        {
            var second = o["shipmentList"]![0]!.DeepClone();
            (second["shipmentNo"], second["invoiceNo"], second["shippingDate"], second["isCoolDelivery"], second["preferredDeliveryDate"]) = (2, "2222", "2026-04-03", false, "2026-04-09");
            second["addressInfo"]!["prefecture"] = "SAITAMA";
            o["shipmentList"]!.AsArray().Add(second);
        });

        Assert.Equal(MarketplaceStanding.Ready, order.Standing);
        Assert.Equal(["1", "2"], order.Destinations.Select(d => d.Id));
        Assert.Equal([["1-1"], ["2-1"]], order.Destinations.Select(d => d.LineIds.ToArray()));
        Assert.Equal([LineStanding.Open, LineStanding.Shipped], order.Lines.Select(l => l.Standing));
        Assert.Equal([Temperature.Chilled, Temperature.Normal], order.Destinations.Select(d => d.Temperature));
        Assert.Equal(order.Recipient, order.Destinations[0].Recipient);
        Assert.Equal(("埼玉県", new DateOnly(2026, 4, 9)), (order.Destinations[1].Recipient.Prefecture, order.Destinations[1].RequestedDate!.Value));
        Assert.Equal((null, "2222", "2"), (order.Destinations[0].Reported, order.Destinations[1].Reported!.TrackingNumber, order.Destinations[1].Reported!.Destination));
        Assert.Null(order.Reported);
    }

    [Theory]
    [InlineData("\"REDUCED\"", 8)]
    [InlineData("\"STANDARD\"", 10)]
    [InlineData("\"SOMETHING\"", 0)]
    public void The_tax_rate_follows_its_code(string code, int rate)
    {
        Assert.Equal(rate, Read(Recorded.Replace("\"taxRateCode\":\"STANDARD\"", $"\"taxRateCode\":{code}", StringComparison.Ordinal)).Lines[0].TaxRate);
    }

    [Theory]
    [InlineData("both", "玄関前に置いてください\n店舗からの連絡欄")]
    [InlineData("customerContact", "店舗からの連絡欄")]
    public void Which_field_is_the_buyers_note_is_a_setting(string setting, string note)
    {
        ImmutableArray<string> fields = setting == "both" ? ["communication", "customerContact"] : [setting];

        Assert.Equal(note, Read(Recorded, Usual with { Note = fields }).BuyerNote);
    }

    [Theory]
    [InlineData("\"date\":\"2026-04-01T09:08:07\"", "\"date\":\"2026-13-45T99:00:00\"", "date")]
    [InlineData("\"grandTotal\":6558", "\"grandTotal\":\"6,558円\"", "grandTotal")]
    [InlineData("\"grandTotal\":6558", "\"grandTotal\":\"\"", "grandTotal")]
    [InlineData("\"count\":4", "\"count\":0", "count")]
    [InlineData("\"count\":4", "\"count\":1.5", "count")]
    [InlineData("\"price\":1527", "\"price\":null", "price")]
    [InlineData("\"shipmentList\"", "\"shipments\"", "shipmentList")]
    [InlineData("\"addressInfo\"", "\"address\"", "addressInfo")]
    [InlineData("\"buyerInfo\"", "\"buyer\"", "buyerInfo")]
    [InlineData("\"orderNo\":\"900000000103\"", "\"orderNo\":\"900000000104\"", "orderNo")]
    [InlineData("\"preferredDeliveryDate\":\"2026-04-05\"", "\"preferredDeliveryDate\":\"花の日\"", "preferredDeliveryDate")]
    [InlineData("\"lastName\":\"見本\"", "\"lastName\":\"\\ud800\"", "lastName")]
    public void What_cannot_be_read_is_named_by_its_field_and_never_by_its_value(string whole, string broken, string field)
    {
        var reading = Assert.IsType<OrderReading.Unreadable>(Reading(Recorded.Replace(whole, broken, StringComparison.Ordinal), Usual));

        Assert.Contains(field, reading.Expected, StringComparison.Ordinal);
        Assert.All(["花", "円", "99"], value => Assert.DoesNotContain(value, reading.Expected, StringComparison.Ordinal));
        Assert.False(reading.Raw.IsEmpty);
    }

    private static OrderSnapshot Changed(Action<JsonNode> change, FutureshopReadingOptions? options = null)
    {
        // A node refuses the key that the recording has twice.
        var order = JsonNode.Parse(Recorded.Replace(",\"sbpsTrackingId\":\"\"", "", StringComparison.Ordinal))!;
        change(order);
        return Read(order.ToJsonString(), options);
    }

    private static OrderSnapshot Read(string json, FutureshopReadingOptions? options = null) => Assert.IsType<OrderReading.Read>(Reading(json, options ?? Usual)).Order;

    private static OrderReading Reading(string json, FutureshopReadingOptions options)
    {
        var raw = Encoding.UTF8.GetBytes(json);
        return FutureshopMapper.ToReading(OrderCode.Parse("900000000103"), WireJson.TryParse(raw)!.Value, raw, options);
    }
}
