using System.Globalization;
using Sandbox.Core;

namespace Sandbox.ShopServe;

/// <summary>The order file of the admin screen (受注データのダウンロード). Its columns are [G]: no sample was found.</summary>
internal static class ShopServeDownload
{
    private static readonly string[] Header =
    [
        "受注番号", "注文日時", "発送ステータス", "入金ステータス", "注文者氏名", "注文者フリガナ", "注文者郵便番号", "注文者都道府県", "注文者市区町村", "注文者番地", "注文者建物名", "注文者電話番号", "注文者メールアドレス",
        "お届け先番号", "お届け先氏名", "お届け先フリガナ", "お届け先郵便番号", "お届け先都道府県", "お届け先市区町村", "お届け先番地", "お届け先建物名", "お届け先電話番号",
        "明細番号", "商品番号", "商品名", "バリエーション", "数量", "単価", "消費税率", "商品合計", "送料", "手数料", "クーポン値引", "ポイント値引", "合計金額", "請求金額",
        "決済方法", "お届け希望日", "お届け希望時間帯", "ラッピング", "のし", "備考",
    ];

    public static byte[] Write(IEnumerable<ShopServeOrder> orders) => OrderFileWriter.ShiftJis(Header, orders.SelectMany(Rows));

    private static IEnumerable<IReadOnlyList<string>> Rows(ShopServeOrder order)
    {
        var seed = order.Seed;
        var destination = 0;
        var number = 0;
        var items = seed.Lines.Concat(seed.FurtherDestinations.SelectMany(d => d.Lines)).Sum(l => l.UnitPrice * l.Quantity);
        foreach (var (recipient, lines) in new[] { (seed.Recipient, seed.Lines) }.Concat(seed.FurtherDestinations.Select(d => (d.Recipient, d.Lines))))
        {
            destination++;
            foreach (var line in lines)
            {
                number++;
                yield return
                [
                    order.SerialCode, JapanTime.Text(order.PlacedAt, "yyyy/MM/dd HH:mm:ss"), order.Cancelled ? order.OrderStatus : order.ShippingStatus, order.DepositStatus,
                    .. Person(seed.Buyer), seed.Buyer.Email, ShopServeAnswers.Text(destination), .. Person(recipient),
                    ShopServeAnswers.Text(number), line.Sku, line.Title, line.Option, ShopServeAnswers.Text(line.Quantity), Yen(line.UnitPrice), ShopServeAnswers.Text(line.TaxRate),
                    Yen(items), Yen(seed.ShippingFee), "0", Yen(seed.Coupon), Yen(seed.Points), Yen(items + seed.ShippingFee), Yen(items + seed.ShippingFee - seed.Coupon - seed.Points),
                    order.PaymentMethod, seed.RequestedDate?.ToString("yyyy/MM/dd", CultureInfo.InvariantCulture) ?? "", seed.TimeSlotText ?? "",
                    seed.GiftWrap ? "あり" : "", seed.Noshi ?? "", seed.BuyerNote ?? "",
                ];
            }
        }
    }

    private static string[] Person(SeedPerson p) =>
        [$"{p.LastName} {p.FirstName}", $"{p.LastKana} {p.FirstKana}", p.PostalCode, p.Prefecture, p.City, p.Street, p.Building, p.Phone];

    private static string Yen(decimal amount) => amount.ToString("0", CultureInfo.InvariantCulture);
}
