using Domain.Attention;
using Domain.Bundling;
using Domain.Deliveries;
using Domain.Marketplaces;
using Domain.Orders;
using Functions;
using Functions.Archive;
using Functions.Bundle;
using Functions.Cancel;
using Functions.Warehouse;
using Infra.Ledger;
using Microsoft.Extensions.Time.Testing;
using Tests.Functions.World;

namespace Tests.Functions.Recipients;

/// <summary>Orders with several recipients from pull to archive: a delivery each where each number is reported.</summary>
public sealed class DeliveriesTests
{
    [Fact]
    public async Task Every_recipient_gets_a_delivery_that_can_be_handed_over_by_itself()
    {
        using var shop = await TwoAsync();

        var deliveries = await shop.ReadAsync(GroupKeys.Deliveries, Codecs.Delivery);
        Assert.Equal(["test-honten~A1~1", "test-honten~A1~2"], deliveries.Select(d => d.Id.ToString()));
        Assert.True((await shop.HandOverAsync("A1", 2)).Done);
        Assert.Equal([DeliveryState.Waiting, DeliveryState.InWork], await StatesAsync(shop));
    }

    [Fact]
    public async Task Where_the_marketplace_takes_one_number_only_the_order_is_one_delivery_and_held_with_the_count()
    {
        var clock = new FakeTimeProvider(Shop.Start);
        var market = new TestMarket(clock) { Manifest = new TestMarket(clock).Manifest with { NumberPerDestination = null } };
        using var shop = await new Shop(clock: clock, market: market).OpenAsync();
        shop.Market.Place(Shop.OrderTo("A1", null, "見本 一郎", "見本 二郎"));
        await shop.PullAsync();

        Assert.Equal(new Hold(HoldReason.SeveralDestinations, "2件"), Assert.Single((await shop.OrderAsync("A1"))!.Holds));
        Assert.Single(await shop.ReadAsync(GroupKeys.Deliveries, Codecs.Delivery));
        Assert.False((await shop.HandOverAsync("A1")).Done);
    }

    [Fact]
    public async Task A_recipients_parcel_travels_with_another_order_and_each_marketplace_order_gets_its_number()
    {
        using var shop = await TwoAsync();
        shop.Market.Place(Shop.Order("B1", Shop.Start.AddMinutes(-2), "見本二郎") with { Buyer = shop.Market["A1"].Buyer });
        await shop.PullAsync();
        var candidate = Assert.Single(await shop.CandidatesAsync());
        Assert.Equal([shop.Delivery("A1", 2), shop.Delivery("B1")], candidate.Candidate!.Members);
        Assert.True((await shop.HandOverAsync("A1")).Done);

        var carrier = await shop.Get<DecideCandidate>().ExecuteAsync(shop.Store.Group, candidate.Key, null, "staff", Shop.None);
        Assert.True((await shop.HandOverAsync(carrier.Code.Value, carrier.Number)).Done);
        await shop.ShipAsync(carrier.Code.Value, number: carrier.Number);
        await shop.DrainAsync();

        Assert.Equal(["number A1/2 900000001235", "number B1 900000001235", "complete B1 900000001235"], shop.Market.Effects);
        Assert.Equal((OrderState.PartiallyShipped, OrderState.Shipped), ((await shop.OrderAsync("A1"))!.State, (await shop.OrderAsync("B1"))!.State));
    }

    [Fact]
    public async Task Undoing_the_bundle_brings_the_recipients_delivery_back_as_it_was()
    {
        using var shop = await TwoAsync();
        shop.Market.Place(Shop.Order("B1", Shop.Start.AddMinutes(-2), "見本二郎") with { Buyer = shop.Market["A1"].Buyer });
        await shop.PullAsync();
        var key = Assert.Single(await shop.CandidatesAsync()).Key;
        var before = await MembersAsync(shop);
        await shop.Get<DecideCandidate>().ExecuteAsync(shop.Store.Group, key, [shop.Delivery("B1"), shop.Delivery("A1", 2)], "staff", Shop.None);
        Assert.Equal([DeliveryState.Waiting, DeliveryState.Bundled], await StatesAsync(shop));

        await shop.Get<DecideCandidate>().UndoAsync(shop.Store.Group, key, "staff", Shop.None);

        Assert.Equal(before, await MembersAsync(shop));
        Assert.Equal([DeliveryState.Waiting, DeliveryState.Waiting], await StatesAsync(shop));
    }

