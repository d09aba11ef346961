using Domain.Attention;
using Domain.Marketplaces;
using Domain.Orders;
using Functions.Pull;
using Infra.Ledger;
using Tests.Functions.World;

namespace Tests.Functions.Pull;

public sealed class PullStoreTests
{
    [Fact]
    public async Task An_order_of_the_marketplace_arrives_with_its_delivery_and_is_free_to_be_released()
    {
        using var shop = await new Shop().OpenAsync();
        shop.Market.Place(Shop.Order("A1"));

        await shop.PullAsync();

        Assert.Equal(OrderState.AwaitingShipment, (await shop.OrderAsync("A1"))!.State);
        Assert.True((await shop.HandOverAsync("A1")).Done);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(97)]
    [InlineData(98)]
    [InlineData(99)]
    [InlineData(500)]
    [InlineData(1201)]
    public async Task Every_order_arrives_exactly_once_whatever_their_number(int count)
    {
        using var shop = await new Shop().OpenAsync();
        shop.Place(count);

        await shop.PullAsync();

        Assert.Equal(count, (await shop.OrdersAsync()).Count);
        Assert.Equal(count, (await shop.ReadAsync(GroupKeys.Deliveries, Codecs.Delivery)).Count);
        Assert.Empty(await shop.ReadAsync(GroupKeys.Outbox, Codecs.Outbox));
    }

    [Fact]
    public async Task Pulling_the_same_window_again_changes_nothing()
    {
        using var shop = await new Shop().OpenAsync();
        shop.Place(250);
        await shop.PullAsync();
        var before = await DumpAsync(shop);

        await shop.PullAsync();

        Assert.Equal(before, await DumpAsync(shop));
    }

    [Fact]
    public async Task A_changed_order_is_judged_anew_and_its_delivery_follows()
    {
        using var shop = await new Shop().OpenAsync();
        shop.Market.Place(Shop.Order("A1", Shop.Start.AddMinutes(-5)) with { Payment = new Payment("銀行振込", PaymentStanding.Unpaid) });
        await shop.PullAsync();
        Assert.Equal(OrderState.AwaitingPayment, (await shop.OrderAsync("A1"))!.State);
        Assert.False((await shop.HandOverAsync("A1")).Done);

        shop.Market.Change("A1", o => o with { Payment = new Payment("銀行振込", PaymentStanding.Secured) });
        await shop.PullAsync();

        Assert.Equal(OrderState.AwaitingShipment, (await shop.OrderAsync("A1"))!.State);
        Assert.True((await shop.HandOverAsync("A1")).Done);
    }

    [Fact]
    public async Task A_malformed_order_among_500_stands_in_attention_and_499_arrive()
    {
        using var shop = await new Shop().OpenAsync();
        shop.Place(500);
        shop.Market.Unreadable.Add(OrderCode.Parse("100250"));

        await shop.PullAsync();

        Assert.Equal(499, (await shop.OrdersAsync()).Count);
        var item = Assert.Single(await shop.AttentionAsync());
        Assert.Equal(AttentionKind.UnreadableOrder, item.Kind);
        Assert.Equal("100250", item.Order!.Value);
    }

    [Fact]
    public async Task A_malformed_order_that_is_mended_arrives_and_leaves_the_attention_list()
    {
        using var shop = await new Shop().OpenAsync();
        shop.Place(3, Shop.Start.AddMinutes(-5));
        shop.Market.Unreadable.Add(OrderCode.Parse("100001"));
        await shop.PullAsync();

        shop.Market.Unreadable.Clear();
        shop.Market.Change("100001", o => o);
        await shop.PullAsync();

        Assert.Equal(OrderState.AwaitingShipment, (await shop.OrderAsync("100001"))!.State);
        Assert.Empty(await shop.AttentionAsync());
    }

