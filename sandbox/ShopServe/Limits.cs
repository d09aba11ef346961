namespace Sandbox.ShopServe;

/// <summary>What is known about ショップサーブ's limits and rules, and what the sandbox had to choose.
/// Marks: [C] confirmed by a named public client or support page, ×n by n independent ones; [1] seen in one client only; [I] inferred;
/// [G] chosen here because nothing was found. Nothing marked [I] or [G] may be presented as certain.</summary>
/// <remarks>Confirmed: Basic auth with shop id and manager key, the item and stock calls. The order calls exist, but their specification is not public:
/// paths, every field name inside an order, status words beside 未発送 and 発送済, and all error bodies are [G].</remarks>
public static class Limits
{
    /// <summary>Orders that one page holds at most (size). [G] The size that three clients ask of the item search.</summary>
    public const int OrdersPerPage = 100;

    /// <summary>Calls a shop may make within <see cref="RateWindow"/>. [G]</summary>
    public const int CallsPerWindow = 1;

    /// <summary>[G]</summary>
    public static readonly TimeSpan RateWindow = TimeSpan.FromSeconds(1);

    /// <summary>[G]</summary>
    public const int ThrottledStatus = 429;

    /// <summary>JST calendar days that the order search reaches back. [C] A partner imports the past week; that the service itself refuses more is [G].</summary>
    public const int LookbackDays = 7;

    /// <summary>Maintenance falls on this Wednesday of each month. [C] Notices of 2016 to 2024.</summary>
    public const int MaintenanceWeek = 3;

    /// <summary>JST. [C]</summary>
    public static readonly TimeOnly MaintenanceFrom = new(2, 0);

    /// <summary>JST. [C]</summary>
    public static readonly TimeOnly MaintenanceTo = new(8, 0);

    /// <summary>How maintenance is answered. [G] The shop, its orders and the admin are unreachable.</summary>
    public const int MaintenanceStatus = 503;

    /// <summary>A wrong or re-issued manager key. [G] What Basic auth does.</summary>
    public const int RejectedStatus = 401;

    /// <summary>A key that may not make this call. [G]</summary>
    public const int ForbiddenStatus = 403;

    /// <summary>Characters of a マネージャー認証キー, hexadecimal. [C×6] It does not expire; 再発行 replaces it. [C]</summary>
    public const int KeyLength = 40;

    /// <summary>The quantity that stands for unlimited stock. [C]</summary>
    public const int UnlimitedStock = 99_999_999;

    /// <summary>What may stand in <c>_retrieve/{parts}</c>, joined by <c>;</c>. [1] for basic, [G] for the rest.</summary>
    public static readonly IReadOnlySet<string> Parts = new HashSet<string>(["basic", "orderer", "delivery", "item"], StringComparer.Ordinal);

    /// <summary>What delivery_company may say. [G]</summary>
    public static readonly IReadOnlySet<string> DeliveryCompanies =
        new HashSet<string>(["ヤマト運輸", "佐川急便", "日本郵便", "西濃運輸", "福山通運", "その他"], StringComparer.Ordinal);

    /// <summary>A cancelled order stays in the search as 未発送. [G]</summary>
    public static bool CancelledStaysListed => true;

    /// <summary>A number reported for an order that is 発送済 replaces the one that stands there. [G]</summary>
    public static bool NumberCanBeCorrected => true;
}
