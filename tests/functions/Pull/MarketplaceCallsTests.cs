using System.Globalization;
using Connectors.AuPayMarket;
using Connectors.Qoo10;
using Domain.Marketplaces;
using Domain.Stores;
using Functions;
using Functions.Pull;
using Infra.Ledger;
using Infra.Storage;
using Infra.Storage.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Sandbox.AuPayMarket;
using Sandbox.Core;
using Sandbox.Qoo10;
using Tests.Functions.World;

namespace Tests.Functions.Pull;

/// <summary>Marketplace calls per 1,000 new orders, counted by the simulators' own journal: the least that the page size allows in each lane.</summary>
public sealed class MarketplaceCallsTests : IDisposable
{
    private const string Account = "calls";

    private readonly FakeTimeProvider _clock = new(Shop.Start);
    private readonly Dictionary<string, string> _tokens = [];
    private readonly SandboxHost _sandbox;
    private readonly ServiceProvider _services;

    public MarketplaceCallsTests()
    {
        var world = new SandboxWorld(_clock, _clock.Advance);
        world.RateLimits.Lifted = true;
        _sandbox = new SandboxHost(world, w => new AuPayMarketSimulator(w), w => new Qoo10Simulator(w));
        var counter = new StorageCounter();
        var services = new ServiceCollection()
            .AddSingleton<TimeProvider>(_clock)
            .AddSingleton<IRowStore>(new InMemoryRowStore(counter))
            .AddSingleton<IMessageQueue>(new InMemoryMessageQueue(_clock, counter))
            .AddSingleton<CredentialsOf>(store => new AccountCredentials(_sandbox.Accounts.Single(a => a.Marketplace == store.Marketplace).Account, _tokens))
            .AddSingleton<BundleSecret>(_ => ValueTask.FromResult<ReadOnlyMemory<byte>>(new byte[32]))
            .AddLogging()
            .AddUseCases();
        services.AddAuPayMarket().ConfigurePrimaryHttpMessageHandler(() => new SandboxHandler(_sandbox));
        services.AddQoo10().ConfigurePrimaryHttpMessageHandler(() => new SandboxHandler(_sandbox));
        _services = services.BuildServiceProvider();
    }

    /// <summary>A page takes 1,000 orders, and a full page cannot be told from one that more follow; one day is one search.</summary>
    [Theory]
    [InlineData(999, 1)]
    [InlineData(1000, 2)]
    [InlineData(2500, 3)]
    public Task Au_pay_is_asked_once_a_page(int orders, int calls) => AsksAsync("au-pay-market", orders, calls);

    /// <summary>Nothing is paged: the statuses that may still ship, 4 and 5 by one search each, and the list of claims, whatever the number of orders.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public Task Qoo10_is_asked_once_a_status_and_once_for_claims(int orders) => AsksAsync("qoo10", orders, 4);

    [Fact]
    public void The_journal_counts_a_known_conversation()
    {
        var journal = _sandbox.World.Journal;
        var before = journal.Read().Count;
        var effect = new JournalEffect(EffectKind.Number, "1", "", "", "400000000001", false);
        journal.Write(_clock.GetUtcNow(), "mall", Account, "search", "ok", []);
        journal.Write(_clock.GetUtcNow(), "mall", Account, "search", "throttled", []);
        journal.Write(_clock.GetUtcNow(), "mall", Account, "report", "ok", [effect]);
        journal.Write(_clock.GetUtcNow(), "mall", Account, "report", "ok", [effect]);

        var entries = journal.Read(before);
        Assert.Equal(2, entries.Count(e => e.Endpoint == "search"));
        Assert.Equal([false, true], entries.SelectMany(e => e.Effects).Select(e => e.Again));
    }

    public void Dispose() => _services.Dispose();

    /// <summary>A store whose window is read already, as it is at every poll but the first; then the orders arrive.</summary>
    private async Task AsksAsync(string marketplace, int orders, int calls)
    {
        var account = _sandbox.OpenAccount(marketplace, Account);
        var manifest = _services.GetRequiredService<MarketplaceDirectory>().Find(marketplace)!.Manifest;
        var store = new Store
        {
            Id = StoreId.Parse($"{marketplace}-{Account}"),
            Marketplace = marketplace,
            Name = "見本商店",
            Group = BundleGroupId.Parse(marketplace),
            LiveFrom = Shop.Start.AddDays(-1),
        };
        foreach (var (name, value) in account.Settings.Where(s => manifest.Settings.Any(known => known.Name == s.Key)))
        {
            store = store with { Settings = store.Settings.SetItem(name, value) };
        }

        var registry = _services.GetRequiredService<StoreRegistry>();
        await registry.SaveAsync(store, await registry.ReadAsync(Shop.None), Shop.None);
        Assert.Equal(new PullResult(0, 0) { NoteOrders = true }, await PullAsync(store));
        for (var i = 0; i < orders; i++)
        {
            _sandbox.Simulator(marketplace).Place(Account, Order(i));
        }

        _clock.Advance(TimeSpan.FromMinutes(1));
        var before = _sandbox.World.Journal.Read().Count;
        var pulled = await PullAsync(store);

        Assert.Equal(orders, pulled.New);
        var made = _sandbox.World.Journal.Read(before);
        Assert.True(made.Count == calls, $"{made.Count} calls: {string.Join(", ", made.CountBy(e => e.Endpoint).Select(e => $"{e.Value} {e.Key}"))}");
    }

    private Task<PullResult> PullAsync(Store store) => _services.GetRequiredService<PullStore>().RunAsync(new PullMessage(store.Id.Value), Shop.None);

    private SeedOrder Order(int number)
    {
        var person = new SeedPerson(
            "見本", "太郎", "ミホン", "タロウ", "100-0000", "東京都", "千代田区", string.Create(CultureInfo.InvariantCulture, $"見本町1-{number}"), "", "080-0000-0000", $"buyer{number}@example.invalid");
        return new SeedOrder
        {
            PlacedAt = _clock.GetUtcNow().AddSeconds(-(number % 60)),
            Buyer = person,
            Recipient = person,
            Lines = [new SeedLine("SKU-001", "見本茶", "", 1, 1_000, 8)],
        };
    }

    /// <summary>What the simulated account says of itself, and the tokens that the connector keeps.</summary>
    private sealed class AccountCredentials(SimAccount account, Dictionary<string, string> tokens) : ICredentials
    {
        public ValueTask<string> ReadAsync(string field, CancellationToken cancellation) => new(account.Secrets[field]);

        public ValueTask<string?> FindTokenAsync(string name, CancellationToken cancellation) => new(tokens.GetValueOrDefault(name));

        public ValueTask KeepTokenAsync(string name, string value, DateTimeOffset expiresAt, CancellationToken cancellation)
        {
            tokens[name] = value;
            return default;
        }

        public ValueTask ForgetTokenAsync(string name, CancellationToken cancellation)
        {
            tokens.Remove(name);
            return default;
        }
    }
}
