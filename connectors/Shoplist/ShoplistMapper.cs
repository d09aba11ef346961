using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Connectors.Wire;
using Domain.Marketplaces;
using Domain.Orders;

namespace Connectors.Shoplist;

/// <summary>Their orders to ours, by the field names and words of the store's settings. Every order that is ours to ship is incomplete (処理待ち). Pure: no clock, no I/O.</summary>
internal static class ShoplistMapper
{
    /// <summary>Behind the marketplace's own words where SHOPLIST ships the order itself: the reason that staff reads.</summary>
    public const string NotOurs = "SHOPLISTの倉庫から出荷されるため、出荷しません";

    private static readonly Party Nobody = new("", "", "", "", "", "", "", "", "");

    /// <summary>One row of the list; null when not even its number can be read.</summary>
    public static ListedOrder? ToListed(JsonElement row, FieldNames names)
    {
        if (row.ValueKind is not JsonValueKind.Object || !OrderCode.TryParse(new FieldReader(row, names, []).Text("order-code"), out var code))
        {
            return null;
        }

        var raw = RawOf(row);
        var faults = new List<string>();
        var content = ToOrder(code, new FieldReader(row, names, faults), names);
        return new ListedOrder(
            code,
            Convert.ToHexStringLower(SHA256.HashData(raw).AsSpan(0, 8)), // the list shows no version
            faults.Count == 0 ? new OrderReading.Read(content, raw) : new OrderReading.Unreadable(code, string.Join("; ", faults.Distinct()), raw));
    }

    public static byte[] RawOf(JsonElement order) => Encoding.UTF8.GetBytes(order.GetRawText());

    private static OrderSnapshot ToOrder(OrderCode code, FieldReader order, FieldNames names)
    {
        var lines = order.Objects("lines").Select(ToLine).ToImmutableArray();
        if (lines.IsEmpty)
        {
            order.Fault("lines", "a line of goods");
        }

        var (status, kind) = (order.Text("status"), order.Needed("delivery-kind"));
        var standing = StandingOf(status, kind, names);
        var items = new Yen(lines.Sum(l => l.UnitPrice.Amount * l.Quantity));
        return new OrderSnapshot
        {
            Code = code,
            PlacedAt = order.Time("placed-at"),
            Standing = standing,
            RawStatus = standing is MarketplaceStanding.Shipped ? $"{kind}（{NotOurs}）" : $"{status} {kind}".Trim(),
            Buyer = Nobody,
            Recipient = Nobody,
            Lines = lines,
            Amounts = new OrderAmounts(items, Yen.Zero, Yen.Zero, Yen.Zero, Yen.Zero, Yen.Zero, Yen.Zero, null, items),
            Payment = new Payment("", PaymentStanding.Secured), // the buyer pays SHOPLIST
            DeliveryText = kind,
            MarketplaceHolds = standing is MarketplaceStanding.InReview ? [new Hold(HoldReason.UnknownStatus, $"{status} {kind}".Trim())] : [],
            Incomplete = true,
        };
    }

    /// <summary>Only what is said to be 通常配送 is ours; a kind or a status that no setting knows waits for a person.</summary>
    private static MarketplaceStanding StandingOf(string status, string kind, FieldNames names) =>
        names.IsAmong(status, "words-cancelled") ? MarketplaceStanding.Cancelled
        : names.IsAmong(kind, "words-marketplace-ships") ? MarketplaceStanding.Shipped
        : names.IsAmong(kind, "words-shop-ships") && (status.Length == 0 || names.IsAmong(status, "words-open")) ? MarketplaceStanding.Ready
        : MarketplaceStanding.InReview;

    private static OrderLine ToLine(FieldReader line, int place) => new(
        line.Text("line-id") is { Length: > 0 } id ? id : (place + 1).ToString(System.Globalization.CultureInfo.InvariantCulture),
        line.Needed("sku"),
        line.Text("title"),
        line.Text("option"),
        line.Quantity("quantity"),
        new Yen(line.Money("unit-price")),
        line.TaxRate("tax-rate"));
}
