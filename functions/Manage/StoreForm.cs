using System.Collections.Immutable;
using System.Globalization;
using Domain.Marketplaces;
using Domain.Stores;

namespace Functions.Manage;

/// <summary>A store as it is sent in and out. Secrets are never part of it: they are kept in Key Vault under names made of the store's id.</summary>
public sealed record StoreForm
{
    /// <summary>The marketplace's code, for example <c>qoo10</c>.</summary>
    public required string Marketplace { get; init; }

    public required string Name { get; init; }

    /// <summary>Null: the store is a group of its own.</summary>
    public string? Group { get; init; }

    public Uri? BaseAddress { get; init; }

    public Dictionary<string, string> Settings { get; init; } = [];

    public MappingForm Mappings { get; init; } = new();

    /// <summary>商品対応表にない商品コードの受注を確認待ちにする。</summary>
    public bool HoldUnmappedSkus { get; init; }

    /// <summary>受注CSVの列: our field → the header text of this store's file. What is left out has the marketplace's default.</summary>
    public Dictionary<string, string> OrderFileColumns { get; init; } = [];

    /// <summary>受注CSVの文字コード: <c>utf-8</c> or <c>shift_jis</c>. Null: the marketplace's default.</summary>
    public string? OrderFileEncoding { get; init; }

    /// <summary>締め時間, JST, for example <c>12:00</c>.</summary>
    public TimeOnly? CutOff { get; init; }

    public BundlePolicy? Bundling { get; init; }

    public bool StrictBuyerMatch { get; init; }

    public string? Warehouse { get; init; }

    public int? ShipOnAnswerMinutes { get; init; }

    public bool? CompleteAfterPush { get; init; }

    public bool Acknowledge { get; init; }

    public int? PollSeconds { get; init; }

    public static StoreForm Of(Store store) => new()
    {
        Marketplace = store.Marketplace,
        Name = store.Name,
        Group = store.Group.Value,
        BaseAddress = store.BaseAddress,
        Settings = store.Settings.ToDictionary(),
        Mappings = MappingForm.Of(store.Mappings),
        HoldUnmappedSkus = store.HoldUnmappedSkus,
        OrderFileColumns = store.OrderFileColumns.ToDictionary(),
        OrderFileEncoding = store.OrderFileEncoding,
        CutOff = store.CutOff,
        Bundling = store.Bundling,
        StrictBuyerMatch = store.StrictBuyerMatch,
        Warehouse = store.Warehouse,
        ShipOnAnswerMinutes = store.ShipOnAnswerMinutes,
        CompleteAfterPush = store.CompleteAfterPush,
        Acknowledge = store.Acknowledge,
        PollSeconds = store.PollSeconds,
    };