    [Fact]
    public async Task A_page_that_fails_in_the_middle_loses_nothing_and_covers_nothing_too_early()
    {
        using var shop = await new Shop().OpenAsync();
        shop.Place(1000);
        var pages = 0;
        shop.Market.Before = call =>
        {
            if (call == "list" && ++pages == 8)
            {
                throw new MarketplaceException("test-market", FailureKind.Transient, "no answer");
            }
        };
        await shop.PullAsync();
        Assert.InRange((await shop.OrdersAsync()).Count, 1, 999);

        shop.Market.Before = _ => { };
        await shop.PullAsync();

        Assert.Equal(1000, (await shop.OrdersAsync()).Count);
    }

    [Fact]
    public async Task An_order_that_becomes_visible_late_with_an_old_time_is_found_by_the_full_pass()
    {
        using var shop = await new Shop().OpenAsync();
        await shop.PullAsync();
        shop.Market.Place(Shop.Order("LATE", Shop.Start.AddHours(-20)), visibleFrom: Shop.Start.AddHours(1));

        shop.Clock.Advance(TimeSpan.FromHours(7));
        await shop.PullAsync();

        Assert.NotNull(await shop.OrderAsync("LATE"));
    }

    [Fact]
    public async Task An_order_that_vanishes_from_the_list_stays_with_us()
    {
        using var shop = await new Shop().OpenAsync();
        shop.Place(3, Shop.Start.AddMinutes(-5));
        await shop.PullAsync();
        shop.Market.Vanish("100001");

        await shop.PullAsync();

        Assert.Equal(3, (await shop.OrdersAsync()).Count);
    }

    [Fact]
    public async Task A_rejected_credential_pauses_the_store_and_alerts_once_until_it_works_again()
    {
        using var shop = await new Shop().OpenAsync();
        shop.Place(2);
        shop.Market.Before = _ => throw new MarketplaceException("test-market", FailureKind.CredentialRejected, "refused") { Credential = CredentialFault.Expired };
        await shop.PullAsync();
        await shop.PullAsync();
        Assert.Equal(AttentionKind.CredentialRejected, Assert.Single(await shop.AttentionAsync()).Kind);
        var calls = shop.Market.Calls.Count;
        await shop.PullAsync();
        Assert.Equal(calls, shop.Market.Calls.Count); // paused: not even asked

        shop.Market.Before = _ => { };
        await shop.Get<WatchCoverage>().RunAsync(Shop.None);
        await shop.PullAsync();

        Assert.Equal(2, (await shop.OrdersAsync()).Count);
        Assert.Empty(await shop.AttentionAsync());
    }

    [Fact]
    public async Task An_unpaid_order_that_is_paid_after_it_has_left_the_window_moves_on()
    {
        using var shop = await new Shop().OpenAsync();
        shop.Market.Place(Shop.Order("OLD") with { Payment = new Payment("銀行振込", PaymentStanding.Unpaid) });
        await shop.PullAsync();
        shop.Clock.Advance(TimeSpan.FromDays(8));

        shop.Market.Change("OLD", o => o with { Payment = new Payment("銀行振込", PaymentStanding.Secured) });
        await shop.FollowAsync();

        Assert.Equal(OrderState.AwaitingShipment, (await shop.OrderAsync("OLD"))!.State);
    }

    [Fact]
    public async Task The_index_forgets_what_has_left_the_window_and_the_orders_stay()
    {
        using var shop = await new Shop().OpenAsync();
        shop.Place(300);
        await shop.PullAsync();
        shop.Clock.Advance(TimeSpan.FromDays(7));

        await shop.PullAsync();

        Assert.Empty((await WindowIndex.ReadAsync(shop.Ledger, shop.Store, Shop.None)).Segments);
        Assert.Equal(300, (await shop.OrdersAsync()).Count);
    }

