using System.Globalization;
using Domain;
using Domain.Bundling;
using Domain.Deliveries;
using Domain.Orders;
using Domain.Shipments;
using Functions;
using Functions.Bundle;
using Functions.Pull;
using Infra.Ledger;
using Infra.Storage;
using Infra.Storage.InMemory;
using Tests.Functions.World;

namespace Tests.Functions.Contention;

/// <summary>Pull, bundle, push and fifty calls of the staff at once on one group.</summary>
public sealed class ContentionTests(ITestOutputHelper output)
{
    private const int Orders = 200;

    /// <summary>Of the thirty deliveries that the staff ships, six are halves of pairs and wait for a decision.</summary>
    private const int SingleDeliveries = 24;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Everybody_at_once_loses_no_update_and_retries_little(int seed)
    {
        var counter = new StorageCounter();
        var rows = new YieldingRows(new InMemoryRowStore(counter));
        using var shop = new Shop(rows, counter: counter);

        SeededContext.Run(seed, () => shop.Clock.Advance(TimeSpan.FromMilliseconds(50)), () => PlayAsync(shop));

        var share = (double)rows.Conflicts / rows.Commits;
        output.WriteLine($"seed {seed}: {rows.Commits} transactions, {rows.Conflicts} of them refused and done again ({share:P1})");
        Assert.True(share <= 0.05, $"{rows.Conflicts} of {rows.Commits} transactions were retried");
    }

