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

    /// <summary>出荷予定日, a JST day.</summary>
    public required DateOnly PlannedShipDate { get; init; }

    public required MappedValues Mapped { get; init; }

    /// <summary>The newest entries; older ones are moved out in blocks.</summary>
    public ImmutableArray<HistoryEntry> History { get; init; } = [];

    /// <summary>How many entries came before those in <see cref="History"/> and lie in blocks of their own.</summary>
    public int HistoryMoved { get; init; }

    /// <summary>True: the marketplace was the one who shipped or closed it; nothing of it is ours to ship or report.</summary>
    public bool HandledElsewhere { get; init; }

    public bool IsOpen => State is not (OrderState.Shipped or OrderState.Cancelled);

    /// <summary>代金引換金額: what the parcel collects for this order.</summary>
    public Yen CashOnDelivery => Mapped.Payment is PaymentMethod.CashOnDelivery ? Content.Amounts.Billed : Yen.Zero;

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
}

/// <summary>What the store's mapping makes of the marketplace's texts; null = no mapping row.</summary>
/// <param name="TimeSlot">Empty = none asked for.</param>
public sealed record MappedValues(PaymentMethod? Payment, DeliveryMethod? Delivery, string? TimeSlot);
