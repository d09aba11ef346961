using System.Globalization;
using Sandbox.Core;

namespace Sandbox.Qoo10;

/// <summary>How a cart's order numbers look in their answers.</summary>
internal static class Qoo10Rows
{
    private static readonly string[] Status = ["", "Awaiting shipping(1)", "On request(2)", "Seller confirm(3)", "On delivery(4)", "Delivered(5)"];

    /// <summary>A row of GetShippingInfo_v3.</summary>
    public static IReadOnlyList<(string, object)> Shipping(Qoo10Shop shop, Qoo10Cart cart, Qoo10Line line)
    {
        var seed = cart.Seed;
        var broken = seed.Malformed;
        var price = line.Seed.UnitPrice;
        var total = price * line.Seed.Quantity;
        var to = seed.Recipient;
        var row = new List<(string, object)>
        {
            ("ShippingStatus", Status[line.Status]),
            ("SellerID", shop.UserId),
            ("PackNo", cart.PackNo),
            ("OrderDate", broken == "date" ? "2026-13-45 99:99:99" : Time(seed.PlacedAt)),
            ("PaymentDate", cart.PaidAt is { } paid ? Time(paid) : ""),
            ("EstimatedShippingDate", line.PlannedDate?.ToString("yyyy-MM-dd 00:00:00", CultureInfo.InvariantCulture) ?? ""),
            ("ShippingDate", line.ShippedAt is { } shipped ? Time(shipped) : ""),
            ("DeliveredDate", ""),
            ("Buyer", Name(seed.Buyer)),
            ("BuyerKana", seed.Buyer.LastKana + seed.Buyer.FirstKana),
            ("BuyerTel", ""),
            ("BuyerMobile", Phone(seed.Buyer.Phone)),
            ("BuyerEmail", seed.Buyer.Email),
            ("OrderNo", line.OrderNo),
            ("ItemNo", "1000000001"),
            ("SellerItemCode", line.Seed.Sku),
            ("ItemTitle", line.Seed.Title),
            ("Option", line.Seed.Option),
            ("OptionCode", line.Seed.Option.Length == 0 ? "" : $"{line.Seed.Sku}-opt"),
            ("OrderPrice", broken == "amount" ? "abc" : price),
            ("OrderQty", line.Seed.Quantity),
            ("Discount", 0m),
            ("Total", total),
        };
        if (broken != "missing")
        {
            row.Add(("Receiver", Name(to)));
            row.Add(("ReceiverKana", to.LastKana + to.FirstKana));
            row.Add(("ZipCode", to.PostalCode));
            row.Add(("ShippingAddress", $"{to.Prefecture}{to.City}{to.Street} {to.Building}".TrimEnd(' ')));
            row.Add(("Address1", to.Prefecture + to.City));
            row.Add(("Address2", $"{to.Street} {to.Building}".TrimEnd(' ')));
        }

        row.AddRange(
        [
            ("ReceiverTel", ""),
            ("ReceiverMobile", Phone(to.Phone)),
            ("DesiredDeliveryDate", Wish(seed)),
            ("SenderName", ""),
            ("SenderTel", ""),
            ("SenderNation", ""),
            ("SenderZipCode", ""),
            ("SenderAddress", ""),
            ("ShippingWay", seed.DeliveryText ?? "一般配送"),
            ("ShippingMessage", seed.BuyerNote ?? ""),
            ("PaymentMethod", seed.PaymentText ?? (seed.Paid ? "PayPay" : "コンビニ決済")),
            ("SellerDiscount", 0m),
            ("Currency", "JPY"),
            ("ShippingRate", 0m), // on every row that was measured
            ("RelatedOrder", string.Join(',', cart.Lines.Where(l => l != line).Select(l => l.OrderNo.ToString(CultureInfo.InvariantCulture)))),
            ("ShippingRateType", "Free"),
            ("DeliveryCompany", line.Carrier),
            ("VoucherCode", ""),
            ("PackingNo", $"JPP{cart.PackNo}"),
            ("SellerDeliveryNo", ""),
            ("Gift", seed.GiftWrap ? "ギフト" : ""),
            ("CartDiscountSeller", 0m),
            ("CartDiscountQoo10", seed.Coupon), // the cart's, on each of its rows
            ("SettlePrice", decimal.Round(total * 0.9m)),
            ("BranchName", ""),
            ("TrackingNo", line.TrackingNo),
            ("Material", ""),
            ("AvailableSendType", "0"),
            ("AvailableShippingDate", ""),
        ]);
        return row;
    }

