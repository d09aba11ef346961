using System.Collections.Concurrent;
using Domain.Marketplaces;
using Domain.Stores;

namespace Connectors.Qoo10;

/// <summary>Calls with the seller certification key (販売者認証キー, SAK), and gets a new one when it is refused: API key and QSM login give a key that lives for a year.</summary>
/// <remarks>The key comes from, in this order: what we issued and kept; what a person entered; a first issue. Two issues at once do no harm: both keys work.</remarks>
internal sealed class Qoo10Certification(Qoo10Calls calls, TimeProvider clock)
{
    /// <summary>Field of the manifest and name of the kept token alike.</summary>
    public const string Field = "certification-key";

    /// <summary>A day less than their year, so that ours runs out first.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(364);

    /// <summary>-90001 has two causes. While a key is as young as this, the key is not the cause, and no further one is issued.</summary>
    private static readonly TimeSpan Young = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<StoreId, SemaphoreSlim> _gates = new();
    private readonly ConcurrentDictionary<StoreId, DateTimeOffset> _issued = new();

    /// <summary>Makes a call; when the key is refused, once more with a new one. Refused means that nothing was done, so this holds for writes too.</summary>
    /// <returns>The answer, whatever its code is.</returns>
    public async Task<Qoo10Answer> CallAsync(
        StoreAccess access, string method, CallKind kind, IReadOnlyList<KeyValuePair<string, string>> parameters, CancellationToken cancellation)
    {
        var key = await KeyAsync(access, cancellation);
        var answer = await calls.SendAsync(access, method, kind, key, parameters, cancellation);
        if (!Qoo10Errors.KeyMayBeStale(answer.Code) || (answer.Code is Qoo10Errors.NoSuchApi && WasIssuedLately(access.Store.Id)))
        {
            return answer;
        }

        var fresh = await RenewAsync(access, key, answer.Code, cancellation);
        return await calls.SendAsync(access, method, kind, fresh, parameters, cancellation);
    }

    private async Task<string> KeyAsync(StoreAccess access, CancellationToken cancellation) =>
        await access.Credentials.FindTokenAsync(Field, cancellation)
        ?? await EnteredAsync(access, cancellation)
        ?? await RenewAsync(access, refused: null, refusedWith: 0, cancellation);

    private async Task<string> RenewAsync(StoreAccess access, string? refused, int refusedWith, CancellationToken cancellation)
    {
        var gate = _gates.GetOrAdd(access.Store.Id, _ => new SemaphoreSlim(1, 1));
        await gate.WaitAsync(cancellation);
        try
        {
            if (await access.Credentials.FindTokenAsync(Field, cancellation) is { } kept)
            {
                if (kept != refused)
                {
                    return kept; // another call was quicker
                }

                await access.Credentials.ForgetTokenAsync(Field, cancellation);
            }

            try
            {
                return await IssueAsync(access, refusedWith, cancellation);
            }
            catch (MarketplaceException refusal) when (refusal.Kind is FailureKind.CredentialRejected)
            {
                if (refused is not null && await EnteredAsync(access, cancellation) is { } entered && entered != refused)
                {
                    return entered; // a person entered a key after ours had been kept
                }

                throw;
            }
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<string> IssueAsync(StoreAccess access, int refusedWith, CancellationToken cancellation)
    {
        var apiKey = await access.Credentials.ReadAsync("api-key", cancellation);
        var answer = await calls.SendAsync(
            access, Qoo10Methods.Certify, CallKind.Write, apiKey,
            [
                new("user_id", await access.Credentials.ReadAsync("user-id", cancellation)),
                new("pwd", await access.Credentials.ReadAsync("password", cancellation)),
            ],
            cancellation);
        if (answer is not { Code: 0, Value: { Length: > 0 } key })
        {
            throw Rejection(answer.Code, refusedWith);
        }

        var now = clock.GetUtcNow();
        await access.Credentials.KeepTokenAsync(Field, key, now + Lifetime, cancellation);
        _issued[access.Store.Id] = now;
        return key;
    }

    /// <summary>The API key or the QSM login is at fault: a person must renew it.</summary>
    private static MarketplaceException Rejection(int code, int refusedWith)
    {
        var expired = code is -90004 or -90005 || refusedWith is -90004 or -90005;
        return new MarketplaceException(
            Qoo10Connector.Code,
            FailureKind.CredentialRejected,
            $"{Qoo10Methods.Certify}: {Qoo10Errors.TextOf(code)} no new certification key is issued: the API key must be renewed, or the QSM user id or password is not right")
        {
            Code = Qoo10Errors.TextOf(code),
            Credential = expired ? CredentialFault.Expired : CredentialFault.Wrong,
            Field = "api-key",
        };
    }

    private bool WasIssuedLately(StoreId store) => _issued.TryGetValue(store, out var at) && clock.GetUtcNow() - at < Young;

    /// <summary>The key that a person entered; null = none, which is the usual case.</summary>
    private static async Task<string?> EnteredAsync(StoreAccess access, CancellationToken cancellation)
    {
        try
        {
            return await access.Credentials.ReadAsync(Field, cancellation);
        }
        catch (MarketplaceException missing) when (missing.Credential is CredentialFault.Missing)
        {
            return null;
        }
    }
}
