using System.Diagnostics;
using System.Globalization;
using Domain.Stores;
using Functions;
using Infra.Storage;
using Infra.Storage.Azure;
using Local.Azurite;
using Local.Generator;
using Local.Once;
using Local.Setup;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Bench.Numbers;

/// <summary>From pulled to bundled against the floor: what the storage alone takes of the same rows. In alternation, each round on a fresh emulator.</summary>
public sealed class Throughput(int orders, int rounds, Action<string> say)
{
    private const int WarmUp = 300;

    private static readonly Uri InProcess = new("http://sandbox.invalid/");

    private readonly Stopwatch _simulators = new();

    public async Task<IReadOnlyList<Measured>> MeasureAsync(CancellationToken cancellation)
    {
        var runs = new List<(double PerSecond, double Floor, double WithPages)>();
        for (var round = 1; round <= rounds; round++)
        {
            runs.Add(await RoundAsync(round, cancellation));
            say(string.Create(CultureInfo.InvariantCulture, $"round {round}: {runs[^1].PerSecond:F0} orders/s, floor {runs[^1].Floor:F0} ({runs[^1].PerSecond / runs[^1].Floor:F2})"));
        }

        var floor = Measured.Median(runs.Select(r => r.Floor));
        var ratio = Measured.Median(runs.Select(r => r.PerSecond)) / floor;
        var withPages = Measured.Median(runs.Select(r => r.WithPages)) / floor;
        return
        [
            new Measured(
                string.Create(CultureInfo.InvariantCulture, $"throughput ÷ floor, {orders:N0} orders"),
                ratio.ToString("F2", CultureInfo.InvariantCulture), "≥ 0.5", ratio >= 0.5,
                string.Create(CultureInfo.InvariantCulture, $"orders a second from pull message to bundled, the time in which the simulators make their pages taken out, ÷ orders a second of writing as many row versions of the same bytes with the same client in transactions of 100; one after the other in both; both warmed with {WarmUp} orders, alternated {rounds} times, ratio of the medians (with the simulators' time in: {withPages:F2})")),
        ];
    }

    private async Task<(double PerSecond, double Floor, double WithPages)> RoundAsync(int round, CancellationToken cancellation)
    {
        var options = new InstallationOptions(AzuriteOptions.Throwaway() with { Progress = say }, "run", InProcess: true, VaultFile: null, HostKey: "", l => l.SetMinimumLevel(LogLevel.Warning).AddConsole())
        {
            Marketplaces = simulators => new Timed(simulators, _simulators),
        };
        await using var installation = await Installation.StartAsync(options, cancellation);
        installation.Sandbox.World.RateLimits.Lifted = true;
        await PullAsync(installation, await PlaceAsync(installation, "warm", WarmUp, round, cancellation), cancellation);
        var stores = await PlaceAsync(installation, "run", orders, round + 100, cancellation);
        var before = installation.Counter.Read();
        _simulators.Reset();
        var seconds = await PullAsync(installation, stores, cancellation);
        var written = installation.Counter.Read().Since(before);

        var share = (double)WarmUp / orders;
        var less = written.WrittenBy.ToDictionary(w => w.Key, w => new RowsWritten((long)(w.Value.Rows * share), (long)(w.Value.Bytes * share)));
        await Floor("warm").MeasureAsync(WarmUp, written with { WrittenBy = less }, stores.Count, cancellation);
        var floor = await Floor("floor").MeasureAsync(orders, written, stores.Count, cancellation);
        return (orders / (seconds - _simulators.Elapsed.TotalSeconds), floor, orders / seconds);

        Floor Floor(string prefix) => new(new AzureStorage(new AzureStorageOptions { ConnectionString = installation.StorageConnection, Prefix = prefix }, new StorageCounter()));
    }

    private static async Task<List<Store>> PlaceAsync(Installation installation, string name, int orders, int seed, CancellationToken cancellation)
    {
        var now = installation.Clock.GetUtcNow();
        var stores = new Dictionary<string, Store>(StringComparer.Ordinal);
        var marketplaces = installation.Sandbox.Simulators.Select(s => s.Marketplace).Intersect(OrderGenerator.Marketplaces.Select(m => m.Code)).ToList();
        foreach (var marketplace in marketplaces)
        {
            stores[marketplace] = await installation.OpenStoreAsync(marketplace, $"{marketplace}-{name}", InProcess, now.AddDays(-1), s => s, cancellation);
        }

        // The generator shares the orders among all the marketplaces that it knows.
        var wanted = orders / marketplaces.Count * OrderGenerator.Marketplaces.Count;
        foreach (var plan in new OrderGenerator(seed, now).Generate(wanted).Where(p => stores.ContainsKey(p.Marketplace)))
        {
            installation.Sandbox.Simulator(plan.Marketplace).Place(stores[plan.Marketplace].Id.Value, plan.Seed);
        }

        return [.. stores.Values];
    }

    private static async Task<double> PullAsync(Installation installation, List<Store> stores, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        foreach (var store in stores)
        {
            await installation.Services.GetRequiredService<Dispatch>().SendAsync(new PullMessage(store.Id.Value), TimeSpan.Zero, cancellation);
        }

        await installation.Host.Dispatcher.DrainAsync(cancellation, Queues.Heartbeat);
        return watch.Elapsed.TotalSeconds;
    }

    /// <summary>Takes the time in which the simulators answer. One call at a time: the run works its messages off one after another.</summary>
    private sealed class Timed(HttpMessageHandler simulators, Stopwatch watch) : DelegatingHandler(simulators)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            watch.Start();
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            finally
            {
                watch.Stop();
            }
        }
    }
}
