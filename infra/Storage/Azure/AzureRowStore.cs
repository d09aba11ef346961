using System.Collections.Concurrent;
using Azure;
using Azure.Data.Tables;

namespace Infra.Storage.Azure;

/// <summary>Rows in Azure Tables. A table is made when a write first misses it; a read of a missing table finds nothing.</summary>
/// <remarks>The SDK repeats a request whose answer was lost. A repeated commit meets its own rows and is refused with 409, 412 or 404;
/// the commit's name in the rows (<see cref="RowShape.CommitColumn"/>) tells that it had been done.</remarks>
public sealed class AzureRowStore : IRowStore
{
    /// <summary>Stands for the version of a row that someone else has replaced since: it never matches.</summary>
    private const string MovedOn = "W/\"datetime'2000-01-01T00%3A00%3A00.0000000Z'\"";

    private readonly ConcurrentDictionary<string, TableClient> _tables = new(StringComparer.Ordinal);
    private readonly TableServiceClient _service;
    private readonly StorageCounter _counter;
    private readonly string _prefix;

    internal AzureRowStore(TableServiceClient service, StorageCounter counter, string prefix)
    {
        _service = service;
        _counter = counter;
        _prefix = prefix;
    }

    public async Task<Row?> FindAsync(string table, string partition, string key, CancellationToken cancellation)
    {
        RowLimits.CheckKey(partition, "partition key");
        RowLimits.CheckKey(key, "row key");
        var client = Table(table);
        var operation = new StorageOperation($"tables.{table}.find");
        try
        {
            using var asking = operation.Begin();
            var found = await client.GetEntityIfExistsAsync<TableEntity>(partition, key, cancellationToken: cancellation);
            return found.HasValue ? RowEntity.ToRow(found.Value!) : null;
        }
        catch (Exception failure) when (StorageFailures.MeansUnavailable(failure, cancellation))
        {
            throw StorageFailures.Unavailable(operation.Name, failure);
        }
    }

    public async Task<RowPage> ReadAsync(string table, string partition, RowRange range, CancellationToken cancellation)
    {
        RowLimits.CheckKey(partition, "partition key");
        ArgumentOutOfRangeException.ThrowIfLessThan(range.Take, 1);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {range.From} and RowKey lt {range.To}");
        var operation = new StorageOperation($"tables.{table}.read");
        var page = await PageAsync(Table(table), operation, filter, range, cancellation);
        return page is null
            ? new RowPage([], null)
            : new RowPage([.. page.Values.Select(RowEntity.ToRow)], page.ContinuationToken);
    }

    public async Task<IReadOnlyList<string>> CommitAsync(string table, string partition, IReadOnlyList<RowAction> actions, CancellationToken cancellation)
    {
        var batch = PackedBatch.Of(table, partition, actions);
        var client = Table(table);
        var commit = CommitId.New();
        var transaction = Transaction(partition, batch, commit);
        for (var created = false; ; created = true)
        {
            var operation = new StorageOperation($"tables.{table}.commit");
            try
            {
                using var asking = operation.Begin();
                var answer = await client.SubmitTransactionAsync(transaction, cancellation);
                _counter.Wrote(batch.RowsWritten, batch.PropertyBytes);
                return [.. answer.Value.Select((response, i) => batch.Rows[i] is null ? "" : TagOf(response))];
            }
            catch (RequestFailedException missing) when (StorageFailures.IsMissing(missing) && !created)
            {
                await CreateAsync(table, cancellation);
            }
            catch (RequestFailedException refused) when (StorageFailures.ConflictOf(refused) is { } conflict)
            {
                if (operation.WasRepeated && await OwnEffectAsync(table, partition, batch, commit, conflict, cancellation) is { } tags)
                {
                    _counter.Wrote(batch.RowsWritten, batch.PropertyBytes);
                    return tags;
                }

                var index = (refused as TableTransactionFailedException)?.FailedTransactionActionIndex ?? 0;
                throw new RowConflictException(index, actions[index].Key, conflict, refused);
            }
            catch (RequestFailedException refused) when (StorageFailures.IsOurs(refused))
            {
                throw new ArgumentException($"{operation.Name}: the table service refuses the batch ({refused.Status} {refused.ErrorCode}).", refused);
            }
            catch (Exception failure) when (StorageFailures.MeansUnavailable(failure, cancellation))
            {
                throw StorageFailures.Unavailable(operation.Name, failure);
            }
        }
    }

