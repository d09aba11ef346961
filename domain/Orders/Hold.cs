namespace Domain.Orders;

/// <summary>Why an order waits for a person or for the marketplace (確認待ち事由). Several may stand at once.</summary>
public enum HoldReason
{
    /// <summary>The payment text has no mapping row; the detail names it.</summary>
    UnmappedPayment,

    /// <summary>The delivery text has no mapping row; the detail names it.</summary>
    UnmappedDeliveryMethod,

    /// <summary>The time-slot text has no mapping row; the detail names it.</summary>
    UnmappedTimeSlot,

    /// <summary>The product code has no row in 商品対応表; the detail names it.</summary>
    UnmappedSku,

    /// <summary>The buyer wrote a note (備考あり).</summary>
    BuyerNote,

    /// <summary>The parts do not add up to the marketplace's total.</summary>
    TotalsDifference,

    /// <summary>Recipient name, address or postal code are missing or cannot be right.</summary>
    SuspiciousAddress,

    /// <summary>The marketplace reviews it (審査中).</summary>
    InReview,

    /// <summary>The buyer asked for a cancel (キャンセル受付中).</summary>
    CancelRequested,

    /// <summary>A part of the order was cancelled at the marketplace.</summary>
    PartlyCancelled,

    /// <summary>A part of the order was shipped elsewhere.</summary>
    PartlyShippedElsewhere,

    /// <summary>Several destinations, or split at the marketplace.</summary>
    SeveralDestinations,

    /// <summary>A pre-order (予約).</summary>
    Reserved,

    /// <summary>A status that we do not know; the detail names it.</summary>
    UnknownStatus,

    /// <summary>Cancelled at the marketplace while the warehouse was working on it (出荷停止).</summary>
    CancelledWhileInWork,

    /// <summary>The API brought only part of it (処理待ち): the marketplace's order file must complete it.</summary>
    Incomplete,

    /// <summary>A person put it aside.</summary>
    ByPerson,
}

/// <param name="Detail">What a person must see to understand it, for example the unmapped text; empty where the reason says all. Never a name or an address.</param>
public sealed record Hold(HoldReason Reason, string Detail = "")
{
    /// <summary>Clears by itself when the marketplace or a mapping changes; the rest a person resolves.</summary>
    public bool ClearsByItself => Reason is not (HoldReason.BuyerNote or HoldReason.ByPerson or HoldReason.CancelledWhileInWork);

    /// <summary>The reason's name in reports and the API, for example <c>unmapped-payment</c>.</summary>
    public string Code => CodeOf(Reason);

    public static string CodeOf(HoldReason reason) => reason switch
    {
        HoldReason.UnmappedPayment => "unmapped-payment",
        HoldReason.UnmappedDeliveryMethod => "unmapped-delivery-method",
        HoldReason.UnmappedTimeSlot => "unmapped-time-slot",
        HoldReason.UnmappedSku => "unmapped-sku",
        HoldReason.BuyerNote => "buyer-note",
        HoldReason.TotalsDifference => "totals-difference",
        HoldReason.SuspiciousAddress => "suspicious-address",
        HoldReason.InReview => "in-review",
        HoldReason.CancelRequested => "cancel-requested",
        HoldReason.PartlyCancelled => "partly-cancelled",
        HoldReason.PartlyShippedElsewhere => "partly-shipped-elsewhere",
        HoldReason.SeveralDestinations => "several-destinations",
        HoldReason.Reserved => "reserved",
        HoldReason.UnknownStatus => "unknown-status",
        HoldReason.CancelledWhileInWork => "cancelled-while-in-work",
        HoldReason.Incomplete => "incomplete",
        HoldReason.ByPerson => "by-person",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };
}
