using Domain.Attention;
using Domain.Marketplaces;
using Domain.Orders;
using Functions.Attention;
using Microsoft.Extensions.Time.Testing;
using Tests.Functions.World;

namespace Tests.Functions.Warehouse;

/// <summary>Handing over when the marketplace cannot be asked, under both settings, and what stop-all and a cancel do before and at work.</summary>
public sealed class ShipGateTests
{
    [Fact]
    public async Task By_setting_an_order_ships_on_a_young_answer_and_a_person_is_told()
    {
        using var shop = await AwayAsync(s => s with { ShipOnAnswerMinutes = 30 }, TimeSpan.FromMinutes(20));

        Assert.True((await shop.HandOverAsync("A1")).Done);

        var item = Assert.Single(await shop.AttentionAsync());
        Assert.Equal(AttentionKind.GateUnknown, item.Kind);
        Assert.Contains("30分以内に確認できていた", item.SystemDoes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_setting_an_order_whose_last_answer_is_older_is_held()
    {
        using var shop = await AwayAsync(s => s with { ShipOnAnswerMinutes = 30 }, TimeSpan.FromMinutes(31));

        Assert.Contains("キャンセル確認ができません", Assert.Single((await shop.HandOverAsync("A1")).Refusals), StringComparison.Ordinal);
        Assert.Contains("倉庫に渡していません", Assert.Single(await shop.AttentionAsync()).SystemDoes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_person_did_to_the_order_is_no_answer_of_the_marketplace()
    {
        using var shop = await AwayAsync(s => s with { ShipOnAnswerMinutes = 30 }, TimeSpan.FromMinutes(90));
        await shop.Ledger.ChangeAsync(shop.Store.Group, async unit =>
            unit.Put((await unit.OrderAsync(shop.Key("A1"), Shop.None))!.Note(shop.Clock.GetUtcNow(), "staff", "resolved buyer-note")), Shop.None);

        Assert.False((await shop.HandOverAsync("A1")).Done);
    }

    [Fact]
    public async Task Without_a_setting_nothing_ships_unasked_however_young_the_answer()
    {
        using var shop = await AwayAsync(s => s, TimeSpan.Zero);

        Assert.False((await shop.HandOverAsync("A1")).Done);
    }

    [Fact]
    public async Task Where_the_marketplace_cannot_be_asked_about_an_order_nothing_ships()
    {
        var clock = new FakeTimeProvider(Shop.Start);
        using var shop = await new Shop(clock: clock, market: new TestMarket(clock) { ReadsByCode = false }).OpenAsync();
        shop.Market.Place(Shop.Order("A1"));
        await shop.PullAsync();

        Assert.Contains("キャンセル確認ができません", Assert.Single((await shop.HandOverAsync("A1")).Refusals), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancel_request_stops_the_hand_over_and_keeps_the_order()
    {
        using var shop = await new Shop().OpenAsync();
        shop.Market.Place(Shop.Order("A1"));
        await shop.PullAsync();
        shop.Market.Change("A1", o => o with { Standing = MarketplaceStanding.CancelRequested });

        Assert.False((await shop.HandOverAsync("A1")).Done);
        Assert.Equal(OrderState.AwaitingConfirmation, (await shop.OrderAsync("A1"))!.State);
    }

    [Theory]
    [InlineData(OrderState.AwaitingPayment)]
    [InlineData(OrderState.AwaitingConfirmation)]
    [InlineData(OrderState.AwaitingShipment)]
    public async Task A_cancel_before_work_cancels_order_and_delivery_at_every_gate(OrderState gate)
    {
        using var shop = await new Shop().OpenAsync();
        var order = Shop.Order("A1", Shop.Start.AddMinutes(-5));
        shop.Market.Place(gate switch
        {
            OrderState.AwaitingPayment => order with { Payment = new Payment("銀行振込", PaymentStanding.Unpaid) },
            OrderState.AwaitingConfirmation => order with { BuyerNote = "見本の備考" },
            _ => order,
        });
        await shop.PullAsync();
        Assert.Equal(gate, (await shop.OrderAsync("A1"))!.State);

        shop.Market.Change("A1", o => o with { Standing = MarketplaceStanding.Cancelled });
        await shop.PullAsync();

        Assert.Equal(OrderState.Cancelled, (await shop.OrderAsync("A1"))!.State);
        Assert.Equal(global::Domain.Deliveries.DeliveryState.Cancelled, (await shop.DeliveryAsync("A1"))!.State);
        Assert.False((await shop.HandOverAsync("A1")).Done);
    }

    [Fact]
    public async Task Stop_all_stops_pull_release_and_push_and_all_goes_on_afterwards()
    {
        using var shop = await new Shop().OpenAsync();
        shop.Market.Place(Shop.Order("A1", Shop.Start.AddMinutes(-9)));
        shop.Market.Place(Shop.Order("A2", Shop.Start.AddMinutes(-8)));
        await shop.PullAsync();
        await shop.HandOverAsync("A1");
        await shop.ShipAsync("A1");
        await shop.Registry.SaveStopAllAsync(true, await shop.Registry.ReadAsync(Shop.None), Shop.None);
        shop.Market.Place(Shop.Order("A3", Shop.Start.AddMinutes(2)));
        var calls = shop.Market.Calls.Count;

        await shop.PullAsync();
        await shop.FollowAsync();
        Assert.False((await shop.HandOverAsync("A2")).Done);
        Assert.Equal(calls, shop.Market.Calls.Count); // the marketplace is not called at all
        Assert.Null(await shop.OrderAsync("A3"));

        await shop.Registry.SaveStopAllAsync(false, await shop.Registry.ReadAsync(Shop.None), Shop.None);
        shop.Clock.Advance(TimeSpan.FromMinutes(5));
        await shop.Get<SweepOutbox>().RunAsync(everything: false, Shop.None);
        await shop.PullAsync();
        Assert.NotNull(await shop.OrderAsync("A3"));
        Assert.True((await shop.HandOverAsync("A2")).Done);
        Assert.True((await shop.PushAsync("A1"))!.IsConfirmed);
    }

    /// <summary>One order was pulled; so long after it, the marketplace is away.</summary>
    private static async Task<Shop> AwayAsync(Func<global::Domain.Stores.Store, global::Domain.Stores.Store> change, TimeSpan later)
    {
        var shop = await new Shop().OpenAsync(change);
        shop.Market.Place(Shop.Order("A1"));
        await shop.PullAsync();
        shop.Clock.Advance(later);
        shop.Market.Before = _ => throw new MarketplaceException("test-market", FailureKind.Transient, "down");
        return shop;
    }
}
