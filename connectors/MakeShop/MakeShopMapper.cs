using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Connectors.Wire;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Stores;

namespace Connectors.MakeShop;

/// <summary>Their words to ours. Pure: no clock, no I/O.</summary>
internal static class MakeShopMapper
{
    /// <summary>One of <c>orders</c>; null when not even its number can be read.</summary>
    public static ListedOrder? ToListed(JsonElement order, MakeShopWords words)
    {
        if (CodeOf(order) is not { } code)
        {
            return null;
        }

        var raw = order.ToBytes();
        return new ListedOrder(code, TokenOf(raw), ToReading(code, order, raw, words));
    }

    public static OrderReading ToReading(OrderCode code, JsonElement order, MakeShopWords words) => ToReading(code, order, order.ToBytes(), words);

    /// <summary>displayOrderNumber; null when it cannot be read.</summary>
    public static OrderCode? CodeOf(JsonElement order)
    {
        try
        {
            return OrderCode.TryParse(order.Text("displayOrderNumber"), out var code) ? code : null;
        }
        catch (FormatException)
        {
            return null; // not even text
        }
    }

    /// <summary>Where an order stands, by the status of its deliveries and of its payment.</summary>
    public static MarketplaceStanding StandingOf(JsonElement order, MakeShopWords words)
    {
        var statuses = order.Items("deliveryInfos").Select(d => d.Text("deliveryStatus")).ToArray();
        if (words.PaymentCancelled.Contains(order.Text("paymentStatusCode")))
        {
            return MarketplaceStanding.Cancelled;
        }

        var live = statuses.Where(s => !words.Cancelled.Contains(s)).ToArray();
        return live switch
        {
            [] when statuses.Length > 0 => MarketplaceStanding.Cancelled,
            [_, ..] when live.All(s => words.Shipped.Contains(s) || words.Returned.Contains(s)) => MarketplaceStanding.Shipped,
            _ when live.All(s => words.Open.Contains(s) || words.Shipped.Contains(s) || words.Returned.Contains(s)) => MarketplaceStanding.Ready,
            _ => MarketplaceStanding.InReview, // a word that we do not know: a person must say what it means
        };
    }

    /// <summary>The numbers that it holds, one for each recipient that has one. They do not tell the carrier.</summary>
    public static ImmutableArray<ReportedShipment> ReportedOf(JsonElement order) => [.. order.Items("deliveryInfos").Select(ReportedOfDelivery).OfType<ReportedShipment>()];

    private static OrderReading ToReading(OrderCode code, JsonElement order, byte[] raw, MakeShopWords words)
    {
        try
        {
            var faults = new List<string>();
            var content = ToOrder(code, order, words, faults);
            return faults.Count == 0 ? new OrderReading.Read(content, raw) : new OrderReading.Unreadable(code, string.Join("; ", faults.Distinct()), raw);
        }
        catch (Exception broken) when (broken is FormatException or OverflowException)
        {
            return new OrderReading.Unreadable(code, broken is OverflowException ? "amounts that can be added up" : "a text in UTF-8", raw);
        }
    }

    /// <summary>A hash of the content: the list shows no version, and an address may change while no status does.</summary>
    private static string TokenOf(byte[] raw) => Convert.ToHexStringLower(SHA256.HashData(raw).AsSpan(0, 12));

