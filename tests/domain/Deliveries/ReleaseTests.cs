using System.Collections.Immutable;
using Domain.Deliveries;
using Domain.Orders;
using Domain.Stores;
using static Domain.Deliveries.DeliveryState;

namespace Tests.Domain.Deliveries;

public sealed class ReleaseTests
{
    private static readonly Dictionary<DeliveryState, DeliveryState[]> Moves = new()
    {
        [Waiting] = [InWork, OnHold, Cancelled, Bundled],
        [OnHold] = [Waiting, Cancelled],
        [Bundled] = [Waiting, Cancelled],
        [InWork] = [Waiting, Shipped],
        [Shipped] = [InWork],
        [Cancelled] = [],
    };

    public static TheoryData<DeliveryState, DeliveryState> Pairs =>
        new(Enum.GetValues<DeliveryState>().SelectMany(_ => Enum.GetValues<DeliveryState>(), (from, to) => (from, to)));

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Every_move_of_a_delivery_is_in_the_table_or_refused(DeliveryState from, DeliveryState to)
    {
        Assert.Equal(Moves[from].Contains(to), DeliveryTransitions.Allows(from, to));
    }

    [Fact]
    public void A_waiting_delivery_of_a_ready_order_in_a_live_store_is_released()
    {
        Assert.Empty(Bars(Some.Store()));
    }

    [Fact]
    public void An_undecided_candidate_bars_it()
    {
        Assert.Equal([ReleaseBar.UndecidedCandidate], Bars(Some.Store(), locked: true));
    }

    [Fact]
    public void A_store_in_watch_mode_releases_nothing()
    {
        Assert.Equal([ReleaseBar.StoreNotLive], Bars(Some.Store() with { LiveFrom = null }));
    }

    [Fact]
    public void An_order_from_before_go_live_is_handled_elsewhere()
    {
        Assert.Equal([ReleaseBar.PlacedBeforeGoLive], Bars(Some.Store() with { LiveFrom = Some.Morning.AddSeconds(1) }));
    }

    [Fact]
    public void Stop_all_bars_everything()
    {
        Assert.Equal([ReleaseBar.ReleaseOff], Bars(Some.Store(), stopAll: true));
    }

    [Fact]
    public void An_order_that_waits_for_its_payment_bars_its_delivery()
    {
        var unpaid = Some.Order(Some.Content() with { Payment = new Payment("銀行振込", PaymentStanding.Unpaid) });

        Assert.Equal([ReleaseBar.OrderNotReady], Bars(Some.Store(), order: unpaid));
    }

    private static ImmutableArray<ReleaseBar> Bars(Store store, bool stopAll = false, bool locked = false, SalesOrder? order = null)
    {
        var delivery = OutboundDelivery.For(order ?? Some.Order(), null, "main", Some.Morning);
        return Release.BarsOf(delivery, new Dictionary<StoreId, Store> { [store.Id] = store }, stopAll, locked);
    }
}
