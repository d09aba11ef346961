using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Domain.Marketplaces;
using Domain.Stores;
using Functions;
using Functions.Manage;
using Infra.Ledger;
using Infra.Marketplaces;
using Infra.Storage;
using Infra.Storage.InMemory;
using Local.Host;
using Local.Setup;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Sandbox.AuPayMarket;
using Sandbox.Core;

namespace Tests.System.Manage;

/// <summary>What came back over HTTP.</summary>
public sealed record Answer(int Status, string ContentType, string Text)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    /// <summary>The problem's detail, once it has been seen to be a problem in Japanese.</summary>
    public string Detail
    {
        get
        {
            Assert.Equal("application/problem+json", ContentType);
            Assert.Equal(Status, (int)Json["status"]!);
            var detail = (string)Json["detail"]!;
            Assert.Contains(detail, c => c is >= 'ぁ' and <= 'ヿ' or >= '一' and <= '鿿');
            return detail;
        }
    }
}

/// <summary>The management API over real HTTP: the functions' own composition on the local host, the storage's twin, the simulated marketplaces in process, a clock that stands still.</summary>
public sealed class Api : IAsyncDisposable
{
    public const string Store = "aupay-honten";
    public const string HostKey = "host-key-of-this-test";

    public static readonly DateTimeOffset Start = new(2026, 11, 24, 1, 0, 0, TimeSpan.Zero); // 10:00 JST

    private static readonly byte[] Secret = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    private readonly IHost _worker;
    private readonly WebApplication _web;
    private readonly HttpClient _client;
    private readonly ConcurrentDictionary<(string Store, string Field), string> _credentials;

    private Api(IHost worker, LocalHost host, WebApplication web, SandboxHost sandbox, FakeTimeProvider clock, ConcurrentDictionary<(string, string), string> credentials, string admin)
    {
        (_worker, Host, _web, Sandbox, Clock, _credentials, Admin) = (worker, host, web, sandbox, clock, credentials, admin);
        _client = new HttpClient { BaseAddress = new Uri(web.Urls.Single() + "/api/"), Timeout = TimeSpan.FromMinutes(5) };
    }

    public LocalHost Host { get; }

    public SandboxHost Sandbox { get; }

    public FakeTimeProvider Clock { get; }

    /// <summary>The first admin key.</summary>
    public string Admin { get; }

    public IServiceProvider Services => _worker.Services;

    private static CancellationToken None => CancellationToken.None;

    public static async Task<Api> StartAsync()
    {
        var clock = new FakeTimeProvider(Start);
        var sandbox = new SandboxHost(new SandboxWorld(clock, clock.Advance), [.. Installation.Simulators]);
        sandbox.World.RateLimits.Lifted = true;
        var counter = new StorageCounter();
        var credentials = new ConcurrentDictionary<(string Store, string Field), string>();
        var admin = "";
        var builder = FunctionsApplication.CreateBuilder([]);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddSingleton(counter);
        builder.Services.AddSingleton<IRowStore>(new InMemoryRowStore(counter));
        builder.Services.AddSingleton<IMessageQueue>(new InMemoryMessageQueue(clock, counter));
        builder.Services.AddSingleton<LimitsOf>(_ => []);
        builder.Services.AddSingleton<CredentialsOf>(store => new KeptCredentials(credentials, store.Id));
        builder.Services.AddSingleton<BundleSecret>(_ => ValueTask.FromResult<ReadOnlyMemory<byte>>(Secret));
        builder.Services.AddSingleton<KeepSecret>((name, value, _) =>
        {
            Assert.Equal(FirstKey.SecretName, name);
            admin = value;
            return Task.CompletedTask;
        });
        builder.Configuration["Logi:HostKey"] = HostKey;
        builder.AddLogiFunctions();
        builder.Services.ConfigureAll<HttpClientFactoryOptions>(client => client.HttpMessageHandlerBuilderActions.Add(b => b.PrimaryHandler = new SandboxHandler(sandbox)));
        var worker = builder.Build();
        var host = new LocalHost(worker, typeof(LogiFunctions).Assembly.GetTypes(), HostSettings.Read(Path.Combine(AppContext.BaseDirectory, "host.json")), HostKey);
        await worker.StartAsync(None);
        var front = WebApplication.CreateSlimBuilder();
        front.Logging.ClearProviders();
        front.WebHost.UseUrls("http://127.0.0.1:0");
        var web = front.Build();
        host.MapHttp(web);
        await web.StartAsync(None);
        return new Api(worker, host, web, sandbox, clock, credentials, admin);
    }

    public Task<Answer> GetAsync(string path, string? key = "") => SendAsync(HttpMethod.Get, path, null, key);

    public Task<Answer> PostAsync(string path, JsonNode? body = null, string? key = "") => SendAsync(HttpMethod.Post, path, (body ?? new JsonObject()).ToJsonString(), key);

    public Task<Answer> PutAsync(string path, JsonNode body, string? key = "") => SendAsync(HttpMethod.Put, path, body.ToJsonString(), key);

    public Task<Answer> DeleteAsync(string path, string? key = "") => SendAsync(HttpMethod.Delete, path, null, key);

    /// <param name="path">Under /api/manage/.</param>
    /// <param name="key">Empty = the admin's; null = none.</param>
    public Task<Answer> SendAsync(HttpMethod method, string path, string? body, string? key = "", string contentType = "application/json", string header = "X-Api-Key") =>
        SendAsync(method, path, body is null ? null : Encoding.UTF8.GetBytes(body), key, contentType, header);

