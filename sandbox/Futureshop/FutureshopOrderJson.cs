using System.Globalization;
using System.Text.Json;
using Sandbox.Core;

namespace Sandbox.Futureshop;

/// <summary>An order in the two forms in which they send it: as a row of the search, and by its number. The two differ in names, nesting and depth.
/// Nothing is null: what is missing is an empty string.</summary>
internal static class FutureshopOrderJson
{
    private const string Time = "yyyy-MM-dd'T'HH:mm:ss";

    /// <summary>A row of the search: shipping facts nested, postalCode, no notes, no coupons, no productNo.</summary>
    public static void WriteRow(Utf8JsonWriter json, FutureshopOrder order) => Write(json, order, detail: false);

    /// <summary>The whole answer of a get: shipping facts flat, zipCode, notes, coupons, productNo.</summary>
    public static void WriteDetail(Utf8JsonWriter json, FutureshopOrder order) => Write(json, order, detail: true);

    public static string Date(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";

    private static void Write(Utf8JsonWriter json, FutureshopOrder order, bool detail)
    {
        var seed = order.Seed;
        json.WriteString("orderNo", order.Number);
        json.WriteString("type", "REGULAR");
        json.WriteString("date", seed.Malformed == "date" ? "2026-13-45T99:00:00" : JapanTime.Text(seed.PlacedAt, Time));
        json.WriteString("status", order.Status);
        if (seed.Malformed == "amount")
        {
            json.WriteString("grandTotal", "?,???");
        }
        else
        {
            json.WriteNumber("grandTotal", order.GrandTotal);
        }

        json.WriteNumber("totalCost", order.GrandTotal);
        json.WriteNumber("productTotal", order.ProductTotal);
        json.WriteNumber("taxTotal", order.Shipments.SelectMany(s => s.Lines).Sum(l => TaxOf(l) * l.Quantity));
        json.WriteNumber("giftWrappingChargeTotal", 0);
        json.WriteNumber("postage", seed.ShippingFee);
        json.WriteString("coolDeliveryChargeTotal", Amount(order.CoolTotal)); // some amounts come as text
        json.WriteBoolean("taxConfigEnabled", true);
        json.WriteString("taxRoundingType", "ROUND_DOWN");
        json.WriteNumber("usedPointPrice", seed.Points);
        json.WriteString("paymentType", order.PaymentType);
        json.WriteNumber("paymentChargeTotal", 0);
        json.WriteString("receiptDate", Date(order.ReceiptDate));
        json.WriteString("oricoProcedureDate", "");
        json.WriteString("cancelDate", order.CancelledAt is { } at ? JapanTime.Text(at, Time) : "");
        if (detail)
        {
            WriteDetailHeader(json, order);
        }
        else
        {
            json.WriteNumber("discountTotal", seed.Coupon);
            json.WriteNumber("taxRate", 10);
            json.WriteNumber("standardTax", 10);
            json.WriteNumber("reducedTax", 8);
            json.WriteBoolean("isMember", true);
        }

        if (seed.Malformed == "missing")
        {
            return;
        }

        json.WriteStartObject("buyerInfo");
        WriteBuyer(json, seed.Buyer, detail);
        json.WriteEndObject();
        json.WriteStartArray("shipmentList");
        foreach (var shipment in order.Shipments)
        {
            json.WriteStartObject();
            WriteShipment(json, order, shipment, detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteDetailHeader(Utf8JsonWriter json, FutureshopOrder order)
    {
        var seed = order.Seed;
        json.WriteString("dateLastUpdated", JapanTime.Text(order.LastUpdated, Time));
        json.WriteString("dateProcessed", order.ProcessedAt is { } at ? JapanTime.Text(at, Time) : "");
        json.WriteString("paymentStatus", order.ReceiptDate is null ? "NOTRECEIVED" : "RECEIVED");
        json.WriteNumber("standardTaxRate", 10);
        json.WriteNumber("reducedTaxRate", 8);
        json.WriteString("earnedPointStatus", "");
        json.WriteString("productCouponDiscountName", seed.Coupon > 0 ? "見本クーポン" : "");
        json.WriteString("productCouponDiscountTotal", seed.Coupon > 0 ? Amount(seed.Coupon) : "");
        json.WriteString("postageCouponDiscountName", "");
        json.WriteNumber("postageCouponDiscountTotal", 0);
        json.WriteString("volumeDiscountName", "");
        json.WriteNumber("volumeDiscountTotal", 0);
        json.WriteString("bundleDiscountCaption", "");
        json.WriteString("bundleDiscountTotal", "");
        json.WriteStartArray("couponList");
        json.WriteEndArray();
        json.WriteString("communication", seed.BuyerNote ?? "");
        json.WriteString("customerContact", "");
        json.WriteString("shopMemo", "");
        json.WriteBoolean("multipleShipments", order.Shipments.Count > 1);
        json.WriteBoolean("blackOrder", false);
        json.WriteString("deviceType", "PC");
        json.WriteString("sbpsTrackingId", "");
        json.WriteString("sbpsTrackingId", ""); // twice, as recorded
        json.WriteString("sbpsAlert", "");
        json.WriteString("fregiAuthNo", "");
        json.WriteString("amazonOrderReferenceId", "");
        json.WriteString("rakutenPayOrderId", "");
        json.WriteString("subscriptionNo", "");
    }

    private static void WriteBuyer(Utf8JsonWriter json, SeedPerson person, bool detail)
    {
        json.WriteString("memberId", "501");
        WriteName(json, person);
        json.WriteString("mail", person.Email);
        json.WriteString("mobileMail", "");
        json.WriteString("zipCode", person.PostalCode);
        WriteAddress(json, person);
        json.WriteString("telNoMain", person.Phone);
        json.WriteString("faxNo", "");
        json.WriteString("birthday", detail ? "1990-01-01" : "19900101");
        json.WriteString("companyName", "");
        json.WriteString("companyNameKana", "");
        if (detail)
        {
            json.WriteString("telNoAlternate", "");
            json.WriteString("nickName", "");
            json.WriteString("orderCount", "1");
            json.WriteString("totalOrderCount", "1");
            json.WriteString("memberStageName", "");
        }
    }

    private static void WriteShipment(Utf8JsonWriter json, FutureshopOrder order, FutureshopShipment shipment, bool detail)
    {
        json.WriteNumber("shipmentNo", shipment.Number);
        json.WriteStartObject("addressInfo");
        WriteName(json, shipment.Recipient);
        json.WriteString(detail ? "zipCode" : "postalCode", shipment.Recipient.PostalCode);
        WriteAddress(json, shipment.Recipient);
        json.WriteString("phoneNo", shipment.Recipient.Phone);
        json.WriteEndObject();
        if (!detail)
        {
            json.WriteStartObject("shippingInfo");
        }

        json.WriteString("deliveryServiceName", order.DeliveryName);
        json.WriteBoolean("isCoolDelivery", order.Seed.Chilled);
        json.WriteString("invoiceNo", shipment.InvoiceNo);
        json.WriteString("expectedArrival", Date(shipment.ExpectedArrival));
        json.WriteString("preferredDeliveryDate", Date(order.Seed.RequestedDate));
        json.WriteString("preferredDeliveryTime", order.Seed.TimeSlotText ?? "");
        json.WriteString("shippingDate", Date(shipment.ShippingDate));
        if (detail)
        {
            json.WriteBoolean("shipped", shipment.IsShipped);
            json.WriteBoolean("contactLater", false);
            json.WriteString("instructions", "");
            json.WriteString("giftWrappingLabel", order.Seed.Noshi is { } noshi ? $"のし：{noshi}" : order.Seed.GiftWrap ? "ギフト包装" : "");
        }
        else
        {
            json.WriteEndObject();
        }

        json.WriteNumber("productTotal", shipment.ProductTotal);
        json.WriteNumber("taxTotal", shipment.Lines.Sum(l => TaxOf(l) * l.Quantity));
        json.WriteNumber("postage", shipment.Number == 1 ? order.Seed.ShippingFee : 0);
        json.WriteNumber("coolDeliveryCharge", order.Seed.Chilled ? FutureshopOrder.CoolCharge : 0);
        json.WriteNumber("giftWrappingCharge", 0);
        json.WriteNumber("paymentCharge", 0);
        json.WriteStartArray("productList");
        foreach (var line in shipment.Lines)
        {
            json.WriteStartObject();
            WriteLine(json, line, detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteLine(Utf8JsonWriter json, SeedLine line, bool detail)
    {
        if (detail)
        {
            json.WriteString("productNo", line.Sku);
        }

        json.WriteString("skuNo", line.Sku);
        json.WriteString("janCode", "");
        json.WriteString("name", line.Title);
        json.WriteString("hanpukaiName", "");
        json.WriteString("verticalVariationName", line.Option);
        json.WriteString("horizontalVariationName", "");
        json.WriteNumber("price", line.UnitPrice);
        json.WriteNumber("count", line.Quantity);
        json.WriteString("taxIncluded", "TAX_EXCLUDED");
        json.WriteNumber("tax", TaxOf(line));
        json.WriteString("taxRateCode", line.TaxRate == 8 ? "REDUCED" : "STANDARD");
        json.WriteBoolean("preorder", false);
        json.WriteString(detail ? "shippingDateLabel" : "shippingDate", "");
        json.WriteStartArray("optionList");
        json.WriteEndArray();
        json.WriteStartArray("optionPriceList");
        json.WriteEndArray();
    }

    private static void WriteName(Utf8JsonWriter json, SeedPerson person)
    {
        json.WriteString("lastName", person.LastName);
        json.WriteString("firstName", person.FirstName);
        json.WriteString("lastNameKana", person.LastKana);
        json.WriteString("firstNameKana", person.FirstKana);
    }

    private static void WriteAddress(Utf8JsonWriter json, SeedPerson person)
    {
        json.WriteString("prefecture", FutureshopPrefectures.Of(person.Prefecture));
        json.WriteString("address1", person.City);
        json.WriteString("address2", person.Street);
        json.WriteString("address3", person.Building);
    }

    /// <summary>The tax within one unit, rounded down.</summary>
    private static decimal TaxOf(SeedLine line) => decimal.Floor(line.UnitPrice * line.TaxRate / (100 + line.TaxRate));

    private static string Amount(decimal amount) => amount.ToString("0.##", CultureInfo.InvariantCulture);
}
