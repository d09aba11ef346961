using System.Collections.Immutable;
using Domain.Attention;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Shipments;
using Domain.Stores;
using Functions.Attention;
using Functions.Cancel;
using Infra.Ledger;
using Infra.Storage;

namespace Functions.Push;

/// <param name="Confirmed">Reports that reached the marketplace wholly in this run.</param>
/// <param name="Waiting">Reports that must be looked at again, and when: null = nothing waits.</param>
public sealed record PushResult(int Confirmed, int Refused, TimeSpan? Waiting);

/// <summary>Reports shipments to their marketplaces, once in effect. A call is noted before it is made; one whose answer was lost is read back before anything is sent again.</summary>
public sealed class PushShipments(
    StoreRegistry registry, MarketplaceDirectory marketplaces, CredentialsOf credentials, GroupLedger ledger, StorePause pause, TimeProvider clock)
{
    /// <summary>After an unknown effect or a refusal that may pass, so long until the next look.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);

    /// <summary>A call that was begun less long ago than the function's own time limit (host.json) may still be on its way from another instance.</summary>
    private static readonly TimeSpan InFlight = TimeSpan.FromMinutes(5);

    private const int MostAttempts = 8;

    public async Task<PushResult> RunAsync(BatchMessage message, CancellationToken cancellation)
    {
        var group = BundleGroupId.Parse(message.Group);
        var unit = new LedgerUnit(ledger.Rows, group);
        if (await unit.OutboxAsync(Queues.ShipmentPush, message.Batch, cancellation) is not { } outbox)
        {
            return new PushResult(0, 0, null); // consumed already
        }

        var book = await registry.ReadAsync(cancellation);
        var run = new Run(unit, book);
        var entries = new List<PushEntry>();
        await unit.WarmAsync(outbox.Rows, cancellation);
        foreach (var row in outbox.Rows)
        {
            if (await unit.PushAsync(row, cancellation) is { IsOver: false } entry)
            {
                entries.Add(entry);
            }
        }

        Telemetry.Follow(entries.Select(e => e.Trace));
        foreach (var ofStore in entries.GroupBy(e => e.Order.Store))
        {
            await PushStoreAsync(run, [.. ofStore], cancellation);
        }

        if (run.Wait is null)
        {
            await ledger.ChangeAsync(unit, async u =>
            {
                if (await u.OutboxAsync(Queues.ShipmentPush, message.Batch, cancellation) is { } stands)
                {
                    u.Delete(stands);
                }
            }, cancellation);
        }

        return new PushResult(run.Confirmed, run.Refused, run.Wait);
    }

    private async Task PushStoreAsync(Run run, List<PushEntry> entries, CancellationToken cancellation)
    {
        var store = run.Book.Find(entries[0].Order.Store);
        if (store is not { IsLive: true, Switches.Push: true } || run.Book.StopAll || run.Book.IsPaused(store.Id) || !marketplaces.Of(store).Manifest.IsConfirmed(store))
        {
            run.WaitFor(TimeSpan.MaxValue); // waits as a row, until the sweeper finds that it may go on
            return;
        }

        var market = marketplaces.Of(store);
        var access = new StoreAccess(store, market.Manifest, credentials(store));
        try
        {
            while (entries.Count > 0)
            {
                var next = new List<PushEntry>();
                foreach (var step in entries.GroupBy(e => e.Current!.Step, StringComparer.Ordinal))
                {
                    next.AddRange(await StepAsync(run, access, market, step.Key, [.. step], cancellation));
                }

                entries = next;
            }
        }
        catch (MarketplaceException refusal) when (refusal.Kind is FailureKind.CredentialRejected)
        {
            await pause.PauseAsync(store, refusal, cancellation);
            run.WaitFor(TimeSpan.MaxValue);
        }
        catch (MarketplaceException refusal) when (refusal.MayPass)
        {
            run.WaitFor(refusal.RetryAfter ?? LookAgain);
        }
    }

    /// <summary>Brings one step of these entries forward.</summary>
    /// <returns>The entries whose next step can be sent at once.</returns>
    private async Task<List<PushEntry>> StepAsync(
        Run run, StoreAccess access, Marketplace market, string step, ImmutableArray<PushEntry> entries, CancellationToken cancellation)
    {
        var toSend = new List<PushEntry>();
        var onward = new List<PushEntry>();
        foreach (var entry in entries)
        {
            if (entry.Current is { State: PushState.Sending } begun && clock.GetUtcNow() - begun.At is var age && age < InFlight)
            {
                run.WaitFor(InFlight - age); // reading back now would find nothing and send it a second time
                continue;
            }

            var closes = market.Manifest.PushSteps.Single(s => s.Step == step).Optional;
            if (closes && entry.Destination is not null && !await OthersAreThereAsync(run, access.Store, market, step, entry, cancellation))
            {
                continue;
            }

            switch (PushRule.Next(entry, market.Manifest, market.ShipmentReader is not null))
            {
                case PushMove.Send:
                    toSend.Add(entry);
                    break;

                case PushMove.ReadBack:
                    var state = await market.ShipmentReader!.ReadBackAsync(access, entry.Report().Order, cancellation);
                    if (PushRule.IsDone(entry, state, closes))
                    {
                        await WriteAsync(run, market, [new PushOutcome.Confirmed(entry.Order.Code)], step, [entry], onward, cancellation);
                    }
                    else
                    {
                        toSend.Add(entry);
                    }

                    break;

                case PushMove.AskPerson:
                    await AskAsync(run, market, access.Store, entry, cancellation);
                    break;

                default:
                    break;
            }
        }

        foreach (var batch in BatchesOf(toSend, market.Manifest.PushBatch))
        {
            await SendAsync(run, access, market, step, batch, onward, cancellation);
        }

        return onward;
    }

    /// <summary>As few calls as the marketplace takes, none of them with two recipients of one order: an answer names the order only.</summary>
    private static IEnumerable<ImmutableArray<PushEntry>> BatchesOf(List<PushEntry> entries, int size)
    {
        var rounds = entries.GroupBy(e => e.Order).SelectMany(o => o.Select((entry, round) => (entry, round))).GroupBy(e => e.round, e => e.entry);
        return rounds.OrderBy(r => r.Key).SelectMany(r => r.Chunk(size)).Select(batch => batch.ToImmutableArray());
    }

    /// <summary>An order with several recipients is closed only when the marketplace holds the number of each; where it has refused one, a person decides.</summary>
    private async Task<bool> OthersAreThereAsync(Run run, Store store, Marketplace market, string step, PushEntry entry, CancellationToken cancellation)
    {
        var page = await ledger.Rows.ReadAsync(GroupKeys.Open, run.Unit.Group.Value, RowRange.Prefix(GroupKeys.PushesOf(entry.Order)), cancellation);
        var others = page.Rows.Select(Codecs.Push.Decode).Where(p => p.Part != entry.Part).GroupBy(p => p.Part).Select(p => p.MaxBy(e => e.Revision)!).ToArray();
        if (others.All(p => p.IsConfirmed))
        {
            return true;
        }

        if (!others.Any(p => p is { IsOver: true, IsConfirmed: false }))
        {
            run.WaitFor(LookAgain);
            return false;
        }

        await SetAsync(run.Unit, [entry], (e, now) => e.Set(step, PushState.Rejected, now, "another recipient's number was refused"), cancellation);
        return false;
    }

    private async Task SendAsync(
        Run run, StoreAccess access, Marketplace market, string step, ImmutableArray<PushEntry> batch, List<PushEntry> onward, CancellationToken cancellation)
    {
        var sending = await SetAsync(run.Unit, batch, (e, now) => e.Set(step, PushState.Sending, now), cancellation);
        if (sending.Length < batch.Length)
        {
            run.WaitFor(LookAgain); // another run has begun the rest
        }

        if (sending.IsEmpty)
        {
            return;
        }

        IReadOnlyList<PushOutcome> outcomes;
        try
        {
            outcomes = await market.Shipments!.PushAsync(access, step, [.. sending.Select(e => e.Report())], cancellation);
        }
        catch (MarketplaceException lost) when (lost.Kind is FailureKind.Transient or FailureKind.Unreadable)
        {
            outcomes = [.. sending.Select(e => new PushOutcome.Unknown(e.Order.Code, lost.Message))];
        }
        catch (MarketplaceException refused) when (refused.Kind is FailureKind.Rejected)
        {
            outcomes = [.. sending.Select(e => new PushOutcome.Rejected(e.Order.Code, refused.Code ?? "", refused.Message))];
        }
        catch (MarketplaceException)
        {
            // Nothing was done: as if it had not been begun.
            await SetAsync(run.Unit, sending, (e, now) => e.Set(step, PushState.Planned, now), cancellation);
            throw;
        }

        await WriteAsync(run, market, outcomes, step, sending, onward, cancellation);
    }

    private async Task WriteAsync(
        Run run, Marketplace market, IReadOnlyList<PushOutcome> outcomes, string step, ImmutableArray<PushEntry> entries, List<PushEntry> onward, CancellationToken cancellation)
    {
        var store = run.Book.Find(entries[0].Order.Store)!;
        var byOrder = outcomes.ToDictionary(o => o.Order);
        foreach (var some in entries.Chunk(45))
        {
            var written = await ledger.ChangeAsync(run.Unit, async unit =>
            {
                var now = clock.GetUtcNow();
                var result = new List<PushEntry>();
                foreach (var entry in some)
                {
                    var stands = (await unit.PushAsync(entry.Order, entry.Revision, cancellation, entry.Part))!;
                    var outcome = byOrder.GetValueOrDefault(entry.Order.Code) ?? new PushOutcome.Unknown(entry.Order.Code, "the answer does not name this order");
                    var (next, alarm) = Judge(stands, step, outcome, store, market, now);
                    unit.Put(next);
                    if (alarm is not null)
                    {
                        await OrderRevision.RaiseAsync(unit, alarm, cancellation);
                    }

                    result.Add(next);
                }

                return result;
            }, cancellation);

            foreach (var entry in written)
            {
                run.Count(entry, step, onward, LookAgain, StepWait(store, market, entry));
            }
        }
    }

    private static (PushEntry Entry, AttentionItem? Alarm) Judge(
        PushEntry entry, string step, PushOutcome outcome, Store store, Marketplace market, DateTimeOffset now)
    {
        var name = market.Manifest.Name.Ja;
        return outcome switch
        {
            PushOutcome.Confirmed { Warning: { } warning } =>
                (entry.Set(step, PushState.Confirmed, now, warning), AttentionItems.PushWarning(entry.Order, store, name, warning, now)),
            PushOutcome.Confirmed => (entry.Set(step, PushState.Confirmed, now), null),
            PushOutcome.Rejected refused =>
                (entry.Set(step, PushState.Rejected, now, $"{refused.Code} {refused.Reason}".Trim()),
                 AttentionItems.PushRejected(entry.Order, store, name, refused.Code, refused.Reason, now)),
            PushOutcome.Unknown lost when entry.Steps.Single(s => s.Step == step).Attempts >= MostAttempts =>
                (entry.Set(step, PushState.Unknown, now, lost.Reason), AttentionItems.PushUnknown(entry.Order, store, name, now)),
            PushOutcome.Unknown lost => (entry.Set(step, PushState.Unknown, now, lost.Reason), null),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>結果不明, and nothing can be read back: a person decides.</summary>
    private Task AskAsync(Run run, Marketplace market, Store store, PushEntry entry, CancellationToken cancellation) =>
        ledger.ChangeAsync(run.Unit, async unit =>
        {
            var now = clock.GetUtcNow();
            var stands = (await unit.PushAsync(entry.Order, entry.Revision, cancellation, entry.Part))!;
            if (stands.Current is not { } current)
            {
                return; // another run has just finished it
            }

            unit.Put(stands.Set(current.Step, PushState.Rejected, now, "unknown, not sent again"));
            await OrderRevision.RaiseAsync(unit, AttentionItems.PushUnknown(entry.Order, store, market.Manifest.Name.Ja, now), cancellation);
        }, cancellation);

    private async Task<ImmutableArray<PushEntry>> SetAsync(
        LedgerUnit known, ImmutableArray<PushEntry> entries, Func<PushEntry, DateTimeOffset, PushEntry> set, CancellationToken cancellation)
    {
        var result = ImmutableArray.CreateBuilder<PushEntry>();
        foreach (var some in entries.Chunk(90))
        {
            result.AddRange(await ledger.ChangeAsync(known, async unit =>
            {
                var done = new List<PushEntry>();
                foreach (var entry in some)
                {
                    // Only from where it was judged: of two runs at once one sends, the other looks again.
                    if (await unit.PushAsync(entry.Order, entry.Revision, cancellation, entry.Part) is { IsOver: false } stands && StandsAs(entry, stands))
                    {
                        stands = set(stands, clock.GetUtcNow());
                        unit.Put(stands);
                        done.Add(stands);
                    }
                }

                return done;
            }, cancellation));
        }

        return result.ToImmutable();
    }

    private static bool StandsAs(PushEntry judged, PushEntry stands) =>
        judged.Current is { } a && stands.Current is { } b && a.Step == b.Step && a.State == b.State && a.Attempts == b.Attempts;

    /// <summary>Some marketplaces refuse to close an order right after the number was stored.</summary>
    private static TimeSpan StepWait(Store store, Marketplace market, PushEntry entry) =>
        entry.Current is { } step && market.Manifest.Settings.FirstOrDefault(s => s.Name == $"{step.Step}-wait-seconds") is { } setting
            ? TimeSpan.FromSeconds(double.Parse(store.Setting(setting.Name, setting.Default), System.Globalization.CultureInfo.InvariantCulture))
            : TimeSpan.Zero;

    /// <summary>What one run comes to.</summary>
    private sealed class Run(LedgerUnit unit, StoreBook book)
    {
        /// <summary>Knows the reports' rows as they were last read or written.</summary>
        public LedgerUnit Unit { get; } = unit;

        public StoreBook Book { get; } = book;

        public int Confirmed { get; private set; }

        public int Refused { get; private set; }

        public TimeSpan? Wait { get; private set; }

        public void WaitFor(TimeSpan time) => Wait = Wait is { } known && known < time ? known : time;

        public void Count(PushEntry entry, string step, List<PushEntry> onward, TimeSpan lookAgain, TimeSpan stepWait)
        {
            switch (entry.Steps.Single(s => s.Step == step).State)
            {
                case PushState.Confirmed when entry.IsConfirmed:
                    Confirmed++;
                    Telemetry.Pushed.Add(1, Telemetry.Of(entry.Order.Store));
                    break;
                case PushState.Confirmed when entry.IsOver:
                    break;
                case PushState.Confirmed when stepWait > TimeSpan.Zero:
                    WaitFor(stepWait);
                    break;
                case PushState.Confirmed:
                    onward.Add(entry);
                    break;
                case PushState.Rejected:
                    Refused++;
                    break;
                default:
                    WaitFor(lookAgain);
                    break;
            }
        }
    }
}
