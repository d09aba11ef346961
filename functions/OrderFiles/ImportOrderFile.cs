using Connectors.OrderFiles;
using Domain;
using Domain.Coverage;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Stores;
using Functions.Attention;
using Functions.Bundle;
using Functions.Manage;
using Functions.Pull;
using Infra.Ledger;
using Infra.Storage;

namespace Functions.OrderFiles;

/// <summary>What an import makes of an order.</summary>
public enum FileOutcome
{
    /// <summary>新規: not known here.</summary>
    New,

    /// <summary>変更なし: the API brought it in full, an earlier file said the same, or it lies in the archive.</summary>
    Unchanged,

    /// <summary>有効化: the API brought only part of it, and the file completes it.</summary>
    Completes,

    /// <summary>変更: an earlier file brought it, and this one says something else.</summary>
    Changed,
}

public sealed record FileOrderOutcome(OrderCode Code, int Line, DateTimeOffset PlacedAt, FileOutcome Outcome);

/// <param name="Orders">In the file's order, without the refused ones.</param>
/// <param name="Finished">False: time ran out; the same file imported again goes on where this ended.</param>
/// <param name="Gap">What it was for a gap; null = no gap was named, or it is not finished.</param>
public sealed record OrderFileResult(OrderFileReading Reading, IReadOnlyList<FileOrderOutcome> Orders, bool Finished, GapFilling? Gap);

