namespace Infra.Storage;

/// <summary>What a <see cref="StorageCounter"/> has counted up to a moment.</summary>
public sealed record StorageCounts(
    IReadOnlyDictionary<(string Work, string Operation), long> Requests, IReadOnlyDictionary<string, RowsWritten> WrittenBy)
{
    public long Total => Requests.Values.Sum();

    /// <summary>Row versions written.</summary>
    public long Rows => WrittenBy.Values.Sum(w => w.Rows);

    /// <summary>Bytes of the properties written, keys left out: column names and values, bodies as they are stored.</summary>
    public long Bytes => WrittenBy.Values.Sum(w => w.Bytes);

    public long Of(params string[] works) => Requests.Where(r => works.Contains(r.Key.Work)).Sum(r => r.Value);

    public long OfOperation(string operation) => Requests.Where(r => r.Key.Operation == operation).Sum(r => r.Value);

    public StorageCounts Since(StorageCounts earlier) => new(
        Requests.Select(r => KeyValuePair.Create(r.Key, r.Value - earlier.Requests.GetValueOrDefault(r.Key))).Where(r => r.Value != 0).ToDictionary(),
        WrittenBy.Select(w => KeyValuePair.Create(w.Key, w.Value - earlier.WrittenBy.GetValueOrDefault(w.Key))).Where(w => w.Value != default).ToDictionary());
}

/// <param name="Rows">Row versions written.</param>
/// <param name="Bytes">Bytes of their properties, keys left out.</param>
public readonly record struct RowsWritten(long Rows, long Bytes)
{
    public static RowsWritten operator +(RowsWritten a, RowsWritten b) => new(a.Rows + b.Rows, a.Bytes + b.Bytes);

    public static RowsWritten operator -(RowsWritten a, RowsWritten b) => new(a.Rows - b.Rows, a.Bytes - b.Bytes);
}
