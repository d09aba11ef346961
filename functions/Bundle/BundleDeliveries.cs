using System.Collections.Concurrent;
using System.Collections.Immutable;
using Domain.Bundling;
using Domain.Deliveries;
using Domain.Orders;
using Domain.Stores;
using Infra.Ledger;
using Infra.Storage;
using Infra.Telemetry;

namespace Functions.Bundle;

/// <summary>Makes the deliveries of a batch of orders and lets each claim its bundle key: alone it is free to be released, beside another it becomes a candidate that locks.
/// Costs the same whatever the backlog: a delivery without a match reads nothing.</summary>
public sealed class BundleDeliveries(StoreRegistry registry, GroupLedger ledger, TimeProvider clock)
{
    private const int RowsOfATransaction = 100;

    /// <summary>Keys that this process has seen claimed lately: reading their row first saves a refused transaction.</summary>
    private readonly ConcurrentDictionary<string, byte> _claimed = new(StringComparer.Ordinal);

    /// <returns>How many deliveries were made, and how many of them stand in a candidate.</returns>
    public async Task<(int Made, int Locked)> RunAsync(BatchMessage message, CancellationToken cancellation)
    {
        var group = BundleGroupId.Parse(message.Group);
        var outboxKey = GroupKeys.OutboxRow(Queues.Bundling, message.Batch);
        if (await ledger.Rows.FindAsync(GroupKeys.Open, group.Value, outboxKey, cancellation) is not { } outboxRow)
        {
            return (0, 0); // consumed already: the message came twice
        }

        var entry = Codecs.Outbox.Decode(outboxRow);
        var book = await registry.ReadAsync(cancellation);
        if (book.Find(entry.Store) is not { } store)
        {
            return (0, 0); // the store was removed; its rows wait
        }

        var lines = await LinesAsync(group, entry, cancellation);
        var work = new Work(group, clock.GetUtcNow());
        foreach (var members in lines.SelectMany(l => DeliveriesOf(store, l, work.Now)).GroupBy(d => d.Key?.Value ?? d.Id.ToString(), StringComparer.Ordinal))
        {
            var cost = members.Count() + (members.First().Key is null ? 0 : 2);
            if (work.Count > 0 && work.Rows + cost > RowsOfATransaction - 1)
            {
                await CommitAsync(work, null, cancellation);
            }

            foreach (var portion in members.Chunk(RowsOfATransaction - 10))
            {
                if (work.Rows + portion.Length + 2 > RowsOfATransaction - 1)
                {
                    await CommitAsync(work, null, cancellation);
                }

                Array.ForEach(portion, work.Add);
            }
        }

        await CommitAsync(work, new RowAction.Delete(outboxKey, outboxRow.ETag!), cancellation);
        return (work.Made, work.Locked);
    }

    private async Task<List<IndexLine>> LinesAsync(BundleGroupId group, OutboxEntry entry, CancellationToken cancellation)
    {
        var segments = new Dictionary<string, IndexSegment>(StringComparer.Ordinal);
        var first = entry.Ranges.Min(r => r.Segment)!;
        var last = entry.Ranges.Max(r => r.Segment)!;
        var range = new RowRange(GroupKeys.Segment(entry.Store, first), GroupKeys.Segment(entry.Store, last) + "\u0021");
        await foreach (var row in ledger.RangeAsync(group, range, cancellation))
        {
            var segment = IndexSegment.Decode(row);
            segments[segment.Id] = segment;
        }

        return [.. entry.Ranges
            .Where(r => segments.ContainsKey(r.Segment))
            .SelectMany(r => segments[r.Segment].Lines.Take(r.To).Skip(r.From))
            .Where(l => !l.Unreadable)];
    }

    /// <summary>The deliveries that the index line describes, one a recipient; the order itself need not be read.</summary>
    private static IEnumerable<OutboundDelivery> DeliveriesOf(Store store, IndexLine line, DateTimeOffset now)
    {
        var order = new OrderKey(store.Id, line.Code);
        var over = line.State is OrderState.Cancelled or OrderState.Shipped;
        yield return Delivery(1, line.CashOnDelivery, line.Planned, line.Key);
        for (var i = 0; !line.Further.IsDefault && i < line.Further.Length; i++)
        {
            yield return Delivery(i + 2, 0, line.Further[i].Planned, line.Further[i].Key); // the first collects for all
        }

        OutboundDelivery Delivery(int number, decimal collects, DateOnly planned, BundleKey? key) => new()
        {
            Id = new DeliveryId(store.Id, line.Code, number),
            Members = [new DeliveryMember(order, line.State, line.PlacedAt, new Yen(collects), number)],
            State = over ? DeliveryState.Cancelled : DeliveryState.Waiting,
            Key = over ? null : key,
            PlannedShipDate = planned,
            Warehouse = store.Warehouse,
            Trace = TraceText.Current,
            History = [new HistoryEntry(now, "bundle", "created", "")],
        };
    }

