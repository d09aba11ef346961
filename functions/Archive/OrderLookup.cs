using System.Collections.Immutable;
using Domain.Deliveries;
using Domain.Orders;
using Domain.Shipments;
using Domain.Stores;
using Infra.Ledger;
using Infra.Storage;

namespace Functions.Archive;

/// <param name="Carriers">The delivery that carries each of its own, by their numbers: 1, and those of further recipients.</param>
/// <param name="Pushes">What its marketplace was told, by revision; of several recipients one after the other.</param>
public sealed record OrderRecord(SalesOrder Order, IReadOnlyDictionary<int, DeliveryId> Carriers, IReadOnlyList<PushEntry> Pushes)
{
    /// <summary>The delivery that carries the order, or its first recipient's part.</summary>
    public DeliveryId Delivery => Carriers.GetValueOrDefault(1) ?? DeliveryId.First(Order.Key);
}

/// <summary>Finds one order by its code with its whole history, among the open rows or in the archive. Point reads and the few rows of one order only.</summary>
public sealed class OrderLookup(GroupLedger ledger)
{
    public async Task<OrderRecord?> FindAsync(Store store, OrderKey key, CancellationToken cancellation) =>
        await FindAsync(GroupKeys.Open, store.Group.Value, store, key, cancellation)
        ?? await FindAsync(GroupKeys.Closed, store.Id.Value, store, key, cancellation);

    private async Task<OrderRecord?> FindAsync(string table, string partition, Store store, OrderKey key, CancellationToken cancellation)
    {
        if (await ledger.Rows.FindAsync(table, partition, GroupKeys.Order(key), cancellation) is not { } row)
        {
            return null;
        }

        var order = Codecs.Order.Decode(row);
        IReadOnlyList<Row> deliveries = order.Plans.IsEmpty
            ? await ledger.Rows.FindAsync(table, partition, GroupKeys.Delivery(DeliveryId.First(key)), cancellation) is { } only ? [only] : []
            : (await ledger.Rows.ReadAsync(table, partition, RowRange.Prefix(GroupKeys.DeliveriesOf(key)), cancellation)).Rows;
        var pushes = await ledger.Rows.ReadAsync(table, partition, RowRange.Prefix(GroupKeys.PushesOf(key)), cancellation);
        if (order.HistoryMoved > 0)
        {
            var blocks = await ledger.Rows.ReadAsync(GroupKeys.History, store.Group.Value, RowRange.Prefix(GroupKeys.HistoryBlocks(key)), cancellation);
            ImmutableArray<HistoryEntry> older = [.. blocks.Rows.Select(Codecs.History.Decode).SelectMany(b => b.Entries)];
            order = order with { History = [.. older.Take(order.HistoryMoved), .. order.History] };
        }

        return new OrderRecord(
            order,
            deliveries.Select(Codecs.Delivery.Decode).ToDictionary(d => d.Id.Number, d => d.BundledInto ?? d.Id),
            [.. pushes.Rows.Select(Codecs.Push.Decode)]);
    }
}
