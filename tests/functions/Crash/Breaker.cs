using Infra.Storage;

namespace Tests.Functions.Crash;

/// <summary>The process dies here: nothing after this line runs.</summary>
public sealed class ProcessDiedException() : Exception("the process died");

/// <summary>Counts every storage and marketplace call and lets the process die before or after the effect of chosen ones.</summary>
public sealed class Breaker
{
    private readonly Queue<int> _points = new();
    private bool _dead;

    public int Calls { get; private set; }

    public int Deaths { get; private set; }

    /// <summary>What a death is beside the exception: for a process of its own, a real kill.</summary>
    public Action OnDeath { get; init; } = () => { };

    /// <param name="points">Two a call: 2k dies before the effect of the k-th call, 2k+1 after it. Counted on from each death.</param>
    public Breaker(params ReadOnlySpan<int> points)
    {
        foreach (var point in points)
        {
            _points.Enqueue(point);
        }
    }

    public async Task<T> AroundAsync<T>(Func<Task<T>> effect)
    {
        Check();
        var call = Calls++;
        DieAt(2 * call);
        var result = await effect();
        DieAt((2 * call) + 1);
        return result;
    }

    public void Around(bool after, Action? effect = null)
    {
        Check();
        if (!after)
        {
            Calls++;
        }

        DieAt((2 * (Calls - 1)) + (after ? 1 : 0));
        effect?.Invoke();
    }

    /// <summary>The process is killed here, whatever it is doing.</summary>
    public void Kill()
    {
        _dead = true;
        Deaths++;
        Check();
    }

    /// <summary>A new process starts; its calls count from nought.</summary>
    public void Restart()
    {
        _dead = false;
        Calls = 0;
    }

    private void DieAt(int point)
    {
        if (_points.TryPeek(out var next) && next == point)
        {
            _points.Dequeue();
            _dead = true;
            Deaths++;
            OnDeath();
        }

        Check();
    }

    /// <summary>A dead process makes no further call, whatever catches what.</summary>
    private void Check()
    {
        if (_dead)
        {
            throw new ProcessDiedException();
        }
    }
}

public sealed class BreakingRows(IRowStore inner, Breaker breaker) : IRowStore
{
    public Task<Row?> FindAsync(string table, string partition, string key, CancellationToken cancellation) =>
        breaker.AroundAsync(() => inner.FindAsync(table, partition, key, cancellation));

    public Task<RowPage> ReadAsync(string table, string partition, RowRange range, CancellationToken cancellation) =>
        breaker.AroundAsync(() => inner.ReadAsync(table, partition, range, cancellation));

    public Task<IReadOnlyList<string>> CommitAsync(string table, string partition, IReadOnlyList<RowAction> actions, CancellationToken cancellation) =>
        breaker.AroundAsync(() => inner.CommitAsync(table, partition, actions, cancellation));
}

public sealed class BreakingQueue(IMessageQueue inner, Breaker breaker) : IMessageQueue
{
    public Task SendAsync(string queue, string body, TimeSpan delay, CancellationToken cancellation) =>
        breaker.AroundAsync(async () =>
        {
            await inner.SendAsync(queue, body, delay, cancellation);
            return true;
        });

    public Task<IReadOnlyList<QueuedMessage>> ReceiveAsync(string queue, int max, TimeSpan visibility, CancellationToken cancellation) =>
        inner.ReceiveAsync(queue, 1, visibility, cancellation); // one at a time, so that a death holds up only the message in hand

    public Task<bool> DeleteAsync(string queue, QueuedMessage message, CancellationToken cancellation) =>
        breaker.AroundAsync(() => inner.DeleteAsync(queue, message, cancellation));

    public Task<QueuedMessage?> HideAsync(string queue, QueuedMessage message, TimeSpan visibility, CancellationToken cancellation) =>
        inner.HideAsync(queue, message, visibility, cancellation);

    public Task<int> CountAsync(string queue, CancellationToken cancellation) => inner.CountAsync(queue, cancellation);
}
