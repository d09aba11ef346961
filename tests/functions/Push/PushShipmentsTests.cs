using Domain.Attention;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Shipments;
using Functions;
using Infra.Ledger;
using Infra.Storage;
using Infra.Storage.InMemory;
using Tests.Functions.Contention;
using Tests.Functions.World;

namespace Tests.Functions.Push;

public sealed class PushShipmentsTests
{
    [Fact]
    public async Task The_number_is_reported_and_the_order_completed_once_each()
    {
        using var shop = await ShippedAsync();

        await shop.DrainAsync();

        Assert.Equal(["number A1 900000001235", "complete A1 900000001235"], shop.Market.Effects);
        Assert.True((await shop.PushAsync("A1"))!.IsConfirmed);
        Assert.Empty(await shop.ReadAsync(GroupKeys.Outbox, Codecs.Outbox));
    }

    [Theory]
    [InlineData("number")]
    [InlineData("complete")]
    public async Task A_report_whose_answer_was_lost_is_read_back_and_not_sent_again(string step)
    {
        using var shop = await ShippedAsync();
        var lost = false;
        shop.Market.After = call =>
        {
            if (call == step && !lost)
            {
                lost = true;
                throw new MarketplaceException("test-market", FailureKind.Transient, "the answer was lost");
            }
        };

        await shop.DrainAsync();
        shop.Clock.Advance(TimeSpan.FromMinutes(1));
        await shop.DrainAsync();

        Assert.Equal(["number A1 900000001235", "complete A1 900000001235"], shop.Market.Effects);
        Assert.True((await shop.PushAsync("A1"))!.IsConfirmed);
    }

    [Fact]
    public async Task A_report_that_never_arrived_is_sent_again()
    {
        using var shop = await ShippedAsync();
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

        Assert.Equal(["number A1 900000001235", "complete A1 900000001235"], shop.Market.Effects);
    }

    [Fact]
    public async Task A_refused_report_stands_in_attention_and_can_be_retried()
    {
        using var shop = await ShippedAsync();
        shop.Market.Before = call =>
        {
            if (call == "number")
            {
                throw new MarketplaceException("test-market", FailureKind.Rejected, "no such order") { Code = "E-1" };
            }
        };
        await shop.DrainAsync();
        var item = Assert.Single(await shop.AttentionAsync());
        Assert.Equal(AttentionKind.PushRejected, item.Kind);

        shop.Market.Before = _ => { };
        Assert.True(await shop.Get<global::Functions.Attention.AttentionList>().RetryAsync(item.Id, Shop.None));
        await shop.DrainAsync();

        Assert.Equal(["number A1 900000001235", "complete A1 900000001235"], shop.Market.Effects);
        Assert.Empty(await shop.AttentionAsync());
    }

    [Fact]
    public async Task The_same_shipment_twice_reports_once_and_a_correction_reports_the_new_number_without_completing_again()
    {
        using var shop = await ShippedAsync();
        await shop.DrainAsync();
        Assert.Null((await shop.ShipAsync("A1")).Refusal);
        await shop.DrainAsync();
        Assert.Equal(2, shop.Market.Effects.Count);

        await shop.ShipAsync("A1", 80000001234);
        await shop.DrainAsync();

        Assert.Equal("number A1 800000012346", shop.Market.Effects[^1]);
        Assert.Equal(3, shop.Market.Effects.Count);
    }

    [Fact]
    public async Task A_switched_off_push_waits_as_a_row_and_goes_out_later()
    {
        using var shop = await ShippedAsync();
        await shop.SetAsync(s => s with { Switches = s.Switches with { Push = false } });
        await shop.DrainAsync();
        Assert.Empty(shop.Market.Effects);

        await shop.SetAsync(s => s with { Switches = s.Switches with { Push = true } });
        shop.Clock.Advance(TimeSpan.FromMinutes(10));
        await shop.Get<global::Functions.Attention.SweepOutbox>().RunAsync(false, Shop.None);
        await shop.DrainAsync();

        Assert.Equal(2, shop.Market.Effects.Count);
    }

    [Fact]
    public async Task A_number_corrected_before_it_was_reported_is_never_reported()
    {
        using var shop = await ShippedAsync();
        await shop.SetAsync(s => s with { Switches = s.Switches with { Push = false } });
        await shop.DrainAsync();
        await shop.ShipAsync("A1", 80000001234);
        await shop.DrainAsync();

        await shop.SetAsync(s => s with { Switches = s.Switches with { Push = true } });
        shop.Clock.Advance(TimeSpan.FromMinutes(10));
        await shop.Get<global::Functions.Attention.SweepOutbox>().RunAsync(false, Shop.None);
        await shop.DrainAsync();

        Assert.Equal(["number A1 800000012346", "complete A1 800000012346"], shop.Market.Effects);
    }

    [Fact]
    public async Task A_shipment_made_while_the_credential_is_dead_goes_out_after_its_renewal()
    {
        using var shop = await ShippedAsync();
        shop.Market.Before = _ => throw new MarketplaceException("test-market", FailureKind.CredentialRejected, "expired") { Credential = CredentialFault.Expired };
        await shop.DrainAsync();

        shop.Market.Before = _ => { };
        shop.Clock.Advance(TimeSpan.FromMinutes(30));
        await shop.Get<global::Functions.Pull.WatchCoverage>().RunAsync(Shop.None);
        await shop.Get<global::Functions.Attention.SweepOutbox>().RunAsync(false, Shop.None);
        await shop.DrainAsync();

        Assert.Equal(["number A1 900000001235", "complete A1 900000001235"], shop.Market.Effects);
    }

