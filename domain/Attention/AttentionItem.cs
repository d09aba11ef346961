using Domain.Orders;
using Domain.Stores;

namespace Domain.Attention;

/// <summary>What needs a person.</summary>
public enum AttentionKind
{
    /// <summary>An order of the marketplace cannot be read (読み取れない受注).</summary>
    UnreadableOrder,

    /// <summary>The marketplace refused a shipment report (出荷通知エラー).</summary>
    PushRejected,

    /// <summary>Nobody knows whether a shipment report arrived (結果不明).</summary>
    PushUnknown,

    /// <summary>A report arrived with a warning, for example that the money was not captured.</summary>
    PushWarning,

    /// <summary>A credential is not accepted; the store is paused (認証エラー).</summary>
    CredentialRejected,

    /// <summary>A stretch left the window unread (取込漏れの可能性).</summary>
    Gap,

    /// <summary>An unread stretch will leave the window soon.</summary>
    HoleLeavesSoon,

    /// <summary>Cancelled at the marketplace while the warehouse works on it (出荷停止).</summary>
    CancelledInWork,

    /// <summary>Cancelled at the marketplace after it was shipped.</summary>
    CancelledAfterShipping,

    /// <summary>The ship gate could not ask the marketplace (出荷前確認ができません).</summary>
    GateUnknown,

    /// <summary>A message could not be worked on (処理の失敗).</summary>
    MessageFailed,

    /// <summary>Open orders leave the window of a marketplace that cannot be asked about them afterwards.</summary>
    OrdersLeaveWindow,
}

/// <summary>要対応: something that needs a person, in plain Japanese, with what to do. Never holds a secret or a buyer's data.</summary>
/// <param name="Id">Deterministic, so that the same trouble stands once. Letters, digits, <c>~ - _ .</c></param>
/// <param name="What">What happened, to which order in which store.</param>
/// <param name="SystemDoes">What the system does now.</param>
/// <param name="PersonDoes">What the person should do.</param>
/// <param name="Detail">The marketplace's code or the technical reason, for the engineer.</param>
public sealed record AttentionItem(
    string Id, AttentionKind Kind, StoreId? Store, OrderCode? Order, string What, string SystemDoes, string PersonDoes, string Detail, DateTimeOffset Since)
{
    /// <summary>How often it has come up.</summary>
    public int Count { get; init; } = 1;

    /// <summary>A queue and message that a retry sends again; null = the system tries by itself or nothing can be retried.</summary>
    public RetryMessage? Retry { get; init; }
}

public sealed record RetryMessage(string Queue, string Body);
