namespace Sandbox.Futureshop;

/// <summary>What is known of futureshop's limits and rules (API v2), and what the sandbox had to choose.
/// Marks: [O] an official page; [C] a public client, a recorded answer or an integrator's note; [I] inferred; [G] chosen here because nothing was found.
/// Nothing marked [I] or [G] may be presented as certain.</summary>
/// <remarks>Chosen besides, where no constant can say it: an order is written as a whole or not at all [G]; a key left out of shippingInfo is refused,
/// a blank one wipes what is stored [O]; no mail is sent by the API [G]; a cancelled order refuses every write [G]; the rows of a search
/// come in the order of their order times [I].</remarks>
public static class Limits
{
    /// <summary>Seconds that an access token lives. [C]</summary>
    public const int TokenSeconds = 3600;

    /// <summary>Calls that a client ID may make within <see cref="RateWindow"/>. [C] Clients quote the manual.</summary>
    public const int CallsPerWindow = 1;

    /// <summary>[C]</summary>
    public static readonly TimeSpan RateWindow = TimeSpan.FromSeconds(1);

    /// <summary>The token call counts like any other. [I] One careful client does so.</summary>
    public static bool TokenCallsCount => true;

    /// <summary>Orders of one page of the search; there is no parameter for it. [C] at most 100; exactly 100: [G].</summary>
    public const int OrdersPerPage = 100;

    /// <summary>Products of one page of the stock search. [C] as recorded.</summary>
    public const int ProductsPerPage = 100;

    /// <summary>Rows that one write takes. [O] orders; [O] products.</summary>
    public const int RowsPerWrite = 100;

    /// <summary>The search by order date has no cap on its span. [I] A client's example spans five years.</summary>
    public static int? LongestSearchDays => null;

    /// <summary>How far back orders are served: no end was seen. [I]</summary>
    public static int? LookbackDays => null;

    /// <summary>Digits of an order number. [O] 12 bytes.</summary>
    public const int OrderNoDigits = 12;

    /// <summary>invoiceNo, UTF-8 bytes. [O] since 2022-08-31.</summary>
    public const int InvoiceNoBytes = 100;

    /// <summary>productNo, UTF-8 bytes. [O]</summary>
    public const int ProductNoBytes = 32;

    /// <summary>verticalNo and horizontalNo, UTF-8 bytes. [O]</summary>
    public const int VariationNoBytes = 9;

    /// <summary>count of the product search: from. [C]</summary>
    public const int ProductsFrom = 50;

    /// <summary>count of the product search: to. [C]</summary>
    public const int ProductsTo = 250;

    /// <summary>token_type of the token answer. [I] A client raised on lower case, so it never saw it.</summary>
    public const string TokenType = "Bearer";

    /// <summary>Too many rows in one write. [O] The HTTP status 400: [G].</summary>
    public const string TooMany = "TooMany";

    /// <summary>A pick-up order (店舗受取) takes no shipment. [O]</summary>
    public const string StorePickup = "CannotUpdateStorePickup";

    /// <summary>A date that cannot be read. [O] on the pages of real-store stock; elsewhere [I].</summary>
    public const string BadDate = "InvalidDateFormat";

    /// <summary>[O] on the pages of real-store stock.</summary>
    public const string NoProduct = "ProductNotFound";

    /// <summary>[O] on the pages of real-store stock: the variation holds no stock.</summary>
    public const string NoStock = "StockNotFound";

    /// <summary>[O] on the pages of real-store stock: pre-order and planned stock are updated only where registered.</summary>
    public const string NotManaged = "NotManagementSettings";

    /// <summary>An order that takes no writes. [C] in one client's test data only; for a cancelled order [G].</summary>
    public const string Locked = "OrderLocked";

    /// <summary>[G] The HTTP status of a get: 404 [G].</summary>
    public const string NoOrder = "OrderNotFound";

    /// <summary>[G]</summary>
    public const string NoShipment = "ShipmentNotFound";

    /// <summary>[G]</summary>
    public const string Missing = "Required";

    /// <summary>[G]</summary>
    public const string BadForm = "InvalidFormat";

    /// <summary>HTTP 429. [G]</summary>
    public const string Throttled = "TooManyRequests";

    /// <summary>HTTP 401 of an API call. The status: [C]; the code: [G].</summary>
    public const string BadToken = "Unauthorized";

    /// <summary>HTTP 403 for an address that is not registered. [G]</summary>
    public const string BadAddress = "IpAddressNotAllowed";

    /// <summary>HTTP 403 for an API that was not applied for. [G]</summary>
    public const string NotApproved = "ApiNotApproved";

    /// <summary>HTTP 500. [G]</summary>
    public const string Broken = "SystemError";
}
