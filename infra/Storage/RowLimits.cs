using System.Text;

namespace Infra.Storage;

/// <summary>The table service's limits, checked before anything is sent; the emulator enforces only some of them.</summary>
/// <remarks>Source: the service's documentation of entities and entity-group transactions.</remarks>
public static class RowLimits
{
    public const int ActionsPerBatch = 100;

    public const int BytesPerBatch = 4 * 1024 * 1024;

    public const int BytesPerRow = 1024 * 1024;

    public const int KeyCharacters = 512;

    public const int TextCharacters = 32_768;

    public const int BinaryBytes = 64 * 1024;

    /// <summary>What a row costs beside its properties: names, types and headers of its part of the batch.</summary>
    private const int RowOverhead = 450;

    public static void CheckKey(string key, string what)
    {
        if (key.Length is 0 or > KeyCharacters)
        {
            throw new ArgumentException($"A {what} has 1 to {KeyCharacters} characters, this one {key.Length}.");
        }

        if (key.Any(c => c is '/' or '\\' or '#' or '?' || char.IsControl(c)))
        {
            throw new ArgumentException($"A {what} holds none of / \\ # ? and no control characters.");
        }
    }

    public static void CheckBatch(string partition, IReadOnlyList<RowAction> actions)
    {
        CheckKey(partition, "partition key");
        if (actions.Count is 0 or > ActionsPerBatch)
        {
            throw new ArgumentException($"A batch has 1 to {ActionsPerBatch} actions, this one {actions.Count}.");
        }

        var keys = new HashSet<string>(StringComparer.Ordinal);
        long bytes = 0;
        foreach (var action in actions)
        {
            CheckKey(action.Key, "row key");
            if (!keys.Add(action.Key))
            {
                throw new ArgumentException($"Row '{action.Key}' stands twice in the batch.");
            }

            if (action is RowAction.Replace { ETag: null or "" or "*" } or RowAction.Delete { ETag: null or "" or "*" })
            {
                throw new ArgumentException($"The change of row '{action.Key}' names no version.");
            }

            bytes += RowOf(action) is { } row ? CheckRow(row) : RowOverhead;
        }

        if (bytes > BytesPerBatch)
        {
            throw new ArgumentException($"A batch takes {BytesPerBatch} bytes, this one {bytes}.");
        }
    }

    public static Row? RowOf(RowAction action) => action switch
    {
        RowAction.Insert insert => insert.Row,
        RowAction.Replace replace => replace.Row,
        RowAction.Upsert upsert => upsert.Row,
        _ => null,
    };

    /// <returns>About how many bytes the row takes in a batch.</returns>
    public static long CheckRow(Row row)
    {
        long bytes = RowOverhead + row.Key.Length + row.Body.Length;
        foreach (var (name, value) in row.Columns)
        {
            if (value is not (string or long or bool or double or DateTimeOffset))
            {
                throw new ArgumentException($"Column '{name}' of row '{row.Key}' is a {value.GetType().Name}; text, long, bool, double and time can be stored.");
            }

            if (value is string { Length: > TextCharacters })
            {
                throw new ArgumentException($"Column '{name}' of row '{row.Key}' is longer than {TextCharacters} characters.");
            }

            bytes += name.Length + (value is string text ? Encoding.UTF8.GetByteCount(text) : 8);
        }

        return bytes <= BytesPerRow
            ? bytes
            : throw new ArgumentException($"Row '{row.Key}' takes {bytes} bytes; a row takes at most {BytesPerRow}.");
    }
}
