using Functions;
using Tests.Functions.World;

namespace Tests.Functions.Bundle;

/// <summary>Bundling costs the same whatever the backlog.</summary>
public sealed class BacklogTests
{
    [Fact]
    public async Task One_delivery_costs_the_same_requests_against_1_000_and_10_000_open_deliveries()
    {
        var small = await CostAsync(1_000);
        var large = await CostAsync(10_000);

        Assert.Equal(small.Alone, large.Alone);
        Assert.Equal(small.Match, large.Match);
    }

    /// <summary>The requests of bundling one delivery, by operation, in a process that has not seen the backlog being made.</summary>
    private static async Task<(string Alone, string Match)> CostAsync(int backlog)
    {
        using var before = await new Shop().OpenAsync();
        before.Place(backlog);
        await before.PullAsync();
        Assert.Equal(backlog, (await before.OrdersAsync()).Count);
        using var shop = new Shop(before.Rows, before.Queue, before.Clock, before.Counter, before.Market);
        await shop.OpenKnownAsync();

        var alone = await BundleAsync(shop, "ALONE", "見本 ひとり");
        var match = await BundleAsync(shop, "MATCH", "見本 100000"); // the first of the backlog
        Assert.Single(await shop.CandidatesAsync());
        return (alone, match);
    }

    private static async Task<string> BundleAsync(Shop shop, string code, string recipient)
    {
        shop.Market.Place(Shop.Order(code, Shop.Start.AddMinutes(-2), recipient));
        var before = shop.Counter.Read();
        await shop.PullAsync();
        Assert.NotNull(await shop.DeliveryAsync(code));
        return string.Join(", ", shop.Counter.Read().Since(before).Requests
            .Where(r => r.Key.Work == Queues.Bundling)
            .OrderBy(r => r.Key.Operation, StringComparer.Ordinal)
            .Select(r => $"{r.Value} {r.Key.Operation}"));
    }
}
