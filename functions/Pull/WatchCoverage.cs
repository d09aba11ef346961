using Domain.Attention;
using Domain.Coverage;
using Domain.Marketplaces;
using Domain.Stores;
using Functions.Attention;
using Functions.Cancel;
using Infra.Ledger;
using Infra.Storage;

namespace Functions.Pull;

/// <summary>Watches what has not been read: warns in hours before a hole leaves the window, names the gap when it has, also for stores that are paused or whose pulls fail;
/// asks paused stores' credentials whether they work again; and tells of open orders that nobody can follow once they have left the window.</summary>
public sealed class WatchCoverage(
    StoreRegistry registry, MarketplaceDirectory marketplaces, CredentialsOf credentials, GroupLedger ledger, StorePause pause, AttentionList attention,
    LeavingOrders leaving, TimeProvider clock)
{
    /// <summary>A hole is normal while it is younger than this: the newest orders are always still to be read.</summary>
    private static readonly TimeSpan Normal = TimeSpan.FromHours(2);

    /// <summary>From so long before the end a person is told.</summary>
    private static readonly TimeSpan Warning = TimeSpan.FromHours(36);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var book = await registry.ReadAsync(cancellation);
        foreach (var store in book.Stores.Values)
        {
            var market = marketplaces.Of(store);
            if (book.IsPaused(store.Id) && market.Manifest.IsConfirmed(store))
            {
                await ProbeAsync(store, market, cancellation);
            }

            if (market.Reader is null)
            {
                await leaving.RunAsync(store, market.Manifest, Warning, cancellation);
            }

            foreach (var lane in market.Manifest.Lanes.Where(l => !l.Signs))
            {
                await WatchAsync(store, market, lane, cancellation);
            }
        }

        await MeasureAttentionAsync(book, cancellation);
    }

    private async Task MeasureAttentionAsync(StoreBook book, CancellationToken cancellation)
    {
        var counts = (await attention.ReadAsync(cancellation)).CountBy(i => i.Store?.Value ?? Telemetry.NoStore).ToDictionary();
        foreach (var store in book.Stores.Keys.Select(s => s.Value).Append(Telemetry.NoStore))
        {
            Telemetry.Attention.Record(counts.GetValueOrDefault(store), new KeyValuePair<string, object?>("store", store)); // none is said as well
        }
    }

    private async Task ProbeAsync(Store store, Marketplace market, CancellationToken cancellation)
    {
        try
        {
            await market.Probe.ProbeAsync(new StoreAccess(store, market.Manifest, credentials(store)), cancellation);
            await pause.ResumeAsync(store, cancellation);
        }
        catch (MarketplaceException refusal) when (refusal.Kind is FailureKind.CredentialRejected)
        {
            await pause.PauseAsync(store, refusal, cancellation);
        }
        catch (MarketplaceException)
        {
            // Could not be asked: still unknown, asked again at the next slot.
        }
    }

    private async Task WatchAsync(Store store, Marketplace market, Lane lane, CancellationToken cancellation)
    {
        var key = GroupKeys.Coverage(store.Id, lane.Id);
        var now = clock.GetUtcNow();
        var days = market.Manifest.LookbackDaysOf(lane, store);
        if (await ledger.Rows.FindAsync(GroupKeys.Open, store.Group.Value, key, cancellation) is not { } row)
        {
            return; // never pulled: its duty begins with the first pull
        }

        var coverage = Codecs.Coverage(store.Id).Decode(row);
        var (moved, gaps) = coverage.MoveTo(PullPlan.WindowStart(days, now));
        if (gaps.Count > 0)
        {
            try
            {
                await ledger.Rows.CommitAsync(GroupKeys.Open, store.Group.Value, [new RowAction.Replace(Codecs.Coverage(store.Id).Encode(moved), row.ETag!), .. GapRows(store, lane, gaps, now)], cancellation);
            }
            catch (RowConflictException)
            {
                return; // a pull is at work on this lane and finds the same gap
            }
        }

        var leavesAt = PullPlan.HoleLeavesAt(moved, days, now, Normal);
        Measure(store, lane, moved, (leavesAt ?? now.AddDays(days)) - now, now);
        await ledger.ChangeAsync(store.Group, async unit =>
        {
            var id = $"hole~{store.Id}~{lane.Id}";
            var stands = await unit.AttentionAsync(id, cancellation);
            if (leavesAt is { } at && at - now < Warning)
            {
                var item = AttentionItems.HoleLeavesSoon(store, lane, moved.OldestHole(now - Normal)!.Value, at, now);
                unit.Put(stands is null ? item : item with { Since = stands.Since, Count = stands.Count });
            }
            else if (stands is not null)
            {
                unit.Delete(stands); // read in the meantime
            }
        }, cancellation);
    }

    private static void Measure(Store store, Lane lane, LaneCoverage coverage, TimeSpan left, DateTimeOffset now)
    {
        var behind = coverage.OldestHole(now) is { } hole ? now - hole.From : TimeSpan.Zero;
        Telemetry.WindowLeft.Record(left.TotalHours, Telemetry.Of(store.Id), Telemetry.OfLane(lane.Id));
        Telemetry.Behind.Record(behind.TotalMinutes, Telemetry.Of(store.Id), Telemetry.OfLane(lane.Id));
    }

    private static IEnumerable<RowAction> GapRows(Store store, Lane lane, IEnumerable<Interval> gaps, DateTimeOffset now) =>
        gaps.Take(40).Select(span => new Gap(store.Id, lane.Id, span, now)).SelectMany(gap => new RowAction[]
        {
            new RowAction.Upsert(Codecs.Gap.Encode(gap)),
            new RowAction.Upsert(Codecs.Attention.Encode(AttentionItems.GapFound(store, gap))),
        });
}
