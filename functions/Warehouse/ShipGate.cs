using Domain.Attention;
using Domain.Coverage;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Stores;
using Functions.Attention;
using Functions.Cancel;
using Infra.Ledger;
using Infra.Storage;

namespace Functions.Warehouse;

/// <summary>What the marketplaces said about a set of orders.</summary>
/// <param name="Stopped">Cancelled there, or asked to be.</param>
/// <param name="Unasked">Orders about which nothing could be learnt, with the reason: unknown is never taken for "no".</param>
public sealed record GateVerdict(IReadOnlyDictionary<OrderKey, MarketplaceStanding> Stopped, IReadOnlyDictionary<OrderKey, string> Unasked)
{
    /// <summary>Why the order must not go, in Japanese; null = it may.</summary>
    public string? RefusalOf(OrderKey order) =>
        Stopped.TryGetValue(order, out var standing)
            ? standing is MarketplaceStanding.Cancelled ? $"受注 {order.Code} はモール側でキャンセルされています" : $"受注 {order.Code} はモール側でキャンセル受付中です"
            : Unasked.GetValueOrDefault(order) is { } reason ? $"受注 {order.Code} のキャンセル確認ができません（{reason}）" : null;
}

/// <summary>Asks the marketplaces, in bulk, right before work starts, that no order has been cancelled there.</summary>
public sealed class ShipGate(MarketplaceDirectory marketplaces, CredentialsOf credentials, GroupLedger ledger, TimeProvider clock)
{
    public async Task<GateVerdict> AskAsync(StoreBook book, IReadOnlyList<SalesOrder> orders, CancellationToken cancellation)
    {
        var stopped = new Dictionary<OrderKey, MarketplaceStanding>();
        var unasked = new Dictionary<OrderKey, string>();
        foreach (var ofStore in orders.GroupBy(o => o.Key.Store))
        {
            var store = book.Find(ofStore.Key)!;
            var market = marketplaces.Of(store);
            if (!market.Manifest.IsConfirmed(store))
            {
                foreach (var order in ofStore)
                {
                    unasked[order.Key] = $"{Unconfirmed.Mark}：設定 {market.Manifest.ConfirmSetting}。docs/marketplaces/{market.Manifest.Code}.md"; // whatever the store's setting: nothing of it is to leave
                }

                continue;
            }

            if (market.Reader is null)
            {
                await RefuseUnlessListedAsync(unasked, store, market.Manifest, ofStore, cancellation);
                continue;
            }

            try
            {
                var access = new StoreAccess(store, market.Manifest, credentials(store));
                foreach (var (code, standing) in await market.Reader.StoppedAsync(access, [.. ofStore.Select(ReferenceOf)], cancellation))
                {
                    stopped[new OrderKey(store.Id, code)] = standing;
                }
            }
            catch (MarketplaceException failure)
            {
                var passed = Refuse(unasked, store, ofStore, failure.Kind.ToString());
                await RaiseAsync(store, failure, held: passed < ofStore.Count(), passed > 0, cancellation);
            }
        }

        return new GateVerdict(stopped, unasked);
    }

    public static OrderReference ReferenceOf(SalesOrder order) =>
        new(order.Key.Code, order.Content.PlacedAt, [.. order.Content.Lines.Select(l => l.LineId)]);

    /// <summary>Where an order cannot be asked for by its code, the list that every pull reads to its end is the only answer there is: an order that it still reaches
    /// stood there as we know it. The store's setting says how old that may be.</summary>
    private async Task RefuseUnlessListedAsync(
        Dictionary<OrderKey, string> unasked, Store store, Manifest manifest, IEnumerable<SalesOrder> orders, CancellationToken cancellation)
    {
        var lists = new List<(DateTimeOffset From, DateTimeOffset ReadAt)>();
        foreach (var lane in manifest.Lanes.Where(l => !l.Signs))
        {
            var row = await ledger.Rows.FindAsync(GroupKeys.Open, store.Group.Value, GroupKeys.Coverage(store.Id, lane.Id), cancellation);
            if (row is not null && Codecs.Coverage(store.Id).Decode(row).ReadAt is { } readAt)
            {
                var window = PullPlan.WindowStart(manifest.LookbackDaysOf(lane, store), readAt);
                var tail = readAt - TimeSpan.FromSeconds(lane.TailSeconds);
                lists.Add((window > tail ? window : tail, readAt));
            }
        }

        Refuse(
            unasked, store, orders,
            "モールに受注番号での照会がありません。店舗の設定「出荷前確認の猶予」（shipOnAnswerMinutes）を決めると、その時間内に一覧で確認できた受注を出荷できます",
            order => lists.Where(l => order.Content.PlacedAt >= l.From && order.ImportedAt <= l.ReadAt).Select(l => l.ReadAt).Append(LastAnswer(order)).Max());
    }

    /// <summary>The store's setting decides: hold (default), or ship when the last reading of the order is young enough.</summary>
    /// <returns>How many may ship on what was read before.</returns>
    private int Refuse(Dictionary<OrderKey, string> unasked, Store store, IEnumerable<SalesOrder> orders, string reason, Func<SalesOrder, DateTimeOffset>? answered = null)
    {
        var passed = 0;
        foreach (var order in orders)
        {
            if (store.ShipOnAnswerMinutes is { } minutes && clock.GetUtcNow() - (answered ?? LastAnswer)(order) <= TimeSpan.FromMinutes(minutes))
            {
                passed++;
            }
            else
            {
                unasked[order.Key] = reason;
            }
        }

        return passed;
    }

    /// <summary>What a person or a mapping did since is no answer of the marketplace.</summary>
    private static DateTimeOffset LastAnswer(SalesOrder order) =>
        order.History.LastOrDefault(h => h.Who is "pull" or "marketplace" or "follow" or "ship-gate")?.At ?? order.ImportedAt;

    /// <summary>Never silently: neither what was held back, nor what was let go on an older answer.</summary>
    private async Task RaiseAsync(Store store, MarketplaceException failure, bool held, bool passed, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await ledger.ChangeAsync(store.Group, async unit =>
        {
            if (held)
            {
                await OrderRevision.RaiseAsync(unit, AttentionItems.GateUnknown(store, failure.Message, now), cancellation);
            }

            if (passed)
            {
                await OrderRevision.RaiseAsync(unit, AttentionItems.GatePassed(store, failure.Message, now), cancellation);
            }
        }, cancellation);
    }
}
