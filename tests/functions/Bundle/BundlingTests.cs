using Domain;
using Domain.Bundling;
using Domain.Deliveries;
using Domain.Marketplaces;
using Domain.Orders;
using Functions;
using Functions.Bundle;
using Infra.Ledger;
using Tests.Functions.World;

namespace Tests.Functions.Bundle;

public sealed class BundlingTests
{
    [Fact]
    public async Task Two_equal_orders_of_one_pull_are_a_candidate_and_both_are_locked()
    {
        using var shop = await PairAsync();

        var candidate = Assert.Single(await shop.CandidatesAsync());
        Assert.Equal(2, candidate.Candidate!.Members.Length);
        Assert.Contains("同梱候補が未決定です", (await shop.HandOverAsync("A1")).Refusals);
        Assert.Contains("同梱候補が未決定です", (await shop.HandOverAsync("A2")).Refusals);
    }

    [Fact]
    public async Task An_equal_order_of_a_later_pull_takes_a_released_delivery_back()
    {
        using var shop = await new Shop().OpenAsync();
        shop.Market.Place(Shop.Order("A1", recipient: "見本 花子"));
        await shop.PullAsync();

        shop.Market.Place(Shop.Order("A2", Shop.Start.AddMinutes(-2), recipient: "見本　花子"));
        await shop.PullAsync();

        Assert.False((await shop.HandOverAsync("A1")).Done);
    }

    [Fact]
    public async Task A_delivery_in_work_is_not_bundled_any_more()
    {
        using var shop = await new Shop().OpenAsync();
        shop.Market.Place(Shop.Order("A1", recipient: "見本 花子"));
        await shop.PullAsync();
        await shop.HandOverAsync("A1");

        shop.Market.Place(Shop.Order("A2", Shop.Start.AddMinutes(-2), recipient: "見本 花子"));
        await shop.PullAsync();

        Assert.True((await shop.HandOverAsync("A2")).Done);
    }

    [Fact]
    public async Task An_executed_bundle_ships_as_one_parcel_and_every_order_gets_the_number()
    {
        using var shop = await PairAsync();
        var key = (await shop.CandidatesAsync())[0].Key;

        var carrier = await shop.Get<DecideCandidate>().ExecuteAsync(shop.Store.Group, key, null, "staff", Shop.None);
        Assert.True((await shop.HandOverAsync(carrier.Code.Value)).Done);
        Assert.Null((await shop.ShipAsync(carrier.Code.Value)).Refusal);
        await shop.DrainAsync();

        Assert.Equal(["number A1 900000001235", "number A2 900000001235"], shop.Market.Effects.Where(e => e.StartsWith("number", StringComparison.Ordinal)).Order());
        Assert.All(await shop.OrdersAsync(), o => Assert.Equal(OrderState.Shipped, o.State));
    }

    [Fact]
    public async Task A_declined_pair_ships_separately_and_is_not_offered_again()
    {
        using var shop = await PairAsync();
        var key = (await shop.CandidatesAsync())[0].Key;

        await shop.Get<DecideCandidate>().DeclineAsync(shop.Store.Group, key, "staff", Shop.None);
        await shop.PullAsync();

        Assert.True((await shop.HandOverAsync("A1")).Done);
        Assert.True((await shop.HandOverAsync("A2")).Done);
    }

    [Fact]
    public async Task Undoing_a_bundle_restores_the_members_exactly()
    {
        using var shop = await PairAsync();
        var key = (await shop.CandidatesAsync())[0].Key;
        var before = (await shop.ReadAsync(GroupKeys.Deliveries, Codecs.Delivery)).Select(Shape).ToList();

        await shop.Get<DecideCandidate>().ExecuteAsync(shop.Store.Group, key, null, "staff", Shop.None);
        await shop.Get<DecideCandidate>().UndoAsync(shop.Store.Group, key, "staff", Shop.None);

        Assert.Equal(before, (await shop.ReadAsync(GroupKeys.Deliveries, Codecs.Delivery)).Select(Shape));
        Assert.Equal(CandidateState.Open, (await shop.CandidatesAsync())[0].Candidate!.State);
    }

    [Fact]
    public async Task A_bundle_in_work_cannot_be_undone()
    {
        using var shop = await PairAsync();
        var key = (await shop.CandidatesAsync())[0].Key;
        var carrier = await shop.Get<DecideCandidate>().ExecuteAsync(shop.Store.Group, key, null, "staff", Shop.None);
        await shop.HandOverAsync(carrier.Code.Value);

        var refusal = await Assert.ThrowsAsync<RefusalException>(() => shop.Get<DecideCandidate>().UndoAsync(shop.Store.Group, key, "staff", Shop.None));

        Assert.Equal("in-work", refusal.Code);
    }

