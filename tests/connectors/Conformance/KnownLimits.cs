using System.Reflection;
using Connectors.AuPayMarket;
using Connectors.Futureshop;
using Connectors.MakeShop;
using Connectors.Qoo10;
using Connectors.Shoplist;
using Connectors.ShopServe;
using Connectors.YahooShopping;
using Domain.Marketplaces;
using Microsoft.Extensions.DependencyInjection;

namespace Tests.Connectors.Conformance;

/// <summary>One figure that both sides have.</summary>
/// <param name="Members">The members of the sandbox's Limits that it is made of.</param>
/// <param name="Why">Why the two may differ; null = they must not.</param>
internal sealed record LimitPair(string What, string[] Members, Func<Manifest, object?> InManifest, Func<Type, object?> InSandbox, string? Why = null);

/// <summary>How a marketplace's manifest and the sandbox's Limits class correspond.</summary>
/// <param name="OnlySandbox">Members of which the manifest does not speak: forms of answers, lengths of fields, choices of the simulator.</param>
internal sealed record KnownLimits(Type Sandbox, Action<IServiceCollection> Register, IReadOnlyList<LimitPair> Compared, string[] OnlySandbox)
{
    public static readonly IReadOnlyDictionary<string, KnownLimits> All = new Dictionary<string, KnownLimits>(StringComparer.Ordinal)
    {
        ["au-pay-market"] = new(
            typeof(global::Sandbox.AuPayMarket.Limits),
            services => services.AddAuPayMarket(),
            [
                Same("orders a page", "OrdersPerPage", m => m.Lanes.Single().PageSize),
                Same("days a key lives", "KeyDays", m => m.Credentials.Single(c => c.Field == "api-key").LifetimeDays),
                new("calls in 0.9 seconds", ["CallsPerWindow", "RateWindow"], m => 0.9 * m.Limits.Single().PerSecond!.Value, limits => (double)(int)Of(limits, "CallsPerWindow")!,
                    "working clients wait 0.9 to 2 s: we keep to 1 a second, the sandbox refuses only what comes closer than 0.9 s"),
                new("days of lookback", ["LookbackDays"], m => m.Lanes.Single().LookbackDays, limits => Of(limits, "LookbackDays"),
                    "nobody has seen a limit: 14 days are our choice, the sandbox keeps everything"),
                new("carrier codes", ["CarrierCodes"], m => m.Carriers.Select(c => c.Code), limits => ((string)Of(limits, "CarrierCodes")!).Select(c => c.ToString()),
                    "no service of ours is Rakuten EXPRESS (7)"),
                Same("items of a stock call", "StockItemsPerCall", m => m.Stock!.Batch),
            ],
            [
                "OrdersPerPageUnnamed", "ThrottledStatus", "MaintenanceStatus", "ShippingNumberLength", "CancelReasonLength", "CancelCommentLength", "KeyRejected", "ShopIdMissing",
                "ShopIdWrong", "UnrecordedCode", "ResultCountIsPage", "UnknownOrderIsEmpty", "RepeatedStatusIsAccepted", "CompletionNeedsNumber", "CompletionIsFinal",
                "CompletionCapturesCard", "ShippedSendsMail", "ShippedRefusesCancel", "StocksPerPage", "ZeroEndsSale", "GoodItemsStand", "UnknownItemIsEmpty",
            ]),
        ["makeshop"] = new(
            typeof(global::Sandbox.MakeShop.Limits),
            services => services.AddMakeShop(),
            [
                Same("orders a page", "OrdersPerPage", m => m.Lanes.Single().PageSize),
                Same("days of lookback", "LookbackDays", m => m.Lanes.Single().LookbackDays),
                Same("calls a minute", "CallsPerMinute", m => 60 * m.Limits.Single().PerSecond!.Value),
                new("rows of a report", ["RowsPerWrite"], m => m.PushBatch, limits => Of(limits, "RowsPerWrite"),
                    "the number is not known: we send 100, the sandbox refuses only above 200"),
                new("carrier codes that they would refuse", ["Carriers"], m => m.Carriers.Select(c => c.Code).Except((IReadOnlySet<string>)Of(typeof(global::Sandbox.MakeShop.Limits), "Carriers")!), _ => Array.Empty<string>()),
            ],
            [
                "OrdersPerPageUnnamed", "RateWindow", "TimestampLife", "TimestampAhead", "RequestBytes", "ValidationStatus", "ValidationCode", "Forbidden", "Unauthenticated", "BadInput", "TooMany", "Internal",
                "MaintenanceStatus", "ShippedSendsMail", "CompletionCaptures", "ReplacesQuantity",
            ]),
        ["qoo10"] = new(
            typeof(global::Sandbox.Qoo10.Limits),
            services => services.AddQoo10(),
            [
                new("calls a second", ["CallsPerSecond"], m => m.Limits.Single().PerSecond, limits => Convert.ToDouble(Of(limits, "CallsPerSecond"), System.Globalization.CultureInfo.InvariantCulture),
                    "no limit is published: we keep to 5, the sandbox refuses only above 10, so that the network's jitter is not taken for haste"),
                new("days an API key lives", ["KeyLife"], m => m.Credentials.Single(c => c.Field == "api-key").LifetimeDays, limits => ((TimeSpan)Of(limits, "KeyLife")!).TotalDays),
                new("days a certification key lives", ["KeyLife"], m => m.Credentials.Single(c => c.Field == "certification-key").LifetimeDays, limits => ((TimeSpan)Of(limits, "KeyLife")!).TotalDays),
                new("days of a search", ["LongestSpan"], m => m.Lanes.Max(l => l.LookbackDays), limits => ((TimeSpan)Of(limits, "LongestSpan")!).TotalDays,
                    "30 days of lookback are our choice within the 90 that a search may span"),
                new("rows of a report", ["BulkRows"], m => m.PushBatch, limits => Of(limits, "BulkRows"),
                    "the manifest counts carts, the service order numbers: a hundred carts have room for five numbers each, and the connector cuts at 500"),
                new("carrier names that they would refuse", ["Carriers"], m => m.Carriers.Select(c => c.Code).Except((IReadOnlySet<string>)Of(typeof(global::Sandbox.Qoo10.Limits), "Carriers")!), _ => Array.Empty<string>()),
                new("items of a stock call", ["BulkRows"], m => m.Stock!.Batch, limits => Of(limits, "BulkRows"),
                    "each item is read before it is set: a hundred at a time keep a batch short"),
            ],
            ["TrackingCharacters", "Checked", "NumberUsed", "SaleDays", "CancelReasons"]),
        ["futureshop"] = new(
            typeof(global::Sandbox.Futureshop.Limits),
            services => services.AddFutureshop(),
            [
                Same("orders a page", "OrdersPerPage", m => m.Lanes.Single().PageSize),
                new("calls a second", ["CallsPerWindow", "RateWindow"], m => m.Limits.Single().PerSecond,
                    limits => (int)Of(limits, "CallsPerWindow")! / ((TimeSpan)Of(limits, "RateWindow")!).TotalSeconds),
                Same("orders of a report", "RowsPerWrite", m => m.PushBatch),
                Same("products of a stock call", "RowsPerWrite", m => m.Stock!.Batch),
                new("days of lookback", ["LookbackDays"], m => m.Lanes.Single().LookbackDays, limits => Of(limits, "LookbackDays"),
                    "nobody has seen a limit: 31 days are our choice, the sandbox keeps everything"),
            ],
            [
                "TokenSeconds", "TokenCallsCount", "ProductsPerPage", "LongestSearchDays", "OrderNoDigits", "InvoiceNoBytes", "ProductNoBytes", "VariationNoBytes", "ProductsFrom", "ProductsTo",
                "TokenType", "TooMany", "StorePickup", "BadDate", "NoProduct", "NoStock", "NotManaged", "Locked", "NoOrder", "NoShipment", "Missing", "BadForm", "Throttled", "BadToken",
                "BadAddress", "NotApproved", "Broken",
            ]),
        ["shop-serve"] = new(
            typeof(global::Sandbox.ShopServe.Limits),
            services => services.AddShopServe(),
            [
                Same("orders a page", "OrdersPerPage", m => m.Lanes.Single().PageSize),
                Same("days of lookback", "LookbackDays", m => m.Lanes.Single().LookbackDays),
                new("calls a second", ["CallsPerWindow", "RateWindow"], m => m.Limits.Single().PerSecond, limits => (int)Of(limits, "CallsPerWindow")! / ((TimeSpan)Of(limits, "RateWindow")!).TotalSeconds),
                new("carrier names that they would refuse", ["DeliveryCompanies"],
                    m => m.Carriers.Select(c => c.Code).Except((IReadOnlySet<string>)Of(typeof(global::Sandbox.ShopServe.Limits), "DeliveryCompanies")!), _ => Array.Empty<string>()),
                new("parts of an order that they would refuse", ["Parts"],
                    m => m.Settings.Single(s => s.Name == "parts").Default.Split(';').Except((IReadOnlySet<string>)Of(typeof(global::Sandbox.ShopServe.Limits), "Parts")!), _ => Array.Empty<string>()),
            ],
            [
                "ThrottledStatus", "MaintenanceWeek", "MaintenanceFrom", "MaintenanceTo", "MaintenanceStatus", "RejectedStatus", "ForbiddenStatus", "KeyLength", "UnlimitedStock",
                "CancelledStaysListed", "NumberCanBeCorrected",
            ]),
        ["shoplist"] = new(
            typeof(global::Sandbox.Shoplist.Limits),
            services => services.AddShoplist(),
            [
                Same("orders an answer", "OrdersPerPage", m => m.Lanes.Single().PageSize),
                Same("days of lookback", "LookbackDays", m => m.Lanes.Single().LookbackDays),
                new("calls a second", ["CallsPerWindow", "RateWindow"], m => m.Limits.Single().PerSecond, limits => (int)Of(limits, "CallsPerWindow")! / ((TimeSpan)Of(limits, "RateWindow")!).TotalSeconds),
                Same("delivery kind of the shop's own orders", "NormalDelivery", m => DefaultOf(m, "words-shop-ships")),
                Same("delivery kind of SHOPLIST's own orders", "SpeedDelivery", m => DefaultOf(m, "words-marketplace-ships")),
                Same("name of the product code", "ItemCode", m => DefaultOf(m, "field-sku")),
                Same("header of the key", "KeyHeader", m => DefaultOf(m, "key-name")),
            ],
            ["ThrottledStatus", "MaintenanceStatus", "RejectedStatus", "ForbiddenStatus", "KeyParameter", "CancelledStaysListed"]),
        ["yahoo-shopping"] = new(
            typeof(global::Sandbox.YahooShopping.Limits),
            services => services.AddYahooShopping(),
            [
                Same("orders a page", "Rows", m => m.Lanes.Select(l => l.PageSize).Distinct().Single()),
                Same("calls a second and API", "CallsPerSecond", m => (int)m.Limits.Single(l => l.PerSecond is not null && l.EachEndpoint).PerSecond!.Value),
                Same("calls a day", "CallsPerDay", m => m.Limits.Single(l => l.PerDay is not null).PerDay),
                new("days a consent lives", ["Consent"], m => m.Credentials.Single(c => c.Field == "refresh-token").LifetimeDays, limits => (int)((TimeSpan)Of(limits, "Consent")!).TotalDays),
                new("days a public key lives", ["PublicKey"], m => m.Credentials.Single(c => c.Field == "public-key").LifetimeDays, limits => (int)((TimeSpan)Of(limits, "PublicKey")!).TotalDays),
                new("seconds until an order shows", ["BuyersWindow"], m => m.Lanes.Max(l => l.SettleSeconds), limits => (int)((TimeSpan)Of(limits, "BuyersWindow")!).TotalSeconds,
                    "the buyer's ten minutes and a margin of ours"),
                Same("items of a stock call", "StockCodesPerCall", m => m.Stock!.Batch),
            ],
            [
                "AccessToken", "UnsignedConsent", "Code", "PublicKeys", "SignatureTolerance", "KeyAccepted", "KeyRefused", "ConsentKeepsToken", "RowsUnnamed", "ThrottledStatus", "Forbidden", "BadParameter", "NoSuchOrder", "ServerTrouble", "ItemTrouble", "Maintenance", "ConsentOver", "NotApproved", "AddressUnknown", "Withdrawn", "NotLinked", "ForeignSeller", "SellerMissing", "UnrecordedCode", "AlreadyCaptured", "CaptureTooLate", "SameStatus", "CaptureDays", "TrackingBytes", "YamatoBytes", "Yamato", "JapanPostFrom", "JapanPostTo", "JapanPost", "CancelDetailFrom", "CancelDetailTo", "DefaultCancelReason", "OtherReason", "BuyersReason", "ServicesReason", "StoreReasons", "EmptyReasons", "PublicationOnlyAfterReview", "UnshippableRefusesShipment", "ReadOnlyRefusesWrites", "WritesMarkSeen", "LargestStock", "BadStockCode", "BadQuantity", "StoreOverdraft",
            ]),
    };

    private static LimitPair Same(string what, string member, Func<Manifest, object?> inManifest) => new(what, [member], inManifest, limits => Of(limits, member));

    private static string DefaultOf(Manifest manifest, string setting) => manifest.Settings.Single(s => s.Name == setting).Default;

    private static object? Of(Type limits, string member)
    {
        const BindingFlags Any = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        return limits.GetField(member, Any) is { } field ? field.GetValue(null)
            : limits.GetProperty(member, Any) is { } property ? property.GetValue(null)
            : throw new InvalidOperationException($"{limits.FullName} has no {member}.");
    }
}
