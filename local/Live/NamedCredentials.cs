using Domain.Marketplaces;
using Infra.Secrets;

namespace Local.Live;

/// <summary>A store's credentials where the stores file names the secrets; the rest, tokens included, as usual.</summary>
/// <param name="names">Field → the secret's name.</param>
internal sealed class NamedCredentials(SecretStore secrets, string marketplace, IReadOnlyDictionary<string, string> names, ICredentials usual) : ICredentials
{
    public async ValueTask<string> ReadAsync(string field, CancellationToken cancellation)
    {
        if (!names.TryGetValue(field, out var name))
        {
            return await usual.ReadAsync(field, cancellation);
        }

        var secret = await secrets.FindAsync(name, null, cancellation);
        return secret?.Value.Trim() is { Length: > 0 } value
            ? value
            : throw new MarketplaceException(marketplace, FailureKind.CredentialRejected, $"the vault holds no secret '{name}' for '{field}'")
            {
                Credential = CredentialFault.Missing,
                Field = field,
            };
    }

    public ValueTask<string?> FindTokenAsync(string name, CancellationToken cancellation) => usual.FindTokenAsync(name, cancellation);

    public ValueTask KeepTokenAsync(string name, string value, DateTimeOffset expiresAt, CancellationToken cancellation) => usual.KeepTokenAsync(name, value, expiresAt, cancellation);

    public ValueTask ForgetTokenAsync(string name, CancellationToken cancellation) => usual.ForgetTokenAsync(name, cancellation);
}
