using System.Collections.Immutable;
using Domain.Deliveries;
using Domain.Orders;
using Domain.Stores;

namespace Tests.Domain.Orders;

/// <summary>Orders with several recipients (複数送付先): parted into a delivery each where each number is reported, held elsewhere.</summary>
public sealed class RecipientsTests
{
    private static readonly Judgement Each = new(Some.Store(), Some.Mappings, eachDestination: true);

    private static readonly OrderSnapshot Three = Some.To(Some.Person("一人目"), Some.Person("二人目", "別町2-2"), Some.Person("三人目", "別町3-3"));

    [Fact]
    public void Where_each_number_is_reported_every_recipient_gets_a_delivery_of_its_own()
    {
        var order = Each.New(Three, Some.Morning);

        Assert.Equal(OrderState.AwaitingShipment, order.State);
        Assert.Equal([(1, "1", "一人目", "sku-1"), (2, "2", "二人目", "sku-2"), (3, "3", "三人目", "sku-3")],
            order.Parts.Select(p => (p.Number, p.Destination, p.Recipient.Name, Assert.Single(p.Lines).Sku)));
    }

    [Fact]
    public void Elsewhere_the_order_is_one_delivery_and_held_with_the_count_and_nobody_resolves_that_away()
    {
        var judgement = new Judgement(Some.Store(), Some.Mappings);
        var order = judgement.New(Three, Some.Morning);

        Assert.Equal(new Hold(HoldReason.SeveralDestinations, "3件"), Assert.Single(order.Holds));
        Assert.Equal(1, Assert.Single(order.Parts).Number);
        Assert.Equal(OrderState.AwaitingConfirmation, judgement.Resolve(order, HoldReason.SeveralDestinations, Some.Morning, "staff").State);
    }

    [Fact]
    public void The_order_is_parted_when_the_store_confirms_that_each_number_is_reported()
    {
        var held = new Judgement(Some.Store(), Some.Mappings).New(Three, Some.Morning);

        var order = Each.Again(held, held.Content, Some.Morning, "mapping");

        Assert.Equal(OrderState.AwaitingShipment, order.State);
        Assert.Equal([1, 2, 3], order.Plans.Select(p => p.Number));
    }

    [Fact]
    public void What_cannot_be_told_apart_or_would_be_left_behind_is_held_instead_of_parted()
    {
        var several = Three.Destinations;
        OrderSnapshot[] unclear =
        [
            Three with { Destinations = [several[0], several[1], several[2] with { Id = "1" }] },
            Three with { Destinations = [several[0], several[1], several[2] with { Id = "" }] },
            Three with { Destinations = [several[0], several[1], several[2] with { LineIds = [] }] },
            Some.To([.. Enumerable.Range(0, 21).Select(i => Some.Person($"{i}人目"))]),
        ];

        Assert.All(unclear, content => Assert.Equal([HoldReason.SeveralDestinations], Some.Reasons(Each.New(content, Some.Morning))));
    }

    [Fact]
    public void A_text_of_any_recipient_that_has_no_mapping_holds_the_order_and_each_is_named()
    {
        var several = Three.Destinations;
        var order = Each.New(Three with { Destinations = [several[0], several[1] with { DeliveryText = "謎の便", TimeSlotText = "真夜中" }, several[2] with { DeliveryText = "妙な便" }] }, Some.Morning);

        Assert.Equal(
            [new Hold(HoldReason.UnmappedDeliveryMethod, "謎の便"), new Hold(HoldReason.UnmappedDeliveryMethod, "妙な便"), new Hold(HoldReason.UnmappedTimeSlot, "真夜中")],
            order.Holds);
    }

    [Fact]
    public void A_suspicious_address_of_any_recipient_holds_the_order()
    {
        var order = Each.New(Some.To(Some.Person(), Some.Person() with { PostalCode = "" }), Some.Morning);

        Assert.Equal([HoldReason.SuspiciousAddress], Some.Reasons(order));
    }

