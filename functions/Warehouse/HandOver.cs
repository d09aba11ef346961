using System.Collections.Immutable;
using Domain.Deliveries;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Stores;
using Functions.Cancel;
using Functions.Pull;
using Infra.Ledger;

namespace Functions.Warehouse;

/// <summary>What became of one delivery that was to be handed over.</summary>
/// <param name="Refusals">Why not, in Japanese; empty = it is in work.</param>
public sealed record HandOverResult(DeliveryId Delivery, ImmutableArray<string> Refusals)
{
    public bool Done => Refusals.IsEmpty;
}

/// <summary>Hands deliveries to the warehouse (出荷作業中). Each passes the ship gate: released, and not cancelled at the marketplace.</summary>
public sealed class HandOver(
    StoreRegistry registry, GroupLedger ledger, ShipGate gate, ChangedOrders changes, MarketplaceDirectory marketplaces, CredentialsOf credentials, TimeProvider clock)
{
    /// <summary>Each is a delivery, a key and a candidate row.</summary>
    private const int DeliveriesOfATransaction = 25;

    public async Task<IReadOnlyList<HandOverResult>> RunAsync(BundleGroupId group, IReadOnlyList<DeliveryId> deliveries, string who, CancellationToken cancellation)
    {
        var book = await registry.ReadAsync(cancellation);
        var candidates = new List<(OutboundDelivery Delivery, List<SalesOrder> Orders)>();
        var results = new Dictionary<DeliveryId, HandOverResult>();
        var unit = new LedgerUnit(ledger.Rows, group);
        await unit.WarmAsync(deliveries.Select(GroupKeys.Delivery), cancellation);
        var keys = new List<string>();
        foreach (var id in deliveries)
        {
            keys.AddRange((await unit.DeliveryAsync(id, cancellation))?.Key is { } key ? [GroupKeys.Key(key)] : []);
        }

        await unit.WarmAsync(keys, cancellation);
        await unit.WarmAsync(deliveries.Select(d => GroupKeys.Order(new OrderKey(d.Store, d.Code))), cancellation);
        foreach (var id in deliveries.Distinct())
        {
            var (bars, delivery) = await BarsAsync(unit, id, book, cancellation);
            if (bars.Length > 0)
            {
                results[id] = new HandOverResult(id, bars);
                continue;
            }

            var orders = new List<SalesOrder>();
            foreach (var member in delivery!.Members)
            {
                orders.Add((await unit.OrderAsync(member.Order, cancellation))!);
            }

            candidates.Add((delivery, orders));
        }

        var verdict = await gate.AskAsync(book, [.. candidates.SelectMany(c => c.Orders).DistinctBy(o => o.Key)], cancellation);
        foreach (var stopped in verdict.Stopped)
        {
            // Seen at the gate first: carry the cancel through before anything else.
            var store = book.Find(stopped.Key.Store)!;
            await changes.ApplyAsync(
                store, book, marketplaces.Of(store), new OrderReading.Sign(stopped.Key.Code, stopped.Value, []), "ship-gate", cancellation);
        }

        var passed = new List<DeliveryId>();
        foreach (var (delivery, orders) in candidates)
        {
            var refusals = orders.Select(o => verdict.RefusalOf(o.Key)).OfType<string>().Distinct().ToImmutableArray();
            results[delivery.Id] = new HandOverResult(delivery.Id, refusals);
            if (refusals.IsEmpty)
            {
                passed.Add(delivery.Id);
            }
        }

        foreach (var some in passed.Chunk(DeliveriesOfATransaction))
        {
            foreach (var result in await StartAsync(unit, some, book, who, cancellation))
            {
                results[result.Delivery] = result;
            }
        }

        await AcknowledgeAsync(book, [.. candidates.Where(c => results[c.Delivery.Id].Done).SelectMany(c => c.Orders).DistinctBy(o => o.Key)], cancellation);
        return [.. deliveries.Distinct().Select(d => results[d])];
    }

    /// <summary>The warehouse gives a delivery back (出荷待ちに戻す). One that was stopped is cancelled on the way; an order with another delivery still in work follows when that one is back.</summary>
    public async Task GiveBackAsync(BundleGroupId group, DeliveryId id, OrderRevision revision, string who, CancellationToken cancellation)
    {
        var book = await registry.ReadAsync(cancellation);
        await ledger.ChangeAsync(group, async unit =>
        {
            var now = clock.GetUtcNow();
            if (await unit.DeliveryAsync(id, cancellation) is not { State: DeliveryState.InWork } delivery)
            {
                throw new Domain.RefusalException("not-in-work", $"出荷伝票 {id} は出荷作業中ではありません。");
            }

            var stopped = delivery.Stopped;
            delivery = delivery.MoveTo(DeliveryState.Waiting, now, who, "given back by the warehouse") with { Stopped = false };
            unit.Put(delivery);
            if (delivery.Key is { } key)
            {
                var row = await unit.KeyAsync(key, cancellation);
                unit.Put(row?.Join(delivery.Id, now) ?? Domain.Bundling.BundleKeyRow.Single(key, delivery.Id));
            }

            foreach (var member in delivery.Members.Where(_ => stopped))
            {
                var order = (await unit.OrderAsync(member.Order, cancellation))!;
                if (order.Content.Standing is MarketplaceStanding.Cancelled)
                {
                    await revision.ApplyAsync(unit, order.Close(now, who, "cancelled at the marketplace"), book, who, cancellation);
                }
                else if (order.Part(member.Number).Dropped)
                {
                    await revision.ApplyAsync(unit, order, book, who, cancellation);
                }
            }
        }, cancellation);
    }

    private static async Task<(ImmutableArray<string> Bars, OutboundDelivery? Delivery)> BarsAsync(LedgerUnit unit, DeliveryId id, StoreBook book, CancellationToken cancellation)
    {
        if (await unit.DeliveryAsync(id, cancellation) is not { } delivery)
        {
            return (["出荷伝票が見つかりません"], null);
        }

        var row = delivery.Key is { } key ? await unit.KeyAsync(key, cancellation) : null;
        var bars = Release.BarsOf(delivery, book.Stores, book.StopAll, row?.IsLocked(delivery.Id) ?? false);
        return ([.. bars.Select(Release.Words)], delivery);
    }

    /// <summary>The move itself, against the versions that were judged: the question at the gate took time, and what has moved on since is judged again.</summary>
    private Task<List<HandOverResult>> StartAsync(LedgerUnit known, DeliveryId[] deliveries, StoreBook book, string who, CancellationToken cancellation) =>
        ledger.ChangeAsync(known, async unit =>
        {
            var now = clock.GetUtcNow();
            var results = new List<HandOverResult>();
            foreach (var id in deliveries)
            {
                var (bars, delivery) = await BarsAsync(unit, id, book, cancellation);
                results.Add(new HandOverResult(id, bars));
                if (bars.IsEmpty)
                {
                    await OrderRevision.LeaveAsync(unit, delivery!, now, cancellation);
                    unit.Put(delivery!.MoveTo(DeliveryState.InWork, now, who, "handed to the warehouse"));
                }
            }

            return results;
        }, cancellation);

    private async Task AcknowledgeAsync(StoreBook book, IReadOnlyList<SalesOrder> orders, CancellationToken cancellation)
    {
        foreach (var ofStore in orders.GroupBy(o => o.Key.Store))
        {
            var store = book.Find(ofStore.Key)!;
            var market = marketplaces.Of(store);
            if (!store.Acknowledge || !store.Switches.Push || market.Acknowledgement is not { } acknowledgement)
            {
                continue;
            }

            try
            {
                var access = new StoreAccess(store, market.Manifest, credentials(store));
                await acknowledgement.AcknowledgeAsync(access, [.. ofStore.Select(ShipGate.ReferenceOf)], ofStore.Min(o => o.PlannedShipDate), cancellation);
            }
            catch (MarketplaceException)
            {
                // A courtesy towards the marketplace: the parcel leaves all the same, and the shipment report says it again.
            }
        }
    }
}
