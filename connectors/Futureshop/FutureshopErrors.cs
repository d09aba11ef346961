using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Connectors.Wire;
using Domain.Marketplaces;

namespace Connectors.Futureshop;

/// <summary>Their answers to our kinds of failure. No full table of codes is public: what is unknown is Rejected with its code.</summary>
/// <remarks>Their own message texts are not passed on: what they quote is not documented.</remarks>
internal static class FutureshopErrors
{
    /// <summary>What HTTP 404 becomes where the answer brings no code.</summary>
    public const string NotFound = "404";

    private static readonly FrozenDictionary<string, string> Meanings = new Dictionary<string, string>
    {
        ["TooMany"] = "一度に送れる件数を超えています",
        ["CannotUpdateStorePickup"] = "店舗受取の受注は、APIでは出荷を登録できません。futureshopの管理画面で処理してください",
        ["InvalidDateFormat"] = "日付の形式が正しくありません",
        ["ProductNotFound"] = "futureshopにこの商品番号がありません",
        ["StockNotFound"] = "futureshopにこのバリエーションの在庫がありません",
        ["NotManagementSettings"] = "この商品は在庫管理の対象になっていません",
        ["OrderLocked"] = "この受注は更新できません（キャンセルされたか、管理画面で開かれています）",
        ["OrderNotFound"] = "futureshopにこの受注番号がありません",
        [NotFound] = "futureshopにこの受注番号がないか、APIドメインが正しくありません",
        ["ShipmentNotFound"] = "この受注に、その送付先がありません",
    }.ToFrozenDictionary();

    /// <summary>What a refusal means, in Japanese, for the person who reads the attention list.</summary>
    public static string MeaningOf(string code) => Meanings.GetValueOrDefault(code, "futureshopが受け付けませんでした（一覧にないコード）");

    /// <summary>The failure that an answer stands for, or null when it is a good one, or a write of which each row has its own result.</summary>
    /// <param name="body">Null: the answer is not JSON.</param>
    public static MarketplaceException? Of(string endpoint, CallKind kind, WireAnswer answer, JsonElement? body)
    {
        try
        {
            return FailureOf(endpoint, kind, answer, body);
        }
        catch (FormatException broken)
        {
            return Unreadable(endpoint, broken.Message);
        }
    }

    private static MarketplaceException? FailureOf(string endpoint, CallKind kind, WireAnswer answer, JsonElement? body)
    {
        var code = body is { } read ? CodeIn(read) : "";
        MarketplaceException Failure(FailureKind failure, string what, CredentialFault? credential = null) =>
            new(FutureshopConnector.Code, failure, $"{endpoint}: {what}")
            {
                Code = code.Length == 0 ? null : code,
                Credential = credential,
                RetryAfter = answer.RetryAfter,
            };

        if (answer.Status == 401)
        {
            return Failure(FailureKind.CredentialRejected, "the access token was not accepted", CredentialFault.Expired);
        }

        if (answer.Status == 403)
        {
            return Failure(FailureKind.CredentialRejected, "HTTP 403", Forbidden(code, body));
        }

        if (answer.Status == 429)
        {
            return Failure(FailureKind.Throttled, "too many calls");
        }

        if (answer.Status == 404)
        {
            code = code.Length == 0 ? NotFound : code;
            return Failure(FailureKind.Rejected, $"HTTP 404 {MeaningOf(code)}");
        }

        if (answer.IsPage || answer.Status is 408 or >= 500)
        {
            // Version-up nights take the service down with a page; a gateway's fault passes sooner. A write that met either may have had its effect.
            var planned = kind is CallKind.Read && (answer.Status is 503 || (answer.IsPage && answer.Status < 500));
            return Failure(planned ? FailureKind.Maintenance : FailureKind.Transient, $"HTTP {Text(answer.Status)}{(answer.IsPage ? " with a page instead of an answer" : "")}");
        }

        if (body is not { } json)
        {
            // What reads may look at the bytes themselves: one broken order is no fault of the service.
            return answer.Body.Length == 0 ? Failure(FailureKind.Transient, "an empty answer")
                : kind is CallKind.Write || answer.Status >= 400 ? NotJson(endpoint)
                : null;
        }

        if (json.ValueKind is not JsonValueKind.Object)
        {
            return Failure(FailureKind.Unreadable, "expected an object");
        }

        if (json.List("results") is not null)
        {
            return null;
        }

        code = code.Length == 0 && answer.Status >= 400 ? Text(answer.Status) : code;
        return answer.Status >= 400 || json.Text("status") == "failed"
            ? Failure(FailureKind.Rejected, $"HTTP {Text(answer.Status)} {code} {MeaningOf(code)}")
            : null;
    }

