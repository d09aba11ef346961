using System.Text.Json.Serialization;

namespace Sandbox.Core;

/// <summary>An invented order in neutral words; each simulator says it in its own wire format.</summary>
public sealed record SeedOrder
{
    public SeedOrder()
    {
    }

    // JSON that leaves these out gets their defaults only where they are parameters.
    [JsonConstructor]
    internal SeedOrder(bool paid = true, int cartSize = 1) => (Paid, CartSize) = (paid, cartSize);

    public required DateTimeOffset PlacedAt { get; init; }

    public required SeedPerson Buyer { get; init; }

    public required SeedPerson Recipient { get; init; }

    public required IReadOnlyList<SeedLine> Lines { get; init; }

    /// <summary>The marketplace's display text of the payment method; null = its usual prepaid method (card).</summary>
    public string? PaymentText { get; init; }

    /// <summary>The marketplace's display text of the delivery method; null = its usual one.</summary>
    public string? DeliveryText { get; init; }

    public DateOnly? RequestedDate { get; init; }

    /// <summary>The marketplace's own text of the time slot; null = none.</summary>
    public string? TimeSlotText { get; init; }

    public string? BuyerNote { get; init; }

    public bool GiftWrap { get; init; }

    public string? Noshi { get; init; }

    /// <summary>Shipping fee in yen, tax included.</summary>
    public decimal ShippingFee { get; init; }

    public decimal Coupon { get; init; }

    public decimal Points { get; init; }

    /// <summary>False: waits for the payment (発送前入金待ち, 未入金).</summary>
    public bool Paid { get; init; } = true;

    /// <summary>Held for review by the marketplace (不正取引審査中, FraudHold); ends with <see cref="ISimulator.EndReview"/>.</summary>
    public bool InReview { get; init; }

    /// <summary>The answer about this order has a broken shape: "date", "amount" or "missing"; null = readable.</summary>
    public string? Malformed { get; init; }

    /// <summary>Further recipients (複数送付先) and what goes to them beside <see cref="Lines"/>, which go to <see cref="Recipient"/>.
    /// A marketplace without several recipients refuses such an order with an <see cref="ArgumentException"/>.</summary>
    public IReadOnlyList<SeedDestination> FurtherDestinations { get; init; } = [];

    /// <exception cref="ArgumentException">The order has further recipients.</exception>
    public void MustHaveOneRecipient()
    {
        if (FurtherDestinations.Count > 0)
        {
            throw new ArgumentException("An order has one recipient at this marketplace.");
        }
    }

    /// <summary>Kept cool (クール便).</summary>
    public bool Chilled { get; init; }

    /// <summary>The marketplace ships it from its own warehouse (SHOPLIST スピード便); elsewhere ignored.</summary>
    public bool ShippedByMarketplace { get; init; }

    /// <summary>For Qoo10: how many order numbers the cart has; elsewhere ignored. Each line is one order number; fewer lines are repeated.</summary>
    public int CartSize { get; init; } = 1;

    /// <summary>The code to use; null = the simulator numbers it.</summary>
    public string? Code { get; init; }
}

/// <param name="Prefecture">都道府県</param>
/// <param name="City">市区町村</param>
/// <param name="Street">町・番地</param>
/// <param name="Building">建物; may be empty.</param>
public sealed record SeedPerson(
    string LastName, string FirstName, string LastKana, string FirstKana, string PostalCode,
    string Prefecture, string City, string Street, string Building, string Phone, string Email);

/// <summary>A further recipient of an order and the lines that go there.</summary>
public sealed record SeedDestination(SeedPerson Recipient, IReadOnlyList<SeedLine> Lines);

/// <summary>An item on sale, with its stock.</summary>
/// <param name="Code">商品コード</param>
/// <param name="Variation1">The first variation's code or name; empty = none.</param>
public sealed record SeedItem(string Code, string Variation1, string Variation2, int Quantity);

/// <param name="UnitPrice">Yen, tax included.</param>
/// <param name="TaxRate">8 or 10 (percent).</param>
public sealed record SeedLine(string Sku, string Title, string Option, int Quantity, decimal UnitPrice, int TaxRate);
