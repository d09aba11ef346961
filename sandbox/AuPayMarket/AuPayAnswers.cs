using System.Globalization;
using System.Security;
using System.Text;
using Sandbox.Core;

namespace Sandbox.AuPayMarket;

/// <summary>The service's answers other than orders: success, refusals in XML, and the pages of what stands before it.</summary>
internal static class AuPayAnswers
{
    private const string Head = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?><response>""";
    private const string Tail = "</response>";

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    public static SimResponse Ok(string content = "") =>
        SimResponse.Xml($"{Head}<result><status>0</status></result>{content}{Tail}");

    /// <summary>An accepted change; the order's number comes back. [I]</summary>
    public static SimResponse Accepted(int order) => Ok($"<orderId>{Text(order)}</orderId>");

    /// <summary>A page of ready-made elements, copied together once.</summary>
    public static SimResponse Page(string count, IReadOnlyList<byte[]> rows)
    {
        var head = Encoding.UTF8.GetBytes($"{Head}<result><status>0</status></result>{count}");
        var tail = Encoding.UTF8.GetBytes(Tail);
        var body = new byte[head.Length + rows.Sum(row => row.Length) + tail.Length];
        head.CopyTo(body, 0);
        var at = head.Length;
        foreach (var row in rows)
        {
            row.CopyTo(body, at);
            at += row.Length;
        }

        tail.CopyTo(body, at);
        return new SimResponse(200, "application/xml; charset=UTF-8", body);
    }

    /// <summary>Refusals come with HTTP 200 and status 1, or with a status of 400 and more and the same body. [C×4]</summary>
    public static SimOutcome Refused(string code, string message, int status = 200) => SimOutcome.Refused(
        SimResponse.Xml(
            $"{Head}<result><status>1</status><error><code>{code}</code><message>{SecurityElement.Escape(message)}</message></error></result>{Tail}",
            status),
        code);

    public static SimOutcome KeyRejected() => Refused(Limits.KeyRejected, "認証に失敗しました", 401);

    /// <summary>The text is live; its code was not recorded.</summary>
    public static SimOutcome Required(string field) => Refused(Limits.UnrecordedCode, $"[{field}]必須入力項目です");

    /// <summary>Said like the one refusal whose text is known. [G]</summary>
    public static SimOutcome Invalid(string field, string why) => Refused(Limits.UnrecordedCode, $"[{field}]{why}");

    public static SimResponse Throttled(TimeSpan? retryAfter) =>
        Waiting(Html("503 Service Temporarily Unavailable", "Service Temporarily Unavailable", Limits.ThrottledStatus), retryAfter);

    /// <summary>What a fault of the neutral kind looks like here. [G] for the texts.</summary>
    public static SimResponse Failing(Fault fault) => fault.Kind switch
    {
        FaultKind.Throttle => Throttled(fault.RetryAfter),
        FaultKind.Maintenance => Waiting(Html("メンテナンス中", "ただいまシステムメンテナンス中です。", Limits.MaintenanceStatus), fault.RetryAfter),
        _ => Refused(Limits.UnrecordedCode, "システムエラーが発生しました", 500).Response,
    };

    /// <summary>A path that the service does not have. [G]</summary>
    public static SimResponse NotFound() => Html("404 Not Found", "Not Found", 404);

    private static SimResponse Html(string title, string text, int status) =>
        SimResponse.Html($"<html><head><title>{title}</title></head><body><h1>{text}</h1></body></html>", status);

    private static SimResponse Waiting(SimResponse page, TimeSpan? retryAfter) => retryAfter is { } wait
        ? page with { Headers = new Dictionary<string, string> { ["Retry-After"] = Text((long)Math.Ceiling(wait.TotalSeconds)) } }
        : page;
}
