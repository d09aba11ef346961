using System.Collections.Immutable;

namespace Domain.Coverage;

/// <summary>The spans of time that were read completely, as disjoint intervals in order. Immutable.</summary>
public sealed class IntervalSet : IEquatable<IntervalSet>
{
    public static readonly IntervalSet Empty = new([]);

    private IntervalSet(ImmutableArray<Interval> spans) => Spans = spans;

    public ImmutableArray<Interval> Spans { get; }

    public static IntervalSet Of(IEnumerable<Interval> spans) => spans.Aggregate(Empty, (set, span) => set.Add(span));

    /// <summary>With that span covered too; touching spans become one.</summary>
    public IntervalSet Add(Interval added)
    {
        if (added.IsEmpty)
        {
            return this;
        }

        var spans = ImmutableArray.CreateBuilder<Interval>(Spans.Length + 1);
        foreach (var span in Spans)
        {
            if (span.To < added.From || span.From > added.To)
            {
                spans.Add(span);
            }
            else
            {
                added = new Interval(Earlier(span.From, added.From), Later(span.To, added.To));
            }
        }

        var place = 0;
        while (place < spans.Count && spans[place].From < added.From)
        {
            place++;
        }

        spans.Insert(place, added);
        return new IntervalSet(spans.ToImmutable());
    }

    /// <summary>Without that span.</summary>
    public IntervalSet Remove(Interval removed)
    {
        var spans = ImmutableArray.CreateBuilder<Interval>(Spans.Length + 1);
        foreach (var span in Spans)
        {
            var before = new Interval(span.From, Earlier(span.To, removed.From));
            var after = new Interval(Later(span.From, removed.To), span.To);
            if (removed.IsEmpty || removed.To <= span.From || removed.From >= span.To)
            {
                spans.Add(span);
                continue;
            }

            if (!before.IsEmpty)
            {
                spans.Add(before);
            }

            if (!after.IsEmpty)
            {
                spans.Add(after);
            }
        }

        return new IntervalSet(spans.ToImmutable());
    }

    /// <summary>What of <paramref name="window"/> is not covered, in order.</summary>
    public ImmutableArray<Interval> Holes(Interval window)
    {
        var holes = Of([window]);
        foreach (var span in Spans)
        {
            holes = holes.Remove(span);
        }

        return holes.Spans;
    }

    /// <summary>Only what lies in <paramref name="window"/>.</summary>
    public IntervalSet Clip(Interval window) => Of(Spans.Select(s => s.Clip(window)));

    public bool Covers(Interval span) => span.IsEmpty || Spans.Any(s => s.From <= span.From && s.To >= span.To);

    public bool Equals(IntervalSet? other) => other is not null && Spans.SequenceEqual(other.Spans);

    public override bool Equals(object? obj) => Equals(obj as IntervalSet);

    public override int GetHashCode() => Spans.Aggregate(0, HashCode.Combine);

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
