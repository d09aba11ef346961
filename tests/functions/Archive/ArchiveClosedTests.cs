using Domain.Deliveries;
using Domain.Orders;
using Functions;
using Functions.Archive;
using Functions.Bundle;
using Infra.Ledger;
using Infra.Storage;
using Infra.Storage.InMemory;
using Microsoft.Extensions.Time.Testing;
using Tests.Functions.World;

namespace Tests.Functions.Archive;

public sealed class ArchiveClosedTests
{
    private static readonly string[] HotPrefixes = ["o|", "d|", "p|", "k|", "b|"];

    [Fact]
    public async Task A_parcel_closed_for_two_weeks_leaves_the_open_partition_and_is_still_found_by_its_code()
    {
        using var shop = await ShippedAsync();
        var before = await shop.Get<OrderLookup>().FindAsync(shop.Store, shop.Key("A1"), Shop.None);

        shop.Clock.Advance(TimeSpan.FromDays(15));
        var moved = await shop.Get<ArchiveClosed>().RunAsync(Shop.None);

        Assert.Equal(1, moved);
        Assert.Empty(await HotRowsAsync(shop));
        var found = await shop.Get<OrderLookup>().FindAsync(shop.Store, shop.Key("A1"), Shop.None);
        Assert.Equal(OrderState.Shipped, found!.Order.State);
        Assert.Equal(before!.Order.History, found.Order.History);
        Assert.Equal("900000001235", Assert.Single(found.Pushes).Number.Value);
    }

    [Fact]
    public async Task An_order_that_is_open_or_closed_only_lately_stays()
    {
        using var shop = await ShippedAsync();
        shop.Clock.Advance(TimeSpan.FromMinutes(5));
        shop.Market.Place(Shop.Order("B2", shop.Clock.GetUtcNow().AddMinutes(-2)));
        await shop.PullAsync();

        shop.Clock.Advance(TimeSpan.FromDays(13));
        Assert.Equal(0, await shop.Get<ArchiveClosed>().RunAsync(Shop.None));
        shop.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(1, await shop.Get<ArchiveClosed>().RunAsync(Shop.None));

        Assert.NotNull(await shop.OrderAsync("B2"));
        Assert.Null(await shop.OrderAsync("A1"));
    }

    [Fact]
    public async Task A_closed_order_stays_while_a_search_of_the_window_can_still_bring_it()
    {
        var clock = new FakeTimeProvider(Shop.Start);
        var market = new TestMarket(clock) { Manifest = new TestMarket(clock).Manifest with { Lanes = [TestMarket.Lane with { LookbackDays = 31 }] } };
        using var shop = await new Shop(clock: clock, market: market).OpenAsync();
        shop.Market.Place(Shop.Order("A1"));
        await shop.PullAsync();
        await shop.HandOverAsync("A1");
        await shop.ShipAsync("A1");
        await shop.DrainAsync();

        shop.Clock.Advance(TimeSpan.FromDays(31));
        Assert.Equal(0, await shop.Get<ArchiveClosed>().RunAsync(Shop.None));
        shop.Clock.Advance(TimeSpan.FromDays(4));
        Assert.Equal(1, await shop.Get<ArchiveClosed>().RunAsync(Shop.None));
    }

    [Fact]
    public async Task An_order_whose_shipment_the_marketplace_has_not_been_told_of_stays()
    {
        using var shop = await new Shop().OpenAsync(s => s with { Switches = s.Switches with { Push = false } });
        shop.Market.Place(Shop.Order("A1"));
        await shop.PullAsync();
        await shop.HandOverAsync("A1");
        await shop.ShipAsync("A1");
        await shop.DrainAsync();

        shop.Clock.Advance(TimeSpan.FromDays(15));

        Assert.Equal(0, await shop.Get<ArchiveClosed>().RunAsync(Shop.None));
        Assert.False((await shop.PushAsync("A1"))!.IsOver);
    }

    [Fact]
    public async Task The_members_of_a_bundle_go_together_and_their_decision_with_them()
    {
        using var shop = await new Shop().OpenAsync();
        shop.Market.Place(Shop.Order("A1", recipient: "同じ人"));
        shop.Market.Place(Shop.Order("A2", recipient: "同じ人"));
        await shop.PullAsync();
        var candidate = Assert.Single(await shop.CandidatesAsync());
        await shop.Get<DecideCandidate>().ExecuteAsync(shop.Store.Group, candidate.Key, null, "staff", Shop.None);
        var carrier = Assert.Single(await shop.ReadAsync(GroupKeys.Deliveries, Codecs.Delivery), d => d.IsBundle);
        await shop.HandOverAsync(carrier.Id.Code.Value);
        await shop.ShipAsync(carrier.Id.Code.Value);
        await shop.DrainAsync();

        shop.Clock.Advance(TimeSpan.FromDays(15));
        Assert.Equal(2, await shop.Get<ArchiveClosed>().RunAsync(Shop.None));
        await shop.Get<ArchiveClosed>().RunAsync(Shop.None);

        Assert.Empty(await HotRowsAsync(shop));
        foreach (var code in (string[])["A1", "A2"])
        {
            var found = await shop.Get<OrderLookup>().FindAsync(shop.Store, shop.Key(code), Shop.None);
            Assert.Equal(carrier.Id, found!.Delivery);
        }
    }

