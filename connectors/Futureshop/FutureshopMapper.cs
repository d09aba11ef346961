using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Connectors.Wire;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Stores;

namespace Connectors.Futureshop;

/// <summary>Their orders to ours. Pure: no clock, no I/O. What cannot be read throws a <see cref="FormatException"/> that names the field, never the value.</summary>
internal static class FutureshopMapper
{
    /// <summary>A row of the search: number and version only, since notes, points and coupons come with the order itself. Null: not even the number can be read.</summary>
    public static ListedOrder? ToListed(JsonElement row)
    {
        try
        {
            return OrderCode.TryParse(row.Text("orderNo"), out var code) ? new ListedOrder(code, TokenOf(row), Reading: null) : null;
        }
        catch (FormatException)
        {
            return null; // the caller keeps the row as it came
        }
    }

    /// <summary>When the row's order was placed, where the row says it in a form that we know.</summary>
    public static DateTimeOffset? PlacedAtOf(JsonElement row)
    {
        try
        {
            return JapaneseText.TryTime(row.Text("date"), out var placed) ? placed : null;
        }
        catch (FormatException)
        {
            return null; // an order whose time is unclear is listed rather than left out
        }
    }

    /// <param name="raw">The answer as it came.</param>
    public static OrderReading ToReading(OrderCode code, JsonElement order, ReadOnlyMemory<byte> raw, FutureshopReadingOptions options)
    {
        try
        {
            return order.Text("orderNo") == code.Value
                ? new OrderReading.Read(ToOrder(code, order, options), raw)
                : new OrderReading.Unreadable(code, "the order that was asked for in orderNo", raw);
        }
        catch (FormatException unreadable)
        {
            return new OrderReading.Unreadable(code, unreadable.Message, raw);
        }
    }

    /// <summary>The numbers that the marketplace holds.</summary>
    public static ImmutableArray<ReportedShipment> ReportedOf(JsonElement order)
    {
        var shipments = FutureshopStanding.Shipments(order);
        return [.. shipments.Select(s => ReportedOf(s, shipments.Count > 1 ? s.Text("shipmentNo") : "")).OfType<ReportedShipment>()];
    }

    /// <summary>States, and a hash of the row because the search shows no version.</summary>
    private static string TokenOf(JsonElement row)
    {
        var shipped = FutureshopStanding.Shipments(row).Select(s => FutureshopStanding.IsShipped(s) ? '1' : '0');
        var content = Convert.ToHexStringLower(SHA256.HashData(row.ToBytes()).AsSpan(0, 8));
        return $"{row.Text("status")}|{row.Text("receiptDate")}|{string.Concat(shipped)}|{content}";
    }

    private static OrderSnapshot ToOrder(OrderCode code, JsonElement order, FutureshopReadingOptions options)
    {
        var buyer = order.Group("buyerInfo") ?? throw new FormatException("buyerInfo");
        var shipments = FutureshopStanding.Shipments(order);
        if (shipments.Count == 0)
        {
            throw new FormatException("shipmentList with at least one recipient");
        }

        var withOptions = OptionsAreExtra(order, shipments);
        var destinations = shipments.Select(s => ToDestination(s, order, withOptions)).ToImmutableArray();
        if (destinations.Select(d => d.Destination.Id).Distinct().Count() < destinations.Length)
        {
            throw new FormatException("a shipmentNo of its own for each recipient");
        }

        var (first, lines) = (destinations[0].Destination, destinations.SelectMany(d => d.Lines).ToImmutableArray());
        return new OrderSnapshot
        {
            Code = code,
            PlacedAt = JapaneseText.TryTime(order.Text("date"), out var placed) ? placed : throw new FormatException("date as yyyy-MM-ddTHH:mm:ss"),
            Standing = FutureshopStanding.Of(order, options),
            RawStatus = order.Text("status"),
            Buyer = ToParty(buyer, buyer.Text("telNoMain", "telNoAlternate", "companyTelNo"), buyer.Text("mail", "mobileMail")),
            Recipient = first.Recipient,
            Lines = lines,
            Amounts = AmountsOf(order, lines),
            Payment = new Payment(order.Text("paymentType"), FutureshopStanding.PaymentOf(order, options)),
            DeliveryText = first.DeliveryText,
            RequestedDate = first.RequestedDate,
            TimeSlotText = first.TimeSlotText,
            Gift = first.Gift,
            BuyerNote = string.Join("\n", options.Note.Select(f => order.Text(f)).Where(t => t.Length > 0)),
            Reported = destinations.Length == 1 ? first.Reported : null,
            MarketplaceHolds = FutureshopStanding.HoldsOf(order),
            Destinations = destinations.Length == 1 ? [] : [.. destinations.Select(d => d.Destination)],
            Temperature = destinations.Max(d => d.Destination.Temperature),
        };
    }

