using System.Collections.Immutable;
using System.Globalization;
using Domain.Attention;
using Domain.Coverage;
using Domain.Orders;
using Domain.Stores;
using Infra.Ledger;
using Infra.Storage;
using Infra.Telemetry;

namespace Functions.Pull;

/// <summary>Something new that a pull found: an order, or an order that cannot be read.</summary>
/// <param name="Order">Null when it cannot be read.</param>
/// <param name="Alarm">The attention item of an order that cannot be read.</param>
public sealed record Arrival(SalesOrder? Order, IndexLine Line, ReadOnlyMemory<byte> Raw, AttentionItem? Alarm);

/// <summary>Up to 500 new orders, from as many slices and pages as fill them: one outbox row, one message, a few transactions. Coverage moves with the last.</summary>
public sealed class PullBatch(GroupLedger ledger, Dispatch dispatch, TimeProvider clock, Store store, WindowIndex index)
{
    /// <summary>The most orders of one outbox row and message.</summary>
    public const int Size = 500;

    private const int RowsOfATransaction = 100;

    /// <summary>Below the service's 4 MiB, reckoned before compression.</summary>
    private const int BytesOfATransaction = 3_500_000;

    private readonly Dictionary<OrderCode, Arrival> _arrivals = [];
    private readonly Dictionary<string, LaneCoverage> _coverage = new(StringComparer.Ordinal);
    private readonly List<Gap> _gaps = [];
    private readonly List<AttentionItem> _alarms = [];
    private readonly List<IndexSegment> _expired = [];
    private readonly HashSet<OrderCode> _overtaken = [];

    public int Count => _arrivals.Count;

    public bool IsFull => _arrivals.Count >= Size;

    public int Stored { get; private set; }

    /// <summary>Orders of this batch that another run had stored before: nothing of ours was written for them.</summary>
    public IReadOnlyCollection<OrderCode> Overtaken => _overtaken;

    public bool Holds(OrderCode code, out Arrival arrival) => _arrivals.TryGetValue(code, out arrival!);

    public void Add(OrderCode code, Arrival arrival) => _arrivals[code] = arrival;

    public void Raise(AttentionItem alarm) => _alarms.Add(alarm);

    public void Cover(LaneCoverage coverage) => _coverage[coverage.Lane] = coverage;

    /// <summary>The segment's orders have all left the window: it goes with the last chunk.</summary>
    public void Expire(IndexSegment segment) => _expired.Add(segment);

    public void Add(Gap gap, AttentionItem alarm)
    {
        _gaps.Add(gap);
        _alarms.Add(alarm);
    }

    /// <summary>Stores what has gathered. Afterwards the batch is empty and can gather again.</summary>
    public async Task CommitAsync(CancellationToken cancellation)
    {
        await StoreRawAsync(cancellation);
        await RaiseManyAsync(cancellation);
        var waiting = new Queue<Arrival>(_arrivals.Values);
        OutboxEntry? outbox = null;
        string? outboxTag = null;
        while (waiting.Count > 0 || _coverage.Count > 0 || _gaps.Count > 0 || _alarms.Count > 0)
        {
            var chunk = NextChunk(waiting, outbox is null);
            var last = waiting.Count == 0;
            (outbox, outboxTag) = await CommitChunkAsync(chunk, outbox, outboxTag, last, cancellation);
            if (last)
            {
                break;
            }
        }

        _arrivals.Clear();
        if (outbox is not null)
        {
            await dispatch.SendBatchAsync(Queues.Bundling, new BatchMessage(store.Group.Value, outbox.Batch, outbox.Trace), TimeSpan.Zero, cancellation);
        }
    }

    private async Task StoreRawAsync(CancellationToken cancellation)
    {
        // Before the orders: a crash in between leaves payloads that the next pull writes again, never an order without its payload.
        var actions = new List<RowAction>(RowsOfATransaction);
        var bytes = 0;
        foreach (var arrival in _arrivals.Values)
        {
            if (actions.Count == RowsOfATransaction || bytes + arrival.Raw.Length > BytesOfATransaction)
            {
                await ledger.Rows.CommitAsync(GroupKeys.Raw, store.Group.Value, actions, cancellation);
                actions.Clear();
                bytes = 0;
            }

            actions.Add(new RowAction.Upsert(new Row(GroupKeys.RawRow(new OrderKey(store.Id, arrival.Line.Code)), arrival.Raw)));
            bytes += arrival.Raw.Length;
        }

        if (actions.Count > 0)
        {
            await ledger.Rows.CommitAsync(GroupKeys.Raw, store.Group.Value, actions, cancellation);
        }
    }

