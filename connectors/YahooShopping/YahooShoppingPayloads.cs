using System.Globalization;
using System.Xml.Linq;
using Domain.Coverage;
using Domain.Time;

namespace Connectors.YahooShopping;

/// <summary>The requests, as they spell them. SellerId is added where they are sent.</summary>
internal static class YahooShoppingPayloads
{
    /// <summary>What of an order changes while it is open, and what tells where it stands.</summary>
    private const string ListFields =
        "OrderId,OrderTime,LastUpdateTime,OrderStatus,PayStatus,SettleStatus,ShipStatus,IsSeen,IsReadOnly,IsSplit,ParentOrderId,PublicationTime,FraudHoldStatus";

    /// <summary>Only what is named comes back; every name is an official one.</summary>
    private static readonly string DetailFields = string.Join(',', (string[])
    [
        "OrderId", "ParentOrderId", "ChildOrderId", "IsSeen", "IsSplit", "IsReadOnly", "OrderTime", "LastUpdateTime", "Suspect", "FraudHoldStatus",
        "OrderStatus", "CancelReason", "CancelReasonDetail", "StoreStatus", "BuyerComments",
        "TotalCouponDiscount", "ShippingCouponFlg", "ShippingCouponDiscount", "IsMultiShip", "MultiShipId",
        "SocialGiftType", "IsLineGiftOrder", "IsLineGiftShippable",
        "PayStatus", "SettleStatus", "PayType", "PayKind", "PayMethod", "PayMethodName", "CombinedPayMethod", "PayDate", "PaymentTerm",
        "BillLastName", "BillFirstName", "BillLastNameKana", "BillFirstNameKana", "BillZipCode", "BillPrefecture", "BillCity", "BillAddress1", "BillAddress2",
        "BillPhoneNumber", "BillMailAddress",
        "ShipStatus", "ShipMethod", "ShipMethodName", "ShipRequestDate", "ShipRequestTime", "ShipCompanyCode", "ShipInvoiceNumber1", "ShipInvoiceNumber2",
        "ShipInvoiceNumberEmptyReason", "ShipDate", "NeedGiftWrap", "GiftWrapType", "GiftWrapMessage", "NeedGiftWrapPaper", "GiftWrapPaperType", "GiftWrapName",
        "ShipLastName", "ShipFirstName", "ShipLastNameKana", "ShipFirstNameKana", "ShipZipCode", "ShipPrefecture", "ShipCity", "ShipAddress1", "ShipAddress2",
        "ShipPhoneNumber", "Option1Field", "Option1Value", "Option2Field", "Option2Value", "ReceiveShopType", "ReceiveSatelliteType",
        "LineId", "ItemId", "Title", "SubCode", "SubCodeOption", "ItemOption", "Inscription", "IsTaxable", "ItemTaxRatio", "UnitPrice", "Quantity",
        "PayCharge", "ShipCharge", "GiftWrapCharge", "Discount", "Adjustments", "UsePoint", "GiftCardDiscount", "TotalMallCouponDiscount",
        "TotalImmediateBonusAmount", "SettleAmount", "TotalPrice",
    ]);

    /// <param name="by"><c>OrderTime</c> or <c>PublicationTime</c>.</param>
    /// <param name="span">Their ends are part of the search and are whole seconds: the last second before the span's end is the last one that is asked for.</param>
    /// <param name="narrower">Further conditions.</param>
    public static XElement Search(string by, Interval span, int start, int size, params ReadOnlySpan<(string Name, string Value)> narrower)
    {
        var condition = new XElement(
            "Condition",
            new XElement($"{by}From", Second(span.From)),
            new XElement($"{by}To", Second(span.To.AddTicks(-1))));
        foreach (var (name, value) in narrower)
        {
            condition.Add(new XElement(name, value));
        }

        return new XElement(
            "Req",
            new XElement(
                "Search",
                new XElement("Result", size),
                new XElement("Start", start),
                new XElement("Sort", "+order_time"),
                condition,
                new XElement("Field", ListFields)));
    }

    public static XElement Detail(string orderId) =>
        new("Req", new XElement("Target", new XElement("OrderId", orderId), new XElement("Field", DetailFields)));

    /// <summary>出荷済み with carrier, number and day. Without ShipMethod: the company bound to it would win.</summary>
    public static XElement Shipped(string orderId, string operatedBy, string company, string number, DateOnly day) =>
        new(
            "Req",
            Target(orderId, operatedBy),
            new XElement(
                "Order",
                new XElement(
                    "Ship",
                    new XElement("ShipStatus", "3"),
                    new XElement("ShipCompanyCode", company),
                    new XElement("ShipInvoiceNumber1", number),
                    new XElement("ShipDate", day.ToString("yyyyMMdd", CultureInfo.InvariantCulture)))));

    /// <summary>完了</summary>
    public static XElement Completed(string orderId, string operatedBy) =>
        new("Req", Target(orderId, operatedBy), new XElement("Order", new XElement("OrderStatus", "5")));

    /// <summary>キャンセル, which can never be undone.</summary>
    /// <param name="detail">Empty = not sent.</param>
    public static XElement Cancelled(string orderId, string operatedBy, string reason, string detail) =>
        new(
            "Req",
            Target(orderId, operatedBy),
            new XElement(
                "Order",
                new XElement("OrderStatus", "4"),
                new XElement("CancelReason", reason),
                detail.Length == 0 ? null : new XElement("CancelReasonDetail", detail)));

    /// <param name="operatedBy">Empty = not sent: an empty value never is.</param>
    private static XElement Target(string orderId, string operatedBy) =>
        new(
            "Target",
            new XElement("OrderId", orderId),
            new XElement("IsPointFix", "true"),
            operatedBy.Length == 0 ? null : new XElement("OperationUser", operatedBy));

    private static string Second(DateTimeOffset at) => Jst.In(at).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
}