    private static (Destination Destination, ImmutableArray<OrderLine> Lines) ToDestination(JsonElement shipment, JsonElement order, bool withOptions)
    {
        var id = shipment.Text("shipmentNo") is { Length: > 0 and <= 9 } number && number.All(char.IsAsciiDigit) ? number : throw new FormatException("shipmentNo of a recipient");
        var address = shipment.Group("addressInfo") ?? throw new FormatException("addressInfo of a recipient");
        var standing = FutureshopStanding.IsShipped(shipment) ? LineStanding.Shipped : LineStanding.Open;
        var products = shipment.List("productList") is { Count: > 0 } list ? list : throw new FormatException("productList with at least one product");
        var lines = products.Select((p, i) => ToLine($"{id}-{(i + 1).ToString(CultureInfo.InvariantCulture)}", p, order, withOptions, standing)).ToImmutableArray();
        var wish = FutureshopStanding.Fact(shipment, "preferredDeliveryDate");
        var label = FutureshopStanding.Fact(shipment, "giftWrappingLabel");
        var noshi = label.Contains("のし", StringComparison.Ordinal) || label.Contains("熨斗", StringComparison.Ordinal);
        return (
            new Destination(
                id,
                ToParty(address, address.Text("phoneNo", "telNoMain"), ""),
                [.. lines.Select(l => l.LineId)],
                FutureshopStanding.Fact(shipment, "deliveryServiceName"),
                wish.Length == 0 ? null : JapaneseText.TryDay(wish, out var day) ? day : throw new FormatException("a day in preferredDeliveryDate"),
                FutureshopStanding.Fact(shipment, "preferredDeliveryTime"),
                label.Length > 0 || Money(shipment, "giftWrappingCharge") > 0 ? new GiftRequest(true, label, noshi ? label : "", "") : GiftRequest.None,
                FutureshopStanding.Fact(shipment, "isCoolDelivery") is "true" or "1" ? Temperature.Chilled : Temperature.Normal,
                ReportedOf(shipment, id)),
            lines);
    }

    private static OrderLine ToLine(string id, JsonElement product, JsonElement order, bool withOptions, LineStanding standing) => new(
        id,
        product.Text("skuNo", "productNo", "janCode"),
        product.Text("name"),
        OptionOf(product),
        CountOf(product),
        new Yen(UnitPriceOf(product, withOptions)),
        RateOf(product.Text("taxRateCode"), order),
        standing);

    private static string OptionOf(JsonElement product)
    {
        var choices = (product.List("optionList") ?? []).Select(o => $"{o.Text("name")}:{o.Text("selectionItem")}")
            .Concat((product.List("optionPriceList") ?? []).Select(o => $"{o.Text("name")}:{o.Text("selectionName")}"));
        return string.Join(" / ", ((string[])[product.Text("verticalVariationName"), product.Text("horizontalVariationName"), product.Text("hanpukaiName"), .. choices]).Where(t => t.Length > 0));
    }

