using System.Collections.Immutable;
using Domain.Stores;
using Domain.Time;

namespace Domain.Orders;

/// <summary>What a store makes of a marketplace's order: holds, gates, planned ship date. Pure; the same input always gives the same order.</summary>
/// <param name="mappings">The store's rows over the manifest's defaults.</param>
public sealed class Judgement(Store store, StoreMappings mappings)
{
    /// <summary>Judges an order that was not known.</summary>
    /// <param name="at">When it was read, UTC.</param>
    /// <param name="who">Who brought it: <c>pull</c>, or who imported a file.</param>
    public SalesOrder New(OrderSnapshot content, DateTimeOffset at, string who = "pull")
    {
        var mapped = Map(content);
        var holds = HoldsOf(content, mapped, []);
        var state = StateOf(content, mapped, holds);
        return new SalesOrder
        {
            Key = new OrderKey(store.Id, content.Code),
            Content = content,
            State = state,
            Holds = holds,
            ImportedAt = at,
            Mapped = mapped,
            PlannedShipDate = PlannedShipDate(content),
            HandledElsewhere = state is OrderState.Shipped,
            History = [new HistoryEntry(at, who, $"imported as {state}", Reasons(content, holds))],
        };
    }

    /// <summary>Judges a known order anew, after the marketplace or the store's mappings changed.</summary>
    /// <remarks>What has been shipped by us or cancelled stays as it is; only its content is kept current.</remarks>
    public SalesOrder Again(SalesOrder known, OrderSnapshot content, DateTimeOffset at, string who)
    {
        content = Completed(known.Content, Merge(known.Content, content));
        var mapped = Map(content);
        var holds = HoldsOf(content, mapped, known.Resolved);
        var order = known with { Content = content, Mapped = mapped };
        if (known.Content.Incomplete && !content.Incomplete)
        {
            order = order.Note(at, who, "completed");
        }

        if (known.State is OrderState.Cancelled or OrderState.Shipped or OrderState.PartiallyShipped)
        {
            return order;
        }

        var next = StateOf(content, mapped, holds);
        order = order with
        {
            // A person's own hold outlives every reading.
            Holds = [.. holds, .. known.Holds.Where(h => h.Reason is HoldReason.ByPerson or HoldReason.CancelledWhileInWork)],
            PlannedShipDate = PlannedShipDate(content),
            HandledElsewhere = next is OrderState.Shipped,
        };
        if (order.Holds.Length > holds.Length && next is not (OrderState.Cancelled or OrderState.Shipped))
        {
            next = OrderState.AwaitingConfirmation;
        }

        return order.MoveTo(next, at, who, Reasons(content, order.Holds));
    }

    /// <summary>A person resolves a hold (対応済み).</summary>
    public SalesOrder Resolve(SalesOrder known, HoldReason reason, DateTimeOffset at, string who)
    {
        var resolved = known.Holds.Where(h => h.Reason == reason).ToImmutableArray();
        if (resolved.IsEmpty)
        {
            return known;
        }

        var order = known with
        {
            Holds = [.. known.Holds.Where(h => h.Reason != reason)],
            Resolved = [.. known.Resolved, .. resolved],
        };
        order = order.Note(at, who, $"resolved {Hold.CodeOf(reason)}");
        return Again(order, order.Content, at, who);
    }

    /// <summary>出荷予定日: the requested day, else the day of the order, or the next day after the cut-off. Calendars come later.</summary>
    public DateOnly PlannedShipDate(OrderSnapshot content)
    {
        if (content.RequestedDate is { } requested)
        {
            return requested;
        }

        var placed = Jst.In(content.PlacedAt);
        var day = DateOnly.FromDateTime(placed.DateTime);
        return TimeOnly.FromDateTime(placed.DateTime) < store.CutOff ? day : day.AddDays(1);
    }

    private MappedValues Map(OrderSnapshot content) => new(
        mappings.Payments.TryGetValue(content.Payment.MethodText, out var payment) ? payment : null,
        mappings.Deliveries.GetValueOrDefault(content.DeliveryText),
        content.TimeSlotText.Length == 0 ? "" : mappings.TimeSlots.GetValueOrDefault(content.TimeSlotText));

