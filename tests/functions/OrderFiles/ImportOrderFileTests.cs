using System.Text;
using Domain;
using Domain.Bundling;
using Domain.Deliveries;
using Domain.Marketplaces;
using Domain.Orders;
using Functions.Archive;
using Functions.OrderFiles;
using Functions.Pull;
using Infra.Ledger;
using Infra.Storage;
using Infra.Storage.InMemory;
using Tests.Functions.World;

namespace Tests.Functions.OrderFiles;

public sealed class ImportOrderFileTests
{
    [Fact]
    public async Task Orders_of_a_file_arrive_with_deliveries_and_payloads_also_when_they_are_far_older_than_the_window()
    {
        using var shop = await FileMarket.OpenAsync();
        var file = FileMarket.Download(FileMarket.Order("A1"), FileMarket.Order("OLD", TimeSpan.FromDays(9)), FileMarket.Order("BEFORE", TimeSpan.FromDays(40)));

        var result = await shop.ImportAsync(file);

        Assert.Equal((3, true), (result.Count(FileOutcome.New), result.Finished));
        Assert.Equal(OrderState.AwaitingShipment, (await shop.OrderAsync("OLD"))!.State);
        Assert.True((await shop.HandOverAsync("OLD")).Done);
        Assert.False((await shop.HandOverAsync("BEFORE")).Done); // placed before the store went live: handled elsewhere
        Assert.Equal("staff-key", (await shop.OrderAsync("A1"))!.History[0].Who);
        Assert.NotNull(await shop.Rows.FindAsync(GroupKeys.Raw, shop.Store.Group.Value, GroupKeys.RawRow(shop.Key("A1")), Shop.None));
        Assert.Empty(await shop.ReadAsync(GroupKeys.Outbox, Codecs.Outbox));
    }

    [Fact]
    public async Task A_preview_tells_what_an_import_would_do_and_writes_nothing()
    {
        using var shop = await FileMarket.OpenAsync();
        shop.Market.Place(FileMarket.Order("API"));
        shop.Market.Place(FileMarket.InPart(FileMarket.Order("PART")));
        await shop.PullAsync();
        await shop.ImportAsync(FileMarket.Download(FileMarket.Order("FILE")));
        var rows = (InMemoryRowStore)shop.Rows;
        var before = rows.Dump();
        var file = FileMarket.Download(
            FileMarket.Order("NEW"), FileMarket.Order("API") with { BuyerNote = "別の備考" }, FileMarket.Order("PART"), FileMarket.Order("FILE") with { BuyerNote = "追記" },
            FileMarket.Order("BAD") with { Lines = [new OrderLine("1", "", "", "", 1, Yen.Zero, 0)] });

        var preview = await shop.PreviewAsync(file);

        Assert.Equal(
            [FileOutcome.New, FileOutcome.Unchanged, FileOutcome.Completes, FileOutcome.Changed],
            preview.Orders.Select(o => o.Outcome));
        Assert.Equal("BAD", Assert.Single(preview.Reading.Refused).Value);
        Assert.Equal(before, rows.Dump());
        var done = await shop.ImportAsync(file);
        Assert.Equal(preview.Orders, done.Orders);
    }

    [Fact]
    public async Task The_same_file_again_changes_nothing()
    {
        using var shop = await FileMarket.OpenAsync();
        shop.Market.Place(FileMarket.InPart(FileMarket.Order("PART")));
        await shop.PullAsync();
        var file = FileMarket.Download([FileMarket.Order("PART"), .. Enumerable.Range(0, 120).Select(i => FileMarket.Order($"F{i:D3}", TimeSpan.FromDays(i % 12)))]);
        await shop.ImportAsync(file);
        var before = ((InMemoryRowStore)shop.Rows).Dump();

        var again = await shop.ImportAsync(file);

        Assert.Equal((121, 121), (again.Orders.Count, again.Count(FileOutcome.Unchanged)));
        Assert.Equal(before, ((InMemoryRowStore)shop.Rows).Dump());
    }

    [Fact]
    public async Task An_order_that_the_API_has_brought_in_full_is_left_alone()
    {
        using var shop = await FileMarket.OpenAsync();
        shop.Market.Place(FileMarket.Order("A1"));
        await shop.PullAsync();
        var before = ((InMemoryRowStore)shop.Rows).Dump();

        var result = await shop.ImportAsync(FileMarket.Download(FileMarket.Order("A1") with { RawStatus = "cancelled", BuyerNote = "古い備考" }));

        Assert.Equal(FileOutcome.Unchanged, Assert.Single(result.Orders).Outcome);
        Assert.Equal(before, ((InMemoryRowStore)shop.Rows).Dump());
    }

