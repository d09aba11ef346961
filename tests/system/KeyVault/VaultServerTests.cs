using Azure;
using Azure.Security.KeyVault.Secrets;
using Local.KeyVault;
using Microsoft.Extensions.Time.Testing;

namespace Tests.System.KeyVault;

/// <summary>The real SecretClient against the stand-in.</summary>
public sealed class VaultServerTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));
    private VaultServer _vault = null!;
    private SecretClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _vault = await VaultServer.StartAsync(null, 0, _clock, CancellationToken.None);
        _client = ClientOf(_vault);
    }

    public ValueTask DisposeAsync() => _vault.DisposeAsync();

    [Fact]
    public async Task Every_set_is_a_new_version_and_the_old_one_stays_readable()
    {
        var first = (await _client.SetSecretAsync("key", "one")).Value;
        var second = (await _client.SetSecretAsync("key", "two")).Value;

        Assert.Equal("two", (await _client.GetSecretAsync("key")).Value.Value);
        Assert.Equal("one", (await _client.GetSecretAsync("key", first.Properties.Version)).Value.Value);
        Assert.NotEqual(first.Properties.Version, second.Properties.Version);
        Assert.Equal(2, await CountAsync(_client.GetPropertiesOfSecretVersionsAsync("key")));
    }

    [Fact]
    public async Task An_expiry_is_kept_and_shown()
    {
        var expires = new DateTimeOffset(2027, 2, 1, 0, 0, 0, TimeSpan.Zero);
        await _client.SetSecretAsync(new KeyVaultSecret("key", "one") { Properties = { ExpiresOn = expires } });

        Assert.Equal(expires, (await _client.GetSecretAsync("key")).Value.Properties.ExpiresOn);
    }

    [Fact]
    public async Task A_missing_secret_is_404_and_a_disabled_one_403()
    {
        var missing = await Assert.ThrowsAsync<RequestFailedException>(async () => await _client.GetSecretAsync("nothing"));
        Assert.Equal((404, "SecretNotFound"), (missing.Status, missing.ErrorCode));

        var secret = (await _client.SetSecretAsync("key", "one")).Value;
        secret.Properties.Enabled = false;
        await _client.UpdateSecretPropertiesAsync(secret.Properties);
        var disabled = await Assert.ThrowsAsync<RequestFailedException>(async () => await _client.GetSecretAsync("key"));
        Assert.Equal(403, disabled.Status);
    }

    [Fact]
    public async Task A_deleted_secret_blocks_its_name_until_it_is_recovered_or_purged()
    {
        await _client.SetSecretAsync("key", "one");
        await (await _client.StartDeleteSecretAsync("key")).WaitForCompletionAsync();
        var taken = await Assert.ThrowsAsync<RequestFailedException>(async () => await _client.SetSecretAsync("key", "two"));
        Assert.Equal(409, taken.Status);

        await (await _client.StartRecoverDeletedSecretAsync("key")).WaitForCompletionAsync();
        Assert.Equal("one", (await _client.GetSecretAsync("key")).Value.Value);

        await (await _client.StartDeleteSecretAsync("key")).WaitForCompletionAsync();
        await _client.PurgeDeletedSecretAsync("key");
        await _client.SetSecretAsync("key", "two");
        Assert.Equal("two", (await _client.GetSecretAsync("key")).Value.Value);
    }

    [Fact]
    public async Task The_list_shows_names_and_no_values()
    {
        await _client.SetSecretAsync("b", "one");
        await _client.SetSecretAsync("a", "two");

        var names = new List<string>();
        await foreach (var secret in _client.GetPropertiesOfSecretsAsync())
        {
            names.Add(secret.Name);
        }

        Assert.Equal(["a", "b"], names);
    }

    [Fact]
    public async Task What_is_kept_in_a_file_outlives_the_server_and_only_its_owner_may_read_it()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("vault").FullName, "vault.json");
        await using (var vault = await VaultServer.StartAsync(file, 0, _clock, CancellationToken.None))
        {
            await ClientOf(vault).SetSecretAsync("key", "one");
        }

        await using var again = await VaultServer.StartAsync(file, 0, _clock, CancellationToken.None);
        Assert.Equal("one", (await ClientOf(again).GetSecretAsync("key")).Value.Value);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task A_damaged_file_is_one_clear_line()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("vault").FullName, "vault.json");
        await File.WriteAllTextAsync(file, "{ broken");

        var refusal = await Assert.ThrowsAsync<IOException>(() => VaultServer.StartAsync(file, 0, _clock, CancellationToken.None));
        Assert.Contains("Delete the data folder", refusal.Message, StringComparison.Ordinal);
    }

    private static SecretClient ClientOf(VaultServer vault) =>
        new(vault.Address, vault.Credential, new SecretClientOptions { DisableChallengeResourceVerification = true, Transport = vault.Transport() });

    private static async Task<int> CountAsync(AsyncPageable<SecretProperties> pages)
    {
        var count = 0;
        await foreach (var _ in pages)
        {
            count++;
        }

        return count;
    }
}
