using System.Collections.Immutable;
using System.Globalization;
using Domain;
using Domain.Deliveries;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Shipments;
using Domain.Stores;
using Infra.Ledger;
using Infra.Telemetry;

namespace Functions.Warehouse;

/// <param name="ShippedAt">Null = now.</param>
public sealed record ShipmentLine(DeliveryId Delivery, string Service, TrackingNumber Number, DateTimeOffset? ShippedAt);

/// <param name="Refusal">Why it was not recorded, in Japanese; null = recorded, or recorded before with the same number.</param>
/// <param name="Warning">What looks wrong but was taken, in Japanese.</param>
public sealed record ShipmentResult(DeliveryId Delivery, string? Refusal, string? Warning);

/// <summary>Takes what left the warehouse (出荷実績): delivery and orders become 出荷済み, and every order of the parcel gets its own report to its marketplace,
/// of an order with several recipients each recipient.
/// The same again changes nothing; another number or carrier is a correction and a new revision.</summary>
public sealed class RecordShipments(StoreRegistry registry, MarketplaceDirectory marketplaces, GroupLedger ledger, Dispatch dispatch, TimeProvider clock)
{
    /// <summary>Of the 100 that a transaction takes: the outbox row, and room for reports that are superseded.</summary>
    private const int RowsOfATransaction = 80;

    public async Task<IReadOnlyList<ShipmentResult>> RunAsync(BundleGroupId group, IReadOnlyList<ShipmentLine> lines, string who, CancellationToken cancellation)
    {
        var book = await registry.ReadAsync(cancellation);
        var results = new List<ShipmentResult>();
        foreach (var some in await PortionsAsync(group, lines, cancellation))
        {
            var (recorded, batch, trace) = await RecordAsync(group, some, book, who, cancellation);
            results.AddRange(recorded);
            if (batch is not null)
            {
                await dispatch.SendBatchAsync(Queues.ShipmentPush, new BatchMessage(group.Value, batch, trace), TimeSpan.Zero, cancellation);
            }
        }

        return results;
    }

    /// <summary>As many lines as fit a transaction: each is a delivery, and an order and a report for each of its members.</summary>
    private async Task<List<ShipmentLine[]>> PortionsAsync(BundleGroupId group, IReadOnlyList<ShipmentLine> lines, CancellationToken cancellation)
    {
        var unit = new LedgerUnit(ledger.Rows, group);
        await unit.WarmAsync(lines.Select(l => GroupKeys.Delivery(l.Delivery)), cancellation);
        var portions = new List<ShipmentLine[]>();
        var portion = new List<ShipmentLine>();
        var rows = 0;
        foreach (var line in lines)
        {
            var cost = 1 + (2 * ((await unit.DeliveryAsync(line.Delivery, cancellation))?.Members.Length ?? 0));
            if (portion.Count > 0 && rows + cost > RowsOfATransaction)
            {
                portions.Add([.. portion]);
                portion.Clear();
                rows = 0;
            }

            portion.Add(line);
            rows += cost;
        }

        portions.Add([.. portion]);
        return portions;
    }

    /// <summary>Records some lines in one transaction, with one outbox entry for all their reports.</summary>
    private Task<(List<ShipmentResult> Results, string? Batch, string? Trace)> RecordAsync(
        BundleGroupId group, ShipmentLine[] lines, StoreBook book, string who, CancellationToken cancellation) =>
        ledger.ChangeAsync(group, async unit =>
        {
            await unit.WarmAsync(lines.Select(l => GroupKeys.Delivery(l.Delivery)), cancellation);
            await unit.WarmAsync(lines.Select(l => GroupKeys.Order(new OrderKey(l.Delivery.Store, l.Delivery.Code))), cancellation);
            var now = clock.GetUtcNow();
            var results = new List<ShipmentResult>();
            var pushes = ImmutableArray.CreateBuilder<string>();
            var traces = new HashSet<string>(StringComparer.Ordinal);
            foreach (var line in lines)
            {
                try
                {
                    await RecordAsync(unit, line, book, who, pushes, traces, cancellation);
                    results.Add(new ShipmentResult(line.Delivery, null, CarrierServices.Warning(line.Service, line.Number)));
                }
                catch (RefusalException refusal)
                {
                    results.Add(new ShipmentResult(line.Delivery, refusal.Message, null)); // nothing of this line has been put
                }
            }

            if (pushes.Count == 0)
            {
                return (results, null, null);
            }

            var batch = string.Create(CultureInfo.InvariantCulture, $"{now.ToUnixTimeMilliseconds():x12}-{Random.Shared.Next(0x1000000):x6}");
            unit.Put(new OutboxEntry(Queues.ShipmentPush, batch, lines[0].Delivery.Store, [], pushes.ToImmutable(), now, TraceOf(traces)));
            return (results, (string?)batch, TraceOf(traces));
        }, cancellation);

