using System.Collections.Immutable;
using System.Text.Json;
using Domain.Bundling;
using Domain.Marketplaces;
using Domain.Stores;
using Infra.Storage;

namespace Infra.Ledger;

/// <summary>The stores that are set up, what the system notes about them, and stop-all: one partition, read in one request.</summary>
public sealed class StoreRegistry(IRowStore rows)
{
    public const string Table = "stores";

    private const string Partition = "stores";
    private const string StopAllRow = "z|stop-all";

    public async Task<StoreBook> ReadAsync(CancellationToken cancellation)
    {
        var stores = ImmutableDictionary.CreateBuilder<StoreId, Store>();
        var statuses = ImmutableDictionary.CreateBuilder<StoreId, StoreStatus>();
        var etags = ImmutableDictionary.CreateBuilder<string, string>();
        var stopAll = false;
        string? continuation = null;
        do
        {
            var page = await rows.ReadAsync(Table, Partition, new RowRange("a", "~") { Continuation = continuation }, cancellation);
            foreach (var row in page.Rows)
            {
                etags[row.Key] = row.ETag!;
                switch (row.Key[..2])
                {
                    case "s|":
                        var store = JsonSerializer.Deserialize(row.Body.Span, LedgerJson.Default.Store)!;
                        stores[store.Id] = store;
                        break;
                    case "u|":
                        var status = JsonSerializer.Deserialize(row.Body.Span, LedgerJson.Default.StoreStatus)!;
                        statuses[status.Store] = status;
                        break;
                    case "z|":
                        stopAll = row.Flag("on");
                        break;
                    default:
                        throw new InvalidDataException($"Row '{row.Key}' of the store registry is unknown.");
                }
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);

        return new StoreBook(stores.ToImmutable(), statuses.ToImmutable(), stopAll, etags.ToImmutable());
    }

    /// <summary>Adds a store, or replaces it as it stood in <paramref name="book"/>.</summary>
    /// <exception cref="RowConflictException">Someone changed it in between.</exception>
    public Task SaveAsync(Store store, StoreBook book, CancellationToken cancellation) =>
        WriteAsync(new Row($"s|{store.Id}", JsonSerializer.SerializeToUtf8Bytes(store, LedgerJson.Default.Store)), book, cancellation);

    public Task SaveAsync(StoreStatus status, StoreBook book, CancellationToken cancellation) =>
        WriteAsync(new Row($"u|{status.Store}", JsonSerializer.SerializeToUtf8Bytes(status, LedgerJson.Default.StoreStatus)), book, cancellation);

    public Task SaveStopAllAsync(bool on, StoreBook book, CancellationToken cancellation) =>
        WriteAsync(new Row(StopAllRow, null, new Dictionary<string, object> { ["on"] = on }, default), book, cancellation);

    public async Task RemoveAsync(StoreId store, StoreBook book, CancellationToken cancellation)
    {
        var actions = new List<RowAction>();
        foreach (var key in new[] { $"s|{store}", $"u|{store}" })
        {
            if (book.ETags.TryGetValue(key, out var etag))
            {
                actions.Add(new RowAction.Delete(key, etag));
            }
        }

        if (actions.Count > 0)
        {
            await rows.CommitAsync(Table, Partition, actions, cancellation);
        }
    }

    private async Task WriteAsync(Row row, StoreBook book, CancellationToken cancellation)
    {
        RowAction action = book.ETags.TryGetValue(row.Key, out var etag) ? new RowAction.Replace(row, etag) : new RowAction.Insert(row);
        await rows.CommitAsync(Table, Partition, [action], cancellation);
    }
}

/// <summary>The registry as it stood at one reading.</summary>
public sealed record StoreBook(
    ImmutableDictionary<StoreId, Store> Stores, ImmutableDictionary<StoreId, StoreStatus> Statuses, bool StopAll, ImmutableDictionary<string, string> ETags)
{
    public Store? Find(StoreId id) => Stores.GetValueOrDefault(id);

    public IEnumerable<BundleGroupId> Groups => Stores.Values.Select(s => s.Group).Distinct();

    public bool IsPaused(StoreId id) => Statuses.GetValueOrDefault(id)?.CredentialFault is not null;

    /// <summary>How the store's group compares its orders.</summary>
    public BundleRules RulesFor(Store store, Manifest manifest)
    {
        var several = Stores.Values.Count(s => s.Group == store.Group) > 1;
        var strict = Stores.Values.Any(s => s.Group == store.Group && s.StrictBuyerMatch);
        return new BundleRules(store.Group, several, strict, manifest.RelayEmails);
    }
}
