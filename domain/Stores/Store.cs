using System.Collections.Immutable;

namespace Domain.Stores;

/// <summary>One shop on one marketplace (店舗), as its owner set it up.</summary>
public sealed record Store
{
    public required StoreId Id { get; init; }

    /// <summary>The marketplace's code, for example <c>qoo10</c>.</summary>
    public required string Marketplace { get; init; }

    /// <summary>The name that staff reads (店舗名).</summary>
    public required string Name { get; init; }

    public required BundleGroupId Group { get; init; }

    /// <summary>Null: watch mode (見るだけ). Otherwise orders placed from this instant on may be released; earlier ones are handled elsewhere.</summary>
    public DateTimeOffset? LiveFrom { get; init; }

    public StoreSwitches Switches { get; init; } = StoreSwitches.AllOn;

    /// <summary>Where the marketplace is; null = the manifest's production address. The sandbox and marketplaces' test hosts are set here.</summary>
    public Uri? BaseAddress { get; init; }

    /// <summary>Settings that the manifest declares, by name; what is absent has the manifest's default.</summary>
    public ImmutableSortedDictionary<string, string> Settings { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The store's own mapping rows; they go before the manifest's defaults.</summary>
    public StoreMappings Mappings { get; init; } = StoreMappings.Empty;

    /// <summary>A product code without a row in 商品対応表 holds the order; false = such a code is the shop's own.</summary>
    public bool HoldUnmappedSkus { get; init; }

    /// <summary>受注CSVの列: our field → the header text in this store's file; goes before the manifest's. Several columns are joined as
    /// <c>姓 + " " + 名</c>.</summary>
    public ImmutableSortedDictionary<string, string> OrderFileColumns { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>受注CSVの文字コード: <c>utf-8</c> or <c>shift_jis</c>; null = the manifest's.</summary>
    public string? OrderFileEncoding { get; init; }

    /// <summary>After this time of day (JST) an order without a requested date ships on the next day (締め時間).</summary>
    public TimeOnly CutOff { get; init; } = new(12, 0);

    public BundlePolicy Bundling { get; init; } = BundlePolicy.Candidates;

    /// <summary>Buyer name and e-mail compare as received instead of normalised (厳密).</summary>
    public bool StrictBuyerMatch { get; init; }

    /// <summary>Where this store's parcels leave from (出荷元倉庫).</summary>
    public string Warehouse { get; init; } = "main";

    /// <summary>What the ship gate does when the marketplace cannot be asked: null = hold and alert; otherwise ship on an answer at most this many minutes old.</summary>
    public int? ShipOnAnswerMinutes { get; init; }

    /// <summary>Mark the order as completed at the marketplace once the number is confirmed there.</summary>
    public bool CompleteAfterPush { get; init; } = true;

    /// <summary>Tell the marketplace when work starts (Yahoo 既読, au PAY 発送待ち, Qoo10 配送準備).</summary>
    public bool Acknowledge { get; init; }

    /// <summary>Pull often even without orders; demo stores set 10. Null = the manifest's poll period.</summary>
    public int? PollSeconds { get; init; }

    /// <summary>The code under which the shop keeps the stock of what the marketplace calls so.</summary>
    public string ArticleOf(string sku) => Mappings.Skus.GetValueOrDefault(sku, sku);

    public bool IsLive => LiveFrom is not null;

    /// <summary>May an order placed then be released at all?</summary>
    public bool Covers(DateTimeOffset placedAt) => LiveFrom is { } from && placedAt >= from;

    public string Setting(string name, string fallback) => Settings.TryGetValue(name, out var value) ? value : fallback;
}

/// <summary>What a store does by itself. Stop-all overrides every store's switches.</summary>
public sealed record StoreSwitches(bool Pull, bool Release, bool Push, bool Stock, bool Cancel)
{
    public static readonly StoreSwitches AllOn = new(true, true, true, true, true);

    public static readonly StoreSwitches AllOff = new(false, false, false, false, false);
}

/// <summary>How equal deliveries are treated (同梱).</summary>
public enum BundlePolicy
{
    /// <summary>Never looked for.</summary>
    Off,

    /// <summary>Offered to a person and locked until decided (同梱候補).</summary>
    Candidates,
}
