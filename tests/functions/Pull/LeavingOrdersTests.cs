using Domain.Attention;
using Domain.Marketplaces;
using Domain.Stores;
using Functions.Pull;
using Microsoft.Extensions.Time.Testing;
using Tests.Functions.World;

namespace Tests.Functions.Pull;

/// <summary>A marketplace that cannot be asked about an order by its code: what becomes of the orders that its list no longer shows, and how they may ship.</summary>
public sealed class LeavingOrdersTests
{
    [Fact]
    public async Task Open_orders_come_to_a_persons_attention_before_they_leave_the_window_and_no_sooner()
    {
        using var shop = await ShopAsync();
        shop.Market.Place(Shop.Order("A1"));
        shop.Market.Place(Shop.Order("A2", Shop.Start.AddHours(20))); // the next day in Japan
        shop.Clock.Advance(TimeSpan.FromHours(21));
        await shop.PullAsync();

        await WatchAtAsync(shop, Shop.Start.AddHours(49)); // A1 leaves at midnight of 28 November in Japan, 86 hours after the start
        Assert.Empty(await LeavingAsync(shop));

        await WatchAtAsync(shop, Shop.Start.AddHours(51));
        var item = Assert.Single(await LeavingAsync(shop));
        Assert.Contains("受注1件（A1）", item.What, StringComparison.Ordinal);
        Assert.Contains("2026年11月28日 0:00", item.What, StringComparison.Ordinal);
        Assert.Contains("受注番号での照会ができない", item.SystemDoes, StringComparison.Ordinal);

        await WatchAtAsync(shop, Shop.Start.AddHours(90));
        Assert.Equal("A1 A2", Assert.Single(await LeavingAsync(shop)).Detail);
    }

    [Fact]
    public async Task The_item_stands_once_keeps_its_time_and_goes_away_with_the_last_order()
    {
        using var shop = await ShopAsync(s => s with { ShipOnAnswerMinutes = 1440 });
        shop.Market.Place(Shop.Order("A1"));
        await shop.PullAsync();
        await WatchAtAsync(shop, Shop.Start.AddHours(60));
        var first = Assert.Single(await LeavingAsync(shop));
        await WatchAtAsync(shop, Shop.Start.AddHours(61));
        Assert.Equal(first, Assert.Single(await LeavingAsync(shop)));

        await shop.PullAsync();
        Assert.True((await shop.HandOverAsync("A1")).Done);
        await shop.ShipAsync("A1");
        await WatchAtAsync(shop, Shop.Start.AddHours(62));

        Assert.Empty(await LeavingAsync(shop));
    }

    [Fact]
    public async Task Where_an_order_can_be_asked_for_by_its_code_nobody_is_troubled()
    {
        using var shop = await new Shop().OpenAsync();
        shop.Market.Place(Shop.Order("A1"));
        await shop.PullAsync();

        await WatchAtAsync(shop, Shop.Start.AddHours(90));

        Assert.Empty(await LeavingAsync(shop));
    }

    [Fact]
    public async Task By_setting_an_order_ships_when_a_list_that_reaches_it_was_read_a_short_while_ago()
    {
        using var shop = await ShopAsync(s => s with { ShipOnAnswerMinutes = 30 });
        shop.Market.Place(Shop.Order("A1"));
        await shop.PullAsync();

        shop.Clock.Advance(TimeSpan.FromMinutes(40));
        Assert.Contains("shipOnAnswerMinutes", Assert.Single((await shop.HandOverAsync("A1")).Refusals), StringComparison.Ordinal);

        await shop.PullAsync();
        shop.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.True((await shop.HandOverAsync("A1")).Done);
    }

    [Fact]
    public async Task An_order_that_the_list_no_longer_reaches_does_not_ship_on_it()
    {
        using var shop = await ShopAsync(s => s with { ShipOnAnswerMinutes = 30 });
        shop.Market.Place(Shop.Order("A1"));
        await shop.PullAsync();

        shop.Clock.Advance(TimeSpan.FromHours(90));
        await shop.PullAsync();

        Assert.False((await shop.HandOverAsync("A1")).Done);
    }

    private static async Task WatchAtAsync(Shop shop, DateTimeOffset at)
    {
        shop.Clock.SetUtcNow(at);
        await shop.Get<WatchCoverage>().RunAsync(Shop.None);
    }

    private static async Task<IReadOnlyList<AttentionItem>> LeavingAsync(Shop shop) =>
        [.. (await shop.AttentionAsync()).Where(i => i.Kind is AttentionKind.OrdersLeaveWindow)];

    /// <summary>Its list is read whole at every pull, for there is no other way to follow an order.</summary>
    private static Task<Shop> ShopAsync(Func<Store, Store>? change = null)
    {
        var clock = new FakeTimeProvider(Shop.Start);
        var manifest = new TestMarket(clock).Manifest with { Lanes = [TestMarket.Lane with { TailSeconds = 4 * 24 * 60 * 60 }] };
        return new Shop(clock: clock, market: new TestMarket(clock) { Manifest = manifest, ReadsByCode = false }).OpenAsync(change);
    }
}
