using Domain.Attention;
using Domain.Bundling;
using Domain.Coverage;
using Domain.Deliveries;
using Domain.Orders;
using Domain.Shipments;
using Domain.Stores;
using Infra.Storage;

namespace Infra.Ledger;

/// <summary>The rows of one bundle group that a change reads and writes together. What it puts is committed in one transaction, each row against the version it was read in.</summary>
public sealed class LedgerUnit(IRowStore rows, BundleGroupId group)
{
    /// <summary>Below this, reading one by one costs no more.</summary>
    private const int FewestToWarm = 4;

    /// <summary>A page that brings more rows than this for each wanted one takes longer than reading those one by one.</summary>
    private const int Sparse = 32;

    private const int SmallestPage = 256;

    private readonly Dictionary<string, Row?> _read = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RowAction> _actions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, object> _put = new(StringComparer.Ordinal);

    public BundleGroupId Group { get; } = group;

    public bool HasChanges => _actions.Count > 0;

    public int Count => _actions.Count;

    public Task<SalesOrder?> OrderAsync(OrderKey key, CancellationToken cancellation) => FindAsync(GroupKeys.Order(key), Codecs.Order, cancellation);

    public Task<OutboundDelivery?> DeliveryAsync(DeliveryId id, CancellationToken cancellation) => FindAsync(GroupKeys.Delivery(id), Codecs.Delivery, cancellation);

    public Task<BundleKeyRow?> KeyAsync(BundleKey key, CancellationToken cancellation) => FindAsync(GroupKeys.Key(key), Codecs.Key, cancellation);

    /// <param name="part">The number of the order's own delivery.</param>
    public Task<PushEntry?> PushAsync(OrderKey order, int revision, CancellationToken cancellation, int part = 1) =>
        FindAsync(GroupKeys.Push(order, revision, part), Codecs.Push, cancellation);

    public Task<PushEntry?> PushAsync(string row, CancellationToken cancellation) => FindAsync(row, Codecs.Push, cancellation);

    public Task<OutboxEntry?> OutboxAsync(string queue, string batch, CancellationToken cancellation) => FindAsync(GroupKeys.OutboxRow(queue, batch), Codecs.Outbox, cancellation);

    public Task<AttentionItem?> AttentionAsync(string id, CancellationToken cancellation) => FindAsync(GroupKeys.AttentionRow(id), Codecs.Attention, cancellation);

    public Task<Gap?> GapAsync(StoreId store, string id, CancellationToken cancellation) => FindAsync(GroupKeys.Gap(store, id), Codecs.Gap, cancellation);

    public void Put(SalesOrder order) => Put(Codecs.Order, order);

    public void Put(OutboundDelivery delivery) => Put(Codecs.Delivery, delivery);

    public void Put(PushEntry push) => Put(Codecs.Push, push);

    public void Put(OutboxEntry entry) => Put(Codecs.Outbox, entry);

    public void Put(AttentionItem item) => Put(Codecs.Attention, item);

    public void Put(Gap gap) => Put(Codecs.Gap, gap);

    /// <summary>Writes the key row and its place in the list of candidates. A key that nobody carries and about which nothing was decided goes away.</summary>
    public void Put(BundleKeyRow key)
    {
        var listed = key.Candidate is not null
            || (_read.GetValueOrDefault(GroupKeys.Key(key.Key)) is { } stands && Codecs.Key.Decode(stands).Candidate is not null);
        if (key.Members.IsEmpty && key.Candidate is null)
        {
            Delete(GroupKeys.Key(key.Key));
        }
        else
        {
            Put(Codecs.Key, key);
        }

        // The list row is a function of the key row, whose version guards this transaction.
        var row = Codecs.Candidate.Encode(key);
        if (listed)
        {
            _actions[row.Key] = new RowAction.Upsert(row);
        }
        else
        {
            _actions.Remove(row.Key); // never a candidate: nothing was listed
        }
    }

    /// <summary>Writes the key row as it stands, so that this transaction fails when someone else has changed it since.</summary>
    public void Guard(BundleKeyRow key)
    {
        var row = Codecs.Key.Encode(key);
        if (!_actions.ContainsKey(row.Key) && _read.GetValueOrDefault(row.Key) is { ETag: { } etag })
        {
            _actions[row.Key] = new RowAction.Replace(row, etag);
        }
    }

