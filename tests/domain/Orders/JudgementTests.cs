using System.Collections.Immutable;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Stores;

namespace Tests.Domain.Orders;

public sealed class JudgementTests
{
    private static readonly Judgement Judgement = new(Some.Store(), Some.Mappings);

    [Fact]
    public void An_order_that_is_right_in_every_respect_waits_for_shipment()
    {
        var order = Some.Order();

        Assert.Equal(OrderState.AwaitingShipment, order.State);
        Assert.Empty(order.Holds);
    }

    [Fact]
    public void An_unmapped_payment_text_holds_the_order_and_is_named()
    {
        var order = Some.Order(Some.Content() with { Payment = new Payment("謎の支払い", PaymentStanding.Secured) });

        Assert.Equal(OrderState.AwaitingConfirmation, order.State);
        Assert.Equal(new Hold(HoldReason.UnmappedPayment, "謎の支払い"), Assert.Single(order.Holds));
    }

    [Fact]
    public void Several_reasons_stand_at_once_and_the_order_moves_on_when_all_are_resolved()
    {
        var order = Some.Order(Some.Content() with { BuyerNote = "午前に", DeliveryText = "謎の便" });
        Assert.Equal([HoldReason.UnmappedDeliveryMethod, HoldReason.BuyerNote], Some.Reasons(order));

        var noteRead = Judgement.Resolve(order, HoldReason.BuyerNote, Some.Morning, "staff");
        Assert.Equal(OrderState.AwaitingConfirmation, noteRead.State);

        var mapped = new Judgement(Some.Store(), Some.Mappings with { Deliveries = Some.Mappings.Deliveries.Add("謎の便", new DeliveryMethod("sagawa")) });
        Assert.Equal(OrderState.AwaitingShipment, mapped.Again(noteRead, noteRead.Content, Some.Morning, "mapping").State);
    }

    [Fact]
    public void A_resolved_note_does_not_come_back_with_the_next_reading()
    {
        var order = Judgement.Resolve(Some.Order(Some.Content() with { BuyerNote = "午前に" }), HoldReason.BuyerNote, Some.Morning, "staff");

        Assert.Equal(OrderState.AwaitingShipment, Judgement.Again(order, order.Content, Some.Morning, "marketplace").State);
    }

    [Theory]
    [InlineData("銀行振込", OrderState.AwaitingPayment)]
    [InlineData("クレジットカード", OrderState.AwaitingPayment)]
    [InlineData("代金引換", OrderState.AwaitingShipment)]
    public void The_payment_gate_waits_only_for_what_is_paid_before(string method, OrderState expected)
    {
        var order = Some.Order(Some.Content() with { Payment = new Payment(method, PaymentStanding.Unpaid) });

        Assert.Equal(expected, order.State);
    }

    [Fact]
    public void An_unpaid_order_moves_on_when_the_payment_arrives()
    {
        var unpaid = Some.Order(Some.Content() with { Payment = new Payment("銀行振込", PaymentStanding.Unpaid) });

        var paid = Judgement.Again(unpaid, unpaid.Content with { Payment = new Payment("銀行振込", PaymentStanding.Secured) }, Some.Morning, "marketplace");

        Assert.Equal(OrderState.AwaitingShipment, paid.State);
        Assert.Contains(paid.History, h => h.What == "AwaitingPayment → AwaitingShipment");
    }

    [Fact]
    public void A_difference_of_the_totals_is_shown()
    {
        var content = Some.Content();
        var order = Some.Order(content with { Amounts = content.Amounts with { Billed = new Yen(3_399) } });

        Assert.Equal(new Hold(HoldReason.TotalsDifference, "3400 ≠ 3399"), Assert.Single(order.Holds));
    }

    [Theory]
    [InlineData(MarketplaceStanding.InReview, HoldReason.InReview)]
    [InlineData(MarketplaceStanding.CancelRequested, HoldReason.CancelRequested)]
    [InlineData(MarketplaceStanding.Reserved, HoldReason.Reserved)]
    public void What_the_marketplace_holds_is_held(MarketplaceStanding standing, HoldReason reason)
    {
        var order = Some.Order(Some.Content() with { Standing = standing });

        Assert.Equal([reason], Some.Reasons(order));
    }

    [Fact]
    public void A_person_cannot_resolve_a_review_away()
    {
        var order = Some.Order(Some.Content() with { Standing = MarketplaceStanding.InReview });

        Assert.Equal(OrderState.AwaitingConfirmation, Judgement.Resolve(order, HoldReason.InReview, Some.Morning, "staff").State);
    }

