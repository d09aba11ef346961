using Domain.Bundling;
using Infra.Storage;
using Infra.Storage.InMemory;
using Tests.Functions.World;

namespace Tests.Functions.Bundle;

public sealed class OvertakenTests
{
    [Fact]
    public async Task An_order_that_meets_one_handed_over_in_the_same_moment_stays_free()
    {
        var rows = new RowsWithAMoment(new InMemoryRowStore(new StorageCounter()));
        using var shop = await new Shop(rows).OpenAsync();
        shop.Market.Place(Shop.Order("A1", Shop.Start.AddMinutes(-9), recipient: "同じ人"));
        await shop.PullAsync();
        shop.Market.Place(Shop.Order("A2", Shop.Start.AddMinutes(-8), recipient: "同じ人"));
        var handedOver = false;
        rows.BeforeAJoin = async () => handedOver = (await shop.HandOverAsync("A1")).Done;

        await shop.PullAsync();

        Assert.True(handedOver);
        Assert.DoesNotContain(await shop.CandidatesAsync(), c => c.Candidate is { State: CandidateState.Open });
        Assert.True((await shop.HandOverAsync("A2")).Done);
    }

    /// <summary>Lets something happen once, between a delivery's reading of a key that stands and its joining it.</summary>
    private sealed class RowsWithAMoment(IRowStore inner) : IRowStore
    {
        public Func<Task>? BeforeAJoin { get; set; }

        public Task<Row?> FindAsync(string table, string partition, string key, CancellationToken cancellation) =>
            inner.FindAsync(table, partition, key, cancellation);

        public Task<RowPage> ReadAsync(string table, string partition, RowRange range, CancellationToken cancellation) =>
            inner.ReadAsync(table, partition, range, cancellation);

        public async Task<IReadOnlyList<string>> CommitAsync(string table, string partition, IReadOnlyList<RowAction> actions, CancellationToken cancellation)
        {
            if (BeforeAJoin is { } moment
                && actions.Any(a => a is RowAction.Insert && a.Key.StartsWith("d|", StringComparison.Ordinal))
                && actions.Any(a => a is not RowAction.Insert && a.Key.StartsWith("k|", StringComparison.Ordinal)))
            {
                BeforeAJoin = null;
                await moment();
            }

            return await inner.CommitAsync(table, partition, actions, cancellation);
        }
    }
}
