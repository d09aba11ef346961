using Sandbox.Core;

namespace Sandbox.AuPayMarket;

/// <summary>One order as the marketplace holds it. Guarded by its shop's lock.</summary>
internal sealed class AuPayOrder(int id, SeedOrder seed, DateTimeOffset receivedAt)
{
    private readonly Dictionary<bool, byte[]> _rendered = [];

    public int Id { get; } = id;

    public SeedOrder Seed { get; } = seed;

    public DateTimeOffset PlacedAt => Seed.PlacedAt;

    /// <summary>An order placed late with an old date has been searchable only since it was placed.</summary>
    public DateTimeOffset VisibleSince { get; } = receivedAt > seed.PlacedAt ? receivedAt : seed.PlacedAt;

    /// <summary>決済方法, free text of the service.</summary>
    public string Settlement { get; } = SettlementOf(seed);

    public string Status { get; private set; } = AuPayStatus.First(seed, SettlementOf(seed));

    public DateTimeOffset? PaidAt { get; private set; } = seed.Paid ? seed.PlacedAt : null;

    public bool Captured { get; private set; }

    public bool Mailed { get; private set; }

    public DateOnly? ShippingDate { get; private set; }

    public string Carrier { get; private set; } = "";

    public string Number { get; private set; } = "";

    public DateTimeOffset? ShippedAt { get; private set; }

    public DateTimeOffset? CancelledAt { get; private set; }

    public string CancelReason { get; private set; } = "";

    public string CancelComment { get; private set; } = "";

    public bool IsCard => Settlement.Contains("クレジットカード", StringComparison.Ordinal);

    /// <summary>発送期限日; three days after the order. [G]</summary>
    public DateOnly ShipLimit => JapanTime.Day(PlacedAt).AddDays(3);

    /// <summary>The orderInfo element in UTF-8, made once until the order changes.</summary>
    public byte[] Xml(bool withRawMail)
    {
        if (!_rendered.TryGetValue(withRawMail, out var xml))
        {
            _rendered[withRawMail] = xml = AuPayOrderXml.Render(this, withRawMail);
        }

        return xml;
    }

    public ServedOrder Served() => new(
        AuPayAnswers.Text(Id), PlacedAt, VisibleSince, Status, PaidAt is not null, Status == AuPayStatus.Cancelled,
        AuPayStatus.IsShipped(Status) && Number.Length > 0, Carrier, Number);

    public void Pay(DateTimeOffset at)
    {
        PaidAt ??= at;
        if (Status is AuPayStatus.AwaitingPayment or AuPayStatus.AwaitingAuthorization)
        {
            Status = AuPayStatus.ReadyToShip;
        }

        _rendered.Clear();
    }

    public void EndReview()
    {
        Status = AuPayStatus.First(Seed with { InReview = false }, Settlement);
        _rendered.Clear();
    }

    /// <summary>発送日, 配送業者, 送り状番号; null leaves what stands there.</summary>
    public IReadOnlyList<JournalEffect> Report(DateOnly? date, string? carrier, string? number)
    {
        var before = ShipmentText();
        (ShippingDate, Carrier, Number) = (date ?? ShippingDate, carrier ?? Carrier, number ?? Number);
        var after = ShipmentText();
        if (before == after)
        {
            return [];
        }

        _rendered.Clear();
        return [Effect(EffectKind.Number, before, after)];
    }

    public IReadOnlyList<JournalEffect> MoveTo(string status, DateTimeOffset at)
    {
        if (status == Status)
        {
            return [];
        }

        List<JournalEffect> effects = [Effect(EffectKind.Status, Status, status)];
        if (Status == AuPayStatus.New && status == AuPayStatus.ReadyToShip)
        {
            effects.Add(Effect(EffectKind.Seen, Status, status));
        }

        Status = status;
        if (AuPayStatus.IsShipped(status) && !Mailed)
        {
            (Mailed, ShippedAt) = (Limits.ShippedSendsMail, ShippedAt ?? at);
            if (Mailed)
            {
                effects.Add(Effect(EffectKind.Mail, "", "発送のお知らせ"));
            }
        }

        if (status == AuPayStatus.Completed && Limits.CompletionCapturesCard && IsCard && !Captured)
        {
            Captured = true;
            effects.Add(Effect(EffectKind.Capture, "", "売上確定"));
        }

        _rendered.Clear();
        return effects;
    }

    public IReadOnlyList<JournalEffect> Cancel(string reason, string comment, DateTimeOffset at)
    {
        var before = Status;
        (Status, CancelledAt, CancelReason, CancelComment) = (AuPayStatus.Cancelled, at, reason, comment);
        _rendered.Clear();
        return [Effect(EffectKind.Cancel, before, Status), Effect(EffectKind.Status, before, Status)];
    }

    private static string SettlementOf(SeedOrder seed) => seed.PaymentText ?? (seed.Paid ? "クレジットカード決済" : "銀行振込");

    private string ShipmentText() => $"{ShippingDate:yyyy/MM/dd} {Carrier} {Number}".Trim();

    private JournalEffect Effect(EffectKind kind, string before, string after) =>
        new(kind, AuPayAnswers.Text(Id), "", before, after, Again: false);
}
