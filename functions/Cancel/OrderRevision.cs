using System.Collections.Immutable;
using Domain.Attention;
using Domain.Bundling;
using Domain.Deliveries;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Stores;
using Functions.Attention;
using Functions.Bundle;
using Infra.Ledger;

namespace Functions.Cancel;

/// <summary>Carries a change of an order to everything that must agree with it: its deliveries, their bundle keys, the parcels that carry them. Called inside a ledger change.</summary>
public sealed class OrderRevision(BundleKeys keys, TimeProvider clock)
{
    /// <summary>Puts the order as <paramref name="next"/> says. A whole cancel before 出荷作業中 cancels order and deliveries and leaves their candidates;
    /// at 出荷作業中 it stops the ship-out and asks for attention. A recipient that has gone counts as a cancel of its delivery.</summary>
    public async Task ApplyAsync(LedgerUnit unit, SalesOrder next, StoreBook book, string who, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var store = book.Find(next.Key.Store) ?? throw new InvalidOperationException($"Store {next.Key.Store} is not set up.");
        var known = await unit.OrderAsync(next.Key, cancellation);
        var cancelled = next.Content.Standing is MarketplaceStanding.Cancelled;
        var stops = !next.IsOpen && known is { IsOpen: true } && await IsInWorkAsync(unit, known, cancellation);
        if (stops)
        {
            next = Stop(known!, next, now, who);
        }

        unit.Put(next);
        foreach (var part in next.Parts)
        {
            var key = await keys.OfAsync(next, part.Number, store, book, cancellation);
            await MoveAsync(unit, next, part, key, stops, store, who, cancellation);
        }

        if (cancelled && !stops && next.State is OrderState.Shipped && !next.HandledElsewhere)
        {
            await RaiseAsync(unit, AttentionItems.CancelledAfterShipping(next.Key, store, now), cancellation);
        }
    }