    [Fact]
    public async Task A_stop_between_copy_and_deletion_is_made_good_by_the_next_run()
    {
        var rows = new StopsAtDeletion(new InMemoryRowStore(new StorageCounter()));
        using var shop = await ShippedAsync(rows);
        shop.Clock.Advance(TimeSpan.FromDays(15));
        rows.Stop = true;
        await Assert.ThrowsAsync<StorageUnavailableException>(() => shop.Get<ArchiveClosed>().RunAsync(Shop.None));
        Assert.NotNull(await shop.OrderAsync("A1"));

        rows.Stop = false;

        Assert.Equal(1, await shop.Get<ArchiveClosed>().RunAsync(Shop.None));
        Assert.Null(await shop.OrderAsync("A1"));
        Assert.NotNull(await shop.Get<OrderLookup>().FindAsync(shop.Store, shop.Key("A1"), Shop.None));
    }

    [Fact]
    public async Task A_long_history_moves_out_in_a_block_and_is_shown_whole()
    {
        using var shop = await new Shop().OpenAsync();
        shop.Market.Place(Shop.Order("A1"));
        await shop.PullAsync();
        await shop.Ledger.ChangeAsync(shop.Store.Group, async unit =>
        {
            var order = (await unit.OrderAsync(shop.Key("A1"), Shop.None))!;
            unit.Put(Enumerable.Range(0, 50).Aggregate(order, (o, i) => o.Note(shop.Clock.GetUtcNow(), "staff", $"note {i}")));
        }, Shop.None);
        var whole = (await shop.OrderAsync("A1"))!.History;

        await shop.Get<ArchiveClosed>().RunAsync(Shop.None);
        await shop.Get<ArchiveClosed>().RunAsync(Shop.None);

        Assert.Equal(20, (await shop.OrderAsync("A1"))!.History.Length);
        var found = await shop.Get<OrderLookup>().FindAsync(shop.Store, shop.Key("A1"), Shop.None);
        Assert.Equal(whole, found!.Order.History);
    }

    [Fact]
    public async Task The_chore_archives()
    {
        using var shop = await ShippedAsync();
        shop.Clock.Advance(TimeSpan.FromDays(15));

        await shop.Get<Dispatch>().SendAsync(new ChoreMessage("archive-closed"), Shop.None);
        await shop.DrainAsync();

        Assert.Null(await shop.OrderAsync("A1"));
    }

    private static async Task<Shop> ShippedAsync(IRowStore? rows = null)
    {
        var shop = await new Shop(rows).OpenAsync();
        shop.Market.Place(Shop.Order("A1"));
        await shop.PullAsync();
        await shop.HandOverAsync("A1");
        await shop.ShipAsync("A1");
        await shop.DrainAsync();
        Assert.Equal(DeliveryState.Shipped, (await shop.DeliveryAsync("A1"))!.State);
        return shop;
    }

    private static async Task<List<string>> HotRowsAsync(Shop shop)
    {
        var keys = new List<string>();
        foreach (var prefix in HotPrefixes)
        {
            await foreach (var row in shop.Ledger.RangeAsync(shop.Store.Group, RowRange.Prefix(prefix), Shop.None))
            {
                keys.Add(row.Key);
            }
        }

        return keys;
    }

    /// <summary>Dies right before rows of the open table are deleted.</summary>
    private sealed class StopsAtDeletion(IRowStore rows) : IRowStore
    {
        public bool Stop { get; set; }

        public Task<Row?> FindAsync(string table, string partition, string key, CancellationToken cancellation) => rows.FindAsync(table, partition, key, cancellation);

        public Task<RowPage> ReadAsync(string table, string partition, RowRange range, CancellationToken cancellation) => rows.ReadAsync(table, partition, range, cancellation);

        public Task<IReadOnlyList<string>> CommitAsync(string table, string partition, IReadOnlyList<RowAction> actions, CancellationToken cancellation) =>
            Stop && table == GroupKeys.Open && actions.Any(a => a is RowAction.Delete)
                ? throw new StorageUnavailableException("stopped")
                : rows.CommitAsync(table, partition, actions, cancellation);
    }
}
