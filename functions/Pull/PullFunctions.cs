using Domain.Marketplaces;
using Domain.Stores;
using Functions.Archive;
using Functions.Attention;
using Infra.Ledger;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Functions.Pull;

/// <summary>Pulls stores, follows their open orders and watches what has not been read.</summary>
public sealed partial class PullFunctions(
    PullStore pull, FollowOpenOrders follow, WatchCoverage watch, SweepOutbox sweep, ArchiveClosed archive, StorePause pause,
    StoreRegistry registry, Dispatch dispatch, LastTries lastTries, ILogger<PullFunctions> log)
{
    [Function("pull-store")]
    public Task PullAsync([QueueTrigger(Queues.OrderPull)] string body, string id, long dequeueCount, CancellationToken cancellation) =>
        lastTries.RunAsync(Queues.OrderPull, id, body, dequeueCount, MessageJson.Default.PullMessage, async message =>
        {
            using var activity = Telemetry.Begin("pull", message.Trace);
            activity?.SetTag("store", message.Store);
            var result = await pull.RunAsync(message, cancellation);
            await ReactAsync(message, result, cancellation);
        }, cancellation);

    [Function("follow-open-orders")]
    public Task FollowAsync([QueueTrigger(Queues.Follow)] string body, string id, long dequeueCount, CancellationToken cancellation) =>
        lastTries.RunAsync(Queues.Follow, id, body, dequeueCount, MessageJson.Default.FollowMessage, async message =>
        {
            using var activity = Telemetry.Begin("follow", message.Trace);
            activity?.SetTag("store", message.Store);
            var (read, changed) = await follow.RunAsync(message, cancellation);
            LogFollowed(message.Store, message.Work, read, changed);
        }, cancellation);

    /// <summary>The small regular works: sweep-outbox, watch-coverage, archive-closed.</summary>
    [Function("do-chores")]
    public Task ChoreAsync([QueueTrigger(Queues.Chores)] string body, string id, long dequeueCount, CancellationToken cancellation) =>
        lastTries.RunAsync(Queues.Chores, id, body, dequeueCount, MessageJson.Default.ChoreMessage, async message =>
        {
            using var activity = Telemetry.Begin(message.Work, message.Trace);
            switch (message.Work)
            {
                case "watch-coverage":
                    await watch.RunAsync(cancellation);
                    break;
                case "archive-closed":
                    LogArchived(await archive.RunAsync(cancellation));
                    break;
                default:
                    LogSwept(await sweep.RunAsync(everything: false, cancellation));
                    break;
            }
        }, cancellation);

    /// <summary>The reaction to each kind of failure, in one place.</summary>
    private async Task ReactAsync(PullMessage message, PullResult result, CancellationToken cancellation)
    {
        if (result.Skipped)
        {
            return;
        }

        var store = StoreId.Parse(message.Store);
        Telemetry.Pulled.Add(result.New, Telemetry.Of(store));
        Telemetry.Held.Add(result.Held, Telemetry.Of(store));
        LogPulled(message.Store, result.New, result.Changed, result.Failure?.Kind.ToString() ?? "complete");
        var book = result.Failure is null ? null : await registry.ReadAsync(cancellation);
        switch (result.Failure)
        {
            case null when result.Unfinished:
                await dispatch.SendAsync(message, TimeSpan.Zero, cancellation);
                break;
            case null:
                break;
            case { Kind: FailureKind.CredentialRejected } refusal when book!.Find(store) is { } paused:
                await pause.PauseAsync(paused, refusal, cancellation); // a retry would only lock the account
                break;
            default:
                // The next slot asks again, after what the marketplace asked us to wait; the queue's tries are for our own faults.
                await pause.NoteAsync(store, result.Failure, cancellation);
                break;
        }

        if (result.NoteOrders)
        {
            await pause.NoteOrdersAsync(store, cancellation);
        }

        if (result.Failure is null && result.WasFailing)
        {
            await pause.NoteAsync(store, null, cancellation);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Pulled {Store}: {New} new, {Changed} changed, {Outcome}.")]
    private partial void LogPulled(string store, int @new, int changed, string outcome);

    [LoggerMessage(Level = LogLevel.Information, Message = "Followed {Store} ({Work}): {Read} read, {Changed} changed.")]
    private partial void LogFollowed(string store, string work, int read, int changed);

    [LoggerMessage(Level = LogLevel.Information, Message = "Archived {Orders} closed orders.")]
    private partial void LogArchived(int orders);

    [LoggerMessage(Level = LogLevel.Information, Message = "Swept the outbox: {Sent} messages sent again.")]
    private partial void LogSwept(int sent);
}