    /// <summary>The store as the form says, checked against the marketplace's manifest; what only the system sets is taken over from <paramref name="known"/>.</summary>
    /// <exception cref="BadRequestException">Something cannot be meant.</exception>
    public Store Apply(StoreId id, Store? known, MarketplaceDirectory marketplaces)
    {
        var manifest = marketplaces.Find(Marketplace)?.Manifest
            ?? throw new BadRequestException("marketplace", $"モール「{Marketplace}」には対応していません。対応: {string.Join(", ", marketplaces.All.Select(m => m.Manifest.Code).Order(StringComparer.Ordinal))}");
        Check(Name.Trim().Length is > 0 and <= 100, "name", "店舗名は1～100文字で入力してください。");
        Check(known is null || known.Marketplace == Marketplace, "marketplace", "登録済みの店舗のモールは変更できません。別の店舗として登録してください。");
        Check(Group is null || StoreId.TryParse(Group, out _), "group", "同梱グループは、英小文字・数字・ハイフンの3～40文字です。");
        var group = Group is null ? BundleGroupId.Of(id) : BundleGroupId.Parse(Group);
        Check(known is null || known.Group == group || !known.IsLive, "group", "稼働中の店舗の同梱グループは変更できません。");
        Check(BaseAddress is null or { IsAbsoluteUri: true, Scheme: "https" or "http" }, "baseAddress", "接続先は https:// から始まるURLで入力してください。");
        Check(Warehouse is null || IsWarehouse(Warehouse), "warehouse", WarehouseRule);
        Check(ShipOnAnswerMinutes is null or (> 0 and <= 1440), "shipOnAnswerMinutes", "出荷前確認の猶予は1～1440分で入力してください。");
        Check(PollSeconds is null or (>= 10 and <= 3600), "pollSeconds", "取込間隔は10～3600秒で入力してください。");
        CheckSettings(manifest);
        CheckOrderFile(manifest);
        return new Store
        {
            Id = id,
            Marketplace = Marketplace,
            Name = Name.Trim(),
            Group = group,
            LiveFrom = known?.LiveFrom,
            Switches = known?.Switches ?? StoreSwitches.AllOn,
            BaseAddress = BaseAddress,
            Settings = Settings.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Mappings = Mappings.Read(),
            HoldUnmappedSkus = HoldUnmappedSkus,
            OrderFileColumns = OrderFileColumns.ToImmutableSortedDictionary(c => c.Key, c => c.Value.Trim(), StringComparer.Ordinal),
            OrderFileEncoding = OrderFileEncoding,
            CutOff = CutOff ?? known?.CutOff ?? new TimeOnly(12, 0),
            Bundling = Bundling ?? known?.Bundling ?? BundlePolicy.Candidates,
            StrictBuyerMatch = StrictBuyerMatch,
            Warehouse = Warehouse ?? known?.Warehouse ?? "main",
            ShipOnAnswerMinutes = ShipOnAnswerMinutes,
            CompleteAfterPush = CompleteAfterPush ?? known?.CompleteAfterPush ?? true,
            Acknowledge = Acknowledge,
            PollSeconds = PollSeconds,
        };
    }

    /// <summary>Keys of the role warehouse name it, separated by spaces.</summary>
    internal const string WarehouseRule = "倉庫は、空白を含まない1～40文字で入力してください。";

    internal static bool IsWarehouse(string? warehouse) => warehouse is { Length: > 0 and <= 40 } && !warehouse.Any(char.IsWhiteSpace);

    private void CheckSettings(Manifest manifest)
    {
        foreach (var (name, value) in Settings)
        {
            Check(
                manifest.Credentials.All(c => c.Field != name), $"settings.{name}",
                $"「{name}」は認証情報です。ここには登録できません。Key Vault のシークレットとして登録してください。");
            var setting = manifest.Settings.FirstOrDefault(s => s.Name == name)
                ?? throw new BadRequestException($"settings.{name}", $"設定「{name}」は {manifest.Name.Ja} にはありません。指定できる設定: {string.Join(", ", manifest.Settings.Select(s => s.Name))}");
            var fits = setting.Type switch
            {
                "number" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= (IsLookback(manifest, name) ? 1 : 0) && number <= LargestNumber,
                "boolean" => value is "true" or "false",
                "text" => value is { Length: <= 200 },
                var choice => choice.Split('|').Contains(value),
            };
            Check(fits, $"settings.{name}", $"設定「{setting.Label.Ja}」の値「{value}」は使えません（{Words(setting.Type)}）。");
        }

        Check(
            manifest.ConfirmSetting is not { } confirm || Settings.GetValueOrDefault(confirm) != "true" || BaseAddress is not null || !IsUnknown(manifest.BaseAddress), "baseAddress",
            $"{manifest.Name.Ja} の接続先は公開されていません。モールから受け取った接続先のURLを入力してください。");
        foreach (var setting in manifest.Settings.Where(s => s.Required && s.Default.Length == 0))
        {
            Check(Settings.GetValueOrDefault(setting.Name) is { Length: > 0 }, $"settings.{setting.Name}", $"設定「{setting.Label.Ja}」（{setting.Name}）を入力してください。");
        }
    }

    /// <summary>The manifest names a host that cannot exist: the marketplace's address is known to its sellers only.</summary>
    private static bool IsUnknown(string address) => new Uri(address).Host.EndsWith(".invalid", StringComparison.Ordinal);

