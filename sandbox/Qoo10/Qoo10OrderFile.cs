using System.Globalization;
using Sandbox.Core;

namespace Sandbox.Qoo10;

/// <summary>QSMの配送管理 → 配送要請の一覧のCSV. That it holds orders at 配送要請 only, no payment method, no e-mail of the buyer, no fee and no discount is
/// [C] a partner's help page; columns and encoding are [G].</summary>
internal static class Qoo10OrderFile
{
    private static readonly string[] Header =
    [
        "配送状態", "注文番号", "カート番号", "配送会社", "送り状番号", "注文日", "入金日", "お届け希望日", "配送方法", "商品番号", "商品名", "数量", "オプション情報", "オプションコード",
        "受取人名", "受取人名(フリガナ)", "受取人電話番号", "受取人携帯電話番号", "住所", "郵便番号", "販売価格", "購入者名", "購入者名(フリガナ)", "配送要請事項", "購入者電話番号", "購入者携帯電話番号", "販売者商品コード",
    ];

    public static byte[] Write(IEnumerable<Qoo10Cart> carts) =>
        OrderFileWriter.ShiftJis(Header, carts.SelectMany(cart => cart.Lines.Where(l => l is { IsListed: true, Status: 2 }).Select(line => Row(cart, line))));

    private static string[] Row(Qoo10Cart cart, Qoo10Line line)
    {
        var seed = cart.Seed;
        var (to, by) = (seed.Recipient, seed.Buyer);
        return
        [
            "配送要請", Text(line.OrderNo), Text(cart.PackNo), line.Carrier, line.TrackingNo, Time(seed.PlacedAt), cart.PaidAt is { } paid ? Time(paid) : "",
            seed.RequestedDate?.ToString("yyyy/MM/dd", CultureInfo.InvariantCulture) ?? "", seed.DeliveryText ?? "一般配送", "1000000001", line.Seed.Title, Text(line.Seed.Quantity), line.Seed.Option,
            line.Seed.Option.Length == 0 ? "" : $"{line.Seed.Sku}-opt",
            to.LastName + to.FirstName, to.LastKana + to.FirstKana, "", to.Phone, $"{to.Prefecture}{to.City}{to.Street} {to.Building}".TrimEnd(' '), to.PostalCode,
            line.Seed.UnitPrice.ToString("0.##", CultureInfo.InvariantCulture),
            by.LastName + by.FirstName, by.LastKana + by.FirstKana, seed.BuyerNote ?? "", "", by.Phone, line.Seed.Sku,
        ];
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset time) => JapanTime.Text(time, "yyyy/MM/dd HH:mm:ss");
}

public sealed partial class Qoo10Simulator : IOrderDownloads
{
    public byte[] DownloadOrders(string account, IReadOnlySet<string>? codes = null)
    {
        var shop = Shop(account);
        lock (shop.Gate)
        {
            return Qoo10OrderFile.Write(shop.ByTime
                .Where(c => c.Seed.PlacedAt <= world.Time.GetUtcNow() && (codes is null || codes.Contains(c.PackNo.ToString(CultureInfo.InvariantCulture)))));
        }
    }
}