    [Fact]
    public void Two_pulls_that_bring_one_half_of_a_pair_each_never_both_slip_through()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            using var shop = new Shop(new YieldingRows(new InMemoryRowStore(new StorageCounter())));
            SeededContext.Run(seed, () => shop.Clock.Advance(TimeSpan.FromMilliseconds(50)), async () =>
            {
                await shop.OpenAsync();
                shop.Market.Place(Shop.Order("A1", recipient: "見本 花子"));
                var first = shop.Get<PullStore>().RunAsync(new PullMessage(shop.Store.Id.Value), Shop.None);
                shop.Market.Place(Shop.Order("A2", recipient: "見本花子"));
                var second = shop.Get<PullStore>().RunAsync(new PullMessage(shop.Store.Id.Value), Shop.None);
                await Task.WhenAll(first, second);
                await Task.WhenAll(shop.DrainAsync(), shop.DrainAsync());
                await shop.DrainAsync();

                Assert.False((await shop.HandOverAsync("A1")).Done);
                Assert.False((await shop.HandOverAsync("A2")).Done);
            });
        }
    }

    [Fact]
    public void The_same_pull_message_twice_at_once_lets_no_half_of_a_pair_slip_through()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            using var shop = new Shop(new YieldingRows(new InMemoryRowStore(new StorageCounter())));
            SeededContext.Run(seed, () => shop.Clock.Advance(TimeSpan.FromMilliseconds(50)), async () =>
            {
                await shop.OpenAsync();
                shop.Market.Place(Shop.Order("A1", recipient: "見本 花子"));
                shop.Market.Place(Shop.Order("A2", recipient: "見本花子"));
                shop.Market.Place(Shop.Order("B1"));
                await shop.Get<Dispatch>().SendAsync(new PullMessage(shop.Store.Id.Value), TimeSpan.Zero, Shop.None);
                var message = (await shop.Queue.ReceiveAsync(Queues.OrderPull, 1, TimeSpan.FromMinutes(5), Shop.None))[0];
                await Task.WhenAll(shop.WorkAsync(Queues.OrderPull, message), shop.WorkAsync(Queues.OrderPull, message), shop.DrainAsync());
                await Task.WhenAll(shop.DrainAsync(), shop.DrainAsync());

                Assert.Equal(3, (await shop.OrdersAsync()).Count);
                Assert.Equal(3, (await shop.ReadAsync(GroupKeys.Deliveries, Codecs.Delivery)).Count);
                Assert.False((await shop.HandOverAsync("A1")).Done);
                Assert.False((await shop.HandOverAsync("A2")).Done);
                Assert.True((await shop.HandOverAsync("B1")).Done);
            });
        }
    }

    /// <summary>The whole scene, and what must be true at its end.</summary>
    internal static async Task PlayAsync(Shop shop)
    {
        await shop.OpenAsync();
        for (var i = 0; i < Orders; i++)
        {
            var pair = i % 10 < 2 ? $"見本 {i / 10}番" : null;
            shop.Market.Place(Shop.Order(i.ToString("D4", CultureInfo.InvariantCulture), Shop.Start.AddMinutes(-9).AddSeconds(i), pair));
        }

        await shop.PullAsync();
        for (var i = 0; i < 100; i++)
        {
            shop.Market.Place(Shop.Order($"N{i}", Shop.Start.AddMinutes(-5).AddSeconds(i)));
            shop.Market.Change((20 + i).ToString("D4", CultureInfo.InvariantCulture), o => o with { BuyerNote = "追記" });
        }

        var staff = Enumerable.Range(0, 50).Select(i => StaffAsync(shop, i));
        var calls = staff.ToArray(); // all under way before the first is answered
        await Task.WhenAll([shop.PullAsync(), shop.PullAsync(), shop.FollowAsync(), .. calls]);
        await shop.DrainAsync();
        await CheckAsync(shop, [.. calls.Select(c => c.Result).OfType<StaffEffect>()]);
    }

    /// <summary>Decides a candidate, or hands a delivery over and ships it.</summary>
    /// <returns>What was answered to be done; null = it was refused.</returns>
    private static async Task<StaffEffect?> StaffAsync(Shop shop, int i)
    {
        if (i < 20)
        {
            var candidates = (await shop.CandidatesAsync()).Where(c => c.Candidate is { State: CandidateState.Open }).ToList();
            if (i < candidates.Count)
            {
                try
                {
                    return new StaffEffect(await shop.Get<DecideCandidate>().ExecuteAsync(shop.Store.Group, candidates[i].Key, null, "staff", Shop.None), null);
                }
                catch (RefusalException)
                {
                    // Somebody else decided first, or a member changed: that is an answer, not a lost update.
                }
            }

            return null;
        }

        var code = (120 + i).ToString("D4", CultureInfo.InvariantCulture);
        var number = 90_000_000_000 + i;
        return (await shop.HandOverAsync(code)).Done && (await shop.ShipAsync(code, number)).Refusal is null
            ? new StaffEffect(shop.Delivery(code), TrackingNumber.FromElevenDigits(number))
            : null;
    }

    /// <summary>Every order exists once, each delivery agrees with its orders, what the staff did stands, and each shipped order was reported once.</summary>
    private static async Task CheckAsync(Shop shop, StaffEffect[] effects)
    {
        var orders = await shop.OrdersAsync();
        var deliveries = await shop.ReadAsync(GroupKeys.Deliveries, Codecs.Delivery);
        Assert.Equal(Orders + 100, orders.Count);
        Assert.Equal(Orders + 100, deliveries.Count);
        foreach (var member in deliveries.Where(d => d.State is not DeliveryState.Bundled).SelectMany(d => d.Members))
        {
            Assert.Equal(orders.Single(o => o.Key == member.Order).State, member.State);
        }

        Assert.Equal(orders.Count, deliveries.Where(d => d.State is not DeliveryState.Bundled).Sum(d => d.Members.Length));
        Assert.Equal(
            orders.Where(o => o.State is OrderState.Shipped).Select(o => o.Key.Code.Value).Order(),
            shop.Market.Effects.Where(e => e.StartsWith("number", StringComparison.Ordinal)).Select(e => e.Split(' ')[1]).Order());
        Assert.Distinct(shop.Market.Effects);
        Assert.All(orders.Where(o => o.Key.Code.Value[0] != 'N' && int.Parse(o.Key.Code.Value, CultureInfo.InvariantCulture) is >= 20 and < 120), o =>
            Assert.Equal("追記", o.Content.BuyerNote));

        var shipped = effects.Where(e => e.Number is not null).ToArray();
        var bundled = effects.Where(e => e.Number is null).ToArray();
        Assert.True(shipped.Length >= SingleDeliveries);
        Assert.NotEmpty(bundled);
        Assert.Equal(
            shipped.Select(e => $"{e.Delivery} {e.Number?.Value}").Order(),
            deliveries.Where(d => d.State is DeliveryState.Shipped).Select(d => $"{d.Id} {d.Shipment?.Number.Value}").Order());
        Assert.Equal(
            bundled.Select(e => e.Delivery.ToString()).Order(),
            deliveries.Where(d => d.IsBundle).Select(d => d.Id.ToString()).Order()); // one of them may have been shipped by a colleague
    }

    /// <param name="Number">The number that it was shipped under; null = it became the carrier of a bundle.</param>
    private sealed record StaffEffect(DeliveryId Delivery, TrackingNumber? Number);
}
