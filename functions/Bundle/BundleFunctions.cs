using Functions.Attention;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Functions.Bundle;

/// <summary>Makes deliveries of what was pulled and finds what can travel together.</summary>
public sealed partial class BundleFunctions(BundleDeliveries bundle, LastTries lastTries, ILogger<BundleFunctions> log)
{
    [Function("bundle-deliveries")]
    public Task RunAsync([QueueTrigger(Queues.Bundling)] string body, string id, long dequeueCount, CancellationToken cancellation) =>
        lastTries.RunAsync(Queues.Bundling, id, body, dequeueCount, MessageJson.Default.BatchMessage, async message =>
        {
            using var activity = Telemetry.Begin("bundle", message.Trace);
            activity?.SetTag("group", message.Group);
            var (made, locked) = await bundle.RunAsync(message, cancellation);
            Telemetry.Candidates.Add(locked, new KeyValuePair<string, object?>("group", message.Group));
            LogBundled(message.Group, made, locked);
        }, cancellation);

    [LoggerMessage(Level = LogLevel.Information, Message = "Bundled in {Group}: {Made} deliveries made, {Locked} stand in a candidate.")]
    private partial void LogBundled(string group, int made, int locked);
}