    /// <summary>Sends a file.</summary>
    public Task<Answer> PostFileAsync(string path, byte[] file, string? key = "", string contentType = "text/csv") => SendAsync(HttpMethod.Post, path, file, key, contentType, "X-Api-Key");

    private async Task<Answer> SendAsync(HttpMethod method, string path, byte[]? body, string? key, string contentType, string header)
    {
        using var request = new HttpRequestMessage(method, "manage/" + path);
        if ((key is "" ? Admin : key) is { } value)
        {
            request.Headers.Add(header, value);
        }

        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = contentType.Length == 0 ? null : MediaTypeHeaderValue.Parse(contentType);
        }

        using var response = await _client.SendAsync(request, None);
        return new Answer((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType ?? "", await response.Content.ReadAsStringAsync(None));
    }

    /// <summary>The answer's JSON; the call must have gone through.</summary>
    public static JsonNode Ok(Answer answer)
    {
        Assert.True(answer.Status == (int)HttpStatusCode.OK, $"{answer.Status} {answer.Text}");
        return answer.Json;
    }

    /// <summary>A new key of a role, made over the API.</summary>
    public async Task<string> KeyAsync(Role role, params string[] warehouses) =>
        (string)Ok(await PostAsync("keys", new JsonObject
        {
            ["name"] = $"{role}-key",
            ["role"] = role.ToString(),
            ["warehouses"] = new JsonArray([.. warehouses.Select(w => (JsonNode)w)]),
        }))["value"]!;

    /// <summary>Opens a simulated account and sets its store up over the API, in watch mode.</summary>
    public async Task<JsonObject> OpenAsync(string id = Store, Action<JsonObject>? change = null)
    {
        var account = Sandbox.OpenAccount("au-pay-market", id);
        foreach (var (field, value) in account.Secrets)
        {
            _credentials[(id, field)] = value;
        }

        var form = new JsonObject
        {
            ["marketplace"] = "au-pay-market",
            ["name"] = "見本商店 本店",
            ["baseAddress"] = "http://sandbox.invalid/",
            ["settings"] = new JsonObject { ["shop-id"] = account.Settings["shop-id"] },
        };
        change?.Invoke(form);
        Ok(await PutAsync($"stores/{id}", form));
        return form;
    }

    public async Task GoLiveAsync(string id = Store) =>
        Ok(await PostAsync($"stores/{id}/go-live", new JsonObject { ["from"] = Start.AddDays(-1).ToString("O") }));

    /// <summary>A buyer places an order two hours ago; the same number is the same person.</summary>
    public string Place(int person, Func<SeedOrder, SeedOrder>? change = null, string id = Store)
    {
        var who = new SeedPerson(
            "架空", "花子", "カクウ", "ハナコ", "100-0000", "東京都", "千代田区", $"見本町{person}-2", "", $"080-0000-{person:D4}", $"canary{person}@example.invalid");
        var order = new SeedOrder
        {
            PlacedAt = Start.AddHours(-2),
            Buyer = who with { LastName = "購入者" },
            Recipient = who,
            Lines = [new SeedLine("SKU-001", "見本茶", "", 2, 43_219, 8)],
            ShippingFee = 7_531,
        };
        return Sandbox.Simulator("au-pay-market").Place(id, change?.Invoke(order) ?? order);
    }

    /// <summary>Pulls now, over the API, and works off what follows.</summary>
    public async Task PullAsync(string id = Store)
    {
        Assert.Equal(202, (await PostAsync($"stores/{id}/pull")).Status);
        await DrainAsync();
    }

    /// <summary>Works everything off. A message whose function failed is hidden for a while, as by the real host: time passes until it has been tried again.</summary>
    public async Task DrainAsync()
    {
        await Host.Dispatcher.DrainAsync(None, Queues.Heartbeat);
        for (var tries = 1; tries < 5 && await WaitingAsync() > 0; tries++)
        {
            Clock.Advance(TimeSpan.FromMinutes(1));
            await Host.Dispatcher.DrainAsync(None, Queues.Heartbeat);
        }
    }

    private async Task<int> WaitingAsync()
    {
        var waiting = 0;
        foreach (var queue in Queues.All.Where(q => q != Queues.Heartbeat))
        {
            waiting += await Services.GetRequiredService<IMessageQueue>().CountAsync(queue, None);
        }

        return waiting;
    }

    /// <summary>The entries of the audit, newest first, as text.</summary>
    public async Task<List<string>> AuditAsync() =>
        [.. Ok(await GetAsync("audit?take=500"))["entries"]!.AsArray().Select(e => $"{e!["who"]} {e["what"]}: {e["before"]} → {e["after"]}")];

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _web.DisposeAsync();
        await Host.DisposeAsync();
        await _worker.StopAsync(None);
        _worker.Dispose();
    }

    private sealed class KeptCredentials(ConcurrentDictionary<(string, string), string> kept, StoreId store) : Domain.Marketplaces.ICredentials
    {
        public ValueTask<string> ReadAsync(string field, CancellationToken cancellation) => new(kept[(store.Value, field)]);

        public ValueTask<string?> FindTokenAsync(string name, CancellationToken cancellation) => new((string?)null);

        public ValueTask KeepTokenAsync(string name, string value, DateTimeOffset expiresAt, CancellationToken cancellation) => default;

        public ValueTask ForgetTokenAsync(string name, CancellationToken cancellation) => default;
    }
}
