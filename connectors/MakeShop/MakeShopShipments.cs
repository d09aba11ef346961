using System.Globalization;
using System.Text.Json;
using Domain.Marketplaces;
using Domain.Orders;

namespace Connectors.MakeShop;

/// <summary>Reports shipments: carrier and number first (<c>updateOrderAttribute</c>), the delivery status after it (<c>updateOrderDeliveryStatus</c>), a row an order or recipient.</summary>
internal sealed class MakeShopShipments(MakeShopCalls calls) : IShipmentSink
{
    /// <summary>The push steps, as the manifest names them.</summary>
    public const string Number = "number";
    public const string Complete = "complete";

    public async Task<IReadOnlyList<PushOutcome>> PushAsync(
        StoreAccess access, string step, IReadOnlyList<ShipmentReport> reports, CancellationToken cancellation)
    {
        var outcomes = new PushOutcome?[reports.Count];
        var sendable = new List<int>();
        for (var i = 0; i < reports.Count; i++)
        {
            outcomes[i] = Unsendable(access, step, reports[i]);
            if (outcomes[i] is null)
            {
                sendable.Add(i);
            }
        }

        var waiting = new Stack<List<int>>(sendable.Count > 0 ? [sendable] : []);
        var sentBefore = false;
        while (waiting.TryPop(out var some))
        {
            try
            {
                var sent = await SendAsync(access, step, [.. some.Select(i => reports[i])], cancellation);
                foreach (var (i, outcome) in some.Zip(sent))
                {
                    outcomes[i] = outcome;
                }

                sentBefore = true;
            }
            catch (MarketplaceException refused) when (refused.Kind is FailureKind.Rejected && MayBeOneRow(refused) && some.Count > 1)
            {
                // One row that they cannot take must not keep the others: nothing of this call was done, so each half goes by itself.
                waiting.Push(some[(some.Count / 2)..]);
                waiting.Push(some[..(some.Count / 2)]);
            }
            catch (MarketplaceException refused) when (refused.Kind is FailureKind.Rejected && some.Count < sendable.Count)
            {
                some.ForEach(i => outcomes[i] = new PushOutcome.Rejected(reports[i].Order.Code, refused.Code ?? "", refused.Message));
            }
            catch (MarketplaceException failure) when (sentBefore)
            {
                // The rows of earlier calls have their outcome; the rest is asked for before it is sent again.
                foreach (var i in waiting.SelectMany(rest => rest).Concat(some))
                {
                    outcomes[i] = new PushOutcome.Unknown(reports[i].Order.Code, failure.Message);
                }

                break;
            }
        }

        return [.. outcomes.Select(o => o!)];
    }

    public string Preview(StoreAccess access, string step, ShipmentReport report) => $"""
        POST {MakeShopCalls.AddressOf(access)}
        authorization: Bearer ***
        x-api-key: ***
        x-timestamp: (time of sending)
        content-type: application/json

        {MakeShopCalls.BodyOf(QueryOf(step), input => Write(input, access, step, [report]))}
        """;

    private async Task<IReadOnlyList<PushOutcome>> SendAsync(StoreAccess access, string step, IReadOnlyList<ShipmentReport> reports, CancellationToken cancellation)
    {
        var answer = await calls.SendAsync(access, OperationOf(step), CallKind.Write, QueryOf(step), input => Write(input, access, step, reports), cancellation);
        if (answer.Data?.Find($"{OperationOf(step)}Results") is not { ValueKind: JsonValueKind.Array } results)
        {
            return answer.Failure is null
                ? [.. reports.Select(r => new PushOutcome.Unknown(r.Order.Code, "the answer brings no results"))]
                : throw answer.Failure;
        }

        MakeShopRow[] rows;
        try
        {
            rows = [.. results.EnumerateArray().Select(MakeShopRow.Of)];
        }
        catch (InvalidOperationException)
        {
            rows = [];
        }

        return [.. reports.Select(r => OutcomeOf(r, step, rows))];
    }

    /// <summary>One order may have several rows: it is confirmed when all of its rows are.</summary>
    private static PushOutcome OutcomeOf(ShipmentReport report, string step, MakeShopRow[] rows)
    {
        var ids = DeliveriesOf(report);
        var own = rows.Where(r => r.Number == report.Order.Code.Value && (step == Number || ids.Count == 0 || r.DeliveryId.Length == 0 || ids.Contains(r.DeliveryId))).ToArray();
        var missing = step == Complete && own.All(r => r.DeliveryId.Length > 0) && ids.Except(own.Select(r => r.DeliveryId)).Any();
        return own.FirstOrDefault(r => r.Message is not null) is { Message: { } text }
            ? new PushOutcome.Rejected(report.Order.Code, "message", MakeShopErrors.Short(text))
            : own.Length == 0 || missing || own.Any(r => !r.IsClear)
                ? new PushOutcome.Unknown(report.Order.Code, "the answer has no result for it")
                : new PushOutcome.Confirmed(report.Order.Code);
    }

