namespace Domain.Coverage;

/// <summary>What of one store's lane has been read completely.</summary>
/// <param name="Lane">The lane's id from the manifest.</param>
/// <param name="Covered">The spans that were read to their last page and stored.</param>
/// <param name="Horizon">Everything before it has been accounted for: covered, or named as a gap.</param>
/// <param name="FullPassAt">When the last scheduled full pass began; UTC.</param>
public sealed record LaneCoverage(string Lane, IntervalSet Covered, DateTimeOffset Horizon, DateTimeOffset? FullPassAt)
{
    /// <summary>When a pull last came to the lane's end; UTC.</summary>
    public DateTimeOffset? ReadAt { get; init; }

    /// <summary>How far a full pass that takes more than one run has come; UTC, null = none is under way.</summary>
    public DateTimeOffset? FullPassReached { get; init; }

    /// <summary>A lane that nobody has read: its duty begins at the window's start.</summary>
    public static LaneCoverage Fresh(string lane, DateTimeOffset windowStart) => new(lane, IntervalSet.Empty, windowStart, null);

    /// <summary>Credits a slice that was read completely, stored, and begun at <paramref name="readStart"/>.</summary>
    /// <param name="settle">The lane's settle time: what is younger may still become visible.</param>
    public LaneCoverage Credit(Interval slice, DateTimeOffset readStart, TimeSpan settle)
    {
        var safe = readStart - settle;
        return this with { Covered = Covered.Add(slice with { To = slice.To < safe ? slice.To : safe }) };
    }

    /// <summary>What two pulls at once have read together.</summary>
    public LaneCoverage With(LaneCoverage other) => this with
    {
        Covered = other.Covered.Spans.Aggregate(Covered, (set, span) => set.Add(span)).Remove(new Interval(DateTimeOffset.MinValue, Later(Horizon, other.Horizon))),
        Horizon = Later(Horizon, other.Horizon),
        FullPassAt = Latest(FullPassAt, other.FullPassAt),
        FullPassReached = FullPassAt == other.FullPassAt ? Latest(FullPassReached, other.FullPassReached)
            : Latest(FullPassAt, other.FullPassAt) == FullPassAt ? FullPassReached : other.FullPassReached,
        ReadAt = Latest(ReadAt, other.ReadAt),
    };

    /// <summary>The window moves on. What leaves it uncovered is a gap: it can no longer be fetched.</summary>
    public (LaneCoverage Lane, IReadOnlyList<Interval> Gaps) MoveTo(DateTimeOffset windowStart)
    {
        if (windowStart <= Horizon)
        {
            return (this, []);
        }

        var gaps = Covered.Holes(new Interval(Horizon, windowStart));
        return (this with { Horizon = windowStart, Covered = Covered.Remove(new Interval(DateTimeOffset.MinValue, windowStart)) }, [.. gaps]);
    }

    /// <summary>The oldest stretch of the window that has not been read, up to <paramref name="until"/>; null = none.</summary>
    public Interval? OldestHole(DateTimeOffset until) =>
        Covered.Holes(new Interval(Horizon, until)) is [var first, ..] ? first : null;

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static DateTimeOffset? Latest(DateTimeOffset? a, DateTimeOffset? b) => a is null ? b : b is null ? a : Later(a.Value, b.Value);
}