    public void Delete(OutboxEntry entry) => Delete(GroupKeys.OutboxRow(entry.Queue, entry.Batch));

    public void Delete(AttentionItem item) => Delete(GroupKeys.AttentionRow(item.Id));

    /// <summary>Lets go of what was put, and of the named row's reading, so that the change can run again on what stands now.</summary>
    internal void StartOver(string? moved)
    {
        _actions.Clear();
        _put.Clear();
        if (moved is null)
        {
            _read.Clear();
        }
        else
        {
            _read.Remove(moved);
        }
    }

    /// <summary>What was put stands now under these versions: a further change of the same rows needs no reading.</summary>
    internal void Settle(IReadOnlyList<RowAction> actions, IReadOnlyList<string> tags)
    {
        for (var i = 0; i < actions.Count; i++)
        {
            _read[actions[i].Key] = actions[i] switch
            {
                RowAction.Insert insert => insert.Row with { ETag = tags[i] },
                RowAction.Replace replace => replace.Row with { ETag = tags[i] },
                RowAction.Upsert upsert => upsert.Row with { ETag = tags[i] },
                _ => null,
            };
        }

        _actions.Clear();
        _put.Clear();
    }

    internal IReadOnlyList<RowAction> Actions => [.. _actions.Values];

    /// <summary>A row read by another way (a range, another unit), so that it needs no reading of its own. What is written rests on that version all the same.</summary>
    public void Seed(Row row) => _read.TryAdd(row.Key, row);

    /// <summary>Reads many rows with few requests where their keys lie close together; the rest is read one by one when it is asked for.</summary>
    /// <param name="keys">Row keys of one kind.</param>
    public async Task WarmAsync(IEnumerable<string> keys, CancellationToken cancellation)
    {
        var wanted = keys.Where(k => !_read.ContainsKey(k)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        for (var next = 0; wanted.Length - next >= FewestToWarm;)
        {
            var range = new RowRange(wanted[next], wanted[^1] + "!") { Take = Math.Min(1000, Math.Max(SmallestPage, (wanted.Length - next) * 2)) };
            var (page, continuation) = await rows.ReadAsync(GroupKeys.Open, Group.Value, range, cancellation);
            if (page.Count == 0 && continuation is not null)
            {
                return; // the service answered with nothing yet
            }

            var end = continuation is null ? null : page[^1].Key;
            var found = page.ToDictionary(r => r.Key, StringComparer.Ordinal);
            var before = next;
            for (; next < wanted.Length && (end is null || string.CompareOrdinal(wanted[next], end) <= 0); next++)
            {
                _read[wanted[next]] = found.GetValueOrDefault(wanted[next]);
            }

            if ((next - before) * Sparse < page.Count)
            {
                return; // they lie too far apart for ranges
            }
        }
    }

    private async Task<T?> FindAsync<T>(string key, Codec<T> codec, CancellationToken cancellation)
        where T : class
    {
        if (_put.TryGetValue(key, out var put))
        {
            return put as T;
        }

        if (!_read.TryGetValue(key, out var row))
        {
            row = await rows.FindAsync(GroupKeys.Open, Group.Value, key, cancellation);
            _read[key] = row;
        }

        return row is null ? null : codec.Decode(row);
    }

    private void Put<T>(Codec<T> codec, T record)
        where T : class
    {
        var row = codec.Encode(record);
        _put[row.Key] = record;
        if (_read.GetValueOrDefault(row.Key) is { } known && known.Body.Span.SequenceEqual(row.Body.Span))
        {
            _actions.Remove(row.Key); // nothing changed: nothing to write
            return;
        }

        _actions[row.Key] = _read.GetValueOrDefault(row.Key) is { ETag: { } etag }
            ? new RowAction.Replace(row, etag)
            : new RowAction.Insert(row);
    }

    private void Delete(string key)
    {
        _put[key] = DBNull.Value;
        if (_read.GetValueOrDefault(key) is { ETag: { } etag })
        {
            _actions[key] = new RowAction.Delete(key, etag);
        }
        else
        {
            _actions.Remove(key);
        }
    }
}