    /// <summary>More alarms than fit beside the last chunk go ahead of it; raising one again is harmless.</summary>
    private async Task RaiseManyAsync(CancellationToken cancellation)
    {
        const int Beside = 20;
        while (_alarms.Count > Beside)
        {
            var some = _alarms.DistinctBy(a => a.Id).Take(RowsOfATransaction).ToList();
            await ledger.Rows.CommitAsync(GroupKeys.Open, store.Group.Value, [.. some.Select(a => new RowAction.Upsert(Codecs.Attention.Encode(a)))], cancellation);
            _alarms.RemoveAll(a => some.Any(s => s.Id == a.Id));
        }
    }

    /// <summary>As many arrivals as fit a transaction beside the segment, the outbox row and, at the end, everything that moves with the last chunk.</summary>
    private List<Arrival> NextChunk(Queue<Arrival> waiting, bool first)
    {
        var room = IndexSegment.Capacity;
        if (first && index.Last is { } open && open.HasRoom(Math.Min(waiting.Count, IndexSegment.Capacity)))
        {
            room = IndexSegment.Capacity - open.Lines.Count;
        }

        var besides = 2 + _coverage.Count + (2 * _gaps.Count) + _alarms.Count + _expired.Count;
        var chunk = new List<Arrival>();
        var rows = 0;
        var bytes = 0;
        while (waiting.TryPeek(out var next) && chunk.Count < room)
        {
            var cost = (next.Order is null ? 0 : 1) + (next.Alarm is null ? 0 : 1);
            var size = next.Raw.Length + 4_000; // the order's own form is about as long as its payload
            if (rows + cost > RowsOfATransaction - 2 || (chunk.Count > 0 && bytes + size > BytesOfATransaction))
            {
                break;
            }

            if (waiting.Count == 1 && rows + cost + besides > RowsOfATransaction && chunk.Count > 0)
            {
                break; // the last one goes with what moves last
            }

            chunk.Add(waiting.Dequeue());
            rows += cost;
            bytes += size;
        }

        return chunk;
    }

    private async Task<(OutboxEntry?, string?)> CommitChunkAsync(
        List<Arrival> chunk, OutboxEntry? outbox, string? outboxTag, bool last, CancellationToken cancellation)
    {
        for (var tries = 0; ; tries++)
        {
            var actions = new List<RowAction>();
            var segment = Write(chunk, actions, out var before);
            var entry = outbox;
            if (chunk.Any(a => a.Order is not null))
            {
                entry ??= new OutboxEntry(Queues.Bundling, NewId(), store.Id, [], [], clock.GetUtcNow(), TraceText.Current);
                entry = entry with { Ranges = entry.Ranges.Add(new LineRange(segment!.Id, before, segment.Lines.Count)) };
                var row = Codecs.Outbox.Encode(entry);
                actions.Add(outboxTag is null ? new RowAction.Insert(row) : new RowAction.Replace(row, outboxTag));
            }

            var outboxAt = entry == outbox ? -1 : actions.Count - 1;
            if (last)
            {
                WriteLast(actions);
            }

            if (actions.Count == 0)
            {
                return (entry, outboxTag);
            }

            try
            {
                var tags = await ledger.Rows.CommitAsync(GroupKeys.Open, store.Group.Value, actions, cancellation);
                Settle(segment, tags, actions, last);
                Stored += chunk.Count;
                return (entry, outboxAt >= 0 ? tags[outboxAt] : outboxTag);
            }
            catch (RowConflictException conflict) when (tries < 40)
            {
                GroupLedger.NoteConflict(store.Group);
                Undo(segment, before);
                if (conflict.Key == GroupKeys.OutboxRow(Queues.Bundling, entry?.Batch ?? ""))
                {
                    outbox = null; // the sweeper was quicker: what it took is being bundled, the rest gets a row of its own
                    outboxTag = null;
                }
                else
                {
                    await ResolveAsync(conflict, chunk, cancellation);
                }
            }
        }
    }

    /// <summary>The chunk's rows, and its lines in the newest segment that has room or in a new one.</summary>
    private IndexSegment? Write(List<Arrival> chunk, List<RowAction> actions, out int before)
    {
        before = 0;
        if (chunk.Count == 0)
        {
            return null;
        }

        foreach (var arrival in chunk)
        {
            if (arrival.Order is not null)
            {
                actions.Add(new RowAction.Insert(Codecs.Order.Encode(arrival.Order)));
            }

            if (arrival.Alarm is not null)
            {
                actions.Add(new RowAction.Upsert(Codecs.Attention.Encode(arrival.Alarm)));
            }
        }

        var segment = index.Last is { } open && open.HasRoom(chunk.Count) ? open : new IndexSegment(NewId(), null, []);
        before = segment.Lines.Count;
        foreach (var arrival in chunk)
        {
            segment.Append(arrival.Line);
        }

        var row = segment.Encode(store.Id);
        actions.Add(segment.ETag is null ? new RowAction.Insert(row) : new RowAction.Replace(row, segment.ETag));
        return segment;
    }

