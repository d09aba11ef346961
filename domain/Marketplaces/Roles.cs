using System.Collections.Immutable;
using Domain.Coverage;
using Domain.Orders;
using Domain.Stores;

namespace Domain.Marketplaces;

/// <summary>A store together with what a connector needs to speak for it.</summary>
public sealed record StoreAccess(Store Store, Manifest Manifest, ICredentials Credentials)
{
    public Uri BaseAddress => Store.BaseAddress ?? new Uri(Manifest.BaseAddress);

    /// <summary>The store's setting, or the manifest's default. Asking for a setting that the manifest does not declare is an error of ours.</summary>
    public string Setting(string name) => Store.Setting(name, Manifest.Settings.Single(s => s.Name == name).Default);
}

/// <summary>The values of one store's credentials. Reading always gives the active version.</summary>
public interface ICredentials
{
    /// <summary>The value of a field that the manifest declares, trimmed.</summary>
    /// <exception cref="MarketplaceException">CredentialRejected(Missing) when nothing is stored.</exception>
    ValueTask<string> ReadAsync(string field, CancellationToken cancellation);

    /// <summary>A short-lived token that was kept with <see cref="KeepTokenAsync"/>, or null when there is none or it has run out.</summary>
    ValueTask<string?> FindTokenAsync(string name, CancellationToken cancellation);

    /// <summary>Keeps a short-lived token for all instances until it expires.</summary>
    ValueTask KeepTokenAsync(string name, string value, DateTimeOffset expiresAt, CancellationToken cancellation);

    /// <summary>Forgets a token that the marketplace no longer takes.</summary>
    ValueTask ForgetTokenAsync(string name, CancellationToken cancellation);
}

/// <summary>A span of one lane to be read; at most one JST day.</summary>
/// <param name="Lane">A lane's id from the manifest.</param>
public sealed record Slice(string Lane, Interval Span);

/// <summary>One answer of a list. <paramref name="Strays"/>: entries of which not even the order code could be read.</summary>
public sealed record OrderPage(ImmutableArray<ListedOrder> Orders, ImmutableArray<UnreadableEntry> Strays);

/// <param name="Token">What the list itself shows of the order's version (status, update time, …): equal tokens mean nothing to fetch. Ids and states only.</param>
/// <param name="Reading">The order's content where the list brings it; null where <see cref="IOrderSource.DetailAsync"/> must fetch it.</param>
public sealed record ListedOrder(OrderCode Code, string Token, OrderReading? Reading);

/// <param name="Expected">What was expected and where, without personal data.</param>
public sealed record UnreadableEntry(string Expected, ReadOnlyMemory<byte> Raw);

/// <summary>What came of reading one order. Closed: every case is nested here.</summary>
public abstract record OrderReading(OrderCode Code)
{
    /// <param name="Raw">The order's own part of the payload, UTF-8, untouched.</param>
    public sealed record Read(OrderSnapshot Order, ReadOnlyMemory<byte> Raw) : OrderReading(Order.Code);

    /// <summary>The order is there but cannot be read.</summary>
    /// <param name="Expected">What was expected and where, without personal data.</param>
    public sealed record Unreadable(OrderCode Code, string Expected, ReadOnlyMemory<byte> Raw) : OrderReading(Code);

    /// <summary>The marketplace says that there is no such order (any more).</summary>
    public sealed record Gone(OrderCode Code) : OrderReading(Code);

    /// <summary>Only the standing is known (a claim list, a number list): the order is cancelled, or a cancel was asked for.</summary>
    /// <param name="LineIds">The lines concerned; empty = the whole order.</param>
    public sealed record Sign(OrderCode Code, MarketplaceStanding Standing, ImmutableArray<string> LineIds) : OrderReading(Code);
}

/// <summary>Brings orders in (受注取込).</summary>
public interface IOrderSource
{
    /// <summary>Reads a slice of a lane page by page. A page is complete or the call throws; the slice was read completely when the enumeration ends.</summary>
    /// <exception cref="MarketplaceException">The slice could not be read to its end; nothing of it counts as covered.</exception>
    IAsyncEnumerable<OrderPage> ReadAsync(StoreAccess access, Slice slice, CancellationToken cancellation);

    /// <summary>Fetches the content of listed orders, in any order, one reading for each code asked for.
    /// An order that disappeared in between comes as <see cref="OrderReading.Gone"/>.</summary>
    IAsyncEnumerable<OrderReading> DetailAsync(StoreAccess access, IReadOnlyList<ListedOrder> orders, CancellationToken cancellation);
}

