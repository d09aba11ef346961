using System.Collections.Immutable;
using Domain.Bundling;
using Domain.Orders;

namespace Domain.Deliveries;

/// <summary>出荷伝票: one parcel to be sent, for one order or for several that travel together (同梱).</summary>
public sealed record OutboundDelivery
{
    public required DeliveryId Id { get; init; }

    public required ImmutableArray<DeliveryMember> Members { get; init; }

    public required DeliveryState State { get; init; }

    /// <summary>The bundle key it waits under; null = never bundled (policy off, dummy recipient).</summary>
    public BundleKey? Key { get; init; }

    /// <summary>出荷予定日, a JST day.</summary>
    public required DateOnly PlannedShipDate { get; init; }

    /// <summary>出荷元倉庫</summary>
    public required string Warehouse { get; init; }

    /// <summary>The delivery that carries its orders; set with <see cref="DeliveryState.Bundled"/>.</summary>
    public DeliveryId? BundledInto { get; init; }

    /// <summary>Set while InWork when a member was cancelled at the marketplace: it must not leave (出荷停止).</summary>
    public bool Stopped { get; init; }

    public Shipments.Shipment? Shipment { get; init; }

    /// <summary>The trace in which its order was pulled (a W3C traceparent), so that the report of its shipment can go on in it; null = none was kept.</summary>
    public string? Trace { get; init; }

    public ImmutableArray<HistoryEntry> History { get; init; } = [];

    public bool IsBundle => Members.Length > 1;

    /// <summary>Every member is at 出荷待ち.</summary>
    public bool MembersReady => Members.All(m => m.State is OrderState.AwaitingShipment);

    public static OutboundDelivery For(SalesOrder order, BundleKey? key, string warehouse, DateTimeOffset at) => new()
    {
        Id = DeliveryId.First(order.Key),
        Members = [DeliveryMember.Of(order)],
        State = order.State is OrderState.Cancelled or OrderState.Shipped ? DeliveryState.Cancelled : DeliveryState.Waiting,
        Key = order.IsOpen ? key : null,
        PlannedShipDate = order.PlannedShipDate,
        Warehouse = warehouse,
        History = [new HistoryEntry(at, "bundle", "created", "")],
    };

    /// <exception cref="InvalidOperationException">The table does not allow the move: an error of ours.</exception>
    public OutboundDelivery MoveTo(DeliveryState next, DateTimeOffset at, string who, string why)
    {
        if (next == State)
        {
            return this;
        }

        return DeliveryTransitions.Allows(State, next)
            ? this with { State = next, History = History.Add(new HistoryEntry(at, who, $"{State} → {next}", why)) }
            : throw new InvalidOperationException($"A delivery cannot go from {State} to {next}.");
    }

    /// <summary>With a member's state brought up to date.</summary>
    public OutboundDelivery With(SalesOrder order) => this with
    {
        Members = [.. Members.Select(m => m.Order == order.Key ? DeliveryMember.Of(order) : m)],
        PlannedShipDate = Members.Length == 1 ? order.PlannedShipDate : PlannedShipDate,
    };
}

/// <summary>An order in a delivery, with what the delivery must know of it.</summary>
/// <param name="CashOnDelivery">What the parcel collects for it.</param>
public sealed record DeliveryMember(OrderKey Order, OrderState State, DateTimeOffset PlacedAt, Yen CashOnDelivery)
{
    public static DeliveryMember Of(SalesOrder order) => new(order.Key, order.State, order.Content.PlacedAt, order.CashOnDelivery);
}
