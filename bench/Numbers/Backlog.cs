using System.Diagnostics;
using System.Globalization;
using Bench.Scripted;
using Functions;
using Infra.Storage;

namespace Bench.Numbers;

/// <summary>What bundling one delivery costs against backlogs of different size.</summary>
public static class Backlog
{
    private const int Deliveries = 30;

    /// <param name="open">Fresh rows and a fresh queue for each size.</param>
    public static async Task<IReadOnlyList<Measured>> MeasureAsync(string where, IReadOnlyList<int> sizes, Func<int, StorageCounter, SetClock, (IRowStore Rows, IMessageQueue Queue)> open, Action<string> say)
    {
        var found = new List<(int Size, string Alone, string Match, double Milliseconds)>();
        foreach (var size in sizes)
        {
            say($"{where}: a backlog of {size}");
            found.Add(await MeasureAsync(size, open));
        }

        var (least, most) = (found[0], found[^1]);
        var same = found.All(f => f.Alone == least.Alone && f.Match == least.Match);
        var between = string.Create(CultureInfo.InvariantCulture, $"{least.Size:N0} and {most.Size:N0} open deliveries");
        return
        [
            new Measured(
                $"bundling one delivery, {where}: requests",
                same ? $"the same: {least.Alone}; with a match {least.Match}" : string.Join("; ", found.Select(f => $"{f.Size}: {f.Alone}; with a match {f.Match}")),
                "the same", same, $"storage requests by operation of bundling one new delivery against {between}, in a process that has not seen them being made"),
            new Measured(
                $"bundling one delivery, {where}: time",
                string.Create(CultureInfo.InvariantCulture, $"× {most.Milliseconds / least.Milliseconds:F2} ({least.Milliseconds:F2} → {most.Milliseconds:F2} ms)"),
                "", true, $"median time of bundling one of {Deliveries} new deliveries without a match: against the larger backlog ÷ against the smaller, of {between}"),
        ];
    }

    private static async Task<(int, string Alone, string Match, double Milliseconds)> MeasureAsync(int backlog, Func<int, StorageCounter, SetClock, (IRowStore Rows, IMessageQueue Queue)> open)
    {
        var counter = new StorageCounter();
        var clock = new SetClock(ScriptedShop.Start);
        var (rows, queue) = open(backlog, counter, clock);
        using var before = await ScriptedShop.OpenAsync(rows, queue, clock, backlog, payloadBytes: 1_024);
        await before.PullAsync();
        await before.BundleAsync();
        using var shop = before.Restart(rows);
        var times = new List<double>();
        var alone = "";
        for (var i = 0; i < Deliveries; i++)
        {
            (var milliseconds, alone) = await BundleAsync(shop, counter, backlog + i, backlog + i);
            times.Add(milliseconds);
        }

        var (_, match) = await BundleAsync(shop, counter, backlog + Deliveries, 0);
        return (backlog, alone, match, Measured.Median(times));
    }

    private static async Task<(double Milliseconds, string Requests)> BundleAsync(ScriptedShop shop, StorageCounter counter, int number, int recipient)
    {
        shop.Market.Place(number, recipient, ScriptedShop.Start.AddMinutes(-5));
        await shop.PullAsync();
        var before = counter.Read();
        var watch = Stopwatch.StartNew();
        await shop.BundleAsync();
        var milliseconds = watch.Elapsed.TotalMilliseconds;
        var requests = counter.Read().Since(before).Requests
            .Where(r => r.Key.Work == Queues.Bundling)
            .OrderBy(r => r.Key.Operation, StringComparer.Ordinal)
            .Select(r => $"{r.Value} {r.Key.Operation}");
        return (milliseconds, string.Join(", ", requests));
    }
}
