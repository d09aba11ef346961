using System.Collections.Frozen;
using System.Globalization;
using System.Xml.Linq;
using Connectors.Wire;
using Domain.Marketplaces;

namespace Connectors.YahooShopping;

/// <summary>Their answers to our kinds of failure. Most of their codes are not explained in public: what is unknown is Rejected with its code.</summary>
/// <remarks>Their own message texts are not passed on: what they quote is not documented.</remarks>
internal static class YahooShoppingErrors
{
    public const string NoSuchOrder = "od91801";

    /// <summary>The status is there already.</summary>
    public const string SameStatus = "od91705";

    /// <summary>The payment was captured before; nothing is left to do.</summary>
    public const string AlreadyCaptured = "od91113";

    /// <summary>The order cannot go from its status to the one that was sent. They say it in words only.</summary>
    public const string NotOperable = "not-operable";

    private const string SessionOver = "px-04102";

    private const string Token = YahooShoppingToken.Name;

    /// <summary>A request of ours is wrong, whatever the order: no reason to set an order aside.</summary>
    private const string WrongRequest = "od90101";

    /// <summary>How long to leave the service alone when the day's calls may be used up and they do not say until when.</summary>
    private static readonly TimeSpan AfterForbidden = TimeSpan.FromMinutes(10);

