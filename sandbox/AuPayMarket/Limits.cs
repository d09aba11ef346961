namespace Sandbox.AuPayMarket;

/// <summary>What is known about au PAY マーケット's limits and rules, and what the sandbox had to choose.
/// Marks: [C] confirmed by a named public client or support page, ×n by n independent ones; [1] seen in one client only; [I] inferred;
/// [G] chosen here because nothing was found. Nothing marked [I] or [G] may be presented as certain.</summary>
/// <remarks>Chosen besides, where no constant can say it: updateTradeInfoProc takes an empty element as if it were not there [G], and values that
/// stand there already change nothing [I]; a new key kills the old one at once [G]; nothing checks the Content-Type that clients send
/// even with GET; a shop defines no statuses of its own; the rows of a search come in the order of their order times [I].</remarks>
public static class Limits
{
    /// <summary>Orders that one page holds at most (totalCount). [C×5] five public clients ask for 1000.</summary>
    public const int OrdersPerPage = 1000;

    /// <summary>totalCount left out. [G] Every client names it.</summary>
    public const int OrdersPerPageUnnamed = OrdersPerPage;

    /// <summary>Calls a shop may make within <see cref="RateWindow"/>. [I] No official number; working clients send one at a time, 0.9 to 2 s apart.</summary>
    public const int CallsPerWindow = 1;

    /// <summary>[I] One a second is advised; a client that waits 0.9 s works, so only what comes closer is refused.</summary>
    public static readonly TimeSpan RateWindow = TimeSpan.FromSeconds(0.9);

    /// <summary>How throttling is answered. [G] Never seen: the load balancer's page.</summary>
    public const int ThrottledStatus = 503;

    /// <summary>Maintenance is announced ad hoc and stops the API, typically late at night to 08:30 JST. [C] The answer's form: [G].</summary>
    public const int MaintenanceStatus = 503;

    /// <summary>Days from its issue until an API key dies. [C×4] operator guides and partners' support pages.</summary>
    public const int KeyDays = 90;

    /// <summary>送り状番号, characters. [C] field table of a public client's database.</summary>
    public const int ShippingNumberLength = 15;

    /// <summary>キャンセル理由, characters. [1] The reason table was not found; the only value seen is 9.</summary>
    public const int CancelReasonLength = 2;

    /// <summary>キャンセルコメント, characters. [1]</summary>
    public const int CancelCommentLength = 100;

    /// <summary>配送業者コード. [C×3] 1 ヤマト運輸, 2 佐川急便, 4 福山通運, 5 西濃運輸, 6 日本郵便, 7 Rakuten EXPRESS, 9 その他; 3 and 8 are not used.</summary>
    public const string CarrierCodes = "1245679";

    /// <summary>Rejected key: HTTP 401 with this code, 認証に失敗しました. [C×2] The same for a right that is missing [1];
    /// for an address that is not registered [G].</summary>
    public const string KeyRejected = "0002";

    /// <summary>店舗IDが設定されていません。 [C] The HTTP status: [G] 400.</summary>
    public const string ShopIdMissing = "CME0021";

    /// <summary>The shopId is wrong. [C] live. The HTTP status: [G] 400.</summary>
    public const string ShopIdWrong = "CME0022";

    /// <summary>Stands where a refusal's code was not recorded, as for 「[orderId]必須入力項目です」, whose text is live. [G]</summary>
    public const string UnrecordedCode = "CME0000";

    /// <summary>How far back a search may reach: no limit was seen, so the sandbox keeps everything. [I] A shorter window is the client's own choice.</summary>
    public static int? LookbackDays => null;

    /// <summary>resultCount counts the rows of this page. [1] Another client reads it as all hits; rely on neither.</summary>
    public static bool ResultCountIsPage => true;

    /// <summary>An order that does not exist is answered with status 0 and an empty orderInfo. [G] As searchItemInfo does, live.</summary>
    public static bool UnknownOrderIsEmpty => true;

    /// <summary>updateTradeStsProc with the status that stands there is accepted and changes nothing. [G]</summary>
    public static bool RepeatedStatusIsAccepted => true;

    /// <summary>完了 is accepted although no number was reported. [G] Mail without tracking needs it; a client must keep the order of the two calls itself.</summary>
    public static bool CompletionNeedsNumber => false;

    /// <summary>An order that is 完了 takes no other status and no cancel by the API. [G]</summary>
    public static bool CompletionIsFinal => true;

    /// <summary>完了 captures the card (売上確定). [G] doCreditCertainProc exists besides; its body is unknown.</summary>
    public static bool CompletionCapturesCard => true;

    /// <summary>The buyer gets a mail when the order first becomes shipped. [G]</summary>
    public static bool ShippedSendsMail => true;

    /// <summary>An order that is 完了 or 発送後入金待ち takes no cancel by the API. [G] A client must not rely on it.</summary>
    public static bool ShippedRefusesCancel => true;

    /// <summary>stockUpdateItem elements that one updateStock takes. [G] Several are allowed [C×2]; the maximum was not found.</summary>
    public const int StockItemsPerCall = 100;

    /// <summary>Items that one page of searchStocks holds at most. [C×2]</summary>
    public const int StocksPerPage = 500;

    /// <summary>A stockCount of 0 sets 販売終了; only saleStatus 1 with a positive count undoes it. [C] a specification's words quoted by a client.
    /// That choices which all stand at 0 do the same: [G].</summary>
    public static bool ZeroEndsSale => true;

    /// <summary>Of a request with bad items the good ones are set all the same. [I] The errors come item by item.</summary>
    public static bool GoodItemsStand => true;

    /// <summary>searchStocks for an item that does not exist: status 0 and no resultStocks. [G] As searchItemInfo does, live.</summary>
    public static bool UnknownItemIsEmpty => true;
}