    [Fact]
    public async Task A_push_message_delivered_twice_at_once_changes_the_marketplace_once()
    {
        using var shop = await ShippedAsync();
        var message = (await shop.Queue.ReceiveAsync(Queues.ShipmentPush, 1, TimeSpan.FromMinutes(5), Shop.None))[0];

        await shop.WorkAsync(Queues.ShipmentPush, message);
        await shop.WorkAsync(Queues.ShipmentPush, message);

        Assert.Equal(2, shop.Market.Effects.Count);
    }

    [Fact]
    public void Two_push_messages_at_once_change_the_marketplace_once()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            using var shop = new Shop(new YieldingRows(new InMemoryRowStore(new StorageCounter())));
            SeededContext.Run(seed, () => shop.Clock.Advance(TimeSpan.FromMilliseconds(50)), async () =>
            {
                await shop.OpenAsync();
                shop.Market.Place(Shop.Order("A1"));
                await shop.PullAsync();
                await shop.HandOverAsync("A1");
                await shop.ShipAsync("A1");
                var message = (await shop.Queue.ReceiveAsync(Queues.ShipmentPush, 1, TimeSpan.FromMinutes(5), Shop.None))[0];
                await Task.WhenAll(shop.WorkAsync(Queues.ShipmentPush, message), shop.WorkAsync(Queues.ShipmentPush, message));
                shop.Clock.Advance(TimeSpan.FromMinutes(6));
                await shop.DrainAsync();

                Assert.Equal(["number A1 900000001235", "complete A1 900000001235"], shop.Market.Effects);
                Assert.True((await shop.PushAsync("A1"))!.IsConfirmed);
                Assert.Empty(await shop.ReadAsync(GroupKeys.Outbox, Codecs.Outbox));
            });
        }
    }

    [Fact]
    public async Task A_call_that_another_instance_has_begun_is_left_alone_until_it_must_be_over_and_then_read_back()
    {
        using var shop = await ShippedAsync();
        await shop.Ledger.ChangeAsync(shop.Store.Group, async unit =>
            unit.Put((await unit.PushAsync(shop.Key("A1"), 1, Shop.None))!.Set("number", PushState.Sending, shop.Clock.GetUtcNow())), Shop.None);

        await shop.DrainAsync();
        Assert.Empty(shop.Market.Effects);
        Assert.DoesNotContain("read-back", shop.Market.Calls);

        shop.Clock.Advance(TimeSpan.FromMinutes(5));
        await shop.DrainAsync();
        Assert.Contains("read-back", shop.Market.Calls);
        Assert.Equal(["number A1 900000001235", "complete A1 900000001235"], shop.Market.Effects);
    }

    [Fact]
    public async Task An_order_cancelled_while_in_work_is_stopped_and_given_back_it_is_cancelled()
    {
        using var shop = await new Shop().OpenAsync();
        shop.Market.Place(Shop.Order("A1", Shop.Start.AddMinutes(-5)));
        await shop.PullAsync();
        await shop.HandOverAsync("A1");
        shop.Market.Change("A1", o => o with { Standing = MarketplaceStanding.Cancelled });
        await shop.PullAsync();

        Assert.Equal(AttentionKind.CancelledInWork, Assert.Single(await shop.AttentionAsync()).Kind);
        Assert.NotNull((await shop.ShipAsync("A1")).Refusal);

        await shop.Get<global::Functions.Warehouse.HandOver>().GiveBackAsync(
            shop.Store.Group, shop.Delivery("A1"), shop.Get<global::Functions.Cancel.OrderRevision>(), "warehouse", Shop.None);
        Assert.Equal(OrderState.Cancelled, (await shop.OrderAsync("A1"))!.State);
        Assert.Equal(global::Domain.Deliveries.DeliveryState.Cancelled, (await shop.DeliveryAsync("A1"))!.State);
    }

    [Fact]
    public async Task The_ship_gate_finds_a_cancel_that_no_pull_has_seen()
    {
        using var shop = await new Shop().OpenAsync();
        shop.Market.Place(Shop.Order("A1"));
        await shop.PullAsync();
        shop.Market.Change("A1", o => o with { Standing = MarketplaceStanding.Cancelled });

        var result = await shop.HandOverAsync("A1");

        Assert.Contains("キャンセルされています", Assert.Single(result.Refusals), StringComparison.Ordinal);
        Assert.Equal(OrderState.Cancelled, (await shop.OrderAsync("A1"))!.State);
    }

    [Fact]
    public async Task When_the_marketplace_cannot_be_asked_nothing_is_handed_over_and_a_person_is_told()
    {
        using var shop = await new Shop().OpenAsync();
        shop.Market.Place(Shop.Order("A1"));
        await shop.PullAsync();
        shop.Market.Before = _ => throw new MarketplaceException("test-market", FailureKind.Transient, "down");

        Assert.False((await shop.HandOverAsync("A1")).Done);
        Assert.Equal(AttentionKind.GateUnknown, Assert.Single(await shop.AttentionAsync()).Kind);
    }

    private static async Task<Shop> ShippedAsync()
    {
        var shop = await new Shop().OpenAsync();
        shop.Market.Place(Shop.Order("A1"));
        await shop.PullAsync();
        await shop.HandOverAsync("A1");
        await shop.ShipAsync("A1");
        return shop;
    }
}
