using Domain.Marketplaces;
using Domain.Time;
using Infra.Storage;

namespace Infra.Marketplaces;

/// <summary>One limit of one account as this instance holds it: the stretch of time that it has leased, and what it has used of it.</summary>
/// <remarks>A leased stretch belongs to this instance alone. Inside it calls keep one step between them, and the last one a step to its end;
/// so no two calls of all instances are ever closer than a step. Guarded by the budget's gate.</remarks>
internal sealed class LeasedLimit
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>A call that comes so soon after the last one belongs to the same work.</summary>
    private static readonly TimeSpan GoesOnWithin = TimeSpan.FromSeconds(2);

    private readonly BudgetOptions _options;
    private readonly Queue<DateTimeOffset> _lastMinute = new();
    private DateTimeOffset _from;
    private DateTimeOffset _to;
    private DateTimeOffset _last = DateTimeOffset.UnixEpoch;
    private int _block;
    private int _left;
    private DateOnly _day;
    private int _waiting;

    public LeasedLimit(string key, CallLimit limit, BudgetOptions options)
    {
        var share = 1 - (options.MarginPercent / 100);
        _options = options;
        Key = key;
        Step = limit.PerSecond is { } rate ? TimeSpan.FromTicks((long)Math.Ceiling(TimeSpan.TicksPerSecond / (rate * share))) : null;
        PerDay = limit.PerDay is { } day ? (long)Math.Floor(day * share) : null;
        InFlight = limit.Serial ? new SemaphoreSlim(1, 1) : null;
    }

    public string Key { get; }

    /// <summary>Between two calls; null = the limit knows no rate.</summary>
    public TimeSpan? Step { get; }

    public long? PerDay { get; }

    /// <summary>Set where only one call may be in flight.</summary>
    public SemaphoreSlim? InFlight { get; }

    /// <summary>The row as it was last read or written; null = not known.</summary>
    public BudgetRow? Row { get; set; }

    /// <summary>The version of <see cref="Row"/>; null = there is no row yet.</summary>
    public string? ETag { get; set; }

    /// <summary>Callers of this instance that wait for a time.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    public void AddWaiting(int callers) => Interlocked.Add(ref _waiting, callers);

    /// <summary>The earliest time from <paramref name="at"/> on that the lease allows; null = a new lease is needed.</summary>
    public DateTimeOffset? Earliest(DateTimeOffset at)
    {
        if (Step is not { } step)
        {
            return PerDay is null || (_left > 0 && Jst.DayOf(at) == _day) ? at : null;
        }

        var time = Later(Later(at, _from), _last + step);
        return _left > 0 && time + step <= _to ? time : null;
    }

    public void Use(DateTimeOffset at)
    {
        _last = at;
        _left--;
        _lastMinute.Enqueue(at);
        Forget(at);
    }

    /// <summary>Used share of the last minute, of what this instance used itself; null where the limit knows no rate.</summary>
    public double? Used(DateTimeOffset now)
    {
        Forget(now);
        return Step is { } step ? _lastMinute.Count(t => t <= now) / (Minute / step) : null;
    }

    /// <summary>What a lease from <paramref name="at"/> on would be.</summary>
    public Lease Plan(DateTimeOffset at, string instance)
    {
        var row = Row ?? BudgetRow.Untouched;
        var start = Step is null ? at : Later(at, FreeFor(row, instance));
        var day = Jst.DayOf(start);
        if (day < row.Day)
        {
            // Another instance's clock is already in the next day, where the count begins anew.
            day = row.Day;
            start = Jst.StartOf(day);
        }

        var taken = day == row.Day ? row.Count : 0;
        if (PerDay is { } perDay && taken >= perDay)
        {
            day = day.AddDays(1);
            start = Jst.StartOf(day);
            taken = 0;
        }

        var calls = Math.Min(Wanted(at, row, instance), PerDay is { } most ? most - taken : long.MaxValue);
        var end = start;
        if (Step is { } step)
        {
            var untilMidnight = Jst.StartOf(day.AddDays(1)) - start;
            calls = Math.Max(1, Math.Min(calls, Math.Min(untilMidnight.Ticks, _options.LongestBlock.Ticks) / step.Ticks));
            end = start + (step * calls);
        }

        return new Lease(start, end, (int)calls, day, new BudgetRow(Step is null ? row.NextFree : end, day, taken + calls, instance));
    }

    public void Take(Lease lease)
    {
        (_from, _to, _block, _left, _day) = (lease.From, lease.To, lease.Calls, lease.Calls, lease.Day);
        Row = lease.After;
    }

    /// <summary>How many calls to lease. Without a rival a stretch may be wasted, so it is a second's worth and doubles while work goes on.
    /// With one, or where a day's count is spent by it, it is one call, and doubles only when the last stretch was used to its end.</summary>
    private long Wanted(DateTimeOffset at, BudgetRow row, string instance)
    {
        var alone = PerDay is null && (row.Holder.Length == 0 || row.Holder == instance);
        var goesOn = _block > 0 && (alone ? at - _last : at - Later(_last, _to)) < (Step is null ? _options.LongestBlock : GoesOnWithin);
        var calls = goesOn && (alone || _left == 0) ? _block * 2L
            : alone && Step is { } step ? TimeSpan.TicksPerSecond / step.Ticks
            : 1;
        return Math.Clamp(Math.Max(calls, Waiting), 1, _options.LargestBlock);
    }

    private DateTimeOffset FreeFor(BudgetRow row, string instance) =>
        InFlight is null || row.Holder.Length == 0 || row.Holder == instance ? row.NextFree : row.NextFree + _options.LongestCall;

    private void Forget(DateTimeOffset now)
    {
        while (_lastMinute.TryPeek(out var oldest) && oldest <= now - Minute)
        {
            _lastMinute.Dequeue();
        }
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}

/// <param name="From">UTC; the lease's calls fall in [From, To).</param>
/// <param name="After">The row once the lease is taken.</param>
internal sealed record Lease(DateTimeOffset From, DateTimeOffset To, int Calls, DateOnly Day, BudgetRow After);
