using System.Globalization;
using Sandbox.Core;

namespace Sandbox.Futureshop;

/// <summary>The order file of the admin screen (受注データダウンロード). Which columns a shop's file has is a setting of the shop; these are a guess.</summary>
internal static class FutureshopDownload
{
    private static readonly (string Header, Func<FutureshopOrder, FutureshopShipment, SeedLine, string> Value)[] Columns =
    [
        ("受注番号", (o, _, _) => o.Number),
        ("受注日時", (o, _, _) => JapanTime.Text(o.Seed.PlacedAt, "yyyy/MM/dd HH:mm:ss")),
        ("受注状況", (o, _, _) => o.Status switch { "COMPLETED" => "処理済み", "CANCELLED" => "キャンセル", "ON_HOLD" => "保留", _ => "通常" }),
        ("入金日", (o, _, _) => FutureshopOrderJson.Date(o.ReceiptDate)),
        ("決済方法", (o, _, _) => o.PaymentType),
        ("購入者名", (o, _, _) => NameOf(o.Seed.Buyer)),
        ("購入者名カナ", (o, _, _) => KanaOf(o.Seed.Buyer)),
        ("購入者郵便番号", (o, _, _) => o.Seed.Buyer.PostalCode),
        ("購入者都道府県", (o, _, _) => o.Seed.Buyer.Prefecture),
        ("購入者住所1", (o, _, _) => o.Seed.Buyer.City),
        ("購入者住所2", (o, _, _) => o.Seed.Buyer.Street),
        ("購入者住所3", (o, _, _) => o.Seed.Buyer.Building),
        ("購入者電話番号", (o, _, _) => o.Seed.Buyer.Phone),
        ("購入者メールアドレス", (o, _, _) => o.Seed.Buyer.Email),
        ("送付先番号", (_, s, _) => s.Number.ToString(CultureInfo.InvariantCulture)),
        ("送付先名", (_, s, _) => NameOf(s.Recipient)),
        ("送付先名カナ", (_, s, _) => KanaOf(s.Recipient)),
        ("送付先郵便番号", (_, s, _) => s.Recipient.PostalCode),
        ("送付先都道府県", (_, s, _) => s.Recipient.Prefecture),
        ("送付先住所1", (_, s, _) => s.Recipient.City),
        ("送付先住所2", (_, s, _) => s.Recipient.Street),
        ("送付先住所3", (_, s, _) => s.Recipient.Building),
        ("送付先電話番号", (_, s, _) => s.Recipient.Phone),
        ("配送方法", (o, _, _) => o.DeliveryName),
        ("お届け希望日", (o, _, _) => FutureshopOrderJson.Date(o.Seed.RequestedDate)),
        ("お届け希望時間帯", (o, _, _) => o.Seed.TimeSlotText ?? ""),
        ("SKU番号", (_, _, l) => l.Sku),
        ("商品名", (_, _, l) => l.Title),
        ("バリエーション", (_, _, l) => l.Option),
        ("数量", (_, _, l) => l.Quantity.ToString(CultureInfo.InvariantCulture)),
        ("単価(税込)", (_, _, l) => Amount(l.UnitPrice)),
        ("税率", (_, _, l) => l.TaxRate.ToString(CultureInfo.InvariantCulture)),
        ("商品合計", (o, _, _) => Amount(o.ProductTotal)),
        ("送料", (o, _, _) => Amount(o.Seed.ShippingFee + o.CoolTotal)),
        ("決済手数料", (_, _, _) => "0"),
        ("クーポン値引", (o, _, _) => Amount(o.Seed.Coupon)),
        ("ポイント利用", (o, _, _) => Amount(o.Seed.Points)),
        ("総合計", (o, _, _) => Amount(o.GrandTotal)),
        ("通信欄", (o, _, _) => o.Seed.BuyerNote ?? ""),
    ];

    public static byte[] Of(IEnumerable<FutureshopOrder> orders) => OrderFileWriter.ShiftJis(
        [.. Columns.Select(c => c.Header)],
        from order in orders
        from shipment in order.Shipments
        from line in shipment.Lines
        select (IReadOnlyList<string>)[.. Columns.Select(c => c.Value(order, shipment, line))]);

    private static string NameOf(SeedPerson person) => $"{person.LastName} {person.FirstName}";

    private static string KanaOf(SeedPerson person) => $"{person.LastKana} {person.FirstKana}";

    private static string Amount(decimal amount) => amount.ToString("0.##", CultureInfo.InvariantCulture);
}
