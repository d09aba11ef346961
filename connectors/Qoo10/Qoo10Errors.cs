using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using Domain.Marketplaces;

namespace Connectors.Qoo10;

/// <summary>Their result codes to our <see cref="FailureKind"/>. The HTTP status says nothing (always 200), and a code means something else in each method, so there is a table a method.</summary>
/// <remarks>Their own message texts are not passed on: what they contain is not documented.</remarks>
internal static class Qoo10Errors
{
    public const int KeyRefused = -10000;
    public const int NoSuchApi = -90001;
    public const int UpdateFailed = -10010;

    /// <summary>Of the item calls: no such item.</summary>
    public const int NoSuchItem = -10001;

    /// <summary>Of the cancel: the order number is shipped or cancelled already.</summary>
    public const int NotCancellable = -10004;

    private static readonly Dictionary<int, string> Items = new()
    {
        [NoSuchItem] = "この商品コード（販売者コード）の商品がありません",
        [-10101] = "処理できませんでした",
        [-1] = "一部の商品を更新できませんでした",
        [-2] = "一度に送れる件数を超えています",
    };

    /// <summary>What every method may answer. The gateway answers -90001 also to a bad key and to a null parameter.</summary>
    private static readonly FrozenDictionary<int, string> Everywhere = new Dictionary<int, string>
    {
        [KeyRefused] = "販売者認証キーが正しくありません",
        [NoSuchApi] = "APIが存在しないか、キーが正しくありません",
        [-90002] = "このAPIを使う権限がありません",
        [-90003] = "このAPIを使う権限がありません",
        [-90004] = "販売者認証キーの期限が切れています",
        [-90005] = "販売者認証キーの期限が切れています",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, FrozenDictionary<int, string>> ByMethod = new Dictionary<string, Dictionary<int, string>>
    {
        [Qoo10Methods.Search] = new()
        {
            [-10001] = "検索日の形式が正しくありません",
            [-10002] = "検索期間が90日を超えています",
            [-10003] = "配送状態は0〜5で指定します",
            [-10004] = "配送状態と日付の種類の組合せが許されていません",
        },
        [Qoo10Methods.Claims] = new()
        {
            [-10002] = "検索日の形式が正しくありません",
            [-10003] = "検索期間が90日を超えています",
        },
        [Qoo10Methods.PlanShipping] = new()
        {
            [-10001] = "注文番号の形式が正しくありません",
            [-10004] = "この販売者の注文ではありません",
            [-10005] = "顧客番号が正しくありません",
            [UpdateFailed] = "配送状況を更新できませんでした",
            [-10100] = "配送状況を更新できませんでした",
        },
        [Qoo10Methods.Send] = new()
        {
            [-10001] = "注文番号の形式が正しくありません",
            [-10002] = "配送会社がありません",
            [-10003] = "送り状番号がありません",
            [-10004] = "この販売者の注文ではありません",
            [-10005] = "顧客番号が正しくありません",
            [-10006] = "JSONの形式が正しくありません",
            [-10007] = "出荷報告ができない注文です",
            [UpdateFailed] = "配送状況を更新できませんでした",
            [-10011] = "一度に送れる件数を超えています",
            [-10101] = "クレーム（キャンセル・返品）の処理中です",
            [-10102] = "訪問受取の注文です",
            [-10103] = "すでに使われている送り状番号です",
            [-10104] = "送り状番号がありません",
            [-10105] = "送り状番号の桁数が正しくありません",
            [-10106] = "送り状番号の前半が正しくありません",
            [-10107] = "送り状番号の後半が正しくありません",
            [-10108] = "送り状番号の検査数字が合いません",
            [-10109] = "登録されていない配送会社です",
            [-10111] = "送り状システムで発行された番号ではありません",
            [-10112] = "この配送会社は使えません",
            [-10113] = "すでに使われている送り状番号です",
            [-10114] = "すでに使われている送り状番号です",
            [-10115] = "送り状番号の形式が正しくありません",
            [-10116] = "送り状番号の形式が正しくありません",
            [-10117] = "送り状番号がありません",
            [-10118] = "購入者が選んだ配送方法と配送会社が合いません",
            [-10119] = "日本郵便は使えません",
            [-10120] = "配送会社名がQoo10の登録名と一致しません",
            [-10121] = "配送会社と国が合いません",
            [-10122] = "この販売者の注文ではありません",
        },
        [Qoo10Methods.Cancel] = new()
        {
            [-10001] = "注文番号の形式が正しくありません",
            [-10002] = "この注文番号の注文がありません",
            [-10003] = "この販売者の注文ではありません",
            [NotCancellable] = "キャンセルできない状態の注文です（発送済み、またはキャンセル済み）",
        },
        [Qoo10Methods.SetQty] = Items,
        [Qoo10Methods.SetQtyBulk] = Items,
        [Qoo10Methods.SetOptionQty] = Items,
        [Qoo10Methods.Item] = Items,
        [Qoo10Methods.Options] = Items,
    }.ToFrozenDictionary(m => m.Key, m => m.Value.ToFrozenDictionary());

    /// <summary>The key that was sent may be at fault: a new one can help. -90001 is among them because the gateway gives it to bad keys too.</summary>
    public static bool KeyMayBeStale(int code) => code is -90004 or -90005 or NoSuchApi or KeyRefused;

    /// <summary>The row may have been refused because it already holds the very number we sent, or because another line of the cart does: only reading back tells.</summary>
    public static bool MayHoldTheNumber(int code) => code is -10103 or -10113 or -10114 or UpdateFailed;

    /// <summary>What a refusal means, in Japanese, for the person who reads the attention list.</summary>
    public static string MeaningOf(string method, int code) =>
        ByMethod.TryGetValue(method, out var table) && table.TryGetValue(code, out var own) ? own
        : Everywhere.TryGetValue(code, out var common) ? common
        : "Qoo10が受け付けませんでした（一覧にないコード）";

    /// <exception cref="MarketplaceException">The code is not 0.</exception>
    public static void ThrowIfRefused(string method, int code)
    {
        if (code != 0)
        {
            throw Refusal(method, code);
        }
    }

    public static MarketplaceException Refusal(string method, int code)
    {
        CredentialFault? fault = code switch
        {
            KeyRefused => CredentialFault.Wrong,
            -90004 or -90005 => CredentialFault.Expired,
            -90002 or -90003 => CredentialFault.RightMissing,
            _ => null,
        };
        return new MarketplaceException(
            Qoo10Connector.Code,
            fault is null ? FailureKind.Rejected : FailureKind.CredentialRejected,
            $"{method}: {TextOf(code)} {MeaningOf(method, code)}")
        {
            Code = TextOf(code),
            Credential = fault,
        };
    }

    public static MarketplaceException Unreadable(string method, string expected) =>
        new(Qoo10Connector.Code, FailureKind.Unreadable, $"{method}: expected {expected}") { Field = expected };

    /// <summary>A page of HTML in place of an answer: their outages look like this. A write may still have had its effect.</summary>
    public static MarketplaceException PageInsteadOfAnswer(string method, CallKind kind) =>
        new(Qoo10Connector.Code, kind is CallKind.Read ? FailureKind.Maintenance : FailureKind.Transient, $"{method}: a web page came instead of an answer");

    /// <summary>A status other than 200, which only something in front of the service gives.</summary>
    public static MarketplaceException OfStatus(string method, CallKind kind, HttpResponseMessage response)
    {
        var failure = response.StatusCode switch
        {
            HttpStatusCode.TooManyRequests => FailureKind.Throttled,
            HttpStatusCode.ServiceUnavailable when kind is CallKind.Read => FailureKind.Maintenance,
            HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError => FailureKind.Transient,
            _ => FailureKind.Unreadable,
        };
        var status = TextOf((int)response.StatusCode);
        return new MarketplaceException(Qoo10Connector.Code, failure, $"{method}: HTTP {status}")
        {
            Code = status,
            RetryAfter = response.Headers.RetryAfter?.Delta,
        };
    }

    public static string TextOf(int code) => code.ToString(CultureInfo.InvariantCulture);
}
