using System.Globalization;
using Domain.Coverage;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Stores;
using Functions.Attention;
using Infra.Ledger;
using Infra.Storage;

namespace Functions.Pull;

/// <summary>One run over one store; holds what the run gathers.</summary>
internal sealed class PullRun(PullParts parts, Store store, StoreBook book, Marketplace market, StoreAccess access, WindowIndex index)
{
    /// <summary>A pull hands over to the next message before the function's own time limit.</summary>
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(4);

    /// <summary>Details are asked for in portions, so that one failing call loses little.</summary>
    private const int DetailPortion = 50;

    /// <summary>Segments that leave the index in one pull; the next pulls take the rest.</summary>
    private const int MostExpired = 20;

    private readonly Judgement _judgement = Judgement.Of(store, market.Manifest);
    private readonly PullBatch _batch = new(parts.Ledger, parts.Dispatch, parts.Clock, store, index);
    private readonly DateTimeOffset _begun = parts.Clock.GetUtcNow();
    private readonly List<(OrderReading Reading, ulong Token)> _changed = [];
    private int _changes;
    private MarketplaceException? _failure;

    public async Task<PullResult> RunAsync(PullMessage message, CancellationToken cancellation)
    {
        try
        {
            foreach (var lane in market.Manifest.Lanes)
            {
                if (!await ReadLaneAsync(lane, message, cancellation))
                {
                    await StoreAsync(cancellation);
                    return new PullResult(_batch.Stored, _changes, _failure, Unfinished: _failure is null);
                }
            }
        }
        catch (MarketplaceException failure)
        {
            await StoreAsync(cancellation); // what was read up to here is not lost
            return new PullResult(_batch.Stored, _changes, failure);
        }

        await ExpireSegmentsAsync(cancellation);
        await StoreAsync(cancellation);
        return new PullResult(_batch.Stored, _changes, _failure);
    }

    /// <summary>Lines of orders that no search of the window shows any more. Two days of grace; and what still waits to be bundled stays,
    /// because a file (受注CSV) brings orders that were old when they came.</summary>
    private async Task ExpireSegmentsAsync(CancellationToken cancellation)
    {
        var end = market.Manifest.Lanes.Min(l => PullPlan.WindowStart(Lookback(l), _begun)).AddDays(-2);
        var old = index.Segments.Where(s => (s != index.Last || _batch.Count == 0) && s.Lines.All(l => l.PlacedAt < end)).Take(MostExpired).ToList();
        if (old.Count == 0)
        {
            return;
        }

        var waiting = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var row in parts.Ledger.RangeAsync(store.Group, RowRange.Prefix(GroupKeys.OutboxRow(Queues.Bundling, "")), cancellation))
        {
            waiting.UnionWith(Codecs.Outbox.Decode(row).Ranges.Select(r => r.Segment));
        }

