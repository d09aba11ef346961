namespace Infra.Storage;

/// <summary>Ordered rows of a partition with ETags and an atomic batch: Azure Tables and its in-memory twin, under one contract suite.</summary>
/// <remarks>Tables are made at their first use. Limits, checked before anything is sent (<see cref="ArgumentException"/>):
/// 1 to 100 actions a batch, one action a row, 4 MiB a batch, 1 MiB a row, keys as in <see cref="Row"/>.</remarks>
public interface IRowStore
{
    /// <summary>Reads one row with everything. One request.</summary>
    Task<Row?> FindAsync(string table, string partition, string key, CancellationToken cancellation);

    /// <summary>Reads one page of a range. One request.</summary>
    Task<RowPage> ReadAsync(string table, string partition, RowRange range, CancellationToken cancellation);

    /// <summary>Does all actions or none. One request.</summary>
    /// <returns>The new ETag of each action's row, in order (empty for deletes).</returns>
    /// <exception cref="RowConflictException">An action could not be done; nothing was written.</exception>
    /// <exception cref="StorageUnavailableException">The effect is unknown.</exception>
    Task<IReadOnlyList<string>> CommitAsync(string table, string partition, IReadOnlyList<RowAction> actions, CancellationToken cancellation);
}

/// <summary>A queue with delay: Azure Queue Storage and its in-memory twin, under one contract suite. Messages never expire.</summary>
public interface IMessageQueue
{
    /// <param name="body">At most 48 KiB in UTF-8 (64 KiB once encoded), checked before anything is sent.</param>
    /// <param name="delay">Invisible until then; at most 7 days.</param>
    Task SendAsync(string queue, string body, TimeSpan delay, CancellationToken cancellation);

    /// <summary>Takes up to <paramref name="max"/> (1 to 32) messages and hides them for <paramref name="visibility"/> (the visibility timeout).</summary>
    Task<IReadOnlyList<QueuedMessage>> ReceiveAsync(string queue, int max, TimeSpan visibility, CancellationToken cancellation);

    /// <summary>Deletes a message that was taken. A message that someone else has taken since, or that is gone, is left alone: returns false.</summary>
    Task<bool> DeleteAsync(string queue, QueuedMessage message, CancellationToken cancellation);

    /// <summary>Makes a taken message visible again after <paramref name="visibility"/>, with its body unchanged.</summary>
    Task<QueuedMessage?> HideAsync(string queue, QueuedMessage message, TimeSpan visibility, CancellationToken cancellation);

    /// <summary>How many messages wait, visible or not; approximate on the real service.</summary>
    Task<int> CountAsync(string queue, CancellationToken cancellation);
}

/// <param name="DequeueCount">How often it has been taken, this time included.</param>
public sealed record QueuedMessage(string Id, string PopReceipt, string Body, long DequeueCount, DateTimeOffset InsertedAt);