    [Fact]
    public async Task Adding_a_mapping_releases_all_that_wait_for_it()
    {
        using var shop = await new Shop().OpenAsync();
        foreach (var code in new[] { "A1", "A2", "A3" })
        {
            shop.Market.Place(Shop.Order(code) with { DeliveryText = "謎の便" });
        }

        await shop.PullAsync();
        Assert.All(await shop.OrdersAsync(), o => Assert.Equal(new Hold(HoldReason.UnmappedDeliveryMethod, "謎の便"), Assert.Single(o.Holds)));

        await shop.SetAsync(s => s with { Mappings = s.Mappings with { Deliveries = s.Mappings.Deliveries.Add("謎の便", new global::Domain.Stores.DeliveryMethod("sagawa")) } });
        await shop.FollowAsync("rejudge");

        Assert.All(await shop.OrdersAsync(), o => Assert.Equal(OrderState.AwaitingShipment, o.State));
    }

    [Fact]
    public async Task A_row_of_the_product_table_lets_all_orders_go_that_waited_for_it()
    {
        using var shop = await new Shop().OpenAsync();
        await shop.SetAsync(s => s with { HoldUnmappedSkus = true });
        shop.Place(3);
        await shop.PullAsync();
        var skus = (await shop.OrdersAsync()).SelectMany(o => o.Holds).Where(h => h.Reason is HoldReason.UnmappedSku).Select(h => h.Detail).Distinct().ToArray();
        Assert.NotEmpty(skus);
        Assert.All(await shop.OrdersAsync(), o => Assert.Equal(OrderState.AwaitingConfirmation, o.State));

        await shop.SetAsync(s => s with { Mappings = s.Mappings with { Skus = s.Mappings.Skus.SetItems(skus.Select(sku => KeyValuePair.Create(sku, $"OUR-{sku}"))) } });
        await shop.FollowAsync("rejudge");

        Assert.All(await shop.OrdersAsync(), o => Assert.Equal(OrderState.AwaitingShipment, o.State));
    }

