using Sandbox.Core;

namespace Sandbox.AuPayMarket;

/// <summary>受注ステータス, in the service's own words.</summary>
internal static class AuPayStatus
{
    public const string New = "新規受付";
    public const string AwaitingPayment = "発送前入金待ち";
    public const string AwaitingAuthorization = "与信待ち";
    public const string ReadyToShip = "発送待ち";
    public const string ShippedAwaitingPayment = "発送後入金待ち";
    public const string Completed = "完了";
    public const string Cancelled = "キャンセル";
    public const string FraudReview = "不正取引審査中";

    /// <summary>What updateTradeStsProc takes; キャンセル is not among it. [C] Shop-defined statuses exist; the sandbox's shops define none.</summary>
    private static readonly HashSet<string> Settable = new(StringComparer.Ordinal)
    {
        New, "新規予約", "予約中", AwaitingPayment, AwaitingAuthorization, ReadyToShip, ShippedAwaitingPayment, Completed, "保留",
    };

    /// <summary>Only the service moves an order out of these. [G]</summary>
    private static readonly HashSet<string> Closed = new(StringComparer.Ordinal) { Cancelled, FraudReview, "審査保留", "審査NG" };

    public static bool CanBeSet(string status) => Settable.Contains(status);

    /// <summary>The shop's API may write to an order in this status.</summary>
    public static bool IsOpenToShop(string status) => !Closed.Contains(status);

    public static bool IsShipped(string status) => status is Completed or ShippedAwaitingPayment;

    /// <summary>The status of an order that has just come in. Paid ones wait for the shop as 新規受付; of the unpaid, cards wait for their
    /// authorization and what is paid after delivery waits for nothing. [I]</summary>
    public static string First(SeedOrder seed, string settlement) => seed switch
    {
        { InReview: true } => FraudReview,
        { Paid: true } => New,
        _ when settlement.Contains("代金引換", StringComparison.Ordinal) || settlement.Contains("後払い", StringComparison.Ordinal) => New,
        _ when settlement.Contains("クレジットカード", StringComparison.Ordinal) => AwaitingAuthorization,
        _ => AwaitingPayment,
    };
}
