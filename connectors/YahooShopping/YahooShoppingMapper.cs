using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Connectors.Wire;
using Domain.Marketplaces;
using Domain.Orders;

namespace Connectors.YahooShopping;

/// <summary>Their words to ours. Pure: no clock, no I/O.</summary>
internal static class YahooShoppingMapper
{
    /// <summary>One row of a list; null when not even its number can be read.</summary>
    public static ListedOrder? ToListed(XElement row) =>
        OrderCode.TryParse(row.Text("OrderId"), out var code) ? new ListedOrder(code, TokenOf(row), Reading: null) : null;

    public static OrderReading ToReading(OrderCode code, XElement order)
    {
        var raw = Encoding.UTF8.GetBytes(order.ToString(SaveOptions.DisableFormatting));
        var fields = new YahooShoppingFields(order);
        if (order.Text("OrderId") != code.Value)
        {
            fields.Fault("the order that was asked for in OrderId");
        }

        var content = ToOrder(code, fields);
        return fields.Faults.Count == 0 ? new OrderReading.Read(content, raw) : new OrderReading.Unreadable(code, string.Join("; ", fields.Faults), raw);
    }

    /// <summary>The number that the marketplace holds, once it counts the order as shipped; null = none.</summary>
    public static ReportedShipment? ReportedOf(XElement order)
    {
        var ship = order.Element("Ship");
        return ship is not null && ship.Text("ShipStatus") is "3" or "4" && ship.Text("ShipInvoiceNumber1") is { Length: > 0 } number
            ? new ReportedShipment(ship.Text("ShipCompanyCode"), number, JapaneseText.TryDay(ship.Text("ShipDate"), out var day) ? day : null)
            : null;
    }

    public static MarketplaceStanding StandingOf(XElement order) => YahooShoppingStanding.Of(order);

    /// <summary>The same whichever lane shows the order. States and times only.</summary>
    private static string TokenOf(XElement row) => string.Join('|', ((string[])
        ["LastUpdateTime", "OrderStatus", "PayStatus", "SettleStatus", "ShipStatus", "IsReadOnly", "IsSplit", "FraudHoldStatus"]).Select(row.Text));

    private static OrderSnapshot ToOrder(OrderCode code, YahooShoppingFields order)
    {
        var pay = order.Group("Pay");
        var ship = order.Group("Ship");
        var detail = order.Group("Detail");
        var items = order.Groups("Item");
        order.Needed("OrderStatus");
        pay.Needed("PayStatus");
        ship.Needed("ShipStatus");
        var lines = items.Select(ToLine).ToImmutableArray();
        return new OrderSnapshot
        {
            Code = code,
            PlacedAt = order.Time("OrderTime"),
            Standing = YahooShoppingStanding.Of(order.Element),
            RawStatus = YahooShoppingStanding.TextOf(order.Element),
            Buyer = ToParty(pay, "Bill", pay.Text("BillMailAddress"), emailIsRelay: order.Text("SocialGiftType") == "1"),
            Recipient = ToRecipient(ship),
            Lines = lines,
            Amounts = AmountsOf(order, detail, lines),
            Payment = new Payment(MethodOf(pay), YahooShoppingStanding.PaymentOf(pay.Element)),
            DeliveryText = ship.Needed("ShipMethodName") is { Length: > 0 } name ? name : ship.Text("ShipMethod"),
            RequestedDate = ship.Day("ShipRequestDate"),
            TimeSlotText = ship.Text("ShipRequestTime"),
            Gift = GiftOf(ship),
            BuyerNote = NoteOf(order, ship),
            Reported = ReportedOf(order.Element),
            MarketplaceHolds = YahooShoppingStanding.HoldsOf(order.Element),
        };
    }

    /// <summary>The code, because the name is the store's or the marketplace's text and changes; the name only where there is no code.</summary>
    private static string MethodOf(YahooShoppingFields pay) => pay.Needed("PayMethod") is { Length: > 0 } code ? code : pay.Text("PayMethodName");

