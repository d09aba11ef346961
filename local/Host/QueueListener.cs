using Infra.Storage;
using Microsoft.Extensions.Logging;

namespace Local.Host;

/// <summary>Polls one queue and runs its function, with host.json's batch size, threshold, visibility, dequeue count and poison queue. Time is the real one: the queue is.</summary>
public sealed partial class QueueListener(
    FunctionEntry function, string queueName, IMessageQueue queue, Invoker invoker, HostSettings settings, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan ShortestPoll = TimeSpan.FromMilliseconds(100);

    /// <summary>How long the host hides a message that is being worked on, and renews it while the function runs.</summary>
    private static readonly TimeSpan InHand = TimeSpan.FromMinutes(10);

    private int _running;

    /// <summary>Polls until <paramref name="stopping"/>, then waits for the messages in hand, at most until <paramref name="killed"/>.</summary>
    public async Task RunAsync(CancellationToken stopping, CancellationToken killed)
    {
        var pause = ShortestPoll;
        var inHand = new List<Task>();
        while (!stopping.IsCancellationRequested)
        {
            inHand.RemoveAll(t => t.IsCompleted);
            var taken = 0;
            if (Volatile.Read(ref _running) <= settings.NewBatchThreshold)
            {
                taken = await TakeAsync(inHand, stopping, killed);
            }

            // Empty polls grow rarer, as on the real host; a message found brings the eagerness back.
            pause = taken > 0 ? ShortestPoll : Shorter(pause * 1.5, settings.MaxPollingInterval);
            await DelayAsync(taken > 0 ? TimeSpan.Zero : pause, stopping);
        }

        await Task.WhenAll(inHand);
    }

    private async Task<int> TakeAsync(List<Task> inHand, CancellationToken stopping, CancellationToken killed)
    {
        try
        {
            var messages = await queue.ReceiveAsync(queueName, settings.BatchSize, InHand, stopping);
            foreach (var message in messages)
            {
                Interlocked.Increment(ref _running);
                inHand.Add(Task.Run(() => WorkAsync(message, killed), CancellationToken.None));
            }

            return messages.Count;
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception failure)
        {
            LogPoll(queueName, failure.Message); // whatever it was: a listener that ended here would leave its queue to nobody
            return 0;
        }
    }

    /// <summary>Runs the function on one message and settles it: deleted, visible again later, or in the poison queue.</summary>
    private async Task WorkAsync(QueuedMessage message, CancellationToken killed)
    {
        try
        {
            await SettleAsync(message, await SucceedsAsync(message, killed));
        }
        catch (Exception failure)
        {
            LogSettle(failure, function.Name, message.Id); // it stays taken until its visibility ends, and is worked on again
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    /// <returns>Null when time ran out or the host was killed: the instance is gone, and nobody is left to settle the message.</returns>
    private async Task<bool?> SucceedsAsync(QueuedMessage message, CancellationToken killed)
    {
        using var timeout = new CancellationTokenSource(settings.FunctionTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, killed);
        try
        {
            using (StorageCounter.Under(function.Name))
            {
                await invoker.QueueAsync(function, message, either.Token);
            }

            return true;
        }
        catch (Exception) when (either.IsCancellationRequested)
        {
            LogTimeout(function.Name, message.Id);
            return null;
        }
        catch (Exception failure)
        {
            // A cancellation that is not ours (a client's own time-out) is a failure like any other.
            LogFailed(failure, function.Name, message.Id, message.DequeueCount);
            return false;
        }
    }

    /// <summary>A message that time ran out on stays taken until its visibility ends, and never reaches the poison queue by itself.</summary>
    private async Task SettleAsync(QueuedMessage message, bool? succeeded)
    {
        switch (succeeded)
        {
            case true:
                await queue.DeleteAsync(queueName, message, CancellationToken.None);
                break;
            case false when message.DequeueCount < settings.MaxDequeueCount:
                await queue.HideAsync(queueName, message, settings.VisibilityTimeout, CancellationToken.None);
                break;
            case false:
                await queue.SendAsync(queueName + "-poison", message.Body, TimeSpan.Zero, CancellationToken.None);
                await queue.DeleteAsync(queueName, message, CancellationToken.None);
                break;
            default:
                break;
        }
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static async Task DelayAsync(TimeSpan pause, CancellationToken stopping)
    {
        try
        {
            await Task.Delay(pause, stopping);
        }
        catch (OperationCanceledException)
        {
            // Stopping is no failure of the pause.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Queue {Queue} could not be polled: {Reason}")]
    private partial void LogPoll(string queue, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Function} ran out of time or was stopped on message {Id}.")]
    private partial void LogTimeout(string function, string id);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Function}: message {Id} could not be settled and will come again.")]
    private partial void LogSettle(Exception failure, string function, string id);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Function} failed on message {Id}, try {Try}.")]
    private partial void LogFailed(Exception failure, string function, string id, long @try);
}
