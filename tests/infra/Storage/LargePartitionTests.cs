using System.Diagnostics;
using Infra.Storage;
using Infra.Storage.InMemory;

namespace Tests.Infra.Storage;

/// <summary>The twin carries backlogs that the emulator cannot.</summary>
public sealed class LargePartitionTests(ITestOutputHelper output)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_million_rows_in_one_partition_are_sought_like_a_thousand()
    {
        var small = await FilledAsync(1_000);
        var large = await FilledAsync(1_000_000);
        await TimeAsync(small, 1_000, rounds: 2_000); // warm-up

        var thousand = await TimeAsync(small, 1_000, rounds: 20_000);
        var million = await TimeAsync(large, 1_000_000, rounds: 20_000);

        output.WriteLine($"find, range of 10, replace: {thousand.TotalMicroseconds / 20_000:F1} µs at 1,000 rows, {million.TotalMicroseconds / 20_000:F1} µs at 1,000,000");
        Assert.True(million < thousand * 20, $"{million} against {thousand}"); // a scan would be a thousand times as long
    }

    private static async Task<InMemoryRowStore> FilledAsync(int rows)
    {
        var store = new InMemoryRowStore(new StorageCounter());
        for (var at = 0; at < rows; at += 100)
        {
            await store.CommitAsync("open", "p", [.. Enumerable.Range(at, 100).Select(i => new RowAction.Insert(new Row(Key(i), default)))], Cancellation);
        }

        return store;
    }

    private static async Task<TimeSpan> TimeAsync(InMemoryRowStore store, int rows, int rounds)
    {
        var random = new Random(7);
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < rounds; i++)
        {
            var row = (await store.FindAsync("open", "p", Key(random.Next(rows)), Cancellation))!;
            var range = await store.ReadAsync("open", "p", new RowRange(Key(random.Next(rows)), "~") { Take = 10 }, Cancellation);
            Assert.NotEmpty(range.Rows);
            await store.CommitAsync("open", "p", [new RowAction.Replace(row, row.ETag!)], Cancellation);
        }

        return watch.Elapsed;
    }

    /// <summary>Scattered, as hashes are.</summary>
    private static string Key(int number) => $"k|{unchecked((uint)number * 2_654_435_761):x8}";
}
