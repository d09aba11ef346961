using Sandbox.Core;

namespace Sandbox.Futureshop;

/// <summary>One recipient of an order (shipmentList): what goes there and what was reported.</summary>
internal sealed class FutureshopShipment(int number, SeedPerson recipient, IReadOnlyList<SeedLine> lines)
{
    /// <summary>shipmentNo, from 1.</summary>
    public int Number { get; } = number;

    public SeedPerson Recipient { get; } = recipient;

    public IReadOnlyList<SeedLine> Lines { get; } = lines;

    public string InvoiceNo { get; set; } = "";

    public DateOnly? ExpectedArrival { get; set; }

    public DateOnly? ShippingDate { get; set; }

    public bool IsShipped => ShippingDate is not null;

    public decimal ProductTotal => Lines.Sum(l => l.UnitPrice * l.Quantity);
}

/// <summary>An order as the shop's admin screen holds it. Guarded by its shop's lock.</summary>
internal sealed class FutureshopOrder
{
    /// <summary>The charge of one chilled parcel that the simulator's shop asks, yen.</summary>
    public const decimal CoolCharge = 330;

    public FutureshopOrder(string number, SeedOrder seed)
    {
        (Number, Seed) = (number, seed);
        Shipments =
        [
            new FutureshopShipment(1, seed.Recipient, seed.Lines),
            .. seed.FurtherDestinations.Select((d, i) => new FutureshopShipment(i + 2, d.Recipient, d.Lines)),
        ];
        PaymentType = seed.PaymentText ?? "CREDIT_CARD";
        DeliveryName = seed.DeliveryText ?? "宅配便";
        Status = seed.InReview ? "ON_HOLD" : "AWAITING_PAYMENT";
        LastUpdated = seed.PlacedAt;
        ReceiptDate = seed.Paid && PaymentType is not "COD" ? JapanTime.Day(seed.PlacedAt) : null;
    }

    public string Number { get; }

    public SeedOrder Seed { get; }

    public IReadOnlyList<FutureshopShipment> Shipments { get; }

    public string PaymentType { get; }

    /// <summary>deliveryServiceName, as the shop named it.</summary>
    public string DeliveryName { get; }

    /// <summary>AWAITING_PAYMENT is 通常 whatever was paid, ON_HOLD 保留, COMPLETED 処理済み, CANCELLED キャンセル.</summary>
    public string Status { get; set; }

    public DateTimeOffset LastUpdated { get; set; }

    public DateOnly? ReceiptDate { get; set; }

    public DateTimeOffset? ProcessedAt { get; set; }

    public DateTimeOffset? CancelledAt { get; set; }

    public bool IsCancelled => CancelledAt is not null;

    public bool IsShipped => Shipments.All(s => s.IsShipped);

    public bool IsStorePickup => DeliveryName.Contains("店舗受取", StringComparison.Ordinal);

    public decimal ProductTotal => Shipments.Sum(s => s.ProductTotal);

    public decimal CoolTotal => Seed.Chilled ? CoolCharge * Shipments.Count : 0;

    public decimal GrandTotal => ProductTotal + Seed.ShippingFee + CoolTotal - Seed.Coupon - Seed.Points;

    public ServedOrder Served() => new(
        Number, Seed.PlacedAt, Seed.PlacedAt, Status, ReceiptDate is not null, IsCancelled, IsShipped, IsShipped ? DeliveryName : "",
        string.Join(',', Shipments.Select(s => s.InvoiceNo).Where(n => n.Length > 0).Distinct()));
}
