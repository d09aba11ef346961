using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Xml.Linq;
using Connectors.Wire;
using Domain.Marketplaces;
using Domain.Orders;

namespace Connectors.AuPayMarket;

/// <summary>Their words to ours. Pure: no clock, no I/O.</summary>
internal static class AuPayMarketMapper
{
    /// <summary>One <c>orderInfo</c> of a list; null when not even its number can be read.</summary>
    public static ListedOrder? ToListed(XElement order)
    {
        if (!OrderCode.TryParse(order.Text("orderId"), out var code))
        {
            return null;
        }

        var raw = order.ToBytes();
        return new ListedOrder(code, TokenOf(order, raw), ToReading(code, order, raw));
    }

    public static OrderReading ToReading(OrderCode code, XElement order) => ToReading(code, order, order.ToBytes());

    private static OrderReading ToReading(OrderCode code, XElement order, byte[] raw)
    {
        var faults = new List<string>();
        var content = ToOrder(code, order, faults);
        return faults.Count == 0 ? new OrderReading.Read(content, raw) : new OrderReading.Unreadable(code, string.Join("; ", faults), raw);
    }

    /// <summary>Its status, and a hash of the content because the list shows no version: an address or a delivery day may change while no status does.</summary>
    private static string TokenOf(XElement order, byte[] raw) =>
        $"{order.Text("orderStatus")};{Convert.ToHexStringLower(SHA256.HashData(raw).AsSpan(0, 8))}";

    private static OrderSnapshot ToOrder(OrderCode code, XElement order, List<string> faults)
    {
        decimal Money(XElement of, string field)
        {
            if (!JapaneseText.TryMoney(of.Text(field), out var amount))
            {
                faults.Add($"an amount in {field}");
            }

            return amount;
        }

        decimal NeededMoney(XElement of, string field)
        {
            if (of.Text(field).Length == 0)
            {
                faults.Add($"an amount in {field}");
            }

            return Money(of, field);
        }

        string Needed(string field)
        {
            if (order.Element(field) is null)
            {
                faults.Add($"an element {field}");
            }

            return order.Text(field);
        }

        if (!JapaneseText.TryTime(order.Text("orderDate"), out var placed))
        {
            faults.Add("a time yyyy/MM/dd HH:mm in orderDate");
        }

        DateOnly? requested = null;
        if (order.Text("deliveryRequestDay") is { Length: > 0 } wish)
        {
            if (JapaneseText.TryDay(wish, out var day))
            {
                requested = day;
            }
            else
            {
                faults.Add("a day in deliveryRequestDay");
            }
        }

        var details = order.Elements("detail").ToArray();
        if (details.Length == 0)
        {
            faults.Add("an element detail");
        }

        var lines = details.Select((d, i) => ToLine(d, i, NeededMoney(d, "itemPrice"), faults)).ToImmutableArray();
        var status = Needed("orderStatus");
        var points = Money(order, "usePoint") + Money(order, "useAuPointPrice");
        var coupon = Money(order, "couponTotalPrice");
        var total = NeededMoney(order, "totalPrice");
        var holds = HoldsOf(order, status);
        return new OrderSnapshot
        {
            Code = code,
            PlacedAt = placed,
            Standing = StandingOf(order, status),
            RawStatus = status,
            Buyer = ToParty(order, "orderer", Needed("ordererName"), order.Text("rawMailAddress") is { Length: > 0 } own ? (own, false) : (order.Text("mailAddress"), true)),
            Recipient = ToParty(order, "sender", Needed("senderName"), ("", false)), // "sender" is their word for the recipient (送付先)
            Lines = lines,
            Amounts = new OrderAmounts(
                new Yen(Money(order, "totalSalePrice")),
                new Yen(Money(order, "postagePrice")),
                new Yen(Money(order, "chargePrice") + Money(order, "totalItemOptionPrice")),
                new Yen(Money(order, "totalGiftWrappingPrice")),
                Yen.Zero,
                new Yen(coupon),
                new Yen(points),
                new Yen(total),
                new Yen(order.Text("requestPrice").Length == 0 ? total - coupon - points : Money(order, "requestPrice"))),
            Payment = new Payment(order.Text("settlementName"), PaymentOf(order, status)),
            DeliveryText = order.Text("deliveryName") is { Length: > 0 } delivery ? delivery : order.Text("deliveryMethodId"),
            RequestedDate = requested,
            TimeSlotText = order.Text("deliveryRequestTime"),
            Gift = GiftOf(details),
            BuyerNote = NoteOf(order),
            Reported = ReportedOf(order),
            MarketplaceHolds = holds,
        };
    }

    /// <summary>The number that the marketplace holds; null = none.</summary>
    public static ReportedShipment? ReportedOf(XElement order) => order.Text("shippingNumber") is { Length: > 0 } number
        ? new ReportedShipment(order.Text("shippingCarrier"), number, JapaneseText.TryDay(order.Text("shippingDate"), out var day) ? day : null)
        : null;

    public static MarketplaceStanding StandingOf(XElement order, string status)
    {
        if (order.Text("cancelStatus") == "Y")
        {
            return MarketplaceStanding.Cancelled;
        }

        return status switch
        {
            "キャンセル" => MarketplaceStanding.Cancelled,
            "キャンセル受付中" => MarketplaceStanding.CancelRequested,
            "発送前入金待ち" or "与信待ち" => MarketplaceStanding.AwaitingPayment,
            "保留" or "不正取引審査中" or "審査保留" or "審査NG" => MarketplaceStanding.InReview,
            "新規予約" or "予約中" => MarketplaceStanding.Reserved,
            "発送後入金待ち" => MarketplaceStanding.Shipped,
            "完了" => MarketplaceStanding.Completed,
            "新規受付" or "発送待ち" => MarketplaceStanding.Ready,
            _ => MarketplaceStanding.InReview, // a status of the shop's own: a person must say what it means
        };
    }

