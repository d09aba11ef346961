using System.Text.Json;
using Infra.Storage;

namespace Tests.Functions.Emulator;

/// <summary>Notes every message that is taken in hand, so that the leases of a killed process can end at once instead of after five real minutes.</summary>
public sealed class HoldingQueue(IMessageQueue inner, string notes) : IMessageQueue
{
    public Task SendAsync(string queue, string body, TimeSpan delay, CancellationToken cancellation) => inner.SendAsync(queue, body, delay, cancellation);

    public async Task<IReadOnlyList<QueuedMessage>> ReceiveAsync(string queue, int max, TimeSpan visibility, CancellationToken cancellation)
    {
        var messages = await inner.ReceiveAsync(queue, max, visibility, cancellation);
        await File.AppendAllLinesAsync(notes, messages.Select(m => JsonSerializer.Serialize(new Held(queue, m))), cancellation);
        return messages;
    }

    public Task<bool> DeleteAsync(string queue, QueuedMessage message, CancellationToken cancellation) => inner.DeleteAsync(queue, message, cancellation);

    public Task<QueuedMessage?> HideAsync(string queue, QueuedMessage message, TimeSpan visibility, CancellationToken cancellation) =>
        inner.HideAsync(queue, message, visibility, cancellation);

    public Task<int> CountAsync(string queue, CancellationToken cancellation) => inner.CountAsync(queue, cancellation);

    /// <summary>Time passes until the leases of everything that was in hand have ended.</summary>
    /// <returns>How many messages come again.</returns>
    public async Task<int> LetGoAsync(CancellationToken cancellation)
    {
        var again = 0;
        foreach (var note in File.Exists(notes) ? await File.ReadAllLinesAsync(notes, cancellation) : [])
        {
            var held = JsonSerializer.Deserialize<Held>(note)!;
            again += await inner.HideAsync(held.Queue, held.Message, TimeSpan.Zero, cancellation) is null ? 0 : 1; // null: it was deleted
        }

        return again;
    }

    private sealed record Held(string Queue, QueuedMessage Message);
}
