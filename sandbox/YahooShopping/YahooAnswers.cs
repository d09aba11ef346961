using System.Globalization;
using System.Security;
using System.Text;
using System.Text.Json;
using Sandbox.Core;

namespace Sandbox.YahooShopping;

/// <summary>The envelopes: Result for orderList, ResultSet for the rest, Error for refusals, JSON for the tokens. [O]</summary>
internal static class YahooAnswers
{
    private const string Declaration = """<?xml version="1.0" encoding="UTF-8"?>""";
    private const string One = """<ResultSet totalResultsAvailable="1" totalResultsReturned="1" """;
    private const string InfoHead = Declaration + """<ResultSet firstResultPosition="1" totalResultsAvailable="1" totalResultsReturned="1"><Result><Status>OK</Status>""";

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>An accepted change, with a warning where the service has one.</summary>
    public static SimResponse Changed(string? warning) => SimResponse.Xml(
        $"""{Declaration}{One}ok="1" ng="0"><Result><Status>OK</Status>{(warning is null ? "" : $"<Warning><Code>{warning}</Code><Message></Message><Detail></Detail></Warning>")}</Result></ResultSet>""");

    public static SimResponse Info(byte[] order) => Joined(InfoHead, [order], "</Result></ResultSet>");

    /// <summary>A page of orderList from ready-made rows, which begin behind their index.</summary>
    /// <param name="total">All hits, not those of the page.</param>
    public static SimResponse Page(int total, int start, IReadOnlyList<byte[]> rows)
    {
        var head = $"{Declaration}<Result><Status>OK</Status><Search><TotalCount>{Text(total)}</TotalCount>";
        List<byte[]> parts = new(rows.Count * 2);
        for (var i = 0; i < rows.Count; i++)
        {
            parts.Add(Encoding.UTF8.GetBytes($"<OrderInfo><Index>{Text(start + i)}</Index>"));
            parts.Add(rows[i]);
        }

        // One empty element beyond the end; nothing at all where there are no hits.
        return Joined(head, parts, (rows.Count == 0 && total > 0 ? "<OrderInfo />" : "") + "</Search></Result>");
    }

    public static SimResponse Counts(int newOrders, int newReservations, int holding) => SimResponse.Xml(
        $"{Declaration}<Result><Status>OK</Status><Count><NewOrder>{Text(newOrders)}</NewOrder><NewReserve>{Text(newReservations)}</NewReserve><Holding>{Text(holding)}</Holding></Count></Result>");

    /// <summary>The store has no categories of its own. The answer's other contents are unknown.</summary>
    public static SimResponse NoCategories() =>
        SimResponse.Xml($"""{Declaration}<ResultSet totalResultsAvailable="0" totalResultsReturned="0" firstResultPosition="0"></ResultSet>""");

    /// <param name="code">Null = the service sends no code here.</param>
    public static SimOutcome Refused(int status, string? code, string message) => SimOutcome.Refused(Error(status, code, message), code ?? Text(status));

    public static SimOutcome BadParameter(string message) => Refused(400, Limits.BadParameter, message);

    /// <summary>orderList says its refusals in its own root. [O] shape; HTTP 400 [V].</summary>
    public static SimOutcome ListRefused(string message) => SimOutcome.Refused(
        SimResponse.Xml(
            $"{Declaration}<Result><Status>NG</Status><Error><Code>{Limits.BadParameter}</Code><Message>{SecurityElement.Escape(message)}</Message></Error></Result>", 400),
        Limits.BadParameter);

    /// <summary>An access token that is over or unknown: no code, but a header. [F] recorded</summary>
    public static SimOutcome TokenRefused()
    {
        var refusal = Error(401, null, "expired token");
        return SimOutcome.Refused(
            refusal with { Headers = new Dictionary<string, string> { ["WWW-Authenticate"] = "Bearer realm=\"yahooapis.jp\", error=\"invalid_token\", error_description=\"expired token\"" } },
            "invalid_token");
    }

    /// <summary>What a fault of the neutral kind looks like here.</summary>
    public static SimResponse Failing(Fault fault, bool orders) => fault.Kind switch
    {
        FaultKind.Throttle => Waiting(Throttled(), fault.RetryAfter),
        FaultKind.Maintenance => Waiting(Error(503, Limits.Maintenance, "Under Maintenance"), fault.RetryAfter),
        _ => Error(500, orders ? Limits.ServerTrouble : Limits.ItemTrouble, "System Error"),
    };

    public static SimResponse Throttled() => Error(Limits.ThrottledStatus, null, "Too Many Requests");

    /// <summary>The token endpoint's refusal. [O] for invalid_grant; the body's form is the standard's [I].</summary>
    public static SimOutcome GrantRefused(string error, int status = 400) => SimOutcome.Refused(
        Json(new Dictionary<string, object> { ["error"] = error, ["error_description"] = "The request was refused." }, status), error);

    public static SimResponse Json(Dictionary<string, object> fields, int status = 200) =>
        SimResponse.Json(JsonSerializer.Serialize(fields), status) with { Headers = new Dictionary<string, string> { ["Cache-Control"] = "no-store" } };

    public static SimResponse FailingConnect(Fault fault) => Waiting(
        fault.Kind switch
        {
            FaultKind.Throttle => GrantRefused("temporarily_unavailable", Limits.ThrottledStatus).Response,
            FaultKind.Maintenance => GrantRefused("temporarily_unavailable", 503).Response,
            _ => GrantRefused("server_error", 500).Response,
        },
        fault.RetryAfter);

    /// <summary>A path or verb that the service does not have. [G]</summary>
    public static SimOutcome NotFound() => SimOutcome.Refused(SimResponse.Html("<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>", 404), "404");

    private static SimResponse Error(int status, string? code, string message) => SimResponse.Xml(
        $"<?xml version='1.0' encoding='UTF-8' ?><Error><Message>{SecurityElement.Escape(message)}</Message>{(code is null ? "" : $"<Code>{code}</Code>")}</Error>", status);

    private static SimResponse Waiting(SimResponse response, TimeSpan? retryAfter) => retryAfter is { } wait
        ? response with { Headers = new Dictionary<string, string> { ["Retry-After"] = Text((long)Math.Ceiling(wait.TotalSeconds)) } }
        : response;

    private static SimResponse Joined(string head, IReadOnlyList<byte[]> parts, string tail)
    {
        using var body = new MemoryStream(head.Length + tail.Length + parts.Sum(part => part.Length));
        body.Write(Encoding.UTF8.GetBytes(head));
        foreach (var part in parts)
        {
            body.Write(part);
        }

        body.Write(Encoding.UTF8.GetBytes(tail));
        return new SimResponse(200, "application/xml; charset=UTF-8", body.ToArray());
    }
}