    private void CheckOrderFile(Manifest manifest)
    {
        Check(
            manifest.OrderFile is not null || (OrderFileColumns.Count == 0 && OrderFileEncoding is null), "orderFileColumns",
            $"{manifest.Name.Ja} の受注CSVには対応していません。");
        Check(OrderFileEncoding is null or Connectors.OrderFiles.OrderFileShape.Utf8 or Connectors.OrderFiles.OrderFileShape.ShiftJis, "orderFileEncoding", "受注CSVの文字コードは utf-8 または shift_jis で指定してください。");
        foreach (var (field, header) in OrderFileColumns)
        {
            Check(
                OrderFileFields.All.Contains(field), $"orderFileColumns.{field}",
                $"受注CSVの項目「{field}」はありません。指定できる項目: {string.Join(", ", OrderFileFields.All)}");
            Check(header is not null && header.Trim().Length is > 0 and <= 200, $"orderFileColumns.{field}", $"受注CSVの項目「{field}」には、ファイルの見出しを1～200文字で入力してください。");
        }
    }

    /// <summary>Days, hours, seconds and orders a page all stay below it.</summary>
    private const int LargestNumber = 10_000;

    private static bool IsLookback(Manifest manifest, string setting) => manifest.Lanes.Any(l => l.LookbackSetting == setting);

    private static string Words(string type) => type switch
    {
        "number" => "0以上の整数。日数は1以上",
        "boolean" => "true または false",
        "text" => "200文字まで",
        _ => $"次のいずれか: {type.Replace("|", ", ", StringComparison.Ordinal)}",
    };

    private static void Check(bool fits, string field, string message)
    {
        if (!fits)
        {
            throw new BadRequestException(field, message);
        }
    }
}

/// <summary>連携の設定: the marketplace's text → what it means.</summary>
public sealed record MappingForm
{
    public Dictionary<string, PaymentMethod> Payments { get; init; } = [];

    /// <summary>For example <c>yamato</c> or <c>yamato+chilled</c>.</summary>
    public Dictionary<string, string> Deliveries { get; init; } = [];

    public Dictionary<string, string> TimeSlots { get; init; } = [];

    /// <summary>商品対応表: the marketplace's product code → the shop's own.</summary>
    public Dictionary<string, string> Skus { get; init; } = [];

    public static MappingForm Of(StoreMappings mappings) => new()
    {
        Payments = mappings.Payments.ToDictionary(),
        Deliveries = mappings.Deliveries.ToDictionary(d => d.Key, d => d.Value.ToString()),
        TimeSlots = mappings.TimeSlots.ToDictionary(),
        Skus = mappings.Skus.ToDictionary(),
    };

    public StoreMappings Read() => new()
    {
        Payments = StoreMappings.Empty.Payments.SetItems(Payments),
        Deliveries = StoreMappings.Empty.Deliveries.SetItems(Deliveries.Select(d => KeyValuePair.Create(d.Key, MethodOf(d.Key, d.Value)))),
        TimeSlots = StoreMappings.Empty.TimeSlots.SetItems(TimeSlots.Select(t => KeyValuePair.Create(t.Key, SlotOf(t.Key, t.Value)))),
        Skus = StoreMappings.Empty.Skus.SetItems(Skus.Select(s => KeyValuePair.Create(s.Key, ArticleOf(s.Key, s.Value)))),
    };

    private static string SlotOf(string text, string? slot) => slot is { Length: > 0 and <= 20 }
        ? slot
        : throw new BadRequestException($"mappings.timeSlots.{text}", "希望時間帯は1～20文字で入力してください。例: am, 14-16");

    private static string ArticleOf(string sku, string? article) => article?.Trim() is { Length: > 0 and <= 100 } code
        ? code
        : throw new BadRequestException($"mappings.skus.{sku}", "商品対応表の商品コードは1～100文字で入力してください。");

    private static DeliveryMethod MethodOf(string text, string? method)
    {
        var parts = (method ?? "").Split('+');
        return Domain.Shipments.CarrierServices.Knows(parts[0]) && parts is [_] or [_, "chilled" or "frozen"]
            ? DeliveryMethod.Parse(method!)
            : throw new BadRequestException($"mappings.deliveries.{text}", $"配送方法「{method}」は使えません。例: yamato, yamato+chilled, sagawa, jp-yupack");
    }
}
