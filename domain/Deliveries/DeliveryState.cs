using System.Collections.Frozen;

namespace Domain.Deliveries;

/// <summary>配送ステータス</summary>
public enum DeliveryState
{
    /// <summary>出荷待ち: work has not started.</summary>
    Waiting,

    /// <summary>出荷作業中: the warehouse is picking and packing; the merchant changes nothing.</summary>
    InWork,

    /// <summary>出荷済み: handed to the carrier.</summary>
    Shipped,

    /// <summary>保留</summary>
    OnHold,

    /// <summary>キャンセル</summary>
    Cancelled,

    /// <summary>Its orders travel in another delivery (同梱済み).</summary>
    Bundled,
}

/// <summary>The one table of allowed moves of an outbound delivery (出荷伝票).</summary>
public static class DeliveryTransitions
{
    private static readonly FrozenSet<(DeliveryState From, DeliveryState To)> Allowed = new[]
    {
        (DeliveryState.Waiting, DeliveryState.InWork),
        (DeliveryState.Waiting, DeliveryState.OnHold),
        (DeliveryState.Waiting, DeliveryState.Cancelled),
        (DeliveryState.Waiting, DeliveryState.Bundled),
        (DeliveryState.OnHold, DeliveryState.Waiting),
        (DeliveryState.OnHold, DeliveryState.Cancelled),
        (DeliveryState.Bundled, DeliveryState.Waiting),
        (DeliveryState.Bundled, DeliveryState.Cancelled),
        (DeliveryState.InWork, DeliveryState.Waiting),
        (DeliveryState.InWork, DeliveryState.Shipped),
        (DeliveryState.Shipped, DeliveryState.InWork),
    }.ToFrozenSet();

    public static bool Allows(DeliveryState from, DeliveryState to) => Allowed.Contains((from, to));
}
