using Domain.Marketplaces;
using Domain.Stores;

namespace Infra.Secrets;

/// <summary>One store's credentials in the vault: a secret for each field, and its short-lived tokens under a prefix of their own.</summary>
/// <param name="versionOf">The active version of a field; null = the latest.</param>
public sealed class VaultCredentials(SecretStore secrets, TimeProvider clock, StoreId store, string marketplace, Func<string, string?> versionOf) : ICredentials
{
    public async ValueTask<string> ReadAsync(string field, CancellationToken cancellation)
    {
        var secret = await secrets.FindAsync(SecretNames.Of(store, field), versionOf(field), cancellation);
        return secret?.Value.Trim() is { Length: > 0 } value
            ? value
            : throw new MarketplaceException(marketplace, FailureKind.CredentialRejected, $"store {store} has no value for '{field}'")
            {
                Credential = CredentialFault.Missing,
                Field = field,
            };
    }

    public async ValueTask<string?> FindTokenAsync(string name, CancellationToken cancellation)
    {
        var token = await secrets.FindAsync(SecretNames.OfToken(store, name), null, cancellation);
        return token is null || token.ExpiresOn <= clock.GetUtcNow() ? null : token.Value;
    }

    public async ValueTask KeepTokenAsync(string name, string value, DateTimeOffset expiresAt, CancellationToken cancellation) =>
        await secrets.SetAsync(SecretNames.OfToken(store, name), value, expiresAt, cancellation);

    public async ValueTask ForgetTokenAsync(string name, CancellationToken cancellation)
    {
        // Only the version that this instance knows: another one may have renewed the token already.
        var secretName = SecretNames.OfToken(store, name);
        if (await secrets.FindAsync(secretName, null, cancellation) is { } known)
        {
            await secrets.DisableAsync(secretName, known.Version, cancellation);
        }
    }
}
