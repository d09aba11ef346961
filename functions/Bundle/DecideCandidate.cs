using System.Collections.Immutable;
using Domain;
using Domain.Bundling;
using Domain.Deliveries;
using Domain.Stores;
using Functions.Cancel;
using Infra.Ledger;

namespace Functions.Bundle;

/// <summary>The three decisions about a bundle candidate: 同梱を実行, 同梱しない, and taking a decision back until the warehouse starts.</summary>
public sealed class DecideCandidate(GroupLedger ledger, TimeProvider clock)
{
    /// <param name="chosen">Null: all members. Otherwise at least two of them; the rest is free again.</param>
    /// <returns>The delivery that carries the bundle.</returns>
    public Task<DeliveryId> ExecuteAsync(BundleGroupId group, BundleKey key, IReadOnlyList<DeliveryId>? chosen, string who, CancellationToken cancellation) =>
        ledger.ChangeAsync(group, async unit =>
        {
            var now = clock.GetUtcNow();
            var row = await RowAsync(unit, key, cancellation);
            var members = chosen is null ? row.Candidate?.Members ?? [] : [.. chosen];
            row = row.Execute(members, who, now);
            var carrier = await WaitingAsync(unit, members[0], cancellation);
            foreach (var id in members.Skip(1))
            {
                var joined = await WaitingAsync(unit, id, cancellation);
                carrier = carrier with { Members = carrier.Members.AddRange(joined.Members) };
                unit.Put(joined.MoveTo(DeliveryState.Bundled, now, who, $"travels in {carrier.Id}") with { BundledInto = carrier.Id });
                await RedirectAsync(unit, joined, carrier.Id, cancellation);
            }

            unit.Put(carrier with
            {
                History = carrier.History.Add(new Domain.Orders.HistoryEntry(now, who, $"bundled {carrier.Members.Length} orders", "")),
            });
            unit.Put(row);
            return carrier.Id;
        }, cancellation);

    public Task DeclineAsync(BundleGroupId group, BundleKey key, string who, CancellationToken cancellation) =>
        ledger.ChangeAsync(group, async unit => unit.Put((await RowAsync(unit, key, cancellation)).Decline(who, clock.GetUtcNow())), cancellation);

    /// <summary>同梱解除, or taking 同梱しない back: the members are exactly as before, and the question is open again.</summary>
    public Task UndoAsync(BundleGroupId group, BundleKey key, string who, CancellationToken cancellation) =>
        ledger.ChangeAsync(group, async unit =>
        {
            var now = clock.GetUtcNow();
            var row = await RowAsync(unit, key, cancellation);
            if (row.Candidate is not { State: CandidateState.Executed } executed)
            {
                unit.Put((await StillWaitingAsync(unit, row, cancellation)).Undo(now));
                return;
            }

            var carrier = await unit.DeliveryAsync(executed.Members[0], cancellation);
            if (carrier is not { State: DeliveryState.Waiting })
            {
                throw new RefusalException("in-work", "この同梱は倉庫での作業が始まっているため、解除できません。先に倉庫で出荷待ちに戻してください。");
            }

            await OrderRevision.UnbundleAsync(unit, carrier, now, who, "undone by a person", cancellation);
        }, cancellation);

    /// <summary>A decline is taken back for those that still wait: what went to work, was cancelled or has other conditions by now must not lock the rest.</summary>
    private static async Task<BundleKeyRow> StillWaitingAsync(LedgerUnit unit, BundleKeyRow row, CancellationToken cancellation)
    {
        if (row.Candidate is not { State: CandidateState.Declined } declined)
        {
            return row;
        }

        var waiting = new List<DeliveryId>();
        foreach (var id in declined.Members)
        {
            if (await unit.DeliveryAsync(id, cancellation) is { State: DeliveryState.Waiting or DeliveryState.OnHold } delivery && delivery.Key == row.Key)
            {
                waiting.Add(id);
            }
        }

        return waiting.Count > 1
            ? row with { Candidate = declined with { Members = [.. waiting] } }
            : throw new RefusalException("in-work", "出荷待ちの出荷伝票が2件以上残っていないため、「同梱しない」を取り消せません。");
    }

    /// <summary>A delivery that already carried a bundle brings its passengers along: they point to the new carrier.</summary>
    private static async Task RedirectAsync(LedgerUnit unit, OutboundDelivery joined, DeliveryId carrier, CancellationToken cancellation)
    {
        foreach (var passenger in joined.Members.Select(m => m.Delivery).Where(id => id != joined.Id))
        {
            var riding = await unit.DeliveryAsync(passenger, cancellation);
            unit.Put(riding! with { BundledInto = carrier });
        }
    }

    private static async Task<BundleKeyRow> RowAsync(LedgerUnit unit, BundleKey key, CancellationToken cancellation) =>
        await unit.KeyAsync(key, cancellation)
        ?? throw new RefusalException("no-candidate", "この同梱候補はもうありません。画面を更新してください。");

    private static async Task<OutboundDelivery> WaitingAsync(LedgerUnit unit, DeliveryId id, CancellationToken cancellation) =>
        await unit.DeliveryAsync(id, cancellation) is { State: DeliveryState.Waiting } delivery
            ? delivery
            : throw new RefusalException("not-waiting", $"出荷伝票 {id} は出荷待ちではないため、同梱できません。");
}
