using System.Collections.Immutable;
using System.Text;
using Domain.Bundling;
using Domain.Orders;
using Infra.Storage;

namespace Infra.Ledger;

/// <summary>What the window's index keeps of one order: enough to see that nothing changed, and enough to bundle it without reading the order.</summary>
/// <param name="Token">Hash of what the marketplace's list shows of the order's version.</param>
/// <param name="Content">Hash of the order's payload.</param>
/// <param name="Sign">Hash of the last claim or other sign seen for it; 0 = none.</param>
/// <param name="Key">Its bundle key; null = never bundled, or unreadable.</param>
/// <param name="CashOnDelivery">Yen.</param>
public readonly record struct IndexLine(
    OrderCode Code, ulong Token, ulong Content, ulong Sign, OrderState State, bool Unreadable, DateTimeOffset PlacedAt, DateOnly Planned, decimal CashOnDelivery, BundleKey? Key)
{
    /// <summary>The deliveries 2, 3, … of an order that has several recipients when it is new; default = one.</summary>
    public ImmutableArray<FurtherDelivery> Further { get; init; }
}

/// <summary>One more delivery of an order: what bundling must know of it. It collects nothing.</summary>
public readonly record struct FurtherDelivery(DateOnly Planned, BundleKey? Key);

/// <summary>A segment of a store's window index: many orders in one packed row.</summary>
public sealed class IndexSegment
{
    /// <summary>Lines a segment takes; a trickle of orders fills the last one instead of adding a row a pull.</summary>
    public const int Capacity = 98;

    /// <summary>2 since a line may name further deliveries; what was written before has none.</summary>
    private const byte Format = 2;

    private const byte FormatOfOneDelivery = 1;

    private readonly List<IndexLine> _lines;

    public IndexSegment(string id, string? etag, IEnumerable<IndexLine> lines)
    {
        Id = id;
        ETag = etag;
        _lines = [.. lines];
    }

    /// <summary>Ascends with time, so that the newest segment is the last of the range.</summary>
    public string Id { get; }

    public string? ETag { get; set; }

    public IReadOnlyList<IndexLine> Lines => _lines;

    public bool HasRoom(int lines) => _lines.Count + lines <= Capacity;

    public void Append(IndexLine line) => _lines.Add(line);

    public void Replace(int place, IndexLine line) => _lines[place] = line;

    public void CutBack(int count) => _lines.RemoveRange(count, _lines.Count - count);

    public Row Encode(Domain.Stores.StoreId store)
    {
        using var bytes = new MemoryStream(64 + (_lines.Count * 80));
        using (var writer = new BinaryWriter(bytes, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Format);
            writer.Write7BitEncodedInt(_lines.Count);
            foreach (var line in _lines)
            {
                writer.Write(line.Code.Value);
                writer.Write(line.Token);
                writer.Write(line.Content);
                writer.Write(line.Sign);
                writer.Write((byte)line.State);
                writer.Write(line.Unreadable);
                writer.Write(line.PlacedAt.ToUnixTimeSeconds());
                writer.Write7BitEncodedInt(line.Planned.DayNumber);
                writer.Write(line.CashOnDelivery == 0 ? "" : line.CashOnDelivery.ToString(System.Globalization.CultureInfo.InvariantCulture));
                writer.Write(line.Key?.Value ?? "");
                var further = line.Further.IsDefault ? [] : line.Further;
                writer.Write7BitEncodedInt(further.Length);
                foreach (var delivery in further)
                {
                    writer.Write7BitEncodedInt(delivery.Planned.DayNumber);
                    writer.Write(delivery.Key?.Value ?? "");
                }
            }
        }

        return new Row(GroupKeys.Segment(store, Id), null, new Dictionary<string, object> { [Codec<SalesOrder>.VersionColumn] = (long)Format }, bytes.ToArray());
    }

    public static IndexSegment Decode(Row row)
    {
        var id = row.Key[(row.Key.LastIndexOf('|') + 1)..];
        using var reader = new BinaryReader(new MemoryStream(row.Body.ToArray()), Encoding.UTF8);
        var format = reader.ReadByte();
        if (format is not (Format or FormatOfOneDelivery))
        {
            throw new InvalidDataException($"Index segment '{row.Key}' has a format that this version does not know.");
        }

        var count = reader.Read7BitEncodedInt();
        var lines = new List<IndexLine>(count);
        for (var i = 0; i < count; i++)
        {
            lines.Add(new IndexLine(
                OrderCode.Parse(reader.ReadString()),
                reader.ReadUInt64(),
                reader.ReadUInt64(),
                reader.ReadUInt64(),
                (OrderState)reader.ReadByte(),
                reader.ReadBoolean(),
                DateTimeOffset.FromUnixTimeSeconds(reader.ReadInt64()),
                DateOnly.FromDayNumber(reader.Read7BitEncodedInt()),
                reader.ReadString() is { Length: > 0 } cod ? decimal.Parse(cod, System.Globalization.CultureInfo.InvariantCulture) : 0,
                KeyOf(reader))
            { Further = format is FormatOfOneDelivery ? default : FurtherOf(reader) });
        }

        return new IndexSegment(id, row.ETag, lines);
    }

    private static ImmutableArray<FurtherDelivery> FurtherOf(BinaryReader reader)
    {
        var count = reader.Read7BitEncodedInt();
        if (count == 0)
        {
            return default;
        }

        var further = ImmutableArray.CreateBuilder<FurtherDelivery>(count);
        for (var i = 0; i < count; i++)
        {
            further.Add(new FurtherDelivery(DateOnly.FromDayNumber(reader.Read7BitEncodedInt()), KeyOf(reader)));
        }

        return further.MoveToImmutable();
    }

    private static BundleKey? KeyOf(BinaryReader reader) => reader.ReadString() is { Length: > 0 } key ? BundleKey.Parse(key) : null;
}