    /// <summary>One of the order's deliveries is at 出荷作業中, by itself or in the parcel that carries it.</summary>
    public static async Task<bool> IsInWorkAsync(LedgerUnit unit, SalesOrder order, CancellationToken cancellation)
    {
        foreach (var part in order.Parts)
        {
            if ((await CarrierAsync(unit, await unit.DeliveryAsync(IdOf(order, part), cancellation), cancellation))?.State is DeliveryState.InWork)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Brings one of the order's deliveries into line with it.</summary>
    /// <param name="stops">The order was cancelled while one of its deliveries is in work.</param>
    private async Task MoveAsync(
        LedgerUnit unit, SalesOrder next, OrderPart part, BundleKey? key, bool stops, Store store, string who, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (await unit.DeliveryAsync(IdOf(next, part), cancellation) is not { } own)
        {
            // Between pull and bundling, or a recipient that was added: whoever decides first makes the delivery. One that has gone is made too, or bundling would.
            var made = OutboundDelivery.For(next, key, store.Warehouse, now, part.Number);
            unit.Put(made);
            await JoinAsync(unit, made, now, cancellation);
            return;
        }

        var carrier = (await CarrierAsync(unit, own, cancellation))!;
        var over = !next.IsOpen || part.Dropped;
        switch (carrier.State)
        {
            case DeliveryState.Waiting or DeliveryState.OnHold:
                if (carrier.IsBundle && (over || key != carrier.Key))
                {
                    await UnbundleAsync(unit, carrier, now, who, "a member changed", cancellation);
                    carrier = (await unit.DeliveryAsync(own.Id, cancellation))!;
                }

                await MoveWaitingAsync(unit, carrier, next, key, over, now, who, cancellation);
                return;

            case DeliveryState.InWork when stops || part.Dropped:
                if (!carrier.Stopped)
                {
                    unit.Put((carrier with { Stopped = true, History = carrier.History.Add(new HistoryEntry(now, who, "stopped", next.Content.RawStatus)) }).With(next));
                    await RaiseAsync(unit, AttentionItems.CancelledInWork(next.Key, store, carrier.Id, now), cancellation);
                }

                return;

            default:
                if (carrier.Members.Any(m => m.Delivery == own.Id))
                {
                    unit.Put(carrier.With(next));
                }

                return;
        }
    }

    private static DeliveryId IdOf(SalesOrder order, OrderPart part) => new(order.Key.Store, order.Key.Code, part.Number);

    /// <summary>The delivery that carries this one: itself, or the one that it was bundled into.</summary>
    private static async Task<OutboundDelivery?> CarrierAsync(LedgerUnit unit, OutboundDelivery? own, CancellationToken cancellation) =>
        own is { State: DeliveryState.Bundled, BundledInto: { } carrier } ? await unit.DeliveryAsync(carrier, cancellation) : own;

    /// <summary>Takes a bundle apart: every member has its own delivery again, waiting under the same key, and the question is open again.</summary>
    public static async Task UnbundleAsync(LedgerUnit unit, OutboundDelivery carrier, DateTimeOffset now, string who, string why, CancellationToken cancellation)
    {
        var members = carrier.Members;
        foreach (var member in members)
        {
            var id = member.Delivery;
            var alone = id == carrier.Id ? carrier : (await unit.DeliveryAsync(id, cancellation))!;
            alone = alone with { Members = [member], BundledInto = null, Key = carrier.Key };
            unit.Put(id == carrier.Id
                ? alone with { History = alone.History.Add(new HistoryEntry(now, who, "unbundled", why)) }
                : alone.MoveTo(DeliveryState.Waiting, now, who, why));
        }

        if (carrier.Key is { } key && await unit.KeyAsync(key, cancellation) is { } row)
        {
            var ids = members.Select(m => m.Delivery).ToImmutableArray();
            unit.Put(row.Candidate is { State: CandidateState.Executed } done && ids.All(done.Members.Contains)
                ? row.Undo(now)
                : ids.Aggregate(row, (r, id) => r.Join(id, now)));
        }
    }

    /// <summary>Puts an attention item, or counts it when it stands already.</summary>
    public static async Task RaiseAsync(LedgerUnit unit, AttentionItem item, CancellationToken cancellation)
    {
        var known = await unit.AttentionAsync(item.Id, cancellation);
        unit.Put(known is null ? item : known with { Count = known.Count + 1, Detail = item.Detail });
    }

    private static SalesOrder Stop(SalesOrder known, SalesOrder next, DateTimeOffset now, string who) =>
        (known with { Content = next.Content }).HoldFor(new Hold(HoldReason.CancelledWhileInWork), now, who, "cancelled at the marketplace while in work");

    private static async Task MoveWaitingAsync(
        LedgerUnit unit, OutboundDelivery delivery, SalesOrder next, BundleKey? key, bool over, DateTimeOffset now, string who, CancellationToken cancellation)
    {
        if (over)
        {
            await LeaveAsync(unit, delivery, now, cancellation);
            unit.Put(delivery.With(next).MoveTo(DeliveryState.Cancelled, now, who, next.HandledElsewhere ? "shipped elsewhere" : next.IsOpen ? "nothing goes there any more" : "order cancelled") with { Key = null });
            return;
        }

        delivery = delivery.With(next);
        if (key == delivery.Key || delivery.IsBundle)
        {
            unit.Put(delivery);
            await TouchKeyAsync(unit, delivery, cancellation);
            return;
        }

        await LeaveAsync(unit, delivery, now, cancellation);
        delivery = delivery with { Key = key };
        unit.Put(delivery);
        await JoinAsync(unit, delivery, now, cancellation);
    }

    /// <summary>Every transition of a waiting delivery also replaces its key row, so that no two decisions about it can pass each other.</summary>
    private static async Task TouchKeyAsync(LedgerUnit unit, OutboundDelivery delivery, CancellationToken cancellation)
    {
        if (delivery.Key is { } key && await unit.KeyAsync(key, cancellation) is { } row)
        {
            unit.Guard(row);
        }
    }

    private static async Task JoinAsync(LedgerUnit unit, OutboundDelivery delivery, DateTimeOffset now, CancellationToken cancellation)
    {
        if (delivery is { Key: { } key, State: DeliveryState.Waiting or DeliveryState.OnHold })
        {
            var row = await unit.KeyAsync(key, cancellation);
            unit.Put(row is null ? BundleKeyRow.Single(key, delivery.Id) : row.Join(delivery.Id, now));
        }
    }

    public static async Task LeaveAsync(LedgerUnit unit, OutboundDelivery delivery, DateTimeOffset now, CancellationToken cancellation)
    {
        if (delivery.Key is { } key && await unit.KeyAsync(key, cancellation) is { } row)
        {
            unit.Put(row.Leave(delivery.Id, now));
        }
    }
}
