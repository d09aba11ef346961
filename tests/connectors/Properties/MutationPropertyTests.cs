using System.Text;
using System.Xml;
using Connectors.AuPayMarket;
using Connectors.Qoo10;
using Connectors.Wire;
using Connectors.YahooShopping;
using Domain.Marketplaces;
using Sandbox.YahooShopping;
using Tests.Connectors.AuPayMarket;
using Tests.Connectors.Conformance;
using Tests.Connectors.Qoo10;

namespace Tests.Connectors.Properties;

/// <summary>Bytes of a recorded answer change at random: what comes out is an answer that is refused as a whole, or one in which every order is still there.</summary>
public sealed class MutationPropertyTests
{
    private static readonly byte[] AuPayList = Encoding.UTF8.GetBytes(ScriptedAuPay.ListOf(Enumerable.Range(1, 3).Select(i =>
    {
        var order = ScriptedAuPay.Order();
        order.SetElementValue("orderId", 746_000_000 + i);
        return order;
    })));

    private static readonly byte[] Qoo10List = ScriptedQoo10.TwoCarts();

    [Fact]
    public async Task A_damaged_au_PAY_list_is_refused_or_keeps_every_order()
    {
        foreach (var body in Damage.Of(AuPayList, times: 400))
        {
            IReadOnlyList<OrderPage> pages;
            try
            {
                pages = await new ScriptedAuPay().On("searchTradeInfoListProc", _ => Raw(body)).ListDayAsync();
            }
            catch (MarketplaceException refused)
            {
                AssertSilent(refused.ToString());
                continue;
            }

            Assert.Equal(Rows(body), pages.Sum(p => p.Orders.Length + p.Strays.Length));
            AssertAccountedFor(pages.SelectMany(p => p.Orders));
        }
    }

    [Fact]
    public async Task A_damaged_Yahoo_list_is_refused_or_keeps_every_order()
    {
        var now = new DateTimeOffset(2026, 11, 20, 3, 0, 0, TimeSpan.Zero);
        await using var rig = await Rig.StartAsync(
            new ConnectorUnderTest(world => new YahooShoppingSimulator(world), services => services.AddYahooShopping()) { Faults = new Dictionary<string, CredentialFault?>() }, now);
        rig.Place(3, now.AddHours(-1));
        await rig.Market.Probe.ProbeAsync(rig.Access, TestContext.Current.CancellationToken); // a token is at hand
        var read = 0;
        for (var seed = 0; seed < 400; seed++)
        {
            var dice = new Random(seed);
            var rows = 0;
            rig.Wire.Change = body =>
            {
                var damaged = Damage.Once(body, dice);
                rows += Rows(damaged, "OrderInfo");
                return damaged;
            };
            IReadOnlyList<OrderPage> pages;
            try
            {
                pages = await rig.ListAsync(rig.OrderLanes.First(), new DateOnly(2026, 11, 20), new DateOnly(2026, 11, 20));
            }
            catch (MarketplaceException refused)
            {
                AssertSilent(refused.ToString());
                continue;
            }

            read++;
            Assert.Equal(rows, pages.Sum(p => p.Orders.Length + p.Strays.Length));
        }

        Assert.True(read > 0, "every damaged list was refused: nothing was asked");
    }

    [Fact]
    public void A_damaged_Qoo10_list_is_refused_or_keeps_every_row()
    {
        foreach (var body in Damage.Of(Qoo10List, times: 2_000))
        {
            IReadOnlyList<Qoo10Row> rows;
            try
            {
                var answer = Qoo10Answer.Parse(body, "test");
                Qoo10Errors.ThrowIfRefused("test", answer.Code);
                rows = answer.Rows ?? throw Qoo10Errors.Unreadable("test", "a list in ResultObject");
            }
            catch (MarketplaceException refused)
            {
                AssertSilent(refused.ToString());
                continue;
            }

            var page = Qoo10Mapper.ToPage(rows);

            var raws = page.Orders.Select(o => o.Reading switch
            {
                OrderReading.Read read => read.Raw,
                OrderReading.Unreadable broken => broken.Raw,
                var other => throw new InvalidOperationException($"A search brought a {other?.GetType().Name}."),
            }).Concat(page.Strays.Select(s => s.Raw)).Select(raw => Encoding.UTF8.GetString(raw.Span)).ToArray();
            var latest = rows.GroupBy(r => (r.Text("PackNo"), r.Text("OrderNo"))).Select(g => Encoding.UTF8.GetString(g.Last().Raw));
            Assert.All(latest, row => Assert.Contains(raws, raw => raw.Contains(row, StringComparison.Ordinal)));
            AssertAccountedFor(page.Orders);
        }
    }

    private static HttpResponseMessage Raw(byte[] body) => new(System.Net.HttpStatusCode.OK) { Content = new ByteArrayContent(body) };

    /// <summary>The order elements that an answer that could be read holds.</summary>
    private static int Rows(byte[] body, string name = "orderInfo")
    {
        try
        {
            return WireXml.Parse(body).Descendants(name).Count(o => o.HasElements);
        }
        catch (XmlException)
        {
            return 0; // then the list must not have been taken for a good one
        }
    }

    private static void AssertAccountedFor(IEnumerable<ListedOrder> orders) => Assert.All(orders, order =>
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

    private static void AssertSilent(string text) => Assert.DoesNotContain(
        new[] { "太郎", "花子", "山田", "鈴木", "03-0000-0001", "06-0000-0002", "relay-000" }, word => text.Contains(word, StringComparison.Ordinal));
}
