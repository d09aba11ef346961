using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Infra.Storage;

namespace Functions;

/// <summary>The queues. Their messages carry ids, a schema version and the trace context, nothing else.</summary>
public static class Queues
{
    public const string OrderPull = "order-pull";
    public const string Bundling = "bundling";
    public const string ShipmentPush = "shipment-push";
    public const string Follow = "follow-orders";
    public const string Chores = "chores";
    public const string Heartbeat = "heartbeat";

    public static readonly string[] All = [OrderPull, Bundling, ShipmentPush, Follow, Chores, Heartbeat];
}

/// <param name="From">The start of a span to read whatever is covered, UTC; null = what the plan says.</param>
public sealed record PullMessage(string Store, DateTimeOffset? From = null, DateTimeOffset? To = null, string? Trace = null, int V = 1);

/// <param name="Group">The bundle group's id.</param>
/// <param name="Batch">The outbox entry's name.</param>
public sealed record BatchMessage(string Group, string Batch, string? Trace = null, int V = 1);

/// <param name="Work"><c>follow</c> re-reads open orders by code; <c>rejudge</c> judges held orders anew after a mapping changed.</param>
public sealed record FollowMessage(string Store, string Work, string? Trace = null, int V = 1);

/// <param name="Work"><c>sweep-outbox</c>, <c>watch-coverage</c> or <c>archive-closed</c>.</param>
public sealed record ChoreMessage(string Work, string? Trace = null, int V = 1);

/// <param name="Generation">One more with every beat; a heartbeat of an older generation dies out.</param>
public sealed record HeartbeatMessage(long Generation, int V = 1);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PullMessage))]
[JsonSerializable(typeof(BatchMessage))]
[JsonSerializable(typeof(FollowMessage))]
[JsonSerializable(typeof(ChoreMessage))]
[JsonSerializable(typeof(HeartbeatMessage))]
public sealed partial class MessageJson : JsonSerializerContext;

/// <summary>Writes messages to queues.</summary>
public sealed class Dispatch(IMessageQueue queue)
{
    public Task SendAsync(PullMessage message, TimeSpan delay, CancellationToken cancellation) =>
        SendAsync(Queues.OrderPull, message with { Trace = Trace }, MessageJson.Default.PullMessage, delay, cancellation);

    public Task SendBatchAsync(string queueName, BatchMessage message, TimeSpan delay, CancellationToken cancellation) =>
        SendAsync(queueName, message with { Trace = message.Trace ?? Trace }, MessageJson.Default.BatchMessage, delay, cancellation);

    public Task SendAsync(FollowMessage message, CancellationToken cancellation) =>
        SendAsync(Queues.Follow, message with { Trace = Trace }, MessageJson.Default.FollowMessage, TimeSpan.Zero, cancellation);

    public Task SendAsync(ChoreMessage message, CancellationToken cancellation) =>
        SendAsync(Queues.Chores, message with { Trace = Trace }, MessageJson.Default.ChoreMessage, TimeSpan.Zero, cancellation);

    public Task SendAsync(HeartbeatMessage message, TimeSpan delay, CancellationToken cancellation) =>
        SendAsync(Queues.Heartbeat, message, MessageJson.Default.HeartbeatMessage, delay, cancellation);

    /// <summary>Sends a message again as it was.</summary>
    public Task SendRawAsync(string queueName, string body, CancellationToken cancellation) =>
        queue.SendAsync(queueName, body, TimeSpan.Zero, cancellation);

    private static string? Trace => Activity.Current?.Id;

    private Task SendAsync<T>(string queueName, T message, JsonTypeInfo<T> shape, TimeSpan delay, CancellationToken cancellation) =>
        queue.SendAsync(queueName, JsonSerializer.Serialize(message, shape), delay, cancellation);
}