    /// <summary>A row of GetShippingAndClaimInfoByOrderNo_V2: lower-camel names, and no planned date, settle price, address parts or related order.</summary>
    public static IReadOnlyList<(string, object)> ByNumber(Qoo10Shop shop, Qoo10Cart cart, Qoo10Line line)
    {
        var full = Shipping(shop, cart, line).ToDictionary(c => c.Item1, c => c.Item2);
        object Of(string name) => full.GetValueOrDefault(name, "");
        return
        [
            ("OrderType", ""), ("shippingStatus", Of("ShippingStatus")), ("sellerID", Of("SellerID")), ("packNo", Of("PackNo")), ("orderNo", Of("OrderNo")),
            ("orderDate", Of("OrderDate")), ("PaymentDate", Of("PaymentDate")), ("shippingDate", Of("ShippingDate")), ("DeliveredDate", ""),
            ("buyer", Of("Buyer")), ("buyer_gata", Of("BuyerKana")), ("buyerTel", ""), ("buyerMobile", Of("BuyerMobile")), ("buyerEmail", Of("BuyerEmail")),
            ("itemCode", Of("ItemNo")), ("sellerItemCode", Of("SellerItemCode")), ("itemTitle", Of("ItemTitle")), ("option", Of("Option")), ("optionCode", Of("OptionCode")),
            ("orderPrice", Of("OrderPrice")), ("orderQty", Of("OrderQty")), ("discount", Of("Discount")), ("total", Of("Total")),
            ("receiver", Of("Receiver")), ("receiver_gata", Of("ReceiverKana")), ("shippingCountry", "JP"), ("zipCode", Of("ZipCode")), ("shippingAddr", Of("ShippingAddress")),
            ("receiverTel", ""), ("receiverMobile", Of("ReceiverMobile")), ("hopeDate", Of("DesiredDeliveryDate")), ("ShippingMsg", Of("ShippingMessage")),
            ("PaymentMethod", Of("PaymentMethod")), ("Gift", Of("Gift")), ("cod_price", 0m), ("Cart_Discount_Seller", 0m), ("Cart_Discount_Qoo10", Of("CartDiscountQoo10")),
            ("deliveryCompany", line.Carrier), ("trackingNo", line.TrackingNo), .. Claim(line),
        ];
    }

    /// <summary>A row of GetClaimInfo_V3.</summary>
    public static IReadOnlyList<(string, object)> ClaimRow(Qoo10Shop shop, Qoo10Cart cart, Qoo10Line line) =>
    [
        .. Claim(line),
        ("orderDate", Time(cart.Seed.PlacedAt)), ("PaymentDate", cart.PaidAt is { } paid ? Time(paid) : ""), ("shippingDate", ""), ("DeliveredDate", ""),
        ("orderNo", line.OrderNo), ("packNo", cart.PackNo), ("itemCode", "1000000001"), ("sellerItemCode", line.Seed.Sku), ("itemTitle", line.Seed.Title),
        ("orderQty", line.Seed.Quantity), ("paymentNation", "JP"), ("currency", "JPY"), ("paymentAmount", line.Seed.UnitPrice * line.Seed.Quantity),
        ("deliveryCompany", line.Carrier), ("trackingNo", line.TrackingNo), ("deliveryCompanyReturn", ""), ("trackingNoReturn", ""),
        ("receiver", Name(cart.Seed.Recipient)), ("buyer", Name(cart.Seed.Buyer)), ("sellerID", shop.UserId),
    ];

    private static IEnumerable<(string, object)> Claim(Qoo10Line line) =>
    [
        ("claimStatus", line.Claim == 0 ? "" : line.Claim.ToString(CultureInfo.InvariantCulture)),
        ("cancelRefundDate", line.Claim is 3 or 16 && line.ClaimedAt is { } done ? Time(done) : ""),
        ("reason", line.Claim == 0 ? "" : "お客様都合"),
        ("requestDate", line.ClaimedAt is { } asked ? Time(asked) : ""),
    ];

    /// <summary>お届け希望日, with the slot behind it where there is one; that the slot stands here: chosen.</summary>
    private static string Wish(SeedOrder seed) =>
        $"{seed.RequestedDate?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)} {seed.TimeSlotText}".Trim();

    private static string Name(SeedPerson person) => person.LastName + person.FirstName;

    private static string Time(DateTimeOffset time) => JapanTime.Text(time, "yyyy-MM-dd HH:mm:ss");

    /// <summary>They send phones with the country code.</summary>
    private static string Phone(string phone) => phone.StartsWith('0') ? "+81-" + phone[1..] : phone;
}
