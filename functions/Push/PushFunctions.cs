using Functions.Attention;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Functions.Push;

/// <summary>Reports shipments to the marketplaces.</summary>
public sealed partial class PushFunctions(PushShipments push, Dispatch dispatch, LastTries lastTries, ILogger<PushFunctions> log)
{
    [Function("push-shipments")]
    public Task RunAsync([QueueTrigger(Queues.ShipmentPush)] string body, string id, long dequeueCount, CancellationToken cancellation) =>
        lastTries.RunAsync(Queues.ShipmentPush, id, body, dequeueCount, MessageJson.Default.BatchMessage, async message =>
        {
            using var activity = Telemetry.Begin("push", message.Trace);
            activity?.SetTag("group", message.Group);
            var result = await push.RunAsync(message, cancellation);
            LogPushed(message.Group, result.Confirmed, result.Refused);
            if (result.Waiting is { } wait && wait < TimeSpan.FromDays(1))
            {
                await dispatch.SendBatchAsync(Queues.ShipmentPush, message, wait, cancellation);
            }

            // Longer waits (a switch, a pause) stay as a row; the sweeper brings them back.
        }, cancellation);

    [LoggerMessage(Level = LogLevel.Information, Message = "Pushed in {Group}: {Confirmed} confirmed, {Refused} refused.")]
    private partial void LogPushed(string group, int confirmed, int refused);
}
