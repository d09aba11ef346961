using System.Diagnostics.Metrics;
using Domain.Stores;
using Infra.Storage;
using Infra.Telemetry;

namespace Infra.Ledger;

/// <summary>Changes the rows of a bundle group as one: reads, decides, commits, and does it again on what stands now when someone else was first.</summary>
public sealed class GroupLedger(IRowStore rows, TimeProvider clock)
{
    /// <summary>More than this many collisions in a row on one small change point to an error of ours, not to traffic.</summary>
    private const int MostTries = 12;

    /// <summary>So often only the row that has moved is read again; then everything, for much has moved.</summary>
    private const int TriesRowByRow = 4;

    private static readonly Counter<long> Conflicts = LogiTelemetry.Meter.CreateCounter<long>("logi.ledger.conflicts", "transactions", "Transactions that met a row that had moved on, and were done again.");

    public IRowStore Rows { get; } = rows;

    /// <summary>Runs a change and commits what it put. The change may run several times: it must rest on nothing but what the unit gives it.</summary>
    public Task<T> ChangeAsync<T>(BundleGroupId group, Func<LedgerUnit, Task<T>> change, CancellationToken cancellation) =>
        ChangeAsync(new LedgerUnit(Rows, group), change, cancellation);

    /// <summary>The same on a unit that goes on: rows that it has read or written before are not read again unless they have moved on.</summary>
    public async Task<T> ChangeAsync<T>(LedgerUnit unit, Func<LedgerUnit, Task<T>> change, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            var result = await change(unit);
            if (!unit.HasChanges)
            {
                return result;
            }

            var actions = unit.Actions;
            try
            {
                unit.Settle(actions, await Rows.CommitAsync(GroupKeys.Open, unit.Group.Value, actions, cancellation));
                return result;
            }
            catch (RowConflictException conflict) when (tries < MostTries)
            {
                NoteConflict(unit.Group);
                unit.StartOver(tries < TriesRowByRow ? conflict.Key : null);
                if (tries > 1)
                {
                    await Task.Delay(Jitter(tries), clock, cancellation);
                }
            }
        }
    }

    /// <summary>Counts a transaction that met a row that had moved on; for those who commit by themselves.</summary>
    public static void NoteConflict(BundleGroupId group) => Conflicts.Add(1, new KeyValuePair<string, object?>("group", group.Value));

    public Task ChangeAsync(BundleGroupId group, Func<LedgerUnit, Task> change, CancellationToken cancellation) =>
        ChangeAsync(new LedgerUnit(Rows, group), change, cancellation);

    public Task ChangeAsync(LedgerUnit known, Func<LedgerUnit, Task> change, CancellationToken cancellation) =>
        ChangeAsync(known, async unit =>
        {
            await change(unit);
            return true;
        }, cancellation);

    /// <summary>All rows of a range, page by page.</summary>
    public async IAsyncEnumerable<Row> RangeAsync(
        BundleGroupId group, RowRange range, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        string? continuation = null;
        do
        {
            var page = await Rows.ReadAsync(GroupKeys.Open, group.Value, range with { Continuation = continuation }, cancellation);
            foreach (var row in page.Rows)
            {
                yield return row;
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);
    }

    private static TimeSpan Jitter(int tries) => TimeSpan.FromMilliseconds(Random.Shared.Next(5, 20 * tries));
}
