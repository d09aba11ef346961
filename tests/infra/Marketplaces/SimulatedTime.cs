namespace Tests.Infra.Marketplaces;

/// <summary>A clock that leaps from timer to timer: days of waiting pass as fast as the work between them is done.</summary>
public sealed class SimulatedTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<Timer, (long, long)> _timers = new();
    private DateTimeOffset _now = start;
    private long _number;
    private int _pending;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Lets time pass while every one of <paramref name="workers"/> flows of work waits for it, until it is over.</summary>
    /// <param name="workers">How many flows wait for the clock whenever nothing else is to be done; asked anew each time.</param>
    public void RunUntil(DateTimeOffset end, Func<int> workers)
    {
        while (true)
        {
            if (!SpinWait.SpinUntil(() => Volatile.Read(ref _pending) >= workers(), TimeSpan.FromSeconds(20)))
            {
                throw new TimeoutException($"{Volatile.Read(ref _pending)} of {workers()} wait for the clock; the others wait for something else.");
            }

            Timer? due;
            lock (_gate)
            {
                if (!_timers.TryDequeue(out due, out var at) || at.Item1 > end.Ticks)
                {
                    if (due is not null)
                    {
                        _timers.Enqueue(due, at);
                    }

                    _now = end;
                    return;
                }

                if (!due.Claim(at.Item2))
                {
                    continue;
                }

                _pending--;
                _now = new DateTimeOffset(Math.Max(at.Item1, _now.Ticks), TimeSpan.Zero);
            }

            due.Fire();
        }
    }

    private sealed class Timer(SimulatedTime time, TimerCallback callback, object? state) : ITimer
    {
        private long _armed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (period != Timeout.InfiniteTimeSpan && period != TimeSpan.Zero)
            {
                throw new NotSupportedException("Only timers that fire once are simulated.");
            }

            lock (time._gate)
            {
                Disarm();
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    _armed = ++time._number;
                    time._pending++;
                    time._timers.Enqueue(this, ((time._now + dueTime).Ticks, _armed));
                }
            }

            return true;
        }

        /// <summary>Within the gate.</summary>
        public bool Claim(long number)
        {
            var mine = _armed == number;
            if (mine)
            {
                _armed = 0;
            }

            return mine;
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (time._gate)
            {
                Disarm();
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Disarm()
        {
            if (_armed != 0)
            {
                _armed = 0;
                time._pending--;
            }
        }
    }
}
