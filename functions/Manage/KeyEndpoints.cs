using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Azure.Functions.Worker;

namespace Functions.Manage;

/// <param name="Warehouses">For a warehouse key: the warehouses it works for.</param>
public sealed record KeyForm(string Name, Role Role, IReadOnlyList<string>? Warehouses = null);

/// <param name="Value">Shown this once; it cannot be read again.</param>
public sealed record NewKey(ApiKeyView Key, string Value);

public sealed record AuditPage(IReadOnlyList<AuditEntry> Entries, string? Continuation);

/// <summary>APIキー and 操作履歴.</summary>
public sealed class KeyEndpoints(ApiKeys keys, Audit audit)
{
    [Function("manage-keys-list"), Allow(Role.Admin), EndpointSummary("APIキーの一覧")]
    public async Task<Ok<IReadOnlyList<ApiKeyView>>> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "manage/keys")] HttpRequest request, CancellationToken cancellation)
    {
        _ = request;
        return TypedResults.Ok(await keys.ListAsync(cancellation));
    }

    [Function("manage-keys-add"), Allow(Role.Admin), EndpointSummary("APIキーの作成（値はこの応答だけに出る）"), Takes(typeof(KeyForm))]
    public async Task<Ok<NewKey>> AddAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/keys")] HttpRequest request, CancellationToken cancellation)
    {
        var form = await Answers.BodyAsync<KeyForm>(request, cancellation);
        var warehouses = form.Warehouses ?? [];
        if (!warehouses.All(StoreForm.IsWarehouse))
        {
            throw new BadRequestException("warehouses", StoreForm.WarehouseRule);
        }

        if (form.Name.Trim().Length is 0 or > 60)
        {
            throw new BadRequestException("name", "キーの名前は1～60文字で入力してください。");
        }

        if (form.Role is Role.Warehouse && warehouses.Count == 0)
        {
            throw new BadRequestException("warehouses", "倉庫用のキーには、担当する倉庫を1つ以上指定してください。");
        }

        var (value, view) = await keys.AddAsync(form.Name.Trim(), form.Role, warehouses, cancellation);
        await audit.WriteAsync(Caller.Of(request), $"keys/{view.Id}", "", string.Join(' ', [view.Name, view.Role.ToString(), .. warehouses]), cancellation);
        return TypedResults.Ok(new NewKey(view, value));
    }

    [Function("manage-keys-remove"), Allow(Role.Admin), EndpointSummary("APIキーの削除")]
    public async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "manage/keys/{id}")] HttpRequest request, string id, CancellationToken cancellation)
    {
        var known = await keys.ListAsync(cancellation);
        if (known.FirstOrDefault(k => k.Id == id) is not { } key)
        {
            return Answers.NotFound("このAPIキーはありません。");
        }

        if (key.Role is Role.Admin && known.Count(k => k.Role is Role.Admin) == 1)
        {
            throw new Domain.RefusalException("last-admin", "最後の管理者キーは削除できません。先に別の管理者キーを作成してください。");
        }

        await keys.RemoveAsync(id, cancellation);
        await audit.WriteAsync(Caller.Of(request), $"keys/{id}", "active", "removed", cancellation);
        return TypedResults.NoContent();
    }

    [Function("manage-audit-list"), Allow(Role.Admin), EndpointSummary("操作履歴")]
    [Query("month", "月（UTC、例 2026-11。既定は今月）")]
    [Query("take", "1回の件数（1～500、既定100）")]
    [Query("continuation", "前の応答の continuation")]
    public async Task<Ok<AuditPage>> AuditAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "manage/audit")] HttpRequest request, CancellationToken cancellation)
    {
        var month = request.Query["month"].ToString();
        if (month.Length > 0 && !DateOnly.TryParseExact(month + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        {
            throw new BadRequestException("month", "month は 2026-11 の形式で指定してください。");
        }

        var (entries, continuation) = await audit.ReadAsync(
            month.Length == 0 ? null : month, Answers.TakeOf(request), Answers.ContinuationOf(request, Audit.IsPlace), cancellation);
        return TypedResults.Ok(new AuditPage(entries, continuation is null ? null : Answers.Continue(continuation)));
    }
}
