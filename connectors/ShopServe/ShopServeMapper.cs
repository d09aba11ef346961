using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Connectors.Wire;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Stores;

namespace Connectors.ShopServe;

/// <summary>Their orders to ours, by the field names and words of the store's settings. Pure: no clock, no I/O.</summary>
internal static class ShopServeMapper
{
    /// <summary>One row of the list; null when not even its number can be read.</summary>
    public static ListedOrder? ToListed(JsonElement row, FieldNames names) =>
        CodeOf(row, names) is { } code ? new ListedOrder(code, TokenOf(row), ToReading(code, row, names)) : null;

    public static OrderReading ToReading(OrderCode code, JsonElement order, FieldNames names)
    {
        var faults = new List<string>();
        var content = ToOrder(code, new FieldReader(order, names, faults), names);
        return faults.Count == 0 ? new OrderReading.Read(content, RawOf(order)) : new OrderReading.Unreadable(code, string.Join("; ", faults.Distinct()), RawOf(order));
    }

    public static OrderCode? CodeOf(JsonElement row, FieldNames names) =>
        row.ValueKind is JsonValueKind.Object && OrderCode.TryParse(new FieldReader(row, names, []).Text("order-code"), out var code) ? code : null;

    public static byte[] RawOf(JsonElement order) => Encoding.UTF8.GetBytes(order.GetRawText());

    public static MarketplaceStanding StandingOf(JsonElement order, FieldNames names) => StandingOf(new FieldReader(order, names, []), names);

    /// <summary>The numbers that the service holds, one a destination that has one.</summary>
    public static ImmutableArray<ReportedShipment> ReportedOf(JsonElement order, FieldNames names) =>
        [.. DestinationsOf(new FieldReader(order, names, [])).Select(ReportedOf).OfType<ReportedShipment>()];

    /// <summary>A hash of the content: the list shows no version, and an address may change while no status does.</summary>
    private static string TokenOf(JsonElement row) => Convert.ToHexStringLower(SHA256.HashData(RawOf(row)).AsSpan(0, 8));

    private static OrderSnapshot ToOrder(OrderCode code, FieldReader order, FieldNames names)
    {
        var destinations = DestinationsOf(order);
        if (destinations.Count == 0)
        {
            order.Fault("destinations", "a destination");
            destinations = [order];
        }

        var lines = LinesOf(destinations);
        if (lines.Any(l => l.IsEmpty))
        {
            order.Fault("lines", "a line of goods");
        }

        var first = destinations[0];
        var total = order.NeededMoney("total");
        var (coupon, points, discount) = (order.Money("coupon"), order.Money("points"), order.Money("discount"));
        var several = destinations.Count > 1;
        var unknown = UnknownOf(order, names);
        return new OrderSnapshot
        {
            Code = code,
            PlacedAt = order.Time("placed-at"),
            Standing = StandingOf(order, names),
            RawStatus = string.Join(' ', new[] { order.Text("order-status"), order.Text("settled"), order.Text("paid"), order.Needed("status") }.Where(t => t.Length > 0)),
            Buyer = PartyOf(order, "buyer"),
            Recipient = PartyOf(first, "recipient"),
            Lines = [.. lines.SelectMany(l => l)],
            Amounts = new OrderAmounts(
                new Yen(order.Money("items")), new Yen(order.Money("shipping-fee")), new Yen(order.Money("payment-fee")), new Yen(order.Money("wrapping-fee")),
                new Yen(discount), new Yen(coupon), new Yen(points), new Yen(total),
                new Yen(order.Text("billed").Length == 0 ? total - discount - coupon - points : order.Money("billed"))),
            Payment = new Payment(
                order.Text("payment"),
                names.IsAmong(order.Text("paid"), "words-paid") || names.IsAmong(order.Text("settled"), "words-settled") ? PaymentStanding.Secured : PaymentStanding.Unpaid),
            DeliveryText = names.Setting("default-delivery"), // their order names none that a shop could rely on: all get the store's own
            RequestedDate = first.Day("requested-date"),
            TimeSlotText = first.Text("time-slot"),
            Gift = GiftOf(first),
            BuyerNote = order.Text("buyer-note"),
            Reported = ReportedOf(first),
            MarketplaceHolds = [.. unknown, .. several ? [new Hold(HoldReason.SeveralDestinations)] : Array.Empty<Hold>()],
            Destinations = several ? [.. destinations.Zip(lines, (d, l) => ToDestination(d, l, names))] : [],
            Temperature = TemperatureOf(destinations, names),
        };
    }

