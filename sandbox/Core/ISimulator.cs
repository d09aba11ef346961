namespace Sandbox.Core;

/// <summary>A marketplace, simulated on its own wire format. One folder a marketplace; it shares no type with the connector.
/// Whoever steers it with an unknown account or order gets a <see cref="KeyNotFoundException"/>, with a senseless value an
/// <see cref="ArgumentException"/>, with a step that the order's state forbids an <see cref="InvalidOperationException"/>.</summary>
public interface ISimulator
{
    /// <summary>The marketplace's code, for example <c>au-pay-market</c>.</summary>
    string Marketplace { get; }

    /// <summary>The path prefixes that this simulator serves, for example <c>/wmshopapi/</c>.</summary>
    IReadOnlyList<string> Prefixes { get; }

    /// <summary>Answers one call as the service would, with its authentication, limits, statuses and error bodies.
    /// Throws <see cref="ConnectionCutException"/> where a fault cuts the connection. Thread-safe; never blocks.</summary>
    SimResponse Handle(SimRequest request);

    /// <summary>Opens a seller's account with fresh credentials, or resets an existing one.</summary>
    /// <returns>The credentials under the field names that the marketplace's own screens use, and the account's settings.</returns>
    SimAccount OpenAccount(string account);

    /// <summary>A buyer places an order. Returns the code under which the seller knows it (for Qoo10 the cart number).</summary>
    string Place(string account, SeedOrder order);

    /// <summary>The payment arrives (入金, 決済完了).</summary>
    void Pay(string account, string code);

    /// <summary>The whole order is cancelled at the marketplace, by the buyer or the service.</summary>
    void Cancel(string account, string code);

    /// <summary>A review ends: the held order becomes visible and may be shipped.</summary>
    void EndReview(string account, string code);

    /// <summary>Kills a credential as the service would.</summary>
    /// <param name="how">"expired", "revoked", "address" (source address not registered) or "rights".</param>
    void BreakCredential(string account, string how);

    /// <summary>Undoes <see cref="BreakCredential"/>, or issues anew; returns the credentials now in force.</summary>
    SimAccount RenewCredential(string account);

    /// <summary>The state of every order that a perfect client could have been served up to now, read from the simulator's own state.
    /// Yahoo's orders inside the 10 minutes are not in it; Qoo10's vanished ones are.</summary>
    IReadOnlyList<ServedOrder> Served(string account);
}

/// <summary>A marketplace that keeps stock and takes levels from the seller.</summary>
public interface IStockSimulator
{
    /// <summary>Puts items on sale, or sets their stock.</summary>
    void PutItems(string account, IReadOnlyList<SeedItem> items);

    /// <summary>Every item on sale with the stock that the marketplace holds.</summary>
    IReadOnlyList<SeedItem> Items(string account);
}

/// <summary>A marketplace whose admin screen gives orders as a file (受注データのダウンロード).</summary>
public interface IOrderDownloads
{
    /// <summary>The file as staff would download it, in the marketplace's encoding: one row a line item, oldest order first.</summary>
    /// <param name="codes">The orders wanted; null = all.</param>
    byte[] DownloadOrders(string account, IReadOnlySet<string>? codes = null);
}

/// <param name="Secrets">Field name → value, for example <c>api-key</c>.</param>
/// <param name="Settings">What is not secret, for example the shop id.</param>
public sealed record SimAccount(string Account, IReadOnlyDictionary<string, string> Secrets, IReadOnlyDictionary<string, string> Settings);

/// <summary>What the marketplace itself holds about one order.</summary>
/// <param name="Status">The marketplace's own word for the status.</param>
/// <param name="Shipped">The marketplace considers it shipped (number and status, whatever it needs for that).</param>
/// <param name="TrackingNumber">The number it holds; for several lines the distinct numbers joined by a comma; empty when none.</param>
/// <param name="VisibleSince">From when the search has returned it.</param>
public sealed record ServedOrder(string Code, DateTimeOffset PlacedAt, DateTimeOffset VisibleSince, string Status, bool Paid, bool Cancelled, bool Shipped, string Carrier, string TrackingNumber);
