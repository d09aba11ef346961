using System.Globalization;
using System.Text;
using System.Text.Json;
using Connectors.MakeShop;
using CsCheck;
using Domain.Marketplaces;
using Domain.Orders;
using Microsoft.Extensions.Time.Testing;
using Sandbox.Core;
using Sandbox.MakeShop;
using Tests.Connectors.MakeShop;

namespace Tests.Connectors.Properties;

/// <summary>What a generated MakeShop order becomes on its way through the wire, and what damaged answers do.</summary>
public sealed class MakeShopPropertyTests
{
    private const string Account = "honten";
    private static readonly DateTimeOffset Night = new(2026, 11, 21, 0, 0, 0, TimeSpan.FromHours(9));

    [Fact]
    public void A_MakeShop_order_arrives_as_it_was_placed() => SeedOrders.Any.Sample(
        seed =>
        {
            var order = Assert.IsType<OrderReading.Read>(Reading(seed)).Order;

            PayloadPropertyTests.AssertSame(seed, order, whole: false);
            Assert.Equal(seed.Lines.Select(l => l.TaxRate), order.Lines.Select(l => l.TaxRate));
            Assert.Equal(seed.Lines.Select(l => l.Sku), order.Lines.Select(l => l.Sku));
            Assert.Equal((seed.ShippingFee, seed.Coupon, seed.Points), (order.Amounts.Shipping.Amount, order.Amounts.Coupon.Amount, order.Amounts.Points.Amount));
            Assert.Equal(seed.Buyer.Email, order.Buyer.Email);
            Assert.Empty(order.Destinations);
        },
        iter: 200);

    [Fact]
    public void Every_line_of_an_order_with_several_recipients_belongs_to_exactly_one_of_them() => Gen.Select(SeedOrders.Any, SeedOrders.Any.Array[1, 3]).Sample(
        (first, others) =>
        {
            var seed = first with { FurtherDestinations = [.. others.Select(o => new SeedDestination(o.Recipient, o.Lines))] };

            var order = Assert.IsType<OrderReading.Read>(Reading(seed)).Order;

            Assert.Equal(order.Recipient, order.Destinations[0].Recipient);
            Assert.Equal(order.Lines.Select(l => l.LineId), order.Destinations.SelectMany(d => d.LineIds));
            Assert.Equal(
                others.Select(o => o.Recipient).Prepend(first.Recipient).Select(p => $"{p.LastName} {p.FirstName}"), order.Destinations.Select(d => d.Recipient.Name));
            Assert.Equal(
                others.Select(o => o.Lines.Count).Prepend(first.Lines.Count), order.Destinations.Select(d => d.LineIds.Length));
            Assert.Equal(order.Amounts.Reckoned, order.Amounts.Billed);
        },
        iter: 100);

    [Fact]
    public async Task A_damaged_MakeShop_list_is_refused_or_keeps_every_order()
    {
        var whole = Encoding.UTF8.GetBytes(ScriptedMakeShop.ListOf(3, [.. Enumerable.Range(1, 2).Select(i => ScriptedMakeShop.Order(i)), ScriptedMakeShop.Orders()[1].GetRawText()]));
        foreach (var body in Damage.Of(whole, times: 600))
        {
            IReadOnlyList<OrderPage> pages;
            try
            {
                pages = await new ScriptedMakeShop().On("searchOrder", _ => new HttpResponseMessage(System.Net.HttpStatusCode.OK) { Content = new ByteArrayContent(body) }).ListDayAsync();
            }
            catch (MarketplaceException refused)
            {
                AssertSilent(refused.ToString());
                continue;
            }

            Assert.Equal(Rows(body), pages.Sum(p => p.Orders.Length + p.Strays.Length));
            Assert.All(pages.SelectMany(p => p.Strays), stray => Assert.False(stray.Raw.IsEmpty));
            Assert.All(pages.SelectMany(p => p.Orders), order =>
            {
                var (raw, text) = order.Reading switch
                {
                    OrderReading.Read read => (read.Raw, ""),
                    OrderReading.Unreadable broken => (broken.Raw, broken.Expected),
                    var other => throw new InvalidOperationException($"A list brought a {other?.GetType().Name}."),
                };
                Assert.False(raw.IsEmpty);
                AssertSilent(text);
            });
        }
    }

    private static int Rows(byte[] body)
    {
        using var answer = JsonDocument.Parse(body);
        return answer.RootElement.GetProperty("data").GetProperty("searchOrder").GetProperty("orders").GetArrayLength();
    }

    private static OrderReading Reading(SeedOrder seed)
    {
        var shop = new ScriptedMakeShop();
        var simulator = new MakeShopSimulator(new SandboxWorld(new FakeTimeProvider(Night)));
        var account = simulator.OpenAccount(Account);
        simulator.Place(Account, seed);
        var query = MakeShopCalls.Query("query", "searchOrder", "SearchOrderRequest", $"searchedCount page orders{{{MakeShopFields.Whole(MakeShopFields.GuessedOf(shop.Access))}}}");
        var answer = simulator.Handle(new SimRequest(
            "POST", "/v1/graphql", [],
            new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
            {
                ["authorization"] = $"Bearer {account.Secrets["permanent-token"]}",
                ["x-api-key"] = account.Secrets["api-key"],
                ["x-timestamp"] = Night.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            },
            Encoding.UTF8.GetBytes(MakeShopCalls.BodyOf(query, _ => { }))));
        using var body = JsonDocument.Parse(answer.Body);
        return MakeShopMapper.ToListed(Assert.Single(body.RootElement.GetProperty("data").GetProperty("searchOrder").GetProperty("orders").EnumerateArray()), shop.Words)!.Reading!;
    }

    private static void AssertSilent(string text) => Assert.DoesNotContain(
        new[] { "見本 花", "架空 太", "別野", "03-0000-0000", "042-000-0000", "見本荘" }, word => text.Contains(word, StringComparison.Ordinal));
}
