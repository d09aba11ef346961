using System.Collections.Immutable;
using Domain.Deliveries;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Stores;
using Functions.Archive;
using Functions.Cancel;
using Functions.Manage;
using Infra.Ledger;
using Infra.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Azure.Functions.Worker;

namespace Functions.Pull;

/// <summary>受注: lists, one order with its history, resolving holds.</summary>
public sealed class OrderEndpoints(
    StoreRegistry registry, MarketplaceDirectory marketplaces, GroupLedger ledger, OrderLookup lookup, OrderRevision revision, Audit audit, TimeProvider clock)
{
    /// <summary>Orders of one store or of all, by state, hold, day of order and code; paged by continuation token.</summary>
    [Function("manage-orders-list"), Allow(Role.Viewer, Role.Staff), EndpointSummary("受注の一覧")]
    [Query("store", "店舗ID")]
    [Query("state", "受注ステータス（カンマ区切りで複数可）", OneOf = typeof(OrderState))]
    [Query("hold", "確認待ち事由（例 buyer-note）")]
    [Query("from", "注文日時がこれ以降（時差の指定がなければ日本時間）")]
    [Query("to", "注文日時がこれより前")]
    [Query("code", "受注コードの一部")]
    [Query("take", "1回の件数（1～500、既定100）")]
    [Query("continuation", "前の応答の continuation")]
    public async Task<Ok<OrderPageView>> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "manage/orders")] HttpRequest request, CancellationToken cancellation)
    {
        var wanted = Filter(request);
        var take = Answers.TakeOf(request);
        var book = await registry.ReadAsync(cancellation);
        var stores = request.Query["store"].ToString() is { Length: > 0 } one
            ? [Answers.Find(book, Answers.StoreOf(one))]
            : book.Stores.Values.OrderBy(s => s.Id.Value, StringComparer.Ordinal).ToList();
        var place = Answers.ContinuationOf(request, p => PlaceOf(p) is not null);
        var begin = place is null ? null : PlaceOf(place);
        var found = new List<OrderSummary>();
        foreach (var store in stores.Where(s => begin is null || string.CompareOrdinal(s.Id.Value, begin.Store.Value) >= 0))
        {
            var range = RowRange.Prefix(GroupKeys.Orders(store.Id));
            if (store.Id == begin?.Store)
            {
                range = range with { From = GroupKeys.Order(begin) };
            }

            await foreach (var row in ledger.RangeAsync(store.Group, range with { Columns = ["state", "holds", "placed", "planned", "elsewhere"] }, cancellation))
            {
                if (Summary(store, row) is { } summary && wanted(summary))
                {
                    if (found.Count == take)
                    {
                        return TypedResults.Ok(new OrderPageView(found, Answers.Continue($"{summary.Store} {summary.Code}")));
                    }

                    found.Add(summary);
                }
            }
        }

        return TypedResults.Ok(new OrderPageView(found, null));
    }

    /// <summary>One order with its whole history, also when it has been archived.</summary>
    [Function("manage-order-get"), Allow(Role.Viewer, Role.Staff), EndpointSummary("受注と履歴")]
    public async Task<Results<Ok<OrderView>, ProblemHttpResult>> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "manage/orders/{store}/{code}")] HttpRequest request, string store, string code, CancellationToken cancellation)
    {
        var owner = Answers.Find(await registry.ReadAsync(cancellation), Answers.StoreOf(store));
        var key = new OrderKey(owner.Id, Answers.CodeOf(code));
        return await lookup.FindAsync(owner, key, cancellation) is { } found
            ? TypedResults.Ok(OrderView.Of(found.Order, owner, found.Carriers, found.Pushes, Caller.Of(request)))
            : Answers.NotFound($"店舗 {store} に受注 {code} はありません。");
    }

    /// <summary>対応済み: resolves one reason of a held order.</summary>
    [Function("manage-order-resolve"), Allow(Role.Staff), EndpointSummary("確認待ち事由を対応済みにする")]
    public Task<Results<Ok<OrderView>, ProblemHttpResult>> ResolveAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/orders/{store}/{code}/holds/{reason}/resolve")] HttpRequest request,
        string store, string code, string reason, CancellationToken cancellation)
    {
        var hold = Enum.GetValues<HoldReason>().Where(r => Hold.CodeOf(r) == reason).Select(r => (HoldReason?)r).FirstOrDefault()
            ?? throw new BadRequestException("reason", $"「{reason}」という確認待ち事由はありません。");
        return ChangeAsync(request, store, code, $"holds/{reason}/resolve", (judgement, order, who) => judgement.Resolve(order, hold, clock.GetUtcNow(), who), cancellation);
    }

    /// <summary>A person puts an order aside; resolving <c>by-person</c> lets it go on.</summary>
    [Function("manage-order-hold"), Allow(Role.Staff), EndpointSummary("受注を保留にする")]
    public Task<Results<Ok<OrderView>, ProblemHttpResult>> HoldAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/orders/{store}/{code}/hold")] HttpRequest request, string store, string code, CancellationToken cancellation) =>
        ChangeAsync(request, store, code, "hold", (_, order, who) => !order.IsOpen
            ? throw new Domain.RefusalException("not-open", $"受注 {code} は出荷済みまたはキャンセル済みのため、保留にできません。")
            : order.Holds.All(h => h.Reason is not HoldReason.ByPerson)
            ? order.HoldFor(new Hold(HoldReason.ByPerson), clock.GetUtcNow(), who, "put aside")
            : order, cancellation);

    private async Task<Results<Ok<OrderView>, ProblemHttpResult>> ChangeAsync(
        HttpRequest request, string store, string code, string what, Func<Judgement, SalesOrder, string, SalesOrder> change, CancellationToken cancellation)
    {
        var book = await registry.ReadAsync(cancellation);
        var owner = Answers.Find(book, Answers.StoreOf(store));
        var key = new OrderKey(owner.Id, Answers.CodeOf(code));
        var caller = Caller.Of(request);
        var judgement = Judgement.Of(owner, marketplaces.Of(owner).Manifest);
        var (before, after) = await ledger.ChangeAsync<(SalesOrder?, SalesOrder?)>(owner.Group, async unit =>
        {
            if (await unit.OrderAsync(key, cancellation) is not { } known)
            {
                return (null, null);
            }

            if (await OrderRevision.IsInWorkAsync(unit, known, cancellation))
            {
                throw new Domain.RefusalException("in-work", $"受注 {code} は出荷作業中です。変更するには、倉庫で出荷待ちに戻してください。");
            }

            var next = change(judgement, known, caller.Name);
            await revision.ApplyAsync(unit, next, book, caller.Name, cancellation);
            return (known, next);
        }, cancellation);
        if (before is null || after is null)
        {
            return Answers.NotFound($"店舗 {store} に受注 {code} はありません。");
        }

        await audit.WriteAsync(caller, $"orders/{store}/{code}/{what}", Short(before), Short(after), cancellation);
        return TypedResults.Ok(OrderView.Of(after, owner, ImmutableDictionary<int, DeliveryId>.Empty, [], caller));
    }

    /// <summary>The order that a list goes on with.</summary>
    private static OrderKey? PlaceOf(string place) =>
        place.Split(' ') is [var store, var code] && StoreId.TryParse(store, out var id) && OrderCode.TryParse(code, out var order) ? new OrderKey(id, order) : null;

    private static string Short(SalesOrder order) => $"{order.State} [{string.Join(' ', order.Holds.Select(h => h.Code))}]";

    private static Func<OrderSummary, bool> Filter(HttpRequest request)
    {
        var states = request.Query["state"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries).Select(s => Answers.EnumOf<OrderState>("state", s)).ToHashSet();
        var from = Answers.TimeOf(request, "from");
        var to = Answers.TimeOf(request, "to");
        var code = request.Query["code"].ToString();
        var hold = request.Query["hold"].ToString();
        return o => (states.Count == 0 || states.Contains(o.State))
            && !(o.PlacedAt < from) && !(o.PlacedAt >= to)
            && (code.Length == 0 || o.Code.Contains(code, StringComparison.OrdinalIgnoreCase))
            && (hold.Length == 0 || o.Holds.Contains(hold));
    }

    private static OrderSummary Summary(Store store, Row row) => new(
        store.Id.Value,
        row.Key[(row.Key.LastIndexOf('|') + 1)..],
        Enum.Parse<OrderState>(row.Text("state")!),
        (row.Text("holds") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries),
        row.Time("placed")!.Value,
        row.Text("planned"),
        row.Flag("elsewhere"));
}