/// <summary>An order as a by-code call needs it.</summary>
/// <param name="LineIds">All line ids that we know, cancelled ones included.</param>
public sealed record OrderReference(OrderCode Code, DateTimeOffset PlacedAt, ImmutableArray<string> LineIds);

/// <summary>Reads orders by their code, inside the lookback window or not.</summary>
public interface IOrderReader
{
    /// <summary>Reads the content of each order, one reading for each code asked for.</summary>
    IAsyncEnumerable<OrderReading> ReadAsync(StoreAccess access, IReadOnlyList<OrderReference> orders, CancellationToken cancellation);

    /// <summary>Asks, in as few calls as the marketplace allows, which of these orders are cancelled or asked to be: the question of the ship gate.</summary>
    /// <returns>Exactly the codes that must not ship, with their standing.</returns>
    Task<IReadOnlyDictionary<OrderCode, MarketplaceStanding>> StoppedAsync(StoreAccess access, IReadOnlyList<OrderReference> orders, CancellationToken cancellation);
}

/// <summary>One shipment to be reported for one order (出荷通知).</summary>
/// <param name="Service">Our internal carrier service; the connector's carrier table turns it into the marketplace's code.</param>
/// <param name="ShippedOn">出荷日, JST.</param>
/// <param name="Destination">The recipient's id at the marketplace where an order has several (<see cref="Destination.Id"/>); empty = the whole order.</param>
public sealed record ShipmentReport(OrderReference Order, string Service, string TrackingNumber, DateOnly ShippedOn, string Destination = "");

/// <summary>What became of one report.</summary>
public abstract record PushOutcome(OrderCode Order)
{
    /// <summary>The marketplace confirmed it.</summary>
    /// <param name="Warning">A warning's code and meaning that a person should see, else null.</param>
    public sealed record Confirmed(OrderCode Order, string? Warning = null) : PushOutcome(Order);

    /// <summary>Understood and refused; repeating the same cannot help.</summary>
    public sealed record Rejected(OrderCode Order, string Code, string Reason) : PushOutcome(Order);

    /// <summary>No word about this order came back: read back before anything is sent again.</summary>
    public sealed record Unknown(OrderCode Order, string Reason) : PushOutcome(Order);
}

/// <summary>Reports shipments. The steps and their order stand in the manifest.</summary>
public interface IShipmentSink
{
    /// <summary>Sends one step for up to the manifest's batch size of orders. Never sends an empty value.</summary>
    /// <exception cref="MarketplaceException">Transient: the effect on every order of the batch is unknown. Throttled, Maintenance, CredentialRejected: nothing was done.</exception>
    Task<IReadOnlyList<PushOutcome>> PushAsync(StoreAccess access, string step, IReadOnlyList<ShipmentReport> reports, CancellationToken cancellation);

    /// <summary>The exact request that <see cref="PushAsync"/> would send for this report, secrets masked (試し実行).</summary>
    string Preview(StoreAccess access, string step, ShipmentReport report);
}

/// <param name="Standing">Where the order stands.</param>
/// <param name="Shipments">What the marketplace holds; for orders with several lines one entry a line that has a number, for orders with several
/// recipients each with the recipient's id.</param>
public sealed record ReportedState(MarketplaceStanding Standing, ImmutableArray<ReportedShipment> Shipments)
{
    /// <summary>The marketplace holds exactly this number for everything that it has a number for.</summary>
    /// <param name="destination">The recipient whose number it is; empty = the order has one recipient.</param>
    public bool Holds(string trackingNumber, string destination = "")
    {
        var asked = Shipments.Where(s => destination.Length == 0 || s.Destination == destination).ToArray();
        return asked.Length > 0 && asked.All(s => Digits(s.TrackingNumber) == Digits(trackingNumber));
    }

    private static string Digits(string number) => number.Replace("-", "", StringComparison.Ordinal).Trim();
}

/// <summary>Reads back what a report did.</summary>
public interface IShipmentReader
{
    Task<ReportedState> ReadBackAsync(StoreAccess access, OrderReference order, CancellationToken cancellation);
}

/// <summary>An item as the marketplace addresses its stock.</summary>
/// <param name="Code">商品コード; for SHOPLIST the 卸品番.</param>
/// <param name="Variation1">The first variation's code or name, as <see cref="StockManifest.VariationBy"/> says; empty = none.</param>
public sealed record StockItem(string Code, string Variation1 = "", string Variation2 = "");

