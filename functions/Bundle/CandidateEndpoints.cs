using Domain.Bundling;
using Domain.Deliveries;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Stores;
using Functions.Manage;
using Infra.Ledger;
using Infra.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Azure.Functions.Worker;

namespace Functions.Bundle;

/// <param name="Warnings">What a person should know before the bundle is executed, in Japanese.</param>
public sealed record CandidateView(string Group, string Key, CandidateState State, DateTimeOffset Since, string? DecidedBy, DateTimeOffset? DecidedAt, IReadOnlyList<CandidateMember> Members, IReadOnlyList<string> Warnings);

public sealed record CandidateMember(string Delivery, string Order, OrderState State, DateTimeOffset PlacedAt, PartyView Recipient, decimal CashOnDelivery);

/// <param name="Deliveries">Null = all members.</param>
public sealed record ExecuteForm(IReadOnlyList<string>? Deliveries = null);

public sealed record ExecutedView(string Carrier);

/// <param name="First">As received; masked for viewers.</param>
public sealed record ConditionView(BundleCondition Condition, string Name, bool Equal, string First, string Second);

/// <param name="CanBundle">All conditions agree and neither recipient is a placeholder.</param>
public sealed record ExplanationView(bool CanBundle, IReadOnlyList<ConditionView> Conditions, string? Because);