    /// <summary>An order whose destinations have no path in the settings is its own only one.</summary>
    private static IReadOnlyList<FieldReader> DestinationsOf(FieldReader order) => order.IsNamed("destinations") ? order.Objects("destinations") : [order];

    private static Destination ToDestination(FieldReader destination, ImmutableArray<OrderLine> lines, FieldNames names) => new(
        destination.Needed("destination-id"), PartyOf(destination, "recipient"), [.. lines.Select(l => l.LineId)], names.Setting("default-delivery"),
        destination.Day("requested-date"), destination.Text("time-slot"), GiftOf(destination), TemperatureOf([destination], names), ReportedOf(destination));

    /// <summary>The lines of each destination. Where a number stands twice, the destination's is put in front, or a place where it has none.</summary>
    private static ImmutableArray<OrderLine>[] LinesOf(IReadOnlyList<FieldReader> destinations)
    {
        var lines = destinations.Select(d => d.Objects("lines").Select(ToLine).ToArray()).ToArray();
        var ids = lines.SelectMany(l => l).Select(l => l.LineId).ToArray();
        var unique = ids.All(id => id.Length > 0) && ids.Distinct(StringComparer.Ordinal).Count() == ids.Length;
        return [.. lines.Select((l, d) => l.Select((line, i) => unique ? line : line with { LineId = $"{d + 1}-{i + 1}" }).ToImmutableArray())];
    }

    private static OrderLine ToLine(FieldReader line) => new(
        line.Text("line-id"),
        line.Needed("sku") + line.Text("sku-branch"), // 商品番号 + 商品枝番号 names the stock
        line.Text("title"),
        line.Text("option"),
        line.Quantity("quantity"),
        new Yen(line.NeededMoney("unit-price")),
        line.TaxRate("tax-rate"));

    private static MarketplaceStanding StandingOf(FieldReader order, FieldNames names) =>
        names.IsAmong(order.Text("order-status"), "words-cancelled") ? MarketplaceStanding.Cancelled
        : names.IsAmong(order.Text("status"), "words-shipped") ? MarketplaceStanding.Shipped
        : UnknownOf(order, names).IsEmpty ? MarketplaceStanding.Ready
        : MarketplaceStanding.InReview;

    /// <summary>A status word that no setting knows: a person must say what it means before anything ships.</summary>
    private static ImmutableArray<Hold> UnknownOf(FieldReader order, FieldNames names)
    {
        var (own, shipping) = (order.Text("order-status"), order.Text("status"));
        return own.Length > 0 && !names.IsAmong(own, "words-open") && !names.IsAmong(own, "words-cancelled") ? [new Hold(HoldReason.UnknownStatus, own)]
            : !names.IsAmong(shipping, "words-unshipped") && !names.IsAmong(shipping, "words-shipped") ? [new Hold(HoldReason.UnknownStatus, shipping)]
            : [];
    }

    private static ReportedShipment? ReportedOf(FieldReader destination) => destination.Text("tracking-number") is { Length: > 0 } number
        ? new ReportedShipment(destination.Text("delivery-company"), number, destination.Day("shipped-date"))
        : null;

    private static Temperature TemperatureOf(IEnumerable<FieldReader> destinations, FieldNames names)
    {
        var words = destinations.SelectMany(d => d.Objects("lines")).Select(l => l.Text("temperature")).ToArray();
        return words.Any(w => names.IsAmong(w, "words-frozen")) ? Temperature.Frozen
            : words.Any(w => names.IsAmong(w, "words-chilled")) ? Temperature.Chilled
            : Temperature.Normal;
    }

    private static GiftRequest GiftOf(FieldReader destination)
    {
        var (wrapping, noshi, message) = (destination.Mark("wrapping"), destination.Mark("noshi"), destination.Text("gift-message"));
        return new GiftRequest((wrapping + noshi + message).Length > 0, wrapping, noshi, message);
    }

    private static Party PartyOf(FieldReader of, string who)
    {
        var (prefecture, city) = (of.Text($"{who}-prefecture"), of.Text($"{who}-city"));
        if (prefecture.Length == 0 && of.Text($"{who}-address") is { Length: > 0 } whole)
        {
            (prefecture, city) = JapaneseText.SplitPrefecture(whole);
        }

        return new Party(
            of.Needed($"{who}-name"), of.Text($"{who}-kana"), of.Text($"{who}-postal-code"), prefecture, city, of.Text($"{who}-street"), of.Text($"{who}-building"),
            of.Text($"{who}-phone"), who == "buyer" ? of.Text("buyer-email") : "");
    }
}