    [Fact]
    public void A_cancel_at_the_marketplace_cancels_the_order()
    {
        var order = Judgement.Again(Some.Order(), Some.Content() with { Standing = MarketplaceStanding.Cancelled }, Some.Morning, "marketplace");

        Assert.Equal(OrderState.Cancelled, order.State);
        Assert.Empty(order.Holds);
    }

    [Fact]
    public void An_order_that_the_marketplace_shipped_without_us_is_handled_elsewhere()
    {
        var order = Some.Order(Some.Content() with { Standing = MarketplaceStanding.Completed });

        Assert.Equal(OrderState.Shipped, order.State);
        Assert.True(order.HandledElsewhere);
    }

    [Fact]
    public void An_order_that_we_shipped_stays_shipped_whatever_is_read_later()
    {
        var shipped = Some.Order().MoveTo(OrderState.Shipped, Some.Morning, "warehouse", "");

        var read = Judgement.Again(shipped, Some.Content() with { Standing = MarketplaceStanding.Cancelled }, Some.Morning, "marketplace");

        Assert.Equal(OrderState.Shipped, read.State);
    }

    [Theory]
    [InlineData(2, 59, "2026-11-24")] // 11:59 JST
    [InlineData(3, 1, "2026-11-25")] // 12:01 JST
    public void Without_a_requested_date_the_cut_off_decides_the_planned_ship_date(int utcHour, int minute, string expected)
    {
        var placed = new DateTimeOffset(2026, 11, 24, utcHour, minute, 0, TimeSpan.Zero);

        Assert.Equal(DateOnly.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), Some.Order(Some.Content() with { PlacedAt = placed }).PlannedShipDate);
    }

    [Fact]
    public void With_a_requested_date_the_cut_off_does_not_matter()
    {
        var wished = new DateOnly(2026, 12, 1);

        Assert.Equal(wished, Some.Order(Some.Content() with { RequestedDate = wished, PlacedAt = Some.Morning.AddHours(5) }).PlannedShipDate);
    }

    [Fact]
    public void Lines_that_a_list_omits_do_not_disappear()
    {
        var content = Some.Content() with
        {
            Lines = [new OrderLine("1", "a", "", "", 1, new Yen(3_000), 8), new OrderLine("2", "b", "", "", 1, Yen.Zero, 8)],
        };
        var order = Some.Order(content);

        var read = Judgement.Again(order, content with { Lines = [content.Lines[0]], MayOmitLines = true }, Some.Morning, "marketplace");

        Assert.Equal(["1", "2"], read.Content.Lines.Select(l => l.LineId));
    }

    [Fact]
    public void A_missing_address_is_suspicious()
    {
        var order = Some.Order(Some.Content() with { Recipient = Some.Person() with { Prefecture = "", City = "", Street = "" } });

        Assert.Equal([HoldReason.SuspiciousAddress], Some.Reasons(order));
    }

    [Fact]
    public void A_product_code_without_a_row_holds_by_its_name_where_the_store_says_so_and_the_row_lets_it_go()
    {
        var store = Some.Store() with { HoldUnmappedSkus = true };
        var skus = Some.Content().Lines.Select(l => l.Sku).Distinct().ToArray();

        var held = new Judgement(store, Some.Mappings).New(Some.Content(), Some.Morning);
        var rows = Some.Mappings with { Skus = StoreMappings.Empty.Skus.SetItems(skus.Select(s => KeyValuePair.Create(s, $"OUR-{s}"))) };
        var free = new Judgement(store with { Mappings = rows }, rows).Again(held, held.Content, Some.Morning, "staff");

        Assert.Equal(skus.Order(StringComparer.Ordinal), held.Holds.Where(h => h.Reason is HoldReason.UnmappedSku).Select(h => h.Detail).Order(StringComparer.Ordinal));
        Assert.Equal(OrderState.AwaitingConfirmation, held.State);
        Assert.Equal(OrderState.AwaitingShipment, free.State);
        Assert.DoesNotContain(Judgement.New(Some.Content(), Some.Morning).Holds, h => h.Reason is HoldReason.UnmappedSku);
    }

    [Fact]
    public void The_shops_own_code_stands_for_the_marketplaces_where_a_row_says_so()
    {
        var store = Some.Store() with { Mappings = StoreMappings.Empty with { Skus = StoreMappings.Empty.Skus.Add("ABC-001:S", "SHIRT-S") } };

        Assert.Equal(("SHIRT-S", "TEA-50"), (store.ArticleOf("ABC-001:S"), store.ArticleOf("TEA-50")));
    }

}