    private static ImmutableArray<Hold> HoldsOf(OrderSnapshot content, MappedValues mapped, ImmutableArray<Hold> resolved)
    {
        if (content.Standing is MarketplaceStanding.Cancelled or MarketplaceStanding.Shipped or MarketplaceStanding.Completed)
        {
            return [];
        }

        var holds = ImmutableArray.CreateBuilder<Hold>();
        holds.AddRange(content.MarketplaceHolds);
        void If(bool stands, HoldReason reason, string detail = "")
        {
            if (stands && !holds.Any(h => h.Reason == reason))
            {
                holds.Add(new Hold(reason, detail));
            }
        }

        If(content.Incomplete, HoldReason.Incomplete);
        if (content.Incomplete)
        {
            return holds.ToImmutable(); // what is missing would only be named a second time
        }

        If(mapped.Payment is null, HoldReason.UnmappedPayment, content.Payment.MethodText);
        If(mapped.Delivery is null, HoldReason.UnmappedDeliveryMethod, content.DeliveryText);
        If(mapped.TimeSlot is null, HoldReason.UnmappedTimeSlot, content.TimeSlotText);
        If(content.BuyerNote.Length > 0, HoldReason.BuyerNote);
        If(content.Amounts.Reckoned != content.Amounts.Billed, HoldReason.TotalsDifference, $"{content.Amounts.Reckoned} ≠ {content.Amounts.Billed}");
        If(!LooksDeliverable(content.Recipient), HoldReason.SuspiciousAddress);
        If(content.Standing is MarketplaceStanding.InReview && holds.Count == 0, HoldReason.InReview, content.RawStatus);
        If(content.Standing is MarketplaceStanding.CancelRequested, HoldReason.CancelRequested);
        If(content.Standing is MarketplaceStanding.Reserved, HoldReason.Reserved);
        If(content.Lines.Any(l => l.Standing is LineStanding.Cancelled), HoldReason.PartlyCancelled);
        If(content.Lines.Any(l => l.Standing is LineStanding.CancelRequested), HoldReason.CancelRequested);
        If(content.Lines.Any(l => l.Standing is LineStanding.Shipped), HoldReason.PartlyShippedElsewhere);

        // What the marketplace still holds cannot be resolved away by a person.
        return [.. holds.Where(h => !resolved.Contains(h) || h.Reason is HoldReason.InReview or HoldReason.CancelRequested or HoldReason.UnmappedDeliveryMethod)];
    }

    private static OrderState StateOf(OrderSnapshot content, MappedValues mapped, ImmutableArray<Hold> holds) => content.Standing switch
    {
        MarketplaceStanding.Cancelled => OrderState.Cancelled,
        MarketplaceStanding.Shipped or MarketplaceStanding.Completed => OrderState.Shipped,
        _ when content.Lines.Length > 0 && content.Lines.All(l => l.Standing is LineStanding.Cancelled) => OrderState.Cancelled,
        _ when content.Incomplete => OrderState.PendingProcessing,
        _ when !holds.IsEmpty => OrderState.AwaitingConfirmation,
        MarketplaceStanding.AwaitingPayment => OrderState.AwaitingPayment,
        _ when content.Payment.Standing is PaymentStanding.Unpaid
            && mapped.Payment is not (PaymentMethod.CashOnDelivery or PaymentMethod.Deferred) => OrderState.AwaitingPayment,
        _ => OrderState.AwaitingShipment,
    };

    /// <summary>A list that omits lines must not make them disappear: what it does not show stays as it was.</summary>
    private static OrderSnapshot Merge(OrderSnapshot known, OrderSnapshot read)
    {
        if (!read.MayOmitLines)
        {
            return read;
        }

        var shown = read.Lines.Select(l => l.LineId).ToHashSet(StringComparer.Ordinal);
        if (known.FileVersion is not null && read.FileVersion is null && !known.Lines.Any(l => shown.Contains(l.LineId)))
        {
            return read; // a file without line ids numbered them by itself: they are the same lines
        }

        return read with { Lines = [.. known.Lines.Where(l => !shown.Contains(l.LineId)).Concat(read.Lines).OrderBy(l => l.LineId, StringComparer.Ordinal)] };
    }

    /// <summary>What a file has completed, a later reading in part does not take away: it only moves the standing.</summary>
    private static OrderSnapshot Completed(OrderSnapshot known, OrderSnapshot read) => read.Incomplete && !known.Incomplete
        ? known with { Standing = read.Standing, RawStatus = read.RawStatus }
        : read;

    private static bool LooksDeliverable(Party recipient) =>
        recipient.Name.Trim().Length > 0
        && recipient.Prefecture.Length > 0
        && (recipient.City + recipient.Street).Trim().Length > 0
        && recipient.PostalCode.Count(char.IsAsciiDigit) == 7;

    private static string Reasons(OrderSnapshot content, ImmutableArray<Hold> holds) =>
        holds.IsEmpty ? content.RawStatus : string.Join(", ", holds.Select(h => h.Code));
}
