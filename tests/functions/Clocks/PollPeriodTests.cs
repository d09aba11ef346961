using Functions.Clocks;
using Tests.Functions.World;

namespace Tests.Functions.Clocks;

public sealed class PollPeriodTests
{
    [Fact]
    public async Task A_store_without_an_order_for_a_day_is_polled_every_ten_minutes_and_every_minute_again_once_one_came()
    {
        using var shop = await new Shop().OpenAsync();
        shop.Market.Place(Shop.Order("A1"));
        await shop.PullAsync();
        Assert.Equal(TimeSpan.FromMinutes(1), await PeriodAsync(shop));

        shop.Clock.Advance(TimeSpan.FromHours(26)); // noon of the next day
        await shop.PullAsync();
        Assert.Equal(TimeSpan.FromMinutes(10), await PeriodAsync(shop));

        shop.Market.Place(Shop.Order("A2", shop.Clock.GetUtcNow().AddMinutes(-2)));
        await shop.PullAsync();
        Assert.Equal(TimeSpan.FromMinutes(1), await PeriodAsync(shop));
    }

    [Fact]
    public async Task A_store_that_has_just_been_set_up_is_polled_as_one_with_orders()
    {
        using var shop = await new Shop().OpenAsync();
        Assert.Equal(TimeSpan.FromMinutes(1), await PeriodAsync(shop));

        await shop.PullAsync();
        shop.Clock.Advance(TimeSpan.FromHours(26));

        Assert.Equal(TimeSpan.FromMinutes(10), await PeriodAsync(shop));
    }

    [Fact]
    public async Task At_night_every_store_is_polled_every_ten_minutes()
    {
        using var shop = await new Shop().OpenAsync();
        shop.Market.Place(Shop.Order("A1"));
        await shop.PullAsync();

        shop.Clock.Advance(TimeSpan.FromHours(15)); // 1:00 JST

        Assert.Equal(TimeSpan.FromMinutes(10), await PeriodAsync(shop));
    }

    [Fact]
    public async Task A_store_that_states_its_own_period_is_polled_by_it_day_and_night_with_orders_or_without()
    {
        using var shop = await new Shop().OpenAsync(s => s with { PollSeconds = 20 });
        Assert.Equal(TimeSpan.FromSeconds(20), await PeriodAsync(shop));

        shop.Clock.Advance(TimeSpan.FromHours(40)); // 2:00 JST, and no order since

        Assert.Equal(TimeSpan.FromSeconds(20), await PeriodAsync(shop));
    }

    private static async Task<TimeSpan> PeriodAsync(Shop shop) =>
        shop.Get<PullDue>().PollPeriod(shop.Store, (await shop.Registry.ReadAsync(Shop.None)).Statuses.GetValueOrDefault(shop.Store.Id));
}
