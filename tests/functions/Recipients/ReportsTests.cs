using Domain.Marketplaces;
using Domain.Orders;
using Domain.Shipments;
using Functions.Attention;
using Functions.Warehouse;
using Infra.Ledger;
using Tests.Functions.World;

namespace Tests.Functions.Recipients;

/// <summary>Orders with several recipients: each number is reported as its parcel ships, the order is closed once, with the last.</summary>
public sealed class ReportsTests
{
    private const string First = "900000000012";
    private const string Second = "900000000023";

    [Fact]
    public async Task Each_number_is_reported_as_it_ships_and_the_order_closed_with_the_last()
    {
        using var shop = await InWorkAsync();

        await ShipAsync(shop, 2);
        await shop.DrainAsync();
        Assert.Equal([$"number A1/2 {Second}"], shop.Market.Effects);
        Assert.Equal(OrderState.PartiallyShipped, (await shop.OrderAsync("A1"))!.State);

        await ShipAsync(shop, 1);
        await shop.DrainAsync();
        Assert.Equal([$"number A1/2 {Second}", $"number A1/1 {First}", $"complete A1 {First}"], shop.Market.Effects);
        Assert.Equal(OrderState.Shipped, (await shop.OrderAsync("A1"))!.State);
        Assert.Empty(await shop.ReadAsync(GroupKeys.Outbox, Codecs.Outbox));
    }

    [Fact]
    public async Task Parcels_that_ship_together_are_reported_in_calls_that_name_the_order_once_each()
    {
        using var shop = await InWorkAsync();

        await shop.Get<RecordShipments>().RunAsync(shop.Store.Group, [Line(1, First), Line(2, Second)], "warehouse", Shop.None);
        await shop.DrainAsync();

        Assert.Equal([$"number A1/1 {First}", $"number A1/2 {Second}", $"complete A1 {Second}"], shop.Market.Effects);

        ShipmentLine Line(int number, string tracking) => new(shop.Delivery("A1", number), "yamato", TrackingNumber.Parse(tracking), null);
    }

    [Fact]
    public async Task A_lost_answer_is_read_back_by_the_number_of_that_recipient()
    {
        using var shop = await InWorkAsync();
        await ShipAsync(shop, 1);
        await shop.DrainAsync();
        await ShipAsync(shop, 2);
        var lost = false;
        shop.Market.After = call =>
        {
            if (call == "number" && !lost)
            {
                lost = true;
                throw new MarketplaceException("test-market", FailureKind.Transient, "the answer was lost");
            }
        };
        await shop.DrainAsync();
        shop.Clock.Advance(TimeSpan.FromMinutes(1));
        await shop.DrainAsync();

        Assert.Contains("read-back", shop.Market.Calls);
        Assert.Equal([$"number A1/1 {First}", $"number A1/2 {Second}", $"complete A1 {Second}"], shop.Market.Effects);
    }

    [Fact]
    public async Task A_number_that_never_arrived_is_sent_again_though_the_marketplace_holds_another_recipients()
    {
        using var shop = await InWorkAsync();
        await ShipAsync(shop, 1);
        await shop.DrainAsync();
        await ShipAsync(shop, 2);
        var tries = 0;
        shop.Market.Before = call =>
        {
            if (call == "number" && tries++ == 0)
            {
                throw new MarketplaceException("test-market", FailureKind.Transient, "no connection");
            }
        };
        await shop.DrainAsync();
        shop.Clock.Advance(TimeSpan.FromMinutes(1));
        await shop.DrainAsync();

        Assert.Equal([$"number A1/1 {First}", $"number A1/2 {Second}", $"complete A1 {Second}"], shop.Market.Effects);
    }

    [Fact]
    public async Task The_order_is_not_closed_before_every_recipients_number_is_there()
    {
        using var shop = await InWorkAsync();
        var away = true;
        shop.Market.Before = call =>
        {
            if (call == "number" && away)
            {
                throw new MarketplaceException("test-market", FailureKind.Transient, "no connection");
            }
        };
        await ShipAsync(shop, 1);
        await shop.DrainAsync(); // unknown now, looked at again in half a minute
        away = false;
        await ShipAsync(shop, 2);
        await shop.DrainAsync();
        Assert.Equal([$"number A1/2 {Second}"], shop.Market.Effects);

        for (var i = 0; i < 2; i++)
        {
            shop.Clock.Advance(TimeSpan.FromMinutes(1));
            await shop.DrainAsync();
        }

        Assert.Equal([$"number A1/2 {Second}", $"number A1/1 {First}", $"complete A1 {Second}"], shop.Market.Effects);
    }

    [Fact]
    public async Task Where_one_number_is_refused_the_order_is_not_closed_and_one_retry_brings_both()
    {
        using var shop = await InWorkAsync();
        shop.Market.Before = call =>
        {
            if (call == "number")
            {
                throw new MarketplaceException("test-market", FailureKind.Rejected, "no such recipient") { Code = "E-1" };
            }
        };
        await ShipAsync(shop, 1);
        await shop.DrainAsync();
        shop.Market.Before = _ => { };
        await ShipAsync(shop, 2);
        await shop.DrainAsync();
        Assert.Equal([$"number A1/2 {Second}"], shop.Market.Effects);
        Assert.True((await shop.PushAsync("A1", part: 2))!.IsOver);

        var item = Assert.Single(await shop.AttentionAsync());
        Assert.True(await shop.Get<AttentionList>().RetryAsync(item.Id, Shop.None));
        for (var i = 0; i < 2; i++)
        {
            await shop.DrainAsync();
            shop.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal([$"number A1/2 {Second}", $"number A1/1 {First}", $"complete A1 {Second}"], shop.Market.Effects);
        Assert.Empty(await shop.ReadAsync(GroupKeys.Outbox, Codecs.Outbox));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_corrected_number_of_any_recipient_does_not_close_the_order_again(int number)
    {
        using var shop = await InWorkAsync();
        await ShipAsync(shop, 1);
        await ShipAsync(shop, 2);
        await shop.DrainAsync();
        Assert.Equal(3, shop.Market.Effects.Count);

        await shop.ShipAsync("A1", 80000001234, number: number);
        await shop.DrainAsync();

        Assert.Equal(4, shop.Market.Effects.Count);
        Assert.Equal($"number A1/{number} 800000012346", shop.Market.Effects[^1]);
    }

    [Fact]
    public async Task What_is_left_can_be_handed_over_after_the_first_parcel_was_reported_and_read_again()
    {
        using var shop = await new Shop().OpenAsync();
        shop.Market.Place(Shop.OrderTo("A1", Shop.Start.AddMinutes(-5), "見本 一郎", "見本 二郎"));
        await shop.PullAsync();
        await shop.HandOverAsync("A1");
        await ShipAsync(shop, 1);
        await shop.DrainAsync();
        shop.Clock.Advance(TimeSpan.FromMinutes(1));
        await shop.PullAsync();

        Assert.True((await shop.HandOverAsync("A1", 2)).Done);
    }

    private static async Task<Shop> InWorkAsync()
    {
        var shop = await new Shop().OpenAsync();
        shop.Market.Place(Shop.OrderTo("A1", Shop.Start.AddMinutes(-5), "見本 一郎", "見本 二郎"));
        await shop.PullAsync();
        await shop.HandOverAsync("A1");
        await shop.HandOverAsync("A1", 2);
        return shop;
    }

    private static Task<ShipmentResult> ShipAsync(Shop shop, int number) => shop.ShipAsync("A1", 90000000000 + number, number: number);
}
