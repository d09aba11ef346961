using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Domain.Attention;
using Domain.Bundling;
using Domain.Coverage;
using Domain.Deliveries;
using Domain.Orders;
using Domain.Shipments;
using Infra.Storage;

namespace Infra.Ledger;

/// <summary>How one kind of record becomes a row and comes back.</summary>
/// <param name="Columns">What a list can see without the body.</param>
public sealed record Codec<T>(JsonTypeInfo<T> Shape, Func<T, string> KeyOf, Func<T, IReadOnlyDictionary<string, object>> Columns)
    where T : class
{
    /// <summary>Every row says which shape it was written in, so that a later version can read it.</summary>
    public const string VersionColumn = "v";

    public const long Version = 1;

    public Row Encode(T record) => new(KeyOf(record), null, Columns(record), JsonSerializer.SerializeToUtf8Bytes(record, Shape));

    public T Decode(Row row) => JsonSerializer.Deserialize(row.Body.Span, Shape)
        ?? throw new InvalidDataException($"Row '{row.Key}' holds no record.");
}

public static class Codecs
{
    public static readonly Codec<SalesOrder> Order = new(LedgerJson.Default.SalesOrder, o => GroupKeys.Order(o.Key), o => Columns(
        ("state", o.State.ToString()),
        ("holds", string.Join(' ', o.Holds.Select(h => h.Code))),
        ("placed", o.Content.PlacedAt),
        ("planned", o.PlannedShipDate.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)),
        ("imported", o.ImportedAt),
        ("elsewhere", o.HandledElsewhere)));

    public static readonly Codec<OutboundDelivery> Delivery = new(LedgerJson.Default.OutboundDelivery, d => GroupKeys.Delivery(d.Id), d => Columns(
        ("state", d.State.ToString()),
        ("ready", d.MembersReady),
        ("orders", (long)d.Members.Length),
        ("planned", d.PlannedShipDate.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)),
        ("warehouse", d.Warehouse),
        ("placed", d.Members.Length == 0 ? DateTimeOffset.UnixEpoch : d.Members.Min(m => m.PlacedAt)),
        ("number", d.Shipment?.Number.Value ?? "")));

    public static readonly Codec<BundleKeyRow> Key = new(LedgerJson.Default.BundleKeyRow, k => GroupKeys.Key(k.Key), _ => Columns());

    /// <summary>The list of candidates: a copy of the key row's, written in the same transaction.</summary>
    public static readonly Codec<BundleKeyRow> Candidate = new(LedgerJson.Default.BundleKeyRow, k => GroupKeys.Candidate(k.Key), k => Columns(
        ("state", k.Candidate?.State.ToString() ?? "None"),
        ("since", k.Candidate?.Since ?? DateTimeOffset.UnixEpoch)));

    public static readonly Codec<PushEntry> Push = new(LedgerJson.Default.PushEntry, p => GroupKeys.Push(p.Order, p.Revision, p.Part), p => Columns(
        ("state", p.Superseded ? "Superseded" : p.IsConfirmed ? "Confirmed" : p.Steps.FirstOrDefault(s => s.State is not PushState.Confirmed)?.State.ToString() ?? ""),
        ("number", p.Number.Value)));

    public static readonly Codec<HistoryBlock> History = new(LedgerJson.Default.HistoryBlock, h => GroupKeys.HistoryRow(h.Order, h.First), _ => Columns());

    public static readonly Codec<OutboxEntry> Outbox = new(LedgerJson.Default.OutboxEntry, x => GroupKeys.OutboxRow(x.Queue, x.Batch), x => Columns(("created", x.CreatedAt)));

    public static readonly Codec<AttentionItem> Attention = new(LedgerJson.Default.AttentionItem, t => GroupKeys.AttentionRow(t.Id), t => Columns(
        ("kind", t.Kind.ToString()), ("since", t.Since), ("store", t.Store?.Value ?? ""), ("order", t.Order?.Value ?? "")));

    public static readonly Codec<Gap> Gap = new(LedgerJson.Default.Gap, g => GroupKeys.Gap(g.Store, g.Id), g => Columns(
        ("acknowledged", g.AcknowledgedAt is not null)));

    public static Codec<LaneCoverage> Coverage(Domain.Stores.StoreId store) =>
        new(LedgerJson.Default.LaneCoverage, c => GroupKeys.Coverage(store, c.Lane), _ => Columns());

    private static Dictionary<string, object> Columns(params ReadOnlySpan<(string Name, object Value)> columns)
    {
        var result = new Dictionary<string, object>(columns.Length + 1, StringComparer.Ordinal) { [Codec<SalesOrder>.VersionColumn] = Codec<SalesOrder>.Version };
        foreach (var (name, value) in columns)
        {
            if (value is not "")
            {
                result[name] = value;
            }
        }

        return result;
    }
}
