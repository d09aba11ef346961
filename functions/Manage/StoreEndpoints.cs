using System.Globalization;
using System.Text.Json;
using Domain;
using Domain.Coverage;
using Domain.Deliveries;
using Domain.Marketplaces;
using Domain.Stores;
using Functions.Attention;
using Functions.Bundle;
using Infra.Ledger;
using Infra.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Azure.Functions.Worker;

namespace Functions.Manage;

/// <summary>A store with its state.</summary>
/// <param name="WindowLeftHours">Until the oldest unread stretch leaves the window; null = everything up to now is read.</param>
/// <param name="LastPullAt">When a pull last came to the end of every lane.</param>
/// <param name="Failure">Why the last pull failed, and since when; null = it went through.</param>
/// <param name="Unconfirmed">仕様未確認: why the marketplace is not called, and what to do; null = it is.</param>
public sealed record StoreView(
    string Id, StoreForm Store, bool Live, DateTimeOffset? LiveFrom, StoreSwitches Switches, bool StopAll,
    string? PausedBy, string? Failure, DateTimeOffset? FailingSince, DateTimeOffset? LastPullAt, double? WindowLeftHours, string? Unconfirmed = null);

/// <param name="From">Orders placed from then on may be released; null = now.</param>
public sealed record GoLiveForm(DateTimeOffset? From = null);

/// <param name="Orders">The codes that would be released, oldest first.</param>
/// <param name="Waiting">Placed from then on, but not released yet: held, unpaid, or in an undecided bundle candidate.</param>
/// <param name="HandledElsewhere">Placed before: never released by this system.</param>
public sealed record GoLivePreview(
    DateTimeOffset From, DateTimeOffset EarliestPossible, IReadOnlyList<string> Orders, IReadOnlyList<string> Waiting, IReadOnlyList<string> HandledElsewhere);

/// <summary>What is left out stays as it is.</summary>
public sealed record SwitchForm(bool? Pull = null, bool? Release = null, bool? Push = null, bool? Stock = null, bool? Cancel = null);

public sealed record StopAllForm(bool On);

