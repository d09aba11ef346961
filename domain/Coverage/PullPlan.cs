using System.Collections.Immutable;
using Domain.Marketplaces;
using Domain.Time;

namespace Domain.Coverage;

/// <summary>What a pull reads: the window minus what is covered, plus the tail that is always read again, plus a full pass when it is due.</summary>
public static class PullPlan
{
    /// <summary>The window's start: midnight JST of the day that many days before today. Windows stated in days are calendar days.</summary>
    public static DateTimeOffset WindowStart(int lookbackDays, DateTimeOffset now) => Jst.StartOf(Jst.DayOf(now).AddDays(-lookbackDays));

    /// <summary>The slices to read, oldest first, each within one JST day; for a lane that searches by day, whole days.</summary>
    public static ImmutableArray<Slice> Of(Lane lane, LaneCoverage coverage, DateTimeOffset now)
    {
        var window = new Interval(coverage.Horizon, now);
        var wanted = IntervalSet.Of(coverage.Covered.Holes(window))
            .Add(new Interval(now - TimeSpan.FromSeconds(lane.TailSeconds), now).Clip(window));
        if (FullPassIsDue(lane, coverage, now))
        {
            wanted = wanted.Add(coverage.FullPassReached is { } reached ? new Interval(reached, now).Clip(window) : window);
        }

        return [.. wanted.Spans.SelectMany(span => Days(lane, span, now)).Distinct().Select(span => new Slice(lane.Id, span))];
    }

    /// <summary>The slices of one span that a person asked for.</summary>
    public static ImmutableArray<Slice> Reading(Lane lane, Interval span, DateTimeOffset now) =>
        span.IsEmpty ? [] : [.. Days(lane, span, now).Select(day => new Slice(lane.Id, day))];

    public static bool FullPassIsDue(Lane lane, LaneCoverage coverage, DateTimeOffset now) =>
        coverage.FullPassAt is not { } last || now - last >= TimeSpan.FromHours(lane.FullPassHours);

    /// <summary>When the oldest hole begins to leave the window, or null when there is none older than <paramref name="youngerThan"/>.</summary>
    public static DateTimeOffset? HoleLeavesAt(LaneCoverage coverage, int lookbackDays, DateTimeOffset now, TimeSpan youngerThan) =>
        coverage.OldestHole(now - youngerThan) is { } hole
            ? Jst.StartOf(Jst.DayOf(hole.From).AddDays(lookbackDays + 1))
            : null;

    private static IEnumerable<Interval> Days(Lane lane, Interval span, DateTimeOffset now)
    {
        for (var day = Jst.DayOf(span.From); Jst.StartOf(day) < span.To; day = day.AddDays(1))
        {
            var whole = new Interval(Jst.StartOf(day), Jst.StartOf(day.AddDays(1)));
            yield return lane.Grain is LaneGrain.Day
                ? whole with { To = whole.To < now ? whole.To : now }
                : span.Clip(whole);
        }
    }
}
