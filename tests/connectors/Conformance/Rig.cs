using System.Collections.Concurrent;
using System.Collections.Immutable;
using Domain.Coverage;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Stores;
using Domain.Time;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Sandbox.Core;

namespace Tests.Connectors.Conformance;

/// <summary>A connector that talks to its simulator over real HTTP, on a clock that only the test moves.</summary>
internal sealed class Rig : IAsyncDisposable
{
    public const string Account = "honten";

    /// <summary>What the tests call a page where they may choose: small, so that three pages are few orders.</summary>
    public const int Page = 3;

    private readonly ConnectorUnderTest _tested;
    private readonly SandboxServer _server;
    private readonly ServiceProvider _services;
    private readonly bool _wholePages;

    private Rig(ConnectorUnderTest tested, SandboxHost host, FakeTimeProvider time, SandboxServer server, bool wholePages)
    {
        (_tested, Host, Time, _server, _wholePages) = (tested, host, time, server, wholePages);
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(time);
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new KeptLogs(Logs)));
        tested.Register(services).AddHttpMessageHandler(() => new WireTap(Wire));
        _services = services.BuildServiceProvider(validateScopes: true);
        Market = _services.GetRequiredService<Marketplace>();
        Renew(host.OpenAccount(Simulator.Marketplace, Account));
    }

    public FakeTimeProvider Time { get; }

    public SandboxHost Host { get; }

    public ISimulator Simulator => Host.Simulators[0];

    public Marketplace Market { get; }

    public Manifest Manifest => Market.Manifest;

    public StoreAccess Access { get; private set; } = null!;

    public SimCredentials Credentials { get; } = new();

    /// <summary>Everything that was logged, at every level.</summary>
    public ConcurrentQueue<string> Logs { get; } = new();

    public Wire Wire { get; } = new();

    public DateTimeOffset Now => Time.GetUtcNow();

    /// <summary>The lanes in which every order appears.</summary>
    public IEnumerable<Lane> OrderLanes => Manifest.Lanes.Where(lane => !lane.Signs && !_tested.LanesOfReleased.Contains(lane.Id));

    /// <param name="wholePages">The marketplace's own page size instead of the suite's small one.</param>
    public static async Task<Rig> StartAsync(ConnectorUnderTest tested, DateTimeOffset now, bool wholePages = false)
    {
        var time = new FakeTimeProvider(now);
        var world = new SandboxWorld(time, time.Advance);
        world.RateLimits.Lifted = true;
        var host = new SandboxHost(world, wholePages ? tested.Simulator : tested.SmallPages ?? tested.Simulator);
        return new Rig(tested, host, time, await SandboxServer.StartAsync(host, port: 0, TestContext.Current.CancellationToken), wholePages);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _server.DisposeAsync();
    }

    /// <summary>Takes an account's credentials and settings over, as a person would after issuing them.</summary>
    public void Renew(SimAccount account)
    {
        Credentials.Enter(account.Secrets);
        var settings = account.Settings.Where(s => Manifest.Settings.Any(known => known.Name == s.Key)).ToImmutableSortedDictionary(StringComparer.Ordinal);
        Access = new StoreAccess(
            new Store
            {
                Id = StoreId.Parse(Account),
                Marketplace = Manifest.Code,
                Name = "見本商店",
                Group = BundleGroupId.Parse(Account),
                BaseAddress = _server.Address,
                Settings = _tested.PageSizeSetting is { } name && !_wholePages ? settings.SetItem(name, $"{Page}") : settings,
            },
            Manifest,
            Credentials);
    }

    public string Place(DateTimeOffset at, Func<SeedOrder, SeedOrder>? change = null) =>
        Simulator.Place(Account, (change ?? (seed => seed))(Canary.Order(at)));

    /// <summary>Orders a minute apart, the newest first placed at <paramref name="newest"/>.</summary>
    public HashSet<string> Place(int orders, DateTimeOffset newest) =>
        [.. Enumerable.Range(0, orders).Select(i => Place(newest.AddMinutes(-i)))];

    /// <summary>The list of one lane, one JST day after the other, as a pull reads it.</summary>
    public async Task<IReadOnlyList<OrderPage>> ListAsync(Lane lane, DateOnly first, DateOnly last)
    {
        var pages = new List<OrderPage>();
        for (var day = first; day <= last; day = day.AddDays(1))
        {
            await foreach (var page in Market.Source.ReadAsync(Access, DayOf(lane, day), TestContext.Current.CancellationToken))
            {
                pages.Add(page);
            }
        }

        return pages;
    }

    /// <summary>The list of a lane and what the details say, for the days around now.</summary>
    public async Task<(IReadOnlyList<OrderReading> Readings, IReadOnlyList<UnreadableEntry> Strays)> ReadAsync(Lane lane)
    {
        var pages = await ListAsync(lane, Jst.DayOf(Now).AddDays(-1), Jst.DayOf(Now));
        var listed = pages.SelectMany(page => page.Orders).ToArray();
        return ([.. await DetailAsync(listed)], [.. pages.SelectMany(page => page.Strays)]);
    }

    public async Task<IReadOnlyList<OrderReading>> DetailAsync(IReadOnlyList<ListedOrder> listed)
    {
        var readings = listed.Select(l => l.Reading).OfType<OrderReading>().ToList();
        await foreach (var reading in Market.Source.DetailAsync(Access, [.. listed.Where(l => l.Reading is null)], TestContext.Current.CancellationToken))
        {
            readings.Add(reading);
        }

        return readings;
    }

    /// <summary>The one order that was placed, as the first lane brings it.</summary>
    public async Task<OrderSnapshot> OnlyOrderAsync() =>
        Assert.IsType<OrderReading.Read>(Assert.Single((await ReadAsync(OrderLanes.First())).Readings)).Order;

    public async Task<OrderReading> ReadByCodeAsync(OrderReference order)
    {
        var readings = new List<OrderReading>();
        await foreach (var reading in Market.Reader!.ReadAsync(Access, [order], TestContext.Current.CancellationToken))
        {
            readings.Add(reading);
        }

        return Assert.Single(readings);
    }

    /// <summary>The order as the first lane brings it.</summary>
    public async Task<OrderReference> ReferenceAsync(string code)
    {
        var (readings, _) = await ReadAsync(OrderLanes.First());
        var order = readings.OfType<OrderReading.Read>().Single(r => r.Code.Value == code).Order;
        return new OrderReference(order.Code, order.PlacedAt, [.. order.Lines.Select(l => l.LineId)]);
    }

    public ServedOrder Served(string code) => Simulator.Served(Account).Single(order => order.Code == code);

    public static Slice DayOf(Lane lane, DateOnly day) => new(lane.Id, new Interval(Jst.StartOf(day), Jst.StartOf(day.AddDays(1))));
}
