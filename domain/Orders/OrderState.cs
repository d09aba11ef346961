using System.Collections.Frozen;

namespace Domain.Orders;

/// <summary>受注ステータス: the gates an order passes, in order.</summary>
public enum OrderState
{
    /// <summary>処理待ち: provisional, not complete enough to judge.</summary>
    PendingProcessing,

    /// <summary>確認待ち: at least one hold.</summary>
    AwaitingConfirmation,

    /// <summary>入金待ち: the payment does not stand yet.</summary>
    AwaitingPayment,

    /// <summary>引当待ち: stock is short.</summary>
    AwaitingAllocation,

    /// <summary>出荷待ち: everything stands; it may ship.</summary>
    AwaitingShipment,

    /// <summary>一部出荷済み</summary>
    PartiallyShipped,

    /// <summary>出荷済み</summary>
    Shipped,

    /// <summary>キャンセル</summary>
    Cancelled,
}

/// <summary>The one table of allowed moves of a sales order (受注伝票).</summary>
public static class OrderTransitions
{
    private static readonly OrderState[] Gates =
        [OrderState.AwaitingConfirmation, OrderState.AwaitingPayment, OrderState.AwaitingAllocation, OrderState.AwaitingShipment];

    private static readonly FrozenSet<(OrderState From, OrderState To)> Allowed = Table().ToFrozenSet();

    public static bool Allows(OrderState from, OrderState to) => Allowed.Contains((from, to));

    private static IEnumerable<(OrderState, OrderState)> Table()
    {
        foreach (var gate in Gates)
        {
            yield return (OrderState.PendingProcessing, gate);
            yield return (gate, OrderState.Cancelled);
            yield return (gate, OrderState.Shipped); // also seen as shipped at the marketplace without us
            yield return (gate, OrderState.PartiallyShipped); // one parcel of several, in work before the gate closed again
            foreach (var other in Gates.Where(g => g != gate))
            {
                yield return (gate, other); // a change at the marketplace opens and closes gates in both directions
            }
        }

        yield return (OrderState.PendingProcessing, OrderState.Cancelled);
        yield return (OrderState.PendingProcessing, OrderState.Shipped);
        yield return (OrderState.PartiallyShipped, OrderState.Shipped);
        yield return (OrderState.Shipped, OrderState.AwaitingShipment); // a mistaken shipment taken back by the warehouse
    }
}

/// <param name="At">UTC.</param>
/// <param name="Who">A key's name, a function's name or <c>marketplace</c>; never a buyer.</param>
/// <param name="What">For example <c>AwaitingPayment → AwaitingShipment</c>.</param>
/// <param name="Why">The reason, without personal data.</param>
public sealed record HistoryEntry(DateTimeOffset At, string Who, string What, string Why);
