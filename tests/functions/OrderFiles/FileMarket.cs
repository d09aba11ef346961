using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Time;
using Functions.OrderFiles;
using Microsoft.Extensions.Time.Testing;
using Tests.Functions.World;

namespace Tests.Functions.OrderFiles;

/// <summary>The test marketplace with an order file that also completes what its API brings in part.</summary>
internal static class FileMarket
{
    private const string Header = "注文番号,注文日時,ステータス,氏名,郵便番号,都道府県,市区町村,番地,電話番号,購入者,メール,明細番号,商品コード,数量,単価,支払方法,配送方法,備考\r\n";

    public static TestMarket On(FakeTimeProvider clock, bool readsByCode = true) => new(clock)
    {
        ReadsByCode = readsByCode,
        Manifest = new TestMarket(clock).Manifest with
        {
            OrderFile = new OrderFileManifest(
                "utf-8",
                ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, new Dictionary<string, ImmutableArray<string>>
                {
                    ["order-code"] = ["注文番号"],
                    ["placed-at"] = ["注文日時"],
                    ["status"] = ["ステータス"],
                    ["recipient-name"] = ["氏名"],
                    ["recipient-postal-code"] = ["郵便番号"],
                    ["recipient-prefecture"] = ["都道府県"],
                    ["recipient-city"] = ["市区町村"],
                    ["recipient-street"] = ["番地"],
                    ["recipient-phone"] = ["電話番号"],
                    ["buyer-name"] = ["購入者"],
                    ["buyer-email"] = ["メール"],
                    ["line-id"] = ["明細番号"],
                    ["sku"] = ["商品コード"],
                    ["quantity"] = ["数量"],
                    ["unit-price"] = ["単価"],
                    ["payment"] = ["支払方法"],
                    ["delivery"] = ["配送方法"],
                    ["buyer-note"] = ["備考"],
                }),
                ["yyyy/M/d H:mm:ss"],
                ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, new Dictionary<string, MarketplaceStanding>
                {
                    ["new"] = MarketplaceStanding.Ready,
                    ["cancelled"] = MarketplaceStanding.Cancelled,
                    ["shipped"] = MarketplaceStanding.Shipped,
                }),
                Completes: true,
                "assumed"),
        },
    };

    public static async Task<Shop> OpenAsync(bool readsByCode = true)
    {
        var clock = new FakeTimeProvider(Shop.Start);
        return await new Shop(clock: clock, market: On(clock, readsByCode)).OpenAsync();
    }

    /// <summary>The orders as the marketplace's staff screen would give them.</summary>
    public static byte[] Download(params IEnumerable<OrderSnapshot> orders) => Encoding.UTF8.GetBytes(Header + string.Concat(orders.SelectMany(o => o.Lines.Select(l => string.Join(
        ',',
        o.Code, Jst.In(o.PlacedAt).ToString("yyyy/MM/dd HH:mm:ss", CultureInfo.InvariantCulture), o.RawStatus,
        o.Recipient.Name, o.Recipient.PostalCode, o.Recipient.Prefecture, o.Recipient.City, o.Recipient.Street, o.Recipient.Phone, o.Buyer.Name, o.Buyer.Email,
        l.LineId, l.Sku, l.Quantity.ToString(CultureInfo.InvariantCulture), l.UnitPrice, o.Payment.MethodText, o.DeliveryText, o.BuyerNote) + "\r\n"))));

    /// <summary>What a partial API tells of the order: number, time, item.</summary>
    public static OrderSnapshot InPart(OrderSnapshot order) => order with
    {
        Incomplete = true,
        Buyer = order.Buyer with { Name = "", PostalCode = "", Prefecture = "", City = "", Street = "", Phone = "", Email = "" },
        Recipient = order.Recipient with { Name = "", PostalCode = "", Prefecture = "", City = "", Street = "", Phone = "" },
        Payment = new Payment("", PaymentStanding.Secured),
        DeliveryText = "",
    };

    public static OrderSnapshot Order(string code, TimeSpan? age = null, string? recipient = null) =>
        Shop.Order(code, Shop.Start - (age ?? TimeSpan.FromHours(2)), recipient);

    extension(Shop shop)
    {
        public async Task<OrderFileResult> ImportAsync(byte[] file, string? gap = null)
        {
            var result = await shop.Get<ImportOrderFile>().RunAsync(shop.Store.Id, file, gap, "staff-key", Shop.None);
            await shop.DrainAsync();
            return result;
        }

        public Task<OrderFileResult> PreviewAsync(byte[] file) => shop.Get<ImportOrderFile>().PreviewAsync(shop.Store.Id, file, Shop.None);
    }

    public static int Count(this OrderFileResult result, FileOutcome outcome) => result.Orders.Count(o => o.Outcome == outcome);
}
