using System.Text.Json.Serialization;

namespace Local.Once;

/// <summary>What a whole cycle came to. Every number stands with its definition in docs/once-report.md.</summary>
/// <param name="Ok">Every order is accounted for; what is not stands in <paramref name="Faults"/>.</param>
public sealed record OnceReport(
    bool Ok, int Seed, OrdersReport Orders, BundlingReport Bundling, StorageReport Storage, IReadOnlyDictionary<string, long> MarketplaceCalls,
    IReadOnlyDictionary<string, double> SecondsWithinTrueLimits, ThroughputReport Throughput, IReadOnlyDictionary<string, double> SecondsPerPhase, double PeakMemoryMb, IReadOnlyList<string> Faults);

/// <param name="InMarketplaces">Orders that the marketplaces would serve to a perfect client at the end, read from the sandbox's own state.</param>
/// <param name="Pulled">Orders in our rows, unreadable ones in the attention list included.</param>
/// <param name="Held">Neither shipped nor cancelled at the end.</param>
/// <param name="HeldByReason">Expected and found, by reason.</param>
/// <param name="Bundled">Orders in a parcel with another order.</param>
/// <param name="Confirmed">Orders for which the marketplace holds our number and counts them as shipped.</param>
/// <param name="Lost">In the marketplaces and not pulled.</param>
/// <param name="DuplicateEffects">Journal entries that changed a marketplace's state a second time: status, number, capture, mail.</param>
public sealed record OrderCounts(
    int InMarketplaces, int Pulled, int Held, IReadOnlyDictionary<string, ReasonCount> HeldByReason, int Cancelled, int Bundled, int Shipped, int Confirmed, int Lost, int DuplicateEffects);

public sealed record ReasonCount(int Expected, int Found);

public sealed record OrdersReport(
    int InMarketplaces, int Pulled, int Held, IReadOnlyDictionary<string, ReasonCount> HeldByReason, int Cancelled, int Bundled, int Shipped, int Confirmed, int Lost, int DuplicateEffects,
    IReadOnlyDictionary<string, OrderCounts> PerMarketplace);

/// <param name="ExpectedGroups">Same-recipient groups of the generator that can all ship.</param>
/// <param name="Offered">Candidates that held exactly such a group.</param>
/// <param name="Wrong">Candidates that held anything else.</param>
public sealed record BundlingReport(int ExpectedGroups, int Offered, int Wrong);

/// <param name="TransactionsPerNewOrder">Storage requests from taking the pull message to the commit that releases or locks, divided by the new orders.</param>
/// <param name="TransactionsPerUnchangedOrder">(Requests of pulling an unchanged window − requests of empty pulls) ÷ orders.</param>
/// <param name="TransactionsPerEmptyPull">Requests of one pull of a store without orders, the most expensive marketplace.</param>
/// <param name="RowsPerOrder">Row versions written until the order was bundled.</param>
/// <param name="BytesPerOrder">Bytes of the properties of these.</param>
/// <param name="ByOperation">All storage requests of the run, by operation.</param>
public sealed record StorageReport(
    double TransactionsPerNewOrder, double TransactionsPerUnchangedOrder, double TransactionsPerEmptyPull, double RowsPerOrder, double BytesPerOrder, IReadOnlyDictionary<string, long> ByOperation);

/// <param name="OrdersPerSecond">New orders divided by the time of the first pull and bundle phase.</param>
/// <param name="FloorOrdersPerSecond">The same row versions and bytes written in transactions of 100 by the same client right after the run; null below 2,000 orders.</param>
public sealed record ThroughputReport(double OrdersPerSecond, double? FloorOrdersPerSecond, double? FloorRatio);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(OnceReport))]
internal sealed partial class OnceJson : JsonSerializerContext;
