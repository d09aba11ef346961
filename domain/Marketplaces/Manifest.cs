using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Domain.Stores;

namespace Domain.Marketplaces;

/// <summary>What a connector declares about its marketplace (<c>connector.json</c>): forms, docs, alerts, plans and tests are made from it.</summary>
public sealed record Manifest
{
    /// <summary>For example <c>au-pay-market</c>; the same in reports, routes and docs.</summary>
    public required string Code { get; init; }

    public required ManifestText Name { get; init; }

    /// <summary>The production address. Every path of the connector is relative to the host.</summary>
    public required string BaseAddress { get; init; }

    /// <summary>All hosts that the connector may call.</summary>
    public required ImmutableArray<string> Hosts { get; init; }

    public required ImmutableArray<string> Capabilities { get; init; }

    public required ImmutableArray<Lane> Lanes { get; init; }

    /// <summary>Seconds between two polls of a store in the daytime (7:00 to 24:00 JST).</summary>
    public int PollSeconds { get; init; } = 60;

    public required ImmutableArray<CallLimit> Limits { get; init; }

    public ImmutableArray<MaintenanceWindow> Maintenance { get; init; } = [];

    /// <summary>The marketplace takes calls only from registered addresses.</summary>
    public required bool NeedsFixedAddress { get; init; }

    public required ImmutableArray<CredentialField> Credentials { get; init; }

    public ImmutableArray<PushStep> PushSteps { get; init; } = [];

    /// <summary>Orders a shipment call takes at most.</summary>
    public int PushBatch { get; init; } = 1;

    /// <summary>Orders a by-code read takes at most in one call.</summary>
    public int ReadBatch { get; init; } = 1;

    public ImmutableArray<StoreSetting> Settings { get; init; } = [];

    /// <summary>The buyer's e-mail is a relay that differs per order; the bundle key takes the buyer's phone instead.</summary>
    public bool RelayEmails { get; init; }

    public required ImmutableArray<CarrierCode> Carriers { get; init; }

    /// <summary>Where the service's specification is not public: the store setting (true, false) with which the merchant confirms the guessed
    /// contract. Until then a store of this marketplace is never called. Null = the contract is known.</summary>
    public string? ConfirmSetting { get; init; }

    /// <summary>What becomes of an order with several recipients: <c>always</c> = a delivery and a number for each; a store setting's name = where
    /// that setting is true; null = never, the order is held.</summary>
    public string? NumberPerDestination { get; init; }

    /// <summary>How stock is told; null = there is no stock call.</summary>
    public StockManifest? Stock { get; init; }

    /// <summary>The order file that staff downloads from the marketplace's own screen (受注CSV): the second way in. Null = none is known.</summary>
    public OrderFileManifest? OrderFile { get; init; }

    /// <summary>Default meaning of the marketplace's texts.</summary>
    public required ManifestMappings Mappings { get; init; }

