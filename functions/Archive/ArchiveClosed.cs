using Domain.Bundling;
using Domain.Coverage;
using Domain.Deliveries;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Shipments;
using Domain.Stores;
using Infra.Ledger;
using Infra.Storage;

namespace Functions.Archive;

/// <summary>Keeps the open partition lean: moves parcels whose orders have been closed for 14 days into the archive, and long histories into blocks of their own.</summary>
/// <remarks>Copied first, deleted afterwards in one transaction against the versions that were copied: a crash in between leaves both, the next run does it again,
/// and whoever reads takes the open row first. Only what no search of the window can bring any more is moved, or a pull would take it for new.</remarks>
public sealed class ArchiveClosed(StoreRegistry registry, MarketplaceDirectory marketplaces, GroupLedger ledger, TimeProvider clock)
{
    /// <summary>Closed for so long.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromDays(14);

    /// <summary>An order with more history entries than this gives the older ones away.</summary>
    public const int LongHistory = 40;

    private const int KeptEntries = 20;

    private const int RowsOfATransaction = 100;

    /// <summary>Beyond the window's start, since the pull keeps an order in its index for two days more.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromDays(3);

    /// <returns>How many orders went into the archive.</returns>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var book = await registry.ReadAsync(cancellation);
        var moved = 0;
        foreach (var group in book.Groups)
        {
            moved += await ArchiveAsync(group, book, cancellation);
        }

