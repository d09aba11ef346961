using Domain.Attention;
using Domain.Stores;
using Functions.Cancel;
using Infra.Ledger;
using Infra.Storage;

namespace Functions.Attention;

/// <summary>要対応リスト: everything that needs a person, of every group and of the installation itself.</summary>
public sealed class AttentionList(StoreRegistry registry, GroupLedger ledger, Dispatch dispatch)
{
    /// <summary>What belongs to no store: failed messages.</summary>
    public static readonly BundleGroupId Installation = BundleGroupId.Parse("zz-installation");

    public Task RaiseAsync(AttentionItem item, CancellationToken cancellation) =>
        ledger.ChangeAsync(Installation, unit => OrderRevision.RaiseAsync(unit, item, cancellation), cancellation);

    public async Task<IReadOnlyList<AttentionItem>> ReadAsync(CancellationToken cancellation)
    {
        var book = await registry.ReadAsync(cancellation);
        var items = new List<AttentionItem>();
        foreach (var group in book.Groups.Append(Installation))
        {
            await foreach (var row in ledger.RangeAsync(group, RowRange.Prefix(GroupKeys.Attention), cancellation))
            {
                items.Add(Codecs.Attention.Decode(row));
            }
        }

        return [.. items.OrderBy(i => i.Since)];
    }

    /// <returns>The item that was there, or null.</returns>
    public async Task<AttentionItem?> DismissAsync(string id, CancellationToken cancellation)
    {
        var book = await registry.ReadAsync(cancellation);
        foreach (var group in book.Groups.Append(Installation))
        {
            var found = await ledger.ChangeAsync(group, async unit =>
            {
                var item = await unit.AttentionAsync(id, cancellation);
                if (item is not null)
                {
                    unit.Delete(item);
                }

                return item;
            }, cancellation);
            if (found is not null)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>Does the item's work again and takes it off the list; if it fails again it comes back.</summary>
    /// <returns>False: there is no such item, or nothing that can be retried.</returns>
    public async Task<bool> RetryAsync(string id, CancellationToken cancellation)
    {
        var item = (await ReadAsync(cancellation)).FirstOrDefault(i => i.Id == id);
        switch (item)
        {
            case null:
                return false;
            case { Retry: { } message }:
                await dispatch.SendRawAsync(message.Queue, message.Body, cancellation);
                break;
            case { Kind: AttentionKind.PushRejected or AttentionKind.PushUnknown, Store: { } store, Order: { } order }:
                await RetryPushAsync(store, order, cancellation);
                break;
            case { Kind: AttentionKind.UnreadableOrder or AttentionKind.HoleLeavesSoon, Store: { } store }:
                await dispatch.SendAsync(new Functions.PullMessage(store.Value), TimeSpan.Zero, cancellation);
                break;
            case { Kind: AttentionKind.CredentialRejected }:
                await dispatch.SendAsync(new Functions.ChoreMessage("watch-coverage"), cancellation); // asks the credential whether it works
                return true; // stays until it does
            default:
                return false;
        }

        await DismissAsync(id, cancellation);
        return true;
    }

    /// <summary>The refused step is planned anew, with a message of its own; of an order with several recipients those of all of them.</summary>
    private async Task RetryPushAsync(StoreId store, Domain.Orders.OrderCode code, CancellationToken cancellation)
    {
        var book = await registry.ReadAsync(cancellation);
        if (book.Find(store) is not { } owner)
        {
            return;
        }

        var key = new Domain.Orders.OrderKey(store, code);
        var newest = new Dictionary<int, string>();
        await foreach (var row in ledger.RangeAsync(owner.Group, RowRange.Prefix(GroupKeys.PushesOf(key)), cancellation))
        {
            newest[Codecs.Push.Decode(row).Part] = row.Key;
        }

        if (newest.Count == 0)
        {
            return;
        }

        var batch = $"retry-{store}-{code}";
        await ledger.ChangeAsync(owner.Group, async unit =>
        {
            DateTimeOffset? since = null;
            foreach (var report in newest.Values)
            {
                if (await unit.PushAsync(report, cancellation) is not { } push)
                {
                    continue;
                }

                foreach (var step in push.Steps.Where(s => s.State is Domain.Shipments.PushState.Rejected or Domain.Shipments.PushState.Unknown))
                {
                    push = push.Set(step.Step, Domain.Shipments.PushState.Planned, step.At);
                }

                unit.Put(push);
                since ??= push.Steps[0].At;
            }

            if (since is { } at && await unit.OutboxAsync(Queues.ShipmentPush, batch, cancellation) is null)
            {
                unit.Put(new OutboxEntry(Queues.ShipmentPush, batch, store, [], [.. newest.Values], at, null));
            }
        }, cancellation);
        await dispatch.SendBatchAsync(Queues.ShipmentPush, new BatchMessage(owner.Group.Value, batch), TimeSpan.Zero, cancellation);
    }
}
