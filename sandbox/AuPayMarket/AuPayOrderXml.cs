using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using Sandbox.Core;

namespace Sandbox.AuPayMarket;

/// <summary>An order as the orderInfo element of a search's answer. Element names [C×8]; the values of flags other than paymentStatus [I].</summary>
internal static class AuPayOrderXml
{
    private static readonly XmlWriterSettings Settings = new()
    {
        ConformanceLevel = ConformanceLevel.Fragment,
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        OmitXmlDeclaration = true,
    };

    public static byte[] Render(AuPayOrder order, bool withRawMail)
    {
        using var bytes = new MemoryStream(4096);
        using (var xml = XmlWriter.Create(bytes, Settings))
        {
            xml.WriteStartElement("orderInfo");
            Head(xml, order, withRawMail);
            People(xml, order);
            States(xml, order);
            Amounts(xml, order.Seed, order.Seed.Malformed == "amount");
            Delivery(xml, order);
            if (order.Seed.Malformed != "missing")
            {
                for (var i = 0; i < order.Seed.Lines.Count; i++)
                {
                    Detail(xml, order, order.Seed.Lines[i], i);
                }
            }

            xml.WriteEndElement();
        }

        return bytes.ToArray();
    }

    /// <summary>リレーメール: another address for every order, so it tells nothing about the person.</summary>
    internal static string RelayMail(AuPayOrder order)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{order.Id}|{order.Seed.Buyer.Email}"));
        return $"{Convert.ToHexStringLower(hash.AsSpan(0, 8))}@relay.example.invalid";
    }

    private static void Head(XmlWriter xml, AuPayOrder order, bool withRawMail)
    {
        xml.WriteElementString("orderId", AuPayAnswers.Text(order.Id));
        xml.WriteElementString("orderDate", order.Seed.Malformed == "date" ? "0000/00/00 --:--" : Minute(order.PlacedAt));
        xml.WriteElementString("sellMethodSegment", "1");
        xml.WriteElementString("siteAndDevice", "au PAY マーケット(SP(アプリ))");
        xml.WriteElementString("crossBorderEcTradeKbn", "");
        xml.WriteElementString("mailAddress", RelayMail(order));
        if (withRawMail)
        {
            xml.WriteElementString("rawMailAddress", order.Seed.Buyer.Email);
        }
    }

    private static void People(XmlWriter xml, AuPayOrder order)
    {
        Person(xml, "orderer", order.Seed.Buyer, withName: true);
        xml.WriteElementString("nickname", order.Seed.Buyer.LastKana);
        Person(xml, "sender", order.Seed.Recipient, withName: order.Seed.Malformed != "missing");
        xml.WriteElementString("settlementName", order.Settlement);
        xml.WriteElementString("userComment", order.Seed.BuyerNote ?? "");
        xml.WriteElementString("tradeRemarks", "");
        xml.WriteElementString("memo", "");
    }

    private static void Person(XmlWriter xml, string role, SeedPerson person, bool withName)
    {
        if (withName)
        {
            xml.WriteElementString(role + "Name", $"{person.LastName} {person.FirstName}".Trim());
        }

        xml.WriteElementString(role + "Kana", $"{person.LastKana} {person.FirstKana}".Trim());
        xml.WriteElementString(role + "ZipCode", person.PostalCode);
        xml.WriteElementString(role + "Address", Address(person));
        xml.WriteElementString(role + "PhoneNumber1", person.Phone);
    }

    /// <summary>One string; the parts are separated by a space and nothing marks where one ends.</summary>
    private static string Address(SeedPerson person) =>
        string.Join(' ', new[] { person.Prefecture, person.City, person.Street, person.Building }.Where(part => part.Length > 0));

    private static void States(XmlWriter xml, AuPayOrder order)
    {
        xml.WriteElementString("orderStatus", order.Status);
        xml.WriteElementString("contactStatus", "N");
        Flag(xml, "authorization", order.IsCard && order.PaidAt is not null ? order.PaidAt : null);
        Flag(xml, "payment", order.PaidAt);
        Flag(xml, "ship", order.ShippedAt);
        xml.WriteElementString("printStatus", "N");
        Flag(xml, "cancel", order.CancelledAt);
        if (order.CancelledAt is not null)
        {
            xml.WriteElementString("cancelReason", order.CancelReason);
            xml.WriteElementString("cancelComment", order.CancelComment);
        }
    }

    private static void Flag(XmlWriter xml, string name, DateTimeOffset? since)
    {
        xml.WriteElementString(name + "Status", since is null ? "N" : "Y");
        if (since is { } at)
        {
            xml.WriteElementString(name + "Date", Minute(at));
        }
    }

    private static void Amounts(XmlWriter xml, SeedOrder seed, bool broken)
    {
        var goods = seed.Lines.Sum(line => line.UnitPrice * line.Quantity);
        var reduced = seed.Lines.Where(line => line.TaxRate == 8).Sum(line => line.UnitPrice * line.Quantity);
        var total = goods + seed.ShippingFee;
        xml.WriteElementString("totalSalePrice", Yen(goods));
        xml.WriteElementString("totalSalePriceNormalTax", Yen(goods - reduced));
        xml.WriteElementString("totalSalePriceReducedTax", Yen(reduced));
        xml.WriteElementString("totalSalePriceNoTax", "0");
        xml.WriteElementString("totalSaleUnit", AuPayAnswers.Text(seed.Lines.Sum(line => line.Quantity)));
        xml.WriteElementString("postagePrice", Yen(seed.ShippingFee));
        xml.WriteElementString("postagePriceTaxRate", "10");
        xml.WriteElementString("chargePrice", "0");
        xml.WriteElementString("chargePriceTaxRate", "10");
        xml.WriteElementString("totalItemOptionPrice", "0");
        xml.WriteElementString("totalGiftWrappingPrice", "0");
        xml.WriteElementString("totalPrice", broken ? "四千円" : Yen(total));
        xml.WriteElementString("totalPriceNormalTax", Yen(total - reduced));
        xml.WriteElementString("totalPriceReducedTax", Yen(reduced));
        xml.WriteElementString("totalPriceNoTax", "0");
        xml.WriteElementString("couponTotalPrice", Yen(seed.Coupon));
        xml.WriteElementString("usePoint", "0");
        xml.WriteElementString("useAuPointPrice", Yen(seed.Points));
        xml.WriteElementString("useAuPoint", Yen(seed.Points));
        xml.WriteElementString("requestPrice", Yen(total - seed.Coupon - seed.Points));
    }

    private static void Delivery(XmlWriter xml, AuPayOrder order)
    {
        var name = order.Seed.DeliveryText ?? "宅配便";
        xml.WriteElementString("deliveryName", name);
        xml.WriteElementString("deliveryMethodId", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 3)));
        if (order.Seed.RequestedDate is { } day)
        {
            xml.WriteElementString("deliveryRequestDay", Day(day));
        }

        if (order.Seed.TimeSlotText is { } slot)
        {
            xml.WriteElementString("deliveryRequestTime", slot);
        }

        if (order.ShippingDate is { } shipped)
        {
            xml.WriteElementString("shippingDate", Day(shipped));
        }

        xml.WriteElementString("shippingCarrier", order.Carrier);
        xml.WriteElementString("shippingNumber", order.Number);
    }

    private static void Detail(XmlWriter xml, AuPayOrder order, SeedLine line, int index)
    {
        var (code, choice) = Split(line);
        xml.WriteStartElement("detail");
        xml.WriteElementString("orderDetailId", AuPayAnswers.Text(order.Id * 100L + index));
        xml.WriteElementString("itemManagementId", choice);
        xml.WriteElementString("itemCode", code);
        xml.WriteElementString("lotnumber", AuPayAnswers.Text(700_000_000 + index));
        xml.WriteElementString("itemName", line.Title);
        xml.WriteElementString("itemOption", line.Option);
        xml.WriteElementString("itemOptionPrice", "0");
        if (order.Seed.GiftWrap)
        {
            xml.WriteElementString("giftWrappingType", "包装紙A");
            xml.WriteElementString("giftWrappingPrice", "0");
        }

        if (order.Seed.Noshi is { } noshi)
        {
            xml.WriteElementString("noshiType", noshi);
            xml.WriteElementString("noshiPresenterName1", order.Seed.Buyer.LastName);
        }

        xml.WriteElementString("itemCancelStatus", order.CancelledAt is null ? "N" : "Y");
        xml.WriteElementString("beforeDiscount", Yen(line.UnitPrice));
        xml.WriteElementString("discount", "0");
        xml.WriteElementString("itemPrice", Yen(line.UnitPrice));
        xml.WriteElementString("unit", AuPayAnswers.Text(line.Quantity));
        xml.WriteElementString("totalItemPrice", Yen(line.UnitPrice * line.Quantity));
        xml.WriteElementString("totalItemChargePrice", "0");
        xml.WriteElementString("taxType", "1");
        xml.WriteElementString("reducedTax", line.TaxRate == 8 ? "1" : "0");
        xml.WriteElementString("taxRate", AuPayAnswers.Text(line.TaxRate));
        xml.WriteElementString("giftPoint", "0");
        xml.WriteElementString("shippingTimelimitDate", Day(order.ShipLimit));
        xml.WriteEndElement();
    }

    /// <summary>A choice's code follows the item's code; the two together are the SKU. [C×3]</summary>
    internal static (string Code, string Choice) Split(SeedLine line)
    {
        var dash = line.Option.Length > 0 ? line.Sku.LastIndexOf('-') : -1;
        return dash > line.Sku.IndexOf('-', StringComparison.Ordinal) ? (line.Sku[..dash], line.Sku[dash..]) : (line.Sku, "");
    }

    private static string Minute(DateTimeOffset at) => JapanTime.Text(at, "yyyy/MM/dd HH:mm");

    private static string Day(DateOnly day) => day.ToString("yyyy/MM/dd", CultureInfo.InvariantCulture);

    private static string Yen(decimal amount) => amount.ToString("0.##", CultureInfo.InvariantCulture);
}
