using System.Globalization;

namespace Infra.Storage.InMemory;

/// <summary>The table service's twin: the same limits, conflicts, order and ETags, in memory. Passes the same contract suite.</summary>
public sealed class InMemoryRowStore(StorageCounter counter) : IRowStore
{
    private const int RowsOfAnAnswer = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Table, string Partition), OrderedRows> _partitions = [];
    private long _version;

    public Task<Row?> FindAsync(string table, string partition, string key, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        RowLimits.CheckTable(table);
        RowLimits.CheckKey(partition, "partition key");
        RowLimits.CheckKey(key, "row key");
        counter.Count($"tables.{table}.find");
        lock (_gate)
        {
            return Task.FromResult(Rows(table, partition)?.Find(key));
        }
    }

    public Task<RowPage> ReadAsync(string table, string partition, RowRange range, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        RowLimits.CheckTable(table);
        RowLimits.CheckKey(partition, "partition key");
        ArgumentOutOfRangeException.ThrowIfLessThan(range.Take, 1);
        counter.Count($"tables.{table}.read");
        var take = Math.Min(range.Take, RowsOfAnAnswer);
        lock (_gate)
        {
            var found = (Rows(table, partition)?.From(range.Continuation ?? range.From) ?? [])
                .TakeWhile(r => string.CompareOrdinal(r.Key, range.To) < 0)
                .Take(take + 1)
                .ToList();
            var next = found.Count > take ? found[take].Key : null;
            return Task.FromResult(new RowPage([.. found.Take(take).Select(r => Project(r, range.Columns))], next));
        }
    }

    public Task<IReadOnlyList<string>> CommitAsync(string table, string partition, IReadOnlyList<RowAction> actions, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var batch = PackedBatch.Of(table, partition, actions);
        counter.Count($"tables.{table}.commit");
        lock (_gate)
        {
            if (!_partitions.TryGetValue((table, partition), out var rows))
            {
                rows = _partitions[(table, partition)] = new OrderedRows();
            }

            for (var i = 0; i < actions.Count; i++)
            {
                if (ConflictOf(rows.Find(actions[i].Key), actions[i]) is { } conflict)
                {
                    throw new RowConflictException(i, actions[i].Key, conflict);
                }
            }

            var tags = new string[actions.Count];
            for (var i = 0; i < actions.Count; i++)
            {
                tags[i] = Apply(rows, actions[i], batch.Rows[i]);
            }

            counter.Wrote(batch.RowsWritten, batch.PropertyBytes);
            return Task.FromResult<IReadOnlyList<string>>(tags);
        }
    }

    /// <summary>Every row of every table, for dumps and comparisons.</summary>
    public IReadOnlyList<(string Table, string Partition, Row Row)> Dump()
    {
        lock (_gate)
        {
            return [.. _partitions
                .OrderBy(p => p.Key.Table, StringComparer.Ordinal).ThenBy(p => p.Key.Partition, StringComparer.Ordinal)
                .SelectMany(p => p.Value.From("\u0020").Select(r => (p.Key.Table, p.Key.Partition, r)))];
        }
    }

    private OrderedRows? Rows(string table, string partition) => _partitions.GetValueOrDefault((table, partition));

    private static RowConflict? ConflictOf(Row? stands, RowAction action) => action switch
    {
        RowAction.Insert => stands is null ? null : RowConflict.Exists,
        RowAction.Replace replace => stands is null ? RowConflict.Gone : stands.ETag == replace.ETag ? null : RowConflict.Moved,
        RowAction.Delete delete => stands is null ? RowConflict.Gone : stands.ETag == delete.ETag ? null : RowConflict.Moved,
        _ => null,
    };

    private string Apply(OrderedRows rows, RowAction action, PackedRow? written)
    {
        if (written is null)
        {
            rows.Remove(action.Key);
            return "";
        }

        var tag = (++_version).ToString(CultureInfo.InvariantCulture);
        rows.Set(new Row(written.Key, tag, written.Columns, BodyOf(action).ToArray())); // copies: what the caller does with its arrays afterwards is its own affair
        return tag;
    }

    private static ReadOnlyMemory<byte> BodyOf(RowAction action) => action switch
    {
        RowAction.Insert insert => insert.Row.Body,
        RowAction.Replace replace => replace.Row.Body,
        RowAction.Upsert upsert => upsert.Row.Body,
        _ => default,
    };

    private static Row Project(Row row, IReadOnlyList<string>? columns) => columns is null
        ? row
        : row with { Body = default, Columns = row.Columns.Where(c => columns.Contains(c.Key)).ToDictionary(StringComparer.Ordinal) };
}
