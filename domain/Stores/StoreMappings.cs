using System.Collections.Immutable;

namespace Domain.Stores;

/// <summary>What the marketplace's words mean to this store (連携の設定). Keys are the marketplace's texts, exactly as received.</summary>
public sealed record StoreMappings
{
    public static readonly StoreMappings Empty = new();

    /// <summary>Payment text → payment method (支払方法).</summary>
    public ImmutableSortedDictionary<string, PaymentMethod> Payments { get; init; } =
        ImmutableSortedDictionary.Create<string, PaymentMethod>(StringComparer.Ordinal);

    /// <summary>Delivery text → our service and temperature (配送方法, 温度帯).</summary>
    public ImmutableSortedDictionary<string, DeliveryMethod> Deliveries { get; init; } =
        ImmutableSortedDictionary.Create<string, DeliveryMethod>(StringComparer.Ordinal);

    /// <summary>Time-slot text → slot code (希望時間帯), for example <c>am</c>, <c>14-16</c>.</summary>
    public ImmutableSortedDictionary<string, string> TimeSlots { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>The marketplace's product code → the code under which the shop keeps its stock (商品対応表).</summary>
    public ImmutableSortedDictionary<string, string> Skus { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>The store's rows over the defaults: a text that both know takes the store's.</summary>
    public StoreMappings Over(StoreMappings defaults) => new()
    {
        Payments = defaults.Payments.SetItems(Payments),
        Deliveries = defaults.Deliveries.SetItems(Deliveries),
        TimeSlots = defaults.TimeSlots.SetItems(TimeSlots),
        Skus = defaults.Skus.SetItems(Skus),
    };
}

/// <summary>How the buyer pays (支払方法), as far as shipping cares.</summary>
public enum PaymentMethod
{
    /// <summary>Credit card (クレジットカード): authorised before, captured with the shipment.</summary>
    Card,

    /// <summary>Wallets and carrier billing (PayPay, d払い, auかんたん決済).</summary>
    Wallet,

    /// <summary>Convenience store, paid before shipping (コンビニ前払い).</summary>
    ConvenienceStore,

    /// <summary>Bank transfer and the like (銀行振込, ペイジー).</summary>
    BankTransfer,

    /// <summary>Cash on delivery (代金引換).</summary>
    CashOnDelivery,

    /// <summary>Invoice after delivery (後払い, NP後払い).</summary>
    Deferred,

    /// <summary>Nothing to pay (全額ポイント, 無料).</summary>
    None,
}

/// <summary>A carrier's service and the temperature it travels at (配送方法). Written <c>yamato</c> or <c>yamato+chilled</c>.</summary>
/// <param name="Service">Our internal service name, for example <c>yamato</c>, <c>sagawa</c>, <c>jp-yupack</c>, <c>yamato-nekopos</c>.</param>
public sealed record DeliveryMethod(string Service, Temperature Temperature = Temperature.Normal)
{
    public static DeliveryMethod Parse(string text)
    {
        var parts = text.Split('+', 2);
        return new DeliveryMethod(parts[0], parts.Length == 1 ? Temperature.Normal : Enum.Parse<Temperature>(parts[1], ignoreCase: true));
    }

    public override string ToString() => Temperature is Temperature.Normal ? Service : $"{Service}+{(Temperature is Temperature.Chilled ? "chilled" : "frozen")}";
}

/// <summary>配送温度</summary>
public enum Temperature
{
    /// <summary>常温</summary>
    Normal,

    /// <summary>冷蔵</summary>
    Chilled,

    /// <summary>冷凍</summary>
    Frozen,
}