/// <summary>同梱候補: with explanation, decide and undo.</summary>
public sealed class CandidateEndpoints(StoreRegistry registry, MarketplaceDirectory marketplaces, GroupLedger ledger, DecideCandidate decide, Audit audit)
{
    /// <summary>Open candidates, or all with <c>state=all</c>.</summary>
    [Function("manage-candidates-list"), Allow(Role.Viewer, Role.Staff), EndpointSummary("同梱候補の一覧")]
    [Query("state", "all = 決定済みも含める")]
    public async Task<Ok<List<CandidateView>>> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "manage/candidates")] HttpRequest request, CancellationToken cancellation)
    {
        var all = request.Query["state"].ToString() == "all";
        var book = await registry.ReadAsync(cancellation);
        var views = new List<CandidateView>();
        foreach (var group in book.Groups.OrderBy(g => g.Value, StringComparer.Ordinal))
        {
            await foreach (var row in ledger.RangeAsync(group, RowRange.Prefix(GroupKeys.Candidates), cancellation))
            {
                var key = Codecs.Candidate.Decode(row);
                if (key.Candidate is { } candidate && (all || candidate.State is CandidateState.Open))
                {
                    views.Add(await ViewAsync(group, key.Key, candidate, Caller.Of(request), cancellation));
                }
            }
        }

        return TypedResults.Ok(views);
    }

    /// <summary>同梱を実行.</summary>
    [Function("manage-candidate-execute"), Allow(Role.Staff), EndpointSummary("同梱を実行"), Takes(typeof(ExecuteForm))]
    public async Task<Ok<ExecutedView>> ExecuteAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/candidates/{group}/{key}/execute")] HttpRequest request, string group, string key, CancellationToken cancellation)
    {
        var form = await Answers.BodyAsync<ExecuteForm>(request, cancellation);
        var caller = Caller.Of(request);
        var chosen = form.Deliveries?.Select(Answers.DeliveryOf).ToList();
        var carrier = await decide.ExecuteAsync(GroupOf(group), KeyOf(key), chosen, caller.Name, cancellation);
        await audit.WriteAsync(caller, $"candidates/{group}/{key}", nameof(CandidateState.Open), $"{nameof(CandidateState.Executed)} {carrier}", cancellation);
        return TypedResults.Ok(new ExecutedView(carrier.ToString()));
    }

    /// <summary>同梱しない.</summary>
    [Function("manage-candidate-decline"), Allow(Role.Staff), EndpointSummary("同梱しない")]
    public async Task<NoContent> DeclineAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/candidates/{group}/{key}/decline")] HttpRequest request, string group, string key, CancellationToken cancellation)
    {
        var caller = Caller.Of(request);
        await decide.DeclineAsync(GroupOf(group), KeyOf(key), caller.Name, cancellation);
        await audit.WriteAsync(caller, $"candidates/{group}/{key}", nameof(CandidateState.Open), nameof(CandidateState.Declined), cancellation);
        return TypedResults.NoContent();
    }

    /// <summary>同梱解除: takes the last decision back until the warehouse starts.</summary>
    [Function("manage-candidate-undo"), Allow(Role.Staff), EndpointSummary("同梱の決定を取り消す（同梱解除）")]
    public async Task<NoContent> UndoAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/candidates/{group}/{key}/undo")] HttpRequest request, string group, string key, CancellationToken cancellation)
    {
        var caller = Caller.Of(request);
        await decide.UndoAsync(GroupOf(group), KeyOf(key), caller.Name, cancellation);
        await audit.WriteAsync(caller, $"candidates/{group}/{key}", "decided", nameof(CandidateState.Open), cancellation);
        return TypedResults.NoContent();
    }

    /// <summary>Why two deliveries can travel together, or why not, condition by condition.</summary>
    [Function("manage-bundling-explain"), Allow(Role.Viewer, Role.Staff), EndpointSummary("2つの出荷伝票を同梱できるか、条件ごとの説明")]
    [Query("first", "出荷伝票番号", Required = true)]
    [Query("second", "出荷伝票番号", Required = true)]
    public async Task<Results<Ok<ExplanationView>, ProblemHttpResult>> ExplainAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "manage/bundling/explain")] HttpRequest request, CancellationToken cancellation)
    {
        var caller = Caller.Of(request);
        var book = await registry.ReadAsync(cancellation);
        var first = await ConditionsAsync(book, request.Query["first"].ToString(), cancellation);
        var second = await ConditionsAsync(book, request.Query["second"].ToString(), cancellation);
        if (first.Order is null || second.Order is null)
        {
            return Answers.NotFound("指定された出荷伝票が見つかりません。first と second に出荷伝票番号を指定してください。");
        }

        if (first.Conditions is null || second.Conditions is null)
        {
            return TypedResults.Ok(new ExplanationView(false, [], "お届け先が空欄または仮の値のため、同梱の対象になりません。"));
        }

        var compared = first.Conditions.CompareWith(second.Conditions)
            .Select(c => new ConditionView(c.Condition, Words(c.Condition), c.Equal, Shown(c.First), Shown(c.Second)))
            .ToList();
        return TypedResults.Ok(new ExplanationView(compared.All(c => c.Equal), compared, null));

        string Shown(string value) => caller.SeesPersonalData ? value : PartyView.Mask(value);
    }

    private async Task<(SalesOrder? Order, BundleConditions? Conditions)> ConditionsAsync(StoreBook book, string delivery, CancellationToken cancellation)
    {
        var id = Answers.DeliveryOf(delivery);
        var store = Answers.Find(book, id.Store);
        var order = await new LedgerUnit(ledger.Rows, store.Group).OrderAsync(id.Order, cancellation);
        return order?.FindPart(id.Number) is null ? (null, null) : (order, BundleConditions.Of(order, store, book.RulesFor(store, marketplaces.Of(store).Manifest), id.Number));
    }

    private async Task<CandidateView> ViewAsync(BundleGroupId group, BundleKey key, BundleCandidate candidate, Caller caller, CancellationToken cancellation)
    {
        var unit = new LedgerUnit(ledger.Rows, group);
        var members = new List<CandidateMember>();
        var deferred = new HashSet<OrderKey>();
        foreach (var id in candidate.Members)
        {
            if (await unit.OrderAsync(id.Order, cancellation) is { } order && order.FindPart(id.Number) is { } part)
            {
                if (order.Mapped.Payment is PaymentMethod.Deferred)
                {
                    deferred.Add(order.Key); // one invoice an order, however many of its parcels meet here
                }

                members.Add(new CandidateMember(
                    id.ToString(), order.Key.Code.Value, order.State, order.Content.PlacedAt, PartyView.Of(part.Recipient, caller, withEmail: false), part.CashOnDelivery.Amount));
            }
        }

        var warnings = new List<string>();
        if (members.Count(m => m.CashOnDelivery > 0) > 1)
        {
            warnings.Add($"代金引換の受注が複数あります。代引金額は合計 {members.Sum(m => m.CashOnDelivery):N0} 円になります。");
        }

        if (deferred.Count > 1)
        {
            warnings.Add("後払いの受注が複数あります。請求書は1通だけになります。");
        }

        return new CandidateView(group.Value, key.Value, candidate.State, candidate.Since, candidate.DecidedBy, candidate.DecidedAt, members, warnings);
    }

    private static BundleGroupId GroupOf(string text) => BundleGroupId.Parse(Answers.StoreOf(text).Value);

    private static BundleKey KeyOf(string text) =>
        BundleKey.TryParse(text, out var key) ? key : throw new BadRequestException("key", "同梱候補の番号が正しくありません。");

    private static string Words(BundleCondition condition) => condition switch
    {
        BundleCondition.Store => "店舗",
        BundleCondition.Warehouse => "出荷元倉庫",
        BundleCondition.BuyerName => "購入者名",
        BundleCondition.BuyerContact => "購入者の連絡先",
        BundleCondition.RecipientName => "お届け先名",
        BundleCondition.RecipientAddress => "お届け先住所",
        BundleCondition.DeliveryMethod => "配送方法",
        BundleCondition.Temperature => "配送温度",
        BundleCondition.PlannedShipDate => "出荷予定日",
        BundleCondition.RequestedDate => "お届け希望日",
        BundleCondition.TimeSlot => "希望時間帯",
        BundleCondition.Noshi => "熨斗",
        BundleCondition.Gift => "ギフト",
        BundleCondition.Wrapping => "ラッピング",
        _ => throw new ArgumentOutOfRangeException(nameof(condition), condition, null),
    };
}
