using System.Xml.Linq;
using Domain.Marketplaces;
using Domain.Orders;

namespace Connectors.AuPayMarket;

/// <summary>Cancels an order (<c>cancelTradeProc</c>). How they answer for one that is cancelled or shipped already is not known: a refusal is looked into by reading the order.</summary>
internal sealed class AuPayMarketCancellation(AuPayMarketConnector calls) : ICancellationSink
{
    public async Task<PushOutcome> CancelAsync(StoreAccess access, OrderReference order, CancelReason reason, CancellationToken cancellation)
    {
        try
        {
            await calls.PostAsync(access, "cancelTradeProc", BodyOf(access, order, reason), cancellation);
            return new PushOutcome.Confirmed(order.Code);
        }
        catch (MarketplaceException refused) when (refused.Kind is FailureKind.Rejected)
        {
            return await IsCancelledAsync(access, order, cancellation)
                ? new PushOutcome.Confirmed(order.Code)
                : new PushOutcome.Rejected(order.Code, refused.Code ?? "", refused.Message);
        }
    }

    private async Task<bool> IsCancelledAsync(StoreAccess access, OrderReference order, CancellationToken cancellation)
    {
        try
        {
            return (await calls.ReadBackAsync(access, order, cancellation)).Standing is MarketplaceStanding.Cancelled;
        }
        catch (MarketplaceException unknown) when (unknown.Kind is FailureKind.Rejected)
        {
            return false; // no such order: the refusal stands
        }
    }

    private static XElement BodyOf(StoreAccess access, OrderReference order, CancelReason reason) => new(
        "request",
        new XElement("shopId", access.Setting("shop-id")),
        new XElement("orderId", order.Code.Value),
        new XElement("cancelReason", access.Setting(SettingOf(reason)).Trim()),
        new XElement("cancelComment", CommentOf(reason)));

    /// <summary>Their table of reasons is not public: which number means what is the store's setting.</summary>
    private static string SettingOf(CancelReason reason) => reason switch
    {
        CancelReason.OutOfStock => "cancel-reason-out-of-stock",
        CancelReason.BuyersRequest => "cancel-reason-buyers-request",
        CancelReason.Undeliverable => "cancel-reason-undeliverable",
        CancelReason.NotPaid => "cancel-reason-not-paid",
        _ => "cancel-reason-other",
    };

    /// <summary>At most 100 characters; the first is the one that was seen in use.</summary>
    private static string CommentOf(CancelReason reason) => reason switch
    {
        CancelReason.OutOfStock => "在庫切れ　欠品",
        CancelReason.BuyersRequest => "お客様のご都合",
        CancelReason.Undeliverable => "お届け先の不備・長期不在",
        CancelReason.NotPaid => "ご入金の確認ができないため",
        _ => "その他",
    };
}
