using Domain.Orders;
using Functions;
using Infra.Storage;
using Tests.Functions.World;

namespace Tests.Functions.Pull;

/// <summary>What an order costs in requests to the storage services, from taking the pull message to the commit that releases or locks.</summary>
public sealed class CountersTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_counter_itself_counts_a_known_conversation()
    {
        var counter = new StorageCounter();
        var rows = new Infra.Storage.InMemory.InMemoryRowStore(counter);
        using (StorageCounter.Under("pull"))
        {
            await rows.CommitAsync("open", "p", [new RowAction.Insert(new Row("a", "x"u8.ToArray())), new RowAction.Insert(new Row("b", "y"u8.ToArray()))], Shop.None);
            await rows.FindAsync("open", "p", "a", Shop.None);
        }

        await rows.ReadAsync("open", "p", RowRange.Prefix("a"), Shop.None);

        var counts = counter.Read();
        Assert.Equal(3, counts.Total);
        Assert.Equal(2, counts.Of("pull"));
        Assert.Equal(2, counts.Rows);
        Assert.Equal(1, counts.Requests[("other", "tables.open.read")]);
    }

    [Theory]
    [InlineData(100, 0.20)]
    [InlineData(500, 0.10)]
    [InlineData(1000, 0.10)]
    public async Task New_orders_cost_a_fraction_of_a_request_each(int orders, double limit)
    {
        using var shop = await new Shop().OpenAsync();
        shop.Place(orders);

        var counts = await CountAsync(shop);

        output.WriteLine($"{orders} orders: {(double)counts.Total / orders:F3} requests, {(double)counts.Rows / orders:F2} row versions, {counts.Bytes / orders} bytes an order");
        Assert.True((double)counts.Total / orders <= limit, $"{counts.Total} requests for {orders} orders");
        Assert.True(counts.Bytes / orders <= 4096, $"{counts.Bytes / orders} bytes an order");
        Assert.True((double)counts.Rows / orders <= 4.1, $"{counts.Rows} row versions for {orders} orders"); // order, delivery, key, payload; an index row a chunk
    }

    [Fact]
    public async Task A_single_trickling_order_costs_at_most_fourteen_requests()
    {
        using var shop = await new Shop().OpenAsync();
        shop.Place(5);
        await shop.PullAsync();
        shop.Market.Place(Shop.Order("NEW", Shop.Start.AddMinutes(-2)));

        var counts = await CountAsync(shop);

        Assert.InRange(counts.Total, 1, 14);
    }

    [Fact]
    public async Task An_unchanged_window_costs_nothing_an_order()
    {
        using var empty = await new Shop().OpenAsync();
        await empty.PullAsync();
        var nothing = await CountAsync(empty);
        Assert.InRange(nothing.Total, 1, 6);

        using var shop = await new Shop().OpenAsync();
        shop.Place(1000, Shop.Start.AddMinutes(-5));
        await shop.PullAsync();
        var unchanged = await CountAsync(shop);

        Assert.True((unchanged.Total - nothing.Total) / 1000.0 <= 0.001, $"{unchanged.Total} requests against {nothing.Total}");
    }

    [Fact]
    public async Task A_match_with_an_earlier_pull_costs_at_most_three_requests_more()
    {
        async Task<long> LaterAsync(bool match)
        {
            using var shop = await new Shop().OpenAsync();
            shop.Market.Place(Shop.Order("A1", recipient: "見本 花子"));
            await shop.PullAsync();
            // Another process bundles: it has no memory of the key that was claimed.
            using var other = new Shop(shop.Rows, shop.Queue, shop.Clock, shop.Counter, shop.Market);
            await other.OpenKnownAsync();
            shop.Market.Place(Shop.Order("A2", Shop.Start.AddMinutes(-2), match ? "見本 花子" : "見本 次郎"));
            return (await CountAsync(other)).Total;
        }

        Assert.InRange(await LaterAsync(true) - await LaterAsync(false), 0, 3);
    }

    /// <summary>Counts from taking the pull message to the last commit; the messages' deletion and empty polls are left out, as for the emptied queue of a running host.</summary>
    private static async Task<StorageCounts> CountAsync(Shop shop)
    {
        await shop.Get<Dispatch>().SendAsync(new PullMessage(shop.Store.Id.Value), TimeSpan.Zero, Shop.None);
        var before = shop.Counter.Read();
        await shop.DrainAsync();
        var counts = shop.Counter.Read().Since(before);
        var emptyPolls = counts.Requests.Where(r => r.Key is { Work: "other", Operation: var o } && o.EndsWith(".receive", StringComparison.Ordinal)).Sum(r => r.Value);
        var works = counts.Requests.Where(r => r.Key.Work != "other").Sum(r => r.Value);
        var deletes = counts.Requests.Where(r => r.Key is { Work: "other", Operation: var o } && o.EndsWith(".delete", StringComparison.Ordinal)).Sum(r => r.Value);
        Assert.Equal(counts.Total, works + deletes + emptyPolls);

        // Every message is received once and deleted once; the last message's deletion lies behind the last commit.
        return counts with
        {
            Requests = new Dictionary<(string, string), long> { [("works", "all")] = works, [("messages", "received")] = deletes, [("messages", "deleted")] = deletes - 1 },
        };
    }
}
