using System.Collections.Immutable;
using Domain.Stores;

namespace Domain.Orders;

/// <summary>What the marketplace says about one order at one reading, in our words but unjudged: texts stand as received, nothing is mapped.</summary>
/// <remarks>Immutable arrays compare by reference: compare snapshots by the hash of what is stored.</remarks>
public sealed record OrderSnapshot
{
    public required OrderCode Code { get; init; }

    /// <summary>When the buyer placed it (注文日時), UTC.</summary>
    public required DateTimeOffset PlacedAt { get; init; }

    /// <summary>Where it stands at the marketplace.</summary>
    public required MarketplaceStanding Standing { get; init; }

    /// <summary>The marketplace's own word or number for the status, as received.</summary>
    public required string RawStatus { get; init; }

    /// <summary>購入者</summary>
    public required Party Buyer { get; init; }

    /// <summary>お届け先</summary>
    public required Party Recipient { get; init; }

    public required ImmutableArray<OrderLine> Lines { get; init; }

    public required OrderAmounts Amounts { get; init; }

    public required Payment Payment { get; init; }

    /// <summary>配送方法, as received.</summary>
    public required string DeliveryText { get; init; }

    /// <summary>お届け希望日</summary>
    public DateOnly? RequestedDate { get; init; }

    /// <summary>希望時間帯, as received; empty = none.</summary>
    public string TimeSlotText { get; init; } = "";

    public GiftRequest Gift { get; init; } = GiftRequest.None;

    /// <summary>備考, from the buyer to the shop; empty = none.</summary>
    public string BuyerNote { get; init; } = "";

    /// <summary>Carrier and number that the marketplace already holds; null = none.</summary>
    public ReportedShipment? Reported { get; init; }

    /// <summary>Peculiarities that stop an order from being shipped as it stands, each a reason code with an optional detail.</summary>
    public ImmutableArray<Hold> MarketplaceHolds { get; init; } = [];

    /// <summary>The recipients where the order has several (複数送付先), each with its own lines, the first being <see cref="Recipient"/>; empty = one recipient.</summary>
    public ImmutableArray<Destination> Destinations { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>配送温度, where the marketplace says it apart from the delivery method; the warmer of the two never wins.</summary>
    public Temperature Temperature { get; init; } = Temperature.Normal;

    /// <summary>What goes to the recipient with this id; where the marketplace names none (any more), the whole order.</summary>
    public Destination To(string id) => Destinations.FirstOrDefault(d => d.Id == id)
        ?? new Destination(id, Recipient, [.. Lines.Select(l => l.LineId)], DeliveryText, RequestedDate, TimeSlotText, Gift, Temperature, Reported);

    /// <summary>True: the API gives only part of the order, and a file completes it (処理待ち). Nothing of it may ship before.</summary>
    public bool Incomplete { get; init; }

    /// <summary>A hash of what an order file (受注CSV) said, where the content comes from one; null = the API brought it, and a file leaves it alone.</summary>
    public string? FileVersion { get; init; }

    /// <summary>True: lines that this reading does not show may still exist (Qoo10's lists omit shipped and cancelled ones).</summary>
    public bool MayOmitLines { get; init; }
}

/// <summary>One recipient of an order with several, and what goes there.</summary>
/// <param name="Id">The marketplace's own id of it (送付先番号), the address of its tracking number.</param>
/// <param name="LineIds">The lines that go there.</param>
/// <param name="TimeSlotText">As received; empty = none.</param>
/// <param name="Reported">What the marketplace already holds for it; null = nothing.</param>
public sealed record Destination(
    string Id, Party Recipient, ImmutableArray<string> LineIds, string DeliveryText, DateOnly? RequestedDate, string TimeSlotText, GiftRequest Gift, Temperature Temperature,
    ReportedShipment? Reported = null);

/// <summary>Where an order stands at its marketplace, told in one vocabulary for all.</summary>
public enum MarketplaceStanding
{
    /// <summary>New or in process; it may be shipped as far as the marketplace is concerned.</summary>
    Ready,

    /// <summary>入金待ち, 与信待ち: must not be shipped before the payment stands.</summary>
    AwaitingPayment,

    /// <summary>The marketplace reviews or holds it (審査中, 保留).</summary>
    InReview,

    /// <summary>The buyer asked for a cancel that is not yet decided (キャンセル受付中).</summary>
    CancelRequested,

    /// <summary>A pre-order (予約) whose goods are not out yet.</summary>
    Reserved,

    /// <summary>Shipped (発送済み), not yet closed.</summary>
    Shipped,

    /// <summary>Closed (完了).</summary>
    Completed,

    Cancelled,
}

/// <summary>A person as the marketplace names them. Any part may be empty; nothing is normalised here.</summary>
/// <param name="Address">The whole address in Japanese order, prefecture first.</param>
/// <param name="EmailIsRelay">The address is the marketplace's relay (リレーメール).</param>
public sealed record Party(
    string Name, string Kana, string PostalCode, string Prefecture, string City, string Street, string Building, string Phone, string Email, bool EmailIsRelay = false)
{
    /// <summary>都道府県から建物まで, joined without separators.</summary>
    public string Address => Prefecture + City + Street + Building;
}

/// <param name="LineId">The marketplace's id of the line; for Qoo10 its order number, the unit of push and cancel.</param>
/// <param name="Sku">The code that the shop's stock is kept under.</param>
/// <param name="UnitPrice">Tax included, after line discounts.</param>
/// <param name="TaxRate">Percent: 8 or 10, 0 = untaxed or unknown.</param>
public sealed record OrderLine(string LineId, string Sku, string Title, string Option, int Quantity, Yen UnitPrice, int TaxRate, LineStanding Standing = LineStanding.Open);

public enum LineStanding
{
    Open,
    CancelRequested,
    Cancelled,
    Shipped,
}

/// <summary>Amounts in yen, tax included. Discounts are positive numbers that are subtracted.</summary>
/// <param name="Total">The marketplace's own total (合計) before points and coupons are taken off, or null where it states none.</param>
/// <param name="Billed">The amount that the buyer owes in the end (請求金額).</param>
public sealed record OrderAmounts(Yen Items, Yen Shipping, Yen Fee, Yen Wrapping, Yen Discount, Yen Coupon, Yen Points, Yen? Total, Yen Billed)
{
    /// <summary>What the parts come to; differs from <see cref="Billed"/> where the marketplace counts something that we do not know.</summary>
    public Yen Reckoned => Items + Shipping + Fee + Wrapping - Discount - Coupon - Points;
}

/// <param name="MethodText">支払方法, as received: the key of the store's mapping.</param>
public sealed record Payment(string MethodText, PaymentStanding Standing);

public enum PaymentStanding
{
    /// <summary>未入金</summary>
    Unpaid,

    /// <summary>入金済み, or authorised where that is the gate (与信済み).</summary>
    Secured,

    /// <summary>後払い, 代引: nothing to wait for.</summary>
    AfterDelivery,
}

/// <param name="Wrapping">ギフト包装; empty = none.</param>
/// <param name="Noshi">熨斗; empty = none.</param>
public sealed record GiftRequest(bool Gift, string Wrapping, string Noshi, string Message)
{
    public static readonly GiftRequest None = new(false, "", "", "");
}

/// <param name="Carrier">The marketplace's own carrier code or name.</param>
/// <param name="Destination">The recipient's id at the marketplace where an order has several (<see cref="Domain.Orders.Destination.Id"/>); empty = the whole order.</param>
public sealed record ReportedShipment(string Carrier, string TrackingNumber, DateOnly? ShippedOn, string Destination = "");
