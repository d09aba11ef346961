using System.Globalization;
using Sandbox.Core;

namespace Sandbox.YahooShopping;

/// <summary>ストアクリエイターPro's order download with the item columns in the same file. The columns carry the API's field names and its codes; that it can be one file,
/// its encoding and which orders are in it are [G].</summary>
internal static class YahooOrderFile
{
    private static readonly string[] Header =
    [
        "OrderId", "OrderTime", "OrderStatus", "PayStatus", "ShipStatus", "PayMethod", "PayMethodName",
        "BillLastName", "BillFirstName", "BillLastNameKana", "BillFirstNameKana", "BillZipCode", "BillPrefecture", "BillCity", "BillAddress1", "BillAddress2", "BillPhoneNumber", "BillMailAddress",
        "ShipLastName", "ShipFirstName", "ShipLastNameKana", "ShipFirstNameKana", "ShipZipCode", "ShipPrefecture", "ShipCity", "ShipAddress1", "ShipAddress2", "ShipPhoneNumber",
        "ShipMethodName", "ShipRequestDate", "ShipRequestTime", "GiftWrapType", "GiftWrapPaperType", "GiftWrapName", "BuyerComments",
        "ShipCharge", "PayCharge", "GiftWrapCharge", "Discount", "TotalMallCouponDiscount", "UsePoint", "TotalPrice",
        "LineId", "ItemId", "SubCode", "Title", "ItemOption", "Quantity", "UnitPrice", "ItemTaxRatio",
    ];

    public static byte[] Write(IEnumerable<YahooOrder> orders) => OrderFileWriter.ShiftJis(Header, orders.SelectMany(o => o.Seed.Lines.Select((line, i) => Row(o, line, i + 1))));

    private static string[] Row(YahooOrder order, SeedLine line, int number)
    {
        var seed = order.Seed;
        var total = seed.Lines.Sum(l => l.UnitPrice * l.Quantity) + seed.ShippingFee - seed.Points - seed.Coupon;
        return
        [
            order.Id, JapanTime.Text(order.PlacedAt, "yyyy/MM/dd HH:mm:ss"), YahooAnswers.Text(order.Status), order.PaidAt is null ? "0" : "1", YahooAnswers.Text(order.ShipStatus),
            order.Payment.Code, order.Payment.Name, .. Person(seed.Buyer), seed.Buyer.Email, .. Person(seed.Recipient),
            seed.DeliveryText ?? "宅配便", seed.RequestedDate?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "", seed.TimeSlotText ?? "",
            seed.GiftWrap ? "赤リボン" : "", seed.Noshi ?? "", seed.Noshi is null ? "" : seed.Buyer.LastName, seed.BuyerNote ?? "",
            Yen(seed.ShippingFee), "0", "0", "0", Yen(seed.Coupon), Yen(seed.Points), Yen(total),
            YahooAnswers.Text(number), YahooOrderXml.ItemOf(line), line.Option.Length > 0 ? line.Sku : "", line.Title, line.Option, YahooAnswers.Text(line.Quantity), Yen(line.UnitPrice), YahooAnswers.Text(line.TaxRate),
        ];
    }

    private static string[] Person(SeedPerson person) =>
    [
        person.LastName, person.FirstName, person.LastKana, person.FirstKana, person.PostalCode, person.Prefecture, person.City, person.Street, person.Building, person.Phone,
    ];

    private static string Yen(decimal amount) => amount.ToString("0.##", CultureInfo.InvariantCulture);
}

public sealed partial class YahooShoppingSimulator : IOrderDownloads
{
    public byte[] DownloadOrders(string account, IReadOnlySet<string>? codes = null)
    {
        var shop = Shop(account);
        lock (shop.Gate)
        {
            return YahooOrderFile.Write(shop.Orders.Where(o => o.IsVisible(_world.Time.GetUtcNow()) && (codes is null || codes.Contains(o.Id))));
        }
    }
}
