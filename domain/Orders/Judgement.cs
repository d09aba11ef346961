using System.Collections.Immutable;
using Domain.Marketplaces;
using Domain.Stores;
using Domain.Time;

namespace Domain.Orders;

/// <summary>What a store makes of a marketplace's order: holds, gates, planned ship date. Pure; the same input always gives the same order.</summary>
/// <param name="mappings">The store's rows over the manifest's defaults.</param>
/// <param name="eachDestination">The store reports a number per recipient: an order with several becomes a delivery each. False: it is held.</param>
public sealed class Judgement(Store store, StoreMappings mappings, bool eachDestination = false)
{
    /// <summary>The judgement of a store by what its marketplace can do.</summary>
    public static Judgement Of(Store store, Manifest manifest) =>
        new(store, store.Mappings.Over(manifest.DefaultMappings), manifest.ReportsEachDestination(store));

    /// <summary>Judges an order that was not known.</summary>
    /// <param name="at">When it was read, UTC.</param>
    /// <param name="who">Who brought it: <c>pull</c>, or who imported a file.</param>
    public SalesOrder New(OrderSnapshot content, DateTimeOffset at, string who = "pull")
    {
        var mapped = Map(content);
        var plans = IsClosed(content) ? [] : Recipients.Of(null, content);
        var holds = HoldsOf(content, mapped, plans, []);
        var state = StateOf(content, mapped, holds);
        return new SalesOrder
        {
            Key = new OrderKey(store.Id, content.Code),
            Content = content,
            State = state,
            Holds = holds,
            ImportedAt = at,
            Mapped = mapped,
            Plans = plans,
            PlannedShipDate = PlannedShipDate(content, plans),
            HandledElsewhere = state is OrderState.Shipped,
            History = [new HistoryEntry(at, who, $"imported as {state}", Reasons(content, holds))],
        };
    }

    /// <summary>Judges a known order anew, after the marketplace or the store's mappings changed.</summary>
    /// <remarks>What has been shipped by us or cancelled stays as it is; only its content is kept current. Of what has left in part, the rest is judged.</remarks>
    public SalesOrder Again(SalesOrder known, OrderSnapshot content, DateTimeOffset at, string who)
    {
        content = Completed(known.Content, Merge(known.Content, content));
        var mapped = Map(content);
        var order = known with { Content = content, Mapped = mapped };
        if (known.Content.Incomplete && !content.Incomplete)
        {
            order = order.Note(at, who, "completed");
        }

        if (known.State is OrderState.Cancelled or OrderState.Shipped)
        {
            return order;
        }

        order = order with { Plans = IsClosed(content) ? known.Plans : Recipients.Of(known, content) };
        if (known.State is OrderState.PartiallyShipped)
        {
            return RestOf(order, at, who);
        }

        var holds = HoldsOf(content, mapped, order.Plans, known.Resolved);
        var next = StateOf(content, mapped, holds);
        order = order with
        {
            Holds = [.. holds, .. PersonsHolds(known)],
            PlannedShipDate = PlannedShipDate(content, order.Plans),
            HandledElsewhere = next is OrderState.Shipped,
        };
        if (order.Holds.Length > holds.Length && next is not (OrderState.Cancelled or OrderState.Shipped))
        {
            next = OrderState.AwaitingConfirmation;
        }

        return order.MoveTo(next, at, who, Reasons(content, order.Holds));
    }

    /// <summary>What is left of an order at 一部出荷済み: it may follow, waits while something holds it, or falls away with a cancel.</summary>
    private SalesOrder RestOf(SalesOrder order, DateTimeOffset at, string who)
    {
        var content = order.Content;
        if (content.Standing is MarketplaceStanding.Cancelled)
        {
            return order.Close(at, who, "the rest was cancelled at the marketplace");
        }

        if (IsClosed(content))
        {
            order = order with { Plans = Recipients.WithoutShippedThere(order.Plans, content) };
        }

        if (!order.Plans.Any(p => p.IsOpen))
        {
            return order.Close(at, who, "nothing is left to be shipped");
        }

        var holds = HoldsOf(content, order.Mapped, order.Plans, order.Resolved);
        var shippedThere = new Hold(HoldReason.PartlyShippedElsewhere, content.RawStatus);
        holds = IsClosed(content) && !order.Resolved.Contains(shippedThere) ? [shippedThere]
            : holds.IsEmpty && StateOf(content, order.Mapped, holds) is OrderState.AwaitingPayment ? [new Hold(HoldReason.InReview, content.RawStatus)]
            : holds;
        var before = order.Holds;
        order = order with { Holds = [.. holds, .. PersonsHolds(order)], PlannedShipDate = PlannedShipDate(content, order.Plans) };
        return before.SequenceEqual(order.Holds) ? order : order.Note(at, who, order.Holds.IsEmpty ? "the rest is free" : "the rest is held", Reasons(content, order.Holds));
    }

    /// <summary>A person's own hold outlives every reading.</summary>
    private static IEnumerable<Hold> PersonsHolds(SalesOrder known) => known.Holds.Where(h => h.Reason is HoldReason.ByPerson or HoldReason.CancelledWhileInWork);

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
    private DateOnly PlannedShipDate(OrderSnapshot content, DateOnly? requested)
    {
        if (requested is { } day)
        {
            return day;
        }

        var placed = Jst.In(content.PlacedAt);
        day = DateOnly.FromDateTime(placed.DateTime);
        return TimeOnly.FromDateTime(placed.DateTime) < store.CutOff ? day : day.AddDays(1);
    }

