using Infra.Storage;
using Microsoft.Azure.Functions.Worker;

namespace Local.Host;

/// <summary>Runs functions one after another, on request: no polling, no timers, no threads. For rehearsals that must be repeatable.</summary>
public sealed class LocalDispatcher(IReadOnlyList<FunctionEntry> functions, Invoker invoker, IMessageQueue queue, HostSettings settings)
{
    private static readonly TimeSpan InHand = TimeSpan.FromMinutes(10);

    private const int MostPolls = 20;

    /// <summary>The timer fires now.</summary>
    public Task FireAsync(string function, CancellationToken cancellation) =>
        invoker.TimerAsync(functions.Single(f => f.Name == function && f.Trigger is Trigger.Timer), new TimerInfo(), cancellation);

    /// <summary>Works every visible message of every queue off, the ones that follow from them included.</summary>
    /// <param name="except">Queues to leave alone.</param>
    /// <returns>How many messages were worked on.</returns>
    public async Task<int> DrainAsync(CancellationToken cancellation, params string[] except)
    {
        var worked = 0;
        for (var some = true; some;)
        {
            some = false;
            foreach (var function in functions)
            {
                if (function.Trigger is not Trigger.Queue { Name: var name } || except.Contains(name))
                {
                    continue;
                }

                foreach (var message in await TakeAsync(name, cancellation))
                {
                    await WorkAsync(function, name, message, cancellation);
                    worked++;
                    some = true;
                }
            }
        }

        return worked;
    }

    /// <summary>A listener polls again when the storage did not answer; so does this.</summary>
    private async Task<IReadOnlyList<QueuedMessage>> TakeAsync(string name, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await queue.ReceiveAsync(name, settings.BatchSize, InHand, cancellation);
            }
            catch (StorageUnavailableException) when (tries < MostPolls)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100 * tries), cancellation);
            }
        }
    }

    private async Task WorkAsync(FunctionEntry function, string name, QueuedMessage message, CancellationToken cancellation)
    {
        try
        {
            using (StorageCounter.Under(function.Name))
            {
                await invoker.QueueAsync(function, message, cancellation);
            }

            await queue.DeleteAsync(name, message, cancellation);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            if (message.DequeueCount >= settings.MaxDequeueCount)
            {
                await queue.SendAsync(name + "-poison", message.Body, TimeSpan.Zero, cancellation);
                await queue.DeleteAsync(name, message, cancellation);
            }
            else
            {
                await queue.HideAsync(name, message, settings.VisibilityTimeout, cancellation);
            }
        }
    }
}
