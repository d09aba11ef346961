using Azure.Data.Tables;

namespace Infra.Storage.Azure;

/// <summary>How a row lies in a table's entity: columns as they are, the body packed in <c>b0</c>, <c>b1</c>, … of 64 KiB.</summary>
internal static class RowEntity
{
    /// <summary>What a projection always brings; the time stamp because the service makes the ETag from it.</summary>
    private static readonly string[] Always = ["RowKey", "Timestamp"];

    public static TableEntity Of(string partition, PackedRow row, string commit)
    {
        var entity = new TableEntity(partition, row.Key) { [RowShape.CommitColumn] = commit };
        foreach (var (name, value) in row.Columns)
        {
            entity[name] = value;
        }

        for (var part = 0; part < RowShape.PartsOf(row.Packed.Length); part++)
        {
            var from = part * RowLimits.BinaryBytes;
            entity[RowShape.PartName(part)] = row.Packed.AsSpan(from, Math.Min(RowLimits.BinaryBytes, row.Packed.Length - from)).ToArray();
        }

        return entity;
    }

    public static IReadOnlyList<string>? Select(IReadOnlyList<string>? columns) => columns is null ? null : [.. Always, .. columns];

    public static Row ToRow(TableEntity entity)
    {
        var columns = new Dictionary<string, object>(entity.Count, StringComparer.Ordinal);
        var parts = 0;
        foreach (var (name, value) in entity)
        {
            if (RowShape.IsBodyPart(name))
            {
                parts++;
            }
            else if (value is not null && !name.StartsWith("odata.", StringComparison.Ordinal) && !RowShape.IsReserved(name))
            {
                columns[name] = value;
            }
        }

        return new Row(entity.RowKey, entity.ETag.ToString(), columns, Body(entity, parts));
    }

    private static ReadOnlyMemory<byte> Body(TableEntity entity, int parts)
    {
        if (parts <= 1)
        {
            return parts == 0 ? default : BodyPacking.Unpack(entity.GetBinary(RowShape.PartName(0)));
        }

        using var whole = new MemoryStream();
        for (var part = 0; part < parts; part++)
        {
            whole.Write(entity.GetBinary(RowShape.PartName(part)));
        }

        return BodyPacking.Unpack(whole.GetBuffer().AsSpan(0, (int)whole.Length));
    }
}
