using Infra.Storage;

namespace Tests.Functions.Contention;

/// <summary>Runs many flows of work on one thread and lets a seeded die choose which goes on: the same seed gives the same interleaving.</summary>
public sealed class SeededContext(int seed, Action idle) : SynchronizationContext, IDisposable
{
    private readonly Random _die = new(seed);
    private readonly List<(SendOrPostCallback Work, object? State)> _ready = [];
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _some = new(0);

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_gate)
        {
            _ready.Add((d, state));
        }

        _some.Release();
    }

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    /// <param name="idle">Called while nothing can go on: moves the clock that something waits for.</param>
    public static void Run(int seed, Action idle, Func<Task> work)
    {
        var before = Current;
        using var context = new SeededContext(seed, idle);
        SetSynchronizationContext(context);
        try
        {
            var task = work();
            var end = task.ContinueWith(_ => context.Post(_ => { }, null), TaskScheduler.Default);
            while (!task.IsCompleted)
            {
                context.Step();
            }

            end.GetAwaiter().GetResult();

            task.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    public void Dispose() => _some.Dispose();

    private void Step()
    {
        while (!_some.Wait(TimeSpan.FromMilliseconds(1)))
        {
            idle();
        }

        (SendOrPostCallback Work, object? State) next;
        lock (_gate)
        {
            var place = _die.Next(_ready.Count);
            next = _ready[place];
            _ready.RemoveAt(place);
        }

        next.Work(next.State);
    }
}

/// <summary>Gives every other flow a chance before and after each call, and counts transactions and refusals.</summary>
public sealed class YieldingRows(IRowStore inner) : IRowStore
{
    public int Commits { get; private set; }

    public int Conflicts { get; private set; }

    public async Task<Row?> FindAsync(string table, string partition, string key, CancellationToken cancellation)
    {
        await Task.Yield();
        var row = await inner.FindAsync(table, partition, key, cancellation);
        await Task.Yield();
        return row;
    }

    public async Task<RowPage> ReadAsync(string table, string partition, RowRange range, CancellationToken cancellation)
    {
        await Task.Yield();
        var page = await inner.ReadAsync(table, partition, range, cancellation);
        await Task.Yield();
        return page;
    }

    public async Task<IReadOnlyList<string>> CommitAsync(string table, string partition, IReadOnlyList<RowAction> actions, CancellationToken cancellation)
    {
        await Task.Yield();
        Commits++;
        try
        {
            var tags = await inner.CommitAsync(table, partition, actions, cancellation);
            await Task.Yield();
            return tags;
        }
        catch (RowConflictException)
        {
            Conflicts++;
            throw;
        }
    }
}
