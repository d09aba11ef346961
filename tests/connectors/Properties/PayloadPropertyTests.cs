using Connectors.AuPayMarket;
using Connectors.Qoo10;
using Connectors.Wire;
using CsCheck;
using Domain.Marketplaces;
using Domain.Orders;
using Microsoft.Extensions.Time.Testing;
using Sandbox.AuPayMarket;
using Sandbox.Core;
using Sandbox.Qoo10;

namespace Tests.Connectors.Properties;

/// <summary>What a generated order becomes on its way through the marketplace's wire format into ours.</summary>
public sealed class PayloadPropertyTests
{
    private const string Account = "honten";
    private static readonly DateTimeOffset Night = new(2026, 11, 21, 0, 0, 0, TimeSpan.FromHours(9));

    [Fact]
    public void An_au_PAY_order_arrives_as_it_was_placed() => SeedOrders.Any.Sample(
        seed =>
        {
            var order = Assert.IsType<OrderReading.Read>(AuPayReading(seed)).Order;

            AssertSame(seed, order, whole: true);
            Assert.Equal(seed.Lines.Select(l => l.TaxRate), order.Lines.Select(l => l.TaxRate));
            Assert.Equal(seed.ShippingFee, order.Amounts.Shipping.Amount);
            Assert.Equal((seed.Coupon, seed.Points), (order.Amounts.Coupon.Amount, order.Amounts.Points.Amount));
        },
        iter: 200);

    [Fact]
    public void A_Qoo10_cart_arrives_as_it_was_placed() => SeedOrders.Any.Sample(
        seed =>
        {
            var order = Assert.IsType<OrderReading.Read>(Qoo10Reading(seed)).Order;

            AssertSame(seed, order, whole: false);
        },
        iter: 200);

    internal static void AssertSame(SeedOrder seed, OrderSnapshot order, bool whole)
    {
        var placed = order.PlacedAt.ToUnixTimeSeconds();
        var expected = seed.PlacedAt.ToUnixTimeSeconds();
        Assert.Equal(whole ? expected / 60 * 60 : expected, placed); // au PAY tells no seconds
        Assert.Equal(seed.Lines.Select(l => (l.Title, l.Option, l.Quantity)), order.Lines.Select(l => (l.Title, l.Option, l.Quantity)));
        Assert.Equal(seed.Lines.Select(l => l.UnitPrice), order.Lines.Select(l => l.UnitPrice.Amount));
        Assert.Equal(seed.Lines.Sum(l => l.UnitPrice * l.Quantity), order.Amounts.Items.Amount);
        Assert.Equal(order.Amounts.Reckoned, order.Amounts.Billed);
        Assert.Equal(seed.Paid ? PaymentStanding.Secured : PaymentStanding.Unpaid, order.Payment.Standing);
        Assert.Equal(seed.BuyerNote ?? "", order.BuyerNote);
        Assert.Equal(seed.RequestedDate, order.RequestedDate);
        foreach (var (person, party) in new[] { (seed.Buyer, order.Buyer), (seed.Recipient, order.Recipient) })
        {
            Assert.Equal(person.LastName + person.FirstName, party.Name.Replace(" ", "", StringComparison.Ordinal));
            Assert.Equal(person.Phone, party.Phone);
        }

        Assert.Equal(seed.Recipient.PostalCode, order.Recipient.PostalCode);
        Assert.Equal(seed.Recipient.Prefecture, order.Recipient.Prefecture);
        Assert.Equal(
            seed.Recipient.Prefecture + seed.Recipient.City + seed.Recipient.Street + seed.Recipient.Building,
            order.Recipient.Address.Replace(" ", "", StringComparison.Ordinal));
    }

    private static OrderReading AuPayReading(SeedOrder seed)
    {
        var answer = Ask(world => new AuPayMarketSimulator(world), seed, account => new SimRequest(
            "GET", "/wmshopapi/searchTradeInfoListProc", new() { ["shopId"] = account.Settings["shop-id"], ["startDate"] = "20261120", ["endDate"] = "20261120" },
            new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Authorization"] = $"Bearer {account.Secrets["api-key"]}" }, []));
        return AuPayMarketMapper.ToListed(Assert.Single(WireXml.Parse(answer).Elements("orderInfo")))!.Reading!;
    }

    private static OrderReading Qoo10Reading(SeedOrder seed)
    {
        var answer = Ask(world => new Qoo10Simulator(world), seed, account => new SimRequest(
            "POST", "/GMKT.INC.Front.QAPIService/ebayjapan.qapi/ShippingBasic.GetShippingInfo_v3",
            new() { ["SearchStartDate"] = "20261120", ["SearchEndDate"] = "20261120", ["SearchCondition"] = "1" },
            new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["GiosisCertificationKey"] = account.Secrets["certification-key"] }, []));
        return Assert.Single(Qoo10Mapper.ToPage(Qoo10Answer.Parse(answer, "test").Rows!).Orders).Reading!;
    }

    private static byte[] Ask(Func<SandboxWorld, ISimulator> make, SeedOrder seed, Func<SimAccount, SimRequest> request)
    {
        var simulator = make(new SandboxWorld(new FakeTimeProvider(Night)));
        var account = simulator.OpenAccount(Account);
        simulator.Place(Account, seed);
        return simulator.Handle(request(account)).Body;
    }
}
