using System.Collections.Concurrent;
using Azure;
using Azure.Core;
using Azure.Security.KeyVault.Secrets;

namespace Infra.Secrets;

/// <summary>Secrets in Key Vault, by name and version, remembered in the process for a while so that hardly a call asks the vault. Values are never logged.</summary>
public sealed class SecretStore
{
    private readonly ConcurrentDictionary<(string Name, string? Version), Remembered> _known = new();
    private readonly SecretClient _client;
    private readonly SecretStoreOptions _options;
    private readonly TimeProvider _clock;

    public SecretStore(SecretStoreOptions options, TokenCredential credential, TimeProvider clock)
    {
        var client = new SecretClientOptions { DisableChallengeResourceVerification = !options.CheckChallenge };
        client.Retry.MaxRetries = options.Retries;
        client.Retry.Delay = TimeSpan.FromMilliseconds(300);
        client.Retry.MaxDelay = TimeSpan.FromSeconds(4);
        client.Retry.NetworkTimeout = TimeSpan.FromSeconds(20);
        client.Diagnostics.IsLoggingContentEnabled = false;
        if (options.Transport is { } transport)
        {
            client.Transport = transport;
        }

        _client = new SecretClient(options.Vault, credential, client);
        _options = options;
        _clock = clock;
    }

    /// <summary>The secret's version; null version = the latest. Null where there is none, or it is disabled.</summary>
    /// <exception cref="SecretsUnavailableException">The vault does not answer and nothing is remembered.</exception>
    public async Task<StoredSecret?> FindAsync(string name, string? version, CancellationToken cancellation)
    {
        var now = _clock.GetUtcNow();
        var known = _known.GetValueOrDefault((name, version));
        if (known is not null && now - known.At < (version is null ? _options.LatestFor : _options.VersionFor))
        {
            return known.Secret;
        }

        try
        {
            var found = await AskAsync(name, version, cancellation);
            Remember(name, version, found);
            return found;
        }
        catch (SecretsUnavailableException) when (known is not null)
        {
            return known.Secret; // an older answer is better than none; the next call asks again
        }
    }

    /// <summary>Adds a version and makes it the latest.</summary>
    /// <param name="expiresOn">UTC, to the second.</param>
    /// <returns>The new version.</returns>
    public async Task<StoredSecret> SetAsync(string name, string value, DateTimeOffset? expiresOn, CancellationToken cancellation)
    {
        try
        {
            var secret = new KeyVaultSecret(name, value) { Properties = { ExpiresOn = expiresOn } };
            var stored = Of((await _client.SetSecretAsync(secret, cancellation)).Value);
            Remember(name, null, stored);
            Remember(name, stored.Version, stored);
            return stored;
        }
        catch (Exception failure) when (MeansUnavailable(failure, cancellation))
        {
            throw Unavailable(name, failure);
        }
    }

    /// <summary>Makes a version unreadable. A version that is gone is left alone.</summary>
    public async Task DisableAsync(string name, string version, CancellationToken cancellation)
    {
        Forget(name);
        try
        {
            await _client.UpdateSecretPropertiesAsync(
                new SecretProperties(new Uri(_options.Vault, $"secrets/{name}/{version}")) { Enabled = false }, cancellation);
        }
        catch (RequestFailedException gone) when (gone.Status == 404)
        {
            // nothing left to disable
        }
        catch (Exception failure) when (MeansUnavailable(failure, cancellation))
        {
            throw Unavailable(name, failure);
        }
    }

    /// <summary>The next read of the name asks the vault.</summary>
    public void Forget(string name)
    {
        foreach (var key in _known.Keys.Where(k => k.Name == name))
        {
            _known.TryRemove(key, out _);
        }
    }

    private async Task<StoredSecret?> AskAsync(string name, string? version, CancellationToken cancellation)
    {
        try
        {
            return Of((await _client.GetSecretAsync(name, version, cancellationToken: cancellation)).Value);
        }
        catch (RequestFailedException missing) when (missing.Status == 404 || IsDisabled(missing))
        {
            return null;
        }
        catch (Exception failure) when (MeansUnavailable(failure, cancellation))
        {
            throw Unavailable(name, failure);
        }
    }

    private void Remember(string name, string? version, StoredSecret? secret)
    {
        if (secret is null)
        {
            _known.TryRemove((name, version), out _); // what is missing may come at any moment
            return;
        }

        _known[(name, version)] = new Remembered(secret, _clock.GetUtcNow());
    }

    private static StoredSecret Of(KeyVaultSecret secret) =>
        new(secret.Name, secret.Properties.Version, secret.Properties.ExpiresOn, secret.Properties.CreatedOn, secret.Value);

    /// <summary>A disabled version is refused with 403; its inner code tells it from a missing right.</summary>
    private static bool IsDisabled(RequestFailedException failure) =>
        failure.Status == 403 && failure.Message.Contains("SecretDisabled", StringComparison.Ordinal);

    private static bool MeansUnavailable(Exception failure, CancellationToken cancellation) => failure switch
    {
        RequestFailedException { Status: 0 or 408 or 429 or >= 500 } => true,
        OperationCanceledException => !cancellation.IsCancellationRequested,
        AggregateException retries => retries.InnerExceptions.All(e => MeansUnavailable(e, cancellation)),
        HttpRequestException or IOException => true,
        _ => false,
    };

    private static SecretsUnavailableException Unavailable(string name, Exception failure) =>
        new($"Key Vault did not answer about '{name}'.", failure);

    private sealed record Remembered(StoredSecret Secret, DateTimeOffset At);
}
