using System.Globalization;
using Sandbox.Core;

namespace Sandbox.AuPayMarket;

/// <summary>受注データのダウンロード of Wow! manager. That its CSV files are Shift_JIS is [C]; the columns and that cancelled orders are in it are [G]:
/// the words of the screen for the API's fields, a row a detail.</summary>
internal static class AuPayOrderFile
{
    private static readonly string[] Header =
    [
        "注文ID", "注文日時", "受注ステータス", "注文者氏名", "注文者氏名カナ", "注文者郵便番号", "注文者住所", "注文者電話番号", "メールアドレス",
        "送付先氏名", "送付先氏名カナ", "送付先郵便番号", "送付先住所", "送付先電話番号", "注文明細ID", "商品コード", "商品管理コード", "商品名", "項目選択肢", "個数", "商品単価", "税率",
        "商品合計金額", "送料", "手数料", "ギフト包装料", "クーポン値引額", "利用ポイント", "合計金額", "請求金額", "決済方法", "配送方法", "お届け希望日", "お届け希望時間帯", "ギフト包装", "のし", "注文者コメント", "入金日",
    ];

    public static byte[] Write(IEnumerable<AuPayOrder> orders) => OrderFileWriter.ShiftJis(Header, orders.SelectMany(o => o.Seed.Lines.Select((line, i) => Row(o, line, i))));

    private static string[] Row(AuPayOrder order, SeedLine line, int index)
    {
        var seed = order.Seed;
        var (code, choice) = AuPayOrderXml.Split(line);
        var goods = seed.Lines.Sum(l => l.UnitPrice * l.Quantity);
        return
        [
            AuPayAnswers.Text(order.Id), JapanTime.Text(order.PlacedAt, "yyyy/MM/dd HH:mm"), order.Status,
            .. Person(seed.Buyer), AuPayOrderXml.RelayMail(order), .. Person(seed.Recipient),
            AuPayAnswers.Text((order.Id * 100L) + index), code, choice, line.Title, line.Option, AuPayAnswers.Text(line.Quantity), Yen(line.UnitPrice), AuPayAnswers.Text(line.TaxRate),
            Yen(goods), Yen(seed.ShippingFee), "0", "0", Yen(seed.Coupon), Yen(seed.Points), Yen(goods + seed.ShippingFee), Yen(goods + seed.ShippingFee - seed.Coupon - seed.Points),
            order.Settlement, seed.DeliveryText ?? "宅配便", seed.RequestedDate?.ToString("yyyy/MM/dd", CultureInfo.InvariantCulture) ?? "", seed.TimeSlotText ?? "",
            seed.GiftWrap ? "包装紙A" : "", seed.Noshi ?? "", seed.BuyerNote ?? "", order.PaidAt is { } paid ? JapanTime.Text(paid, "yyyy/MM/dd") : "",
        ];
    }

    private static string[] Person(SeedPerson person) =>
    [
        $"{person.LastName} {person.FirstName}".Trim(), $"{person.LastKana} {person.FirstKana}".Trim(), person.PostalCode,
        string.Join(' ', new[] { person.Prefecture + person.City, person.Street, person.Building }.Where(part => part.Length > 0)), person.Phone,
    ];

    private static string Yen(decimal amount) => amount.ToString("0.##", CultureInfo.InvariantCulture);
}

public sealed partial class AuPayMarketSimulator : IOrderDownloads
{
    public byte[] DownloadOrders(string account, IReadOnlySet<string>? codes = null)
    {
        var shop = Shop(account);
        lock (shop.Gate)
        {
            return AuPayOrderFile.Write(shop.Orders
                .Where(o => o.VisibleSince <= world.Time.GetUtcNow() && (codes is null || codes.Contains(AuPayAnswers.Text(o.Id))))
                .OrderBy(o => o.PlacedAt).ThenBy(o => o.Id));
        }
    }
}
