using System.Text.Json;
using Domain.Marketplaces;

namespace Connectors.MakeShop;

/// <summary>Cancels whole orders (<c>cancelOrder</c>). That the operation exists is known, its arguments are guessed: off until the store has tried it.</summary>
internal sealed class MakeShopCancellation(MakeShopCalls calls, MakeShopConnector orders) : ICancellationSink
{
    private const string Operation = "cancelOrder";

    public async Task<PushOutcome> CancelAsync(StoreAccess access, OrderReference order, CancelReason reason, CancellationToken cancellation)
    {
        if (access.Setting("cancel-orders") != "true")
        {
            return new PushOutcome.Rejected(order.Code, "switched-off", "キャンセル連携は未確認のため止めています。MakeShop の管理画面でキャンセルするか、店舗の設定 cancel-orders を有効にしてください");
        }

        var answer = await calls.SendAsync(
            access, Operation, CallKind.Write,
            MakeShopCalls.Query("mutation", Operation, "CancelOrderRequest", $"{Operation}Results{{displayOrderNumber message}}"),
            input =>
            {
                input.WriteStartArray("cancelOrders");
                input.WriteStartObject();
                input.WriteString("displayOrderNumber", order.Code.Value);
                input.WriteString("reason", TextOf(reason));
                input.WriteEndObject();
                input.WriteEndArray();
            },
            cancellation);
        if (answer.Failure is { Kind: FailureKind.Rejected } refused)
        {
            return new PushOutcome.Rejected(order.Code, refused.Code ?? "", refused.Message);
        }

        if (answer.Failure is { } failure)
        {
            throw failure;
        }

        MakeShopRow? own;
        try
        {
            own = answer.Good().Items($"{Operation}Results").Select(MakeShopRow.Of).FirstOrDefault(r => r.Number == order.Code.Value);
        }
        catch (InvalidOperationException)
        {
            own = null;
        }

        return own switch
        {
            { Message: { } text } => await IsCancelledAsync(access, order, cancellation)
                ? new PushOutcome.Confirmed(order.Code) // it was before
                : new PushOutcome.Rejected(order.Code, "message", MakeShopErrors.Short(text)),
            { IsClear: true } => new PushOutcome.Confirmed(order.Code),
            _ => new PushOutcome.Unknown(order.Code, "the answer has no result for it"),
        };
    }

    private async Task<bool> IsCancelledAsync(StoreAccess access, OrderReference order, CancellationToken cancellation)
    {
        try
        {
            return (await orders.ReadBackAsync(access, order, cancellation)).Standing is Domain.Orders.MarketplaceStanding.Cancelled;
        }
        catch (MarketplaceException)
        {
            return false; // then their refusal stands as it is
        }
    }

    private static string TextOf(CancelReason reason) => reason switch
    {
        CancelReason.OutOfStock => "在庫切れ",
        CancelReason.BuyersRequest => "購入者都合",
        CancelReason.Undeliverable => "住所不備・長期不在",
        CancelReason.NotPaid => "入金なし",
        _ => "その他",
    };
}
