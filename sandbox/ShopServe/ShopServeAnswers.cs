using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sandbox.Core;

namespace Sandbox.ShopServe;

/// <summary>The service's answers. The shape of an error is [G]: nobody has recorded one.</summary>
internal static class ShopServeAnswers
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Write(JsonNode body) => body.ToJsonString(Plain);

    public static SimOutcome Ok(JsonNode body, params IReadOnlyList<JournalEffect> effects) => SimOutcome.Ok(SimResponse.Json(Write(body)), effects);

    public static SimOutcome Refused(int status, string code, string message) => SimOutcome.Refused(Error(status, code, message), code);

    public static SimOutcome Invalid(string field, string why) => Refused(400, "InvalidParameter", $"{field}: {why}");

    public static SimOutcome NotFound(string what) => Refused(404, "NotFound", what);

    /// <summary>What a fault of the neutral kind looks like here. [G]</summary>
    public static SimResponse Failing(Fault fault) => fault.Kind switch
    {
        FaultKind.Throttle => Waiting(Error(Limits.ThrottledStatus, "TooManyRequests", "リクエストが多すぎます。"), fault.RetryAfter),
        FaultKind.Maintenance => Waiting(Maintenance(), fault.RetryAfter),
        _ => Error(500, "InternalError", "システムエラーが発生しました。"),
    };

    public static SimResponse Maintenance() => SimResponse.Html(
        "<html><head><title>メンテナンス中</title></head><body><h1>ただいまメンテナンス中です。</h1></body></html>", Limits.MaintenanceStatus);

    private static SimResponse Error(int status, string code, string message) =>
        SimResponse.Json(Write(new JsonObject { ["error"] = new JsonObject { ["code"] = code, ["message"] = message } }), status);

    private static SimResponse Waiting(SimResponse answer, TimeSpan? retryAfter) => retryAfter is { } wait
        ? answer with { Headers = new Dictionary<string, string> { ["Retry-After"] = Text((long)Math.Ceiling(wait.TotalSeconds)) } }
        : answer;
}
