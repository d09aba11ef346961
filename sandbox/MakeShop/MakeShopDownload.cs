using System.Globalization;
using Sandbox.Core;

namespace Sandbox.MakeShop;

/// <summary>The order file of the admin screen. Its columns and its encoding are in no source: these are [A], in CP932 with a header, one row a line item.</summary>
internal static class MakeShopDownload
{
    private static readonly (string Header, Func<Row, string> Of)[] Columns =
    [
        ("注文番号", r => r.Order.Number),
        ("注文日時", r => JapanTime.Text(r.Order.PlacedAt, "yyyy/MM/dd HH:mm:ss")),
        ("配送状況", r => r.Delivery.Status switch { "Y" => "発送済み", "C" => "キャンセル", "R" => "返品", _ => "未処理" }),
        ("入金状況", r => r.Order.PaymentCode is "0001" or "0002" or "0004" or "1002" ? "入金済み" : "未入金"),
        ("注文者名", r => $"{r.Order.Seed.Buyer.LastName} {r.Order.Seed.Buyer.FirstName}".Trim()),
        ("注文者フリガナ", r => $"{r.Order.Seed.Buyer.LastKana} {r.Order.Seed.Buyer.FirstKana}".Trim()),
        ("注文者郵便番号", r => r.Order.Seed.Buyer.PostalCode),
        ("注文者都道府県", r => r.Order.Seed.Buyer.Prefecture),
        ("注文者住所", r => r.Order.Seed.Buyer.City),
        ("注文者住所2", r => $"{r.Order.Seed.Buyer.Street} {r.Order.Seed.Buyer.Building}".Trim()),
        ("注文者電話番号", r => r.Order.Seed.Buyer.Phone),
        ("注文者メールアドレス", r => r.Order.Seed.Buyer.Email),
        ("お届け先番号", r => r.Delivery.Id),
        ("お届け先名", r => $"{r.Delivery.Recipient.LastName} {r.Delivery.Recipient.FirstName}".Trim()),
        ("お届け先郵便番号", r => r.Delivery.Recipient.PostalCode),
        ("お届け先都道府県", r => r.Delivery.Recipient.Prefecture),
        ("お届け先住所", r => r.Delivery.Recipient.City),
        ("お届け先住所2", r => $"{r.Delivery.Recipient.Street} {r.Delivery.Recipient.Building}".Trim()),
        ("お届け先電話番号", r => r.Delivery.Recipient.Phone),
        ("独自商品コード", r => r.Line.Sku),
        ("商品名", r => r.Line.Title),
        ("オプション", r => r.Line.Option),
        ("数量", r => Number(r.Line.Quantity)),
        ("販売価格", r => Number(r.Line.UnitPrice)),
        ("消費税率", r => Number(r.Line.TaxRate)),
        ("送料", r => Number(r.Order.Deliveries.Sum(d => d.Shipping))),
        ("決済手数料", _ => "0"),
        ("クーポン割引", r => Number(r.Order.Seed.Coupon)),
        ("利用ポイント", r => Number(r.Order.Seed.Points)),
        ("合計金額", r => Number(r.Order.Sum)),
        ("決済方法", r => r.Order.PayMethod),
        ("配送方法", r => r.Order.Seed.DeliveryText ?? (r.Order.Seed.Chilled ? "クール便" : "宅配便")),
        ("配送希望日", r => r.Order.Seed.RequestedDate?.ToString("yyyy/MM/dd", CultureInfo.InvariantCulture) ?? ""),
        ("配送希望時間", r => r.Order.Seed.TimeSlotText ?? ""),
        ("備考", r => r.Order.Seed.BuyerNote ?? ""),
    ];

    public static byte[] Render(IEnumerable<MakeShopOrder> orders) => OrderFileWriter.ShiftJis(
        [.. Columns.Select(c => c.Header)],
        orders.SelectMany(o => o.Deliveries.SelectMany(d => d.Lines.Select(l => new Row(o, d, l)))).Select(row => (IReadOnlyList<string>)[.. Columns.Select(c => c.Of(row))]));

    private static string Number(decimal value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private sealed record Row(MakeShopOrder Order, MakeShopDelivery Delivery, SeedLine Line);
}