    /// <summary>The order's: of several recipients the earliest that is still to be shipped.</summary>
    private DateOnly PlannedShipDate(OrderSnapshot content, ImmutableArray<DestinationPlan> plans) =>
        plans.Where(p => p.IsOpen).Select(p => p.PlannedShipDate).DefaultIfEmpty(PlannedShipDate(content, content.RequestedDate)).Min();

    private MappedValues Map(OrderSnapshot content) => new(
        mappings.Payments.TryGetValue(content.Payment.MethodText, out var payment) ? payment : null,
        Delivery(content.DeliveryText, content.Temperature),
        TimeSlot(content.TimeSlotText));

    private DestinationPlan Plan(OrderSnapshot content, int number, Destination to) => new(
        number, to.Id, Delivery(to.DeliveryText, to.Temperature), TimeSlot(to.TimeSlotText), PlannedShipDate(content, to.RequestedDate));

    /// <summary>The colder of the two temperatures counts: what the mapping says of the method, and what the marketplace says of the goods.</summary>
    private DeliveryMethod? Delivery(string text, Temperature goods) =>
        mappings.Deliveries.GetValueOrDefault(text) is { } method ? method with { Temperature = method.Temperature > goods ? method.Temperature : goods } : null;

    private string? TimeSlot(string text) => text.Length == 0 ? "" : mappings.TimeSlots.GetValueOrDefault(text);

    private ImmutableArray<Hold> HoldsOf(OrderSnapshot content, MappedValues mapped, ImmutableArray<DestinationPlan> plans, ImmutableArray<Hold> resolved)
    {
        if (IsClosed(content))
        {
            return [];
        }

        // Of an order that we shipped in part, the marketplace shows that part as shipped: that is our own doing.
        var ours = plans.Where(p => p.Shipped).SelectMany(p => content.To(p.Id).LineIds).ToHashSet(StringComparer.Ordinal);
        var holds = ImmutableArray.CreateBuilder<Hold>();
        holds.AddRange(content.MarketplaceHolds.Where(h => ours.Count == 0 || h.Reason is not HoldReason.PartlyShippedElsewhere));
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

        var destinations = DestinationsOf(content, plans);
        var obstacle = Recipients.Obstacle(content);
        If(mapped.Payment is null, HoldReason.UnmappedPayment, content.Payment.MethodText);
        Each(HoldReason.UnmappedDeliveryMethod, d => Delivery(d.DeliveryText, d.Temperature) is null ? d.DeliveryText : null);
        Each(HoldReason.UnmappedTimeSlot, d => TimeSlot(d.TimeSlotText) is null ? d.TimeSlotText : null);
        if (store.HoldUnmappedSkus)
        {
            holds.AddRange(content.Lines.Where(l => l.Standing is LineStanding.Open).Select(l => l.Sku).Distinct(StringComparer.Ordinal)
                .Where(sku => !mappings.Skus.ContainsKey(sku)).Select(sku => new Hold(HoldReason.UnmappedSku, sku)));
        }

        If(content.BuyerNote.Length > 0, HoldReason.BuyerNote);
        If(content.Amounts.Reckoned != content.Amounts.Billed, HoldReason.TotalsDifference, $"{content.Amounts.Reckoned} ≠ {content.Amounts.Billed}");
        If(!destinations.All(d => LooksDeliverable(d.Recipient)), HoldReason.SuspiciousAddress);
        If(content.Standing is MarketplaceStanding.InReview && holds.Count == 0, HoldReason.InReview, content.RawStatus);
        If(content.Standing is MarketplaceStanding.CancelRequested, HoldReason.CancelRequested);
        If(content.Standing is MarketplaceStanding.Reserved, HoldReason.Reserved);
        If(content.Lines.Any(l => l.Standing is LineStanding.Cancelled), HoldReason.PartlyCancelled);
        If(content.Lines.Any(l => l.Standing is LineStanding.CancelRequested), HoldReason.CancelRequested);
        If(content.Lines.Any(l => l.Standing is LineStanding.Shipped && !ours.Contains(l.LineId)), HoldReason.PartlyShippedElsewhere);
        If(obstacle is not null, HoldReason.SeveralDestinations, obstacle ?? "");

        // What the marketplace still holds cannot be resolved away by a person, nor can a parcel to one of several recipients that holds everything.
        return [.. holds.Where(h => !resolved.Contains(h) || h.Reason is HoldReason.InReview or HoldReason.CancelRequested or HoldReason.UnmappedDeliveryMethod
            || (h.Reason is HoldReason.SeveralDestinations && obstacle is not null))];

        // One hold for each text, so that every missing mapping is named.
        void Each(HoldReason reason, Func<Destination, string?> unmapped)
        {
            if (!holds.Any(h => h.Reason == reason))
            {
                holds.AddRange(destinations.Select(unmapped).OfType<string>().Distinct(StringComparer.Ordinal).Select(text => new Hold(reason, text)));
            }
        }
    }

    /// <summary>Everyone to whom something is still to be sent.</summary>
    private static ImmutableArray<Destination> DestinationsOf(OrderSnapshot content, ImmutableArray<DestinationPlan> plans) =>
        !plans.IsEmpty ? [.. plans.Where(p => p.IsOpen).Select(p => content.To(p.Id))]
        : content.Destinations.Length > 1 ? content.Destinations
        : [content.To("")];

    private static bool IsClosed(OrderSnapshot content) =>
        content.Standing is MarketplaceStanding.Cancelled or MarketplaceStanding.Shipped or MarketplaceStanding.Completed;

    private Recipients Recipients => new(eachDestination, Plan);

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