    private static ImmutableArray<Hold> HoldsOf(XElement order, string status) =>
        order.Text("senderShopCD") is { Length: > 0 } shop && StandingOf(order, status) is not MarketplaceStanding.Cancelled
            ? [.. StatusHoldsOf(order, status), new Hold(HoldReason.SuspiciousAddress, $"店舗受取（店舗コード {shop}）")]
            : StatusHoldsOf(order, status);

    private static ImmutableArray<Hold> StatusHoldsOf(XElement order, string status) =>
        status is "新規受付" or "発送待ち" or "発送前入金待ち" or "与信待ち" or "発送後入金待ち" or "完了" or "保留" or "キャンセル"
            or "新規予約" or "予約中" or "不正取引審査中" or "審査保留" or "審査NG" or "キャンセル受付中"
            || order.Text("cancelStatus") == "Y"
                ? []
                : [new Hold(HoldReason.UnknownStatus, status)];

    /// <summary>お客様コメント, and what the buyer chose for the whole order (注文オプション): both are for a person to read before anything ships.</summary>
    private static string NoteOf(XElement order)
    {
        var option = order.Text("orderOption") is { Length: > 0 } chosen ? $"注文オプション：{chosen}" : "";
        return string.Join('\n', ((string[])[order.Text("userComment"), option]).Where(t => t.Length > 0));
    }

    private static PaymentStanding PaymentOf(XElement order, string status)
    {
        if (order.Text("settlementName") is var method && (method.Contains("代金引換", StringComparison.Ordinal) || method.Contains("代引", StringComparison.Ordinal)))
        {
            return PaymentStanding.AfterDelivery;
        }

        // A card or wallet that has passed its check is as good as paid; it is captured with the shipment.
        return order.Text("paymentStatus") == "Y" || order.Text("authorizationStatus") == "Y" || status is "発送待ち" or "発送後入金待ち" or "完了"
            ? PaymentStanding.Secured
            : PaymentStanding.Unpaid;
    }

    private static Party ToParty(XElement order, string who, string name, (string Address, bool Relay) mail)
    {
        var (prefecture, rest) = JapaneseText.SplitPrefecture(order.Text($"{who}Address"));
        var parts = rest.Split([' ', '　'], 3, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new Party(
            name, order.Text($"{who}Kana"), order.Text($"{who}ZipCode"), prefecture, parts.ElementAtOrDefault(0) ?? "", parts.ElementAtOrDefault(1) ?? "", parts.ElementAtOrDefault(2) ?? "",
            order.Text($"{who}PhoneNumber1") is { Length: > 0 } phone ? phone : order.Text($"{who}PhoneNumber2"), mail.Address, mail.Relay);
    }

    private static OrderLine ToLine(XElement detail, int place, decimal price, List<string> faults)
    {
        if (!int.TryParse(detail.Text("unit"), NumberStyles.None, CultureInfo.InvariantCulture, out var quantity))
        {
            faults.Add("a number in unit");
        }

        var id = detail.Text("orderDetailId");
        return new OrderLine(
            id.Length == 0 ? (place + 1).ToString(CultureInfo.InvariantCulture) : id,
            detail.Text("itemCode") + detail.Text("itemManagementId"), // 商品コード + 商品管理コード names the stock
            detail.Text("itemName"),
            OptionOf(detail),
            quantity,
            new Yen(price),
            detail.Text("taxRate").Length == 0 && detail.Text("reducedTax") == "1" ? 8 : TaxOf(detail.Text("taxRate")),
            detail.Text("itemCancelStatus") == "Y" ? LineStanding.Cancelled : LineStanding.Open);
    }

    /// <summary>The choices, and the options that cost extra (名入れ and the like).</summary>
    private static string OptionOf(XElement detail)
    {
        var extra = detail.Elements("itemOptionCommissions").SelectMany(
            option => option.Elements("itemOptionCommissionVal"),
            (option, value) => string.Join(':', ((string[])[option.Text("itemOptionCommissionTitle"), value.Text("itemOptionCommission")]).Where(t => t.Length > 0)));
        return string.Join(" / ", extra.Prepend(detail.Text("itemOption")).Where(t => t.Length > 0));
    }

    /// <summary>Written <c>10</c>, <c>10.0</c> or <c>0.1</c>; 0 = none, or nothing that can be a rate.</summary>
    private static int TaxOf(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate) && rate is >= 0 and <= 100
            ? (int)(rate < 1 ? rate * 100 : rate)
            : 0;

    private static GiftRequest GiftOf(XElement[] details)
    {
        var wrapping = string.Join('/', details.Select(d => d.Text("giftWrappingType")).Where(t => t.Length > 0).Distinct());
        var noshi = string.Join('/', details.Select(NoshiOf).Where(t => t.Length > 0).Distinct());
        var message = string.Join('/', details.Select(d => d.Text("giftMessage")).Where(t => t.Length > 0).Distinct());
        return new GiftRequest((wrapping + noshi + message).Length > 0, wrapping, noshi, message);
    }

    /// <summary>The kind and the names on it (名入れ): a noshi without its name would be the wrong one.</summary>
    private static string NoshiOf(XElement detail)
    {
        var names = string.Join('・', ((string[])["noshiPresenterName1", "noshiPresenterName2", "noshiPresenterName3"]).Select(detail.Text).Where(t => t.Length > 0));
        return names.Length == 0 ? detail.Text("noshiType") : $"{detail.Text("noshiType")}（{names}）";
    }
}