/// <summary>受注CSVの取込: the second way in. Writes as a pull does, calls no marketplace, and may be done in watch mode, with pulling off or with a dead key, since it releases
/// nothing that a pull would not. Importing the same file again changes nothing.</summary>
public sealed class ImportOrderFile(
    StoreRegistry registry, MarketplaceDirectory marketplaces, GroupLedger ledger, BundleKeys keys, ChangedOrders changes, Dispatch dispatch, TimeProvider clock)
{
    /// <summary>Below the 230 s after which the platform's front end gives a call up.</summary>
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(3);

    /// <summary>Orders read together.</summary>
    private const int Portion = 500;

    private const int MostRounds = 4;

    /// <summary>What an import of this file would do. Writes nothing.</summary>
    public async Task<OrderFileResult> PreviewAsync(StoreId id, ReadOnlyMemory<byte> file, CancellationToken cancellation)
    {
        var work = await BeginAsync(id, file, cancellation);
        return new OrderFileResult(work.Reading, await SortAsync(work, work.Reading.Orders, cancellation), true, null);
    }

    /// <param name="gap">The gap that the file is for; null = none.</param>
    /// <param name="who">A key's name.</param>
    public async Task<OrderFileResult> RunAsync(StoreId id, ReadOnlyMemory<byte> file, string? gap, string who, CancellationToken cancellation)
    {
        var work = await BeginAsync(id, file, cancellation);
        if (gap is not null && await new LedgerUnit(ledger.Rows, work.Store.Group).GapAsync(id, gap, cancellation) is null)
        {
            throw new RefusalException("no-gap", "この取込漏れの記録はありません。一覧の id をそのまま指定してください。");
        }

        var begun = clock.GetUtcNow();
        var orders = new Dictionary<OrderCode, FileOrderOutcome>();
        IReadOnlyList<FileOrder> left = work.Reading.Orders;
        var finished = true;
        for (var round = 0; round < MostRounds && left.Count > 0 && finished; round++)
        {
            var outcomes = await SortAsync(work, left, cancellation);
            foreach (var outcome in outcomes)
            {
                orders[outcome.Code] = outcome;
            }

            (var overtaken, finished) = await StoreAsync(work, left, outcomes, who, begun, cancellation);
            left = [.. left.Where(o => overtaken.Contains(o.Code))]; // another run had them first: what is left to do with them?
        }

        finished &= left.Count == 0;
        var filled = gap is not null && finished ? await FillAsync(work, gap, who, cancellation) : null;
        return new OrderFileResult(work.Reading, [.. work.Reading.Orders.Select(o => orders.GetValueOrDefault(o.Code)).OfType<FileOrderOutcome>()], finished, filled);
    }

    private sealed record Work(Store Store, StoreBook Book, Marketplace Market, OrderFileReading Reading)
    {
        public bool Completes => Market.Manifest.OrderFile!.Completes;
    }

    private async Task<Work> BeginAsync(StoreId id, ReadOnlyMemory<byte> file, CancellationToken cancellation)
    {
        var book = await registry.ReadAsync(cancellation);
        var store = Answers.Find(book, id);
        var market = marketplaces.Of(store);
        var shape = OrderFileShape.Of(market.Manifest, store)
            ?? throw new RefusalException("no-order-file", $"{market.Manifest.Name.Ja} の受注CSVには対応していません。");
        return new Work(store, book, market, OrderFileReader.Read(file, shape));
    }

    private static FileOutcome OutcomeOf(SalesOrder? known, FileOrder file, bool completes) => known?.Content switch
    {
        null => FileOutcome.New,
        { Incomplete: true } => completes ? FileOutcome.Completes : FileOutcome.Unchanged,
        { FileVersion: null } => FileOutcome.Unchanged, // the API brought it in full and goes on telling of it
        var content => content.FileVersion == file.Content.FileVersion ? FileOutcome.Unchanged : FileOutcome.Changed,
    };

    private async Task<List<FileOrderOutcome>> SortAsync(Work work, IReadOnlyList<FileOrder> orders, CancellationToken cancellation)
    {
        var found = new List<FileOrderOutcome>(orders.Count);
        var inReach = work.Market.Manifest.Lanes.Min(l => PullPlan.WindowStart(work.Market.Manifest.LookbackDaysOf(l, work.Store), clock.GetUtcNow()));
        foreach (var portion in orders.Chunk(Portion))
        {
            var unit = new LedgerUnit(ledger.Rows, work.Store.Group);
            await unit.WarmAsync(portion.Select(o => GroupKeys.Order(new OrderKey(work.Store.Id, o.Code))), cancellation);
            foreach (var order in portion)
            {
                var key = new OrderKey(work.Store.Id, order.Code);
                var outcome = OutcomeOf(await unit.OrderAsync(key, cancellation), order, work.Completes);
                if (outcome is FileOutcome.New && order.Content.PlacedAt < inReach && await IsArchivedAsync(key, cancellation))
                {
                    outcome = FileOutcome.Unchanged; // closed long ago
                }

                found.Add(new FileOrderOutcome(order.Code, order.Lines[0], order.Content.PlacedAt, outcome));
            }
        }

        return found;
    }

    /// <summary>Only what has left the window for good is ever archived.</summary>
    private async Task<bool> IsArchivedAsync(OrderKey key, CancellationToken cancellation) =>
        await ledger.Rows.FindAsync(GroupKeys.Closed, key.Store.Value, GroupKeys.Order(key), cancellation) is not null;

    /// <returns>The orders that another run had stored before, and whether time sufficed.</returns>
    private async Task<(IReadOnlyCollection<OrderCode> Overtaken, bool Finished)> StoreAsync(
        Work work, IReadOnlyList<FileOrder> orders, List<FileOrderOutcome> outcomes, string who, DateTimeOffset begun, CancellationToken cancellation)
    {
        var index = await WindowIndex.ReadAsync(ledger, work.Store, cancellation);
        var batch = new PullBatch(ledger, dispatch, clock, work.Store, index);
        var judgement = Judgement.Of(work.Store, work.Market.Manifest);
        var overtaken = new HashSet<OrderCode>();
        var finished = true;
        foreach (var (order, outcome) in orders.Zip(outcomes.Select(o => o.Outcome)))
        {
            finished = clock.GetUtcNow() - begun < LongestRun;
            if (!finished)
            {
                break;
            }

            if (outcome is FileOutcome.New && index.Find(order.Code) is null)
            {
                var made = judgement.New(order.Content, clock.GetUtcNow(), who);
                var line = await keys.LineOfAsync(made, work.Store, work.Book, 0, WindowIndex.HashOf(order.Raw.Span), 0, cancellation);
                batch.Add(order.Code, new Arrival(made, line, order.Raw, null));
            }
            else if (outcome is not FileOutcome.Unchanged)
            {
                await CarryOnAsync(work, order, who, cancellation);
            }

            if (batch.IsFull)
            {
                await batch.CommitAsync(cancellation);
            }
        }

        await batch.CommitAsync(cancellation);
        overtaken.UnionWith(batch.Overtaken);
        Telemetry.Pulled.Add(batch.Stored, Telemetry.Of(work.Store.Id));
        return (overtaken, finished);
    }

    /// <summary>The payload first: a crash in between leaves one that the next import writes again, never an order without it.</summary>
    private async Task CarryOnAsync(Work work, FileOrder order, string who, CancellationToken cancellation)
    {
        var key = new OrderKey(work.Store.Id, order.Code);
        await ledger.Rows.CommitAsync(GroupKeys.Raw, work.Store.Group.Value, [new RowAction.Upsert(new Row(GroupKeys.RawRow(key), order.Raw))], cancellation);
        await changes.ApplyAsync(
            work.Store, work.Book, work.Market, order.Code,
            known => OutcomeOf(known, order, work.Completes) switch
            {
                FileOutcome.Unchanged => null,
                FileOutcome.New => order.Content,
                _ => order.Over(known!.Content),
            },
            who, cancellation);
    }

    /// <summary>Notes on the gap what the file told of its span. Where nothing speaks against it being all, its attention item goes away; otherwise a person must acknowledge it.</summary>
    private async Task<GapFilling?> FillAsync(Work work, string id, string who, CancellationToken cancellation)
    {
        var codes = work.Reading.Orders.Select(o => o.Code.Value).Concat(work.Reading.Refused.Select(c => c.Value)).ToHashSet(StringComparer.Ordinal);
        var open = new List<(string Code, DateTimeOffset Placed)>();
        await foreach (var row in ledger.RangeAsync(work.Store.Group, RowRange.Prefix(GroupKeys.Orders(work.Store.Id)) with { Columns = ["state", "placed"] }, cancellation))
        {
            if (row.Text("state") is not (nameof(OrderState.Shipped) or nameof(OrderState.Cancelled)))
            {
                open.Add((row.Key[(row.Key.LastIndexOf('|') + 1)..], row.Time("placed")!.Value));
            }
        }

        return await ledger.ChangeAsync(work.Store.Group, async unit =>
        {
            if (await unit.GapAsync(work.Store.Id, id, cancellation) is not { } gap)
            {
                return null;
            }

            var filled = new GapFilling(
                clock.GetUtcNow(), who, work.Reading.Orders.Count(o => gap.Span.Contains(o.Content.PlacedAt)),
                open.Count(o => gap.Span.Contains(o.Placed) && !codes.Contains(o.Code)), work.Reading.Faults.Length);
            gap = gap with { Filled = filled };
            unit.Put(gap);
            if (await unit.AttentionAsync(AttentionItems.IdOf(gap), cancellation) is { } item)
            {
                if (filled.IsWhole)
                {
                    unit.Delete(item);
                }
                else
                {
                    unit.Put(item with { PersonDoes = AttentionItems.GapFound(work.Store, gap).PersonDoes });
                }
            }

            return filled;
        }, cancellation);
    }
}
