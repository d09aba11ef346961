using System.Globalization;
using Sandbox.Core;

namespace Sandbox.Shoplist;

/// <summary>発注データ, the file of the admin screen that has everything of an order. That it exists is [C×3]; its columns and its encoding are [G].</summary>
internal static class ShoplistDownload
{
    private static readonly string[] Header =
    [
        "注文番号", "注文日時", "配送区分", "明細番号", "卸品番", "商品名", "カラー・サイズ", "数量", "単価", "税率", "商品合計", "送料", "クーポン", "ポイント", "請求金額",
        "注文者氏名", "注文者フリガナ", "注文者郵便番号", "注文者都道府県", "注文者市区町村", "注文者番地", "注文者建物", "注文者電話番号", "注文者メールアドレス",
        "お届け先氏名", "お届け先フリガナ", "お届け先郵便番号", "お届け先都道府県", "お届け先市区町村", "お届け先番地", "お届け先建物", "お届け先電話番号",
        "支払方法", "お届け希望日", "お届け希望時間", "備考",
    ];

    public static byte[] Write(IEnumerable<ShoplistOrder> orders) => OrderFileWriter.ShiftJis(Header, orders.SelectMany(Rows));

    private static IEnumerable<IReadOnlyList<string>> Rows(ShoplistOrder order)
    {
        var seed = order.Seed;
        var items = seed.Lines.Sum(l => l.UnitPrice * l.Quantity);
        return seed.Lines.Select((line, i) => (IReadOnlyList<string>)
        [
            order.Number, JapanTime.Text(order.PlacedAt, "yyyy/MM/dd HH:mm:ss"), order.DeliveryKind, ShoplistAnswers.Text(i + 1), line.Sku, line.Title, line.Option,
            ShoplistAnswers.Text(line.Quantity), Yen(line.UnitPrice), ShoplistAnswers.Text(line.TaxRate), Yen(items), Yen(seed.ShippingFee), Yen(seed.Coupon), Yen(seed.Points),
            Yen(items + seed.ShippingFee - seed.Coupon - seed.Points),
            .. Person(seed.Buyer), seed.Buyer.Email, .. Person(seed.Recipient),
            seed.PaymentText ?? "クレジットカード", seed.RequestedDate?.ToString("yyyy/MM/dd", CultureInfo.InvariantCulture) ?? "", seed.TimeSlotText ?? "", seed.BuyerNote ?? "",
        ]);
    }

    private static string[] Person(SeedPerson p) =>
        [$"{p.LastName} {p.FirstName}", $"{p.LastKana} {p.FirstKana}", p.PostalCode, p.Prefecture, p.City, p.Street, p.Building, p.Phone];

    private static string Yen(decimal amount) => amount.ToString("0", CultureInfo.InvariantCulture);
}