    private static int CountOf(JsonElement product) =>
        int.TryParse(product.Text("count"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= 100_000
            ? count
            : throw new FormatException("count of a product as a whole number above 0");

    /// <summary>Tax included, also where the product is registered without it (TAX_EXCLUDED): so in every sample.</summary>
    private static decimal UnitPriceOf(JsonElement product, bool withOptions) =>
        Needed(product, "price") + (withOptions ? OptionPrices(product) : 0);

    private static decimal OptionPrices(JsonElement product) => (product.List("optionPriceList") ?? []).Sum(o => Money(o, "price"));

    /// <summary>Whether price contains what chosen options cost is not documented: the sum of the goods tells.</summary>
    private static bool OptionsAreExtra(JsonElement order, IReadOnlyList<JsonElement> shipments)
    {
        var products = shipments.SelectMany(s => s.List("productList") ?? []).ToArray();
        var extra = products.Sum(p => OptionPrices(p) * CountOf(p));
        return extra != 0 && products.Sum(p => Needed(p, "price") * CountOf(p)) + extra == Money(order, "productTotal");
    }

    private static int RateOf(string code, JsonElement order) => code switch
    {
        "STANDARD" => Percent(order.Text("standardTaxRate", "standardTax"), 10),
        "REDUCED" => Percent(order.Text("reducedTaxRate", "reducedTax"), 8),
        _ => 0,
    };

    private static int Percent(string text, int usual) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate) && rate is > 0 and < 100 && rate == decimal.Truncate(rate) ? (int)rate : usual;

    /// <summary>grandTotal = goods + shipping (with the chilled fee) + payment fee + wrapping − discounts − coupons − points. Discounts may come with either sign.</summary>
    private static OrderAmounts AmountsOf(JsonElement order, ImmutableArray<OrderLine> lines) => new(
        Items: new Yen(lines.Sum(l => l.UnitPrice.Amount * l.Quantity)),
        Shipping: new Yen(Money(order, "postage") + Money(order, "coolDeliveryChargeTotal")),
        Fee: new Yen(Money(order, "paymentChargeTotal")),
        Wrapping: new Yen(Money(order, "giftWrappingChargeTotal")),
        Discount: new Yen(Math.Abs(Money(order, "volumeDiscountTotal")) + Math.Abs(Money(order, "bundleDiscountTotal"))),
        Coupon: new Yen(Math.Abs(Money(order, "productCouponDiscountTotal")) + Math.Abs(Money(order, "postageCouponDiscountTotal"))),
        Points: new Yen(Math.Abs(Money(order, "usedPointPrice"))),
        Total: null,
        Billed: new Yen(Needed(order, "grandTotal")));

    private static decimal Needed(JsonElement parent, string field) =>
        parent.Text(field).Length > 0 ? Money(parent, field) : throw new FormatException($"an amount in {field}");

    /// <summary>An amount as a number, as text, or as nothing.</summary>
    private static decimal Money(JsonElement parent, string field) =>
        JapaneseText.TryMoney(parent.Text(field), out var amount) ? amount : throw new FormatException($"an amount in {field}");

    private static Party ToParty(JsonElement person, string phone, string email) => new(
        $"{person.Text("lastName")} {person.Text("firstName")}".Trim(),
        $"{person.Text("lastNameKana")} {person.Text("firstNameKana")}".Trim(),
        person.Text("zipCode", "postalCode"),
        FutureshopPrefectures.Find(person.Text("prefecture")) ?? person.Text("prefecture"),
        person.Text("address1"),
        person.Text("address2"),
        person.Text("address3"),
        phone,
        email);

    private static ReportedShipment? ReportedOf(JsonElement shipment, string destination) =>
        FutureshopStanding.Fact(shipment, "invoiceNo") is { Length: > 0 } number
            ? new ReportedShipment(
                FutureshopStanding.Fact(shipment, "deliveryServiceName"), number,
                JapaneseText.TryDay(FutureshopStanding.Fact(shipment, "shippingDate"), out var day) ? day : null, destination)
            : null;
}