    /// <summary>Answer to each rule of the quality list: <c>done</c> or <c>exempt: why</c>.</summary>
    public ImmutableSortedDictionary<string, string> Quality { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public StoreMappings DefaultMappings => new()
    {
        Payments = StoreMappings.Empty.Payments.SetItems(Mappings.Payments),
        Deliveries = StoreMappings.Empty.Deliveries.SetItems(Mappings.Deliveries.Select(d => KeyValuePair.Create(d.Key, DeliveryMethod.Parse(d.Value)))),
        TimeSlots = StoreMappings.Empty.TimeSlots.SetItems(Mappings.TimeSlots),
    };

    public static Manifest Parse(Stream json) =>
        JsonSerializer.Deserialize(json, ManifestJson.Default.Manifest) ?? throw new FormatException("connector.json is empty.");

    /// <summary>The lane's window for this store, in JST calendar days: the store's setting where the lane has one.</summary>
    public int LookbackDaysOf(Lane lane, Store store) => lane.LookbackSetting is { } name
        ? int.Parse(store.Setting(name, Settings.Single(s => s.Name == name).Default), CultureInfo.InvariantCulture)
        : lane.LookbackDays;

    /// <summary>The merchant has confirmed a contract that is guessed, or there is nothing to confirm.</summary>
    public bool IsConfirmed(Store store) => ConfirmSetting is not { } name || IsTrue(store, name);

    /// <summary>An order with several recipients becomes a delivery each, and each number is reported.</summary>
    public bool ReportsEachDestination(Store store) => NumberPerDestination switch
    {
        null => false,
        "always" => true,
        var name => IsTrue(store, name),
    };

    private bool IsTrue(Store store, string setting) =>
        bool.TryParse(store.Setting(setting, Settings.Single(s => s.Name == setting).Default), out var value) && value;

    public string? CarrierCodeFor(string service) => Carriers.FirstOrDefault(c => c.Service == service)?.Code;
}

public sealed record ManifestText(string Ja, string En);

/// <summary>One search that the marketplace offers.</summary>
/// <param name="LookbackDays">The window in JST calendar days: the day of the order is at least today minus this.</param>
/// <param name="LookbackSetting">The store setting that may change it; null = fixed.</param>
/// <param name="LookbackEnforced">The marketplace itself refuses older orders, or that must be assumed: 「これ以降は取得できません」. Otherwise we chose it.</param>
/// <param name="Evidence">The mark of the lookback: <c>official</c>, <c>seen</c>, <c>chosen</c>, <c>assumed</c>.</param>
/// <param name="SettleSeconds">An order may become visible this long after its time; coverage stays behind the read's start by as much.</param>
/// <param name="TailSeconds">The newest stretch of the window that every pull reads again.</param>
/// <param name="FullPassHours">Every so many hours the whole window is read again.</param>
/// <param name="Grain">The finest span the search can name.</param>
/// <param name="PageSize">Orders an answer holds at most; 0 = the API has no pages.</param>
/// <param name="Signs">The lane shows claims and the like, never new orders.</param>
public sealed record Lane(
    string Id,
    int LookbackDays,
    string? LookbackSetting,
    bool LookbackEnforced,
    string Evidence,
    int SettleSeconds,
    int TailSeconds,
    int FullPassHours,
    LaneGrain Grain,
    int PageSize,
    bool Signs = false);

public enum LaneGrain
{
    Second,
    Day,
}

/// <summary>A limit of the marketplace on our calls.</summary>
/// <param name="Endpoint">The endpoint that it counts; null = all together.</param>
/// <param name="Counts">What it counts by.</param>
/// <param name="Serial">At most one call in flight.</param>
/// <param name="Evidence">Where it is from: <c>official</c>, <c>seen</c>, <c>assumed</c>.</param>
public sealed record CallLimit(string Id, string? Endpoint, LimitScope Counts, double? PerSecond, int? PerDay, bool Serial, string Evidence)
{
    /// <summary>True: the limit holds for each endpoint by itself (Yahoo: 1 a second per API).</summary>
    public bool EachEndpoint { get; init; }
}

public enum LimitScope
{
    Store,
    Application,
    Credential,
}

/// <param name="From">JST, every day.</param>
public sealed record MaintenanceWindow(TimeOnly From, TimeOnly To, string Note);

/// <param name="Field">The field's name in code and secret names, for example <c>api-key</c>.</param>
/// <param name="LifetimeDays">Days from issue to expiry; null = does not expire.</param>
/// <param name="Secret">False: not secret but kept beside it (a version, an expiry date).</param>
/// <param name="Renewal">Steps in Japanese, with the admin screen's own words.</param>
public sealed record CredentialField(string Field, ManifestText Label, int? LifetimeDays, bool Secret, ImmutableArray<string> Renewal);

/// <summary>One call of a push.</summary>
/// <param name="Step">Its name, for example <c>number</c> or <c>complete</c>.</param>
/// <param name="MovesMoney">It captures a payment: only ever with a shipment.</param>
/// <param name="Optional">Left out where the store does not complete orders.</param>
public sealed record PushStep(string Step, Repeatability Repeat, bool MovesMoney, bool Optional);

/// <summary>What sending the same again does when the first answer was lost and nothing can be read back.</summary>
public enum Repeatability
{
    Harmless,
    Harmful,
    Unverified,
}

/// <param name="Type"><c>text</c>, <c>number</c>, <c>boolean</c> or a choice written <c>a|b|c</c>.</param>
public sealed record StoreSetting(string Name, ManifestText Label, string Type, string Default, string Note, bool Required = false);

/// <param name="Service">Our internal service name.</param>
/// <param name="Code">The marketplace's code or name for it.</param>
public sealed record CarrierCode(string Service, string Code, string Evidence);

/// <summary>How the marketplace takes stock levels.</summary>
/// <param name="Batch">Items that one call takes at most.</param>
/// <param name="VariationBy">How a variation of an item is addressed: <c>none</c> (every SKU has a code of its own), <c>code</c> or <c>name</c>.</param>
/// <param name="Evidence">The mark of the call: <c>official</c>, <c>seen</c>, <c>assumed</c>.</param>
public sealed record StockManifest(int Batch, string VariationBy, string Evidence);

/// <summary>The order-download file of a marketplace: one row a line item, the order's own fields repeated on each of its rows.</summary>
/// <param name="Encoding"><c>utf-8</c> or <c>shift_jis</c> (CP932).</param>
/// <param name="Columns">Our field (<see cref="OrderFileFields"/>) → the header texts that may name it, best first. A store may name others.</param>
/// <param name="DateFormats">How the file writes times, JST; tried in order.</param>
/// <param name="Statuses">The file's status text → standing; a text that is not listed holds the order by its name.</param>
/// <param name="Completes">The file completes orders that the API brings only in part (有効化).</param>
/// <param name="Evidence">The mark of the columns: <c>official</c>, <c>seen</c>, <c>assumed</c>.</param>
public sealed record OrderFileManifest(
    string Encoding,
    ImmutableSortedDictionary<string, ImmutableArray<string>> Columns,
    ImmutableArray<string> DateFormats,
    ImmutableSortedDictionary<string, Domain.Orders.MarketplaceStanding> Statuses,
    bool Completes,
    string Evidence);

/// <summary>The fields that a column of an order file may stand for.</summary>
public static class OrderFileFields
{
    public static readonly ImmutableSortedSet<string> All = ImmutableSortedSet.Create(StringComparer.Ordinal,
    [
        "order-code", "placed-at", "status", "paid",
        "buyer-name", "buyer-kana", "buyer-postal-code", "buyer-prefecture", "buyer-city", "buyer-street", "buyer-building", "buyer-address", "buyer-phone", "buyer-email",
        "recipient-name", "recipient-kana", "recipient-postal-code", "recipient-prefecture", "recipient-city", "recipient-street", "recipient-building", "recipient-address", "recipient-phone",
        "destination-id", "line-id", "sku", "title", "option", "quantity", "unit-price", "tax-rate",
        "items", "shipping-fee", "payment-fee", "wrapping-fee", "discount", "coupon", "points", "total", "billed",
        "payment", "delivery", "requested-date", "time-slot", "gift", "wrapping", "noshi", "gift-message", "buyer-note",
    ]);

    /// <summary>Without these no order can be read.</summary>
    public static readonly ImmutableArray<string> Required = ["order-code", "placed-at", "sku", "quantity"];
}

public sealed record ManifestMappings
{
    public required ImmutableDictionary<string, PaymentMethod> Payments { get; init; }

    /// <summary>Delivery text → <c>service</c> or <c>service+chilled</c>.</summary>
    public required ImmutableDictionary<string, string> Deliveries { get; init; }

    public required ImmutableDictionary<string, string> TimeSlots { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    ReadCommentHandling = JsonCommentHandling.Skip,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Manifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
