namespace Sandbox.Core;

/// <summary>What a call changed in the marketplace. Nothing else counts as an effect.</summary>
public enum EffectKind
{
    /// <summary>The order's status changed (受注ステータス).</summary>
    Status,

    /// <summary>Carrier and tracking number were stored (送り状番号).</summary>
    Number,

    /// <summary>The card was captured (売上確定): money moved.</summary>
    Capture,

    /// <summary>The marketplace sent a mail to the buyer.</summary>
    Mail,

    /// <summary>The order was marked as seen or confirmed by the seller (既読, 配送準備).</summary>
    Seen,

    /// <summary>The order was cancelled.</summary>
    Cancel,

    /// <summary>An item's stock level changed (在庫数). <see cref="JournalEffect.Order"/> names the item, <see cref="JournalEffect.Part"/> its variation.</summary>
    Stock,

    /// <summary>A credential or token was issued.</summary>
    Token,
}

/// <summary>One change of the marketplace's state. <see cref="Again"/> tells that this kind of change had already happened to this order;
/// for a status, that the order had already been brought to the same one, since an order rightly passes through several. A stock level rightly
/// returns to what it was: it is never again.</summary>
/// <param name="Order">The order's code at the marketplace (for Qoo10 the cart number).</param>
/// <param name="Part">The line within the order where effects are per line (Qoo10's order number), else empty.</param>
public sealed record JournalEffect(EffectKind Kind, string Order, string Part, string Before, string After, bool Again);

/// <summary>One call and what it did.</summary>
/// <param name="Outcome">"ok", or the service's own error code, or the fault's name ("cut-before", "cut-after", "throttled" …).</param>
public sealed record JournalEntry(
    long Sequence, DateTimeOffset At, string Marketplace, string Account, string Endpoint, string Outcome, IReadOnlyList<JournalEffect> Effects);

/// <summary>Every call that reached the sandbox, in order. Thread-safe.</summary>
public sealed class Journal
{
    private readonly Lock _gate = new();
    private readonly List<JournalEntry> _entries = [];
    private readonly HashSet<(string, string, EffectKind, string, string)> _seen = [];

    public void Write(DateTimeOffset at, string marketplace, string account, string endpoint, string outcome, IEnumerable<JournalEffect> effects)
    {
        lock (_gate)
        {
            var marked = effects.Select(e => e with { Again = e.Kind != EffectKind.Stock && !_seen.Add((marketplace, account, e.Kind, e.Order, e.Kind == EffectKind.Status ? $"{e.Part}>{e.After}" : e.Part)) }).ToArray();
            _entries.Add(new JournalEntry(_entries.Count, at, marketplace, account, endpoint, outcome, marked));
        }
    }

    /// <summary>The entries from <paramref name="since"/> on, as a copy.</summary>
    public IReadOnlyList<JournalEntry> Read(long since = 0)
    {
        lock (_gate)
        {
            return [.. _entries.Skip((int)since)];
        }
    }
}