    [Fact]
    public async Task An_order_that_came_by_file_first_is_taken_over_by_the_API_without_a_second_one()
    {
        using var shop = await FileMarket.OpenAsync();
        await shop.ImportAsync(FileMarket.Download(FileMarket.Order("A1") with { BuyerNote = "読んでください" }));
        Assert.Equal(OrderState.AwaitingConfirmation, (await shop.OrderAsync("A1"))!.State);

        shop.Market.Place(FileMarket.Order("A1"));
        await shop.PullAsync();
        await shop.PullAsync();

        var order = Assert.Single(await shop.OrdersAsync());
        Assert.Equal((OrderState.AwaitingShipment, null), (order.State, order.Content.FileVersion));
        Assert.Single(await shop.ReadAsync(GroupKeys.Deliveries, Codecs.Delivery));
    }

    [Fact]
    public async Task A_later_file_changes_what_an_earlier_file_brought()
    {
        using var shop = await FileMarket.OpenAsync(readsByCode: false);
        var old = TimeSpan.FromDays(8);
        await shop.ImportAsync(FileMarket.Download(FileMarket.Order("A1", old), FileMarket.Order("A2", old)));

        var result = await shop.ImportAsync(FileMarket.Download(FileMarket.Order("A1", old) with { RawStatus = "cancelled" }, FileMarket.Order("A2", old, "見本 次郎")));

        Assert.Equal(2, result.Count(FileOutcome.Changed));
        Assert.Equal((OrderState.Cancelled, DeliveryState.Cancelled), ((await shop.OrderAsync("A1"))!.State, (await shop.DeliveryAsync("A1"))!.State));
        Assert.Equal("見本 次郎", (await shop.OrderAsync("A2"))!.Content.Recipient.Name);
    }

    [Fact]
    public async Task An_order_that_could_not_be_read_comes_in_by_file_and_leaves_the_attention_list()
    {
        using var shop = await FileMarket.OpenAsync();
        shop.Market.Place(FileMarket.Order("A1"));
        shop.Market.Unreadable.Add(OrderCode.Parse("A1"));
        await shop.PullAsync();
        Assert.Single(await shop.AttentionAsync());

        await shop.ImportAsync(FileMarket.Download(FileMarket.Order("A1")));

        Assert.Equal(OrderState.AwaitingShipment, (await shop.OrderAsync("A1"))!.State);
        Assert.Empty(await shop.AttentionAsync());
        Assert.True((await shop.HandOverAsync("A1")).Done);
    }

    [Fact]
    public async Task An_order_in_the_archive_is_not_made_anew()
    {
        using var shop = await FileMarket.OpenAsync();
        var file = FileMarket.Download(FileMarket.Order("OLD", TimeSpan.FromDays(30)) with { RawStatus = "shipped" });
        await shop.ImportAsync(file);
        shop.Clock.Advance(TimeSpan.FromDays(20));
        Assert.Equal(1, await shop.Get<ArchiveClosed>().RunAsync(Shop.None));

        var again = await shop.ImportAsync(file);

        Assert.Equal(FileOutcome.Unchanged, Assert.Single(again.Orders).Outcome);
        Assert.Null(await shop.OrderAsync("OLD"));
    }

    [Fact]
    public async Task Old_orders_of_a_file_are_bundled_although_a_pull_cleans_the_index_before_their_message_comes()
    {
        using var shop = await FileMarket.OpenAsync();
        shop.Place(3);
        await shop.PullAsync();
        shop.Clock.Advance(TimeSpan.FromDays(7)); // the window's own orders have left it as well
        await shop.Get<ImportOrderFile>().RunAsync(shop.Store.Id, FileMarket.Download(FileMarket.Order("OLD", TimeSpan.FromDays(6)), FileMarket.Order("TWIN", TimeSpan.FromDays(6), "見本 OLD")), null, "staff", Shop.None);
        await shop.Get<PullStore>().RunAsync(new global::Functions.PullMessage(shop.Store.Id.Value), Shop.None);

        await shop.DrainAsync();

        Assert.NotNull(await shop.DeliveryAsync("OLD"));
        Assert.Equal(2, Assert.Single(await shop.CandidatesAsync(), c => c.Candidate is { State: CandidateState.Open }).Members.Length);
        await shop.PullAsync();
        Assert.Empty((await WindowIndex.ReadAsync(shop.Ledger, shop.Store, Shop.None)).Segments);
    }

