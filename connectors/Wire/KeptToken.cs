using System.Collections.Concurrent;
using Domain.Marketplaces;
using Domain.Stores;

namespace Connectors.Wire;

/// <summary>A short-lived access token (アクセストークン) that all instances share.</summary>
/// <param name="name">Name of the kept token.</param>
/// <remarks>At most one renewal for a store is under way in a process. Two in two processes do no harm where both tokens work.</remarks>
internal sealed class KeptToken(string name)
{
    private readonly ConcurrentDictionary<StoreId, SemaphoreSlim> _gates = new();

    /// <param name="issue">Gets a new one and keeps it.</param>
    public async Task<string> ReadAsync(StoreAccess access, Func<Task<string>> issue, CancellationToken cancellation) =>
        await access.Credentials.FindTokenAsync(name, cancellation) ?? await RenewAsync(access, refused: null, issue, cancellation);

    /// <summary>A token other than the refused one: one that another call has got meanwhile, or a new one.</summary>
    public async Task<string> RenewAsync(StoreAccess access, string? refused, Func<Task<string>> issue, CancellationToken cancellation)
    {
        var gate = _gates.GetOrAdd(access.Store.Id, _ => new SemaphoreSlim(1, 1));
        await gate.WaitAsync(cancellation);
        try
        {
            if (await access.Credentials.FindTokenAsync(name, cancellation) is { } kept)
            {
                if (kept != refused)
                {
                    return kept;
                }

                await access.Credentials.ForgetTokenAsync(name, cancellation);
            }

            return await issue();
        }
        finally
        {
            gate.Release();
        }
    }
}
