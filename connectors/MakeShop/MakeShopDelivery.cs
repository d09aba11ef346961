using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Connectors.Wire;
using Domain.Orders;

namespace Connectors.MakeShop;

/// <summary>One of an order's <c>deliveryInfos</c>: a recipient and what goes there.</summary>
/// <param name="PrefectureDoubt">See <see cref="MakeShopPrefectures.Doubt"/>.</param>
internal sealed record MakeShopDelivery(
    string Id, string Status, Party Recipient, string? PrefectureDoubt, ImmutableArray<OrderLine> Lines, decimal Shipping, string DeliveryText, DateOnly? RequestedDate, string TimeSlotText,
    GiftRequest Gift, string Note, ReportedShipment? Reported)
{
    /// <summary>How they write that there is no date.</summary>
    public const string Nothing = "--";

    /// <summary>A product's codes, the nearest to the stock first.</summary>
    private static readonly string[] Codes = ["variationCustomCode", "productCustomCode", "productCode"];

    public static readonly MakeShopDelivery None =
        new("", "", new Party("", "", "", "", "", "", "", "", ""), null, [], 0, "", null, "", GiftRequest.None, "", null);

    /// <param name="place">Its place in the list, from 0, for what is said about it.</param>
    public static MakeShopDelivery Of(JsonElement delivery, int place, MakeShopWords words, List<string> faults)
    {
        string Needed(string field)
        {
            if (delivery.ValueKind is not JsonValueKind.Object || !delivery.TryGetProperty(field, out _))
            {
                faults.Add($"{field} in deliveryInfos[{Number(place)}]");
            }

            return delivery.Text(field);
        }

        var id = Needed("deliveryId");
        if (id.Length == 0)
        {
            faults.Add($"a deliveryId in deliveryInfos[{Number(place)}]");
        }

        DateOnly? requested = null;
        if (Said(delivery.Text("desiredDeliveryDate")) is { Length: > 0 } wish)
        {
            if (JapaneseText.TryDay(wish, out var day))
            {
                requested = day;
            }
            else
            {
                faults.Add($"a day in desiredDeliveryDate of deliveryInfos[{Number(place)}]");
            }
        }

        var status = Needed("deliveryStatus");
        var standing = words.Cancelled.Contains(status) ? LineStanding.Cancelled
            : words.Shipped.Contains(status) || words.Returned.Contains(status) ? LineStanding.Shipped
            : LineStanding.Open;
        var items = delivery.Items("basketInfos").ToArray();
        if (items.Length == 0)
        {
            faults.Add($"an entry in basketInfos of deliveryInfos[{Number(place)}]");
        }

        var prefecture = Needed("receiverPrefecture");
        var number = Said(delivery.Text("slipNumber"));
        return new MakeShopDelivery(
            id,
            status,
            new Party(
                Needed("receiverName"), "", Needed("receiverPost"), MakeShopPrefectures.Full(prefecture), Needed("receiverAddress"), delivery.Text("receiverAddress2"), "", delivery.Text("receiverTel"), ""),
            MakeShopPrefectures.Doubt(prefecture),
            [.. items.Select((item, i) => LineOf(item, $"{id}:{Number(i + 1)}", standing, words, faults))],
            Money(delivery, "shippingCharge", needed: false, faults),
            MethodOf(delivery, words),
            requested,
            Said(delivery.Text("desiredDeliveryTimezone")),
            GiftOf(items, words),
            BeforeBars(delivery.Text("deliveryMessage")),
            number.Length == 0 ? null : new ReportedShipment("", number, null));
    }

    /// <summary>The delivery id that a line's id begins with; null = it is no id of ours.</summary>
    public static string? IdOf(string lineId) => lineId.IndexOf(':', StringComparison.Ordinal) is > 0 and var end ? lineId[..end] : null;

    /// <summary>What follows the first double bar is the form's, not the buyer's.</summary>
    public static string BeforeBars(string text) => text.Split("||")[0].Trim();

    public static decimal Money(JsonElement of, string field, bool needed, List<string> faults)
    {
        var text = of.Text(field);
        var isMissing = of.Find(field) is { ValueKind: JsonValueKind.Object or JsonValueKind.Array } || (needed && text.Length == 0);
        if (!JapaneseText.TryMoney(text, out var amount) || isMissing)
        {
            faults.Add($"an amount in {field}");
            return 0;
        }

        return amount;
    }

    private static OrderLine LineOf(JsonElement item, string id, LineStanding standing, MakeShopWords words, List<string> faults)
    {
        if (!int.TryParse(item.Text("amount"), NumberStyles.None, CultureInfo.InvariantCulture, out var quantity) || quantity > 1_000_000)
        {
            faults.Add("a number in amount");
            quantity = 0;
        }

        var rate = TaxOf(Guess(item, words, "tax-rate"));
        var price = Money(item, "price", needed: true, faults);
        var sku = Codes.Select(name => item.Text(name)).FirstOrDefault(t => t.Length > 0);
        if (sku is null)
        {
            faults.Add("a code of the product");
        }

        return new OrderLine(
            id,
            sku ?? "",
            item.Text("productName"),
            string.Join(" / ", SelectsOf(item, words).Select(s => $"{s.Name}：{s.Item}").Prepend(item.Text("variationName")).Where(t => t.Length > 0)),
            quantity,
            // Where the rate is not told, the usual one; a wrong one shows as a difference of the totals.
            new Yen(words.PricesWithoutTax ? decimal.Floor(price * (100 + (rate == 0 ? 10 : rate)) / 100) : price),
            rate,
            standing);
    }

    /// <summary>Ids of the shop's own delivery methods, as many as there are: the key of the store's mapping.</summary>
    private static string MethodOf(JsonElement delivery, MakeShopWords words)
    {
        var ids = delivery.Find("deliveryMethodIds") is { ValueKind: JsonValueKind.Array } list
            ? string.Join(',', list.EnumerateArray().Select(id => id.Text()).Where(t => t.Length > 0).Distinct(StringComparer.Ordinal))
            : Said(delivery.Text("deliveryMethodIds"));
        return ids.Length == 0 ? words.DeliveryWithoutMethod : ids;
    }

    /// <summary>Shops offer wrapping and noshi as a choice on the item: the name of the choice tells.</summary>
    private static GiftRequest GiftOf(JsonElement[] items, MakeShopWords words)
    {
        var selects = items.SelectMany(i => SelectsOf(i, words)).ToArray();
        string Chosen(ImmutableArray<string> marks) => string.Join('/', selects
            .Where(s => marks.Any(mark => s.Name.Contains(mark, StringComparison.Ordinal)))
            .Select(s => s.Item)
            .Where(item => !item.Contains("しない", StringComparison.Ordinal) && !item.Contains("不要", StringComparison.Ordinal) && item is not ("なし" or "無し"))
            .Distinct(StringComparer.Ordinal));
        var (wrapping, noshi) = (Chosen(words.Wrapping), Chosen(words.Noshi));
        return (wrapping + noshi).Length == 0 ? GiftRequest.None : new GiftRequest(true, wrapping, noshi, "");
    }

    private static IEnumerable<(string Name, string Item)> SelectsOf(JsonElement item, MakeShopWords words) =>
        words.Guessed.TryGetValue("selects", out var name)
            ? item.Items(name).Select(s => (s.Text("customSelectName"), s.Text("selectedItemName"))).Where(s => s.Item2.Length > 0)
            : [];

    private static string Guess(JsonElement of, MakeShopWords words, string role) => words.Guessed.TryGetValue(role, out var name) ? of.Text(name) : "";

    /// <summary>Written <c>10</c>, <c>10.0</c> or <c>0.1</c>; 0 = none, or nothing that can be a rate.</summary>
    private static int TaxOf(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate) && rate is >= 0 and <= 100
            ? (int)(rate < 1 ? rate * 100 : rate)
            : 0;

    private static string Said(string text) => text == Nothing ? "" : text;

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
