using System.Collections.Concurrent;

namespace Infra.Storage;

/// <summary>Counts every request to tables, queues and blobs by operation, retries included, under the label of the work that caused it.</summary>
public sealed class StorageCounter
{
    private static readonly AsyncLocal<string?> Label = new();

    private readonly ConcurrentDictionary<(string Work, string Operation), long> _requests = new();
    private long _rows;
    private long _bytes;

    /// <summary>Everything on this flow of work is counted under this label until the answer is disposed.</summary>
    public static IDisposable Under(string work)
    {
        var before = Label.Value;
        Label.Value = work;
        return new Scope(before);
    }

    /// <param name="operation">For example <c>tables.open.commit</c> or <c>queues.order-pull.send</c>.</param>
    public void Count(string operation) => _requests.AddOrUpdate((Label.Value ?? "other", operation), 1, (_, n) => n + 1);

    /// <summary>Row versions written and the bytes of their properties.</summary>
    public void Wrote(long rows, long bytes)
    {
        Interlocked.Add(ref _rows, rows);
        Interlocked.Add(ref _bytes, bytes);
    }

    public StorageCounts Read() => new(_requests.ToDictionary(), Interlocked.Read(ref _rows), Interlocked.Read(ref _bytes));

    private sealed class Scope(string? before) : IDisposable
    {
        public void Dispose() => Label.Value = before;
    }
}

/// <param name="Rows">Row versions written.</param>
/// <param name="Bytes">Bytes of the properties written, keys left out.</param>
public sealed record StorageCounts(IReadOnlyDictionary<(string Work, string Operation), long> Requests, long Rows, long Bytes)
{
    public long Total => Requests.Values.Sum();

    public long Of(params string[] works) => Requests.Where(r => works.Contains(r.Key.Work)).Sum(r => r.Value);

    public StorageCounts Since(StorageCounts earlier) => new(
        Requests.ToDictionary(r => r.Key, r => r.Value - earlier.Requests.GetValueOrDefault(r.Key)).Where(r => r.Value != 0).ToDictionary(),
        Rows - earlier.Rows,
        Bytes - earlier.Bytes);
}