    private static OrderSnapshot ToOrder(OrderCode code, JsonElement order, MakeShopWords words, List<string> faults)
    {
        if (!JapaneseText.TryTime(order.Text("orderDate"), out var placed))
        {
            faults.Add("a time YYYY-MM-DD HH:MM:SS in orderDate");
        }

        var entries = order.Items("deliveryInfos").ToArray();
        if (entries.Length == 0)
        {
            faults.Add("an entry in deliveryInfos");
        }

        var deliveries = entries.Select((d, i) => MakeShopDelivery.Of(d, i, words, faults)).ToImmutableArray();
        if (deliveries.Select(d => d.Id).Distinct().Count() < deliveries.Length)
        {
            faults.Add("a deliveryId of its own in each of deliveryInfos");
        }

        var first = deliveries.FirstOrDefault() ?? MakeShopDelivery.None;
        var paymentCode = order.Text("paymentStatusCode");
        var lines = deliveries.SelectMany(d => d.Lines).ToImmutableArray();
        return new OrderSnapshot
        {
            Code = code,
            PlacedAt = placed,
            Standing = StandingOf(order, words),
            RawStatus = $"{string.Join('/', deliveries.Select(d => d.Status).Distinct())} {paymentCode}".Trim(),
            Buyer = new Party(
                order.Text("senderName"), Guess(order, words, "sender-kana"), Guess(order, words, "sender-post"), MakeShopPrefectures.Full(order.Text("senderPrefecture")),
                Guess(order, words, "sender-address"), Guess(order, words, "sender-address2"), "", Guess(order, words, "sender-tel"), Guess(order, words, "sender-mail")),
            Recipient = first.Recipient,
            Lines = lines,
            Amounts = new OrderAmounts(
                lines.Aggregate(Yen.Zero, (sum, line) => sum + (line.UnitPrice * line.Quantity)),
                new Yen(deliveries.Sum(d => d.Shipping)),
                new Yen(GuessedAmount(order, words, "fee")),
                Yen.Zero,
                Yen.Zero,
                new Yen(GuessedAmount(order, words, "coupon")),
                new Yen(GuessedAmount(order, words, "points")),
                Total: null, // they state only what is left to pay
                new Yen(MakeShopDelivery.Money(order, "sumPrice", needed: true, faults))),
            Payment = new Payment(order.Text("payMethod"), PaymentOf(paymentCode, words)),
            DeliveryText = first.DeliveryText,
            RequestedDate = first.RequestedDate,
            TimeSlotText = first.TimeSlotText,
            Gift = Together(deliveries.Select(d => d.Gift)),
            BuyerNote = string.Join(" / ", deliveries.Select(d => d.Note).Prepend(MakeShopDelivery.BeforeBars(order.Text("message"))).Where(t => t.Length > 0).Distinct(StringComparer.Ordinal)),
            Reported = deliveries.Select(d => d.Reported).FirstOrDefault(r => r is not null),
            MarketplaceHolds = HoldsOf(deliveries, words),
            Destinations = deliveries.Length < 2
                ? []
                : [.. deliveries.Select(d => new Destination(
                    d.Id, d.Recipient, [.. d.Lines.Select(l => l.LineId)], d.DeliveryText, d.RequestedDate, d.TimeSlotText, d.Gift, Temperature.Normal, d.Reported))],
        };
    }

    private static ReportedShipment? ReportedOfDelivery(JsonElement delivery) =>
        delivery.Text("slipNumber") is { Length: > 0 } number && number != MakeShopDelivery.Nothing ? new ReportedShipment("", number, null) : null;

    private static PaymentStanding PaymentOf(string code, MakeShopWords words) =>
        words.PaidOnDelivery.Contains(code) ? PaymentStanding.AfterDelivery
        : words.Paid.Contains(code) ? PaymentStanding.Secured
        : PaymentStanding.Unpaid;

    private static ImmutableArray<Hold> HoldsOf(ImmutableArray<MakeShopDelivery> deliveries, MakeShopWords words)
    {
        var holds = ImmutableArray.CreateBuilder<Hold>();
        foreach (var delivery in deliveries)
        {
            if (!words.Open.Contains(delivery.Status) && !words.Shipped.Contains(delivery.Status) && !words.Cancelled.Contains(delivery.Status) && !words.Returned.Contains(delivery.Status))
            {
                holds.Add(new Hold(HoldReason.UnknownStatus, $"deliveryStatus {delivery.Status}".Trim()));
            }

            if (delivery.PrefectureDoubt is { } doubt)
            {
                holds.Add(new Hold(HoldReason.SuspiciousAddress, doubt.Length == 0 ? "都道府県が読み取れません" : $"都道府県が「{doubt}」"));
            }
        }

        return [.. holds.Distinct()];
    }

    private static GiftRequest Together(IEnumerable<GiftRequest> gifts)
    {
        var given = gifts.Where(g => g.Gift).ToArray();
        string Joined(Func<GiftRequest, string> of) => string.Join('/', given.Select(of).Where(t => t.Length > 0).Distinct(StringComparer.Ordinal));
        return given.Length == 0 ? GiftRequest.None : new GiftRequest(true, Joined(g => g.Wrapping), Joined(g => g.Noshi), "");
    }

    private static string Guess(JsonElement order, MakeShopWords words, string role) => words.Guessed.TryGetValue(role, out var name) ? order.Text(name) : "";

    /// <summary>A guessed amount that is missing or no amount counts as none; the totals' difference then shows.</summary>
    private static decimal GuessedAmount(JsonElement order, MakeShopWords words, string role) =>
        JapaneseText.TryMoney(Guess(order, words, role), out var amount) ? Math.Abs(amount) : 0;
}
