using System.Text;
using System.Text.Json;
using Connectors.Wire;
using Domain.Marketplaces;
using Domain.Orders;

namespace Connectors.Futureshop;

/// <summary>Reports shipments a hundred orders a call: number and date of each recipient (shipping/status), which makes them 発送済み, then 処理済み (order/complete).
/// Before a report the stored values are read, because what is sent blank is wiped. Reads back by number.</summary>
internal sealed class FutureshopShipments(FutureshopCalls calls, FutureshopConnector orders) : IShipmentSink, IShipmentReader
{
    /// <summary>Official: UTF-8 bytes of a number.</summary>
    private const int LongestNumber = 100;

    public async Task<IReadOnlyList<PushOutcome>> PushAsync(
        StoreAccess access, string step, IReadOnlyList<ShipmentReport> reports, CancellationToken cancellation)
    {
        var endpoint = EndpointOf(step);
        var outcomes = new Dictionary<ShipmentReport, PushOutcome>(ReferenceEqualityComparer.Instance);
        foreach (var report in reports)
        {
            if (step == "number" && Unsendable(access, report) is { } unsendable)
            {
                outcomes[report] = unsendable;
            }
        }

        var sendable = reports.Where(r => !outcomes.ContainsKey(r)).ToLookup(r => r.Order.Code);
        var stored = step == "number" || sendable.Any(o => o.Any(r => r.Destination.Length > 0))
            ? await StoredAsync(access, [.. sendable.Select(o => o.Key)], cancellation)
            : [];
        var updates = new List<FutureshopUpdate>();
        foreach (var order in sendable)
        {
            var outcome = step == "number" ? Prepare(order.Key, [.. order], stored, updates) : PrepareCompletion(order.Key, [.. order], stored, updates);
            if (outcome is not null)
            {
                Tell(order, outcome);
            }
        }

        foreach (var outcome in await SendAsync(access, endpoint, [.. updates.Chunk(FutureshopUpdate.OrdersPerCall)], cancellation))
        {
            Tell(sendable[outcome.Order], outcome);
        }

        return [.. reports.Select(r => outcomes[r])];

        void Tell(IEnumerable<ShipmentReport> told, PushOutcome outcome)
        {
            foreach (var report in told)
            {
                outcomes[report] = outcome;
            }
        }
    }

    public string Preview(StoreAccess access, string step, ShipmentReport report)
    {
        var shown = step == "number"
            ? new FutureshopUpdate(report.Order.Code, [new FutureshopUpdate.Shipment(report.Destination.Length > 0 ? report.Destination : "1", report.TrackingNumber, "", Text(report.ShippedOn))])
            : new FutureshopUpdate(report.Order.Code, []);
        var note = step == "number" ? "\n\n（到着予定日と、ほかの送付先の番号・日付は、送る直前に読んだ登録済みの値をそのまま入れます）" : "";
        return FutureshopCalls.Shown(access, EndpointOf(step), Encoding.UTF8.GetString(FutureshopUpdate.BodyOf([shown]))) + note;
    }

    public async Task<ReportedState> ReadBackAsync(StoreAccess access, OrderReference order, CancellationToken cancellation)
    {
        if (await orders.FindAsync(access, order.Code, cancellation) is not { } answer)
        {
            throw FutureshopErrors.Unreadable("orders", "the order that was reported");
        }

        try
        {
            return new ReportedState(FutureshopStanding.Of(answer.Body, FutureshopReadingOptions.Of(access)), FutureshopMapper.ReportedOf(answer.Body));
        }
        catch (FormatException broken)
        {
            throw FutureshopErrors.Unreadable("orders", broken.Message);
        }
    }

    /// <summary>What they hold of these orders: the search shows it a hundred orders a call; an order that it does not show is read by its number.</summary>
    private async Task<Dictionary<OrderCode, JsonElement>> StoredAsync(StoreAccess access, IReadOnlyCollection<OrderCode> codes, CancellationToken cancellation)
    {
        var stored = new Dictionary<OrderCode, JsonElement>(await orders.RowsAsync(access, codes, cancellation));
        foreach (var code in codes.Where(c => !stored.ContainsKey(c)))
        {
            if (await orders.FindAsync(access, code, cancellation) is { } answer)
            {
                stored[code] = answer.Body;
            }
        }

        return stored;
    }

    /// <summary>Adds what is to be sent. Not null: nothing is, and this came of it.</summary>
    private static PushOutcome? Prepare(OrderCode code, IReadOnlyList<ShipmentReport> reports, Dictionary<OrderCode, JsonElement> stored, List<FutureshopUpdate> updates)
    {
        if (!stored.TryGetValue(code, out var order))
        {
            return Refused(code, "OrderNotFound");
        }

        try
        {
            if (FutureshopStanding.IsCancelled(order))
            {
                return new PushOutcome.Rejected(code, "cancelled", "futureshopでキャンセルされた受注です");
            }

            var shipments = FutureshopStanding.Shipments(order);
            if (reports.Any(r => r.Destination.Length > 0 && shipments.All(s => s.Text("shipmentNo") != r.Destination)))
            {
                return Refused(code, "ShipmentNotFound");
            }

            var update = new FutureshopUpdate(code, [.. shipments.Select(s => ToShipment(s, reports))]);
            if (update.Shipments.IsEmpty)
            {
                return new PushOutcome.Unknown(code, "expected shipmentList in what they hold");
            }

            if (update.Shipments.Zip(shipments).All(s => s.First.Number == Held(s.Second, "invoiceNo") && s.First.ShippedOn == Held(s.Second, "shippingDate")))
            {
                return new PushOutcome.Confirmed(code); // it is there already
            }

            updates.Add(update);
            return null;
        }
        catch (FormatException broken)
        {
            return new PushOutcome.Unknown(code, broken.Message);
        }
    }

