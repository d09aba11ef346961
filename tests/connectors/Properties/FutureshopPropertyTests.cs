using System.Text;
using Connectors.Futureshop;
using Connectors.Wire;
using CsCheck;
using Domain.Marketplaces;
using Domain.Orders;
using Microsoft.Extensions.Time.Testing;
using Sandbox.Core;
using Sandbox.Futureshop;
using Tests.Connectors.Futureshop;

namespace Tests.Connectors.Properties;

/// <summary>What a generated order becomes on its way through futureshop's wire format, and what random damage to a recorded answer can do.</summary>
public sealed class FutureshopPropertyTests
{
    private static readonly DateTimeOffset Night = new(2026, 11, 21, 0, 0, 0, TimeSpan.FromHours(9));

    private static readonly FutureshopReadingOptions Usual = new(["communication"], ["COD"], [], "");

    [Fact]
    public void An_order_arrives_as_it_was_placed() => SeedOrders.Any.Sample(
        seed =>
        {
            var order = Assert.IsType<OrderReading.Read>(ReadingOf(seed)).Order;

            Assert.Equal(seed.PlacedAt.ToUnixTimeSeconds(), order.PlacedAt.ToUnixTimeSeconds());
            Assert.Equal(
                seed.Lines.Select(l => (l.Sku, l.Title, l.Option, l.Quantity, l.UnitPrice, l.TaxRate)),
                order.Lines.Select(l => (l.Sku, l.Title, l.Option, l.Quantity, l.UnitPrice.Amount, l.TaxRate)));
            Assert.Equal((seed.ShippingFee, seed.Coupon, seed.Points), (order.Amounts.Shipping.Amount, order.Amounts.Coupon.Amount, order.Amounts.Points.Amount));
            Assert.Equal(order.Amounts.Reckoned, order.Amounts.Billed);
            Assert.Equal(seed.Paid || (order.Amounts.Billed.Amount == 0 && seed.Points > 0) ? PaymentStanding.Secured : PaymentStanding.Unpaid, order.Payment.Standing);
            Assert.Equal((seed.BuyerNote ?? "", seed.RequestedDate), (order.BuyerNote, order.RequestedDate));
            foreach (var (person, party) in new[] { (seed.Buyer, order.Buyer), (seed.Recipient, order.Recipient) })
            {
                Assert.Equal($"{person.LastName} {person.FirstName}", party.Name);
                Assert.Equal((person.Phone, person.PostalCode, person.Prefecture, person.City, person.Street, person.Building), (party.Phone, party.PostalCode, party.Prefecture, party.City, party.Street, party.Building));
            }
        },
        iter: 200);

    [Fact]
    public async Task A_damaged_list_is_refused_or_keeps_every_row()
    {
        var whole = Encoding.UTF8.GetBytes(ScriptedFutureshop.Recording("search-two-orders.json").Replace(",\n\"nextUrl\"", ",\"unused\"", StringComparison.Ordinal));
        var day = new Domain.Coverage.Interval(new DateTimeOffset(2026, 3, 31, 15, 0, 0, TimeSpan.Zero), new DateTimeOffset(9000, 1, 1, 0, 0, 0, TimeSpan.Zero));
        foreach (var body in Damage.Of(whole, times: 400))
        {
            var shop = new ScriptedFutureshop().On(ScriptedFutureshop.Shipping, _ => new HttpResponseMessage { Content = new ByteArrayContent(body) });
            var (market, access) = shop.Open();
            var pages = new List<OrderPage>();
            try
            {
                await foreach (var page in market.Source.ReadAsync(access, new Slice("order-date", day), TestContext.Current.CancellationToken))
                {
                    pages.Add(page);
                }
            }
            catch (MarketplaceException refused)
            {
                AssertSilent(refused.ToString());
                continue;
            }

            var rows = WireJson.TryParse(body)!.Value.List("orderList")!.ToArray();
            var numbers = rows.Select(FutureshopMapper.ToListed).OfType<ListedOrder>().Select(o => o.Code).Distinct().Count();
            var late = rows.Count(r => FutureshopMapper.PlacedAtOf(r) >= day.To);
            Assert.Equal(0, late);
            Assert.Equal(numbers, pages.Sum(p => p.Orders.Length));
            Assert.Equal(rows.Count(r => FutureshopMapper.ToListed(r) is null), pages.Sum(p => p.Strays.Length));
            Assert.All(pages.SelectMany(p => p.Strays), s => Assert.False(s.Raw.IsEmpty));
        }
    }

    [Fact]
    public void A_damaged_order_is_read_or_unreadable_and_its_bytes_are_kept()
    {
        var whole = Encoding.UTF8.GetBytes(ScriptedFutureshop.Recording("order.json"));
        var read = 0;
        foreach (var body in Damage.Of(whole, times: 2_000))
        {
            if (WireJson.TryParse(body) is not { } order)
            {
                continue;
            }

            switch (FutureshopMapper.ToReading(OrderCode.Parse("900000000103"), order, body, Usual))
            {
                case OrderReading.Read good:
                    read++;
                    Assert.Equal(body, good.Raw.ToArray());
                    break;
                case OrderReading.Unreadable broken:
                    Assert.Equal(body, broken.Raw.ToArray());
                    AssertSilent(broken.Expected);
                    break;
                case var other:
                    Assert.Fail($"a get brought a {other.GetType().Name}");
                    break;
            }
        }

        Assert.True(read > 100, $"only {read} damaged orders could be read: the damage is too coarse to say anything");
    }

    private static OrderReading ReadingOf(SeedOrder seed)
    {
        var simulator = new FutureshopSimulator(new SandboxWorld(new FakeTimeProvider(Night)) { RateLimits = { Lifted = true } });
        var account = simulator.OpenAccount("honten");
        var code = simulator.Place("honten", seed);
        var client = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{account.Secrets["client-id"]}:{account.Secrets["client-secret"]}"));
        var token = simulator.Handle(new SimRequest("POST", "/oauth/token", [], Headers($"Basic {client}"), "grant_type=client_credentials"u8.ToArray()));
        var answer = simulator.Handle(new SimRequest("GET", $"/admin-api/v1/orders/{code}", [], Headers($"Bearer {WireJson.TryParse(token.Body)!.Value.Text("access_token")}"), []));
        return FutureshopMapper.ToReading(OrderCode.Parse(code), WireJson.TryParse(answer.Body)!.Value, answer.Body, Usual);

        Dictionary<string, string> Headers(string authorization) =>
            new(StringComparer.OrdinalIgnoreCase) { ["Authorization"] = authorization, ["X-SHOP-KEY"] = account.Secrets["shop-key"] };
    }

    private static void AssertSilent(string text) => Assert.DoesNotContain(
        new[] { "花", "𠮷子", "髙﨑", "太郎", "hana@", "000-0000" }, word => text.Contains(word, StringComparison.Ordinal));
}