    [Fact]
    public void Each_delivery_has_the_planned_date_and_the_temperature_of_its_own_recipient()
    {
        var several = Three.Destinations;
        var order = Each.New(
            Three with { Destinations = [several[0] with { RequestedDate = new DateOnly(2026, 12, 5) }, several[1] with { Temperature = Temperature.Chilled }, several[2] with { DeliveryText = "クール便" }] },
            Some.Morning);

        Assert.Equal(["2026-12-05", "2026-11-24", "2026-11-24"], order.Parts.Select(p => $"{p.PlannedShipDate:yyyy-MM-dd}"));
        Assert.Equal(["yamato", "yamato+chilled", "yamato+frozen"], order.Parts.Select(p => $"{p.Delivery}"));
        Assert.Equal(new DateOnly(2026, 11, 24), order.PlannedShipDate);
    }

    [Fact]
    public void Cash_on_delivery_is_collected_with_the_first_delivery_only()
    {
        var order = Each.New(Three with { Payment = new Payment("代金引換", PaymentStanding.AfterDelivery) }, Some.Morning);
        Assert.Equal([new Yen(3_400), Yen.Zero, Yen.Zero], order.Parts.Select(p => p.CashOnDelivery));

        var fewer = Each.Again(order, order.Content with { Destinations = [.. order.Content.Destinations.Skip(1)], Lines = [.. order.Content.Lines.Skip(1)] }, Some.Morning, "marketplace");
        Assert.Equal([Yen.Zero, new Yen(3_400), Yen.Zero], fewer.Parts.Select(p => p.CashOnDelivery));
    }

    [Fact]
    public void The_order_is_shipped_in_part_until_its_last_delivery_has_left_and_the_rest_may_follow()
    {
        var order = Each.New(Three, Some.Morning).Ship(2, Some.Morning, "warehouse", "");
        Assert.Equal(OrderState.PartiallyShipped, order.State);
        Assert.Equal([OrderState.PartiallyShipped, OrderState.Shipped, OrderState.PartiallyShipped], MembersOf(order));
        Assert.True(OutboundDelivery.For(order, null, "main", Some.Morning, 3).MembersReady);

        order = order.Ship(1, Some.Morning, "warehouse", "");
        Assert.Equal(OrderState.PartiallyShipped, order.State);
        Assert.Equal(OrderState.Shipped, order.Ship(3, Some.Morning, "warehouse", "").State);
    }

    [Fact]
    public void Recipients_keep_their_numbers_when_one_goes_and_another_comes()
    {
        var order = Each.New(Three, Some.Morning);
        var changed = Some.To(Some.Person("四人目"), Some.Person("三人目", "別町3-3"));
        changed = changed with { Destinations = [changed.Destinations[0] with { Id = "4" }, changed.Destinations[1] with { Id = "3" }] };

        var again = Each.Again(order, changed, Some.Morning, "marketplace");

        Assert.Equal([(1, "1", true), (2, "2", true), (3, "3", false), (4, "4", false)], again.Plans.Select(p => (p.Number, p.Id, p.Dropped)));
        Assert.Equal([OrderState.Cancelled, OrderState.Cancelled, OrderState.AwaitingShipment, OrderState.AwaitingShipment], MembersOf(again));
        Assert.Equal(5, Each.Again(again, changed with { Destinations = [changed.Destinations[0], changed.Destinations[1] with { Id = "1" }] }, Some.Morning, "marketplace").Plans[^1].Number);
    }

    [Fact]
    public void When_one_recipient_is_left_its_delivery_goes_on_under_its_number()
    {
        var order = Each.New(Three, Some.Morning);

        var again = Each.Again(order, Three with { Recipient = Three.Destinations[1].Recipient, Lines = [Three.Lines[1]], Destinations = [] }, Some.Morning, "marketplace");

        Assert.Equal([true, false, true], again.Plans.Select(p => p.Dropped));
        Assert.Equal(("二人目", "sku-2"), (again.Part(2).Recipient.Name, Assert.Single(again.Part(2).Lines).Sku));
        Assert.Equal(("", 0), (again.Part(1).Recipient.Name, again.Part(1).Lines.Length)); // nobody else's name on what has gone
        Assert.Equal(OrderState.AwaitingShipment, again.State);
    }

    [Fact]
    public void A_recipient_all_of_whose_lines_were_cancelled_gets_no_parcel_and_a_person_looks_at_the_order()
    {
        var order = Each.New(Three, Some.Morning);

        var again = Each.Again(order, Three with { Lines = [Three.Lines[0], Three.Lines[1] with { Standing = LineStanding.Cancelled }, Three.Lines[2]] }, Some.Morning, "marketplace");

        Assert.Equal([false, true, false], again.Plans.Select(p => p.Dropped));
        Assert.Equal([HoldReason.PartlyCancelled], Some.Reasons(again));
    }