    [Fact]
    public async Task Two_deliveries_of_one_order_to_the_same_person_are_not_offered_to_travel_together()
    {
        using var shop = await new Shop().OpenAsync();
        shop.Market.Place(Shop.OrderTo("A1", null, "見本 一郎", "見本 一郎"));
        await shop.PullAsync();

        Assert.Empty(await shop.CandidatesAsync());
        Assert.True((await shop.HandOverAsync("A1")).Done);
        Assert.True((await shop.HandOverAsync("A1", 2)).Done);
    }

    [Fact]
    public async Task A_cancel_before_work_cancels_all_deliveries_and_leaves_their_candidates()
    {
        using var shop = await TwoAsync();
        shop.Market.Place(Shop.Order("B1", Shop.Start.AddMinutes(-2), "見本二郎") with { Buyer = shop.Market["A1"].Buyer });
        await shop.PullAsync();

        shop.Market.Change("A1", o => o with { Standing = MarketplaceStanding.Cancelled });
        await shop.FollowAsync();

        Assert.Equal([DeliveryState.Cancelled, DeliveryState.Cancelled], await StatesAsync(shop));
        Assert.True((await shop.HandOverAsync("B1")).Done);
    }

    [Fact]
    public async Task A_cancel_while_one_delivery_is_in_work_stops_that_one_keeps_the_other_and_ends_when_it_is_given_back()
    {
        using var shop = await TwoAsync();
        await shop.HandOverAsync("A1");
        shop.Market.Change("A1", o => o with { Standing = MarketplaceStanding.Cancelled });
        await shop.PullAsync();

        Assert.Equal(AttentionKind.CancelledInWork, Assert.Single(await shop.AttentionAsync()).Kind);
        Assert.NotNull((await shop.ShipAsync("A1")).Refusal);
        Assert.False((await shop.HandOverAsync("A1", 2)).Done);

        await GiveBackAsync(shop, 1);
        Assert.Equal(OrderState.Cancelled, (await shop.OrderAsync("A1"))!.State);
        Assert.Equal([DeliveryState.Cancelled, DeliveryState.Cancelled], await StatesAsync(shop));
    }

    [Fact]
    public async Task With_two_deliveries_in_work_a_cancel_ends_when_both_are_given_back()
    {
        using var shop = await TwoAsync();
        await shop.HandOverAsync("A1");
        await shop.HandOverAsync("A1", 2);
        shop.Market.Change("A1", o => o with { Standing = MarketplaceStanding.Cancelled });
        await shop.PullAsync();

        await GiveBackAsync(shop, 1);
        Assert.Equal([DeliveryState.Waiting, DeliveryState.InWork], await StatesAsync(shop));
        Assert.False((await shop.HandOverAsync("A1")).Done);
        Assert.NotNull((await shop.ShipAsync("A1", number: 2)).Refusal);

        await GiveBackAsync(shop, 2);
        Assert.Equal([DeliveryState.Cancelled, DeliveryState.Cancelled], await StatesAsync(shop));
        Assert.Equal(OrderState.Cancelled, (await shop.OrderAsync("A1"))!.State);
    }

    [Fact]
    public async Task A_cancel_after_a_part_has_left_takes_the_rest_away_and_asks_for_attention()
    {
        using var shop = await TwoAsync();
        await shop.HandOverAsync("A1");
        await shop.ShipAsync("A1");
        shop.Market.Change("A1", o => o with { Standing = MarketplaceStanding.Cancelled });
        await shop.PullAsync();

        Assert.Equal([DeliveryState.Shipped, DeliveryState.Cancelled], await StatesAsync(shop));
        Assert.Equal(OrderState.Shipped, (await shop.OrderAsync("A1"))!.State);
        Assert.Equal(AttentionKind.CancelledAfterShipping, Assert.Single(await shop.AttentionAsync()).Kind);
    }

    [Fact]
    public async Task A_recipient_that_goes_before_work_takes_its_delivery_along_and_one_that_comes_brings_one()
    {
        using var shop = await TwoAsync();
        shop.Market.Change("A1", o => o with { Destinations = [o.Destinations[0], o.Destinations[1] with { Id = "3" }] });
        await shop.PullAsync();

        Assert.Equal([DeliveryState.Waiting, DeliveryState.Cancelled, DeliveryState.Waiting], await StatesAsync(shop));
        Assert.False((await shop.HandOverAsync("A1", 2)).Done);
        Assert.True((await shop.HandOverAsync("A1", 3)).Done);
    }

