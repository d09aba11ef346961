using Azure.Core.Pipeline;
using Domain.Marketplaces;
using Domain.Stores;
using Infra.Secrets;
using Infra.Storage;
using Infra.Storage.InMemory;
using Microsoft.Extensions.Time.Testing;

namespace Tests.Infra.Secrets;

/// <summary>The store over Key Vault's own client, with the vault's answers given in this process.</summary>
public sealed class SecretStoreTests : IDisposable
{
    private static readonly StoreId Store = StoreId.Parse("test-honten");

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 1, 0, 0, TimeSpan.Zero));
    private readonly VaultWire _vault;
    private readonly HttpClient _http;
    private readonly SecretStore _secrets;

    public SecretStoreTests()
    {
        _vault = new VaultWire(_clock);
        _http = new HttpClient(_vault);
        _secrets = Open();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_secret_comes_back_with_its_version_and_expiry()
    {
        var expires = _clock.GetUtcNow().AddDays(28);
        var set = await _secrets.SetAsync("store--test-honten--api-key", "canary-value", expires, Cancellation);

        var latest = await Open().FindAsync("store--test-honten--api-key", null, Cancellation);
        var named = await Open().FindAsync("store--test-honten--api-key", set.Version, Cancellation);

        Assert.Equal(("canary-value", set.Version, expires), (latest!.Value, latest.Version, latest.ExpiresOn));
        Assert.Equal(latest, named);
        Assert.Equal(_clock.GetUtcNow(), latest.CreatedOn);
    }

    [Fact]
    public async Task An_older_version_stays_readable_after_a_new_one()
    {
        var old = await _secrets.SetAsync("a", "old", null, Cancellation);
        await _secrets.SetAsync("a", "new", null, Cancellation);

        Assert.Equal("new", (await _secrets.FindAsync("a", null, Cancellation))!.Value);
        Assert.Equal("old", (await _secrets.FindAsync("a", old.Version, Cancellation))!.Value);
    }

    [Fact]
    public async Task A_missing_secret_is_null_and_is_asked_for_again()
    {
        Assert.Null(await _secrets.FindAsync("a", null, Cancellation));
        await Open().SetAsync("a", "there now", null, Cancellation);

        Assert.Equal("there now", (await _secrets.FindAsync("a", null, Cancellation))!.Value);
    }

    [Fact]
    public async Task A_disabled_version_is_null()
    {
        var set = await _secrets.SetAsync("a", "value", null, Cancellation);
        await _secrets.DisableAsync("a", set.Version, Cancellation);

        Assert.Null(await _secrets.FindAsync("a", null, Cancellation));
        Assert.Null(await _secrets.FindAsync("a", set.Version, Cancellation));
    }

    [Fact]
    public async Task The_vault_is_asked_once_until_the_answer_is_old()
    {
        var first = await Open().SetAsync("a", "first", null, Cancellation);
        for (var i = 0; i < 5; i++)
        {
            await _secrets.FindAsync("a", null, Cancellation);
        }

        Assert.Equal(1, _vault.Reads);
        await Open().SetAsync("a", "second", null, Cancellation);
        _clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal("first", (await _secrets.FindAsync("a", null, Cancellation))!.Value);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("second", (await _secrets.FindAsync("a", null, Cancellation))!.Value);

        await _secrets.FindAsync("a", first.Version, Cancellation);
        _clock.Advance(TimeSpan.FromMinutes(59));
        await _secrets.FindAsync("a", first.Version, Cancellation);
        Assert.Equal(3, _vault.Reads);
    }

    [Fact]
    public async Task A_vault_that_is_away_is_no_missing_secret_and_an_older_answer_serves_meanwhile()
    {
        await _secrets.SetAsync("a", "value", null, Cancellation);
        _clock.Advance(TimeSpan.FromDays(1));
        _vault.Away = true;

        Assert.Equal("value", (await _secrets.FindAsync("a", null, Cancellation))!.Value);
        await Assert.ThrowsAsync<SecretsUnavailableException>(() => _secrets.FindAsync("b", null, Cancellation));
        await Assert.ThrowsAsync<SecretsUnavailableException>(() => _secrets.SetAsync("b", "x", null, Cancellation));
    }

    [Fact]
    public async Task A_value_shows_in_no_text_form()
    {
        var secret = await _secrets.SetAsync("a", "canary-value", null, Cancellation);

        Assert.DoesNotContain("canary-value", secret.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("canary-value", $"{secret}", StringComparison.Ordinal);
        Assert.All(_vault.Requests, r => Assert.DoesNotContain("canary-value", r, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_store_s_field_is_read_trimmed_and_a_missing_one_is_named_without_its_value()
    {
        var credentials = Credentials();
        await _secrets.SetAsync(SecretNames.Of(Store, "api-key"), " canary-value\n", null, Cancellation);

        Assert.Equal("canary-value", await credentials.ReadAsync("api-key", Cancellation));
        var missing = await Assert.ThrowsAsync<MarketplaceException>(() => credentials.ReadAsync("shop-id", Cancellation).AsTask());
        Assert.Equal((FailureKind.CredentialRejected, CredentialFault.Missing, "shop-id"), (missing.Kind, missing.Credential, missing.Field));
    }

    [Fact]
    public async Task The_active_version_is_read_whatever_is_the_latest()
    {
        var active = await _secrets.SetAsync(SecretNames.Of(Store, "api-key"), "active", null, Cancellation);
        await _secrets.SetAsync(SecretNames.Of(Store, "api-key"), "not probed yet", null, Cancellation);

        Assert.Equal("active", await Credentials(active.Version).ReadAsync("api-key", Cancellation));
    }

    [Fact]
    public async Task A_token_serves_all_instances_until_it_expires()
    {
        await Credentials().KeepTokenAsync("access", "canary-token", _clock.GetUtcNow().AddHours(1), Cancellation);
        var other = new VaultCredentials(Open(), _clock, Store, "test-market", _ => null);

        Assert.Equal("canary-token", await other.FindTokenAsync("access", Cancellation));
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Null(await other.FindTokenAsync("access", Cancellation));
        Assert.Null(await other.FindTokenAsync("other", Cancellation));
    }

    [Fact]
    public async Task A_token_that_was_forgotten_is_gone_and_a_renewed_one_stays()
    {
        var mine = Credentials();
        await mine.KeepTokenAsync("access", "old", _clock.GetUtcNow().AddHours(1), Cancellation);
        var other = new VaultCredentials(Open(), _clock, Store, "test-market", _ => null);
        await other.KeepTokenAsync("access", "renewed", _clock.GetUtcNow().AddHours(1), Cancellation);

        await mine.ForgetTokenAsync("access", Cancellation); // it knows only the old one

        Assert.Equal("renewed", await mine.FindTokenAsync("access", Cancellation));
        await mine.ForgetTokenAsync("access", Cancellation);
        Assert.Null(await mine.FindTokenAsync("access", Cancellation));
        await mine.ForgetTokenAsync("access", Cancellation);
    }

    [Fact]
    public async Task Two_instances_that_start_at_once_agree_on_one_secret()
    {
        var rows = new InMemoryRowStore(new StorageCounter());
        var made = 0;
        string Make() => $"made-{++made}";
        var first = new AgreedSecret(Open(), new FirstFindsNothing(rows));
        var second = new AgreedSecret(Open(), rows);

        var theirs = await second.ReadAsync(SecretNames.BundleKey, Make, Cancellation);
        await Open().SetAsync(SecretNames.BundleKey, "set by mistake later", null, Cancellation);
        var mine = await first.ReadAsync(SecretNames.BundleKey, Make, Cancellation);

        Assert.Equal("made-1", theirs.Value);
        Assert.Equal(theirs.Version, mine.Version);
        Assert.Equal(theirs, await new AgreedSecret(Open(), rows).ReadAsync(SecretNames.BundleKey, Make, Cancellation));
    }

    public void Dispose() => _http.Dispose();

    private SecretStore Open() => new(
        new SecretStoreOptions(new Uri("https://vault.test")) { Transport = new HttpClientTransport(_http), CheckChallenge = false, Retries = 0 }, new AnyToken(), _clock);

    private VaultCredentials Credentials(string? version = null) => new(_secrets, _clock, Store, "test-market", _ => version);

    /// <summary>An instance that looked before the other one wrote.</summary>
    private sealed class FirstFindsNothing(IRowStore inner) : IRowStore
    {
        private bool _looked;

        public Task<Row?> FindAsync(string table, string partition, string key, CancellationToken cancellation)
        {
            if (_looked)
            {
                return inner.FindAsync(table, partition, key, cancellation);
            }

            _looked = true;
            return Task.FromResult<Row?>(null);
        }

        public Task<RowPage> ReadAsync(string table, string partition, RowRange range, CancellationToken cancellation) => inner.ReadAsync(table, partition, range, cancellation);

        public Task<IReadOnlyList<string>> CommitAsync(string table, string partition, IReadOnlyList<RowAction> actions, CancellationToken cancellation) =>
            inner.CommitAsync(table, partition, actions, cancellation);
    }
}
