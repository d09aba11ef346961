using System.Collections.Immutable;
using Domain.Stores;

namespace Domain.Orders;

/// <summary>Parts an order with several recipients (複数送付先) into a delivery each, and keeps the numbers as its readings change. Pure.</summary>
/// <param name="eachDestination">The store reports a number per recipient; otherwise such an order is one delivery, and held.</param>
/// <param name="judge">What the store makes of one recipient of an order, under this number.</param>
internal sealed class Recipients(bool eachDestination, Func<OrderSnapshot, int, Destination, DestinationPlan> judge)
{
    /// <summary>More would not fit the transactions that move an order and all its deliveries together.</summary>
    public const int Most = 20;

    /// <summary>Why the order cannot be parted, with the count of its recipients; null = one recipient, or it can.</summary>
    public string? Obstacle(OrderSnapshot content)
    {
        var several = content.Destinations;
        if (several.Length < 2)
        {
            return null;
        }

        var count = $"{several.Length}件";
        var going = several.SelectMany(d => d.LineIds).ToHashSet(StringComparer.Ordinal);
        return !eachDestination ? count
            : several.Length > Most ? $"{count}（上限{Most}件）"
            : several.Any(d => d.Id.Length == 0) || several.DistinctBy(d => d.Id).Count() < several.Length ? $"{count}（送付先番号がないか重複）"
            : content.Lines.Any(l => l.Standing is LineStanding.Open && !going.Contains(l.LineId)) ? $"{count}（送付先のない明細あり）"
            : null;
    }

    /// <summary>The deliveries of the order by its newest reading: known recipients keep their numbers, new ones get the next, those that are gone drop out.</summary>
    public ImmutableArray<DestinationPlan> Of(SalesOrder? known, OrderSnapshot content)
    {
        var before = known?.Plans ?? [];
        if (content.Incomplete || (before.IsEmpty && (content.Destinations.Length < 2 || Obstacle(content) is not null)))
        {
            return before;
        }

        if (content.Destinations.Length < 2)
        {
            return Remaining(known!, content);
        }

        var plans = before
            .Select(p => !p.IsOpen ? p
                : content.Destinations.FirstOrDefault(d => d.Id == p.Id) is { } there && Takes(there, content) ? judge(content, p.Number, there)
                : p with { Dropped = true })
            .ToList();
        foreach (var destination in content.Destinations.Where(d => Takes(d, content)))
        {
            if (!plans.Any(p => p.Id == destination.Id && !p.Dropped))
            {
                plans.Add(judge(content, plans.Count + 1, destination));
            }
        }

        return [.. plans];
    }

    /// <summary>A single recipient is left: the one that it names, else the one with the same address, else the first that is still to be shipped.</summary>
    private ImmutableArray<DestinationPlan> Remaining(SalesOrder known, OrderSnapshot content)
    {
        var live = known.Plans.Where(p => !p.Dropped).ToArray();
        var stays = live.FirstOrDefault(p => content.Destinations.Any(d => d.Id == p.Id))
            ?? live.FirstOrDefault(p => known.Content.To(p.Id).Recipient == content.Recipient)
            ?? live.FirstOrDefault(p => p.IsOpen);
        return [.. known.Plans.Select(p => !p.IsOpen ? p : p == stays ? judge(content, p.Number, content.To(p.Id)) : p with { Dropped = true })];
    }

    /// <summary>Something is still to be sent there.</summary>
    private static bool Takes(Destination destination, OrderSnapshot content)
    {
        var lines = content.Lines.Where(l => destination.LineIds.Contains(l.LineId)).ToArray();
        return lines.Length == 0 || lines.Any(l => l.Standing is LineStanding.Open or LineStanding.CancelRequested);
    }

    /// <summary>What the marketplace says is shipped without our parcel having left drops out: someone else has sent it.</summary>
    public static ImmutableArray<DestinationPlan> WithoutShippedThere(ImmutableArray<DestinationPlan> plans, OrderSnapshot content) =>
        [.. plans.Select(p => p.IsOpen && (content.To(p.Id).Reported is not null || !Takes(content.To(p.Id), content)) ? p with { Dropped = true } : p)];
}