    private static void Write(Utf8JsonWriter input, StoreAccess access, string step, IReadOnlyList<ShipmentReport> reports)
    {
        input.WriteStartArray(step == Number ? "updateOrderAttributes" : "updateOrderDeliveryStatusRequests");
        foreach (var order in reports.GroupBy(r => r.Order.Code))
        {
            if (step == Complete)
            {
                foreach (var (_, id) in RowsOf(order))
                {
                    input.WriteStartObject();
                    input.WriteString("displayOrderNumber", order.Key.Value);
                    WriteDelivery(input, access, id);
                    input.WriteString("deliveryStatus", access.Setting("complete-status"));
                    input.WriteEndObject();
                }

                continue;
            }

            input.WriteStartObject();
            input.WriteString("displayOrderNumber", order.Key.Value);
            input.WriteStartArray("deliveryRequestInfos");
            foreach (var (report, id) in RowsOf(order))
            {
                input.WriteStartObject();
                WriteDelivery(input, access, id);
                input.WriteString("slipNumber", report.TrackingNumber);
                input.WriteString("deliveryCompanyCode", access.Manifest.CarrierCodeFor(report.Service));
                input.WriteEndObject();
            }

            input.WriteEndArray();
            input.WriteEndObject();
        }

        input.WriteEndArray();
    }

    private static IEnumerable<(ShipmentReport Report, string? Delivery)> RowsOf(IEnumerable<ShipmentReport> reports) =>
        reports.SelectMany(r => DeliveriesOf(r) is { Count: > 0 } ids ? ids.Select(id => (r, (string?)id)) : [(r, null)]);

    /// <summary>The recipient that the report is about; without one, every recipient of the order that its lines name. None = it is not known: the order's one recipient may be left unnamed.</summary>
    private static IReadOnlyList<string> DeliveriesOf(ShipmentReport report) => report.Destination.Length > 0
        ? [report.Destination]
        : [.. report.Order.LineIds.Select(MakeShopDelivery.IdOf).OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <summary>The scalar's type is not known: the store's setting says how it is written.</summary>
    private static void WriteDelivery(Utf8JsonWriter input, StoreAccess access, string? id)
    {
        if (id is null)
        {
            return;
        }

        if (access.Setting("delivery-id-type") == "number" && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            input.WriteNumber("deliveryId", number);
        }
        else
        {
            input.WriteString("deliveryId", id);
        }
    }

    /// <summary>What cannot be sent at all: an empty value would overwrite, a made-up carrier would mislead.</summary>
    private static PushOutcome.Rejected? Unsendable(StoreAccess access, string step, ShipmentReport report) =>
        string.IsNullOrWhiteSpace(report.TrackingNumber)
            ? new PushOutcome.Rejected(report.Order.Code, "no-number", "送り状番号がありません")
        : step == Number && access.Manifest.CarrierCodeFor(report.Service) is null
            ? new PushOutcome.Rejected(report.Order.Code, "no-carrier", $"配送会社「{report.Service}」に対応する MakeShop の配送会社コードがありません")
        : null;

    /// <summary>Our words do not fit their schema: no half of the rows would fit it better.</summary>
    private static bool MayBeOneRow(MarketplaceException refused) =>
        refused.Code is null || (refused.Code != "422" && !refused.Code.Contains("VALIDATION", StringComparison.OrdinalIgnoreCase) && !refused.Code.Contains("PARSE", StringComparison.OrdinalIgnoreCase));

    private static string OperationOf(string step) => step switch
    {
        Number => "updateOrderAttribute",
        Complete => "updateOrderDeliveryStatus",
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, "MakeShop has no such step."),
    };

    private static string QueryOf(string step) => step == Number
        ? MakeShopCalls.Query("mutation", OperationOf(step), "UpdateOrderAttributeRequest", "updateOrderAttributeResults{displayOrderNumber message}")
        : MakeShopCalls.Query("mutation", OperationOf(step), "UpdateOrderDeliveryStatusRequest", "updateOrderDeliveryStatusResults{displayOrderNumber deliveryId message}");
}

/// <summary>One row of a mutation's results.</summary>
/// <param name="Message">Null = done; any text = the row failed.</param>
/// <param name="IsClear">The row says one or the other: a message that is not there at all says nothing.</param>
internal sealed record MakeShopRow(string Number, string DeliveryId, string? Message, bool IsClear)
{
    public static MakeShopRow Of(JsonElement row)
    {
        var there = row.ValueKind is JsonValueKind.Object && row.TryGetProperty("message", out _);
        return new MakeShopRow(row.Text("displayOrderNumber"), row.Text("deliveryId"), row.Find("message")?.Text(), there);
    }
}
