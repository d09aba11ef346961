using Local.Generator;
using Local.Live;

namespace Tests.System.Live;

public sealed class LiveOrdersTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 3, 0, 0, TimeSpan.Zero);

    private static readonly string[] All = [.. OrderGenerator.Marketplaces.Select(m => m.Code)];

    [Fact]
    public void The_first_batch_holds_two_pairs_and_a_late_payer_of_each_marketplace_where_there_are_some()
    {
        var first = new LiveOrders(All, 1, Now).First;

        Assert.All(All.Except(OrderGenerator.Marketplaces.Where(m => m.IsPartial).Select(m => m.Code)), marketplace =>
        {
            var own = first.Where(p => p.Marketplace == marketplace).ToList();
            Assert.InRange(own.Count, 9, 10);
            Assert.Equal(2, own.Where(p => p.Group is not null).GroupBy(p => p.Group).Count(g => g.Count() == 2));
        });
        Assert.All(All, marketplace => Assert.Contains(first, p => p.Marketplace == marketplace));
        Assert.Contains(first, p => p.Event is OrderEvent.PaidLater);
    }

    [Fact]
    public void The_same_seed_gives_the_same_orders()
    {
        LiveOrders one = new(All, 7, Now), other = new(All, 7, Now);

        Assert.Equal(one.First.Select(Told), other.First.Select(Told));
        Assert.Equal(one.Next(Now).Select(Told), other.Next(Now).Select(Told));
    }

    [Fact]
    public void Orders_keep_coming_when_the_invented_ones_are_used_up()
    {
        var orders = new LiveOrders(All, 1, Now);

        Assert.All(Enumerable.Range(0, 1500), _ => Assert.NotEmpty(orders.Next(Now)));
    }

    [Fact]
    public void An_order_of_a_marketplace_that_hides_young_ones_is_old_enough_to_be_seen()
    {
        var orders = new LiveOrders(All, 1, Now);
        var hiding = OrderGenerator.Marketplaces.Where(m => m.HidesYoungOrders).Select(m => m.Code).ToHashSet();

        var later = Enumerable.Range(0, 200).SelectMany(_ => orders.Next(Now)).ToList();

        Assert.All(later, p => Assert.Equal(hiding.Contains(p.Marketplace) ? Now.AddMinutes(-11) : Now, p.Seed.PlacedAt));
    }

    [Fact]
    public void Only_marketplaces_that_can_take_orders_get_some() =>
        Assert.Equal(["qoo10"], new LiveOrders(["qoo10"], 1, Now).First.Select(p => p.Marketplace).Distinct());

    private static string Told(OrderPlan plan) => $"{plan.Marketplace} {plan.Seed.Buyer.Email} {plan.Seed.PlacedAt:O} {plan.Group}";
}