    private async Task RecordAsync(
        LedgerUnit unit, ShipmentLine line, StoreBook book, string who, ImmutableArray<string>.Builder pushes, HashSet<string> traces, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var delivery = await unit.DeliveryAsync(line.Delivery, cancellation)
            ?? throw new RefusalException("no-delivery", $"出荷伝票 {line.Delivery} が見つかりません。");
        if (CarrierServices.Fault(line.Service, line.Number) is { } fault)
        {
            throw new RefusalException("number", fault);
        }

        if (Shipped(delivery, line, now) is not { } shipment)
        {
            return;
        }

        unit.Put((delivery.State is DeliveryState.Shipped ? delivery : delivery.MoveTo(DeliveryState.Shipped, now, who, "shipped")) with
        {
            Shipment = shipment,
            Members = [.. delivery.Members.Select(m => m with { State = OrderState.Shipped })],
        });
        foreach (var member in delivery.Members)
        {
            var known = (await unit.OrderAsync(member.Order, cancellation))!;
            var order = known.Ship(member.Number, now, who, $"shipped with {delivery.Id}");
            unit.Put(order);
            var older = await SupersedeAsync(unit, member, shipment.Revision, cancellation);
            var owner = book.Find(order.Key.Store)!;
            var manifest = marketplaces.Of(owner).Manifest;
            if (manifest.PushSteps.IsEmpty)
            {
                continue; // a marketplace that takes no shipment report
            }

            var push = PushEntry.Plan(delivery, order, shipment, manifest, owner.CompleteAfterPush && Completes(known, order, older), now, member.Number) with { Trace = delivery.Trace };
            traces.Add(delivery.Trace ?? "");
            unit.Put(push);
            pushes.Add(GroupKeys.Push(push.Order, push.Revision, push.Part));
        }
    }

    /// <summary>The reports go on in the trace in which their orders were pulled, where it is one for all of them; else in that of the warehouse's call, with links to theirs.</summary>
    private static string? TraceOf(HashSet<string> traces) =>
        traces.Count == 1 && traces.Single() is { Length: > 0 } one ? one : TraceText.Current;

    /// <summary>The shipment as it stands after this report; null when it says what is known already.</summary>
    private static Shipment? Shipped(OutboundDelivery delivery, ShipmentLine line, DateTimeOffset now)
    {
        switch (delivery.State)
        {
            case DeliveryState.InWork when delivery.Stopped:
                throw new RefusalException(
                    "stopped", $"出荷伝票 {delivery.Id} の受注はモール側でキャンセルされました。出荷せずに、出荷待ちに戻してください。");
            case DeliveryState.InWork:
                return new Shipment(line.Service, line.Number, line.ShippedAt ?? now, delivery.Shipment?.Revision + 1 ?? 1);
            case DeliveryState.Shipped when delivery.Shipment is { } known:
                return known.Service == line.Service && known.Number == line.Number
                    ? null
                    : known with { Service = line.Service, Number = line.Number, Revision = known.Revision + 1 };
            case DeliveryState.Bundled:
                throw new RefusalException("bundled", $"出荷伝票 {delivery.Id} は {delivery.BundledInto} に同梱されています。そちらに登録してください。");
            default:
                throw new RefusalException("not-in-work", $"出荷伝票 {delivery.Id} は出荷作業中ではありません。先に出荷指示を行ってください。");
        }
    }

    /// <summary>A correction reports the number anew; an order that was closed with the first report is not closed again.
    /// Of several recipients' reports the one of the last parcel closes the order; its correction does where it has not done so yet.</summary>
    private static bool Completes(SalesOrder known, SalesOrder order, PushEntry? older) =>
        !HasCompleted(older) && (order.Plans.IsEmpty || (order.State is OrderState.Shipped && (known.State is not OrderState.Shipped || older is { Steps.Length: > 1 })));

    private static bool HasCompleted(PushEntry? older) => older is { Steps.Length: > 1 } && older.Steps[^1].State is PushState.Confirmed;

    /// <returns>The report that this one replaces; null = this is the first.</returns>
    private static async Task<PushEntry?> SupersedeAsync(LedgerUnit unit, DeliveryMember member, int revision, CancellationToken cancellation)
    {
        var older = revision > 1 ? await unit.PushAsync(member.Order, revision - 1, cancellation, member.Number) : null;
        if (older is { IsOver: false })
        {
            unit.Put(older with { Superseded = true });
        }

        return older;
    }
}
