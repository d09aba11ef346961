using Domain.Marketplaces;
using Domain.Orders;
using Domain.Stores;
using Functions.Attention;
using Infra.Ledger;
using Infra.Storage;

namespace Functions.Pull;

/// <summary>Follows open orders until they close: re-reads them by code, inside the window or not, and judges held ones anew when a mapping was added.</summary>
public sealed class FollowOpenOrders(
    StoreRegistry registry, MarketplaceDirectory marketplaces, CredentialsOf credentials, GroupLedger ledger,
    ChangedOrders changes, Cancel.OrderRevision revision, StorePause pause, TimeProvider clock)
{
    /// <summary>An order at 出荷待ち is looked at less often: the ship gate asks again anyway.</summary>
    private static readonly TimeSpan ReadyEvery = TimeSpan.FromHours(1);

    /// <returns>How many orders were read, and how many changed.</returns>
    public async Task<(int Read, int Changed)> RunAsync(FollowMessage message, CancellationToken cancellation)
    {
        var book = await registry.ReadAsync(cancellation);
        if (book.Find(StoreId.Parse(message.Store)) is not { } store)
        {
            return (0, 0);
        }

        var market = marketplaces.Of(store);
        if (message.Work == "rejudge")
        {
            return await RejudgeAsync(store, book, market, cancellation);
        }

        if (market.Reader is null || !market.Manifest.IsConfirmed(store) || !store.Switches.Pull || book.StopAll || book.IsPaused(store.Id))
        {
            return (0, 0);
        }

        var open = await OpenAsync(store, IsDue, cancellation);
        var access = new StoreAccess(store, market.Manifest, credentials(store));
        var changed = 0;
        try
        {
            foreach (var portion in open.Chunk(Math.Max(1, market.Manifest.ReadBatch)))
            {
                var asked = portion.Select(Warehouse.ShipGate.ReferenceOf).ToArray();
                await foreach (var reading in market.Reader.ReadAsync(access, asked, cancellation))
                {
                    changed += await changes.ApplyAsync(store, book, market, reading, "follow", cancellation) ? 1 : 0;
                }
            }
        }
        catch (MarketplaceException refusal) when (refusal.Kind is FailureKind.CredentialRejected)
        {
            await pause.PauseAsync(store, refusal, cancellation);
        }
        catch (MarketplaceException refusal) when (refusal.MayPass)
        {
            await pause.NoteAsync(store.Id, refusal, cancellation); // what was not asked stays unknown, and is asked next time
        }

        return (open.Count, changed);
    }

    private bool IsDue(Row row)
    {
        var state = Enum.Parse<OrderState>(row.Text("state")!);
        return state switch
        {
            OrderState.AwaitingPayment or OrderState.AwaitingConfirmation or OrderState.PendingProcessing => true,
            OrderState.AwaitingShipment or OrderState.AwaitingAllocation or OrderState.PartiallyShipped =>
                (clock.GetUtcNow() - row.Time("imported")!.Value).TotalMinutes % ReadyEvery.TotalMinutes < 10,
            _ => false,
        };
    }

    /// <summary>Also what is left of an order at 一部出荷済み may be held.</summary>
    private static bool IsHeld(Row row) =>
        row.Text("state") is nameof(OrderState.AwaitingConfirmation) || (row.Text("state") is nameof(OrderState.PartiallyShipped) && row.Text("holds") is { Length: > 0 });

    private async Task<(int, int)> RejudgeAsync(Store store, StoreBook book, Marketplace market, CancellationToken cancellation)
    {
        var judgement = Judgement.Of(store, market.Manifest);
        var held = await OpenAsync(store, IsHeld, cancellation);
        var changed = 0;
        foreach (var order in held)
        {
            changed += await ledger.ChangeAsync(store.Group, async unit =>
            {
                if (await unit.OrderAsync(order.Key, cancellation) is not { IsOpen: true } known)
                {
                    return false;
                }

                var next = judgement.Again(known, known.Content, clock.GetUtcNow(), "mapping");
                await revision.ApplyAsync(unit, next, book, "mapping", cancellation);
                return unit.HasChanges;
            }, cancellation) ? 1 : 0;
        }

        return (held.Count, changed);
    }

    private async Task<List<SalesOrder>> OpenAsync(Store store, Func<Row, bool> wanted, CancellationToken cancellation)
    {
        var orders = new List<SalesOrder>();
        await foreach (var row in ledger.RangeAsync(store.Group, RowRange.Prefix(GroupKeys.Orders(store.Id)), cancellation))
        {
            if (wanted(row))
            {
                orders.Add(Codecs.Order.Decode(row));
            }
        }

        return orders;
    }
}