/// <summary>The stock of one item that shall stand at the marketplace (在庫数), absolute, zero or more.</summary>
public sealed record StockReport(StockItem Item, int Quantity)
{
    /// <exception cref="ArgumentOutOfRangeException">Less than nothing: a marketplace would take it as something else.</exception>
    public int Quantity { get; init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A stock level is zero or more."); } =
        Quantity >= 0 ? Quantity : throw new ArgumentOutOfRangeException(nameof(Quantity), Quantity, "A stock level is zero or more.");
}

/// <summary>What became of one stock level.</summary>
public abstract record StockOutcome(StockItem Item)
{
    public sealed record Accepted(StockItem Item) : StockOutcome(Item);

    /// <param name="UnknownItem">The marketplace has no such item: the mapping is wrong.</param>
    public sealed record Rejected(StockItem Item, string Code, string Reason, bool UnknownItem = false) : StockOutcome(Item);

    /// <summary>No word about this item came back. A level is absolute: the same may be sent again.</summary>
    public sealed record Unknown(StockItem Item, string Reason) : StockOutcome(Item);
}

/// <summary>Tells stock levels (在庫連携), absolute, never as a difference.</summary>
public interface IStockSink
{
    /// <summary>Sets up to the manifest's batch size of levels; one outcome an item, partial success is read item by item.</summary>
    /// <exception cref="MarketplaceException">Transient: the effect on every item is unknown. Throttled, Maintenance, CredentialRejected: nothing was done.</exception>
    Task<IReadOnlyList<StockOutcome>> SetAsync(StoreAccess access, IReadOnlyList<StockReport> levels, CancellationToken cancellation);
}

/// <summary>Why the merchant cancels (キャンセル理由); each connector says it in its marketplace's codes.</summary>
public enum CancelReason
{
    /// <summary>在庫切れ</summary>
    OutOfStock,

    /// <summary>購入者都合</summary>
    BuyersRequest,

    /// <summary>住所不備・長期不在</summary>
    Undeliverable,

    /// <summary>入金なし</summary>
    NotPaid,

    /// <summary>その他</summary>
    Other,
}

/// <summary>Cancels whole orders at the marketplace (キャンセル連携), asked for by the merchant.</summary>
public interface ICancellationSink
{
    /// <summary>Cancels one order. Cancelling one that is cancelled already is confirmed.</summary>
    /// <exception cref="MarketplaceException">Transient: the effect is unknown. Throttled, Maintenance, CredentialRejected: nothing was done.</exception>
    Task<PushOutcome> CancelAsync(StoreAccess access, OrderReference order, CancelReason reason, CancellationToken cancellation);
}

/// <summary>Tells the marketplace that work on an order starts (既読, 発送待ち, 配送準備).</summary>
public interface IOrderAcknowledgement
{
    Task AcknowledgeAsync(StoreAccess access, IReadOnlyList<OrderReference> orders, DateOnly plannedShipDate, CancellationToken cancellation);
}

/// <summary>What a probe that passed learned about the credentials.</summary>
/// <param name="ExpiresAt">When the first of them ends, where the marketplace or a stored date says so, UTC; null = it does not say.</param>
public sealed record CredentialHealth(DateTimeOffset? ExpiresAt)
{
    public static readonly CredentialHealth NoWordOfExpiry = new((DateTimeOffset?)null);

    /// <summary>It works now and ends within this time.</summary>
    public bool ExpiresWithin(TimeSpan time, DateTimeOffset now) => ExpiresAt is { } end && end - now <= time;
}

/// <summary>Asks whether the store's credentials work, with one cheap call.</summary>
public interface ICredentialProbe
{
    /// <exception cref="MarketplaceException">CredentialRejected with the reason; Transient and the like when it could not be asked.</exception>
    Task<CredentialHealth> ProbeAsync(StoreAccess access, CancellationToken cancellation);
}

/// <summary>Everything that one marketplace can do. A role that it cannot play is null.</summary>
public sealed record Marketplace(Manifest Manifest, IOrderSource Source, ICredentialProbe Probe)
{
    public IOrderReader? Reader { get; init; }

    public IShipmentSink? Shipments { get; init; }

    public IShipmentReader? ShipmentReader { get; init; }

    public IOrderAcknowledgement? Acknowledgement { get; init; }

    public IStockSink? Stock { get; init; }

    public ICancellationSink? Cancellation { get; init; }
}
