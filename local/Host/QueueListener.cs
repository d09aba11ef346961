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
        catch (Exception failure) when (failure is StorageUnavailableException or HttpRequestException or OperationCanceledException)
        {
            if (!stopping.IsCancellationRequested)
            {
                LogPoll(queueName, failure.Message);
            }

            return 0;
        }
    }

    /// <summary>Runs the function on one message and settles it: deleted, visible again later, or in the poison queue.</summary>
    public async Task WorkAsync(QueuedMessage message, CancellationToken killed)
    {
        try
        {
            using var timeout = new CancellationTokenSource(settings.FunctionTimeout, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, killed);
            using (StorageCounter.Under(function.Name))
            {
                await invoker.QueueAsync(function, message, either.Token);
            }

            await queue.DeleteAsync(queueName, message, CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            // Out of time or killed: the instance is gone, the message stays taken until its visibility ends, and never reaches the poison queue by itself.
            LogTimeout(function.Name, message.Id);
        }
        catch (Exception failure)
        {
            LogFailed(failure, function.Name, message.Id, message.DequeueCount);
            await SettleAsync(message);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private async Task SettleAsync(QueuedMessage message)
    {
        if (message.DequeueCount < settings.MaxDequeueCount)
        {
            await queue.HideAsync(queueName, message, settings.VisibilityTimeout, CancellationToken.None);
            return;
        }

        await queue.SendAsync(queueName + "-poison", message.Body, TimeSpan.Zero, CancellationToken.None);
        await queue.DeleteAsync(queueName, message, CancellationToken.None);
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

    [LoggerMessage(Level = LogLevel.Error, Message = "{Function} failed on message {Id}, try {Try}.")]
    private partial void LogFailed(Exception failure, string function, string id, long @try);
}