    [Fact]
    public async Task A_recipient_that_goes_while_its_parcel_is_in_work_stops_that_parcel_alone()
    {
        using var shop = await TwoAsync();
        await shop.HandOverAsync("A1", 2);
        shop.Market.Change("A1", o => o with { Destinations = [], Lines = [o.Lines[0]], Amounts = o.Amounts with { Items = new Yen(1_000), Billed = new Yen(1_000) } });
        await shop.PullAsync();

        Assert.Equal(AttentionKind.CancelledInWork, Assert.Single(await shop.AttentionAsync()).Kind);
        Assert.NotNull((await shop.ShipAsync("A1", number: 2)).Refusal);
        Assert.True((await shop.HandOverAsync("A1")).Done);

        await GiveBackAsync(shop, 2);
        await shop.ShipAsync("A1");
        Assert.Equal([DeliveryState.Shipped, DeliveryState.Cancelled], await StatesAsync(shop));
        Assert.Equal(OrderState.Shipped, (await shop.OrderAsync("A1"))!.State);
    }

    [Fact]
    public async Task A_recipient_that_goes_between_pull_and_bundling_gets_no_parcel()
    {
        using var shop = await new Shop().OpenAsync();
        shop.Market.Place(Shop.OrderTo("A1", Shop.Start.AddMinutes(-5), "見本 一郎", "見本 二郎"));
        await shop.Get<Dispatch>().SendAsync(new PullMessage(shop.Store.Id.Value), TimeSpan.Zero, Shop.None);
        await shop.WorkAsync(Queues.OrderPull, (await shop.Queue.ReceiveAsync(Queues.OrderPull, 1, TimeSpan.FromMinutes(5), Shop.None))[0]);
        var bundling = (await shop.Queue.ReceiveAsync(Queues.Bundling, 1, TimeSpan.FromMinutes(5), Shop.None))[0];
        shop.Market.Change("A1", o => o with { Destinations = [], Lines = [o.Lines[0]], Amounts = o.Amounts with { Items = new Yen(1_000), Billed = new Yen(1_000) } });
        await shop.Get<global::Functions.Pull.ChangedOrders>().ApplyAsync(
            shop.Store, await shop.Registry.ReadAsync(Shop.None), shop.Market.AsMarketplace(), new OrderReading.Read(shop.Market["A1"], new byte[1]), "follow", Shop.None);

        await shop.WorkAsync(Queues.Bundling, bundling);

        Assert.Equal([DeliveryState.Waiting, DeliveryState.Cancelled], await StatesAsync(shop));
    }

    [Fact]
    public async Task All_deliveries_and_reports_of_an_order_go_into_the_archive_together_and_are_found()
    {
        using var shop = await TwoAsync();
        foreach (var number in (int[])[1, 2])
        {
            await shop.HandOverAsync("A1", number);
            await shop.ShipAsync("A1", 90000000123 + number, number: number);
        }

        await shop.DrainAsync();
        shop.Clock.Advance(TimeSpan.FromDays(15));

        Assert.Equal(1, await shop.Get<ArchiveClosed>().RunAsync(Shop.None));
        Assert.Empty(await shop.ReadAsync(GroupKeys.Deliveries, Codecs.Delivery));
        Assert.Empty(await shop.ReadAsync(GroupKeys.Pushes, Codecs.Push));
        var found = (await shop.Get<OrderLookup>().FindAsync(shop.Store, shop.Key("A1"), Shop.None))!;
        Assert.Equal([shop.Delivery("A1", 1), shop.Delivery("A1", 2)], found.Carriers.Values);
        Assert.Equal(["1", "2"], found.Pushes.Select(p => p.Destination));
    }

    private static async Task<Shop> TwoAsync()
    {
        var shop = await new Shop().OpenAsync();
        shop.Market.Place(Shop.OrderTo("A1", Shop.Start.AddMinutes(-5), "見本 一郎", "見本 二郎"));
        await shop.PullAsync();
        return shop;
    }

    private static async Task<List<DeliveryState>> StatesAsync(Shop shop) =>
        [.. (await shop.ReadAsync(GroupKeys.DeliveriesOf(shop.Key("A1")), Codecs.Delivery)).Select(d => d.State)];

    private static async Task<string> MembersAsync(Shop shop) =>
        string.Join('\n', (await shop.ReadAsync(GroupKeys.Deliveries, Codecs.Delivery)).Select(d => $"{d.Id} {d.Key} {d.BundledInto} {string.Join(',', d.Members)}"));

    private static Task GiveBackAsync(Shop shop, int number) => shop.Get<HandOver>().GiveBackAsync(
        shop.Store.Group, shop.Delivery("A1", number), shop.Get<OrderRevision>(), "warehouse", Shop.None);
}
