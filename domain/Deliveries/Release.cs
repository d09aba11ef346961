using System.Collections.Immutable;
using Domain.Orders;
using Domain.Stores;

namespace Domain.Deliveries;

/// <summary>Why a delivery may not go to the warehouse now. Empty = released (出荷指示可).</summary>
public enum ReleaseBar
{
    /// <summary>The delivery is not waiting.</summary>
    NotWaiting,

    /// <summary>A member order has not passed all gates.</summary>
    OrderNotReady,

    /// <summary>It stands in an undecided bundle candidate (同梱候補).</summary>
    UndecidedCandidate,

    /// <summary>The store only watches (見るだけ).</summary>
    StoreNotLive,

    /// <summary>The store's release switch, or everything, is off.</summary>
    ReleaseOff,

    /// <summary>Placed before go-live: handled elsewhere (他システムで処理).</summary>
    PlacedBeforeGoLive,
}

/// <summary><em>Released</em> is not a state but a finding, made anew whenever someone asks.</summary>
public static class Release
{
    /// <param name="stores">Every store that has a member in the delivery.</param>
    /// <param name="locked">The delivery stands in an undecided candidate.</param>
    public static ImmutableArray<ReleaseBar> BarsOf(
        OutboundDelivery delivery, IReadOnlyDictionary<StoreId, Store> stores, bool stopAll, bool locked)
    {
        var bars = ImmutableArray.CreateBuilder<ReleaseBar>();
        void If(bool stands, ReleaseBar bar)
        {
            if (stands)
            {
                bars.Add(bar);
            }
        }

        If(delivery.State is not DeliveryState.Waiting, ReleaseBar.NotWaiting);
        If(!delivery.MembersReady, ReleaseBar.OrderNotReady);
        If(locked, ReleaseBar.UndecidedCandidate);
        If(delivery.Members.Any(m => !StoreOf(m).IsLive), ReleaseBar.StoreNotLive);
        If(stopAll || delivery.Members.Any(m => !StoreOf(m).Switches.Release), ReleaseBar.ReleaseOff);
        If(delivery.Members.Any(m => StoreOf(m).IsLive && !StoreOf(m).Covers(m.PlacedAt)), ReleaseBar.PlacedBeforeGoLive);
        return bars.ToImmutable();

        Store StoreOf(DeliveryMember member) => stores[member.Order.Store];
    }

    /// <summary>The bar in the words of the shop's staff.</summary>
    public static string Words(ReleaseBar bar) => bar switch
    {
        ReleaseBar.NotWaiting => "出荷待ちではありません",
        ReleaseBar.OrderNotReady => "確認待ち・入金待ちなどの受注が含まれています",
        ReleaseBar.UndecidedCandidate => "同梱候補が未決定です",
        ReleaseBar.StoreNotLive => "店舗が確認モード（見るだけ）です",
        ReleaseBar.ReleaseOff => "店舗の出荷指示が停止中です",
        ReleaseBar.PlacedBeforeGoLive => "稼働開始より前の受注です（他システムで処理）",
        _ => throw new ArgumentOutOfRangeException(nameof(bar), bar, null),
    };
}
