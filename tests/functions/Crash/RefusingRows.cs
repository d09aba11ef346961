using Infra.Storage;

namespace Tests.Functions.Crash;

/// <summary>Storage on a bad day: now and then it answers 503, before or after it did what was asked, and now and then 412 though nobody else wrote.
/// A refused transaction goes through when it is tried again at once.</summary>
public sealed class RefusingRows(IRowStore inner, int seed) : IRowStore
{
    /// <summary>Of one job; each ends the work in hand, and a message that failed at its last try would rightly stand in attention.</summary>
    private const int MostBusy = 4;

    /// <summary>Of one job; then the day gets better, so that the sweeper finds its peace.</summary>
    private const int MostMoved = 25;

    private readonly Random _random = new(seed);
    private bool _justRefused;

    /// <summary>How often it answered 503.</summary>
    public int Busy { get; private set; }

    /// <summary>How often it answered 412.</summary>
    public int Moved { get; private set; }

    public Task<Row?> FindAsync(string table, string partition, string key, CancellationToken cancellation) =>
        AroundAsync(() => inner.FindAsync(table, partition, key, cancellation));

    public Task<RowPage> ReadAsync(string table, string partition, RowRange range, CancellationToken cancellation) =>
        AroundAsync(() => inner.ReadAsync(table, partition, range, cancellation));

    public Task<IReadOnlyList<string>> CommitAsync(string table, string partition, IReadOnlyList<RowAction> actions, CancellationToken cancellation)
    {
        var conditional = Enumerable.Range(0, actions.Count).Where(i => actions[i] is RowAction.Replace or RowAction.Delete).ToArray();
        if (conditional.Length > 0 && !_justRefused && Moved < MostMoved && _random.Next(2) == 0)
        {
            _justRefused = true;
            Moved++;
            var place = conditional[_random.Next(conditional.Length)];
            throw new RowConflictException(place, actions[place].Key, RowConflict.Moved);
        }

        _justRefused = false;
        return AroundAsync(() => inner.CommitAsync(table, partition, actions, cancellation));
    }

    private async Task<T> AroundAsync<T>(Func<Task<T>> effect)
    {
        var die = Busy < MostBusy ? _random.Next(40) : -1;
        Refuse(die == 0);
        var result = await effect();
        Refuse(die == 1);
        return result;
    }

    private void Refuse(bool now)
    {
        if (now)
        {
            Busy++;
            throw new StorageUnavailableException("503 Server Busy");
        }
    }
}
