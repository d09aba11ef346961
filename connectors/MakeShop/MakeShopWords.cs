using System.Collections.Immutable;
using Domain.Marketplaces;

namespace Connectors.MakeShop;

/// <summary>What the store says about words and names of theirs that no source makes certain.</summary>
internal sealed record MakeShopWords
{
    /// <summary>paymentStatusCode of what is paid or authorised.</summary>
    public required ImmutableHashSet<string> Paid { get; init; }

    /// <summary>paymentStatusCode of cash on delivery.</summary>
    public required ImmutableHashSet<string> PaidOnDelivery { get; init; }

    public required ImmutableHashSet<string> PaymentCancelled { get; init; }

    /// <summary>deliveryStatus words, by what they mean.</summary>
    public required ImmutableHashSet<string> Open { get; init; }

    public required ImmutableHashSet<string> Shipped { get; init; }

    public required ImmutableHashSet<string> Cancelled { get; init; }

    public required ImmutableHashSet<string> Returned { get; init; }

    /// <summary>Role → the field's guessed name.</summary>
    public required ImmutableDictionary<string, string> Guessed { get; init; }

    /// <summary>A price is without tax.</summary>
    public required bool PricesWithoutTax { get; init; }

    /// <summary>配送方法 of an order that names none.</summary>
    public required string DeliveryWithoutMethod { get; init; }

    /// <summary>Words in the name of a choice that make it wrapping, or noshi.</summary>
    public required ImmutableArray<string> Wrapping { get; init; }

    public required ImmutableArray<string> Noshi { get; init; }

    public static MakeShopWords Of(StoreAccess access) => new()
    {
        Paid = [.. List(access, "paid-codes")],
        PaidOnDelivery = [.. List(access, "cod-codes")],
        PaymentCancelled = [.. List(access, "cancelled-codes")],
        Open = [.. List(access, "status-open")],
        Shipped = [.. List(access, "status-shipped")],
        Cancelled = [.. List(access, "status-cancelled")],
        Returned = [.. List(access, "status-returned")],
        Guessed = MakeShopFields.GuessedOf(access).GroupBy(g => g.Role).ToImmutableDictionary(g => g.Key, g => g.Last().Name, StringComparer.Ordinal),
        PricesWithoutTax = access.Setting("price-tax") == "excluded",
        DeliveryWithoutMethod = access.Setting("delivery-default"),
        Wrapping = [.. List(access, "wrapping-words")],
        Noshi = [.. List(access, "noshi-words")],
    };

    private static string[] List(StoreAccess access, string setting) =>
        access.Setting(setting).Split([',', '、', ' ', '　'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
