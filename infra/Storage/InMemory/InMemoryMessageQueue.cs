using System.Globalization;

namespace Infra.Storage.InMemory;

/// <summary>The queue service's twin: visibility, pop receipts and dequeue counts in memory, on the given clock. Passes the same contract suite.</summary>
public sealed class InMemoryMessageQueue(TimeProvider clock, StorageCounter counter) : IMessageQueue
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<Held>> _queues = new(StringComparer.Ordinal);
    private long _number;

    public Task SendAsync(string queue, string body, TimeSpan delay, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        QueueLimits.CheckSend(queue, body, delay);
        counter.Count($"queues.{queue}.send");
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            Of(queue).Add(new Held(NewName(), NewName(), body, 0, now, now + QueueLimits.WholeSeconds(delay)));
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<QueuedMessage>> ReceiveAsync(string queue, int max, TimeSpan visibility, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        QueueLimits.CheckReceive(queue, max, visibility);
        counter.Count($"queues.{queue}.receive");
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            var messages = Of(queue);
            var taken = new List<QueuedMessage>();
            for (var i = 0; i < messages.Count && taken.Count < max; i++)
            {
                if (messages[i].VisibleAt <= now)
                {
                    var held = messages[i] with { PopReceipt = NewName(), DequeueCount = messages[i].DequeueCount + 1, VisibleAt = now + QueueLimits.WholeSeconds(visibility) };
                    messages[i] = held;
                    taken.Add(held.Message);
                }
            }

            return Task.FromResult<IReadOnlyList<QueuedMessage>>(taken);
        }
    }

    public Task<bool> DeleteAsync(string queue, QueuedMessage message, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        QueueLimits.CheckName(queue);
        counter.Count($"queues.{queue}.delete");
        lock (_gate)
        {
            return Task.FromResult(Of(queue).RemoveAll(h => h.Id == message.Id && h.PopReceipt == message.PopReceipt) > 0);
        }
    }

    public Task<QueuedMessage?> HideAsync(string queue, QueuedMessage message, TimeSpan visibility, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        QueueLimits.CheckHide(queue, visibility);
        counter.Count($"queues.{queue}.update");
        lock (_gate)
        {
            var messages = Of(queue);
            var at = messages.FindIndex(h => h.Id == message.Id && h.PopReceipt == message.PopReceipt);
            if (at < 0)
            {
                return Task.FromResult<QueuedMessage?>(null);
            }

            messages[at] = messages[at] with { PopReceipt = NewName(), VisibleAt = clock.GetUtcNow() + QueueLimits.WholeSeconds(visibility) };
            return Task.FromResult<QueuedMessage?>(messages[at].Message);
        }
    }

    public Task<int> CountAsync(string queue, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        QueueLimits.CheckName(queue);
        counter.Count($"queues.{queue}.count");
        lock (_gate)
        {
            return Task.FromResult(Of(queue).Count);
        }
    }

    /// <summary>Everything that waits, taken or not, for dumps.</summary>
    public IReadOnlyList<(string Queue, string Body)> Dump()
    {
        lock (_gate)
        {
            return [.. _queues.OrderBy(q => q.Key, StringComparer.Ordinal).SelectMany(q => q.Value.Select(h => (q.Key, h.Body)))];
        }
    }

    /// <summary>Makes everything visible that was taken and not deleted, as after the visibility timeout of a stopped process.</summary>
    public void LetGo()
    {
        lock (_gate)
        {
            foreach (var messages in _queues.Values)
            {
                for (var i = 0; i < messages.Count; i++)
                {
                    if (messages[i].DequeueCount > 0)
                    {
                        messages[i] = messages[i] with { VisibleAt = DateTimeOffset.MinValue };
                    }
                }
            }
        }
    }

    private List<Held> Of(string queue) => _queues.TryGetValue(queue, out var messages) ? messages : _queues[queue] = [];

    private string NewName() => (++_number).ToString("x12", CultureInfo.InvariantCulture);

    private sealed record Held(string Id, string PopReceipt, string Body, long DequeueCount, DateTimeOffset InsertedAt, DateTimeOffset VisibleAt)
    {
        public QueuedMessage Message => new(Id, PopReceipt, Body, DequeueCount, InsertedAt);
    }
}
