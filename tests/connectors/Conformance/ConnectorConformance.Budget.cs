using System.Collections.Concurrent;
using System.Collections.Immutable;
using Domain.Coverage;
using Domain.Marketplaces;
using Domain.Stores;
using Domain.Time;
using Infra.Marketplaces;
using Infra.Storage;
using Infra.Storage.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Sandbox.Core;
using Tests.Infra.Marketplaces;

namespace Tests.Connectors.Conformance;

public abstract partial class ConnectorConformance
{
    private static readonly TimeSpan CatchUp = TimeSpan.FromMinutes(10);

    /// <remarks>Three instances with four workers each (one worker where the limit is serial: the others would only wait behind it) read the day again and again for ten simulated minutes,
    /// with the manifest's limits, no margin, and the simulator's own limits in force. What is counted: the calls that the manifest's tightest rate counts, against that rate times the time.</remarks>
    [Fact]
    [Check]
    public async Task A_catch_up_uses_the_limit_to_95_percent_and_never_exceeds_it()
    {
        var clock = new SimulatedTime(Noon);
        var world = new SandboxWorld(clock, _ => { });
        var host = new SandboxHost(world, tested.Simulator);
        var account = host.OpenAccount(tested.Manifest.Code, Rig.Account);
        var calls = new ConcurrentQueue<(string Endpoint, DateTimeOffset At)>();
        var rows = new InMemoryRowStore(new StorageCounter());
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var credentials = new SimCredentials();
        credentials.Enter(account.Secrets);

        var limit = tested.Manifest.Limits.Where(l => l.PerSecond is not null).MinBy(l => l.PerSecond)!;
        world.RateLimits.Lifted = true;
        await using (var first = Instance(clock, host, limits: null, calls))
        {
            await first.GetRequiredService<Marketplace>().Probe.ProbeAsync(AccessOf(tested.Manifest, account, credentials), Cancellation); // a token is at hand
        }

        world.RateLimits.Lifted = false;
        calls.Clear();
        clock.RunUntil(Noon + TimeSpan.FromMinutes(1), () => 0);
        var begin = clock.GetUtcNow();
        var instances = Enumerable.Range(0, limit.Serial ? 1 : 3).Select(_ => Instance(clock, host, rows, calls)).ToArray();
        var workers = instances.SelectMany(provider => Enumerable.Range(0, limit.Serial ? 1 : 4).Select(_ => Task.Run(
            () => ReadForeverAsync(provider.GetRequiredService<Marketplace>(), AccessOf(tested.Manifest, account, credentials), clock, over.Token), Cancellation))).ToList();
        clock.RunUntil(begin + CatchUp, () => workers.Count(w => !w.IsCompleted));
        await over.CancelAsync();
        await Task.WhenAll(workers);
        foreach (var provider in instances)
        {
            await provider.DisposeAsync();
        }

        var counted = calls.Where(c => limit.Endpoint is null || c.Endpoint == limit.Endpoint);
        var times = (limit.EachEndpoint ? counted.GroupBy(c => c.Endpoint).MaxBy(g => g.Count())! : counted).Select(c => c.At).Order().ToList();
        var allowed = limit.PerSecond!.Value * CatchUp.TotalSeconds;
        TestContext.Current.TestOutputHelper?.WriteLine($"{tested.Manifest.Code}: {times.Count} calls of {allowed} that {limit.Id} allows in {CatchUp}: {times.Count / allowed:P1}");
        Assert.InRange(times.Count / allowed, 0.95, 1 + (1 / allowed));
        NeverExceeds(times, limit.PerSecond.Value);
        Assert.DoesNotContain(world.Journal.Read(), entry => entry.Outcome == "throttled");
    }

    private static StoreAccess AccessOf(Manifest manifest, SimAccount account, SimCredentials credentials) => new(
        new Store
        {
            Id = StoreId.Parse(Rig.Account),
            Marketplace = manifest.Code,
            Name = "見本商店",
            Group = BundleGroupId.Parse(Rig.Account),
            BaseAddress = new Uri("https://sandbox.invalid/"),
            Settings = account.Settings.Where(s => manifest.Settings.Any(known => known.Name == s.Key)).ToImmutableSortedDictionary(StringComparer.Ordinal),
        },
        manifest,
        credentials);

    /// <param name="limits">Where the instances agree; null = no limit is kept.</param>
    private ServiceProvider Instance(TimeProvider clock, SandboxHost host, InMemoryRowStore? limits, ConcurrentQueue<(string, DateTimeOffset)> calls)
    {
        IReadOnlyList<CallLimit> kept = limits is null ? [] : tested.Manifest.Limits;
        var budget = new MarketplaceBudget(limits ?? new InMemoryRowStore(new StorageCounter()), _ => kept, clock, new BudgetOptions { MarginPercent = 0 });
        var services = new ServiceCollection();
        services.AddSingleton(clock);
        tested.Register(services)
            .ConfigureHttpClient(http => http.Timeout = Timeout.InfiniteTimeSpan)
            .AddHttpMessageHandler(() => new BudgetedHandler(budget, calls, clock))
            .ConfigurePrimaryHttpMessageHandler(() => new SandboxHandler(host));
        return services.BuildServiceProvider();
    }

    private async Task ReadForeverAsync(Marketplace market, StoreAccess access, TimeProvider clock, CancellationToken over)
    {
        var lane = market.Manifest.Lanes.First(l => !l.Signs && !tested.LanesOfReleased.Contains(l.Id));
        try
        {
            while (true)
            {
                try
                {
                    var today = Jst.DayOf(clock.GetUtcNow());
                    await foreach (var _ in market.Source.ReadAsync(access, new Slice(lane.Id, new Interval(Jst.StartOf(today), clock.GetUtcNow())), over))
                    {
                    }
                }
                catch (BudgetSpentException spent)
                {
                    await Task.Delay(spent.NotBefore - clock.GetUtcNow(), clock, over);
                }
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // the time is over
        }
    }

    /// <summary>No stretch of a second, a minute or ten minutes holds more calls than the limit allows.</summary>
    private static void NeverExceeds(List<DateTimeOffset> times, double perSecond)
    {
        foreach (var seconds in new[] { 1, 60, 600 })
        {
            var most = (int)Math.Max(1, Math.Floor(perSecond * seconds));
            for (var i = 0; i + most < times.Count; i++)
            {
                var span = times[i + most] - times[i];
                Assert.True(span >= TimeSpan.FromSeconds(seconds), $"{most + 1} calls within {span} from {times[i]:O}");
            }
        }
    }

    /// <summary>Takes a turn for every call, as the pipeline does.</summary>
    private sealed class BudgetedHandler(MarketplaceBudget budget, ConcurrentQueue<(string Endpoint, DateTimeOffset At)> calls, TimeProvider clock) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Options.TryGetValue(new HttpRequestOptionsKey<MarketplaceCall>(MarketplaceCall.OptionName), out var call);
            using var ticket = await budget.TakeAsync(call!, cancellationToken);
            calls.Enqueue((call!.Endpoint, clock.GetUtcNow()));
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
