using System.Text;

namespace Infra.Storage;

/// <summary>A row made ready for storing: checked against the limits, its body packed once, its sizes known.</summary>
/// <param name="Columns">A copy; times in UTC.</param>
/// <param name="Packed">The body as it is stored; empty = no body.</param>
/// <param name="PropertyBytes">Names and values of its columns (text in UTF-8, a number or time as 8 bytes) and the packed body, keys left out.</param>
/// <param name="BatchBytes">An upper estimate of what it takes of a batch.</param>
internal sealed record PackedRow(string Key, IReadOnlyDictionary<string, object> Columns, byte[] Packed, long PropertyBytes, long BatchBytes)
{
    public static PackedRow Of(string partition, Row row)
    {
        RowLimits.CheckKey(row.Key, "row key");
        RowLimits.CheckColumns(row);
        var columns = new Dictionary<string, object>(row.Columns.Count, StringComparer.Ordinal);
        long properties = RowShape.CommitColumn.Length + CommitId.Length;
        foreach (var (name, value) in row.Columns)
        {
            columns[name] = value is DateTimeOffset time ? time.ToUniversalTime() : value;
            properties += name.Length + value switch
            {
                string text => Encoding.UTF8.GetByteCount(text),
                bool => 1,
                _ => 8,
            };
        }

        var packed = row.Body.IsEmpty ? [] : BodyPacking.Pack(row.Body.Span);
        var stored = RowLimits.RowBytes(partition, row.Key, columns, packed.Length);
        if (stored > RowLimits.BytesPerRow)
        {
            throw new ArgumentException($"Row '{row.Key}' takes {stored} bytes, its body compressed; a row takes at most {RowLimits.BytesPerRow}.");
        }

        return new PackedRow(row.Key, columns, packed, properties + packed.Length, RowLimits.BatchBytesOf(partition, row.Key, columns, packed.Length));
    }
}

/// <summary>A batch made ready: every limit checked, every body packed.</summary>
/// <param name="Rows">One for each action; null for a delete.</param>
internal sealed record PackedBatch(IReadOnlyList<RowAction> Actions, IReadOnlyList<PackedRow?> Rows)
{
    public long RowsWritten => Rows.Count(r => r is not null);

    public long PropertyBytes => Rows.Sum(r => r?.PropertyBytes ?? 0);

    public static PackedBatch Of(string table, string partition, IReadOnlyList<RowAction> actions)
    {
        RowLimits.CheckTable(table);
        RowLimits.CheckKey(partition, "partition key");
        if (actions.Count is 0 or > RowLimits.ActionsPerBatch)
        {
            throw new ArgumentException($"A batch has 1 to {RowLimits.ActionsPerBatch} actions, this one {actions.Count}.");
        }

        var keys = new HashSet<string>(actions.Count, StringComparer.Ordinal);
        var rows = new PackedRow?[actions.Count];
        var bytes = 0L;
        for (var i = 0; i < actions.Count; i++)
        {
            var action = actions[i];
            if (!keys.Add(action.Key))
            {
                throw new ArgumentException($"Row '{action.Key}' stands twice in the batch.");
            }

            if (action is RowAction.Replace { ETag: null or "" or "*" } or RowAction.Delete { ETag: null or "" or "*" })
            {
                throw new ArgumentException($"The change of row '{action.Key}' names no version.");
            }

            if (RowOf(action) is { } row)
            {
                rows[i] = PackedRow.Of(partition, row);
                bytes += rows[i]!.BatchBytes;
            }
            else
            {
                RowLimits.CheckKey(action.Key, "row key");
                bytes += RowLimits.BatchBytesOf(partition, action.Key, Row.NoColumns, 0);
            }
        }

        return bytes <= RowLimits.BytesPerBatch
            ? new PackedBatch(actions, rows)
            : throw new ArgumentException($"The batch takes {bytes} bytes; a batch takes at most {RowLimits.BytesPerBatch}.");
    }

    private static Row? RowOf(RowAction action) => action switch
    {
        RowAction.Insert insert => insert.Row,
        RowAction.Replace replace => replace.Row,
        RowAction.Upsert upsert => upsert.Row,
        _ => null,
    };
}
