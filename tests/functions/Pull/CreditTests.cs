using Domain.Marketplaces;
using Domain.Orders;
using Infra.Storage;
using Infra.Storage.InMemory;
using Tests.Functions.World;

namespace Tests.Functions.Pull;

/// <summary>What a pull may count as read. In each test the next pull comes later than the tail that is always read again and before a full pass, so that nothing but the coverage can bring the order.</summary>
public sealed class CreditTests
{
    private static readonly TimeSpan Away = TimeSpan.FromMinutes(30);

    [Fact]
    public async Task An_order_that_becomes_visible_just_after_a_pull_is_found_although_the_next_pull_comes_late()
    {
        using var shop = await new Shop().OpenAsync();
        shop.Market.Place(Shop.Order("HIDDEN", Shop.Start.AddSeconds(-30)), visibleFrom: Shop.Start.AddSeconds(20));
        await shop.PullAsync();
        Assert.Null(await shop.OrderAsync("HIDDEN"));

        shop.Clock.Advance(Away);
        await shop.PullAsync();

        Assert.NotNull(await shop.OrderAsync("HIDDEN"));
    }

    [Fact]
    public async Task An_order_that_was_hidden_when_a_long_read_began_is_found_by_the_next_pull()
    {
        using var shop = await new Shop().OpenAsync();
        shop.Market.Place(Shop.Order("SHOWN", Shop.Start.AddMinutes(-1)));
        shop.Market.Place(Shop.Order("HIDDEN", Shop.Start.AddSeconds(-30)), visibleFrom: Shop.Start.AddSeconds(20));
        shop.Market.After = call =>
        {
            if (call == "list" && shop.Clock.GetUtcNow() == Shop.Start && shop.Market.Calls.Count == 4)
            {
                shop.Clock.Advance(Away); // the last of the window's four days
            }
        };
        await shop.PullAsync();
        Assert.Equal(Shop.Start + Away, shop.Clock.GetUtcNow());
        Assert.Null(await shop.OrderAsync("HIDDEN"));

        await shop.PullAsync();

        Assert.NotNull(await shop.OrderAsync("HIDDEN"));
    }

    [Fact]
    public async Task A_read_that_breaks_after_a_batch_was_stored_does_not_count_the_rest_as_read()
    {
        using var shop = await new Shop().OpenAsync();
        await shop.PullAsync();
        shop.Clock.Advance(Away);
        shop.Place(700, Shop.Start.AddMinutes(5));
        var pages = 0;
        shop.Market.Before = call =>
        {
            if (call == "list" && ++pages == 7)
            {
                throw new MarketplaceException("test-market", FailureKind.Transient, "no answer");
            }
        };
        await shop.PullAsync();
        Assert.InRange((await shop.OrdersAsync()).Count, 500, 699);

        shop.Market.Before = _ => { };
        shop.Clock.Advance(Away);
        await shop.PullAsync();

        Assert.Equal(700, (await shop.OrdersAsync()).Count);
    }

    [Fact]
    public async Task A_full_pass_whose_changes_could_not_be_stored_does_not_count_as_made()
    {
        var rows = new RefusesOrders(new InMemoryRowStore(new StorageCounter()));
        using var shop = await new Shop(rows).OpenAsync();
        shop.Market.Place(Shop.Order("A1"));
        await shop.PullAsync();
        shop.Clock.Advance(TimeSpan.FromHours(7));
        shop.Market.Change("A1", o => o with { Standing = MarketplaceStanding.Cancelled });
        rows.Refuse = true;
        await Assert.ThrowsAsync<StorageUnavailableException>(shop.PullAsync);

        rows.Refuse = false;
        await shop.PullAsync();

        Assert.Equal(OrderState.Cancelled, (await shop.OrderAsync("A1"))!.State);
    }

    /// <summary>Storage that takes no change of an order while told so.</summary>
    private sealed class RefusesOrders(IRowStore inner) : IRowStore
    {
        public bool Refuse { get; set; }

        public Task<Row?> FindAsync(string table, string partition, string key, CancellationToken cancellation) =>
            inner.FindAsync(table, partition, key, cancellation);

        public Task<RowPage> ReadAsync(string table, string partition, RowRange range, CancellationToken cancellation) =>
            inner.ReadAsync(table, partition, range, cancellation);

        public Task<IReadOnlyList<string>> CommitAsync(string table, string partition, IReadOnlyList<RowAction> actions, CancellationToken cancellation) =>
            Refuse && actions.Any(a => a.Key.StartsWith("o|", StringComparison.Ordinal))
                ? throw new StorageUnavailableException("503 Server Busy")
                : inner.CommitAsync(table, partition, actions, cancellation);
    }
}