    private static readonly FrozenDictionary<string, CredentialFault> Credentials = new Dictionary<string, CredentialFault>
    {
        [SessionOver] = CredentialFault.ConsentOver,
        ["px-04303"] = CredentialFault.RightMissing,
        ["px-04306"] = CredentialFault.AddressNotRegistered,
        ["px-04307"] = CredentialFault.Revoked,
        ["px-14303"] = CredentialFault.RightMissing,
        ["px-14304"] = CredentialFault.RightMissing,
        ["ed-00003"] = CredentialFault.Wrong,
        ["ed-00004"] = CredentialFault.Wrong,
        ["ed-00005"] = CredentialFault.Wrong,
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string> Meanings = new Dictionary<string, string>
    {
        [SessionOver] = "同意（ログイン）の期限が切れています",
        ["px-04001"] = "ストアアカウントが指定されていません",
        ["px-04303"] = "注文APIの利用が承認されていません",
        ["px-04306"] = "接続元IPアドレスが登録されていません",
        ["px-04307"] = "APIの利用が許可されていません",
        ["px-14303"] = "ビジネスIDが連携されていません",
        ["px-14304"] = "このストアを操作する権限がありません",
        ["ed-00003"] = "ストアアカウントが正しくありません",
        ["ed-00004"] = "ストアアカウントが正しくありません",
        ["ed-00005"] = "ストアアカウントが正しくありません",
        [WrongRequest] = "リクエストの内容が正しくありません",
        ["od91133"] = "購入者の指定が正しくありません",
        [NoSuchOrder] = "この注文IDの注文がありません",
        [AlreadyCaptured] = "売上処理は済んでいます",
        ["od91115"] = "売上処理の期限が過ぎているため、代金が確定していません。ストアクリエイターProで決済を確認してください",
        ["od91123"] = "返金の手続きが必要です",
        ["od91130"] = "在庫の連携でエラーが起きています",
        ["od91704"] = "受け付けられましたが、反映はこれからです",
        [SameStatus] = "ステータスは変わっていません",
        ["st-02101"] = "商品コードまたは個別商品コードが正しくありません",
        ["st-02104"] = "在庫数が正しくありません",
        [NotOperable] = "今のステータスからは変更できません",
    }.ToFrozenDictionary();

    /// <summary>The failure that an answer stands for, or null when it is none.</summary>
    /// <param name="body">Null: it is no XML.</param>
    public static MarketplaceException? Of(string api, CallKind kind, WireAnswer answer, XElement? body)
    {
        var (code, forbidden) = Read(answer, body);
        if (answer.Status is >= 200 and < 300)
        {
            if (answer.IsPage)
            {
                return Page(api, kind, answer);
            }

            if (code is null)
            {
                return answer.Body.Length == 0 ? Failure(api, FailureKind.Transient, "an empty answer", answer) : null;
            }
        }

        if (code is not null && Credentials.TryGetValue(code, out var fault))
        {
            return Failure(api, FailureKind.CredentialRejected, MeaningOf(code), answer, code, fault);
        }

        return (answer.Status, code) switch
        {
            (401, _) => OfChallenge(api, answer, code),
            (_, "ed-00002") => Failure(api, FailureKind.Maintenance, "maintenance", answer, code),
            (403, _) when forbidden => Failure(api, FailureKind.Throttled, "forbidden: the day's calls are used up, or the application is not the right one", answer, code, pause: AfterForbidden),
            (429, _) => Failure(api, FailureKind.Throttled, "too many calls", answer, code),
            (403, null or "") => Failure(api, FailureKind.Throttled, "forbidden without a code", answer, code, pause: AfterForbidden),
            (404, null or "") when body is null => Page(api, kind, answer),
            (404, null or "") => Failure(api, FailureKind.Rejected, MeaningOf(NoSuchOrder), answer, NoSuchOrder),
            (_, "od91133") => Failure(api, FailureKind.Rejected, MeaningOf(code), answer, code),
            (503, null or "") when body is not null && answer.RetryAfter is not null => Failure(api, FailureKind.Throttled, "too many calls", answer, code),
            (408 or >= 500, _) => Page(api, kind, answer, code),
            (_, "od91001" or "ed-00001") => Failure(api, FailureKind.Transient, "a fault of their server", answer, code),
            _ => Failure(api, FailureKind.Rejected, code is { Length: > 0 } ? $"{code} {MeaningOf(code)}" : $"HTTP {answer.Status}", answer, code),
        };
    }

    /// <summary>The failure of the token call.</summary>
    /// <param name="error">The answer's own word for it; null = there is none.</param>
    public static MarketplaceException OfToken(WireAnswer answer, string? error) => error switch
    {
        "invalid_grant" => Failure(
            YahooShoppingToken.Endpoint, FailureKind.CredentialRejected, "the refresh token is no longer taken: the consent is over or withdrawn, or the password was changed", answer, error,
            CredentialFault.ConsentOver, YahooShoppingToken.RefreshField),
        "invalid_client" or "unauthorized_client" => Failure(
            YahooShoppingToken.Endpoint, FailureKind.CredentialRejected, "client id or secret is not right", answer, error, CredentialFault.Wrong, "client-secret"),
        _ when answer.Status == 429 => Failure(YahooShoppingToken.Endpoint, FailureKind.Throttled, "too many calls", answer),
        _ when answer.Status is 408 or >= 500 || answer.IsPage => Page(YahooShoppingToken.Endpoint, CallKind.Read, answer),
        _ when answer.Status is 400 or 401 or 403 => Failure(
            YahooShoppingToken.Endpoint, FailureKind.CredentialRejected, $"HTTP {answer.Status}", answer, null, CredentialFault.Wrong, YahooShoppingToken.RefreshField),
        _ => Failure(YahooShoppingToken.Endpoint, FailureKind.Unreadable, "expected access_token", answer),
    };

    /// <summary>A new access token may help. px-04102 was seen once in the middle of a run, so it gets one more try too.</summary>
    public static bool TokenMayBeStale(MarketplaceException refusal) => refusal.Credential is CredentialFault.Expired or CredentialFault.ConsentOver && refusal.Field is Token;

    /// <summary>The failure concerns this one order, not the connection or our way of asking.</summary>
    public static bool ConcernsTheOrder(MarketplaceException failure) =>
        failure.Kind is FailureKind.Unreadable
        || (failure is { Kind: FailureKind.Rejected, Code: { } code } && code != WrongRequest && code.StartsWith("od", StringComparison.Ordinal));

    public static MarketplaceException Unreadable(string api, string expected) =>
        new(YahooShoppingConnector.Code, FailureKind.Unreadable, $"{api}: expected {expected}") { Field = expected };

    /// <summary>What a code means, in Japanese, for the person who reads the attention list.</summary>
    public static string MeaningOf(string code) => Meanings.GetValueOrDefault(code, "Yahoo!ショッピングが受け付けませんでした（一覧にないコード）");

    /// <summary>An expired token has no code: the challenge names it.</summary>
    private static MarketplaceException OfChallenge(string api, WireAnswer answer, string? code) =>
        answer.Headers.WwwAuthenticate.ToString().Contains("insufficient_scope", StringComparison.OrdinalIgnoreCase)
            ? Failure(api, FailureKind.CredentialRejected, "the consent lacks a right", answer, code, CredentialFault.RightMissing)
            : Failure(api, FailureKind.CredentialRejected, "the access token was not accepted", answer, code, CredentialFault.Expired);

    /// <summary>Something in front of the service answers. Whether a write had its effect is not known then.</summary>
    private static MarketplaceException Page(string api, CallKind kind, WireAnswer answer, string? code = null)
    {
        var down = kind is CallKind.Read && code is null or "" && answer.Status is (>= 200 and < 300) or 503;
        return Failure(api, down ? FailureKind.Maintenance : FailureKind.Transient, $"HTTP {answer.Status} without an answer of the API", answer, code);
    }

    private static MarketplaceException Failure(
        string api, FailureKind kind, string what, WireAnswer answer, string? code = null, CredentialFault? credential = null, string? field = null, TimeSpan? pause = null) =>
        new(YahooShoppingConnector.Code, kind, $"{api}: {what}")
        {
            Code = code is { Length: > 0 } ? code : answer.Status >= 400 ? answer.Status.ToString(CultureInfo.InvariantCulture) : null,
            Credential = credential,
            Field = field ?? (credential is CredentialFault.Expired or CredentialFault.ConsentOver ? Token : null),
            RetryAfter = answer.RetryAfter ?? pause,
        };

    /// <summary>The code of a refusal; null = it is none, empty = it has none that we know.</summary>
    private static (string? Code, bool Forbidden) Read(WireAnswer answer, XElement? body)
    {
        if (body is null)
        {
            return (null, answer.Status == 403 && answer.Body.AsSpan().IndexOf("Your Request was Forbidden"u8) >= 0);
        }

        var result = body.Name.LocalName == "Result" ? body : body.Element("Result");
        var error = body.Name.LocalName == "Error" ? body : result?.Element("Error");
        if (error is null && result?.Text("Status") is not "NG")
        {
            return (null, false);
        }

        var (code, text) = (error?.Text("Code") ?? "", error?.Text("Message") ?? "");
        return code.Length > 0 && !text.Contains("Cannot Be Operated", StringComparison.OrdinalIgnoreCase) ? (code, text.Contains("Your Request was Forbidden", StringComparison.Ordinal))
            : text.Contains("Not Exists", StringComparison.OrdinalIgnoreCase) ? (NoSuchOrder, false)
            : text.Contains("Cannot Be Operated", StringComparison.OrdinalIgnoreCase) ? (NotOperable, false)
            : (code, text.Contains("Your Request was Forbidden", StringComparison.Ordinal));
    }
}