    [Fact]
    public async Task A_cancelled_member_leaves_and_a_candidate_of_one_dissolves()
    {
        using var shop = await PairAsync();

        shop.Market.Change("A1", o => o with { Standing = MarketplaceStanding.Cancelled });
        await shop.PullAsync();

        Assert.Equal(OrderState.Cancelled, (await shop.OrderAsync("A1"))!.State);
        Assert.Equal(DeliveryState.Cancelled, (await shop.DeliveryAsync("A1"))!.State);
        Assert.True((await shop.HandOverAsync("A2")).Done);
    }

    [Fact]
    public async Task A_cancelled_member_of_an_executed_bundle_leaves_it_and_the_other_ships_alone()
    {
        using var shop = await PairAsync();
        var key = (await shop.CandidatesAsync())[0].Key;
        await shop.Get<DecideCandidate>().ExecuteAsync(shop.Store.Group, key, null, "staff", Shop.None);

        shop.Market.Change("A1", o => o with { Standing = MarketplaceStanding.Cancelled });
        await shop.PullAsync();

        Assert.True((await shop.HandOverAsync("A2")).Done);
        Assert.Single((await shop.DeliveryAsync("A2"))!.Members);
    }

    [Fact]
    public async Task A_changed_recipient_takes_the_order_out_of_its_candidate()
    {
        using var shop = await PairAsync();

        shop.Market.Change("A1", o => o with { Recipient = o.Recipient with { Street = "見本町9-9" } });
        await shop.PullAsync();

        Assert.True((await shop.HandOverAsync("A1")).Done);
        Assert.True((await shop.HandOverAsync("A2")).Done);
    }

    [Fact]
    public async Task With_the_policy_off_equal_orders_go_their_own_ways()
    {
        using var shop = await new Shop().OpenAsync(s => s with { Bundling = global::Domain.Stores.BundlePolicy.Off });
        shop.Market.Place(Shop.Order("A1", recipient: "見本 花子"));
        shop.Market.Place(Shop.Order("A2", recipient: "見本 花子"));
        await shop.PullAsync();

        Assert.Empty(await shop.CandidatesAsync());
        Assert.True((await shop.HandOverAsync("A1")).Done);
    }

