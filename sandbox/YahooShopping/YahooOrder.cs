using Sandbox.Core;

namespace Sandbox.YahooShopping;

/// <summary>One order as the marketplace holds it. Guarded by its shop's lock.</summary>
internal sealed class YahooOrder
{
    private static readonly string[] StatusWords = ["未入力", "予約中", "処理中", "保留", "キャンセル", "完了"];
    private static readonly string[] ShipWords = ["出荷不可", "出荷可", "出荷処理中", "出荷済み", "着荷済み"];

    private readonly Dictionary<(YahooFields, bool), byte[]> _rendered = [];
    private readonly DateTimeOffset _receivedAt;

    public YahooOrder(string id, string seller, SeedOrder seed, DateTimeOffset receivedAt)
    {
        (Id, Seller, Seed, _receivedAt) = (id, seller, seed, receivedAt);
        PlacedAt = new DateTimeOffset(seed.PlacedAt.UtcTicks - (seed.PlacedAt.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero); // their time has seconds
        Payment = YahooPayment.Of(seed);
        PaidAt = seed.Paid ? PlacedAt : null;
        SettleStatus = seed.Paid ? 3 : Payment.WaitsAs;
        InReview = seed.InReview;
        ShipStatus = FirstShipStatus();
        UpdatedAt = PlacedAt;
    }

    public string Id { get; }

    public string Seller { get; }

    public SeedOrder Seed { get; }

    public YahooPayment Payment { get; }

    public DateTimeOffset PlacedAt { get; }

    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>公開日時: when a held order became visible.</summary>
    public DateTimeOffset? PublishedAt { get; private set; }

    public bool InReview { get; private set; }

    public bool IsSeen { get; private set; }

    /// <summary>1 予約中, 2 処理中, 3 保留, 4 キャンセル, 5 完了.</summary>
    public int Status { get; private set; } = 2;

    public int SettleStatus { get; private set; }

    public DateTimeOffset? PaidAt { get; private set; }

    public bool IsCaptured { get; private set; }

    /// <summary>0 出荷不可, 1 出荷可, 2 出荷処理中, 3 出荷済み, 4 着荷済み.</summary>
    public int ShipStatus { get; private set; }

    public YahooShipment Shipment { get; private set; } = YahooShipment.None;

    public string CancelReason { get; private set; } = "";

    public string CancelReasonDetail { get; private set; } = "";

    public string Notes { get; private set; } = "";

    /// <summary>HistoryId; grows with every change.</summary>
    public int History { get; private set; } = 1;

    /// <summary>Until when the buyer may choose another payment after a refused card: the next day and seven more, 23:59. [O] Null otherwise.</summary>
    public DateTimeOffset? ChangeDeadline => SettleStatus == 10
        ? new DateTimeOffset(JapanTime.Day(PlacedAt).AddDays(8).ToDateTime(new TimeOnly(23, 59)), JapanTime.Offset)
        : null;

    public bool IsReadOnly(DateTimeOffset now) => now < PlacedAt + Limits.BuyersWindow;

    /// <summary>An order whose time lies ahead is not there yet.</summary>
    public bool Exists(DateTimeOffset now) => PlacedAt <= now;

    /// <summary>What a client with the right questions can have seen.</summary>
    public bool IsVisible(DateTimeOffset now) => !IsReadOnly(now) && !InReview;

    /// <summary>The order as orderInfo or orderList shows it, made once until it changes.</summary>
    public byte[] Xml(YahooFields fields, DateTimeOffset now)
    {
        var readOnly = IsReadOnly(now);
        if (!_rendered.TryGetValue((fields, readOnly), out var xml))
        {
            _rendered[(fields, readOnly)] = xml = YahooOrderXml.Render(this, fields, readOnly);
        }

        return xml;
    }

    public ServedOrder Served()
    {
        var visible = PlacedAt + Limits.BuyersWindow;
        visible = PublishedAt > visible ? PublishedAt.Value : visible;
        return new ServedOrder(
            Id, PlacedAt, _receivedAt > visible ? _receivedAt : visible, StatusWords[Status], PaidAt is not null, Status == 4,
            ShipStatus >= 3 && (Shipment.Number1.Length > 0 || Shipment.EmptyReason.Length > 0), Shipment.Carrier,
            string.Join(',', new[] { Shipment.Number1, Shipment.Number2 }.Where(number => number.Length > 0)));
    }

    public void Pay(DateTimeOffset at)
    {
        PaidAt ??= at;
        SettleStatus = 3;
        ShipStatus = ShipStatus == 0 ? FirstShipStatus() : ShipStatus;
        Changed(at);
    }

    public void EndReview(DateTimeOffset at)
    {
        (InReview, PublishedAt) = (false, at);
        ShipStatus = FirstShipStatus();
        Changed(at);
    }

    /// <summary>By the buyer within his ten minutes, else by the service.</summary>
    public void CancelElsewhere(DateTimeOffset at)
    {
        (Status, SettleStatus, CancelReason) = (4, 6, IsReadOnly(at) ? Limits.BuyersReason : Limits.ServicesReason);
        Changed(at);
    }

    /// <summary>The shop's report; a repetition that changes nothing has no effect.</summary>
    public IReadOnlyList<JournalEffect> Ship(int status, YahooShipment shipment, DateTimeOffset at)
    {
        List<JournalEffect> effects = [];
        if (shipment != Shipment)
        {
            effects.Add(Effect(EffectKind.Number, Shipment.ToString(), shipment.ToString()));
            Shipment = shipment;
        }

        if (status != ShipStatus)
        {
            effects.Add(Effect(EffectKind.Status, ShipWords[ShipStatus], ShipWords[status]));
            ShipStatus = status;
        }

        return Done(effects, at);
    }

    public IReadOnlyList<JournalEffect> MoveTo(int status, string cancelReason, string cancelDetail, DateTimeOffset at, out string? warning)
    {
        warning = null;
        List<JournalEffect> effects = [Effect(EffectKind.Status, StatusWords[Status], StatusWords[status])];
        if (status == 4)
        {
            effects.Add(Effect(EffectKind.Cancel, "", cancelReason));
            effects.Add(Effect(EffectKind.Mail, "", "キャンセルのお知らせ"));
            (SettleStatus, CancelReason, CancelReasonDetail) = (6, cancelReason, cancelDetail);
        }
        else if (status == 5 && Payment.IsCard)
        {
            if (IsCaptured)
            {
                warning = Limits.AlreadyCaptured;
            }
            else if (at > PlacedAt.AddDays(Limits.CaptureDays))
            {
                warning = Limits.CaptureTooLate;
            }
            else
            {
                effects.Add(Effect(EffectKind.Capture, "", "売上確定"));
                (IsCaptured, SettleStatus) = (true, 5);
            }
        }

        Status = status;
        return Done(effects, at);
    }

    public IReadOnlyList<JournalEffect> SetPaid(bool paid, DateTimeOffset at)
    {
        if (paid == PaidAt is not null)
        {
            return [];
        }

        List<JournalEffect> effects = [Effect(EffectKind.Status, paid ? "入金待ち" : "入金済み", paid ? "入金済み" : "入金待ち")];
        PaidAt = paid ? at : null;
        SettleStatus = paid ? 5 : Payment.WaitsAs;
        ShipStatus = ShipStatus <= 1 ? FirstShipStatus() : ShipStatus;
        return Done(effects, at);
    }

    /// <param name="notes">Null leaves them.</param>
    public IReadOnlyList<JournalEffect> Note(string? notes, bool seen, DateTimeOffset at)
    {
        if (notes is not null && notes != Notes)
        {
            Notes = notes;
            Changed(at);
        }

        return seen && !IsSeen ? Done([], at, always: true) : [];
    }

    private int FirstShipStatus() => !InReview && (PaidAt is not null || Payment.ShipsUnpaid) ? 1 : 0;

    private List<JournalEffect> Done(List<JournalEffect> effects, DateTimeOffset at, bool always = false)
    {
        if (effects.Count == 0 && !always)
        {
            return effects;
        }

        if (Limits.WritesMarkSeen && !IsSeen)
        {
            IsSeen = true;
            effects.Add(Effect(EffectKind.Seen, "false", "true"));
        }

        Changed(at);
        return effects;
    }

    private void Changed(DateTimeOffset at)
    {
        UpdatedAt = at;
        History++;
        _rendered.Clear();
    }

    private JournalEffect Effect(EffectKind kind, string before, string after) => new(kind, Id, "", before, after, Again: false);
}

/// <summary>What the store reported about the parcel; empty where it said nothing.</summary>
internal sealed record YahooShipment(
    string Carrier, string Number1, string Number2, string EmptyReason, string Url, string ShipDate, string ArrivalDate, string Notes, string Method)
{
    public static readonly YahooShipment None = new("", "", "", "", "", "", "", "", "");

    public override string ToString() => string.Join(' ', new[] { Carrier, Number1, Number2, EmptyReason, ShipDate, ArrivalDate, Url }.Where(part => part.Length > 0));
}
