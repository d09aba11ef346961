using System.Collections.Concurrent;
using System.Text;
using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace Infra.Storage.Azure;

/// <summary>Messages in Azure Queue Storage, as Base64 like the Functions host's default. A queue is made when a message first misses it.</summary>
public sealed class AzureMessageQueue : IMessageQueue
{
    private static readonly TimeSpan Never = TimeSpan.FromSeconds(-1);
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ConcurrentDictionary<string, QueueClient> _queues = new(StringComparer.Ordinal);
    private readonly QueueServiceClient _service;
    private readonly string _prefix;

    internal AzureMessageQueue(QueueServiceClient service, string prefix)
    {
        _service = service;
        _prefix = prefix;
    }

    /// <remarks>The SDK may repeat a request whose answer was lost: a message can be there twice.</remarks>
    public async Task SendAsync(string queue, string body, TimeSpan delay, CancellationToken cancellation)
    {
        QueueLimits.CheckSend(queue, body, delay);
        var text = Convert.ToBase64String(Encoding.UTF8.GetBytes(body));
        var sent = await AskAsync(queue, new StorageOperation($"queues.{queue}.send"), q => q.SendMessageAsync(text, QueueLimits.WholeSeconds(delay), Never, cancellation), cancellation);
        if (sent is null)
        {
            await AskAsync(queue, new StorageOperation($"queues.{queue}.create"), q => q.CreateIfNotExistsAsync(cancellationToken: cancellation), cancellation);
            _ = await AskAsync(queue, new StorageOperation($"queues.{queue}.send"), q => q.SendMessageAsync(text, QueueLimits.WholeSeconds(delay), Never, cancellation), cancellation)
                ?? throw new StorageUnavailableException($"queues.{queue}.send: the queue was made and is gone again.");
        }
    }

    public async Task<IReadOnlyList<QueuedMessage>> ReceiveAsync(string queue, int max, TimeSpan visibility, CancellationToken cancellation)
    {
        QueueLimits.CheckReceive(queue, max, visibility);
        var answer = await AskAsync(queue, new StorageOperation($"queues.{queue}.receive"), q => q.ReceiveMessagesAsync(max, QueueLimits.WholeSeconds(visibility), cancellation), cancellation);
        return answer is null
            ? []
            : [.. answer.Value.Select(m => new QueuedMessage(m.MessageId, m.PopReceipt, Decode(m.MessageText), m.DequeueCount, m.InsertedOn ?? default))];
    }

    public async Task<bool> DeleteAsync(string queue, QueuedMessage message, CancellationToken cancellation)
    {
        QueueLimits.CheckName(queue);
        var operation = new StorageOperation($"queues.{queue}.delete");
        try
        {
            return await AskAsync(queue, operation, q => q.DeleteMessageAsync(message.Id, message.PopReceipt, cancellation), cancellation) is not null;
        }
        catch (RequestFailedException gone) when (IsTakenOrGone(gone))
        {
            return operation.WasRepeated && gone.ErrorCode == QueueErrorCode.MessageNotFound; // a lost answer: the first try had deleted it
        }
    }

    public async Task<QueuedMessage?> HideAsync(string queue, QueuedMessage message, TimeSpan visibility, CancellationToken cancellation)
    {
        QueueLimits.CheckHide(queue, visibility);
        try
        {
            var answer = await AskAsync(
                queue,
                new StorageOperation($"queues.{queue}.update"),
                q => q.UpdateMessageAsync(message.Id, message.PopReceipt, messageText: null, QueueLimits.WholeSeconds(visibility), cancellation),
                cancellation);
            return answer is null ? null : message with { PopReceipt = answer.Value.PopReceipt };
        }
        catch (RequestFailedException gone) when (IsTakenOrGone(gone))
        {
            return null;
        }
    }

    public async Task<int> CountAsync(string queue, CancellationToken cancellation)
    {
        QueueLimits.CheckName(queue);
        var answer = await AskAsync(queue, new StorageOperation($"queues.{queue}.count"), q => q.GetPropertiesAsync(cancellation), cancellation);
        return answer?.Value.ApproximateMessagesCount ?? 0;
    }

    private static bool IsTakenOrGone(RequestFailedException failure) =>
        failure.ErrorCode == QueueErrorCode.MessageNotFound || failure.ErrorCode == QueueErrorCode.PopReceiptMismatch;

    /// <summary>What somebody put there by hand without Base64 is handed on as it is, so that it can be shown to a person.</summary>
    private static string Decode(string text)
    {
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out var length))
        {
            return text;
        }

        try
        {
            return Strict.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException)
        {
            return text;
        }
    }

    /// <returns>The answer; null = there is no such queue.</returns>
    private async Task<T?> AskAsync<T>(string queue, StorageOperation operation, Func<QueueClient, Task<T>> ask, CancellationToken cancellation)
        where T : class
    {
        var client = _queues.GetOrAdd(queue, name => _service.GetQueueClient(_prefix + name));
        try
        {
            using var asking = operation.Begin();
            return await ask(client);
        }
        catch (RequestFailedException missing) when (StorageFailures.IsMissing(missing))
        {
            return null;
        }
        catch (Exception failure) when (StorageFailures.MeansUnavailable(failure, cancellation))
        {
            throw StorageFailures.Unavailable(operation.Name, failure);
        }
    }
}
