using System.Globalization;
using System.Security;
using System.Text;
using Sandbox.Core;

namespace Sandbox.YahooShopping;

/// <summary>An order in their words: OrderInfo of orderInfo with its groups, or a row of orderList, flat and beginning behind its index.
/// Names, groups and empty elements [O]; the values of what nobody orders here are constants [I].</summary>
internal sealed class YahooOrderXml
{
    private readonly StringBuilder _text = new(4096);
    private readonly YahooFields _fields;
    private readonly YahooOrder _order;
    private string? _pending;
    private bool _open;

    private YahooOrderXml(YahooOrder order, YahooFields fields) => (_order, _fields) = (order, fields);

    private SeedOrder Seed => _order.Seed;

    public static byte[] Render(YahooOrder order, YahooFields fields, bool readOnly)
    {
        var xml = new YahooOrderXml(order, fields);
        if (!fields.IsList)
        {
            xml._text.Append("<OrderInfo>");
        }

        xml.Head();
        xml.Pay();
        xml.Ship();
        if (!fields.IsList && order.Seed.Malformed != "missing")
        {
            for (var i = 0; i < order.Seed.Lines.Count; i++)
            {
                xml.Item(order.Seed.Lines[i], i + 1);
            }
        }

        xml.Detail();
        xml.Group("Seller", () => xml.Put("SellerId", order.Seller));
        xml.Group("Buyer", () => xml.Put("IsLogin", "true"));
        xml.Put("IsReadOnly", readOnly ? "1" : "0");
        xml._text.Append("</OrderInfo>");
        return Encoding.UTF8.GetBytes(xml._text.ToString());
    }

    private void Head()
    {
        Put("OrderId", _order.Id);
        Put("Version", YahooAnswers.Text(_order.History));
        Put("ParentOrderId", "");
        Put("ChildOrderId", "");
        Put("DeviceType", "3");
        Put("IsSeen", _order.IsSeen);
        Put("IsSplit", false);
        Put("OrderTime", Seed.Malformed == "date" && !_fields.IsList ? "0000-00-00T99:99:99+09:00" : Moment(_order.PlacedAt));
        Put("LastUpdateTime", Moment(_order.UpdatedAt));
        Put("PublicationTime", _order.PublishedAt is { } published ? Moment(published) : Limits.PublicationOnlyAfterReview ? "" : Moment(_order.PlacedAt));
        Put("Suspect", "0");
        Put("FraudHoldStatus", _order.InReview ? "1" : _order.PublishedAt is not null ? "2" : "0");
        Put("OrderStatus", YahooAnswers.Text(_order.Status));
        Words("CancelReason", _order.CancelReason);
        Words("CancelReasonDetail", _order.CancelReasonDetail);
        Put("StoreStatus", "");
        Words("BuyerComments", Seed.BuyerNote ?? "");
        Words("Notes", _order.Notes);
        Put("TotalCouponDiscount", "");
        Put("ShippingCouponFlg", "");
        Put("ShippingCouponDiscount", "");
        Put("IsMultiShip", false);
        Put("MultiShipId", "");
        Put("HistoryId", YahooAnswers.Text(_order.History));
        Put("IsFirstClassDrugIncludes", false);
        Put("IsSubscription", false);
        Put("SocialGiftType", "0");
        Put("IsLineGiftOrder", false);
        Put("IsLineGiftShippable", "");
    }

