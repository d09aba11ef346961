using System.Text;
using Connectors.ShopServe;
using Connectors.Wire;
using CsCheck;
using Domain.Marketplaces;
using Domain.Orders;
using Microsoft.Extensions.Time.Testing;
using Sandbox.Core;
using Sandbox.ShopServe;
using Tests.Connectors.Properties;

namespace Tests.Connectors.ShopServe;

public sealed class ShopServePropertyTests
{
    private static readonly DateTimeOffset Night = new(2026, 11, 21, 0, 0, 0, TimeSpan.FromHours(9));

    private readonly Scripted _shop = new(services => services.AddShopServe(), "0123456789abcdef0123456789abcdef01234567");

    [Fact]
    public void A_generated_order_arrives_as_it_was_placed() => SeedOrders.Any.Sample(
        seed =>
        {
            var order = Assert.IsType<OrderReading.Read>(ReadingOf(seed)).Order;

            Assert.Equal(seed.PlacedAt.ToUnixTimeSeconds(), order.PlacedAt.ToUnixTimeSeconds());
            Assert.Equal(seed.Lines.Select(l => (l.Sku, l.Title, l.Option, l.Quantity, l.UnitPrice, l.TaxRate)), order.Lines.Select(l => (l.Sku, l.Title, l.Option, l.Quantity, l.UnitPrice.Amount, l.TaxRate)));
            Assert.Equal(order.Amounts.Reckoned, order.Amounts.Billed);
            Assert.Equal((seed.ShippingFee, seed.Coupon, seed.Points), (order.Amounts.Shipping.Amount, order.Amounts.Coupon.Amount, order.Amounts.Points.Amount));
            Assert.Equal(seed.Paid ? PaymentStanding.Secured : PaymentStanding.Unpaid, order.Payment.Standing);
            Assert.Equal((seed.BuyerNote ?? "", seed.RequestedDate), (order.BuyerNote, order.RequestedDate));
            foreach (var (person, party) in new[] { (seed.Buyer, order.Buyer), (seed.Recipient, order.Recipient) })
            {
                Assert.Equal(($"{person.LastName} {person.FirstName}", person.Phone, person.PostalCode), (party.Name, party.Phone, party.PostalCode));
                Assert.Equal((person.Prefecture, person.City, person.Street, person.Building), (party.Prefecture, party.City, party.Street, party.Building));
            }
        },
        iter: 200);

    [Fact]
    public async Task A_damaged_list_is_refused_or_keeps_every_order()
    {
        var whole = Encoding.UTF8.GetBytes(ShopServeRecordingTests.Recording("retrieve-two.json"));
        for (var seed = 0; seed < 400; seed++)
        {
            var body = Damage.Once(whole, new Random(seed));
            _shop.On("POST", "/v2/orders/_retrieve/basic;orderer;delivery;item", _ => Scripted.Answer(body));
            IReadOnlyList<OrderPage> pages;
            try
            {
                pages = await _shop.ListAsync();
            }
            catch (MarketplaceException refused)
            {
                AssertSilent(refused.ToString());
                continue;
            }

            // The damaged total may have made it ask again: every answer held the same rows.
            Assert.Equal(RowsOf(body), pages[^1].Orders.Length + pages[^1].Strays.Length);
            Assert.All(pages.SelectMany(p => p.Strays), stray => Assert.False(stray.Raw.IsEmpty));
            Assert.All(pages.SelectMany(p => p.Orders), order =>
            {
                switch (order.Reading)
                {
                    case OrderReading.Read read:
                        Assert.False(read.Raw.IsEmpty);
                        break;
                    case OrderReading.Unreadable broken:
                        Assert.False(broken.Raw.IsEmpty);
                        AssertSilent(broken.Expected);
                        break;
                    default:
                        Assert.Fail($"a list brought a {order.Reading?.GetType().Name}");
                        break;
                }
            });
        }
    }

    private static int RowsOf(byte[] body)
    {
        using var answer = Scripted.Answer(body);
        return EncodedJson.TryParse(new WireAnswer(200, body, answer.Headers), "utf-8") is { } json ? json.GetProperty("orders").GetArrayLength() : -1;
    }

    private OrderReading ReadingOf(SeedOrder seed)
    {
        var simulator = new ShopServeSimulator(new SandboxWorld(new FakeTimeProvider(Night)));
        var account = simulator.OpenAccount("honten");
        simulator.Place("honten", seed);
        var user = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{account.Settings["shop-id"]}:{account.Secrets["manager-key"]}"));
        var answer = simulator.Handle(new SimRequest(
            "POST", "/v2/orders/_retrieve/basic;orderer;delivery;item", [], new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Authorization"] = $"Basic {user}" },
            """{"since":"2026-11-20"}"""u8.ToArray()));
        using var message = Scripted.Answer(answer.Body);
        var row = EncodedJson.TryParse(new WireAnswer(200, answer.Body, message.Headers), "utf-8")!.Value.GetProperty("orders")[0];
        return ShopServeMapper.ToListed(row, new FieldNames(_shop.Access.Setting))!.Reading!;
    }

    private static void AssertSilent(string text) => Assert.DoesNotContain(
        new[] { "太郎", "花子", "見本", "髙", "03-0000-0000", "06-0000-0000", "taro@", "千代田" }, word => text.Contains(word, StringComparison.Ordinal));
}