    /// <summary>TotalPrice = items + wrapping + shipping + fee − discount − points − coupons ± adjustments. Store coupons are in the unit prices already.</summary>
    /// <remarks>Whether 商品券 and 特典の一部利用 are in UsePoint, and whether ShipCharge is before its coupon, their texts contradict themselves:
    /// each is taken off once more only if that is what makes the sum right.</remarks>
    private static OrderAmounts AmountsOf(YahooShoppingFields order, YahooShoppingFields detail, ImmutableArray<OrderLine> lines)
    {
        var adjustments = detail.Money("Adjustments");
        var extra = detail.Money("GiftCardDiscount") + detail.Money("TotalImmediateBonusAmount");
        var shippingCoupon = order.Money("ShippingCouponDiscount");
        detail.Needed("TotalPrice");
        var billed = detail.Money("TotalPrice");
        OrderAmounts With(decimal points, decimal coupon) => new(
            Items: new Yen(lines.Sum(l => l.UnitPrice.Amount * l.Quantity)),
            Shipping: new Yen(detail.Money("ShipCharge")),
            Fee: new Yen(detail.Money("PayCharge") + Math.Max(0, adjustments)),
            Wrapping: new Yen(detail.Money("GiftWrapCharge")),
            Discount: new Yen(detail.Money("Discount") + Math.Max(0, -adjustments)),
            Coupon: new Yen(detail.Money("TotalMallCouponDiscount") + coupon),
            Points: new Yen(detail.Money("UsePoint") + points),
            Total: null,
            Billed: new Yen(billed));

        var plain = With(0, 0);
        OrderAmounts[] readings = [plain, With(extra, 0), With(0, shippingCoupon), With(extra, shippingCoupon)];
        return readings.FirstOrDefault(r => r.Reckoned == r.Billed) ?? plain;
    }

    private static OrderLine ToLine(YahooShoppingFields item)
    {
        var (id, sub) = (item.Needed("ItemId"), item.Text("SubCode"));
        var quantity = item.Count("Quantity");
        item.Needed("UnitPrice");
        return new OrderLine(
            item.Needed("LineId"),
            sub.Length == 0 ? id : $"{id}:{sub}", // how their stock is named; a sub-code alone need not be unique
            item.Text("Title"),
            OptionsOf(item.Element),
            quantity,
            new Yen(item.Money("UnitPrice")),
            item.Text("IsTaxable") == "false" ? 0 : (int)item.Money("ItemTaxRatio"),
            quantity == 0 ? LineStanding.Cancelled : LineStanding.Open);
    }

    /// <summary>The chosen options and what is to be engraved; SubCodeOption, whose separator is not certain, only where there are no options.</summary>
    private static string OptionsOf(XElement item)
    {
        var parts = item.Elements("ItemOption").Concat(item.Elements("Inscription"))
            .Select(o => (Name: o.Text("Name"), Value: o.Text("Value")))
            .Where(o => o.Value.Length > 0)
            .Select(o => o.Name.Length == 0 ? o.Value : $"{o.Name}:{o.Value}")
            .ToArray();
        return parts.Length == 0 ? item.Text("SubCodeOption") : string.Join(" / ", parts);
    }

    /// <summary>Without these fields nothing can be sent there.</summary>
    private static Party ToRecipient(YahooShoppingFields ship)
    {
        foreach (var field in (string[])["ShipZipCode", "ShipPrefecture", "ShipCity", "ShipAddress1", "ShipPhoneNumber"])
        {
            ship.Needed(field);
        }

        return ToParty(ship, "Ship", "", emailIsRelay: false);
    }

    private static Party ToParty(YahooShoppingFields group, string who, string email, bool emailIsRelay) => new(
        Joined(group.Needed($"{who}LastName"), group.Text($"{who}FirstName")),
        Joined(group.Text($"{who}LastNameKana"), group.Text($"{who}FirstNameKana")),
        group.Text($"{who}ZipCode"), group.Text($"{who}Prefecture"), group.Text($"{who}City"), group.Text($"{who}Address1"), group.Text($"{who}Address2"),
        group.Text($"{who}PhoneNumber"), email, emailIsRelay);

    /// <summary>The buyer's comment, and what he answered to the store's own questions in the cart.</summary>
    private static string NoteOf(YahooShoppingFields order, YahooShoppingFields ship) => string.Join(
        '\n',
        ((string[])["1", "2"])
            .Select(n => (Question: ship.Text($"Option{n}Field"), Answer: ship.Text($"Option{n}Value")))
            .Where(option => option.Answer.Length > 0)
            .Select(option => option.Question.Length == 0 ? option.Answer : $"{option.Question}：{option.Answer}")
            .Prepend(order.Text("BuyerComments"))
            .Where(text => text.Length > 0));

    private static GiftRequest GiftOf(YahooShoppingFields ship)
    {
        var wrapping = ship.Text("NeedGiftWrap") == "true" ? ship.Text("GiftWrapType") is { Length: > 0 } type ? type : "あり" : "";
        var noshi = ship.Text("NeedGiftWrapPaper") == "true" ? Joined(ship.Text("GiftWrapPaperType") is { Length: > 0 } paper ? paper : "あり", ship.Text("GiftWrapName")) : "";
        var message = ship.Text("GiftWrapMessage");
        return new GiftRequest((wrapping + noshi + message).Length > 0, wrapping, noshi, message);
    }

    private static string Joined(string first, string second) => string.Join(' ', ((string[])[first, second]).Where(t => t.Length > 0));
}
