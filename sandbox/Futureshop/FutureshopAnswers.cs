using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sandbox.Core;

namespace Sandbox.Futureshop;

/// <summary>One row of a write's answer.</summary>
/// <param name="Key">orderNo, or productNo for stock.</param>
internal sealed record FutureshopResult(string Key, string Code = "", string Message = "");

/// <summary>The forms of their answers.</summary>
internal static class FutureshopAnswers
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static SimResponse Json(Action<Utf8JsonWriter> write, int status = 200)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body, Plain))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return new SimResponse(status, "application/json; charset=utf-8", body.WrittenSpan.ToArray());
    }

    public static SimResponse Token(string token) => Json(json =>
    {
        json.WriteString("access_token", token);
        json.WriteString("token_type", Limits.TokenType);
        json.WriteNumber("expires_in", Limits.TokenSeconds);
    });

    /// <summary>The token call's refusal: the standard's form.</summary>
    public static SimOutcome TokenRefused(string error, int status = 401) =>
        SimOutcome.Refused(Json(json => json.WriteString("error", error), status), error);

    /// <summary>A refusal of the whole request.</summary>
    /// <param name="path">The place in the JSON, for errors of the input.</param>
    public static SimOutcome Refused(int status, string code, string message, string path = "") =>
        SimOutcome.Refused(Error(status, code, message, path), code);

    public static SimResponse Error(int status, string code, string message, string path = "") => Json(
        json =>
        {
            json.WriteString("status", "failed");
            json.WriteStartArray("errors");
            json.WriteStartObject();
            json.WriteString("code", code);
            json.WriteString("path", path);
            json.WriteString("message", message);
            json.WriteEndObject();
            json.WriteEndArray();
        },
        status);

    /// <summary>A processed write: "failed" even where only some rows failed.</summary>
    public static SimOutcome Results(IReadOnlyList<FutureshopResult> rows, string key, IReadOnlyList<JournalEffect> effects)
    {
        var failed = rows.Any(r => r.Code.Length > 0);
        var answer = Json(json =>
        {
            json.WriteString("status", failed ? "failed" : "success");
            json.WriteStartArray("results");
            foreach (var row in rows)
            {
                json.WriteStartObject();
                json.WriteString("status", row.Code.Length > 0 ? "failed" : "success");
                json.WriteString(key, row.Key);
                json.WriteString("code", row.Code);
                json.WriteString("message", row.Message);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
        return new SimOutcome(answer, failed ? rows.First(r => r.Code.Length > 0).Code : "ok", effects);
    }

    /// <summary>Throttling, version-up nights and faults of the server.</summary>
    public static SimResponse Failing(Fault fault) => fault.Kind switch
    {
        FaultKind.Throttle => Throttled(fault.RetryAfter),
        FaultKind.Maintenance => SimResponse.Html("<html><head><title>メンテナンス中</title></head><body>バージョンアップ作業のため停止しています。</body></html>", 503),
        _ => Error(500, Limits.Broken, "（見本）システムエラーが発生しました"),
    };

    public static SimResponse Throttled(TimeSpan? wait)
    {
        var answer = Error(429, Limits.Throttled, "（見本）リクエストが多すぎます");
        return wait is { } time
            ? answer with { Headers = new Dictionary<string, string> { ["Retry-After"] = Math.Ceiling(time.TotalSeconds).ToString(CultureInfo.InvariantCulture) } }
            : answer;
    }
}