    [Fact]
    public async Task Two_pulls_of_one_store_at_once_store_every_order_once()
    {
        using var shop = await new Shop().OpenAsync();
        shop.Place(700);

        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => shop.Get<PullStore>().RunAsync(new global::Functions.PullMessage(shop.Store.Id.Value), Shop.None)));
        await shop.DrainAsync();

        Assert.Equal(700, (await shop.OrdersAsync()).Count);
        Assert.Equal(700, (await shop.ReadAsync(GroupKeys.Deliveries, Codecs.Delivery)).Count);
    }

    [Fact]
    public async Task A_window_that_takes_longer_than_one_run_is_read_to_its_end()
    {
        using var shop = await new Shop().OpenAsync();
        shop.Place(3, Shop.Start.AddMinutes(-5));
        shop.Market.Before = call => shop.Clock.Advance(call == "list" ? TimeSpan.FromSeconds(130) : TimeSpan.Zero);

        for (var message = 0; message < 4; message++)
        {
            await shop.Get<PullStore>().RunAsync(new global::Functions.PullMessage(shop.Store.Id.Value), Shop.None);
        }

        Assert.Equal(3, (await shop.OrdersAsync()).Count); // they were placed on the window's last day, which is read last
    }

    [Fact]
    public async Task A_day_that_always_fails_keeps_no_other_day_from_arriving_and_is_read_when_it_can_be()
    {
        using var shop = await new Shop().OpenAsync();
        shop.Market.Place(Shop.Order("OLD", Shop.Start.AddDays(-2)));
        shop.Market.Place(Shop.Order("NEW", Shop.Start.AddMinutes(-5)));
        var broken = true;
        shop.Market.OnSlice = slice =>
        {
            if (broken && slice.Span.Contains(Shop.Start.AddDays(-2)))
            {
                throw new MarketplaceException("test-market", FailureKind.Transient, "this day has no answer");
            }
        };
        await shop.PullAsync();
        Assert.NotNull(await shop.OrderAsync("NEW"));
        Assert.Null(await shop.OrderAsync("OLD"));

        broken = false;
        await shop.PullAsync();

        Assert.NotNull(await shop.OrderAsync("OLD"));
    }

    [Fact]
    public async Task An_order_that_changes_between_list_and_detail_ends_as_the_marketplace_has_it()
    {
        using var shop = await new Shop().OpenAsync();
        shop.Market.ListsOnly = true;
        shop.Place(4, Shop.Start.AddMinutes(-5));
        var moved = false;
        shop.Market.Before = call =>
        {
            if (call == "detail" && !moved)
            {
                moved = true;
                shop.Market.Change("100000", o => o with { Recipient = o.Recipient with { Street = "見本町9-9-9" } });
                shop.Market.Change("100001", o => o with { Standing = MarketplaceStanding.Cancelled });
                shop.Market.Vanish("100002");
            }
        };
        await shop.PullAsync();
        await shop.PullAsync();

        Assert.Equal("見本町9-9-9", (await shop.OrderAsync("100000"))!.Content.Recipient.Street);
        Assert.Equal(OrderState.Cancelled, (await shop.OrderAsync("100001"))!.State);
        Assert.False((await shop.HandOverAsync("100001")).Done);
        Assert.Null(await shop.OrderAsync("100002")); // listed, and gone before anybody could read it
        Assert.Equal(3, (await shop.OrdersAsync()).Count);
        var calls = shop.Market.Calls.Count(c => c == "detail");
        await shop.PullAsync();
        Assert.Equal(calls, shop.Market.Calls.Count(c => c == "detail")); // nothing is asked for again
    }

    [Fact]
    public async Task Two_stores_with_the_same_order_code_keep_an_order_each()
    {
        using var shop = await new Shop().OpenAsync(id: "test-honten");
        shop.Market.Place(Shop.Order("SAME"));
        await shop.PullAsync();
        await shop.OpenAsync(id: "test-ten2");
        await shop.PullAsync();

        Assert.Single(await shop.OrdersAsync());
        Assert.True((await shop.HandOverAsync("SAME")).Done);
        var book = await shop.Registry.ReadAsync(Shop.None);
        Assert.Equal(2, book.Stores.Count);
        foreach (var store in book.Stores.Values)
        {
            Assert.NotNull(await new LedgerUnit(shop.Rows, store.Group).OrderAsync(new OrderKey(store.Id, OrderCode.Parse("SAME")), Shop.None));
        }
    }

    [Fact]
    public async Task Two_reasons_hold_an_order_until_the_last_is_gone()
    {
        using var shop = await new Shop().OpenAsync();
        shop.Market.Place(Shop.Order("A1") with { DeliveryText = "謎の便", Payment = new Payment("謎の支払", PaymentStanding.Secured) });
        await shop.PullAsync();

        await shop.SetAsync(s => s with { Mappings = s.Mappings with { Deliveries = s.Mappings.Deliveries.Add("謎の便", new global::Domain.Stores.DeliveryMethod("sagawa")) } });
        await shop.FollowAsync("rejudge");
        Assert.Equal(new Hold(HoldReason.UnmappedPayment, "謎の支払"), Assert.Single((await shop.OrderAsync("A1"))!.Holds));
        Assert.False((await shop.HandOverAsync("A1")).Done);

        await shop.SetAsync(s => s with { Mappings = s.Mappings with { Payments = s.Mappings.Payments.Add("謎の支払", global::Domain.Stores.PaymentMethod.Card) } });
        await shop.FollowAsync("rejudge");
        Assert.True((await shop.HandOverAsync("A1")).Done);
    }

    private static async Task<List<string>> DumpAsync(Shop shop)
    {
        var rows = new List<string>();
        await foreach (var row in shop.Ledger.RangeAsync(shop.Store.Group, new Infra.Storage.RowRange(" ", "~~"), Shop.None))
        {
            if (!row.Key.Contains("|c|", StringComparison.Ordinal))
            {
                rows.Add($"{row.Key} {row.ETag}");
            }
        }

        return rows;
    }
}
