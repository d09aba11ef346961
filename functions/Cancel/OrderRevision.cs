using System.Collections.Immutable;
using Domain.Attention;
using Domain.Bundling;
using Domain.Deliveries;
using Domain.Marketplaces;
using Domain.Orders;
using Functions.Attention;
using Functions.Bundle;
using Infra.Ledger;

namespace Functions.Cancel;

/// <summary>Carries a change of an order to everything that must agree with it: its delivery, its bundle key, the parcel that carries it. Called inside a ledger change.</summary>
public sealed class OrderRevision(BundleKeys keys, TimeProvider clock)
{
    /// <summary>Puts the order as <paramref name="next"/> says. A whole cancel before 出荷作業中 cancels order and delivery and leaves its candidate;
    /// at 出荷作業中 it stops the ship-out and asks for attention.</summary>
    public async Task ApplyAsync(LedgerUnit unit, SalesOrder next, StoreBook book, string who, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var store = book.Find(next.Key.Store) ?? throw new InvalidOperationException($"Store {next.Key.Store} is not set up.");
        var known = await unit.OrderAsync(next.Key, cancellation);
        var own = await unit.DeliveryAsync(DeliveryId.First(next.Key), cancellation);
        var key = await keys.OfAsync(next, store, book, cancellation);
        if (own is null)
        {
            // Between pull and bundling: whoever decides first makes the delivery.
            var made = OutboundDelivery.For(next, key, store.Warehouse, now);
            unit.Put(next);
            unit.Put(made);
            await JoinAsync(unit, made, now, cancellation);
            return;
        }

        var carrier = own.State is DeliveryState.Bundled ? (await unit.DeliveryAsync(own.BundledInto!, cancellation))! : own;
        var over = !next.IsOpen;
        switch (carrier.State)
        {
            case DeliveryState.Waiting or DeliveryState.OnHold:
                if (carrier.IsBundle && (over || key != carrier.Key))
                {
                    await UnbundleAsync(unit, carrier, now, who, "a member changed", cancellation);
                    own = (await unit.DeliveryAsync(own.Id, cancellation))!;
                    carrier = own;
                }

                unit.Put(next);
                await MoveWaitingAsync(unit, carrier, next, key, over, now, who, cancellation);
                return;

            case DeliveryState.InWork when over && known is { IsOpen: true }:
                var held = Stop(known, next, now, who);
                unit.Put(held);
                if (carrier.Stopped)
                {
                    return;
                }

                unit.Put((carrier with { Stopped = true, History = carrier.History.Add(new HistoryEntry(now, who, "stopped", next.Content.RawStatus)) }).With(held));
                await RaiseAsync(unit, AttentionItems.CancelledInWork(next.Key, store, carrier.Id, now), cancellation);
                return;

            case DeliveryState.Shipped when next.Content.Standing is MarketplaceStanding.Cancelled:
                unit.Put(next);
                await RaiseAsync(unit, AttentionItems.CancelledAfterShipping(next.Key, store, now), cancellation);
                return;

            default:
                unit.Put(next);
                if (carrier.Members.Any(m => m.Order == next.Key))
                {
                    unit.Put(carrier.With(next));
                }

                return;
        }
    }

    /// <summary>Takes a bundle apart: every member has its own delivery again, waiting under the same key, and the question is open again.</summary>
    public static async Task UnbundleAsync(LedgerUnit unit, OutboundDelivery carrier, DateTimeOffset now, string who, string why, CancellationToken cancellation)
    {
        var members = carrier.Members;
        foreach (var member in members)
        {
            var id = DeliveryId.First(member.Order);
            var alone = id == carrier.Id ? carrier : (await unit.DeliveryAsync(id, cancellation))!;
            alone = alone with { Members = [member], BundledInto = null, Key = carrier.Key };
            unit.Put(id == carrier.Id
                ? alone with { History = alone.History.Add(new HistoryEntry(now, who, "unbundled", why)) }
                : alone.MoveTo(DeliveryState.Waiting, now, who, why));
        }

        if (carrier.Key is { } key && await unit.KeyAsync(key, cancellation) is { } row)
        {
            var ids = members.Select(m => DeliveryId.First(m.Order)).ToImmutableArray();
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
        (known with
        {
            Content = next.Content,
            Holds = [.. known.Holds.Where(h => h.Reason is not HoldReason.CancelledWhileInWork), new Hold(HoldReason.CancelledWhileInWork)],
        }).MoveTo(OrderState.AwaitingConfirmation, now, who, "cancelled at the marketplace while in work");

    private static async Task MoveWaitingAsync(
        LedgerUnit unit, OutboundDelivery delivery, SalesOrder next, BundleKey? key, bool over, DateTimeOffset now, string who, CancellationToken cancellation)
    {
        if (over)
        {
            await LeaveAsync(unit, delivery, now, cancellation);
            unit.Put(delivery.With(next).MoveTo(DeliveryState.Cancelled, now, who, next.HandledElsewhere ? "shipped elsewhere" : "order cancelled") with { Key = null });
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
