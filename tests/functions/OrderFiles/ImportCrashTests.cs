using Functions.Attention;
using Functions.OrderFiles;
using Infra.Storage.InMemory;
using Microsoft.Extensions.Time.Testing;
using Tests.Functions.Crash;
using Tests.Functions.World;

namespace Tests.Functions.OrderFiles;

/// <summary>An import dies before and after the effect of every one of its calls; the same file imported again ends in the same state.</summary>
public sealed class ImportCrashTests
{
    [Fact]
    public async Task Dying_before_or_after_any_call_and_importing_again_ends_in_the_same_state()
    {
        var (expected, calls) = await PlayAsync(new Breaker());
        Assert.True(calls >= 20, $"The import makes {calls} calls.");

        await Parallel.ForAsync(0, 2 * calls, async (point, _) =>
        {
            var breaker = new Breaker(point);
            var (state, _) = await PlayAsync(breaker);
            CrashSweepTests.AssertSame(expected, state, $"died at {point / 2} {(point % 2 == 0 ? "before" : "after")}");
            Assert.Equal(1, breaker.Deaths);
        });
    }

    private static async Task<(string State, int Calls)> PlayAsync(Breaker breaker)
    {
        var clock = new FakeTimeProvider(Shop.Start);
        var rows = new InMemoryRowStore(new());
        var queue = new InMemoryMessageQueue(clock, new());
        var market = FileMarket.On(clock);
        using var shop = await new Shop(rows, queue, clock, market: market).OpenAsync();
        market.Place(FileMarket.InPart(FileMarket.Order("PART1", recipient: "見本 花子")));
        market.Place(FileMarket.InPart(FileMarket.Order("PART2", recipient: "見本花子")));
        await shop.PullAsync();
        var file = FileMarket.Download(
            [FileMarket.Order("PART1", recipient: "見本 花子"), .. Enumerable.Range(0, 100).Select(i => FileMarket.Order($"F{i:D3}", TimeSpan.FromDays(i % 9))), FileMarket.Order("PART2", recipient: "見本花子")]);
        var calls = 0;
        for (var deaths = 0; deaths < 5; deaths++)
        {
            using var process = new Shop(new BreakingRows(rows, breaker), new BreakingQueue(queue, breaker), clock, market: market);
            try
            {
                await process.Get<ImportOrderFile>().RunAsync(shop.Store.Id, file, null, "staff", Shop.None);
                calls = breaker.Calls;
                break;
            }
            catch (ProcessDiedException)
            {
                breaker.Restart();
                queue.LetGo();
                clock.Advance(TimeSpan.FromMinutes(5));
            }
        }

        await shop.Get<SweepOutbox>().RunAsync(everything: true, Shop.None);
        await shop.DrainAsync();
        return (await MainJob.DumpAsync(shop), calls);
    }
}
