using Domain;
using Domain.Attention;
using Domain.Coverage;
using Domain.Orders;
using Functions.Attention;
using Functions.OrderFiles;
using Infra.Ledger;
using Tests.Functions.World;

namespace Tests.Functions.OrderFiles;

/// <summary>補完: a gap that a file fills.</summary>
public sealed class GapFillingTests
{
    private static readonly Interval Span = new(Shop.Start.AddDays(-8), Shop.Start.AddDays(-6));

    [Fact]
    public async Task A_file_with_the_orders_of_the_gap_fills_it_and_its_attention_item_goes_away()
    {
        using var shop = await WithGapAsync();

        var result = await shop.ImportAsync(FileMarket.Download(In("A1"), In("A2"), FileMarket.Order("AFTER")), GapId);

        var gap = Assert.Single(await shop.ReadAsync(GroupKeys.Gaps, Codecs.Gap));
        Assert.Equal(new GapFilling(Shop.Start, "staff-key", Orders: 2, Missing: 0, Faults: 0), gap.Filled);
        Assert.Equal(gap.Filled, result.Gap);
        Assert.Null(gap.AcknowledgedAt);
        Assert.Empty(await shop.AttentionAsync());
        Assert.Equal(3, (await shop.OrdersAsync()).Count);
    }

    [Fact]
    public async Task A_file_that_misses_an_order_which_stands_here_leaves_the_gap_to_a_person()
    {
        using var shop = await WithGapAsync();
        await shop.ImportAsync(FileMarket.Download(In("KNOWN")));

        await shop.ImportAsync(FileMarket.Download(In("A1")), GapId);

        Assert.Equal((1, 1, false), Told(Assert.Single(await shop.ReadAsync(GroupKeys.Gaps, Codecs.Gap))));
        Assert.Contains("取込済みの受注のうち1件がファイルにない", Assert.Single(await shop.AttentionAsync()).PersonDoes, StringComparison.Ordinal);

        await shop.ImportAsync(FileMarket.Download(In("A1"), In("KNOWN")), GapId);
        Assert.Equal((2, 0, true), Told(Assert.Single(await shop.ReadAsync(GroupKeys.Gaps, Codecs.Gap))));
        Assert.Empty(await shop.AttentionAsync());
    }

    [Fact]
    public async Task A_file_without_an_order_of_the_span_or_with_lines_that_cannot_be_read_leaves_it_to_a_person_too()
    {
        using var shop = await WithGapAsync();

        await shop.ImportAsync(FileMarket.Download(FileMarket.Order("AFTER")), GapId);
        Assert.Contains("この期間の受注がファイルにない", Assert.Single(await shop.AttentionAsync()).PersonDoes, StringComparison.Ordinal);

        await shop.ImportAsync(FileMarket.Download(In("A1"), In("BAD") with { Lines = [new OrderLine("1", "", "", "", 1, Yen.Zero, 0)] }), GapId);
        Assert.Contains("読み取れない箇所が1件ある", Assert.Single(await shop.AttentionAsync()).PersonDoes, StringComparison.Ordinal);
        Assert.NotNull(await shop.OrderAsync("A1"));
    }

    [Fact]
    public async Task A_gap_that_nobody_has_recorded_is_refused_before_anything_is_written()
    {
        using var shop = await WithGapAsync();

        var refused = await Assert.ThrowsAsync<RefusalException>(() => shop.ImportAsync(FileMarket.Download(In("A1")), "order-time~1"));

        Assert.Equal("no-gap", refused.Code);
        Assert.Empty(await shop.OrdersAsync());
    }

    private static string GapId => new Gap(Domain.Stores.StoreId.Parse("test-honten"), TestMarket.Lane.Id, Span, Shop.Start).Id;

    private static OrderSnapshot In(string code) => FileMarket.Order(code, TimeSpan.FromDays(7));

    private static (int, int, bool) Told(Gap gap) => (gap.Filled!.Orders, gap.Filled.Missing, gap.Filled.IsWhole);

    private static async Task<Shop> WithGapAsync()
    {
        var shop = await FileMarket.OpenAsync();
        var gap = new Gap(shop.Store.Id, TestMarket.Lane.Id, Span, Shop.Start);
        await shop.Ledger.ChangeAsync(shop.Store.Group, unit =>
        {
            unit.Put(gap);
            unit.Put(AttentionItems.GapFound(shop.Store, gap));
            return Task.CompletedTask;
        }, Shop.None);
        return shop;
    }
}
