using Domain.Bundling;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Stores;
using Infra.Ledger;

namespace Functions.Bundle;

/// <summary>The bundle key of an order, with the installation's secret.</summary>
public sealed class BundleKeys(MarketplaceDirectory marketplaces, BundleSecret secret)
{
    private ReadOnlyMemory<byte>? _secret;

    /// <summary>The key under which the order may meet others; null = it is never bundled.</summary>
    public async ValueTask<BundleKey?> OfAsync(SalesOrder order, Store store, StoreBook book, CancellationToken cancellation)
    {
        if (store.Bundling is BundlePolicy.Off || !order.IsOpen)
        {
            return null;
        }

        var conditions = BundleConditions.Of(order, store, book.RulesFor(store, marketplaces.Of(store).Manifest));
        if (conditions is null)
        {
            return null;
        }

        _secret ??= await secret(cancellation);
        return BundleKey.Compute(conditions, _secret.Value.Span);
    }
}