    [Fact]
    public async Task The_same_bundling_message_twice_makes_nothing_twice()
    {
        using var shop = await new Shop().OpenAsync();
        shop.Place(30);
        await shop.Get<Dispatch>().SendAsync(new PullMessage(shop.Store.Id.Value), TimeSpan.Zero, Shop.None);
        var pull = (await shop.Queue.ReceiveAsync(Queues.OrderPull, 1, TimeSpan.FromMinutes(5), Shop.None))[0];
        await shop.WorkAsync(Queues.OrderPull, pull);
        var message = (await shop.Queue.ReceiveAsync(Queues.Bundling, 1, TimeSpan.FromMinutes(5), Shop.None))[0];

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => shop.WorkAsync(Queues.Bundling, message)));
        await shop.WorkAsync(Queues.Bundling, message);

        Assert.Equal(30, (await shop.ReadAsync(GroupKeys.Deliveries, Codecs.Delivery)).Count);
    }

    [Fact]
    public async Task A_hundred_pairs_across_two_pulls_all_meet()
    {
        using var shop = await new Shop().OpenAsync();
        for (var i = 0; i < 100; i++)
        {
            shop.Market.Place(Shop.Order($"A{i}", recipient: $"見本 {i}号"));
        }

        await shop.PullAsync();
        for (var i = 0; i < 100; i++)
        {
            shop.Market.Place(Shop.Order($"B{i}", Shop.Start.AddMinutes(-3), recipient: $"見本 {i}号"));
        }

        await shop.PullAsync();

        Assert.Equal(100, (await shop.CandidatesAsync()).Count(c => c.Candidate is { State: CandidateState.Open, Members.Length: 2 }));
    }

    [Fact]
    public async Task A_decline_cannot_be_taken_back_once_a_member_is_in_work_and_the_other_stays_free()
    {
        using var shop = await PairAsync();
        var key = (await shop.CandidatesAsync())[0].Key;
        await shop.Get<DecideCandidate>().DeclineAsync(shop.Store.Group, key, "staff", Shop.None);
        Assert.True((await shop.HandOverAsync("A1")).Done);

        var refusal = await Assert.ThrowsAsync<RefusalException>(() => shop.Get<DecideCandidate>().UndoAsync(shop.Store.Group, key, "staff", Shop.None));

        Assert.Equal("in-work", refusal.Code);
        Assert.True((await shop.HandOverAsync("A2")).Done);
    }

    [Fact]
    public async Task Taking_a_decline_back_asks_again_about_those_that_still_wait()
    {
        using var shop = await PairAsync();
        shop.Market.Place(Shop.Order("A3", Shop.Start.AddMinutes(-7), recipient: "見本花子"));
        await shop.PullAsync();
        var key = (await shop.CandidatesAsync())[0].Key;
        await shop.Get<DecideCandidate>().DeclineAsync(shop.Store.Group, key, "staff", Shop.None);
        shop.Market.Change("A1", o => o with { Standing = MarketplaceStanding.Cancelled });
        await shop.PullAsync();

        await shop.Get<DecideCandidate>().UndoAsync(shop.Store.Group, key, "staff", Shop.None);

        var asked = (await shop.CandidatesAsync())[0].Candidate!;
        Assert.Equal(CandidateState.Open, asked.State);
        Assert.Equal([shop.Delivery("A2"), shop.Delivery("A3")], asked.Members.OrderBy(m => m.Code.Value, StringComparer.Ordinal));
        Assert.False((await shop.HandOverAsync("A2")).Done);
    }

    [Fact]
    public async Task A_decline_holds_for_exactly_that_set_and_a_third_order_asks_again()
    {
        using var shop = await PairAsync();
        var key = (await shop.CandidatesAsync())[0].Key;
        await shop.Get<DecideCandidate>().DeclineAsync(shop.Store.Group, key, "staff", Shop.None);
        shop.Market.Place(Shop.Order("A3", Shop.Start.AddMinutes(-2), recipient: "見本花子"));
        await shop.PullAsync();

        Assert.Equal(3, (await shop.CandidatesAsync())[0].Candidate!.Members.Length);
        Assert.False((await shop.HandOverAsync("A1")).Done);
        Assert.False((await shop.HandOverAsync("A3")).Done);
    }

    [Fact]
    public async Task Two_of_three_travel_together_and_the_third_is_free()
    {
        using var shop = await PairAsync();
        shop.Market.Place(Shop.Order("A3", Shop.Start.AddMinutes(-2), recipient: "見本花子"));
        await shop.PullAsync();
        var key = (await shop.CandidatesAsync())[0].Key;

        var carrier = await shop.Get<DecideCandidate>().ExecuteAsync(shop.Store.Group, key, [shop.Delivery("A1"), shop.Delivery("A3")], "staff", Shop.None);

        Assert.Equal(2, (await shop.DeliveryAsync(carrier.Code.Value))!.Members.Length);
        Assert.True((await shop.HandOverAsync("A2")).Done);
        Assert.True((await shop.HandOverAsync(carrier.Code.Value)).Done);
    }

    [Fact]
    public async Task An_undecided_candidate_stays_locked_past_the_cut_off()
    {
        using var shop = await PairAsync();

        shop.Clock.Advance(TimeSpan.FromHours(26)); // the cut-off is at noon JST
        await shop.PullAsync();

        Assert.False((await shop.HandOverAsync("A1")).Done);
        Assert.False((await shop.HandOverAsync("A2")).Done);
    }

    [Fact]
    public async Task A_changed_date_or_method_asks_anew_whom_the_order_can_travel_with()
    {
        using var shop = await PairAsync();
        shop.Market.Change("A1", o => o with { RequestedDate = new DateOnly(2026, 12, 1) });
        await shop.PullAsync();
        Assert.True((await shop.HandOverAsync("A2")).Done);

        shop.Market.Place(Shop.Order("A3", Shop.Start.AddMinutes(-2), recipient: "見本花子") with { RequestedDate = new DateOnly(2026, 12, 1) });
        await shop.PullAsync();
        Assert.Contains("同梱候補が未決定です", (await shop.HandOverAsync("A1")).Refusals);
    }

    [Fact]
    public async Task An_unpaid_order_can_be_bundled_and_the_bundle_waits_until_it_is_paid()
    {
        using var shop = await new Shop().OpenAsync();
        shop.Market.Place(Shop.Order("A1", Shop.Start.AddMinutes(-9), recipient: "見本 花子"));
        shop.Market.Place(Shop.Order("A2", Shop.Start.AddMinutes(-8), recipient: "見本花子") with { Payment = new Payment("銀行振込", PaymentStanding.Unpaid) });
        await shop.PullAsync();
        var carrier = await shop.Get<DecideCandidate>().ExecuteAsync(shop.Store.Group, (await shop.CandidatesAsync())[0].Key, null, "staff", Shop.None);
        Assert.False((await shop.HandOverAsync(carrier.Code.Value)).Done);

        shop.Market.Change("A2", o => o with { Payment = new Payment("銀行振込", PaymentStanding.Secured) });
        await shop.PullAsync();

        Assert.True((await shop.HandOverAsync(carrier.Code.Value)).Done);
    }

    private static async Task<Shop> PairAsync()
    {
        var shop = await new Shop().OpenAsync();
        shop.Market.Place(Shop.Order("A1", Shop.Start.AddMinutes(-9), recipient: "見本 花子"));
        shop.Market.Place(Shop.Order("A2", Shop.Start.AddMinutes(-8), recipient: "見本花子"));
        await shop.PullAsync();
        return shop;
    }

    private static string Shape(OutboundDelivery d) => $"{d.Id} {d.State} {d.Key} {d.BundledInto} {string.Join(',', d.Members)}";
}
