using System.Buffers;
using System.Text.Json;

namespace Infra.Storage;

/// <summary>The table service's limits, checked before anything is sent; the emulator enforces only some of them.</summary>
/// <remarks>Source: "Understanding the Table service data model" and "Performing entity group transactions" of the service's documentation.</remarks>
public static class RowLimits
{
    public const int ActionsPerBatch = 100;

    /// <summary>Of the batch as it goes over the wire: JSON text, binary as Base64, headers for each row.</summary>
    public const int BytesPerBatch = 4 * 1024 * 1024;

    /// <summary>Of the row as it is stored: keys and text in UTF-16, binary as it is.</summary>
    public const int BytesPerRow = 1024 * 1024;

    /// <summary>1 KiB in UTF-16.</summary>
    public const int KeyCharacters = 512;

    public const int TextCharacters = 32_768;

    public const int BinaryBytes = 64 * 1024;

    /// <summary>The service takes 252 properties; the rest is left for the body's parts.</summary>
    public const int ColumnsPerRow = 200;

    private const int ColumnNameCharacters = 255;

    /// <summary>The service knows no earlier time.</summary>
    public static readonly DateTimeOffset EarliestTime = new(1601, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>What a row costs in a batch beside keys and values: boundary, method, headers. Measured at 420 to 520 bytes.</summary>
    private const int HeadersOfAction = 560;

    private static readonly SearchValues<char> ForbiddenInKeys = SearchValues.Create(
        [.. "/\\#?", .. Enumerable.Range(0, 0x20).Select(i => (char)i), .. Enumerable.Range(0x7f, 0x21).Select(i => (char)i)]);

    public static void CheckKey(string key, string what)
    {
        if (key.Length is 0 or > KeyCharacters)
        {
            throw new ArgumentException($"A {what} has 1 to {KeyCharacters} characters, this one {key.Length}.");
        }

        if (key.AsSpan().ContainsAny(ForbiddenInKeys))
        {
            throw new ArgumentException($"A {what} holds none of / \\ # ? and no control characters.");
        }

        for (var i = 0; i < key.Length; i++)
        {
            if (char.IsSurrogate(key[i]) && (!char.IsHighSurrogate(key[i]) || i + 1 == key.Length || !char.IsLowSurrogate(key[++i])))
            {
                throw new ArgumentException($"A {what} holds half a surrogate pair.");
            }
        }
    }

    public static void CheckTable(string table)
    {
        if (table.Length is < 3 or > 63 || !char.IsAsciiLetter(table[0]) || !table.All(char.IsAsciiLetterOrDigit))
        {
            throw new ArgumentException($"'{table}' is not a table's name: 3 to 63 letters and digits, a letter first.");
        }
    }

    /// <summary>An upper estimate of what inserting or replacing the row takes of a batch's <see cref="BytesPerBatch"/>, for whoever cuts batches.</summary>
    public static long BatchBytes(string partition, Row row) => PackedRow.Of(partition, row).BatchBytes;

    internal static void CheckColumns(Row row)
    {
        if (row.Columns.Count > ColumnsPerRow)
        {
            throw new ArgumentException($"Row '{row.Key}' has {row.Columns.Count} columns; at most {ColumnsPerRow} can be stored.");
        }

        foreach (var (name, value) in row.Columns)
        {
            if (!IsColumnName(name))
            {
                throw new ArgumentException($"'{name}' of row '{row.Key}' is no column's name: letters, digits and _, no digit first, none of the names that the store itself uses.");
            }

            switch (value)
            {
                case string { Length: > TextCharacters }:
                    throw new ArgumentException($"Column '{name}' of row '{row.Key}' is longer than {TextCharacters} characters.");
                case DateTimeOffset time when time < EarliestTime:
                    throw new ArgumentException($"Column '{name}' of row '{row.Key}' is a time before {EarliestTime:yyyy}.");
                case string or long or bool or double or DateTimeOffset:
                    break;
                default:
                    throw new ArgumentException($"Column '{name}' of row '{row.Key}' is a {value?.GetType().Name ?? "null"}; text, long, bool, double and time can be stored.");
            }
        }
    }

    /// <summary>The size of a stored row by the service's own formula.</summary>
    internal static long RowBytes(string partition, string key, IReadOnlyDictionary<string, object> columns, int packedBytes)
    {
        long bytes = 4 + (2 * (partition.Length + key.Length)) + (2 * (RowShape.CommitColumn.Length + CommitId.Length)) + 12;
        foreach (var (name, value) in columns)
        {
            bytes += 8 + (2 * name.Length) + value switch
            {
                string text => 4 + (2 * text.Length),
                bool => 1,
                _ => 8,
            };
        }

        return bytes + packedBytes + (RowShape.PartsOf(packedBytes) * 20L);
    }

    /// <summary>An upper estimate of what an action takes of the batch on the wire.</summary>
    internal static long BatchBytesOf(string partition, string key, IReadOnlyDictionary<string, object> columns, int packedBytes)
    {
        // Keys stand in the address (escaped, quotes doubled) and in the entity.
        long bytes = HeadersOfAction + (2 * Escaped(partition)) + (2 * Escaped(key));
        foreach (var (name, value) in columns)
        {
            bytes += (2 * name.Length) + 60 + (value is string text ? JsonEncodedText.Encode(text).EncodedUtf8Bytes.Length : 0);
        }

        return bytes + ((packedBytes + 2) / 3 * 4) + (RowShape.PartsOf(packedBytes) * 48L);
    }

    private static long Escaped(string key) => Math.Max(
        (long)Uri.EscapeDataString(key).Length + (3 * key.Count(c => c == '\'')),
        JsonEncodedText.Encode(key).EncodedUtf8Bytes.Length);

    private static bool IsColumnName(string name) =>
        name.Length is > 0 and <= ColumnNameCharacters
        && !char.IsAsciiDigit(name[0])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
        && !RowShape.IsReserved(name);
}
