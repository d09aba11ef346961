namespace Sandbox.YahooShopping;

/// <summary>What is known about Yahoo!ショッピング's limits and rules, and what the sandbox had to choose.
/// Marks: [O] official page; [F] seen in public client code that really calls the service; [V] an integrator's manual or blog; [I] inferred;
/// [G] chosen here because nothing was found. Nothing marked [I] or [G] may be presented as certain.</summary>
/// <remarks>Chosen besides, where no constant can say it: an empty or nil element counts as not sent [G]; an unknown name in Field is ignored [G];
/// a condition that the service does not have, such as the time of the last update, is od90101 [I]; ReadOnlyMode and FraudHoldDisplayType are taken
/// under Search and under Condition [G]; one seller has one application [G]; a registered address and an approved order API are asked for by the order
/// calls only [I]; orderChange changes IsSeen and Notes and refuses what is not simulated [G]; a redirect address counts as registered [G];
/// OrderTime is broken by a malformed seed in orderInfo only [G].</remarks>
internal static class Limits
{
    /// <summary>[O]</summary>
    public static readonly TimeSpan AccessToken = TimeSpan.FromSeconds(3600);

    /// <summary>A consent with a valid public key. [O] Four weeks, from the consent on; renewing the access token does not extend it [V].</summary>
    public static readonly TimeSpan Consent = TimeSpan.FromDays(28);

    /// <summary>A consent under which an order call came unsigned, counted from the consent. [O] Sources disagree whether the order API or the refresh token dies: here both [G].</summary>
    public static readonly TimeSpan UnsignedConsent = TimeSpan.FromHours(12);

    /// <summary>An authorization code. [V] one old blog.</summary>
    public static readonly TimeSpan Code = TimeSpan.FromSeconds(600);

    /// <summary>A public key, a store. [V]</summary>
    public static readonly TimeSpan PublicKey = TimeSpan.FromDays(365);

    /// <summary>Public keys in force at once. [V]</summary>
    public const int PublicKeys = 2;

    /// <summary>How far the time in a signature may be off, both ways. [G] Never published.</summary>
    public static readonly TimeSpan SignatureTolerance = TimeSpan.FromMinutes(5);

    /// <summary>X-SWS-Authorize-Status where the key was accepted. [F]</summary>
    public const string KeyAccepted = "authorized";

    /// <summary>The same header where it was not. [G] The real values were not found.</summary>
    public const string KeyRefused = "unauthorized";

    /// <summary>A renewed consent keeps the refresh token's text while the old one lives. [V]</summary>
    public const bool ConsentKeepsToken = true;

    /// <summary>The buyer may cancel, and the order is hidden. [O]</summary>
    public static readonly TimeSpan BuyersWindow = TimeSpan.FromMinutes(10);

    /// <summary>Rows of a page of orderList, and the number where none is asked for. [O] The oldest copy of the page states no upper limit.</summary>
    public const int Rows = 2000;

    public const int RowsUnnamed = 10;

    /// <summary>Calls a second, an API and a seller. [O] 1クエリー/秒 for the same URL; by seller: [I].</summary>
    public const int CallsPerSecond = 1;

    /// <summary>How too many calls in a short time are answered. [G] Never seen; 403, 429 and 503 are all possible.</summary>
    public const int ThrottledStatus = 429;

    /// <summary>Calls a day of one application. [O] 403 「Your Request was Forbidden」 beyond it [V]; that the day is JST's: [G].</summary>
    public const int CallsPerDay = 50_000;

    public const string Forbidden = "Your Request was Forbidden";

    /// <summary>Parameter error, 400; no such order, 404; trouble of the server, 500. [V] from the official table.</summary>
    public const string BadParameter = "od90101";
    public const string NoSuchOrder = "od91801";
    public const string ServerTrouble = "od91001";

    /// <summary>Item APIs: trouble 500, maintenance 503. [O] That the order APIs use the second too: [G].</summary>
    public const string ItemTrouble = "ed-00001";
    public const string Maintenance = "ed-00002";

    /// <summary>The consent's session is over. [O] HTTP 401 [F].</summary>
    public const string ConsentOver = "px-04102";

    /// <summary>Order API not approved [F]; source address not registered [F]; consent withdrawn [V]; business ID not linked, seller not allowed [F].
    /// HTTP 403: certain for the address only.</summary>
    public const string NotApproved = "px-04303";
    public const string AddressUnknown = "px-04306";
    public const string Withdrawn = "px-04307";
    public const string NotLinked = "px-14303";
    public const string ForeignSeller = "px-14304";

