using Infra.Ledger;
using Infra.Storage;
using Infra.Storage.InMemory;
using Tests.Functions.World;

namespace Tests.Functions.Pull;

/// <summary>What new orders leave in storage until they are released or locked: which rows, in how many transactions, by how many messages.</summary>
public sealed class WrittenRowsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(500)]
    [InlineData(1100)]
    public async Task New_orders_leave_three_hot_rows_each_and_an_index_row_a_chunk(int orders)
    {
        var (rows, counts) = await PullAsync(orders);
        var kinds = rows.Dump().Where(r => r.Table == GroupKeys.Open).CountBy(r => r.Row.Key[0]).ToDictionary();

        Assert.Equal(['a', 'd', 'k', 'o'], kinds.Keys.Order()); // the outbox row is consumed
        Assert.Equal(orders, kinds['o']);
        Assert.Equal(orders, kinds['d']);
        Assert.Equal(orders, kinds['k']);
        var chunks = (orders / Batch * Parts(Batch, IndexSegment.Capacity)) + Parts(orders % Batch, IndexSegment.Capacity);
        Assert.Equal(chunks, kinds['a'] - 1); // beside them the lane's coverage

        // Row versions: each order, delivery, key and payload once; a chunk's index row, and the outbox row that its transaction extends.
        Assert.InRange(counts.Rows, 4 * orders, (4 * orders) + (2 * (chunks + Parts(orders, Batch))) + 1);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(500)]
    [InlineData(1100)]
    public async Task New_orders_go_on_by_one_message_a_batch_with_their_payloads_a_hundred_a_transaction(int orders)
    {
        var (rows, counts) = await PullAsync(orders);

        Assert.Equal(Parts(orders, Batch), counts.OfOperation("queues.bundling.send"));
        Assert.Equal(orders, rows.Dump().Count(r => r.Table == GroupKeys.Raw));
        Assert.Equal(Parts(orders, RowLimits.ActionsPerBatch), counts.OfOperation("tables.raw.commit"));
    }

    [Fact]
    public async Task No_order_costs_a_blob_or_a_message_or_a_read_of_its_own()
    {
        var (_, few) = await PullAsync(500);
        var (_, many) = await PullAsync(1000);

        // What 500 orders more add is two transactions for each hundred (payloads) and each 98 (orders, deliveries and keys), and one batch's messages.
        Assert.DoesNotContain(many.Requests.Keys, r => r.Operation.StartsWith("blobs.", StringComparison.Ordinal));
        foreach (var operation in many.Requests.Keys.Select(r => r.Operation).Distinct().Where(o => !o.EndsWith(".commit", StringComparison.Ordinal)))
        {
            Assert.InRange(many.OfOperation(operation) - few.OfOperation(operation), 0, 1);
        }
    }

    /// <summary>The most orders of one outbox row and message, as design decides it.</summary>
    private const int Batch = 500;

    private static int Parts(int orders, int size) => (orders + size - 1) / size;

    private static async Task<(InMemoryRowStore Rows, StorageCounts Counts)> PullAsync(int orders)
    {
        var counter = new StorageCounter();
        var rows = new InMemoryRowStore(counter);
        using var shop = await new Shop(rows, counter: counter).OpenAsync();
        shop.Place(orders);
        var before = counter.Read();
        await shop.PullAsync();
        return (rows, counter.Read().Since(before));
    }
}
