using System.Globalization;
using Sandbox.Core;

namespace Sandbox.MakeShop;

/// <summary>What goes to one recipient of an order (deliveryInfos[]).</summary>
internal sealed class MakeShopDelivery(MakeShopOrder order, string id, SeedPerson recipient, IReadOnlyList<SeedLine> lines)
{
    public MakeShopOrder Order { get; } = order;

    /// <summary>deliveryId: 1, 2, … within the order.</summary>
    public string Id { get; } = id;

    public SeedPerson Recipient { get; } = recipient;

    public IReadOnlyList<SeedLine> Lines { get; } = lines;

    /// <summary>N not processed, Y shipped, C cancelled, R returned.</summary>
    public string Status { get; set; } = "N";

    public string SlipNumber { get; set; } = "";

    public string Carrier { get; set; } = "";

    public DateTimeOffset? ShippedAt { get; set; }

    public decimal Shipping => Id == "1" ? Order.Seed.ShippingFee : 0;

    public decimal Sum => Shipping + Lines.Sum(l => l.UnitPrice * l.Quantity);
}

/// <summary>One order as the marketplace holds it. Guarded by its shop's lock.</summary>
internal sealed class MakeShopOrder
{
    public MakeShopOrder(string number, string systemNumber, SeedOrder seed, DateTimeOffset receivedAt)
    {
        (Number, SystemNumber, Seed) = (number, systemNumber, seed);
        VisibleSince = receivedAt > seed.PlacedAt ? receivedAt : seed.PlacedAt;
        PayMethod = seed.PaymentText ?? (seed.Paid ? "D1" : "B");
        Paid = seed.Paid;
        PaidAt = seed.Paid ? seed.PlacedAt : null;
        Deliveries =
        [
            new MakeShopDelivery(this, "1", seed.Recipient, seed.Lines),
            .. seed.FurtherDestinations.Select((to, i) => new MakeShopDelivery(this, (i + 2).ToString(CultureInfo.InvariantCulture), to.Recipient, to.Lines)),
        ];
    }

    /// <summary>displayOrderNumber, by which every mutation names the order.</summary>
    public string Number { get; }

    /// <summary>systemOrderNumber: of the same form, and another number.</summary>
    public string SystemNumber { get; }

    public SeedOrder Seed { get; }

    public DateTimeOffset PlacedAt => Seed.PlacedAt;

    /// <summary>An order placed late with an old date has been searchable only since it was placed.</summary>
    public DateTimeOffset VisibleSince { get; }

    /// <summary>payMethod: a letter code. Their list for this API is not known; the letters of the older API [A]. A card's letter is in no source,
    /// so the prepaid method that the sandbox sells with is Amazon Pay (D1).</summary>
    public string PayMethod { get; }

    public bool Paid { get; private set; }

    public DateTimeOffset? PaidAt { get; private set; }

    public bool Captured { get; set; }

    public bool Cancelled { get; private set; }

    public IReadOnlyList<MakeShopDelivery> Deliveries { get; }

    /// <summary>sumPrice: net of points and coupon, line prices with tax. [C] one real order's figures.</summary>
    public decimal Sum => Deliveries.Sum(d => d.Sum) - Seed.Coupon - Seed.Points;

    /// <summary>paymentStatusCode. [C] one shop's verified mapping; what an unpaid order shows was not seen: 1000 [A].</summary>
    public string PaymentCode => this switch
    {
        { Cancelled: true } => "0003",
        { PayMethod: "R" } => "0000",
        { Paid: false } => "1000",
        { Sum: 0, Seed.Points: > 0 } => "1002",
        { PayMethod: "D1" } => "0004",
        _ => "0002",
    };

    public bool HasStatus(string status) => Deliveries.Any(d => d.Status == status);

    public void Pay(DateTimeOffset at) => (Paid, PaidAt) = (true, PaidAt ?? at);

    public IReadOnlyList<JournalEffect> Cancel()
    {
        Cancelled = true;
        foreach (var delivery in Deliveries)
        {
            delivery.Status = "C";
        }

        return [Effect(EffectKind.Cancel, "", "", "C")];
    }

    public ServedOrder Served()
    {
        var statuses = string.Join(',', Deliveries.Select(d => d.Status).Distinct());
        var shipped = Deliveries.All(d => d.Status == "Y" && d.SlipNumber.Length > 0);
        string Joined(Func<MakeShopDelivery, string> of) => string.Join(',', Deliveries.Select(of).Where(t => t.Length > 0).Distinct());
        return new ServedOrder(Number, PlacedAt, VisibleSince, statuses, Paid, Cancelled, shipped, Joined(d => d.Carrier), Joined(d => d.SlipNumber));
    }

    public JournalEffect Effect(EffectKind kind, string part, string before, string after) => new(kind, Number, part, before, after, Again: false);
}