    [Theory]
    [InlineData(MarketplaceStanding.CancelRequested, HoldReason.CancelRequested)]
    [InlineData(MarketplaceStanding.AwaitingPayment, HoldReason.InReview)]
    public void What_is_left_of_an_order_waits_while_the_marketplace_holds_it(MarketplaceStanding standing, HoldReason reason)
    {
        var order = Each.Again(Each.New(Three, Some.Morning).Ship(1, Some.Morning, "warehouse", ""), Three with { Standing = standing }, Some.Morning, "marketplace");

        Assert.Equal(OrderState.PartiallyShipped, order.State);
        Assert.Equal([reason], Some.Reasons(order));
        Assert.False(OutboundDelivery.For(order, null, "main", Some.Morning, 2).MembersReady);
        Assert.True(OutboundDelivery.For(Each.Again(order, Three, Some.Morning, "marketplace"), null, "main", Some.Morning, 2).MembersReady);
    }

    [Fact]
    public void Our_own_shipment_of_a_part_that_the_marketplace_shows_does_not_hold_the_rest_but_anyone_elses_does()
    {
        var order = Each.New(Three, Some.Morning).Ship(1, Some.Morning, "warehouse", "");
        ImmutableArray<OrderLine> Shipped(int which) => Three.Lines.SetItem(which, Three.Lines[which] with { Standing = LineStanding.Shipped });
        var hold = new Hold(HoldReason.PartlyShippedElsewhere);

        Assert.Empty(Each.Again(order, Three with { Lines = Shipped(0), MarketplaceHolds = [hold] }, Some.Morning, "marketplace").Holds);
        var elsewhere = Each.Again(order, Three with { Lines = Shipped(1) }, Some.Morning, "marketplace");
        Assert.Equal([hold], elsewhere.Holds);
        Assert.True(elsewhere.Part(2).Dropped);
    }

    [Fact]
    public void A_cancel_after_a_part_has_left_takes_the_rest_away_and_the_order_counts_as_shipped()
    {
        var order = Each.New(Three, Some.Morning).Ship(1, Some.Morning, "warehouse", "");

        var cancelled = Each.Again(order, Three with { Standing = MarketplaceStanding.Cancelled }, Some.Morning, "marketplace");

        Assert.Equal(OrderState.Shipped, cancelled.State);
        Assert.Equal([OrderState.Shipped, OrderState.Cancelled, OrderState.Cancelled], MembersOf(cancelled));
    }

    [Fact]
    public void What_the_marketplace_calls_shipped_is_given_up_only_recipient_by_recipient_and_held_otherwise()
    {
        var order = Each.New(Three, Some.Morning).Ship(1, Some.Morning, "warehouse", "");
        var shipped = Three with { Standing = MarketplaceStanding.Shipped, RawStatus = "発送済み" };

        var unclear = Each.Again(order, shipped, Some.Morning, "marketplace");
        Assert.Equal((OrderState.PartiallyShipped, new Hold(HoldReason.PartlyShippedElsewhere, "発送済み")), (unclear.State, Assert.Single(unclear.Holds)));

        var reported = new ReportedShipment("1", "800000012346", null);
        var clear = Each.Again(order, shipped with { Destinations = [.. shipped.Destinations.Select(d => d with { Reported = reported })] }, Some.Morning, "marketplace");
        Assert.Equal(OrderState.Shipped, clear.State);
    }

    [Fact]
    public void A_person_puts_the_rest_aside_and_lets_it_go_on()
    {
        var order = Each.New(Three, Some.Morning).Ship(1, Some.Morning, "warehouse", "");

        var aside = order.HoldFor(new Hold(HoldReason.ByPerson), Some.Morning, "staff", "put aside");
        Assert.Equal(OrderState.PartiallyShipped, aside.State);
        Assert.Equal([OrderState.Shipped, OrderState.AwaitingConfirmation, OrderState.AwaitingConfirmation], MembersOf(aside));

        Assert.Equal(MembersOf(order), MembersOf(Each.Resolve(aside, HoldReason.ByPerson, Some.Morning, "staff")));
    }

    private static IEnumerable<OrderState> MembersOf(SalesOrder order) => order.Parts.Select(p => DeliveryMember.Of(order, p.Number).State);
}