    /// <summary>No seller named. [V] HTTP 400: [I].</summary>
    public const string SellerMissing = "px-04001";

    /// <summary>Stands where a refusal's code was not captured. [G]</summary>
    public const string UnrecordedCode = "od99999";

    /// <summary>Warnings, none of which undoes the change. [O] already captured; capture deadline passed, no money moved; same status, nothing changed.</summary>
    public const string AlreadyCaptured = "od91113";
    public const string CaptureTooLate = "od91115";
    public const string SameStatus = "od91705";

    /// <summary>Days after the order within which the card can be captured. [G] The warning exists [O], its deadline was not found.</summary>
    public const int CaptureDays = 60;

    /// <summary>Bytes of a tracking number, of half-width letters, digits and hyphens. [O]</summary>
    public const int TrackingBytes = 30;

    /// <summary>ヤマト運輸: digits and hyphens, bytes. [O]</summary>
    public const int YamatoBytes = 14;
    public const string Yamato = "1001";

    /// <summary>日本郵便: characters without hyphens, letters allowed. [O] since 2026-04-07</summary>
    public const int JapanPostFrom = 11;
    public const int JapanPostTo = 13;
    public const string JapanPost = "1003";

    /// <summary>CancelReasonDetail, characters, for reason 230. [O]</summary>
    public const int CancelDetailFrom = 10;
    public const int CancelDetailTo = 200;

    /// <summary>欠品, where a cancellation names no reason. [O]</summary>
    public const string DefaultCancelReason = "210";

    /// <summary>That needs a detail: その他, for the store's reasons. [O]</summary>
    public const string OtherReason = "230";

    /// <summary>間違え: what a buyer's cancellation within the ten minutes shows here; [O] any of 300 to 380.</summary>
    public const string BuyersReason = "300";

    /// <summary>該当なし: a cancellation by the service after the ten minutes. [I]</summary>
    public const string ServicesReason = "0";

    /// <summary>The reasons that a store may send. [O]</summary>
    public static readonly IReadOnlySet<string> StoreReasons = new HashSet<string>(StringComparer.Ordinal)
    {
        "100", "110", "120", "130", "140", "150", "160", "170", "180", "200", "210", "220", "230",
    };

    /// <summary>ShipInvoiceNumberEmptyReason. [O]</summary>
    public static readonly IReadOnlySet<string> EmptyReasons = new HashSet<string>(StringComparer.Ordinal) { "101", "102", "103", "104", "105" };

    /// <summary>ShipCompanyCode 1000 to 1029, 5000, 5001. [O] four digits since 2018-10; an unknown one is refused [G].</summary>
    public static bool IsCarrier(string code) =>
        code.Length == 4 && (string.CompareOrdinal(code, "1000") >= 0 && string.CompareOrdinal(code, "1029") <= 0 || code is "5000" or "5001");

    /// <summary>From which OrderStatus to which: 1 予約中, 2 処理中, 3 保留, 4 キャンセル, 5 完了. [O] 5 to 2 is for cards and the store's own payments.</summary>
    public static bool CanMove(int from, int to) => (from, to) is (1, 4) or (1, 5) or (2, 3) or (2, 4) or (2, 5) or (3, 2) or (3, 4) or (3, 5) or (5, 2) or (5, 4);

    /// <summary>PublicationTime is set by the end of a review only; else it is empty. [I]</summary>
    public const bool PublicationOnlyAfterReview = true;

    /// <summary>An order that may not be shipped (出荷不可: unpaid or in review) takes no shipment. [G]</summary>
    public const bool UnshippableRefusesShipment = true;

    /// <summary>Nothing is written to an order within the buyer's ten minutes. [I] It is called read-only.</summary>
    public const bool ReadOnlyRefusesWrites = true;

    /// <summary>Any update by API marks the order as seen; orderInfo does not. [F]</summary>
    public const bool WritesMarkSeen = true;

    /// <summary>Codes of one getStock or setStock. [O]</summary>
    public const int StockCodesPerCall = 1000;

    /// <summary>A stock level, and a difference, at most. [O]</summary>
    public const int LargestStock = 999_999_999;

    /// <summary>Bad item or sub-code [D]; bad quantity [O]. A code that is only unknown is none of them: its record is created. [O]</summary>
    public const string BadStockCode = "st-02101";
    public const string BadQuantity = "st-02104";

    /// <summary>allow_overdraft left out: the store's default replaces what stood there [O]; here 0 [G].</summary>
    public const string StoreOverdraft = "0";
}
