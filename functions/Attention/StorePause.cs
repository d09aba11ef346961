using Domain.Marketplaces;
using Domain.Stores;
using Functions.Cancel;
using Infra.Ledger;
using Infra.Storage;

namespace Functions.Attention;

/// <summary>Stops a store's work on a rejected credential, alerts once, and lets it go on when the credential works again.</summary>
public sealed class StorePause(StoreRegistry registry, GroupLedger ledger, TimeProvider clock)
{
    public async Task PauseAsync(Store store, MarketplaceException refusal, CancellationToken cancellation)
    {
        var fault = refusal.Credential ?? CredentialFault.Wrong;
        var was = await SetAsync(store.Id, status => status with
        {
            CredentialFault = fault.ToString(),
            PausedAt = status.PausedAt ?? clock.GetUtcNow(),
            LastProbeAt = clock.GetUtcNow(),
        }, cancellation);
        if (was.CredentialFault is null)
        {
            await ledger.ChangeAsync(store.Group, unit => OrderRevision.RaiseAsync(
                unit, AttentionItems.CredentialRejected(store, fault, clock.GetUtcNow()), cancellation), cancellation);
        }
    }

    /// <summary>The credential works again: the store goes on, and the alert goes away.</summary>
    public async Task ResumeAsync(Store store, CancellationToken cancellation)
    {
        await SetAsync(store.Id, status => status with { CredentialFault = null, PausedAt = null, LastProbeAt = clock.GetUtcNow() }, cancellation);
        await ledger.ChangeAsync(store.Group, async unit =>
        {
            if (await unit.AttentionAsync($"credential~{store.Id}", cancellation) is { } item)
            {
                unit.Delete(item);
            }
        }, cancellation);
    }

    /// <summary>Notes how the last pull went; writes only when that has changed.</summary>
    public Task NoteAsync(StoreId store, MarketplaceException? failure, CancellationToken cancellation) =>
        SetAsync(store, status => status with
        {
            LastFailure = failure?.Kind.ToString(),
            FailingSince = failure is null ? null : status.FailingSince ?? clock.GetUtcNow(),
            NotBefore = failure is { MayPass: true, RetryAfter: { } wait } ? clock.GetUtcNow() + wait : null,
        }, cancellation);

    /// <summary>Notes that a pull brought orders; at most once an hour, so that it costs nothing an order.</summary>
    public Task NoteOrdersAsync(StoreId store, CancellationToken cancellation) =>
        SetAsync(store, status => status with { LastOrderAt = clock.GetUtcNow() }, cancellation);

    /// <returns>The status as it was before.</returns>
    private async Task<StoreStatus> SetAsync(StoreId store, Func<StoreStatus, StoreStatus> change, CancellationToken cancellation)
    {
        while (true)
        {
            var book = await registry.ReadAsync(cancellation);
            var was = book.Statuses.GetValueOrDefault(store) ?? new StoreStatus { Store = store };
            var next = change(was);
            if (next == was)
            {
                return was;
            }

            try
            {
                await registry.SaveAsync(next, book, cancellation);
                return was;
            }
            catch (RowConflictException)
            {
                // Another instance noted something at the same time: look again.
            }
        }
    }
}
