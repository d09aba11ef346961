using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Domain.Stores;
using Infra.Ledger;
using Infra.Storage;
using Microsoft.Extensions.Logging;

namespace Functions.Attention;

/// <summary>Runs a message's work so that no message ends where nobody looks: what cannot be read, and what fails or dies at its last try, stands in the attention list.</summary>
public sealed partial class LastTries(AttentionList attention, TimeProvider clock, ILogger<LastTries> log)
{
    /// <summary>host.json's maxDequeueCount: a message seen for the last time is noted before the work begins, for a killed instance tells nothing any more.</summary>
    public const int MostDequeues = 5;

    public async Task RunAsync<T>(
        string queue, string id, string body, long dequeueCount, JsonTypeInfo<T> shape, Func<T, Task> work, CancellationToken cancellation)
        where T : class
    {
        T message;
        try
        {
            message = JsonSerializer.Deserialize(body, shape) ?? throw new JsonException("The message is JSON null.");
        }
        catch (JsonException broken)
        {
            await attention.RaiseAsync(AttentionItems.MessageFailed(queue, id, $"unreadable message: {broken.Message}", body, clock.GetUtcNow()), cancellation);
            return; // no try can mend it
        }

        var last = dequeueCount >= MostDequeues;
        if (last)
        {
            await attention.RaiseAsync(AttentionItems.MessageFailed(queue, id, "the instance stopped or time ran out at every try", body, clock.GetUtcNow()), cancellation);
        }

        try
        {
            await work(message);
            if (last)
            {
                await attention.DismissAsync($"message~{queue}~{id}", cancellation); // it went through after all
            }
        }
        catch (Exception failure) when (last && failure is not OperationCanceledException)
        {
            LogLast(queue, id, failure.GetType().Name, failure.Message);
            await attention.RaiseAsync(AttentionItems.MessageFailed(queue, id, $"{failure.GetType().Name}: {failure.Message}", body, clock.GetUtcNow()), cancellation);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Message {Id} of {Queue} failed for the last time and stands in the attention list: {Kind}: {Reason}")]
    private partial void LogLast(string queue, string id, string kind, string reason);
}
