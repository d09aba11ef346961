namespace Sandbox.Core;

/// <summary>Real time plus an offset that can grow: letting an hour pass fires the timers that would have fired within it.
/// Like a machine that wakes from sleep, a periodic timer fires once for the whole leap and then keeps its period. Thread-safe.</summary>
public sealed class SandboxClock(TimeProvider real) : TimeProvider
{
    // System timers take at most 49 days; longer waits are looked at again on the way.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly HashSet<OffsetTimer> _armed = [];
    private long _offsetTicks;

    public SandboxClock()
        : this(System)
    {
    }

    public override TimeZoneInfo LocalTimeZone => real.LocalTimeZone;

    public override long TimestampFrequency => real.TimestampFrequency;

    /// <summary>How far this clock is ahead of real time.</summary>
    public TimeSpan Offset => TimeSpan.FromTicks(Interlocked.Read(ref _offsetTicks));

    public override DateTimeOffset GetUtcNow() => real.GetUtcNow() + Offset;

    public override long GetTimestamp() =>
        real.GetTimestamp() + (long)(Offset.TotalSeconds * real.TimestampFrequency);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new OffsetTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves this clock forward. Timers that fall due are fired by the thread pool.</summary>
    public void Advance(TimeSpan span)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(span, TimeSpan.Zero);
        OffsetTimer[] armed;
        lock (_gate)
        {
            Interlocked.Add(ref _offsetTicks, span.Ticks);
            armed = [.. _armed];
        }

        foreach (var timer in armed)
        {
            timer.Rearm();
        }
    }

    private void Keep(OffsetTimer timer, bool armed)
    {
        lock (_gate)
        {
            if (armed)
            {
                _armed.Add(timer);
            }
            else
            {
                _armed.Remove(timer);
            }
        }
    }

    private sealed class OffsetTimer : ITimer
    {
        private readonly Lock _gate = new();
        private readonly SandboxClock _clock;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private readonly ITimer _real;
        private DateTimeOffset? _due;
        private TimeSpan _period = Timeout.InfiniteTimeSpan;
        private bool _disposed;

        public OffsetTimer(SandboxClock clock, TimerCallback callback, object? state)
        {
            (_clock, _callback, _state) = (clock, callback, state);
            _real = clock.RealTimer(_ => Look());
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (_gate)
            {
                if (_disposed)
                {
                    return false;
                }

                _due = dueTime == Timeout.InfiniteTimeSpan ? null : _clock.GetUtcNow() + dueTime;
                _period = period == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : period;
                _clock.Keep(this, _due is not null);
            }

            Rearm();
            return true;
        }

        public void Rearm()
        {
            DateTimeOffset? due;
            TimeSpan offset;
            do
            {
                lock (_gate)
                {
                    (due, offset) = (_due, _clock.Offset);
                    if (_disposed)
                    {
                        return;
                    }
                }

                // Outside the lock, because a fake clock runs a callback that is due inside Change; so a leap in between is looked for afterwards.
                _real.Change(due is { } at ? Bounded(at - _clock.GetUtcNow()) : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
            while (HasMoved(due, offset));
        }

        public void Dispose()
        {
            lock (_gate)
            {
                _disposed = true;
                _due = null;
            }

            _clock.Keep(this, armed: false);
            _real.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private static TimeSpan Bounded(TimeSpan wait) =>
            wait <= TimeSpan.Zero ? TimeSpan.Zero
            : wait > LongestWait ? LongestWait
            : TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));

        private bool HasMoved(DateTimeOffset? due, TimeSpan offset)
        {
            lock (_gate)
            {
                return _due != due || _clock.Offset != offset;
            }
        }

        private void Look()
        {
            var fire = false;
            lock (_gate)
            {
                if (_due is { } due && !_disposed && _clock.GetUtcNow() >= due)
                {
                    fire = true;
                    _due = _period == Timeout.InfiniteTimeSpan ? null : _clock.GetUtcNow() + _period;
                    _clock.Keep(this, _due is not null);
                }
            }

            if (fire)
            {
                _callback(_state);
            }

            Rearm();
        }
    }

    private ITimer RealTimer(TimerCallback callback) =>
        real.CreateTimer(callback, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
}