    [Fact]
    public async Task Two_imports_at_once_bring_every_order_once()
    {
        using var shop = await FileMarket.OpenAsync();
        var file = FileMarket.Download(Enumerable.Range(0, 230).Select(i => FileMarket.Order($"F{i:D3}")));

        var results = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => shop.Get<ImportOrderFile>().RunAsync(shop.Store.Id, file, null, "staff", Shop.None))));
        await shop.DrainAsync();

        Assert.All(results, r => Assert.Equal((230, true), (r.Orders.Count, r.Finished)));
        Assert.Equal(230, (await shop.OrdersAsync()).Count);
        Assert.Equal(230, (await shop.ReadAsync(GroupKeys.Deliveries, Codecs.Delivery)).Count);
        Assert.Empty(await shop.ReadAsync(GroupKeys.Outbox, Codecs.Outbox));
    }

    [Fact]
    public async Task An_order_that_a_pull_brings_in_part_in_the_same_moment_is_completed_all_the_same()
    {
        using var shop = await FileMarket.OpenAsync();
        shop.Market.Place(FileMarket.InPart(FileMarket.Order("A1")));
        var between = new PullingRows(shop.Rows, async () => await shop.Get<PullStore>().RunAsync(new global::Functions.PullMessage(shop.Store.Id.Value), Shop.None));
        using var other = new Shop(between, shop.Queue, shop.Clock, shop.Counter, shop.Market);
        await other.OpenKnownAsync();

        var result = await other.Get<ImportOrderFile>().RunAsync(shop.Store.Id, FileMarket.Download(FileMarket.Order("A1"), FileMarket.Order("B2")), null, "staff", Shop.None);
        await shop.DrainAsync();

        Assert.Equal([FileOutcome.Completes, FileOutcome.New], result.Orders.Select(o => o.Outcome));
        Assert.Equal(OrderState.AwaitingShipment, (await shop.OrderAsync("A1"))!.State);
        Assert.Equal(2, (await shop.ReadAsync(GroupKeys.Deliveries, Codecs.Delivery)).Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_store_that_watches_or_stands_still_takes_a_file_and_releases_nothing(bool stopped)
    {
        using var shop = await FileMarket.OpenAsync();
        await shop.SetAsync(s => stopped ? s with { Switches = Domain.Stores.StoreSwitches.AllOff } : s with { LiveFrom = null });

        await shop.ImportAsync(FileMarket.Download(FileMarket.Order("A1")));

        Assert.Equal(OrderState.AwaitingShipment, (await shop.OrderAsync("A1"))!.State);
        Assert.False((await shop.HandOverAsync("A1")).Done);
        Assert.Empty(shop.Market.Calls);
    }

    [Fact]
    public async Task A_marketplace_without_an_order_file_says_so()
    {
        using var shop = await new Shop().OpenAsync();

        var refused = await Assert.ThrowsAsync<RefusalException>(() => shop.PreviewAsync(FileMarket.Download()));

        Assert.Equal("no-order-file", refused.Code);
    }

    [Fact]
    public async Task Nothing_of_a_file_stands_in_the_log()
    {
        using var shop = await FileMarket.OpenAsync();

        await shop.ImportAsync(FileMarket.Download(FileMarket.Order("A1", recipient: "見本 暗号")));

        Assert.DoesNotContain(shop.Log.Lines, l => l.Contains("暗号", StringComparison.Ordinal) || l.Contains("example.invalid", StringComparison.Ordinal));
    }

    /// <summary>Lets a pull happen just before the first transaction.</summary>
    private sealed class PullingRows(IRowStore inner, Func<Task> pull) : IRowStore
    {
        private bool _done;

        public Task<Row?> FindAsync(string table, string partition, string key, CancellationToken cancellation) => inner.FindAsync(table, partition, key, cancellation);

        public Task<RowPage> ReadAsync(string table, string partition, RowRange range, CancellationToken cancellation) => inner.ReadAsync(table, partition, range, cancellation);

        public async Task<IReadOnlyList<string>> CommitAsync(string table, string partition, IReadOnlyList<RowAction> actions, CancellationToken cancellation)
        {
            if (!_done && table == GroupKeys.Open)
            {
                _done = true;
                await pull();
            }

            return await inner.CommitAsync(table, partition, actions, cancellation);
        }
    }
}
