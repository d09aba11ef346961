using Domain.Orders;
using static Domain.Orders.OrderState;

namespace Tests.Domain.Orders;

public sealed class OrderTransitionsTests
{
    /// <summary>The whole table: what is not in it is refused.</summary>
    private static readonly Dictionary<OrderState, OrderState[]> Expected = new()
    {
        [PendingProcessing] = [AwaitingConfirmation, AwaitingPayment, AwaitingAllocation, AwaitingShipment, Shipped, Cancelled],
        [AwaitingConfirmation] = [AwaitingPayment, AwaitingAllocation, AwaitingShipment, PartiallyShipped, Shipped, Cancelled],
        [AwaitingPayment] = [AwaitingConfirmation, AwaitingAllocation, AwaitingShipment, PartiallyShipped, Shipped, Cancelled],
        [AwaitingAllocation] = [AwaitingConfirmation, AwaitingPayment, AwaitingShipment, PartiallyShipped, Shipped, Cancelled],
        [AwaitingShipment] = [AwaitingConfirmation, AwaitingPayment, AwaitingAllocation, PartiallyShipped, Shipped, Cancelled],
        [PartiallyShipped] = [Shipped],
        [Shipped] = [AwaitingShipment],
        [Cancelled] = [],
    };

    public static TheoryData<OrderState, OrderState> Pairs =>
        new(Enum.GetValues<OrderState>().SelectMany(_ => Enum.GetValues<OrderState>(), (from, to) => (from, to)));

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Every_move_is_in_the_table_or_refused(OrderState from, OrderState to)
    {
        Assert.Equal(Expected[from].Contains(to), OrderTransitions.Allows(from, to));
    }

    [Fact]
    public void A_refused_move_is_an_error_and_changes_nothing()
    {
        var cancelled = Some.Order().MoveTo(Cancelled, Some.Morning, "marketplace", "");

        Assert.Throws<InvalidOperationException>(() => cancelled.MoveTo(Shipped, Some.Morning, "warehouse", ""));
    }
}