    private void Pay() => Group("Pay", () =>
    {
        var (payment, buyer) = (_order.Payment, Seed.Buyer);
        Put("PayStatus", _order.PaidAt is null ? "0" : "1");
        Put("SettleStatus", YahooAnswers.Text(_order.SettleStatus));
        Put("PayType", payment.IsPrepaid ? "1" : "0");
        Put("PayKind", YahooAnswers.Text(payment.Kind));
        Put("PayMethod", payment.Code);
        Words("PayMethodName", payment.Name);
        Put("CombinedPayMethod", "");
        Put("CombinedPayMethodName", "");
        Put("CombinedPayKind", "");
        Put("PayDate", _order.PaidAt is { } paid ? JapanTime.Text(paid, "yyyy-MM-dd") : "");
        Put("PaymentTerm", payment.HasTerm ? JapanTime.Text(_order.PlacedAt.AddDays(7), "yyyy-MM-dd 23:59:59") : "");
        Put("PayMethodChangeDeadline", _order.ChangeDeadline is { } deadline ? JapanTime.Text(deadline, "yyyy-MM-dd HH:mm:ss") : "");
        Put("IsPayMethodChangePossible", _order.ChangeDeadline is not null);
        Put("NeedBillSlip", false);
        Put("NeedDetailedSlip", true);
        Put("NeedReceipt", false);
        Person("Bill", buyer, withName: true);
        Words("BillMailAddress", buyer.Email);
    });

    private void Ship() => Group("Ship", () =>
    {
        var (shipment, wrap, noshi) = (_order.Shipment, Seed.GiftWrap, Seed.Noshi);
        Put("ShipStatus", YahooAnswers.Text(_order.ShipStatus));
        Put("ShipMethod", shipment.Method.Length > 0 ? shipment.Method : Seed.DeliveryText is null ? "postage1" : "postage2");
        Words("ShipMethodName", Seed.DeliveryText ?? "宅配便");
        Put("ShipRequestDate", Seed.RequestedDate?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "");
        Put("ShipRequestTime", Seed.TimeSlotText ?? "");
        Words("ShipNotes", shipment.Notes);
        Put("ShipCompanyCode", shipment.Carrier);
        Put("ShipInvoiceNumber1", shipment.Number1);
        Put("ShipInvoiceNumber2", shipment.Number2);
        Put("ShipInvoiceNumberEmptyReason", shipment.EmptyReason);
        Words("ShipUrl", shipment.Url);
        Put("ArriveType", "0");
        Put("ShipDate", shipment.ShipDate);
        Put("ArrivalDate", shipment.ArrivalDate);
        Put("NeedGiftWrap", wrap);
        Put("GiftWrapCode", wrap ? "1" : "");
        Words("GiftWrapType", wrap ? "赤リボン" : "");
        Put("GiftWrapMessage", "");
        Put("NeedGiftWrapPaper", noshi is not null);
        Words("GiftWrapPaperType", noshi ?? "");
        Words("GiftWrapName", noshi is null ? "" : Seed.Buyer.LastName);
        foreach (var name in (string[])["Option1Field", "Option1Value", "Option2Field", "Option2Value", "ReceiveShopType", "ReceiveSatelliteType", "EazyDeliveryCode"])
        {
            Put(name, "");
        }

        Put("IsEazy", false);
        Put("ExcellentDelivery", "0");
        Person("Ship", Seed.Recipient, withName: Seed.Malformed != "missing");
    });

    private void Person(string role, SeedPerson person, bool withName)
    {
        if (withName)
        {
            Words(role + "LastName", person.LastName);
            Words(role + "FirstName", person.FirstName);
        }

        Words(role + "LastNameKana", person.LastKana);
        Words(role + "FirstNameKana", person.FirstKana);
        Words(role + "ZipCode", person.PostalCode);
        Words(role + "Prefecture", person.Prefecture);
        Words(role + "City", person.City);
        Words(role + "Address1", person.Street);
        Words(role + "Address2", person.Building);
        Words(role + "PhoneNumber", person.Phone);
    }