    /// <summary>An order with several recipients is completed with the last of them.</summary>
    private static PushOutcome? PrepareCompletion(
        OrderCode code, IReadOnlyList<ShipmentReport> reports, Dictionary<OrderCode, JsonElement> stored, List<FutureshopUpdate> updates)
    {
        try
        {
            if (reports.Any(r => r.Destination.Length > 0) && stored.TryGetValue(code, out var order) && !FutureshopStanding.Shipments(order).All(FutureshopStanding.IsShipped))
            {
                return new PushOutcome.Confirmed(code);
            }
        }
        catch (FormatException broken)
        {
            return new PushOutcome.Unknown(code, broken.Message);
        }

        updates.Add(new FutureshopUpdate(code, []));
        return null;
    }

    /// <summary>What a recipient shall hold: the report's number, else what is stored. The first shipping date stays.</summary>
    private static FutureshopUpdate.Shipment ToShipment(JsonElement shipment, IReadOnlyList<ShipmentReport> reports)
    {
        var no = shipment.Text("shipmentNo");
        var report = reports.LastOrDefault(r => r.Destination == no) ?? reports.LastOrDefault(r => r.Destination.Length == 0);
        var (number, arrival, shipped) = (Held(shipment, "invoiceNo"), Held(shipment, "expectedArrival"), Held(shipment, "shippingDate"));
        return report is null
            ? new FutureshopUpdate.Shipment(no, number, arrival, shipped)
            : new FutureshopUpdate.Shipment(no, report.TrackingNumber.Trim(), arrival, shipped.Length > 0 ? shipped : Text(report.ShippedOn));
    }

    /// <summary>Sends part after part. When one is lost after others were answered, those keep their outcome; the rest is asked for before it is sent again.</summary>
    private async Task<IReadOnlyList<PushOutcome>> SendAsync(
        StoreAccess access, string endpoint, IReadOnlyList<FutureshopUpdate[]> parts, CancellationToken cancellation)
    {
        var outcomes = new List<PushOutcome>();
        foreach (var part in parts)
        {
            try
            {
                outcomes.AddRange(await SendAsync(access, endpoint, part, cancellation));
            }
            catch (MarketplaceException failure) when (outcomes.Count > 0)
            {
                outcomes.AddRange(parts.SelectMany(p => p).Skip(outcomes.Count).Select(u => new PushOutcome.Unknown(u.Order, failure.Message)).ToArray());
                break;
            }
        }

        return outcomes;
    }

    /// <summary>One call, one outcome an order. A request that is refused as a whole is sent again in halves, so that one order's fault does not stop the others:
    /// every value is absolute, and what was refused as a whole did nothing.</summary>
    private async Task<IReadOnlyList<PushOutcome>> SendAsync(StoreAccess access, string endpoint, FutureshopUpdate[] updates, CancellationToken cancellation)
    {
        FutureshopResults results;
        try
        {
            results = FutureshopResults.Of(await calls.PostAsync(access, endpoint, FutureshopUpdate.BodyOf(updates), cancellation), "orderNo");
        }
        catch (MarketplaceException refused) when (FutureshopErrors.IsAboutARow(refused))
        {
            return updates.Length == 1
                ? [Refused(updates[0].Order, refused.Code ?? "")]
                : await SendAsync(access, endpoint, [updates[..(updates.Length / 2)], updates[(updates.Length / 2)..]], cancellation);
        }

        return [.. updates.Select(u => results.Find(u.Order.Value) switch
        {
            { Succeeded: true } => (PushOutcome)new PushOutcome.Confirmed(u.Order),
            { Succeeded: false, Code: var code } => Refused(u.Order, code),
            null => new PushOutcome.Unknown(u.Order, "the answer does not name it"),
        })];
    }

    /// <summary>What cannot be sent at all, found before anything is: an empty value would wipe. No carrier is sent, as no key for it is known; a service that nobody
    /// has heard of is a mistake all the same.</summary>
    private static PushOutcome.Rejected? Unsendable(StoreAccess access, ShipmentReport report) =>
        access.Manifest.CarrierCodeFor(report.Service) is null
            ? new PushOutcome.Rejected(report.Order.Code, "no-carrier", $"配送サービス「{report.Service}」は、futureshopの対応表にありません")
        : string.IsNullOrWhiteSpace(report.TrackingNumber)
            ? new PushOutcome.Rejected(report.Order.Code, "no-number", "送り状番号がありません")
        : Encoding.UTF8.GetByteCount(report.TrackingNumber.Trim()) > LongestNumber
            ? new PushOutcome.Rejected(report.Order.Code, "number-form", "送り状番号は100バイトまでです")
        : null;

    private static PushOutcome.Rejected Refused(OrderCode order, string code) => new(order, code, FutureshopErrors.MeaningOf(code));

    private static string Held(JsonElement shipment, string name) => FutureshopStanding.Fact(shipment, name);

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static string EndpointOf(string step) => step switch
    {
        "number" => "shipping/status",
        "complete" => "order/complete",
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, "futureshop has no such step."),
    };
}
