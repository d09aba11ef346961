using Domain.Marketplaces;
using Domain.Stores;
using Functions.Bundle;
using Infra.Ledger;

namespace Functions.Pull;

/// <summary>What a pull came to.</summary>
/// <param name="New">Orders stored for the first time, unreadable ones included.</param>
/// <param name="Changed">Known orders that had changed.</param>
/// <param name="Failure">Why it ended early; null = it read everything that was due.</param>
/// <param name="Unfinished">Time ran out: the rest is for the next message.</param>
public sealed record PullResult(int New, int Changed, MarketplaceException? Failure = null, bool Unfinished = false, bool Skipped = false)
{
    /// <summary>Of the new ones, those that wait for a person, a payment or their completion.</summary>
    public int Held { get; init; }

    /// <summary>That orders came has not been noted for an hour: the poll period hangs on it.</summary>
    public bool NoteOrders { get; init; }

    /// <summary>The pull before this one had failed.</summary>
    public bool WasFailing { get; init; }
}

/// <summary>What every run of a pull works with.</summary>
public sealed record PullParts(GroupLedger Ledger, BundleKeys Keys, ChangedOrders Changes, Dispatch Dispatch, TimeProvider Clock);

/// <summary>Pulls one store: reads what is not covered, stores what is new, carries on what has changed. Running it twice changes nothing.</summary>
public sealed class PullStore(StoreRegistry registry, MarketplaceDirectory marketplaces, CredentialsOf credentials, PullParts parts)
{
    public async Task<PullResult> RunAsync(PullMessage message, CancellationToken cancellation)
    {
        var book = await registry.ReadAsync(cancellation);
        if (book.Find(StoreId.Parse(message.Store)) is not { } store || !store.Switches.Pull || book.StopAll || book.IsPaused(store.Id))
        {
            return new PullResult(0, 0, Skipped: true);
        }

        var market = marketplaces.Of(store);
        if (!market.Manifest.IsConfirmed(store))
        {
            return new PullResult(0, 0, Skipped: true);
        }

        var access = new StoreAccess(store, market.Manifest, credentials(store));
        var index = await WindowIndex.ReadAsync(parts.Ledger, store, cancellation);
        var run = new PullRun(parts, store, book, market, access, index);
        var result = await run.RunAsync(message, cancellation);
        var status = book.Statuses.GetValueOrDefault(store.Id);
        return result with
        {
            Held = run.Held,
            WasFailing = status?.FailingSince is not null,
            NoteOrders = status?.LastOrderAt is not { } last || (result.New > 0 && parts.Clock.GetUtcNow() - last >= TimeSpan.FromHours(1)),
        };
    }
}
