using Domain.Marketplaces;
using Domain.Orders;

namespace Connectors.YahooShopping;

/// <summary>Cancels an order (<c>orderStatusChange</c> to 4). It mails the buyer and can never be undone, and they would do it to a completed order as well:
/// where the order stands is read first.</summary>
internal sealed class YahooShoppingCancellation(YahooShoppingCalls calls, YahooShoppingConnector orders) : ICancellationSink
{
    public async Task<PushOutcome> CancelAsync(StoreAccess access, OrderReference order, CancelReason reason, CancellationToken cancellation)
    {
        try
        {
            switch (YahooShoppingMapper.StandingOf(await orders.OrderAsync(access, order.Code, cancellation)))
            {
                case MarketplaceStanding.Cancelled:
                    return new PushOutcome.Confirmed(order.Code);
                case MarketplaceStanding.Shipped or MarketplaceStanding.Completed:
                    return new PushOutcome.Rejected(order.Code, "shipped", "出荷済みまたは完了の注文です。キャンセルするときはストアクリエイターProで操作してください");
            }

            var request = YahooShoppingPayloads.Cancelled(order.Code.Value, access.Setting("operation-user").Trim(), CodeOf(reason), DetailOf(access, reason));
            var answer = await calls.PostAsync(access, "orderStatusChange", CallKind.Write, request, cancellation);
            return YahooShoppingShipments.OutcomeOf(order.Code, answer.Body);
        }
        catch (MarketplaceException same) when (same.Code == YahooShoppingErrors.SameStatus)
        {
            return new PushOutcome.Confirmed(order.Code);
        }
        catch (MarketplaceException refused) when (refused.Kind is FailureKind.Rejected)
        {
            return refused.Code == YahooShoppingErrors.NotOperable && await IsCancelledAsync(access, order, cancellation)
                ? new PushOutcome.Confirmed(order.Code) // by someone else, between our two calls
                : new PushOutcome.Rejected(order.Code, refused.Code ?? "", refused.Message);
        }
    }

    private async Task<bool> IsCancelledAsync(StoreAccess access, OrderReference order, CancellationToken cancellation) =>
        YahooShoppingMapper.StandingOf(await orders.OrderAsync(access, order.Code, cancellation)) is MarketplaceStanding.Cancelled;

    /// <summary>CancelReason: 210 欠品, 100 キャンセル, 130 住所不明, 120 未入金, 230 その他.</summary>
    private static string CodeOf(CancelReason reason) => reason switch
    {
        CancelReason.OutOfStock => "210",
        CancelReason.BuyersRequest => "100",
        CancelReason.Undeliverable => "130",
        CancelReason.NotPaid => "120",
        _ => "230",
    };

    /// <summary>その他 alone needs words, ten to two hundred characters.</summary>
    private static string DetailOf(StoreAccess access, CancelReason reason) => reason is CancelReason.Other ? access.Setting("cancel-detail").Trim() : "";
}