    private void Item(SeedLine line, int number) => Group("Item", () =>
    {
        (string Name, string Value)[] options = [.. Options(line.Option)];
        Put("LineId", YahooAnswers.Text(number));
        Words("ItemId", ItemOf(line));
        Words("Title", line.Title);
        Words("SubCode", line.Option.Length > 0 ? line.Sku : "");
        Words("SubCodeOption", string.Join('#', options.Select(o => $"{o.Name}:{o.Value}")));
        if (_fields.Has("ItemOption"))
        {
            for (var i = 0; i < options.Length; i++)
            {
                Flush();
                _text.Append(CultureInfo.InvariantCulture, $"<ItemOption><Index>{i + 1}</Index><Name>{Cdata(options[i].Name)}</Name><Value>{Cdata(options[i].Value)}</Value><Price>0</Price></ItemOption>");
            }
        }

        Put("Inscription", "");
        Put("IsTaxable", true);
        Put("ItemTaxRatio", YahooAnswers.Text(line.TaxRate));
        Put("Jan", "");
        Put("UnitPrice", Yen(line.UnitPrice));
        Put("NonTaxUnitPrice", Yen(decimal.Floor(line.UnitPrice * 100 / (100 + line.TaxRate))));
        Put("Quantity", YahooAnswers.Text(line.Quantity));
        foreach (var name in (string[])["CouponDiscount", "OriginalPrice", "LeadTimeStart", "LeadTimeEnd", "ReleaseDate"])
        {
            Put(name, "");
        }
    });

    private void Detail() => Group("Detail", () =>
    {
        // The order's coupon is the mall's: the store's is taken off UnitPrice already. [O]
        var total = Seed.Lines.Sum(line => line.UnitPrice * line.Quantity) + Seed.ShippingFee - Seed.Points - Seed.Coupon;
        Put("PayCharge", "0");
        Put("ShipCharge", Yen(Seed.ShippingFee));
        Put("GiftWrapCharge", "0");
        Put("Discount", "0");
        Put("Adjustments", "");
        Put("UsePoint", Yen(Seed.Points));
        Put("GiftCardDiscount", "");
        Put("TotalMallCouponDiscount", Yen(Seed.Coupon));
        Put("TotalImmediateBonusAmount", "");
        Put("SettleAmount", Yen(total));
        Put("TotalPrice", Seed.Malformed == "amount" ? "四千円" : Yen(total));
        Put("PayMethodAmount", "");
        Put("CombinedPayMethodAmount", "");
    });

    /// <summary>カラー:赤, カラー=赤&amp;サイズ=S.</summary>
    private static IEnumerable<(string, string)> Options(string option) =>
        option.Split(['&', '#'], StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split([':', '='], 2)).Select(pair => pair is [var name, var value] ? (name, value) : ("選択", pair[0]));

    /// <summary>The item's own code stands in front of the choice's.</summary>
    internal static string ItemOf(SeedLine line)
    {
        var dash = line.Option.Length > 0 ? line.Sku.LastIndexOf('-') : -1;
        return dash > line.Sku.IndexOf('-', StringComparison.Ordinal) ? line.Sku[..dash] : line.Sku;
    }

    private static string Moment(DateTimeOffset at) => JapanTime.Text(at, "yyyy-MM-ddTHH:mm:sszzz");

    private static string Yen(decimal amount) => amount.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Cdata(string text) => text.Length == 0 ? "" : $"<![CDATA[{text.Replace("]]>", "]]]]><![CDATA[>", StringComparison.Ordinal)}]]>";

    /// <summary>A group's element, if any of it was asked for; a list is flat.</summary>
    private void Group(string name, Action content)
    {
        (_pending, _open) = (_fields.IsList ? null : name, false);
        content();
        if (_open)
        {
            _text.Append("</").Append(name).Append('>');
        }

        (_pending, _open) = (null, false);
    }

    private void Flush()
    {
        if (_pending is not null)
        {
            _text.Append('<').Append(_pending).Append('>');
            (_pending, _open) = (null, true);
        }
    }

    private void Put(string name, bool value) => Put(name, value ? "true" : "false");

    private void Put(string name, string value) => Write(name, SecurityElement.Escape(value));

    private void Words(string name, string value) => Write(name, Cdata(value));

    private void Write(string name, string content)
    {
        if (_fields.Has(name))
        {
            Flush();
            _text.Append('<').Append(name).Append('>').Append(content).Append("</").Append(name).Append('>');
        }
    }
}
