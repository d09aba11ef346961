namespace Infra.Storage;

/// <summary>One row of a partition: a key, a few small columns that a list can project, and a body of any size up to the row's limit.</summary>
/// <param name="Key">The row key. Ids only, never personal data; none of the characters <c>/ \ # ?</c> nor control characters; at most 512 characters.</param>
/// <param name="ETag">The version that was read; null on a row that has not been stored.</param>
/// <param name="Columns">Small values: <see cref="string"/>, <see cref="long"/>, <see cref="bool"/>, <see cref="double"/> or <see cref="DateTimeOffset"/>.</param>
/// <param name="Body">The rest, in whatever form its owner reads; compressed and cut over several properties by the store. Empty when projected away.</param>
public sealed record Row(string Key, string? ETag, IReadOnlyDictionary<string, object> Columns, ReadOnlyMemory<byte> Body)
{
    public static readonly IReadOnlyDictionary<string, object> NoColumns = new Dictionary<string, object>();

    public Row(string key, ReadOnlyMemory<byte> body)
        : this(key, null, NoColumns, body)
    {
    }

    public string? Text(string column) => Columns.TryGetValue(column, out var value) ? (string)value : null;

    public long Number(string column) => Columns.TryGetValue(column, out var value) ? (long)value : 0;

    public bool Flag(string column) => Columns.TryGetValue(column, out var value) && (bool)value;

    public DateTimeOffset? Time(string column) => Columns.TryGetValue(column, out var value) ? (DateTimeOffset)value : null;
}

/// <summary>The rows from <paramref name="From"/> (inclusive) to <paramref name="To"/> (exclusive), in ordinal order of their keys.</summary>
public sealed record RowRange(string From, string To)
{
    /// <summary>At most this many rows an answer; the service's own limit is 1,000.</summary>
    public int Take { get; init; } = 1000;

    /// <summary>Where the previous answer stopped; opaque.</summary>
    public string? Continuation { get; init; }

    /// <summary>The columns to bring; null = everything, the body included; an empty list = keys only.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>All rows whose key begins with <paramref name="prefix"/>.</summary>
    public static RowRange Prefix(string prefix) => new(prefix, prefix[..^1] + (char)(prefix[^1] + 1));
}

public sealed record RowPage(IReadOnlyList<Row> Rows, string? Continuation);

/// <summary>One step of an atomic batch. Every change of an existing row names the version it rests on.</summary>
public abstract record RowAction(string Key)
{
    /// <summary>Fails when the key exists.</summary>
    public sealed record Insert(Row Row) : RowAction(Row.Key);

    /// <summary>Replaces the whole row; fails when it is gone or has moved on from <paramref name="ETag"/>.</summary>
    public sealed record Replace(Row Row, string ETag) : RowAction(Row.Key);

    /// <summary>Writes the row whatever stood there: only for rows whose content is a function of their key.</summary>
    public sealed record Upsert(Row Row) : RowAction(Row.Key);

    /// <summary>Deletes the row; fails when it is gone or has moved on.</summary>
    public sealed record Delete(string RowKey, string ETag) : RowAction(RowKey);
}

/// <summary>Why a batch was refused.</summary>
public enum RowConflict
{
    /// <summary>An insert met an existing row (409).</summary>
    Exists,

    /// <summary>The row has moved on from the version named (412).</summary>
    Moved,

    /// <summary>The row is gone (404).</summary>
    Gone,
}

/// <summary>The batch was refused as a whole; nothing was written.</summary>
/// <param name="index">The first action that could not be done, counted from 0.</param>
public sealed class RowConflictException(int index, string key, RowConflict conflict, Exception? inner = null)
    : Exception($"action {index} on row '{key}': {conflict}", inner)
{
    public int Index { get; } = index;

    public string Key { get; } = key;

    public RowConflict Conflict { get; } = conflict;
}

/// <summary>The storage service could not be asked or did not answer (503, time-out): nothing is known about the effect.</summary>
public sealed class StorageUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
