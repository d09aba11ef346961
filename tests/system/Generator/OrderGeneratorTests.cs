using System.Text.Json;
using Local.Generator;

namespace Tests.System.Generator;

public sealed class OrderGeneratorTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 6, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_same_count_and_seed_give_the_same_orders()
    {
        Assert.Equal(JsonSerializer.Serialize(Plans(1000)), JsonSerializer.Serialize(Plans(1000)));
        Assert.NotEqual(JsonSerializer.Serialize(Plans(1000)), JsonSerializer.Serialize(Plans(1000, seed: 2)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(1000)]
    [InlineData(10_000)]
    public void There_are_as_many_as_asked_for(int count)
    {
        Assert.Equal(count, Plans(count).Count);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(3000)]
    public void The_shares_hold_for_each_marketplace(int ofEach)
    {
        var partial = OrderGenerator.Marketplaces.Where(m => m.IsPartial).Select(m => m.Code).ToHashSet();
        foreach (var market in Plans(ofEach * OrderGenerator.Marketplaces.Count).GroupBy(p => p.Marketplace).Where(m => !partial.Contains(m.Key)))
        {
            var n = market.Count();
            Assert.Equal(n * 0.10, market.Count(p => p.Group is not null));
            Assert.Equal(n * 0.05, market.Count(p => !p.Seed.Paid));
            Assert.Equal(n * 0.025, market.Count(p => p.Event is OrderEvent.PaidLater));
            Assert.Equal(n * 0.03, market.Count(p => p.Event is OrderEvent.CancelledBefore));
            Assert.Equal(n * 0.01, market.Count(p => p.Event is OrderEvent.CancelledAfter));
            Assert.Equal(n * 0.02, market.Count(p => p.Expected == "buyer-note"));
            Assert.Equal(n * 0.01, market.Count(p => p.Expected.StartsWith("unmapped", StringComparison.Ordinal)));
            Assert.Equal(n * 0.005, market.Count(p => p.Seed.Malformed is not null));
            Assert.Equal(n * 0.02, market.Count(p => p.Seed.Recipient.FirstName.StartsWith("𠮷", StringComparison.Ordinal)));
            Assert.True(market.Count(p => p.Seed.Lines.Count > 1) >= n * 0.29);
            Assert.True(market.Count(p => p.Expected == OrderPlan.Shipped) >= n * 0.85);
        }
    }

    [Fact]
    public void Orders_that_come_in_part_stand_in_the_order_file_or_wait_for_it_and_some_the_marketplace_ships()
    {
        var plans = Plans(1000 * OrderGenerator.Marketplaces.Count).Where(p => p.Marketplace == "shoplist").ToList();

        Assert.Equal(1000, plans.Count);
        Assert.Equal(["cancelled", "elsewhere", "incomplete", "shipped", "unreadable"], plans.Select(p => p.Expected).Distinct().Order());
        Assert.All(plans, p => Assert.Equal(p.Expected == OrderPlan.Shipped, p.InOrderFile));
        Assert.All(plans.Where(p => p.Group is not null), p => Assert.True(p.InOrderFile));
        Assert.InRange(plans.Count(p => p.InOrderFile), 600, 800);
        Assert.DoesNotContain(plans, p => p.InOrderFile && p.Seed.Recipient.FirstName.Any(char.IsSurrogate));
        Assert.All(plans, p => Assert.Equal(p.Expected == OrderPlan.Elsewhere, p.Seed.ShippedByMarketplace));
    }

    [Fact]
    public void Groups_are_pairs_or_triples_and_carts_have_one_to_four_numbers()
    {
        var plans = Plans(3000);

        Assert.All(plans.Where(p => p.Group is not null).GroupBy(p => p.Group), g => Assert.InRange(g.Count(), 2, 3));
        Assert.All(plans.Where(p => p.Marketplace == "qoo10"), p => Assert.InRange(p.Seed.CartSize, 1, 4));
        Assert.Contains(plans, p => p is { Marketplace: "yahoo-shopping", Seed.InReview: true });
        Assert.Contains(plans, p => p is { Marketplace: "yahoo-shopping", Event: OrderEvent.VisibleLater } && p.Seed.PlacedAt > Now.AddMinutes(-10));
    }

    [Fact]
    public void Nobody_in_it_can_be_a_real_person()
    {
        Assert.All(Plans(300), p =>
        {
            Assert.EndsWith("@example.invalid", p.Seed.Buyer.Email, StringComparison.Ordinal);
            Assert.Matches("^0[78]0-0000-", p.Seed.Buyer.Phone);
        });
    }

    private static IReadOnlyList<OrderPlan> Plans(int count, int seed = 1) => new OrderGenerator(seed, Now).Generate(count);
}
