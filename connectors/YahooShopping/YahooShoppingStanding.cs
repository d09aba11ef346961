using System.Collections.Immutable;
using System.Xml.Linq;
using Connectors.Wire;
using Domain.Marketplaces;
using Domain.Orders;

namespace Connectors.YahooShopping;

/// <summary>Where an order stands: their five statuses and the flags beside them, in our one vocabulary. Ready needs every one of them to agree.</summary>
internal static class YahooShoppingStanding
{
    public static MarketplaceStanding Of(XElement order)
    {
        var (pay, ship) = (order.Element("Pay"), order.Element("Ship"));
        return order.Text("OrderStatus") switch
        {
            "4" => MarketplaceStanding.Cancelled,
            "5" => MarketplaceStanding.Completed,
            _ when ship?.Text("ShipStatus") is "3" or "4" => MarketplaceStanding.Shipped,
            "1" => MarketplaceStanding.Reserved,
            "2" when HoldsOf(order).Any(h => h.Reason is HoldReason.InReview) => MarketplaceStanding.InReview,
            "2" when pay is not null && PaymentOf(pay) is PaymentStanding.Unpaid => MarketplaceStanding.AwaitingPayment,
            "2" => MarketplaceStanding.Ready,
            _ => MarketplaceStanding.InReview,
        };
    }

    public static PaymentStanding PaymentOf(XElement pay)
    {
        if (pay.Text("PayMethod") is "payment_d1" or "payment_c2")
        {
            return PaymentStanding.AfterDelivery; // 商品代引, ゆうちょ後払い
        }

        // 8 = the time to pay is over, 10 = the card was refused: whatever PayStatus says, nothing is secured.
        return pay.Text("PayStatus") == "1" && pay.Text("SettleStatus") is not ("8" or "10") ? PaymentStanding.Secured : PaymentStanding.Unpaid;
    }

    /// <summary>Status, and the reason of a cancel, as numbers with their words. No free text.</summary>
    public static string TextOf(XElement order)
    {
        var status = order.Text("OrderStatus");
        var text = $"OrderStatus {status} {NameOf(status)}".TrimEnd();
        return order.Text("CancelReason") is { Length: > 0 } reason && status == "4" ? $"{text}, CancelReason {reason} {ReasonOf(reason)}".TrimEnd() : text;
    }

    /// <summary>What stops the order although its status alone would not.</summary>
    public static ImmutableArray<Hold> HoldsOf(XElement order)
    {
        var holds = ImmutableArray.CreateBuilder<Hold>();
        void If(bool stands, HoldReason reason, string detail)
        {
            if (stands)
            {
                holds.Add(new Hold(reason, detail));
            }
        }

        var (pay, ship, status) = (order.Element("Pay"), order.Element("Ship"), order.Text("OrderStatus"));
        var shipStatus = ship?.Text("ShipStatus") ?? "";
        If(IsTrue(order, "IsReadOnly"), HoldReason.InReview, "購入者がキャンセルできる時間内（注文から10分）");
        If(status is "0" or "3" or "8", HoldReason.InReview, NameOf(status));
        If(order.Text("Suspect") == "1", HoldReason.InReview, "いたずら注文の疑い（Suspect 1）");
        If(order.Text("FraudHoldStatus") == "1", HoldReason.InReview, "不正利用の審査中");
        If(order.Text("FraudHoldStatus") == "3", HoldReason.InReview, "不正利用と確定");
        If(pay?.Text("SettleStatus") is "6" or "7" or "11", HoldReason.InReview, "決済がキャンセル・返金・売上取消になっている");
        If(IsTrue(order, "IsLineGiftOrder") && !IsTrue(order, "IsLineGiftShippable"), HoldReason.InReview, "LINEギフトの届け先が未確定");
        If(
            shipStatus == "0" && pay is not null && PaymentOf(pay) is not PaymentStanding.Unpaid,
            HoldReason.InReview, "出荷不可（ShipStatus 0）");
        If(IsTrue(order, "IsSplit"), HoldReason.SeveralDestinations, "注文が分割されている");
        If(shipStatus == "2", HoldReason.UnknownStatus, "出荷処理中（ShipStatus 2）: 他で出荷の作業中");
        If(shipStatus is not ("0" or "1" or "2" or "3" or "4"), HoldReason.UnknownStatus, $"ShipStatus {shipStatus}");
        If(NameOf(status).Length == 0, HoldReason.UnknownStatus, $"OrderStatus {status}");
        foreach (var kind in (string[])["ReceiveShopType", "ReceiveSatelliteType"])
        {
            If(ship?.Text(kind) is { Length: > 0 } and not "0", HoldReason.SuspiciousAddress, $"店頭受取・受取場所の指定（{kind} {ship?.Text(kind)}）");
        }

        If(ship?.Text("ShipPrefecture") == "その他", HoldReason.SuspiciousAddress, "国外の届け先");
        return holds.ToImmutable();
    }

    private static bool IsTrue(XElement order, string flag) => order.Text(flag) is "1" or "true";

    private static string NameOf(string status) => status switch
    {
        "0" => "未入力",
        "1" => "予約中",
        "2" => "処理中",
        "3" => "保留",
        "4" => "キャンセル",
        "5" => "完了",
        "8" => "繰上げ同意待ち",
        _ => "",
    };

    private static string ReasonOf(string reason) => reason switch
    {
        "100" => "キャンセル",
        "110" => "返品",
        "120" => "未入金",
        "130" => "住所不明",
        "140" => "受取拒否",
        "150" => "連絡不通",
        "160" => "重複",
        "170" => "決済審査不可",
        "180" or "230" => "その他",
        "200" => "決済方法都合",
        "210" => "欠品",
        "220" => "販売中止",
        "300" => "購入者：間違え",
        "310" => "購入者：ポイント忘れ",
        "320" => "購入者：クーポン忘れ",
        "330" => "購入者：他で安い",
        "340" => "購入者：送料",
        "350" => "購入者：届け先変更",
        "360" => "購入者：配送方法変更",
        "370" => "購入者：支払方法変更",
        "380" => "購入者：カード不可",
        "400" => "役務連動",
        _ => "",
    };
}
