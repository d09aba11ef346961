using System.Collections.Immutable;
using Domain.Deliveries;
using Domain.Orders;
using Domain.Shipments;
using Domain.Stores;
using Infra.Ledger;
using Infra.Storage;

namespace Functions.Archive;

/// <param name="Delivery">The delivery that carries the order.</param>
/// <param name="Pushes">What its marketplace was told, by revision.</param>
public sealed record OrderRecord(SalesOrder Order, DeliveryId Delivery, IReadOnlyList<PushEntry> Pushes);

/// <summary>Finds one order by its code with its whole history, among the open rows or in the archive. Point reads only.</summary>
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
        var own = DeliveryId.First(key);
        var delivery = await ledger.Rows.FindAsync(table, partition, GroupKeys.Delivery(own), cancellation);
        var pushes = await ledger.Rows.ReadAsync(table, partition, RowRange.Prefix(GroupKeys.Push(key, 0)[..^4]), cancellation);
        if (order.HistoryMoved > 0)
        {
            var blocks = await ledger.Rows.ReadAsync(GroupKeys.History, store.Group.Value, RowRange.Prefix(GroupKeys.HistoryBlocks(key)), cancellation);
            ImmutableArray<HistoryEntry> older = [.. blocks.Rows.Select(Codecs.History.Decode).SelectMany(b => b.Entries)];
            order = order with { History = [.. older.Take(order.HistoryMoved), .. order.History] };
        }

        return new OrderRecord(
            order,
            delivery is null ? own : Codecs.Delivery.Decode(delivery).BundledInto ?? own,
            [.. pushes.Rows.Select(Codecs.Push.Decode)]);
    }
}
