using Domain.Deliveries;
using Domain.Marketplaces;
using Domain.Orders;
using Functions;
using Tests.Functions.World;

namespace Tests.Functions.Figures;

/// <summary>The figures that a person watches. Each test has a store of its own, since the meter is the whole process's.</summary>
public sealed class MetricTests
{
    [Fact]
    public async Task Counts_what_was_pulled_held_put_into_candidates_and_reported()
    {
        const string Id = "figures-way";
        using var figures = new Figures(Id);
        using var shop = await new Shop().OpenAsync(id: Id);
        shop.Market.Place(Shop.Order("A1"));
        shop.Market.Place(Shop.Order("A2") with { Payment = new Payment("銀行振込", PaymentStanding.Unpaid) });
        shop.Market.Place(Shop.Order("P1", recipient: "見本 花子"));
        shop.Market.Place(Shop.Order("P2", recipient: "見本 花子"));
        await shop.PullAsync();
        await shop.HandOverAsync("A1");
        await shop.ShipAsync("A1");
        await shop.DrainAsync();

        Assert.Equal(4, figures.Sum("logi.orders.pulled"));
        Assert.Equal(1, figures.Sum("logi.orders.held"));
        Assert.Equal(2, figures.Sum("logi.deliveries.candidates"));
        Assert.Equal(1, figures.Sum("logi.orders.pushed"));

        await shop.PullAsync();
        Assert.Equal(4, figures.Sum("logi.orders.pulled")); // nothing is counted twice
        Assert.Equal(1, figures.Sum("logi.orders.held"));
    }

    [Fact]
    public async Task Says_how_far_a_store_is_behind_and_how_much_of_its_window_is_left()
    {
        const string Id = "figures-behind";
        using var figures = new Figures(Id);
        using var shop = await new Shop().OpenAsync(id: Id);
        await shop.PullAsync();
        await WatchAsync(shop);
        var lookback = shop.Market.Manifest.Lanes[0].LookbackDays;
        Assert.Equal(lookback * 24, figures.Last("logi.window.left"));
        var settled = figures.Last("logi.pull.behind");

        shop.Clock.Advance(TimeSpan.FromHours(5)); // nobody pulls
        await WatchAsync(shop);

        Assert.Equal(settled + 300, figures.Last("logi.pull.behind"), 3);
        Assert.InRange(figures.Last("logi.window.left"), 1, (lookback + 1) * 24);
        Assert.NotEqual(lookback * 24, figures.Last("logi.window.left"));
    }

    [Fact]
    public async Task Says_how_many_items_need_a_person_also_when_it_is_none()
    {
        const string Id = "figures-attention";
        using var figures = new Figures(Id);
        using var shop = await new Shop().OpenAsync(id: Id);
        await WatchAsync(shop);
        Assert.Equal(0, figures.Last("logi.attention.size"));

        shop.Market.Place(Shop.Order("BAD"));
        shop.Market.Unreadable.Add(OrderCode.Parse("BAD"));
        await shop.PullAsync();
        await WatchAsync(shop);

        Assert.Equal(1, figures.Last("logi.attention.size"));
    }

    [Fact]
    public async Task Counts_a_transaction_that_another_was_ahead_of()
    {
        const string Id = "figures-conflict";
        using var figures = new Figures(Id);
        using var shop = await new Shop().OpenAsync(id: Id);
        shop.Place(1);
        await shop.PullAsync();
        var first = true;

        await shop.Ledger.ChangeAsync(shop.Store.Group, async unit =>
        {
            var order = await unit.OrderAsync(shop.Key("100000"), Shop.None);
            if (first)
            {
                first = false;
                await shop.Ledger.ChangeAsync(shop.Store.Group, async other => other.Put(Noted((await other.OrderAsync(shop.Key("100000"), Shop.None))!)), Shop.None);
            }

            unit.Put(Noted(order!));
        }, Shop.None);

        static SalesOrder Noted(SalesOrder order) => order with { History = order.History.Add(new HistoryEntry(Shop.Start, "staff", "noted", "")) };
        Assert.Equal(1, figures.Sum("logi.ledger.conflicts"));
    }

    [Fact]
    public async Task Tags_hold_ids_of_stores_groups_and_lanes_and_nothing_of_an_order()
    {
        const string Id = "figures-tags";
        using var figures = new Figures(Id);
        using var shop = await new Shop().OpenAsync(id: Id);
        shop.Market.Place(Shop.Order("CANARY-1"));
        await shop.PullAsync();
        await shop.HandOverAsync("CANARY-1");
        await shop.ShipAsync("CANARY-1");
        await shop.DrainAsync();
        await WatchAsync(shop);
        var allowed = shop.Market.Manifest.Lanes.Select(l => l.Id).Append(Id).ToHashSet(StringComparer.Ordinal);

        Assert.NotEmpty(figures.Tags());
        Assert.All(figures.Tags(), tag =>
        {
            Assert.Contains(tag.Key, new[] { "store", "group", "lane" });
            Assert.Contains(Assert.IsType<string>(tag.Value), allowed);
        });
    }

    private static async Task WatchAsync(Shop shop)
    {
        await shop.Get<Dispatch>().SendAsync(new ChoreMessage("watch-coverage"), Shop.None);
        await shop.DrainAsync();
    }
}