    private void WriteLast(List<RowAction> actions)
    {
        foreach (var coverage in _coverage.Values)
        {
            var row = Codecs.Coverage(store.Id).Encode(coverage);
            actions.Add(index.Lane(coverage.Lane)?.ETag is { } etag ? new RowAction.Replace(row, etag) : new RowAction.Insert(row));
        }

        actions.AddRange(_expired.Select(s => new RowAction.Delete(GroupKeys.Segment(store.Id, s.Id), s.ETag!)));
        actions.AddRange(_gaps.Select(gap => new RowAction.Upsert(Codecs.Gap.Encode(gap))));
        actions.AddRange(_alarms.DistinctBy(a => a.Id).Select(alarm => new RowAction.Upsert(Codecs.Attention.Encode(alarm))));
    }

    private void Settle(IndexSegment? segment, IReadOnlyList<string> tags, List<RowAction> actions, bool last)
    {
        for (var i = 0; i < actions.Count; i++)
        {
            if (segment is not null && actions[i].Key == GroupKeys.Segment(store.Id, segment.Id))
            {
                index.Remove(segment);
                segment.ETag = tags[i];
                index.Add(segment);
            }
            else if (last && _coverage.Values.FirstOrDefault(c => actions[i].Key == GroupKeys.Coverage(store.Id, c.Lane)) is { } covered)
            {
                index.Set(covered, tags[i]);
            }
        }

        if (last)
        {
            _expired.ForEach(index.Remove);
            _expired.Clear();
            _coverage.Clear();
            _gaps.Clear();
            _alarms.Clear();
        }
    }

    private static void Undo(IndexSegment? segment, int before) => segment?.CutBack(before);

    private async Task ResolveAsync(RowConflictException conflict, List<Arrival> chunk, CancellationToken cancellation)
    {
        if (conflict.Key.StartsWith(GroupKeys.Orders(store.Id), StringComparison.Ordinal))
        {
            // Another pull of this store was first; its lines stand in the index by now, those of the whole chunk most likely.
            var stand = await WindowIndex.ReadAsync(ledger, store, cancellation);
            index.TakeOver(stand);
            foreach (var ours in _coverage.Values.ToList())
            {
                _coverage[ours.Lane] = stand.Lane(ours.Lane) is { } theirs ? ours.With(theirs.Coverage) : ours;
            }

            _overtaken.UnionWith(chunk.Where(a => stand.Find(a.Line.Code) is not null).Select(a => a.Line.Code));
            chunk.RemoveAll(a => _overtaken.Contains(a.Line.Code));
            _expired.RemoveAll(e => stand.Segments.All(s => s.Id != e.Id || s.ETag != e.ETag));

            // Stored long ago and no longer in the index: only its line is new.
            if (chunk.FindIndex(a => a.Order is { } order && GroupKeys.Order(order.Key) == conflict.Key) is var known and >= 0)
            {
                _overtaken.Add(chunk[known].Line.Code);
                chunk[known] = chunk[known] with { Order = null };
            }

            return;
        }

        var row = await ledger.Rows.FindAsync(GroupKeys.Open, store.Group.Value, conflict.Key, cancellation);
        if (_coverage.Values.FirstOrDefault(c => GroupKeys.Coverage(store.Id, c.Lane) == conflict.Key) is { } lane)
        {
            var stands = row is null ? null : Codecs.Coverage(store.Id).Decode(row);
            index.Set(stands ?? lane, row?.ETag);
            _coverage[lane.Lane] = stands is null ? lane : lane.With(stands);
            return;
        }

        _expired.RemoveAll(s => GroupKeys.Segment(store.Id, s.Id) == conflict.Key);
        if (index.Segments.FirstOrDefault(s => GroupKeys.Segment(store.Id, s.Id) == conflict.Key) is { } segment)
        {
            index.Remove(segment);
            if (row is not null)
            {
                index.Add(IndexSegment.Decode(row));
            }
        }
    }

    /// <summary>Ascends with time; two made in the same millisecond differ.</summary>
    private string NewId() => string.Create(
        CultureInfo.InvariantCulture, $"{clock.GetUtcNow().ToUnixTimeMilliseconds():x12}{Random.Shared.Next(0x1000000):x6}");
}
