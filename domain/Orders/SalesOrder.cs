using System.Collections.Immutable;
using Domain.Stores;

namespace Domain.Orders;

/// <summary>受注伝票: an order as this system holds it: the marketplace's content, what we make of it, and what happened to it.</summary>
public sealed record SalesOrder
{
    public required OrderKey Key { get; init; }

    public required OrderSnapshot Content { get; init; }

    public required OrderState State { get; init; }

    /// <summary>確認待ち事由, all that stand now.</summary>
    public ImmutableArray<Hold> Holds { get; init; } = [];

    /// <summary>Holds that a person has resolved (対応済み); the same reason with the same detail does not come back.</summary>
    public ImmutableArray<Hold> Resolved { get; init; } = [];

    /// <summary>When it was stored first, UTC.</summary>
    public required DateTimeOffset ImportedAt { get; init; }

    /// <summary>出荷予定日, a JST day; of several recipients the earliest that is still to be shipped.</summary>
    public required DateOnly PlannedShipDate { get; init; }

    /// <summary>The recipients where each gets a delivery of its own, those that dropped out included; empty = the order is one delivery, number 1.</summary>
    public ImmutableArray<DestinationPlan> Plans { get; init => field = value.IsDefault ? [] : value; } = [];

    public required MappedValues Mapped { get; init; }

    /// <summary>The newest entries; older ones are moved out in blocks.</summary>
    public ImmutableArray<HistoryEntry> History { get; init; } = [];

    /// <summary>How many entries came before those in <see cref="History"/> and lie in blocks of their own.</summary>
    public int HistoryMoved { get; init; }

    /// <summary>True: the marketplace was the one who shipped or closed it; nothing of it is ours to ship or report.</summary>
    public bool HandledElsewhere { get; init; }

    public bool IsOpen => State is not (OrderState.Shipped or OrderState.Cancelled);

    /// <summary>What each of its deliveries takes of it, by their numbers; those that dropped out included.</summary>
    public IEnumerable<OrderPart> Parts => Plans.IsEmpty ? [Part(1)] : Plans.Select(p => Part(p.Number));

    /// <summary>代金引換金額: what is collected for this order, with its first delivery.</summary>
    public Yen CashOnDelivery => Mapped.Payment is PaymentMethod.CashOnDelivery ? Content.Amounts.Billed : Yen.Zero;

    /// <summary>What the delivery of this number takes of it; null = it has no such delivery.</summary>
    public OrderPart? FindPart(int number)
    {
        if (Plans.IsEmpty)
        {
            return number == 1 ? PartOf(new DestinationPlan(1, "", Mapped.Delivery, Mapped.TimeSlot, PlannedShipDate)) : null;
        }

        return Plans.FirstOrDefault(p => p.Number == number) is { } plan ? PartOf(plan) : null;
    }

    /// <exception cref="InvalidOperationException">It has no delivery of this number: an error of ours.</exception>
    public OrderPart Part(int number) => FindPart(number) ?? throw new InvalidOperationException($"Order {Key} has no delivery {number}.");

    /// <summary>The parcel of this delivery has left: 一部出荷済み until the last one has.</summary>
    public SalesOrder Ship(int number, DateTimeOffset at, string who, string why)
    {
        var order = this with { Plans = [.. Plans.Select(p => p.Number == number ? p with { Shipped = true } : p)] };
        return order.MoveTo(order.Plans.Any(p => p.IsOpen) ? OrderState.PartiallyShipped : OrderState.Shipped, at, who, why);
    }

    /// <summary>Nothing more of it leaves: キャンセル, or 出荷済み where a part of it has left before.</summary>
    public SalesOrder Close(DateTimeOffset at, string who, string why)
    {
        var order = this with { Holds = [], Plans = [.. Plans.Select(p => p.IsOpen ? p with { Dropped = true } : p)] };
        return order.MoveTo(Plans.Any(p => p.Shipped) ? OrderState.Shipped : OrderState.Cancelled, at, who, why);
    }

    /// <summary>A reason more to wait for a person; what has left in part stays 一部出荷済み, and the rest of it waits.</summary>
    public SalesOrder HoldFor(Hold hold, DateTimeOffset at, string who, string why)
    {
        var order = this with { Holds = [.. Holds.Where(h => h.Reason != hold.Reason), hold] };
        if (State is not OrderState.PartiallyShipped)
        {
            return order.MoveTo(OrderState.AwaitingConfirmation, at, who, why);
        }

        return Holds.Any(h => h.Reason == hold.Reason) ? order : order.Note(at, who, $"held for {hold.Code}", why);
    }

    /// <summary>Moves to another state and leaves a history entry; the same state changes nothing.</summary>
    /// <exception cref="InvalidOperationException">The table does not allow the move: an error of ours.</exception>
    public SalesOrder MoveTo(OrderState next, DateTimeOffset at, string who, string why)
    {
        if (next == State)
        {
            return this;
        }

        return OrderTransitions.Allows(State, next)
            ? this with { State = next, History = History.Add(new HistoryEntry(at, who, $"{State} → {next}", why)) }
            : throw new InvalidOperationException($"An order cannot go from {State} to {next}.");
    }

    public SalesOrder Note(DateTimeOffset at, string who, string what, string why = "") =>
        this with { History = History.Add(new HistoryEntry(at, who, what, why)) };

    /// <summary>A recipient that the order names no more: another's name and lines must not stand in its place.</summary>
    private static Destination Gone(string id) =>
        new(id, new Party("", "", "", "", "", "", "", "", ""), [], "", null, "", GiftRequest.None, Temperature.Normal);

    private OrderPart PartOf(DestinationPlan plan)
    {
        var whole = plan.Id.Length == 0;
        var to = Content.Destinations.Any(d => d.Id == plan.Id) || !(plan.Dropped || Content.Destinations.Length > 1) ? Content.To(plan.Id) : Gone(plan.Id);
        var collects = whole || plan.Number == Plans.Where(p => !p.Dropped).Select(p => p.Number).DefaultIfEmpty(1).Min();
        return new OrderPart(
            Key, plan.Number, plan.Id, to.Recipient, whole ? Content.Lines : [.. Content.Lines.Where(l => to.LineIds.Contains(l.LineId))], to.DeliveryText, plan.Delivery,
            to.Temperature, to.RequestedDate, to.TimeSlotText, plan.TimeSlot, to.Gift, plan.PlannedShipDate,
            collects ? CashOnDelivery : Yen.Zero, plan.Shipped, plan.Dropped);
    }
}

/// <summary>What the store's mapping makes of the marketplace's texts; null = no mapping row.</summary>
/// <param name="TimeSlot">Empty = none asked for.</param>
public sealed record MappedValues(PaymentMethod? Payment, DeliveryMethod? Delivery, string? TimeSlot);