/// <summary>店舗: set up, change, remove, go live, switches, stop-all.</summary>
public sealed class StoreEndpoints(StoreRegistry registry, MarketplaceDirectory marketplaces, GroupLedger ledger, Dispatch dispatch, Audit audit, TimeProvider clock)
{
    [Function("manage-stores-list"), Allow(Role.Viewer, Role.Staff), EndpointSummary("店舗の一覧")]
    public async Task<Ok<List<StoreView>>> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "manage/stores")] HttpRequest request, CancellationToken cancellation)
    {
        _ = request;
        var book = await registry.ReadAsync(cancellation);
        var views = new List<StoreView>();
        foreach (var store in book.Stores.Values.OrderBy(s => s.Id.Value, StringComparer.Ordinal))
        {
            views.Add(await ViewAsync(store, book, cancellation));
        }

        return TypedResults.Ok(views);
    }

    [Function("manage-store-get"), Allow(Role.Viewer, Role.Staff), EndpointSummary("店舗の設定と状態")]
    public async Task<Results<Ok<StoreView>, ProblemHttpResult>> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "manage/stores/{id}")] HttpRequest request, string id, CancellationToken cancellation)
    {
        _ = request;
        var book = await registry.ReadAsync(cancellation);
        return book.Find(Answers.StoreOf(id)) is { } store
            ? TypedResults.Ok(await ViewAsync(store, book, cancellation))
            : Answers.NotFound($"店舗 {id} は登録されていません。");
    }

    [Function("manage-store-put"), Allow(Role.Admin), EndpointSummary("店舗の登録・変更"), Takes(typeof(StoreForm))]
    public async Task<Ok<StoreView>> PutAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "manage/stores/{id}")] HttpRequest request, string id, CancellationToken cancellation)
    {
        var form = await Answers.BodyAsync<StoreForm>(request, cancellation);
        var book = await registry.ReadAsync(cancellation);
        var known = book.Find(Answers.StoreOf(id));
        var store = form.Apply(Answers.StoreOf(id), known, marketplaces);
        await registry.SaveAsync(store, book, cancellation);
        await AuditAsync(request, $"stores/{id}", known is null ? null : StoreForm.Of(known), StoreForm.Of(store), cancellation);
        if (known is not null)
        {
            await dispatch.SendAsync(new FollowMessage(id, "rejudge"), cancellation); // a mapping added releases all that wait for it
        }

        return TypedResults.Ok(await ViewAsync(store, await registry.ReadAsync(cancellation), cancellation));
    }

    [Function("manage-store-delete"), Allow(Role.Admin), EndpointSummary("店舗の削除")]
    public async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "manage/stores/{id}")] HttpRequest request, string id, CancellationToken cancellation)
    {
        var book = await registry.ReadAsync(cancellation);
        if (book.Find(Answers.StoreOf(id)) is not { } store)
        {
            return Answers.NotFound($"店舗 {id} は登録されていません。");
        }

        await foreach (var row in ledger.RangeAsync(store.Group, RowRange.Prefix($"d|{store.Id}|") with { Columns = ["state"] }, cancellation))
        {
            if (row.Text("state") is nameof(DeliveryState.InWork))
            {
                throw new RefusalException("in-work", $"店舗「{store.Name}」には出荷作業中の出荷伝票があります。出荷が終わってから削除してください。");
            }
        }

        await registry.RemoveAsync(store.Id, book, cancellation);
        await AuditAsync(request, $"stores/{id}", StoreForm.Of(store), null, cancellation);
        return TypedResults.NoContent();
    }

    [Function("manage-store-switches"), Allow(Role.Staff), EndpointSummary("店舗の停止・再開"), Takes(typeof(SwitchForm))]
    public async Task<Ok<StoreView>> SwitchAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "manage/stores/{id}/switches")] HttpRequest request, string id, CancellationToken cancellation)
    {
        var form = await Answers.BodyAsync<SwitchForm>(request, cancellation);
        var book = await registry.ReadAsync(cancellation);
        var store = Answers.Find(book, Answers.StoreOf(id));
        var was = store.Switches;
        var next = store with
        {
            Switches = new StoreSwitches(form.Pull ?? was.Pull, form.Release ?? was.Release, form.Push ?? was.Push, form.Stock ?? was.Stock, form.Cancel ?? was.Cancel),
        };
        await registry.SaveAsync(next, book, cancellation);
        await AuditAsync(request, $"stores/{id}/switches", was, next.Switches, cancellation);
        return TypedResults.Ok(await ViewAsync(next, await registry.ReadAsync(cancellation), cancellation));
    }

    [Function("manage-stop-all"), Allow(Role.Staff), EndpointSummary("全体の停止・再開"), Takes(typeof(StopAllForm))]
    public async Task<Ok<StopAllForm>> StopAllAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "manage/stop-all")] HttpRequest request, CancellationToken cancellation)
    {
        var form = await Answers.BodyAsync<StopAllForm>(request, cancellation);
        var book = await registry.ReadAsync(cancellation);
        await registry.SaveStopAllAsync(form.On, book, cancellation);
        await AuditAsync(request, "stop-all", new StopAllForm(book.StopAll), form, cancellation);
        return TypedResults.Ok(form);
    }

    [Function("manage-store-go-live-preview"), Allow(Role.Viewer, Role.Staff), EndpointSummary("稼働開始の確認（出荷される受注の一覧）")]
    [Query("from", "この日時以降の注文を出荷する（既定は現在）")]
    public async Task<Ok<GoLivePreview>> PreviewAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "manage/stores/{id}/go-live")] HttpRequest request, string id, CancellationToken cancellation)
    {
        var book = await registry.ReadAsync(cancellation);
        var store = Answers.Find(book, Answers.StoreOf(id));
        return TypedResults.Ok(await PreviewAsync(store, book, Answers.TimeOf(request, "from") ?? clock.GetUtcNow(), cancellation));
    }

    /// <summary>Goes live: one audited call. What it releases is what the preview for the same time lists.</summary>
    [Function("manage-store-go-live"), Allow(Role.Admin), EndpointSummary("稼働開始"), Takes(typeof(GoLiveForm))]
    public async Task<Ok<GoLivePreview>> GoLiveAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/stores/{id}/go-live")] HttpRequest request, string id, CancellationToken cancellation)
    {
        var form = await Answers.BodyAsync<GoLiveForm>(request, cancellation);
        var book = await registry.ReadAsync(cancellation);
        var store = Answers.Find(book, Answers.StoreOf(id));
        Unconfirmed.RefuseIfSo(store, marketplaces.Of(store).Manifest);
        var preview = await PreviewAsync(store, book, form.From ?? clock.GetUtcNow(), cancellation);
        if (preview.From > clock.GetUtcNow().AddYears(1))
        {
            throw new BadRequestException("from", "稼働開始は1年先までの日時で指定してください。");
        }

        if (preview.From < preview.EarliestPossible)
        {
            throw new BadRequestException("from", $"稼働開始は、取込可能な期間の始まり（{Domain.Time.Jst.In(preview.EarliestPossible):yyyy-MM-dd HH:mm}）より前にはできません。");
        }

        await registry.SaveAsync(store with { LiveFrom = preview.From }, book, cancellation);
        await AuditAsync(request, $"stores/{id}/go-live", new GoLiveForm(store.LiveFrom), new GoLiveForm(preview.From), cancellation);
        return TypedResults.Ok(preview);
    }

    /// <summary>今すぐ取込, optionally with a span.</summary>
    [Function("manage-store-pull"), Allow(Role.Staff), EndpointSummary("今すぐ取込")]
    [Query("from", "読み直す期間の始まり")]
    [Query("to", "読み直す期間の終わり")]
    public async Task<Accepted> PullAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/stores/{id}/pull")] HttpRequest request, string id, CancellationToken cancellation)
    {
        var store = Answers.Find(await registry.ReadAsync(cancellation), Answers.StoreOf(id));
        Unconfirmed.RefuseIfSo(store, marketplaces.Of(store).Manifest);
        var from = Answers.TimeOf(request, "from");
        var to = Answers.TimeOf(request, "to");
        if ((from is null) != (to is null) || from >= to)
        {
            throw new BadRequestException("from", "期間は from と to の両方を、from < to になるように指定してください。");
        }

        await dispatch.SendAsync(new PullMessage(store.Id.Value, from, to), TimeSpan.Zero, cancellation);
        await AuditAsync(request, $"stores/{id}/pull", null, new { from, to }, cancellation);
        return TypedResults.Accepted((string?)null);
    }

    /// <summary>Asks the same question as the hand-over will, of the store as it would then be.</summary>
    private async Task<GoLivePreview> PreviewAsync(Store store, StoreBook book, DateTimeOffset from, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var earliest = marketplaces.Of(store).Manifest.Lanes.Where(l => !l.Signs).Min(l => PullPlan.WindowStart(marketplaces.Of(store).Manifest.LookbackDaysOf(l, store), now));
        var then = book.Stores.SetItem(store.Id, store with { LiveFrom = from });
        var locked = await ledger.LockedAsync(store.Group, cancellation);
        var released = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var row in ledger.RangeAsync(store.Group, RowRange.Prefix(GroupKeys.Deliveries), cancellation))
        {
            var delivery = Codecs.Delivery.Decode(row);
            if (delivery.Members.All(m => then.ContainsKey(m.Order.Store)) && Release.BarsOf(delivery, then, book.StopAll, locked.Contains(delivery.Id)).IsEmpty)
            {
                released.UnionWith(delivery.Members.Where(m => m.Order.Store == store.Id).Select(m => m.Order.Code.Value));
            }
        }

        var open = new List<(DateTimeOffset Placed, string Code)>();
        await foreach (var row in ledger.RangeAsync(store.Group, RowRange.Prefix(GroupKeys.Orders(store.Id)) with { Columns = ["state", "placed"] }, cancellation))
        {
            if (row.Text("state") is not (nameof(Domain.Orders.OrderState.Shipped) or nameof(Domain.Orders.OrderState.Cancelled)))
            {
                open.Add((row.Time("placed")!.Value, row.Key[(row.Key.LastIndexOf('|') + 1)..]));
            }
        }

        open.Sort();
        return new GoLivePreview(
            from, earliest,
            [.. open.Where(o => released.Contains(o.Code)).Select(o => o.Code)],
            [.. open.Where(o => o.Placed >= from && !released.Contains(o.Code)).Select(o => o.Code)],
            [.. open.Where(o => o.Placed < from).Select(o => o.Code)]);
    }

    private async Task<StoreView> ViewAsync(Store store, StoreBook book, CancellationToken cancellation)
    {
        var status = book.Statuses.GetValueOrDefault(store.Id);
        var now = clock.GetUtcNow();
        DateTimeOffset? read = null;
        DateTimeOffset? leaves = null;
        foreach (var lane in marketplaces.Of(store).Manifest.Lanes.Where(l => !l.Signs))
        {
            var row = await ledger.Rows.FindAsync(GroupKeys.Open, store.Group.Value, GroupKeys.Coverage(store.Id, lane.Id), cancellation);
            if (row is null)
            {
                continue;
            }

            var coverage = Codecs.Coverage(store.Id).Decode(row);
            read = coverage.ReadAt is { } at && !(read < at) ? at : read;
            var hole = PullPlan.HoleLeavesAt(coverage, marketplaces.Of(store).Manifest.LookbackDaysOf(lane, store), now, TimeSpan.FromSeconds(lane.SettleSeconds) + TimeSpan.FromMinutes(2));
            leaves = hole is { } h && !(leaves < h) ? h : leaves;
        }

        return new StoreView(
            store.Id.Value, StoreForm.Of(store), store.IsLive, store.LiveFrom, store.Switches, book.StopAll,
            status?.CredentialFault, status?.LastFailure, status?.FailingSince, read, leaves is { } l ? Math.Round((l - now).TotalHours, 1) : null,
            Unconfirmed.Words(store, marketplaces.Of(store).Manifest));
    }

    private Task AuditAsync(HttpRequest request, string what, object? before, object? after, CancellationToken cancellation) =>
        audit.WriteAsync(Caller.Of(request), what, Write(before), Write(after), cancellation);

    private static string Write(object? value) => value is null ? "" : JsonSerializer.Serialize(value, value.GetType(), Answers.Json);
}
