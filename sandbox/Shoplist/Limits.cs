namespace Sandbox.Shoplist;

/// <summary>What is known about SHOPLIST's limits and rules, and what the sandbox had to choose. The specification is given to partners only: of the wire nothing is
/// known at all. Marks: [C] confirmed by a partner's help page, ×n by n of them; [I] inferred; [G] chosen here because nothing was found.
/// Nothing marked [I] or [G] may be presented as certain.</summary>
/// <remarks>Confirmed behaviour: one 認証キー is the only credential; orders of the past 3 days come in; the API brings only part of an order, and a file from the
/// admin screen (発注データ) has the rest; スピード便 is shipped by SHOPLIST itself; stock is told by 卸品番; nobody reports a shipment.</remarks>
public static class Limits
{
    /// <summary>JST calendar days that the order list reaches back. [C×2]</summary>
    public const int LookbackDays = 3;

    /// <summary>配送区分 of what the shop itself ships. [C]</summary>
    public const string NormalDelivery = "通常配送";

    /// <summary>配送区分 of what SHOPLIST ships from its own warehouse. [C]</summary>
    public const string SpeedDelivery = "スピード便";

    /// <summary>The product code's name, 卸品番. [C×2] That the wire calls it so is [G].</summary>
    public const string ItemCode = "卸品番";

    /// <summary>Orders that one answer holds at most. [G]</summary>
    public const int OrdersPerPage = 100;

    /// <summary>Calls that a key may make within <see cref="RateWindow"/>. [G]</summary>
    public const int CallsPerWindow = 1;

    /// <summary>[G]</summary>
    public static readonly TimeSpan RateWindow = TimeSpan.FromSeconds(1);

    /// <summary>[G]</summary>
    public const int ThrottledStatus = 429;

    /// <summary>[G]</summary>
    public const int MaintenanceStatus = 503;

    /// <summary>A key that is not accepted. [G]</summary>
    public const int RejectedStatus = 401;

    /// <summary>A key that may not make this call. [G]</summary>
    public const int ForbiddenStatus = 403;

    /// <summary>The header in which the key may stand. [G]</summary>
    public const string KeyHeader = "X-API-KEY";

    /// <summary>The query parameter in which it may stand instead. [G]</summary>
    public const string KeyParameter = "key";

    /// <summary>A cancelled order stays in the list with its status. [G] Nothing about cancels is documented.</summary>
    public static bool CancelledStaysListed => true;
}
