namespace Domain.Coverage;

/// <summary>A half-open span of time, UTC: <paramref name="From"/> is in it, <paramref name="To"/> is not.</summary>
public readonly record struct Interval(DateTimeOffset From, DateTimeOffset To)
{
    public TimeSpan Length => To - From;

    public bool IsEmpty => To <= From;

    public bool Contains(DateTimeOffset instant) => instant >= From && instant < To;

    public Interval Clip(Interval bounds) => new(From > bounds.From ? From : bounds.From, To < bounds.To ? To : bounds.To);
}
