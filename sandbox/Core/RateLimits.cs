namespace Sandbox.Core;

/// <summary>Counts calls by key over a sliding window on the sandbox's clock. A refused call is not counted. Thread-safe.</summary>
public sealed class RateLimits(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<DateTimeOffset>> _admitted = new(StringComparer.Ordinal);
    private volatile bool _lifted;

    /// <summary>While true every call is admitted and none is counted, so that a run is as fast as the machine.</summary>
    public bool Lifted
    {
        get => _lifted;
        set => _lifted = value;
    }

    /// <summary>Asks for one call within at most <paramref name="calls"/> in any span of <paramref name="window"/>.</summary>
    /// <param name="key">Whatever the service counts by, with the marketplace's code in front.</param>
    /// <returns>Zero when it is admitted, else how long to wait until it would be.</returns>
    public TimeSpan Ask(string key, int calls, TimeSpan window)
    {
        if (_lifted)
        {
            return TimeSpan.Zero;
        }

        lock (_gate)
        {
            if (!_admitted.TryGetValue(key, out var past))
            {
                _admitted[key] = past = new Queue<DateTimeOffset>();
            }

            var now = time.GetUtcNow();
            while (past.TryPeek(out var oldest) && now - oldest >= window)
            {
                past.Dequeue();
            }

            if (past.Count >= calls)
            {
                return window - (now - past.Peek());
            }

            past.Enqueue(now);
            return TimeSpan.Zero;
        }
    }
}
