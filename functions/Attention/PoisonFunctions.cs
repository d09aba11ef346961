using Domain.Attention;
using Microsoft.Azure.Functions.Worker;

namespace Functions.Attention;

/// <summary>Poison queues are nobody's reading: whatever the host puts there goes to the attention list.</summary>
public sealed class PoisonFunctions(AttentionList attention, TimeProvider clock)
{
    [Function("sweep-pull-poison")]
    public Task PullAsync([QueueTrigger(Queues.OrderPull + "-poison")] string body, string id, CancellationToken cancellation) => RaiseAsync(Queues.OrderPull, id, body, cancellation);

    [Function("sweep-bundling-poison")]
    public Task BundleAsync([QueueTrigger(Queues.Bundling + "-poison")] string body, string id, CancellationToken cancellation) => RaiseAsync(Queues.Bundling, id, body, cancellation);

    [Function("sweep-push-poison")]
    public Task PushAsync([QueueTrigger(Queues.ShipmentPush + "-poison")] string body, string id, CancellationToken cancellation) => RaiseAsync(Queues.ShipmentPush, id, body, cancellation);

    [Function("sweep-follow-poison")]
    public Task FollowAsync([QueueTrigger(Queues.Follow + "-poison")] string body, string id, CancellationToken cancellation) => RaiseAsync(Queues.Follow, id, body, cancellation);

    [Function("sweep-chores-poison")]
    public Task ChoresAsync([QueueTrigger(Queues.Chores + "-poison")] string body, string id, CancellationToken cancellation) => RaiseAsync(Queues.Chores, id, body, cancellation);

    private Task RaiseAsync(string queue, string id, string body, CancellationToken cancellation) =>
        attention.RaiseAsync(AttentionItems.MessageFailed(queue, id, "found in the poison queue", body, clock.GetUtcNow()), cancellation);
}
