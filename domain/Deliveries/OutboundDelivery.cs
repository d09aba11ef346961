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

    /// <summary>Every member is at 出荷待ち; what is left of an order at 一部出荷済み may follow.</summary>
    public bool MembersReady => Members.All(m => m.State is OrderState.AwaitingShipment or OrderState.PartiallyShipped);

    /// <param name="number">Which of the order's deliveries: 1, or the number of one of its recipients.</param>
    public static OutboundDelivery For(SalesOrder order, BundleKey? key, string warehouse, DateTimeOffset at, int number = 1)
    {
        var part = order.Part(number);
        var over = !order.IsOpen || part.Dropped;
        return new OutboundDelivery
        {
            Id = new DeliveryId(order.Key.Store, order.Key.Code, number),
            Members = [DeliveryMember.Of(order, number)],
            State = over ? DeliveryState.Cancelled : DeliveryState.Waiting,
            Key = over ? null : key,
            PlannedShipDate = part.PlannedShipDate,
            Warehouse = warehouse,
            History = [new HistoryEntry(at, "bundle", "created", "")],
        };
    }

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

    /// <summary>With the state of its members that are of this order brought up to date.</summary>
    public OutboundDelivery With(SalesOrder order) => this with
    {
        Members = [.. Members.Select(m => m.Order == order.Key ? DeliveryMember.Of(order, m.Number) : m)],
        PlannedShipDate = Members is [var only] && only.Order == order.Key ? order.Part(only.Number).PlannedShipDate : PlannedShipDate,
    };
}

/// <summary>An order in a delivery, or one recipient's share of it, with what the delivery must know of it.</summary>
/// <param name="State">Where the order stands as far as this delivery is concerned: what is left of an order at 一部出荷済み counts as 確認待ち while it is held.</param>
/// <param name="CashOnDelivery">What the parcel collects for it; of several recipients' deliveries the first collects all.</param>
/// <param name="Number">The number of the delivery that was made for it.</param>
public sealed record DeliveryMember(OrderKey Order, OrderState State, DateTimeOffset PlacedAt, Yen CashOnDelivery, int Number = 1)
{
    /// <summary>The delivery that was made for it; it travels there, or in another that carries it.</summary>
    public DeliveryId Delivery => new(Order.Store, Order.Code, Number);

    public static DeliveryMember Of(SalesOrder order, int number = 1)
    {
        var part = order.Part(number);
        return new DeliveryMember(order.Key, StateOf(order, part), order.Content.PlacedAt, part.CashOnDelivery, number);
    }

    private static OrderState StateOf(SalesOrder order, OrderPart part) => order.State switch
    {
        _ when part.Shipped => OrderState.Shipped,
        _ when part.Dropped => OrderState.Cancelled,
        OrderState.PartiallyShipped when !order.Holds.IsEmpty => OrderState.AwaitingConfirmation,
        var state => state,
    };
}
