using System.Globalization;
using Bench.Scripted;
using Infra.Storage;
using Infra.Storage.InMemory;

namespace Bench.Numbers;

/// <summary>Live managed heap of a pull over idle. Wants a process of its own: whatever else is alive there counts as well.</summary>
public sealed class MemoryOfPull
{
    private const double LimitMiB = 64;

    /// <summary>Samples of a large pull: a full collection takes its time.</summary>
    private const int MostSamples = 60;

    private readonly int _orders;
    private readonly int _every;
    private int _commits;
    private long _most;

    private MemoryOfPull(int orders)
    {
        _orders = orders;
        _every = Math.Max(1, orders / 25 / MostSamples); // a hundred orders take four commits
    }

    public static Task<Measured> MeasureAsync(int orders) => new MemoryOfPull(orders).RunAsync();

    private async Task<Measured> RunAsync()
    {
        var counter = new StorageCounter();
        var clock = new SetClock(ScriptedShop.Start);
        var rows = new WindowRows(new InMemoryRowStore(counter), Sample);
        using var shop = await ScriptedShop.OpenAsync(rows, new InMemoryMessageQueue(clock, counter), clock, _orders, payloadBytes: 4_096);
        var idle = Alive();
        _most = idle;
        await shop.PullAsync();
        await shop.BundleAsync();

        // The window is full now: the index of all its orders is read, and a full pass reads every page again.
        clock.Now += TimeSpan.FromHours(7);
        _commits = -1;
        await shop.PullAsync();
        var overIdle = (_most - idle) / 1048576.0;
        return new Measured(
            string.Create(CultureInfo.InvariantCulture, $"memory of a pull, {_orders:N0} orders in the window"),
            string.Create(CultureInfo.InvariantCulture, $"{overIdle:F1} MiB"),
            "≤ 64 MiB",
            overIdle <= LimitMiB,
            string.Create(CultureInfo.InvariantCulture,
                $"live managed heap after a full collection, the most of the samples after {(_every == 1 ? "each commit" : $"each {_every}th commit")}, less the same before the first pull; a first pull with its bundling, then a full pass over the unchanged window; the marketplace makes its pages on the fly, the storage keeps index, coverage and outbox rows only"));
    }

    private void Sample()
    {
        if (_commits++ % _every == 0 || _commits == 0)
        {
            _most = Math.Max(_most, Alive());
        }
    }

    private static long Alive()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
        return GC.GetTotalMemory(forceFullCollection: false);
    }
}