    private static IReadOnlyList<TableTransactionAction> Transaction(string partition, PackedBatch batch, string commit) =>
    [
        .. batch.Actions.Select((action, i) => action switch
        {
            RowAction.Insert => new TableTransactionAction(TableTransactionActionType.Add, RowEntity.Of(partition, batch.Rows[i]!, commit)),
            RowAction.Upsert => new TableTransactionAction(TableTransactionActionType.UpsertReplace, RowEntity.Of(partition, batch.Rows[i]!, commit)),

            // The ETag must be given as an argument: the entity's own is not sent.
            RowAction.Replace replace => new TableTransactionAction(TableTransactionActionType.UpdateReplace, RowEntity.Of(partition, batch.Rows[i]!, commit), new ETag(replace.ETag)),
            RowAction.Delete delete => new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(partition, delete.Key), new ETag(delete.ETag)),
            _ => throw new ArgumentException($"{action.GetType().Name} is no action that can be stored."),
        }),
    ];

    private static string TagOf(Response response) =>
        response.Headers.ETag?.ToString() ?? throw new InvalidDataException("The table service's answer to a write names no ETag.");

    /// <summary>After a repeated request: did an earlier try of this very commit write the rows? Their new ETags if so.</summary>
    private async Task<IReadOnlyList<string>?> OwnEffectAsync(
        string table, string partition, PackedBatch batch, string commit, RowConflict conflict, CancellationToken cancellation)
    {
        var keys = batch.Rows.OfType<PackedRow>().Select(r => r.Key).Order(StringComparer.Ordinal).ToList();
        if (keys.Count == 0)
        {
            // Deletes leave nothing to recognise: gone by this request or by another.
            return conflict is RowConflict.Gone
                ? throw new StorageUnavailableException($"tables.{table}.commit: the answer to a deletion was lost; the row is gone.")
                : null;
        }

        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {partition} and RowKey ge {keys[0]} and RowKey le {keys[^1]} and cid eq {commit}");
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        var range = new RowRange(keys[0], keys[^1]) { Columns = [] };
        do
        {
            var page = await PageAsync(Table(table), new StorageOperation($"tables.{table}.recheck"), filter, range, cancellation);
            foreach (var entity in page?.Values ?? [])
            {
                tags[entity.RowKey] = entity.ETag.ToString();
            }

            range = range with { Continuation = page?.ContinuationToken };
        }
        while (range.Continuation is not null);

        return tags.Count == 0
            ? null
            : [.. batch.Rows.Select(row => row is null ? "" : tags.GetValueOrDefault(row.Key, MovedOn))];
    }

    private static async Task<Page<TableEntity>?> PageAsync(
        TableClient client, StorageOperation operation, string filter, RowRange range, CancellationToken cancellation)
    {
        try
        {
            using var asking = operation.Begin();
            var pages = client.QueryAsync<TableEntity>(filter, Math.Min(range.Take, 1000), RowEntity.Select(range.Columns), cancellation);
            await foreach (var page in pages.AsPages(range.Continuation))
            {
                return page;
            }

            return null;
        }
        catch (RequestFailedException missing) when (StorageFailures.IsMissing(missing))
        {
            return null;
        }
        catch (Exception failure) when (StorageFailures.MeansUnavailable(failure, cancellation))
        {
            throw StorageFailures.Unavailable(operation.Name, failure);
        }
    }

    private async Task CreateAsync(string table, CancellationToken cancellation)
    {
        var operation = new StorageOperation($"tables.{table}.create");
        try
        {
            using var asking = operation.Begin();
            await Table(table).CreateIfNotExistsAsync(cancellation);
        }
        catch (Exception failure) when (StorageFailures.MeansUnavailable(failure, cancellation))
        {
            throw StorageFailures.Unavailable(operation.Name, failure);
        }
    }

    private TableClient Table(string table)
    {
        if (_tables.TryGetValue(table, out var known))
        {
            return known;
        }

        RowLimits.CheckTable(table);
        return _tables.GetOrAdd(table, _service.GetTableClient(_prefix + table));
    }
}
