namespace Sandbox.MakeShop;

/// <summary>What is known of MakeShop's GraphQL API, and what the sandbox had to choose. Marks: [doc] the official reference's readable part;
/// [C] seen in a public client, ×n in n independent ones; [I] inferred; [A] assumed, nothing was found. Nothing marked [I] or [A] may be
/// presented as certain.</summary>
/// <remarks>Chosen besides, where no constant can say it: the message of a row that fails is a Japanese sentence [A]; the schema's type names
/// beyond SearchOrderRequest, UpdateOrderAttributeRequest and UpdateOrderDeliveryStatusRequest are invented [A]; a new permanent token kills the
/// old one [A]; a mutation with one bad row still does the others [C]; a changed slip number of a shipped order is taken [A].</remarks>
internal static class Limits
{
    /// <summary>Orders (and products) that one page holds at most. [C×3]</summary>
    public const int OrdersPerPage = 1000;

    /// <summary>limit left out. [A] Every client names it.</summary>
    public const int OrdersPerPageUnnamed = 100;

    /// <summary>Calls of a shop in a minute, over all operations. [A] One adapter's plan assumes as many; beyond it HTTP 429 [A].</summary>
    public const int CallsPerMinute = 60;

    /// <summary>The minute in which they are counted: a second short, so that the network's jitter is not taken for haste. [A]</summary>
    public static readonly TimeSpan RateWindow = TimeSpan.FromSeconds(59);

    /// <summary>An order is served while the JST day of its order date is at most this many days before today. [A] The condition of another
    /// order system, not seen in the API itself; treated as hard.</summary>
    public const int LookbackDays = 3;

    /// <summary>How old x-timestamp may be. [doc]</summary>
    public static readonly TimeSpan TimestampLife = TimeSpan.FromHours(1);

    /// <summary>How far x-timestamp may be ahead. [A]</summary>
    public static readonly TimeSpan TimestampAhead = TimeSpan.FromMinutes(5);

    /// <summary>A request of this many bytes may be refused. [doc]</summary>
    public const int RequestBytes = 5 * 1024 * 1024;

    /// <summary>Rows that a mutation takes at most. [A] The number is not known.</summary>
    public const int RowsPerWrite = 200;

    /// <summary>Three-digit carrier codes (deliveryCompanyCode). [C×2] 005 is not in the table.</summary>
    public static readonly IReadOnlySet<string> Carriers =
        new HashSet<string>(Enumerable.Range(0, 32).Where(code => code != 5).Select(code => code.ToString("D3", System.Globalization.CultureInfo.InvariantCulture)), StringComparer.Ordinal);

    /// <summary>A field that the schema does not have: HTTP 422. [C]</summary>
    public const int ValidationStatus = 422;

    /// <summary>The code of it. [I] The answers look like those of a gqlgen server.</summary>
    public const string ValidationCode = "GRAPHQL_VALIDATION_FAILED";

    /// <summary>The operation is not granted to the app. [C×2]</summary>
    public const string Forbidden = "FORBIDDEN";

    /// <summary>Token, key or timestamp not accepted: HTTP 401. [A]</summary>
    public const string Unauthenticated = "UNAUTHENTICATED";

    /// <summary>A value that makes no sense. [A]</summary>
    public const string BadInput = "BAD_USER_INPUT";

    /// <summary>Too many calls. [A]</summary>
    public const string TooMany = "TOO_MANY_REQUESTS";

    /// <summary>Their own trouble. [A]</summary>
    public const string Internal = "INTERNAL_SERVER_ERROR";

    /// <summary>Maintenance is a page with this status. [A]</summary>
    public const int MaintenanceStatus = 503;

    /// <summary>The buyer gets a mail when a ship-to becomes COMPLETED for the first time. [A]</summary>
    public static bool ShippedSendsMail => true;

    /// <summary>A provisional sale (0004) is captured when the order is shipped. [A]</summary>
    public static bool CompletionCaptures => true;

    /// <summary>quantityCalculationType that replaces the stock; 2 adds. [A] Only the value 1 was seen, not what it does.</summary>
    public const int ReplacesQuantity = 1;
}