        return moved;
    }

    private async Task<int> ArchiveAsync(BundleGroupId group, StoreBook book, CancellationToken cancellation)
    {
        var closed = await ClosedAsync(group, book, cancellation);
        await ForgetDecisionsAsync(group, cancellation);
        if (closed.Count == 0)
        {
            return 0;
        }

        var deliveries = new Dictionary<DeliveryId, (OutboundDelivery Delivery, Row Row)>();
        await foreach (var row in ledger.RangeAsync(group, RowRange.Prefix(GroupKeys.Deliveries), cancellation))
        {
            var delivery = Codecs.Delivery.Decode(row);
            deliveries[delivery.Id] = (delivery, row);
        }

        var pushes = new Dictionary<OrderKey, List<(PushEntry Push, Row Row)>>();
        await foreach (var row in ledger.RangeAsync(group, RowRange.Prefix(GroupKeys.Pushes), cancellation))
        {
            var push = Codecs.Push.Decode(row);
            (pushes.TryGetValue(push.Order, out var list) ? list : pushes[push.Order] = []).Add((push, row));
        }

        var moved = 0;
        var batch = new List<Row>();
        var orders = 0;
        foreach (var parcel in ParcelsOf(closed.Keys, deliveries.Values.Select(d => d.Delivery)))
        {
            // What takes more rows than a transaction stays where it is: rare, and harmless.
            if (RowsOf(parcel, closed, deliveries, pushes) is not { Count: <= RowsOfATransaction } rows)
            {
                continue;
            }

            if (batch.Count + rows.Count > RowsOfATransaction)
            {
                moved += await MoveAsync(group, batch, cancellation) ? orders : 0;
                batch.Clear();
                orders = 0;
            }

            batch.AddRange(rows);
            orders += parcel.Orders.Count;
        }

        return moved + (batch.Count > 0 && await MoveAsync(group, batch, cancellation) ? orders : 0);
    }

    /// <summary>The orders that may go; long histories of the others are cut on the way.</summary>
    private async Task<Dictionary<OrderKey, (SalesOrder Order, Row Row)>> ClosedAsync(BundleGroupId group, StoreBook book, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var closed = new Dictionary<OrderKey, (SalesOrder, Row)>();
        foreach (var store in book.Stores.Values.Where(s => s.Group == group))
        {
            var manifest = marketplaces.Of(store).Manifest;
            var outOfReach = manifest.Lanes.Min(l => PullPlan.WindowStart(manifest.LookbackDaysOf(l, store), now)) - Grace;
            await foreach (var row in ledger.RangeAsync(group, RowRange.Prefix(GroupKeys.Orders(store.Id)), cancellation))
            {
                var order = Codecs.Order.Decode(row);
                if (!order.IsOpen && order.Content.PlacedAt < outOfReach && LastOf(order) <= now - Rest)
                {
                    closed[order.Key] = (order, row);
                }
                else if (order.History.Length > LongHistory)
                {
                    await CutHistoryAsync(group, order, row, cancellation);
                }
            }
        }

        return closed;
    }

    /// <summary>Orders that share a parcel, each other's or a third one's, with all deliveries that were made for them: they go together or not at all.</summary>
    private static IEnumerable<(HashSet<OrderKey> Orders, List<DeliveryId> Deliveries)> ParcelsOf(IEnumerable<OrderKey> closed, IEnumerable<OutboundDelivery> deliveries)
    {
        var ofOrder = new Dictionary<OrderKey, List<OutboundDelivery>>();
        var beside = new Dictionary<OrderKey, HashSet<OrderKey>>();
        foreach (var delivery in deliveries)
        {
            (ofOrder.TryGetValue(delivery.Id.Order, out var own) ? own : ofOrder[delivery.Id.Order] = []).Add(delivery);
            foreach (var other in delivery.Members.Select(m => m.Order).Where(o => o != delivery.Id.Order))
            {
                (beside.TryGetValue(delivery.Id.Order, out var there) ? there : beside[delivery.Id.Order] = []).Add(other);
                (beside.TryGetValue(other, out var here) ? here : beside[other] = []).Add(delivery.Id.Order);
            }
        }

        var seen = new HashSet<OrderKey>();
        foreach (var order in closed.Where(seen.Add))
        {
            var orders = new HashSet<OrderKey>([order]);
            var next = new Stack<OrderKey>([order]);
            while (next.TryPop(out var one))
            {
                foreach (var other in beside.GetValueOrDefault(one)?.Where(orders.Add) ?? [])
                {
                    seen.Add(other);
                    next.Push(other);
                }
            }

            yield return (orders, [.. orders.SelectMany(o => ofOrder.GetValueOrDefault(o) ?? []).Select(d => d.Id)]);
        }
    }

    /// <summary>All rows of some parcels, or null while something of them is not over.</summary>
    private List<Row>? RowsOf(
        (HashSet<OrderKey> Orders, List<DeliveryId> Deliveries) parcel, Dictionary<OrderKey, (SalesOrder Order, Row Row)> closed,
        Dictionary<DeliveryId, (OutboundDelivery Delivery, Row Row)> deliveries, Dictionary<OrderKey, List<(PushEntry Push, Row Row)>> pushes)
    {
        if (!parcel.Orders.All(closed.ContainsKey))
        {
            return null;
        }

        var before = clock.GetUtcNow() - Rest;
        var rows = parcel.Orders.Select(o => closed[o].Row).ToList();
        foreach (var (delivery, row) in parcel.Deliveries.Select(d => deliveries[d]))
        {
            var over = delivery.State is DeliveryState.Shipped or DeliveryState.Cancelled or DeliveryState.Bundled;
            if (!over || delivery.History.Any(h => h.At > before))
            {
                return null;
            }

            rows.Add(row);
        }

        foreach (var (push, row) in parcel.Orders.SelectMany(o => pushes.GetValueOrDefault(o) ?? []))
        {
            if (!push.IsOver && !push.Superseded)
            {
                return null;
            }

            rows.Add(row);
        }

        return rows;
    }

    private async Task<bool> MoveAsync(BundleGroupId group, List<Row> rows, CancellationToken cancellation)
    {
        foreach (var ofStore in rows.GroupBy(r => r.Key.Split('|')[1], StringComparer.Ordinal))
        {
            foreach (var some in ofStore.Chunk(RowsOfATransaction))
            {
                await ledger.Rows.CommitAsync(GroupKeys.Closed, ofStore.Key, [.. some.Select(r => new RowAction.Upsert(r with { ETag = null }))], cancellation);
            }
        }

        try
        {
            await ledger.Rows.CommitAsync(GroupKeys.Open, group.Value, [.. rows.Select(r => new RowAction.Delete(r.Key, r.ETag!))], cancellation);
            return true;
        }
        catch (RowConflictException)
        {
            return false; // one of them moved on: the next run looks again
        }
    }

    private async Task CutHistoryAsync(BundleGroupId group, SalesOrder order, Row row, CancellationToken cancellation)
    {
        var given = order.History.Length - KeptEntries;
        var block = Codecs.History.Encode(new HistoryBlock(order.Key, order.HistoryMoved, order.History[..given]));
        await ledger.Rows.CommitAsync(GroupKeys.History, group.Value, [new RowAction.Upsert(block)], cancellation);
        try
        {
            var kept = order with { History = order.History[given..], HistoryMoved = order.HistoryMoved + given };
            await ledger.Rows.CommitAsync(GroupKeys.Open, group.Value, [new RowAction.Replace(Codecs.Order.Encode(kept), row.ETag!)], cancellation);
        }
        catch (RowConflictException)
        {
            // The order moved on in this moment; its next cut writes the same block again, longer.
        }
    }

    /// <summary>Key rows that nobody carries any more, whose decision nobody can undo.</summary>
    private async Task ForgetDecisionsAsync(BundleGroupId group, CancellationToken cancellation)
    {
        var before = clock.GetUtcNow() - Rest;
        await foreach (var listed in ledger.RangeAsync(group, RowRange.Prefix(GroupKeys.Candidates), cancellation))
        {
            var key = Codecs.Candidate.Decode(listed);
            if (key.Candidate is { State: CandidateState.Open } || key.Candidate?.DecidedAt > before)
            {
                continue;
            }

            var stands = await ledger.Rows.FindAsync(GroupKeys.Open, group.Value, GroupKeys.Key(key.Key), cancellation);
            if (stands is not null && !Codecs.Key.Decode(stands).Members.IsEmpty)
            {
                continue;
            }

            try
            {
                var gone = new List<RowAction> { new RowAction.Delete(listed.Key, listed.ETag!) };
                if (stands is not null)
                {
                    gone.Add(new RowAction.Delete(stands.Key, stands.ETag!));
                }

                await ledger.Rows.CommitAsync(GroupKeys.Open, group.Value, gone, cancellation);
            }
            catch (RowConflictException)
            {
                // Claimed anew in this moment.
            }
        }
    }

    private static DateTimeOffset LastOf(SalesOrder order) => order.History.IsEmpty ? order.ImportedAt : order.History[^1].At;
}
