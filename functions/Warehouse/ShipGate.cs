using Domain.Attention;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Stores;
using Functions.Attention;
using Functions.Cancel;
using Infra.Ledger;

namespace Functions.Warehouse;

/// <summary>What the marketplaces said about a set of orders.</summary>
/// <param name="Stopped">Cancelled there, or asked to be.</param>
/// <param name="Unasked">Orders about which nothing could be learnt, with the reason: unknown is never taken for "no".</param>
public sealed record GateVerdict(IReadOnlyDictionary<OrderKey, MarketplaceStanding> Stopped, IReadOnlyDictionary<OrderKey, string> Unasked)
{
    /// <summary>Why the order must not go, in Japanese; null = it may.</summary>
    public string? RefusalOf(OrderKey order) =>
        Stopped.TryGetValue(order, out var standing)
            ? standing is MarketplaceStanding.Cancelled ? $"受注 {order.Code} はモール側でキャンセルされています" : $"受注 {order.Code} はモール側でキャンセル受付中です"
            : Unasked.GetValueOrDefault(order) is { } reason ? $"受注 {order.Code} のキャンセル確認ができません（{reason}）" : null;
}

/// <summary>Asks the marketplaces, in bulk, right before work starts, that no order has been cancelled there.</summary>
public sealed class ShipGate(MarketplaceDirectory marketplaces, CredentialsOf credentials, GroupLedger ledger, TimeProvider clock)
{
    public async Task<GateVerdict> AskAsync(StoreBook book, IReadOnlyList<SalesOrder> orders, CancellationToken cancellation)
    {
        var stopped = new Dictionary<OrderKey, MarketplaceStanding>();
        var unasked = new Dictionary<OrderKey, string>();
        foreach (var ofStore in orders.GroupBy(o => o.Key.Store))
        {
            var store = book.Find(ofStore.Key)!;
            var market = marketplaces.Of(store);
            if (market.Reader is null)
            {
                Refuse(unasked, store, ofStore, "モールに受注番号での照会がありません");
                continue;
            }

            try
            {
                var access = new StoreAccess(store, market.Manifest, credentials(store));
                foreach (var (code, standing) in await market.Reader.StoppedAsync(access, [.. ofStore.Select(ReferenceOf)], cancellation))
                {
                    stopped[new OrderKey(store.Id, code)] = standing;
                }
            }
            catch (MarketplaceException failure)
            {
                Refuse(unasked, store, ofStore, failure.Kind.ToString());
                if (unasked.Count > 0)
                {
                    await ledger.ChangeAsync(store.Group, unit => OrderRevision.RaiseAsync(
                        unit, AttentionItems.GateUnknown(store, failure.Message, clock.GetUtcNow()), cancellation), cancellation);
                }
            }
        }

        return new GateVerdict(stopped, unasked);
    }

    public static OrderReference ReferenceOf(SalesOrder order) =>
        new(order.Key.Code, order.Content.PlacedAt, [.. order.Content.Lines.Select(l => l.LineId)]);

    /// <summary>The store's setting decides: hold (default), or ship when the last reading of the order is young enough.</summary>
    private void Refuse(Dictionary<OrderKey, string> unasked, Store store, IEnumerable<SalesOrder> orders, string reason)
    {
        foreach (var order in orders)
        {
            var age = clock.GetUtcNow() - (order.History.IsEmpty ? order.ImportedAt : order.History[^1].At);
            if (store.ShipOnAnswerMinutes is not { } minutes || age > TimeSpan.FromMinutes(minutes))
            {
                unasked[order.Key] = reason;
            }
        }
    }
}
