using System.Globalization;
using Domain.Marketplaces;
using Domain.Orders;

namespace Connectors.Qoo10;

/// <summary>Cancels a cart, one order number a call (<c>Claim.SetCancelProcess</c>). One code stands for "shipped" and for "cancelled already", and a buyer is mailed for
/// each order number: so where they stand is read first.</summary>
internal sealed class Qoo10Cancellation(Qoo10Certification calls, Qoo10Connector carts) : ICancellationSink
{
    public async Task<PushOutcome> CancelAsync(StoreAccess access, OrderReference order, CancelReason reason, CancellationToken cancellation)
    {
        if (order.LineIds.IsEmpty)
        {
            return new PushOutcome.Rejected(order.Code, "no-lines", "このカートの注文番号が分かりません");
        }

        var standing = await StandingsAsync(access, order, cancellation);
        if (standing.FirstOrDefault(line => line.Value is LineStanding.Shipped).Key is { } shipped)
        {
            return Rejection(order, shipped, Qoo10Errors.NotCancellable, 0); // a part of the cart is not cancelled without the rest
        }

        var done = 0;
        foreach (var line in order.LineIds.Where(id => standing.GetValueOrDefault(id) is not LineStanding.Cancelled))
        {
            var answer = await calls.CallAsync(access, Qoo10Methods.Cancel, CallKind.Write, FormOf(access, line, reason), cancellation);
            if (answer.Code == 0 || (answer.Code is Qoo10Errors.NotCancellable && await IsCancelledAsync(access, order, line, cancellation)))
            {
                done++;
                continue;
            }

            var refusal = Qoo10Errors.Refusal(Qoo10Methods.Cancel, answer.Code);
            return refusal.Kind is FailureKind.CredentialRejected ? throw refusal : Rejection(order, line, answer.Code, done);
        }

        return new PushOutcome.Confirmed(order.Code);
    }

    private async Task<Dictionary<string, LineStanding>> StandingsAsync(StoreAccess access, OrderReference order, CancellationToken cancellation)
    {
        var standing = new Dictionary<string, LineStanding>(StringComparer.Ordinal);
        foreach (var row in await carts.RowsAsync(access, order, cancellation))
        {
            standing[row.Text("OrderNo")] = Qoo10Mapper.StandingOf(row);
        }

        return standing;
    }

    private async Task<bool> IsCancelledAsync(StoreAccess access, OrderReference order, string line, CancellationToken cancellation) =>
        (await StandingsAsync(access, order with { LineIds = [line] }, cancellation)).GetValueOrDefault(line) is LineStanding.Cancelled;

    private static PushOutcome.Rejected Rejection(OrderReference order, string line, int code, int done)
    {
        var rest = done == 0 ? "" : $"（このカートの他の注文番号{done.ToString(CultureInfo.InvariantCulture)}件はキャンセルされています）";
        return new PushOutcome.Rejected(order.Code, Qoo10Errors.TextOf(code), $"注文番号{line}：{Qoo10Errors.MeaningOf(Qoo10Methods.Cancel, code)}{rest}");
    }

    private static KeyValuePair<string, string>[] FormOf(StoreAccess access, string line, CancelReason reason) =>
        [new("ContrNo", line), new("CancelReason", access.Setting(SettingOf(reason)).Trim()), new("SellerMemo", MemoOf(reason))];

    private static string SettingOf(CancelReason reason) => reason switch
    {
        CancelReason.OutOfStock => "cancel-reason-out-of-stock",
        CancelReason.BuyersRequest => "cancel-reason-buyers-request",
        CancelReason.Undeliverable => "cancel-reason-undeliverable",
        CancelReason.NotPaid => "cancel-reason-not-paid",
        _ => "cancel-reason-other",
    };

    private static string MemoOf(CancelReason reason) => reason switch
    {
        CancelReason.OutOfStock => "在庫切れ",
        CancelReason.BuyersRequest => "お客様のご都合",
        CancelReason.Undeliverable => "お届け先の不備・長期不在",
        CancelReason.NotPaid => "ご入金の確認ができないため",
        _ => "その他",
    };
}
