using System.Globalization;
using Sandbox.Core;

namespace Sandbox.Qoo10;

/// <summary>An item on sale: one quantity, or one for each combination of options. Guarded by its shop's lock.</summary>
internal sealed class Qoo10Item(string itemCode, string sellerCode)
{
    public string ItemCode { get; } = itemCode;

    public string SellerCode { get; } = sellerCode;

    public int Qty { get; set; }

    /// <summary>販売終了日</summary>
    public DateOnly Expires { get; set; }

    /// <summary>Option code → quantity.</summary>
    public SortedDictionary<string, int> Options { get; } = new(StringComparer.Ordinal);
}

/// <summary>An account's items and the calls about their stock (ItemsOrder, ItemsOptions, ItemsLookup). Codes as the guide lists them; where it lists none: [K].</summary>
internal sealed class Qoo10Items
{
    private const int NotFound = -10001;
    private const int ProcessingError = -10101;
    private const int SomeFailed = -1;
    private const int TooMany = -2;
    private const string OptionName = "種類";

    private readonly SortedDictionary<string, Qoo10Item> _bySellerCode = new(StringComparer.Ordinal);
    private long _lastItem = 1_000_000_000;

    public void Clear() => _bySellerCode.Clear();

    public void Put(IReadOnlyList<SeedItem> items, DateOnly today)
    {
        foreach (var seed in items)
        {
            if (seed.Variation2.Length > 0)
            {
                throw new ArgumentException($"'{seed.Code}' cannot be an item here: an option's combination has one code.");
            }

            if (!_bySellerCode.TryGetValue(seed.Code, out var item))
            {
                _bySellerCode[seed.Code] = item = new Qoo10Item((++_lastItem).ToString(CultureInfo.InvariantCulture), seed.Code) { Expires = today.AddDays(Limits.SaleDays / 2) };
            }
            else if ((item.Options.Count > 0) != (seed.Variation1.Length > 0))
            {
                throw new ArgumentException($"Item '{seed.Code}' has either one stock or one for each option.");
            }

            if (seed.Variation1.Length > 0)
            {
                item.Options[seed.Variation1] = seed.Quantity;
            }
            else
            {
                item.Qty = seed.Quantity;
            }
        }
    }

    public IReadOnlyList<SeedItem> All() =>
    [
        .. _bySellerCode.Values.SelectMany(item => item.Options.Count > 0
            ? item.Options.Select(option => new SeedItem(item.SellerCode, option.Key, "", option.Value))
            : [new SeedItem(item.SellerCode, "", "", item.Qty)]),
    ];

    /// <summary>SetGoodsPriceQty. An end of sale that is not sent is reset to a year from now. [O]</summary>
    public int SetQty(Func<string, string> parameter, DateOnly today, List<JournalEffect> effects)
    {
        if (Find(parameter) is not { } item)
        {
            return NotFound;
        }

        if (parameter("Qty") is { Length: > 0 } text)
        {
            if (item.Options.Count > 0 || !Level(text, out var quantity))
            {
                return ProcessingError;
            }

            Note(effects, item, "", item.Qty, quantity);
            item.Qty = quantity;
        }

        item.Expires = DateOnly.TryParseExact(parameter("ExpireDate"), ["yyyy-MM-dd", "yyyyMMdd", "yyyy/MM/dd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : today.AddDays(Limits.SaleDays);
        return 0;
    }

    /// <summary>SetGoodsPriceQtyBulk: 0, or -1 when some rows failed; which of them is not told. [O] the codes</summary>
    public int SetQtyBulk(string json, DateOnly today, List<JournalEffect> effects)
    {
        if (Qoo10Writes.Rows(json) is not { } rows)
        {
            return ProcessingError;
        }

        if (rows.Count > Limits.BulkRows)
        {
            return TooMany;
        }

        var failed = 0;
        foreach (var row in rows)
        {
            failed += SetQty(name => row.GetValueOrDefault(name, "").Trim(), today, effects) == 0 ? 0 : 1;
        }

        return failed == 0 ? 0 : SomeFailed;
    }

    /// <summary>UpdateInventoryQtyUnit: one combination, by its code or by its names and values.</summary>
    public int SetOption(Func<string, string> parameter, List<JournalEffect> effects)
    {
        if (Find(parameter) is not { } item)
        {
            return NotFound;
        }

        var code = parameter("OptionCode") is { Length: > 0 } given ? given : parameter("OptionValue");
        if (!item.Options.TryGetValue(code, out var before) || parameter("OptionName") != OptionName || parameter("OptionValue") != code || !Level(parameter("Qty"), out var quantity))
        {
            return ProcessingError;
        }

        Note(effects, item, code, before, quantity);
        item.Options[code] = quantity;
        return 0;
    }

    /// <summary>GetItemDetailInfo. Null = there is none.</summary>
    public IReadOnlyList<(string, object)>? Detail(Func<string, string> parameter) => Find(parameter) is { } item
        ?
        [
            ("ItemCode", item.ItemCode), ("SellerCode", item.SellerCode), ("ItemStatus", "S2"),
            ("ItemQty", (item.Options.Count > 0 ? item.Options.Values.Sum() : item.Qty).ToString(CultureInfo.InvariantCulture)), // as text [O]
            ("ExpireDate", item.Expires.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        ]
        : null;

    /// <summary>GetGoodsInventoryInfo. Null = there is no such item.</summary>
    public IEnumerable<IReadOnlyList<(string, object)>>? Inventory(Func<string, string> parameter) => Find(parameter) is { } item
        ? item.Options.Select(option => (IReadOnlyList<(string, object)>)
        [
            ("Name1", OptionName), ("Value1", option.Key), ("Name2", ""), ("Value2", ""), ("Name3", ""), ("Value3", ""), ("Name4", ""), ("Value4", ""), ("Name5", ""), ("Value5", ""),
            ("Price", 0m), ("Qty", option.Value), ("ItemTypeCode", option.Key),
        ])
        : null;

    /// <summary>By Qoo10's own number, else by the seller's code.</summary>
    private Qoo10Item? Find(Func<string, string> parameter) => parameter("ItemCode") is { Length: > 0 } number
        ? _bySellerCode.Values.FirstOrDefault(item => item.ItemCode == number)
        : _bySellerCode.GetValueOrDefault(parameter("SellerCode"));

    private static bool Level(string text, out int quantity) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out quantity);

    private static void Note(List<JournalEffect> effects, Qoo10Item item, string option, int before, int after)
    {
        if (before != after)
        {
            effects.Add(new JournalEffect(
                EffectKind.Stock, item.SellerCode, option, before.ToString(CultureInfo.InvariantCulture), after.ToString(CultureInfo.InvariantCulture), Again: false));
        }
    }
}
