using Domain.Attention;
using Domain.Coverage;
using Functions.Manage;
using Infra.Ledger;
using Infra.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Azure.Functions.Worker;

namespace Functions.Attention;

public sealed record AttentionView(
    string Id, AttentionKind Kind, string? Store, string? Order, string What, string SystemDoes, string PersonDoes, string Detail, DateTimeOffset Since, int Count)
{
    public static AttentionView Of(AttentionItem item) => new(
        item.Id, item.Kind, item.Store?.Value, item.Order?.Value, item.What, item.SystemDoes, item.PersonDoes, item.Detail, item.Since, item.Count);
}

public sealed record GapView(string Store, string Id, string Lane, DateTimeOffset From, DateTimeOffset To, DateTimeOffset FoundAt, DateTimeOffset? AcknowledgedAt, string? AcknowledgedBy, GapFillingView? Filled)
{
    public static GapView Of(Gap gap) => new(
        gap.Store.Value, gap.Id, gap.Lane, gap.Span.From, gap.Span.To, gap.FoundAt, gap.AcknowledgedAt, gap.AcknowledgedBy, GapFillingView.Of(gap.Filled));
}

/// <summary>補完: the last order file that was imported for a gap.</summary>
/// <param name="Orders">Orders of the span in the file.</param>
/// <param name="Missing">Open orders of the span that stand here and not in the file.</param>
/// <param name="Faults">What could not be read in the file.</param>
/// <param name="Whole">Nothing speaks against the file having told of the whole span; false = a person must acknowledge the gap.</param>
public sealed record GapFillingView(DateTimeOffset At, string By, int Orders, int Missing, int Faults, bool Whole)
{
    public static GapFillingView? Of(GapFilling? filled) => filled is null ? null : new(filled.At, filled.By, filled.Orders, filled.Missing, filled.Faults, filled.IsWhole);
}

/// <summary>要対応リスト and 取込漏れの可能性.</summary>
public sealed class AttentionEndpoints(AttentionList list, StoreRegistry registry, GroupLedger ledger, Audit audit, TimeProvider clock)
{
    [Function("manage-attention-list"), Allow(Role.Viewer, Role.Staff), EndpointSummary("要対応リスト")]
    public async Task<Ok<List<AttentionView>>> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "manage/attention")] HttpRequest request, CancellationToken cancellation)
    {
        _ = request;
        return TypedResults.Ok((await list.ReadAsync(cancellation)).Select(AttentionView.Of).ToList());
    }

    /// <summary>再試行.</summary>
    [Function("manage-attention-retry"), Allow(Role.Staff), EndpointSummary("要対応の項目を再試行")]
    public async Task<Results<Accepted, ProblemHttpResult>> RetryAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/attention/{id}/retry")] HttpRequest request, string id, CancellationToken cancellation)
    {
        if (!Answers.IsName(id) || !await list.RetryAsync(id, cancellation))
        {
            return Answers.NotFound("この項目はもうないか、再試行できるものではありません。内容を確認し、対応が終わったら「対応済み」にしてください。");
        }

        await audit.WriteAsync(Caller.Of(request), $"attention/{id}/retry", "", "retried", cancellation);
        return TypedResults.Accepted((string?)null);
    }

    /// <summary>対応済み.</summary>
    [Function("manage-attention-dismiss"), Allow(Role.Staff), EndpointSummary("要対応の項目を対応済みにする")]
    public async Task<Results<NoContent, ProblemHttpResult>> DismissAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/attention/{id}/dismiss")] HttpRequest request, string id, CancellationToken cancellation)
    {
        if (!Answers.IsName(id) || await list.DismissAsync(id, cancellation) is not { } item)
        {
            return Answers.NotFound("この項目はもうありません。");
        }

        await audit.WriteAsync(Caller.Of(request), $"attention/{id}/dismiss", item.Kind.ToString(), "dismissed", cancellation);
        return TypedResults.NoContent();
    }

    [Function("manage-gaps-list"), Allow(Role.Viewer, Role.Staff), EndpointSummary("取込漏れの可能性がある期間の一覧")]
    public async Task<Ok<List<GapView>>> GapsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "manage/gaps")] HttpRequest request, CancellationToken cancellation)
    {
        _ = request;
        var book = await registry.ReadAsync(cancellation);
        var gaps = new List<GapView>();
        foreach (var group in book.Groups)
        {
            await foreach (var row in ledger.RangeAsync(group, RowRange.Prefix(GroupKeys.Gaps), cancellation))
            {
                gaps.Add(GapView.Of(Codecs.Gap.Decode(row)));
            }
        }

        return TypedResults.Ok(gaps);
    }

    /// <summary>確認済み: a person has looked after the gap; its attention item goes away, the gap stays on record.</summary>
    [Function("manage-gap-acknowledge"), Allow(Role.Staff), EndpointSummary("取込漏れの可能性がある期間を確認済みにする")]
    public async Task<Results<NoContent, ProblemHttpResult>> AcknowledgeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/gaps/{store}/{id}/acknowledge")] HttpRequest request, string store, string id, CancellationToken cancellation)
    {
        var caller = Caller.Of(request);
        var owner = Answers.Find(await registry.ReadAsync(cancellation), Answers.StoreOf(store));
        var found = Answers.IsName(id) && await ledger.ChangeAsync(owner.Group, async unit =>
        {
            if (await unit.GapAsync(owner.Id, id, cancellation) is not { } gap)
            {
                return false;
            }

            if (gap.AcknowledgedAt is null)
            {
                unit.Put(gap with { AcknowledgedAt = clock.GetUtcNow(), AcknowledgedBy = caller.Name });
            }

            if (await unit.AttentionAsync(AttentionItems.IdOf(gap), cancellation) is { } item)
            {
                unit.Delete(item);
            }

            return true;
        }, cancellation);
        if (!found)
        {
            return Answers.NotFound("この期間の記録はありません。");
        }

        await audit.WriteAsync(caller, $"gaps/{store}/{id}", "open", "acknowledged", cancellation);
        return TypedResults.NoContent();
    }
}
