using Domain.Attention;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Stores;
using Domain.Time;
using Functions.Attention;
using Infra.Ledger;
using Infra.Storage;

namespace Functions.Pull;

/// <summary>Open orders of a marketplace that cannot be asked about an order by its code: outside the window nobody would notice a cancel or a change any more.
/// Before they leave it, one item a store brings them to a person's attention; it goes away when they are closed.</summary>
public sealed class LeavingOrders(GroupLedger ledger, TimeProvider clock)
{
    /// <summary>Codes that the item's text names; its detail has more.</summary>
    private const int Named = 5;

    private const int InDetail = 100;

    /// <param name="warning">So long before an order leaves the window.</param>
    public async Task RunAsync(Store store, Manifest manifest, TimeSpan warning, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var days = manifest.Lanes.Where(l => !l.Signs).Max(l => manifest.LookbackDaysOf(l, store));
        var leaving = new List<(DateTimeOffset At, string Code)>();
        await foreach (var row in ledger.RangeAsync(store.Group, RowRange.Prefix(GroupKeys.Orders(store.Id)) with { Columns = ["state", "placed"] }, cancellation))
        {
            var leaves = Jst.StartOf(Jst.DayOf(row.Time("placed")!.Value).AddDays(days + 1));
            if (row.Text("state") is not (nameof(OrderState.Shipped) or nameof(OrderState.Cancelled)) && leaves - now < warning)
            {
                leaving.Add((leaves, row.Key[(row.Key.LastIndexOf('|') + 1)..]));
            }
        }

        leaving.Sort();
        var item = leaving.Count == 0 ? null : AttentionItems.OrdersLeaveWindow(
            store, manifest.Name.Ja, leaving.Count, [.. leaving.Take(Named).Select(o => o.Code)], leaving[0].At, string.Join(' ', leaving.Take(InDetail).Select(o => o.Code)), now);
        await ledger.ChangeAsync(store.Group, async unit =>
        {
            var stands = await unit.AttentionAsync(AttentionItems.LeavingId(store), cancellation);
            if (item is null && stands is not null)
            {
                unit.Delete(stands);
            }
            else if (item is not null && (item.What, item.Detail) != (stands?.What, stands?.Detail))
            {
                unit.Put(stands is null ? item : item with { Since = stands.Since, Count = stands.Count });
            }
        }, cancellation);
    }
}
