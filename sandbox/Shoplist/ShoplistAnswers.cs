using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sandbox.Core;

namespace Sandbox.Shoplist;

/// <summary>The service's answers. All of their shapes are [G].</summary>
internal static class ShoplistAnswers
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Write(JsonNode body) => body.ToJsonString(Plain);

    public static SimOutcome Ok(JsonNode body, params IReadOnlyList<JournalEffect> effects) => SimOutcome.Ok(SimResponse.Json(Write(body)), effects);

    public static SimOutcome Refused(int status, string code, string message) => SimOutcome.Refused(Error(status, code, message), code);

    public static SimOutcome Invalid(string field) => Refused(400, "invalid", $"{field}の指定が正しくありません。");

    /// <summary>What a fault of the neutral kind looks like here.</summary>
    public static SimResponse Failing(Fault fault) => fault.Kind switch
    {
        FaultKind.Throttle => Waiting(Error(Limits.ThrottledStatus, "throttled", "リクエストが多すぎます。"), fault.RetryAfter),
        FaultKind.Maintenance => Waiting(
            SimResponse.Html("<html><head><title>メンテナンス</title></head><body><h1>メンテナンス中です。</h1></body></html>", Limits.MaintenanceStatus), fault.RetryAfter),
        _ => Error(500, "error", "システムエラーが発生しました。"),
    };

    private static SimResponse Error(int status, string code, string message) =>
        SimResponse.Json(Write(new JsonObject { ["code"] = code, ["message"] = message }), status);

    private static SimResponse Waiting(SimResponse answer, TimeSpan? retryAfter) => retryAfter is { } wait
        ? answer with { Headers = new Dictionary<string, string> { ["Retry-After"] = Text((long)Math.Ceiling(wait.TotalSeconds)) } }
        : answer;
}