        old.FindAll(s => !waiting.Contains(s.Id)).ForEach(_batch.Expire);
    }

    /// <returns>False when time ran out.</returns>
    private async Task<bool> ReadLaneAsync(Lane lane, PullMessage message, CancellationToken cancellation)
    {
        var windowStart = PullPlan.WindowStart(Lookback(lane), _begun);
        var coverage = index.Lane(lane.Id)?.Coverage ?? LaneCoverage.Fresh(lane.Id, windowStart);
        (coverage, var gaps) = coverage.MoveTo(windowStart);
        foreach (var span in lane.Signs ? [] : gaps)
        {
            var gap = new Gap(store.Id, lane.Id, span, _begun);
            _batch.Add(gap, AttentionItems.GapFound(store, gap));
            _batch.Cover(coverage); // what is named as a gap is accounted for, whatever comes of this run
        }

        var slices = message is { From: { } from, To: { } to }
            ? PullPlan.Reading(lane, new Interval(from, to).Clip(new Interval(windowStart, _begun)), _begun)
            : PullPlan.Of(lane, coverage, _begun);
        var fullPass = PullPlan.FullPassIsDue(lane, coverage, _begun) && message.From is null;
        var whole = true;
        foreach (var slice in slices)
        {
            var readStart = parts.Clock.GetUtcNow();
            if (readStart - _begun > LongestRun)
            {
                return false;
            }

            if (!await ReadSliceAsync(lane, slice, cancellation))
            {
                whole = false;
                continue;
            }

            coverage = coverage.Credit(slice.Span, readStart, TimeSpan.FromSeconds(lane.SettleSeconds));
            if (fullPass && whole)
            {
                coverage = coverage with { FullPassReached = slice.Span.To }; // a pass longer than one run goes on from here
            }

            _batch.Cover(coverage);
        }

        if (whole)
        {
            coverage = coverage with { ReadAt = _begun };
            _batch.Cover(fullPass ? coverage with { FullPassAt = _begun, FullPassReached = null } : coverage);
        }

        return true;
    }

    /// <summary>One stretch that cannot be read must not keep the others from arriving; at the second one the marketplace counts as away.</summary>
    /// <returns>False: it failed and remains to be read.</returns>
    private async Task<bool> ReadSliceAsync(Lane lane, Slice slice, CancellationToken cancellation)
    {
        try
        {
            await foreach (var page in market.Source.ReadAsync(access, slice, cancellation))
            {
                await TakeAsync(lane, page, cancellation);
            }

            return true;
        }
        catch (MarketplaceException failure) when (_failure is null && failure.Kind is FailureKind.Transient or FailureKind.Unreadable or FailureKind.Rejected)
        {
            _failure = failure;
            return false;
        }
    }

    private async Task TakeAsync(Lane lane, OrderPage page, CancellationToken cancellation)
    {
        foreach (var stray in page.Strays)
        {
            _batch.Raise(AttentionItems.Unreadable(
                store, market.Manifest.Name.Ja, null, WindowIndex.HashOf(stray.Raw.Span).ToString("x16", CultureInfo.InvariantCulture), stray.Expected, _begun));
        }

        var toFetch = new List<ListedOrder>();
        foreach (var listed in page.Orders)
        {
            var token = WindowIndex.HashOf(listed.Token);
            if (IsKnown(lane, listed, token))
            {
                continue;
            }

            if (listed.Reading is null)
            {
                toFetch.Add(listed);
            }
            else
            {
                await SortAsync(listed.Reading, token, cancellation);
            }
        }

        foreach (var portion in toFetch.Chunk(DetailPortion))
        {
            var tokens = portion.DistinctBy(l => l.Code).ToDictionary(l => l.Code, l => WindowIndex.HashOf(l.Token));
            await foreach (var reading in market.Source.DetailAsync(access, [.. portion.DistinctBy(l => l.Code)], cancellation))
            {
                await SortAsync(reading, tokens[reading.Code], cancellation);
            }
        }
    }

    /// <summary>The list shows nothing that we have not seen.</summary>
    private bool IsKnown(Lane lane, ListedOrder listed, ulong token)
    {
        if (_batch.Holds(listed.Code, out var arrival))
        {
            return arrival.Line.Token == token;
        }

        if (index.Find(listed.Code) is not { } line)
        {
            return lane.Signs; // a claim on an order that we never saw tells nothing to act on
        }

        return lane.Signs ? line.Sign == token : line.Token == token;
    }

    private async Task SortAsync(OrderReading reading, ulong token, CancellationToken cancellation)
    {
        if (reading is OrderReading.Gone)
        {
            return;
        }

        if (reading is OrderReading.Sign && _batch.Holds(reading.Code, out _))
        {
            await StoreAsync(cancellation); // the order must stand before a claim can touch it
        }

        if (index.Find(reading.Code) is not null)
        {
            _changed.Add((reading, token));
        }
        else if (await ArrivalOfAsync(reading, token, cancellation) is { } arrival)
        {
            _batch.Add(reading.Code, arrival);
        }

        if (_batch.IsFull || _changed.Count >= PullBatch.Size)
        {
            await StoreAsync(cancellation);
        }
    }

    private async Task<Arrival?> ArrivalOfAsync(OrderReading reading, ulong token, CancellationToken cancellation)
    {
        switch (reading)
        {
            case OrderReading.Read read:
                var order = _judgement.New(read.Order, _begun);
                Held += order is { IsOpen: true, State: < OrderState.AwaitingShipment } ? 1 : 0;
                return new Arrival(order, await parts.Keys.LineOfAsync(order, store, book, token, WindowIndex.HashOf(read.Raw.Span), 0, cancellation), read.Raw, null);

            case OrderReading.Unreadable broken:
                var line = new IndexLine(
                    broken.Code, token, WindowIndex.HashOf(broken.Raw.Span), 0, OrderState.PendingProcessing, true, _begun, default, 0, null);
                return new Arrival(null, line, broken.Raw, AttentionItems.Unreadable(
                    store, market.Manifest.Name.Ja, broken.Code, broken.Code.Value, broken.Expected, _begun));

            default:
                return null;
        }
    }

    private async Task StoreAsync(CancellationToken cancellation)
    {
        // Changes first: the coverage that the batch carries must not say "read" before everything read is stored.
        if (_changed.Count > 0)
        {
            _changes += await parts.Changes.ApplyAsync(store, book, market, index, _changed, cancellation);
            _changed.Clear();
        }

        await _batch.CommitAsync(cancellation);
    }

    private int Lookback(Lane lane) => market.Manifest.LookbackDaysOf(lane, store);

    /// <summary>Of the new orders, those that wait for a person, a payment or their completion.</summary>
    public int Held { get; private set; }
}
