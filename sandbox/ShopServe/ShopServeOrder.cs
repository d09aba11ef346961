using Sandbox.Core;

namespace Sandbox.ShopServe;

/// <summary>One order as the service holds it, with its three independent statuses (決済, 入金, 発送) and its own. Guarded by its shop's lock.</summary>
internal sealed class ShopServeOrder(string serialCode, SeedOrder seed, DateTimeOffset receivedAt)
{
    public const string Unshipped = "未発送";
    public const string ShippedWord = "発送済";
    public const string New = "新規";
    public const string CancelledWord = "キャンセル";

    private readonly Dictionary<string, byte[]> _rendered = new(StringComparer.Ordinal);

    public string SerialCode { get; } = serialCode;

    public SeedOrder Seed { get; } = seed;

    public DateTimeOffset PlacedAt => Seed.PlacedAt;

    public DateTimeOffset VisibleSince { get; } = receivedAt > seed.PlacedAt ? receivedAt : seed.PlacedAt;

    public string PaymentMethod { get; } = seed.PaymentText ?? (seed.Paid ? "クレジットカード" : "銀行振込");

    public bool Cancelled { get; private set; }

    public bool Paid { get; private set; } = seed.Paid;

    public bool Shipped { get; private set; }

    public string Company { get; private set; } = "";

    public string Number { get; private set; } = "";

    public string ShippedDate { get; private set; } = "";

    public string OrderStatus => Cancelled ? CancelledWord : New;

    public string DepositStatus => Paid ? "入金済" : "未入金";

    public string SettlementStatus => Paid ? "決済済" : "未決済";

    public string ShippingStatus => Shipped ? ShippedWord : Unshipped;

    /// <summary>The order with these parts in UTF-8, made once until it changes.</summary>
    public byte[] Json(IReadOnlySet<string> parts)
    {
        var key = string.Join(';', parts.Order(StringComparer.Ordinal));
        if (!_rendered.TryGetValue(key, out var json))
        {
            _rendered[key] = json = ShopServeOrderJson.Render(this, parts);
        }

        return json;
    }

    public ServedOrder Served() => new(
        SerialCode, PlacedAt, VisibleSince, Cancelled ? OrderStatus : ShippingStatus, Paid, Cancelled, Shipped && Number.Length > 0, Company, Number);

    public void Pay()
    {
        Paid = true;
        _rendered.Clear();
    }

    public void Cancel()
    {
        Cancelled = true;
        _rendered.Clear();
    }

    /// <summary>配送会社, お問い合わせ番号, 出荷日 and 発送ステータス; null leaves what stands there.</summary>
    public IReadOnlyList<JournalEffect> Report(string? company, string? number, string? date, string? status)
    {
        var effects = new List<JournalEffect>();
        var before = $"{Company} {Number}".Trim();
        (Company, Number, ShippedDate) = (company ?? Company, number ?? Number, date ?? ShippedDate);
        if ($"{Company} {Number}".Trim() is var after && after != before)
        {
            effects.Add(new JournalEffect(EffectKind.Number, SerialCode, "", before, after, Again: false));
        }

        if (status == ShippedWord && !Shipped)
        {
            Shipped = true;
            effects.Add(new JournalEffect(EffectKind.Status, SerialCode, "", Unshipped, ShippedWord, Again: false));
        }

        _rendered.Clear();
        return effects;
    }
}
