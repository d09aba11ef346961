using System.Collections.Immutable;
using Domain.Deliveries;
using Domain.Marketplaces;
using Domain.Orders;

namespace Domain.Shipments;

/// <summary>Where one call of a push stands.</summary>
public enum PushState
{
    Planned,

    /// <summary>The call was begun; until its end is written, its effect is unknown.</summary>
    Sending,
    Confirmed,
    Rejected,

    /// <summary>No answer came (結果不明): read back before anything is sent again.</summary>
    Unknown,
}

/// <param name="Detail">The marketplace's code and reason, or a warning; without personal data.</param>
public sealed record PushStepEntry(string Step, PushState State, DateTimeOffset At, int Attempts, string Detail);

/// <summary>The ledger row of one order (of one recipient where it has several) and shipment revision: what was sent to the marketplace and what is known of it.</summary>
public sealed record PushEntry
{
    public required OrderKey Order { get; init; }

    /// <summary>The number of the order's own delivery that it reports on; 1 where the order has one recipient.</summary>
    public int Part { get; init => field = Math.Max(1, value); } = 1;

    /// <summary>The recipient's id at the marketplace where the order has several; null = the report is on the whole order.</summary>
    public string? Destination { get; init; }

    public required int Revision { get; init; }

    /// <summary>The delivery that carried it: its own, or the one that it was bundled into.</summary>
    public required DeliveryId Delivery { get; init; }

    public required string Service { get; init; }

    public required TrackingNumber Number { get; init; }

    /// <summary>出荷日, a JST day.</summary>
    public required DateOnly ShippedOn { get; init; }

    public required DateTimeOffset PlacedAt { get; init; }

    public required ImmutableArray<string> LineIds { get; init; }

    public required ImmutableArray<PushStepEntry> Steps { get; init; }

    /// <summary>True when a newer revision has taken its place before it was sent.</summary>
    public bool Superseded { get; init; }

    /// <summary>The trace of the delivery that it reports on; null = none was kept.</summary>
    public string? Trace { get; init; }

    public bool IsConfirmed => Steps.All(s => s.State is PushState.Confirmed);

    public bool IsOver => Superseded || IsConfirmed || Steps.Any(s => s.State is PushState.Rejected);

    /// <summary>The first step that is not confirmed; the next one is never sent before it.</summary>
    public PushStepEntry? Current => IsOver ? null : Steps.FirstOrDefault(s => s.State is not PushState.Confirmed);

    /// <param name="complete">With the optional steps, which close the order: of several recipients' reports only the last one carries them.</param>
    /// <param name="number">Which of the order's own deliveries it reports on.</param>
    public static PushEntry Plan(
        OutboundDelivery delivery, SalesOrder order, Shipment shipment, Manifest manifest, bool complete, DateTimeOffset at, int number = 1)
    {
        var part = order.Part(number);
        return new PushEntry
        {
            Order = order.Key,
            Part = number,
            Destination = part.Destination.Length == 0 ? null : part.Destination,
            Revision = shipment.Revision,
            Delivery = delivery.Id,
            Service = shipment.Service,
            Number = shipment.Number,
            ShippedOn = Time.Jst.DayOf(shipment.ShippedAt),
            PlacedAt = order.Content.PlacedAt,
            LineIds = [.. part.Lines.Where(l => l.Standing is LineStanding.Open).Select(l => l.LineId)],
            Steps = [.. manifest.PushSteps.Where(s => complete || !s.Optional).Select(s => new PushStepEntry(s.Step, PushState.Planned, at, 0, ""))],
        };
    }

    public PushEntry Set(string step, PushState state, DateTimeOffset at, string detail = "") => this with
    {
        Steps = [.. Steps.Select(s => s.Step == step
            ? s with { State = state, At = at, Attempts = s.Attempts + (state is PushState.Sending ? 1 : 0), Detail = detail }
            : s)],
    };

    public ShipmentReport Report() => new(new OrderReference(Order.Code, PlacedAt, LineIds), Service, Number.Value, ShippedOn, Destination ?? "");
}

/// <summary>What to do next for an entry.</summary>
public enum PushMove
{
    /// <summary>Nothing: it is over.</summary>
    None,

    /// <summary>Send the current step.</summary>
    Send,

    /// <summary>Ask the marketplace what it holds, then decide.</summary>
    ReadBack,

    /// <summary>A person must look (結果不明).</summary>
    AskPerson,
}

public static class PushRule
{
    /// <summary>A step whose effect is unknown is read back; where there is no read, only a harmless one is sent again.</summary>
    public static PushMove Next(PushEntry entry, Manifest manifest, bool canReadBack)
    {
        if (entry.Current is not { } step)
        {
            return PushMove.None;
        }

        if (step.State is PushState.Planned)
        {
            return PushMove.Send;
        }

        var repeat = manifest.PushSteps.Single(s => s.Step == step.Step).Repeat;
        return canReadBack ? PushMove.ReadBack : repeat is Repeatability.Harmless ? PushMove.Send : PushMove.AskPerson;
    }

    /// <summary>What a read-back says about an unknown step: done, or not done and safe to send.</summary>
    /// <param name="completes">The step closes the order rather than storing the number.</param>
    public static bool IsDone(PushEntry entry, ReportedState state, bool completes) =>
        completes
            ? state.Standing is MarketplaceStanding.Completed
            : state.Holds(entry.Number.Value, entry.Destination ?? "");
}
