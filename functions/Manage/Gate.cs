using System.Collections.Concurrent;
using System.Reflection;
using Domain;
using Infra.Secrets;
using Infra.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace Functions.Manage;

/// <summary>Lets an HTTP call in by the role that its endpoint states, and turns what goes wrong inside into a problem that the caller understands.</summary>
public sealed partial class Gate(ApiKeys keys, HostKeys hostKeys, ILogger<Gate> log) : IFunctionsWorkerMiddleware
{
    private static readonly ConcurrentDictionary<string, (bool IsHttp, AllowAttribute? Allow)> Endpoints = new(StringComparer.Ordinal);

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        var (isHttp, allow) = Endpoints.GetOrAdd(context.FunctionDefinition.EntryPoint, Look);
        if (!isHttp)
        {
            await next(context);
            return;
        }

        var http = context.GetHttpContext()
            ?? throw new InvalidOperationException("An HTTP function runs without its HTTP context: ConfigureFunctionsWebApplication must come before the gate.");
        if (await RefusalAsync(http, allow, context.CancellationToken) is { } refused)
        {
            await WriteAsync(http, refused);
            return;
        }

        try
        {
            await next(context);
        }
        catch (RefusalException refusal)
        {
            await WriteAsync(http, Problem(Answers.IsMissing(refusal) ? StatusCodes.Status404NotFound : StatusCodes.Status409Conflict, refusal.Code, refusal.Message));
        }
        catch (BadRequestException bad)
        {
            await WriteAsync(http, Problem(bad.Status, bad.Field, bad.Message));
        }
        catch (RowConflictException)
        {
            await WriteAsync(http, Problem(StatusCodes.Status409Conflict, "changed-meanwhile", "他の操作と重なりました。画面を更新して、もう一度実行してください。"));
        }
        catch (StorageUnavailableException down)
        {
            LogDown(context.FunctionDefinition.Name, down.Message);
            await WriteAsync(http, Problem(StatusCodes.Status503ServiceUnavailable, "storage-unavailable", "データの保存先に接続できません。少し待ってから、もう一度実行してください。"));
        }
        catch (SecretsUnavailableException down)
        {
            LogDown(context.FunctionDefinition.Name, down.Message);
            await WriteAsync(http, Problem(StatusCodes.Status503ServiceUnavailable, "vault-unavailable", "認証情報の保管先（Key Vault）に接続できません。少し待ってから、もう一度実行してください。"));
        }
        catch (Exception failure) when (failure is not OperationCanceledException && !http.Response.HasStarted)
        {
            LogFailed(failure, context.FunctionDefinition.Name, context.InvocationId);
            await WriteAsync(http, Problem(
                StatusCodes.Status500InternalServerError, "unexpected", $"想定外のエラーが起きました。続くときは、技術担当者に番号 {context.InvocationId} を伝えてください。"));
        }
    }

    private async Task<ProblemDetails?> RefusalAsync(HttpContext http, AllowAttribute? allow, CancellationToken cancellation)
    {
        if (allow is null)
        {
            return Problem(StatusCodes.Status403Forbidden, "closed", "このAPIは公開されていません。");
        }

        if (allow.HostKey && hostKeys.Opens(http.Request))
        {
            http.Items[Caller.Item] = new Caller("host-key", Role.Viewer, []);
            return null;
        }

        if (await keys.FindAsync(http.Request.Headers["X-Api-Key"], cancellation) is not { } caller)
        {
            return Problem(StatusCodes.Status401Unauthorized, "no-key", "APIキーがないか、正しくありません。ヘッダー X-Api-Key を確認してください。");
        }

        http.Items[Caller.Item] = caller;
        return allow.Roles.Contains(caller.Role) || caller.Role is Role.Admin
            ? null
            : Problem(StatusCodes.Status403Forbidden, "not-allowed", $"このキー（{caller.Name}）の権限では実行できません。管理者に確認してください。");
    }

    private static ProblemDetails Problem(int status, string code, string detail) => new()
    {
        Status = status,
        Title = Answers.TitleOf(status),
        Detail = detail,
        Extensions = { ["code"] = code },
    };

    private static Task WriteAsync(HttpContext http, ProblemDetails problem) =>
        TypedResults.Problem(problem).ExecuteAsync(http);

    private static (bool, AllowAttribute?) Look(string entryPoint)
    {
        var dot = entryPoint.LastIndexOf('.');
        var method = typeof(Gate).Assembly.GetType(entryPoint[..dot])?.GetMethod(entryPoint[(dot + 1)..]);
        var isHttp = method?.GetParameters().Any(p => p.GetCustomAttribute<HttpTriggerAttribute>() is not null) ?? true; // unknown: closed
        return (isHttp, method?.GetCustomAttribute<AllowAttribute>());
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Function} could not reach what it needs: {Reason}")]
    private partial void LogDown(string function, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Function} failed in invocation {Invocation}.")]
    private partial void LogFailed(Exception failure, string function, string invocation);
}

/// <summary>The caller sent something that cannot be meant. The message is in Japanese and names the field.</summary>
public sealed class BadRequestException(string field, string message) : Exception(message)
{
    public string Field { get; } = field;

    /// <summary>400, or what says it better.</summary>
    public int Status { get; init; } = StatusCodes.Status400BadRequest;
}

/// <summary>Whether a request carries a host key of the platform: the platform's own check on Azure, the local host's locally.</summary>
public sealed class HostKeys(Func<HttpRequest, bool> opens)
{
    public bool Opens(HttpRequest request) => opens(request);
}
