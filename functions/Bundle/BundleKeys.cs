using System.Collections.Immutable;
using Domain.Bundling;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Stores;
using Infra.Ledger;

namespace Functions.Bundle;

/// <summary>The bundle keys of an order's deliveries, with the installation's secret.</summary>
public sealed class BundleKeys(MarketplaceDirectory marketplaces, BundleSecret secret)
{
    private ReadOnlyMemory<byte>? _secret;

    /// <summary>What the window's index keeps of an order, with the keys of all its deliveries.</summary>
    public async ValueTask<IndexLine> LineOfAsync(
        SalesOrder order, Store store, StoreBook book, ulong token, ulong content, ulong sign, CancellationToken cancellation)
    {
        var key = await OfAsync(order, 1, store, book, cancellation);
        var line = new IndexLine(
            order.Key.Code, token, content, sign, order.State, false, order.Content.PlacedAt, order.Part(1).PlannedShipDate, order.CashOnDelivery.Amount, key);
        if (order.Plans.Length < 2)
        {
            return line;
        }

        var further = ImmutableArray.CreateBuilder<FurtherDelivery>();
        foreach (var plan in order.Plans.Skip(1))
        {
            further.Add(new FurtherDelivery(plan.PlannedShipDate, await OfAsync(order, plan.Number, store, book, cancellation)));
        }

        return line with { Further = further.ToImmutable() };
    }

    /// <summary>The key under which this delivery of the order may meet others; null = it is never bundled.</summary>
    public async ValueTask<BundleKey?> OfAsync(SalesOrder order, int number, Store store, StoreBook book, CancellationToken cancellation)
    {
        if (store.Bundling is BundlePolicy.Off || !order.IsOpen || order.Part(number) is { Shipped: true } or { Dropped: true })
        {
            return null;
        }

        var conditions = BundleConditions.Of(order, store, book.RulesFor(store, marketplaces.Of(store).Manifest), number);
        if (conditions is null)
        {
            return null;
        }

        _secret ??= await secret(cancellation);
        return BundleKey.Compute(conditions, _secret.Value.Span);
    }
}