    /// <summary>The token call's failures.</summary>
    public static MarketplaceException OfToken(WireAnswer answer, JsonElement? body)
    {
        var code = body is { } read ? CodeIn(read) : "";
        return Of(FutureshopToken.Endpoint, CallKind.Read, answer, body) switch
        {
            { Credential: CredentialFault.Expired } => Wrong(code),
            { Kind: FailureKind.Rejected } when code is "invalid_client" or "unauthorized_client" or "invalid_grant" or "access_denied" => Wrong(code),
            { } failure => failure,
            null when body is null => NotJson(FutureshopToken.Endpoint),
            null => Unreadable(FutureshopToken.Endpoint, "access_token with a Bearer token"),
        };
    }

    /// <summary>A fresh token was not accepted: then it is the shop key that is not the client's.</summary>
    public static MarketplaceException Wrong(string code = "") =>
        new(FutureshopConnector.Code, FailureKind.CredentialRejected, $"{FutureshopToken.Endpoint}: client id, client secret or shop key is not right")
        {
            Code = code.Length == 0 ? null : code,
            Credential = CredentialFault.Wrong,
            Field = "client-secret",
        };

    public static MarketplaceException NotJson(string endpoint) => new(FutureshopConnector.Code, FailureKind.Transient, $"{endpoint}: the answer is not JSON");

    public static MarketplaceException Unreadable(string endpoint, string expected) =>
        new(FutureshopConnector.Code, FailureKind.Unreadable, $"{endpoint}: expected {expected}") { Field = expected };

    /// <summary>A refusal that is about the order itself.</summary>
    public static bool IsNoSuchOrder(MarketplaceException failure) => failure is { Kind: FailureKind.Rejected, Code: NotFound or "OrderNotFound" };

    /// <summary>A write that was refused as a whole, possibly for one of its rows. A wrong address or a missing setting is about none of them.</summary>
    public static bool IsAboutARow(MarketplaceException failure) => failure is { Kind: FailureKind.Rejected, Field: null, Code: not NotFound };

    /// <summary>The first code: of the request, of the row, or of the row's own errors. The forms are mixed in what was seen.</summary>
    public static string CodeIn(JsonElement answer)
    {
        try
        {
            return answer.Text("code", "errorCode") is { Length: > 0 } own ? Word(own)
                : answer.List("errors") is { Count: > 0 } errors ? Word(errors[0].Text("code", "errorCode"))
                : Word(answer.Text("error"));
        }
        catch (FormatException)
        {
            return ""; // a refusal without a readable code is still a refusal
        }
    }

    /// <summary>Whether an address or a right is missing is not documented. A gateway's page without JSON speaks for the address list.</summary>
    private static CredentialFault Forbidden(string code, JsonElement? body) =>
        body is null || code.StartsWith("Ip", StringComparison.OrdinalIgnoreCase) || code.Contains("Address", StringComparison.OrdinalIgnoreCase)
            ? CredentialFault.AddressNotRegistered
            : CredentialFault.RightMissing;

    /// <summary>A code is one word; anything longer is a text that may quote somebody.</summary>
    private static string Word(string text) => text.Length <= 60 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.') ? text : "";

    private static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);
}
