using System.Globalization;
using System.Text;
using System.Text.Json;
using Sandbox.Core;

namespace Sandbox.Futureshop;

/// <summary>The writes on orders. Each row is written as a whole or refused as a whole; other rows do not mind.</summary>
internal static class FutureshopWrites
{
    public static SimOutcome Ship(FutureshopShop shop, byte[] body, DateTimeOffset now) => EachOrder(shop, body, (order, row, effects) => Ship(order, row, now, effects));

    public static SimOutcome Complete(FutureshopShop shop, byte[] body, DateTimeOffset now) => EachOrder(shop, body, (order, _, effects) =>
    {
        if (order.Status != "COMPLETED")
        {
            effects.Add(new JournalEffect(EffectKind.Status, order.Number, "", order.Status, "COMPLETED", false));
            (order.Status, order.ProcessedAt, order.LastUpdated) = ("COMPLETED", now, now);
        }

        return null;
    });

    /// <summary>The shape of this body is a guess.</summary>
    public static SimOutcome Receive(FutureshopShop shop, byte[] body, DateTimeOffset now) => EachOrder(shop, body, (order, row, _) =>
    {
        if (Text(row, "receiptDate") is not { } text)
        {
            return Refused(order, Limits.Missing, "（見本）receiptDateは必須です");
        }

        if (!TryDay(text, out var day))
        {
            return Refused(order, Limits.BadDate, "（見本）日付の形式が正しくありません");
        }

        (order.ReceiptDate, order.LastUpdated) = (day, now);
        return null;
    });

    /// <summary>The list under this name, or null where the body is not such JSON.</summary>
    public static IReadOnlyList<JsonElement>? Rows(byte[] body, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind is JsonValueKind.Object
                && document.RootElement.TryGetProperty(name, out var list) && list.ValueKind is JsonValueKind.Array
                ? [.. list.EnumerateArray().Select(row => row.Clone())]
                : null;
        }
        catch (JsonException)
        {
            return null; // the caller refuses the request
        }
    }

    /// <summary>A text; null where it is absent or of another kind.</summary>
    public static string? Text(JsonElement row, string name) =>
        row.ValueKind is JsonValueKind.Object && row.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    public static bool TryDay(string text, out DateOnly? day)
    {
        var read = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var found);
        day = read ? found : null;
        return read || text.Length == 0;
    }

    private static SimOutcome EachOrder(FutureshopShop shop, byte[] body, Func<FutureshopOrder, JsonElement, List<JournalEffect>, FutureshopResult?> work)
    {
        if (Rows(body, "orderList") is not { Count: > 0 } rows)
        {
            return FutureshopAnswers.Refused(400, Limits.Missing, "（見本）orderListは必須です", "orderList");
        }

        if (rows.Count > Limits.RowsPerWrite)
        {
            return FutureshopAnswers.Refused(400, Limits.TooMany, "（見本）一度に更新できる件数を超えています", "orderList");
        }

        var effects = new List<JournalEffect>();
        var results = rows.Select(row =>
        {
            var number = Text(row, "orderNo") ?? "";
            if (!shop.ByNumber.TryGetValue(number, out var order))
            {
                return new FutureshopResult(number, Limits.NoOrder, "（見本）受注が存在しません");
            }

            return order.IsCancelled
                ? Refused(order, Limits.Locked, "（見本）キャンセルされた受注は更新できません")
                : work(order, row, effects) ?? new FutureshopResult(number);
        }).ToList();
        return FutureshopAnswers.Results(results, "orderNo", effects);
    }

    private static FutureshopResult? Ship(FutureshopOrder order, JsonElement row, DateTimeOffset now, List<JournalEffect> effects)
    {
        if (order.IsStorePickup)
        {
            return Refused(order, Limits.StorePickup, "（見本）店舗受取の受注は更新できません");
        }

        if (!row.TryGetProperty("shipmentList", out var list) || list.ValueKind is not JsonValueKind.Array || list.GetArrayLength() == 0)
        {
            return Refused(order, Limits.Missing, "（見本）shipmentListは必須です");
        }

        var changes = new List<(FutureshopShipment Shipment, string InvoiceNo, DateOnly? Arrival, DateOnly? Shipped)>();
        foreach (var given in list.EnumerateArray())
        {
            if (!given.TryGetProperty("shipmentNo", out var no) || no.ValueKind is not JsonValueKind.Number || !no.TryGetInt32(out var number))
            {
                return Refused(order, Limits.Missing, "（見本）shipmentNoは必須です");
            }

            if (order.Shipments.FirstOrDefault(s => s.Number == number) is not { } shipment)
            {
                return Refused(order, Limits.NoShipment, "（見本）お届け先が存在しません");
            }

            if (!given.TryGetProperty("shippingInfo", out var info)
                || (Text(info, "invoiceNo"), Text(info, "expectedArrival"), Text(info, "shippingDate")) is not ({ } invoice, { } arrival, { } shipped))
            {
                return Refused(order, Limits.Missing, "（見本）shippingInfoの項目は、空でも必須です");
            }

            if (Encoding.UTF8.GetByteCount(invoice) > Limits.InvoiceNoBytes)
            {
                return Refused(order, Limits.BadForm, "（見本）invoiceNoが長すぎます");
            }

            if (!TryDay(arrival, out var arrives) || !TryDay(shipped, out var left))
            {
                return Refused(order, Limits.BadDate, "（見本）日付の形式が正しくありません");
            }

            changes.Add((shipment, invoice, arrives, left));
        }

        foreach (var (shipment, invoice, arrival, shipped) in changes)
        {
            Apply(order, shipment, invoice, arrival, shipped, now, effects);
        }

        return null;
    }

    /// <summary>What is blank wipes what is stored; a shipping date makes it shipped, a blank one makes it not shipped again.</summary>
    private static void Apply(FutureshopOrder order, FutureshopShipment shipment, string invoice, DateOnly? arrival, DateOnly? shipped, DateTimeOffset now, List<JournalEffect> effects)
    {
        var part = order.Shipments.Count > 1 ? shipment.Number.ToString(CultureInfo.InvariantCulture) : "";
        var wasShipped = shipment.IsShipped;
        if (shipment.InvoiceNo != invoice || (wasShipped && shipped is not null && shipment.ShippingDate != shipped))
        {
            effects.Add(new JournalEffect(EffectKind.Number, order.Number, part, shipment.InvoiceNo, invoice, false));
        }

        if (wasShipped != shipped is not null)
        {
            effects.Add(new JournalEffect(EffectKind.Status, order.Number, part, wasShipped ? "shipped" : "notShipped", wasShipped ? "notShipped" : "shipped", false));
        }

        (shipment.InvoiceNo, shipment.ExpectedArrival, shipment.ShippingDate, order.LastUpdated) = (invoice, arrival, shipped, now);
    }

    private static FutureshopResult Refused(FutureshopOrder order, string code, string message) => new(order.Number, code, message);
}
