using Functions.Manage;
using Infra.Secrets;
using Infra.Storage;
using Infra.Storage.InMemory;
using Local.KeyVault;
using Microsoft.Extensions.Time.Testing;

namespace Tests.System.Manage;

/// <summary>Whatever a caller sends, the answer is a problem that names it in Japanese; and the first admin key.</summary>
public sealed class ProblemTests : IAsyncLifetime
{
    private Api _api = null!;

    public async ValueTask InitializeAsync() => _api = await Api.StartAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Theory]
    [InlineData("", 400)]
    [InlineData("{", 400)]
    [InlineData("null", 400)]
    [InlineData("[]", 400)]
    [InlineData("\"text\"", 400)]
    [InlineData("{\"on\":\"yes\"}", 400)]
    [InlineData("{\"on\":true,\"off\":false}", 400)]
    [InlineData("{}", 400)]
    [InlineData("\u0000", 400)]
    public async Task A_body_that_cannot_be_read_is_a_problem_and_changes_nothing(string body, int status)
    {
        var answer = await _api.SendAsync(HttpMethod.Put, "stop-all", body);

        Assert.Equal(status, answer.Status);
        Assert.NotEmpty(answer.Detail);
        Assert.False((bool)Api.Ok(await _api.GetAsync("health"))["stopAll"]!);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("")]
    public async Task A_body_that_is_not_said_to_be_json_is_refused_with_415(string contentType)
    {
        var answer = await _api.SendAsync(HttpMethod.Put, "stop-all", """{"on":true}""", contentType: contentType);

        Assert.Equal(415, answer.Status);
        Assert.Contains("application/json", answer.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_over_one_megabyte_is_refused_with_413()
    {
        var answer = await _api.SendAsync(HttpMethod.Put, "stop-all", new string(' ', 1_100_000));

        Assert.Equal(413, answer.Status);
        Assert.Contains("1MB", answer.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "stores/no-store", null, 404)]
    [InlineData("GET", "stores/A", null, 400)]
    [InlineData("GET", "stores/no-store/go-live", null, 404)]
    [InlineData("POST", "stores/no-store/go-live", "{}", 404)]
    [InlineData("PUT", "stores/no-store/switches", "{}", 404)]
    [InlineData("GET", "orders/no-store/1", null, 404)]
    [InlineData("GET", "orders/aupay-honten/1", null, 404)]
    [InlineData("GET", "orders/aupay-honten/%E5%8F%97%E6%B3%A8", null, 400)]
    [InlineData("POST", "orders/aupay-honten/1/hold", "{}", 404)]
    [InlineData("POST", "orders/aupay-honten/1/holds/buyer-note/resolve", "{}", 404)]
    [InlineData("GET", "orders?state=Lost", null, 400)]
    [InlineData("GET", "orders?state=4", null, 400)]
    [InlineData("GET", "orders?take=0", null, 400)]
    [InlineData("GET", "orders?take=501", null, 400)]
    [InlineData("GET", "orders?take=ten", null, 400)]
    [InlineData("GET", "orders?from=soon", null, 400)]
    [InlineData("GET", "orders?continuation=zzz", null, 400)]
    [InlineData("GET", "orders?continuation=%00%E3%81%82", null, 400)]
    [InlineData("GET", "deliveries?continuation=zzz", null, 400)]
    [InlineData("GET", "deliveries?continuation=o%7Caupay-honten%7C1", null, 400)]
    [InlineData("GET", "deliveries?state=Lost", null, 400)]
    [InlineData("GET", "audit?continuation=zzz", null, 400)]
    [InlineData("GET", "audit?month=2026-13", null, 400)]
    [InlineData("POST", "deliveries/hand-over", """{"deliveries":[]}""", 400)]
    [InlineData("POST", "deliveries/hand-over", """{"deliveries":[null]}""", 400)]
    [InlineData("POST", "deliveries/hand-over", """{"deliveries":null}""", 400)]
    [InlineData("POST", "deliveries/hand-over", """{"deliveries":["1"]}""", 400)]
    [InlineData("POST", "deliveries/hand-over", """{"deliveries":["no-store~1~1"]}""", 404)]
    [InlineData("POST", "deliveries/aupay-honten~1~1/give-back", "{}", 409)]
    [InlineData("POST", "deliveries/1/give-back", "{}", 400)]
    [InlineData("POST", "shipments", """{"shipments":[null]}""", 400)]
    [InlineData("POST", "shipments", """{"shipments":[{}]}""", 400)]
    [InlineData("POST", "shipments", """{"shipments":[{"delivery":"no-store~1~1","service":"yamato","trackingNumber":"400000000012"}]}""", 404)]
    [InlineData("POST", "shipments", """{"shipments":[{"delivery":"aupay-honten~1~1","service":"yamato","trackingNumber":"400000000012","shippedAt":"2125-01-01T00:00:00Z"}]}""", 400)]
    [InlineData("POST", "shipments", """{"shipments":[{"delivery":"aupay-honten~1~1","service":"yamato","trackingNumber":"400000000012","shippedAt":"yesterday"}]}""", 400)]
    [InlineData("GET", "deliveries/aupay-honten~1~1/push-preview?service=yamato&trackingNumber=400000000012", null, 404)]
    [InlineData("GET", "deliveries/aupay-honten~1~1/push-preview", null, 400)]
    [InlineData("GET", "bundling/explain", null, 400)]
    [InlineData("GET", "bundling/explain?first=aupay-honten~1~1&second=aupay-honten~2~1", null, 404)]
    [InlineData("POST", "candidates/aupay-honten/nonsense/execute", "{}", 400)]
    [InlineData("POST", "candidates/aupay-honten/1-00000000000000000000000000000000/execute", "{}", 404)]
    [InlineData("POST", "candidates/aupay-honten/1-00000000000000000000000000000000/execute", """{"deliveries":[null]}""", 400)]
    [InlineData("POST", "candidates/no-store/1-00000000000000000000000000000000/decline", "{}", 404)]
    [InlineData("POST", "candidates/NO/1-00000000000000000000000000000000/undo", "{}", 400)]
    [InlineData("POST", "attention/nothing/retry", "{}", 404)]
    [InlineData("POST", "attention/a%23b%3Fc%5Cd/dismiss", "{}", 404)]
    [InlineData("POST", "attention/%E8%A6%81%E5%AF%BE%E5%BF%9C/retry", "{}", 404)]
    [InlineData("POST", "gaps/aupay-honten/nothing/acknowledge", "{}", 404)]
    [InlineData("POST", "gaps/aupay-honten/a%23b/acknowledge", "{}", 404)]
    [InlineData("DELETE", "keys/000000000000", null, 404)]
    [InlineData("DELETE", "keys/a%23b%5Cc", null, 404)]
    public async Task What_does_not_exist_or_cannot_be_meant_is_said_in_a_problem(string method, string path, string? body, int status)
    {
        await _api.OpenAsync();

        var answer = await _api.SendAsync(new HttpMethod(method), path, body);

        Assert.True(answer.Status == status, $"{answer.Status} {answer.Text}");
        Assert.NotEmpty(answer.Detail);
        Assert.NotEmpty((string)answer.Json["code"]!);
    }

    [Fact]
    public async Task The_first_admin_key_is_made_once_and_kept_in_the_vault()
    {
        var clock = new FakeTimeProvider(Api.Start);
        await using var vault = await VaultServer.StartAsync(null, 0, clock, CancellationToken.None);
        var secrets = new SecretStore(vault.ClientOptions, vault.Credential, clock);
        var keys = new ApiKeys(new InMemoryRowStore(new StorageCounter()), clock);
        var first = new FirstKey(keys, (name, value, cancellation) => secrets.SetAsync(name, value, null, cancellation));

        await first.EnsureAsync(CancellationToken.None);
        var kept = (await secrets.FindAsync("manage-first-admin", null, CancellationToken.None))!;
        await first.EnsureAsync(CancellationToken.None);

        Assert.Equal(new Caller("first-admin", Role.Admin, []), await keys.FindAsync(kept.Value, CancellationToken.None) is { } caller ? caller with { Warehouses = [] } : null);
        Assert.Single(await keys.ListAsync(CancellationToken.None));
        Assert.Equal(kept.Version, (await secrets.FindAsync("manage-first-admin", null, CancellationToken.None))!.Version);
    }

    [Fact]
    public async Task A_first_admin_key_that_the_vault_did_not_take_is_made_anew_at_the_next_start()
    {
        var keys = new ApiKeys(new InMemoryRowStore(new StorageCounter()), new FakeTimeProvider(Api.Start));
        string? kept = null;

        await Assert.ThrowsAsync<SecretsUnavailableException>(() => new FirstKey(keys, (_, _, _) => throw new SecretsUnavailableException("down")).EnsureAsync(CancellationToken.None));
        Assert.Empty(await keys.ListAsync(CancellationToken.None));
        await new FirstKey(keys, (_, value, _) =>
        {
            kept = value;
            return Task.CompletedTask;
        }).EnsureAsync(CancellationToken.None);

        Assert.Equal(Role.Admin, (await keys.FindAsync(kept, CancellationToken.None))!.Role);
    }
}
