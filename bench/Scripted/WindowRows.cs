using Infra.Ledger;
using Infra.Storage;

namespace Bench.Scripted;

/// <summary>A storage double that keeps index, coverage and outbox rows (and the store's own) and forgets the rest, so that what is alive on the heap is the pull's own.</summary>
/// <param name="committed">Told after each commit.</param>
public sealed class WindowRows(IRowStore kept, Action committed) : IRowStore
{
    public Task<Row?> FindAsync(string table, string partition, string key, CancellationToken cancellation) => kept.FindAsync(table, partition, key, cancellation);

    public Task<RowPage> ReadAsync(string table, string partition, RowRange range, CancellationToken cancellation) => kept.ReadAsync(table, partition, range, cancellation);

    public async Task<IReadOnlyList<string>> CommitAsync(string table, string partition, IReadOnlyList<RowAction> actions, CancellationToken cancellation)
    {
        var tags = new string[actions.Count];
        Array.Fill(tags, "forgotten");
        var keeping = Enumerable.Range(0, actions.Count).Where(i => Keeps(table, actions[i].Key)).ToList();
        if (keeping.Count > 0)
        {
            var stored = await kept.CommitAsync(table, partition, [.. keeping.Select(i => actions[i])], cancellation);
            for (var i = 0; i < keeping.Count; i++)
            {
                tags[keeping[i]] = stored[i];
            }
        }

        committed();
        return tags;
    }

    private static bool Keeps(string table, string key) => table switch
    {
        GroupKeys.Open => key.StartsWith("a|", StringComparison.Ordinal) || key.StartsWith(GroupKeys.Outbox, StringComparison.Ordinal),
        GroupKeys.Raw or GroupKeys.History => false,
        _ => true,
    };
}
