using Microsoft.Azure.Functions.Worker;

namespace Functions.Clocks;

/// <summary>The two clocks: the platform's timer and a heartbeat in a queue. Both ask what is due.</summary>
public sealed class ClockFunctions(Heartbeat heartbeat)
{
    [Function("pull-due")]
    public Task TickAsync([TimerTrigger("0 * * * * *")] TimerInfo timer, CancellationToken cancellation) => heartbeat.TickAsync(cancellation);

    [Function("heartbeat")]
    public Task BeatAsync([QueueTrigger(Queues.Heartbeat)] HeartbeatMessage message, CancellationToken cancellation) =>
        heartbeat.BeatAsync(message, cancellation);
}