    /// <summary>Commits what has gathered; on a conflict takes account of exactly the row that stood in the way.</summary>
    private async Task CommitAsync(Work work, RowAction? outbox, CancellationToken cancellation)
    {
        var later = new Stack<OutboundDelivery>();
        for (var tries = 0; ; tries++)
        {
            await ReadClaimedAsync(work, cancellation);
            var actions = work.Actions(outbox);
            while (actions.Count > RowsOfATransaction || (later.Count > 0 && outbox is not null && actions.Contains(outbox)))
            {
                if (actions.Count > RowsOfATransaction)
                {
                    work.TakeOut().ForEach(later.Push); // matches with earlier orders need a row more each
                }

                actions = work.Actions(later.Count > 0 ? null : outbox);
            }

            if (actions.Count == 0)
            {
                return;
            }

            try
            {
                await ledger.Rows.CommitAsync(GroupKeys.Open, work.Group.Value, actions, cancellation);
                foreach (var key in work.Keys)
                {
                    Remember(work.Group, key);
                }

                work.Settle();
                if (later.Count == 0)
                {
                    return;
                }

                while (later.TryPop(out var delivery))
                {
                    work.Add(delivery);
                }
            }
            catch (RowConflictException conflict) when (tries < 200)
            {
                GroupLedger.NoteConflict(work.Group);
                if (outbox is not null && conflict.Key == outbox.Key)
                {
                    outbox = null; // another run of the same message is ahead; what it has made is met row by row
                }
                else if (conflict.Key.StartsWith("k|", StringComparison.Ordinal))
                {
                    await work.ReadKeyAsync(ledger.Rows, BundleKey.Parse(conflict.Key[2..]), cancellation);
                }
                else
                {
                    work.Drop(conflict.Key); // that delivery was made by whoever decided first
                }
            }
        }
    }

    private async Task ReadClaimedAsync(Work work, CancellationToken cancellation)
    {
        foreach (var key in work.Keys.Where(k => !work.HasRead(k) && _claimed.ContainsKey(Name(work.Group, k))).ToList())
        {
            await work.ReadKeyAsync(ledger.Rows, key, cancellation);
        }
    }

    private void Remember(BundleGroupId group, BundleKey key)
    {
        if (_claimed.Count > 20_000)
        {
            _claimed.Clear(); // only a hint
        }

        _claimed[Name(group, key)] = 0;
    }

    private static string Name(BundleGroupId group, BundleKey key) => $"{group}|{key}";

    /// <summary>What the next transaction will hold.</summary>
    private sealed class Work(BundleGroupId group, DateTimeOffset now)
    {
        private readonly Dictionary<string, OutboundDelivery> _deliveries = new(StringComparer.Ordinal);
        private readonly Dictionary<BundleKey, List<OutboundDelivery>> _byKey = [];
        private readonly Dictionary<BundleKey, (BundleKeyRow? Stands, string? ETag)> _read = [];

        public BundleGroupId Group { get; } = group;

        public DateTimeOffset Now { get; } = now;

        public int Made { get; private set; }

        public int Locked { get; private set; }

        public int Count => _deliveries.Count;

        public IReadOnlyCollection<BundleKey> Keys => _byKey.Keys;

        /// <summary>Deliveries, key rows, and a candidate row for each key that has or may meet another member.</summary>
        public int Rows => _deliveries.Count + _byKey.Sum(k => k.Value.Count > 1 || _read.ContainsKey(k.Key) ? 2 : 1);

        /// <summary>Takes the youngest delivery and all that share its key out, for a transaction of their own.</summary>
        public List<OutboundDelivery> TakeOut()
        {
            var last = _deliveries.Values.Last();
            var taken = last.Key is { } key ? Members(key).ToList() : [last];
            foreach (var delivery in taken)
            {
                Drop(GroupKeys.Delivery(delivery.Id));
            }

            return taken;
        }

        public void Add(OutboundDelivery delivery)
        {
            _deliveries[GroupKeys.Delivery(delivery.Id)] = delivery;
            if (delivery.Key is { } key)
            {
                (_byKey.TryGetValue(key, out var members) ? members : _byKey[key] = []).Add(delivery);
            }
        }

        public bool HasRead(BundleKey key) => _read.ContainsKey(key);

        public async Task ReadKeyAsync(IRowStore rows, BundleKey key, CancellationToken cancellation)
        {
            var row = await rows.FindAsync(GroupKeys.Open, Group.Value, GroupKeys.Key(key), cancellation);
            _read[key] = row is null ? (null, null) : (Codecs.Key.Decode(row), row.ETag);
        }

        public void Drop(string deliveryRow)
        {
            if (_deliveries.Remove(deliveryRow, out var dropped) && dropped.Key is { } key && _byKey[key].Remove(dropped) && _byKey[key].Count == 0)
            {
                _byKey.Remove(key);
            }
        }

        public List<RowAction> Actions(RowAction? outbox)
        {
            var actions = new List<RowAction>(RowsOfATransaction);
            foreach (var delivery in _deliveries.Values)
            {
                actions.Add(new RowAction.Insert(Codecs.Delivery.Encode(delivery)));
            }

            foreach (var key in Keys)
            {
                var row = KeyRow(key);
                var encoded = Codecs.Key.Encode(row);
                actions.Add(_read.GetValueOrDefault(key).ETag is { } etag ? new RowAction.Replace(encoded, etag) : new RowAction.Insert(encoded));
                if (row.Candidate is not null)
                {
                    actions.Add(new RowAction.Upsert(Codecs.Candidate.Encode(row)));
                }
            }

            if (outbox is not null)
            {
                actions.Add(outbox);
            }

            return actions;
        }

        public void Settle()
        {
            Made += _deliveries.Count;
            Locked += Keys.Sum(k => KeyRow(k).Candidate is { State: CandidateState.Open } ? Members(k).Count : 0);
            _deliveries.Clear();
            _byKey.Clear();
            _read.Clear();
        }

        private BundleKeyRow KeyRow(BundleKey key)
        {
            var members = Members(key);
            var row = _read.GetValueOrDefault(key).Stands ?? BundleKeyRow.Single(key, members[0].Id);
            return members.Aggregate(row, (r, m) => r.Join(m.Id, Now));
        }

        private List<OutboundDelivery> Members(BundleKey key) => _byKey[key];
    }
}
