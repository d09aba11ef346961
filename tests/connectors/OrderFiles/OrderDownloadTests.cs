using System.Text;
using Connectors.AuPayMarket;
using Connectors.OrderFiles;
using Connectors.Qoo10;
using Connectors.YahooShopping;
using Domain.Bundling;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Time;
using Sandbox.AuPayMarket;
using Sandbox.Core;
using Sandbox.Qoo10;
using Sandbox.YahooShopping;
using Tests.Connectors.Conformance;

namespace Tests.Connectors.OrderFiles;

/// <summary>A marketplace's order download, read by its manifest, tells of an order what its API tells.</summary>
public sealed class OrderDownloadTests
{
    private static readonly DateTimeOffset Now = Jst.StartOf(new DateOnly(2026, 11, 24)).AddHours(12);

    private static readonly Dictionary<string, ConnectorUnderTest> Tested = new(StringComparer.Ordinal)
    {
        ["au-pay-market"] = new(world => new AuPayMarketSimulator(world), services => services.AddAuPayMarket()) { Faults = new Dictionary<string, CredentialFault?>() },
        ["qoo10"] = new(world => new Qoo10Simulator(world), services => services.AddQoo10()) { Faults = new Dictionary<string, CredentialFault?>() },
        ["yahoo-shopping"] = new(world => new YahooShoppingSimulator(world), services => services.AddYahooShopping()) { Faults = new Dictionary<string, CredentialFault?>() },
    };

    public static TheoryData<string> Marketplaces => [.. Tested.Keys];

    [Theory]
    [MemberData(nameof(Marketplaces))]
    public async Task The_file_tells_of_every_order_what_the_API_tells(string marketplace)
    {
        await using var rig = await Rig.StartAsync(Tested[marketplace], Now);
        rig.Place(Now.AddHours(-5));
        rig.Place(Now.AddHours(-4), s => s with
        {
            Recipient = s.Recipient with { LastName = "髙橋", FirstName = "﨑子", City = "大阪市北区", Street = "見本町〜1−2" },
            BuyerNote = "「至急」, お願いします",
        });
        rig.Place(Now.AddHours(-3), s => s with { RequestedDate = new DateOnly(2026, 12, 1), TimeSlotText = marketplace == "qoo10" ? null : "午前中", Noshi = marketplace == "qoo10" ? null : "御歳暮", ShippingFee = marketplace == "qoo10" ? 0 : 550 });

        var file = OrderFileReader.Read(((IOrderDownloads)rig.Simulator).DownloadOrders(Rig.Account), OrderFileShape.Of(rig.Manifest, rig.Access.Store)!);

        var (readings, strays) = await rig.ReadAsync(rig.OrderLanes.First());
        Assert.Empty(strays);
        Assert.Empty(file.Faults);
        var api = readings.OfType<OrderReading.Read>().Select(r => r.Order).OrderBy(o => o.PlacedAt).ToArray();
        Assert.Equal(3, api.Length);
        Assert.Equal(api.Select(Told), file.Orders.Select(o => Told(o.Content)));
        Assert.All(api.Zip(file.Orders), pair =>
        {
            if (pair.Second.Fields.Contains("payment"))
            {
                Assert.Equal((pair.First.Payment, pair.First.Amounts.Billed), (pair.Second.Content.Payment, pair.Second.Content.Amounts.Billed));
                Assert.Equal(pair.Second.Content.Amounts.Billed, pair.Second.Content.Amounts.Reckoned);
                Assert.Equal(pair.First.Lines.Select(l => l.TaxRate), pair.Second.Content.Lines.Select(l => l.TaxRate));
            }
        });
    }

    [Theory]
    [MemberData(nameof(Marketplaces))]
    public async Task The_file_of_some_orders_holds_those_and_a_character_that_it_cannot_hold_stops_the_order(string marketplace)
    {
        await using var rig = await Rig.StartAsync(Tested[marketplace], Now);
        var codes = rig.Place(5, Now.AddHours(-2));
        var odd = rig.Place(Now.AddHours(-3), s => s with { Recipient = s.Recipient with { LastName = "𠮷野" } });
        var some = codes.Take(2).Append(odd).ToHashSet(StringComparer.Ordinal);

        var file = OrderFileReader.Read(((IOrderDownloads)rig.Simulator).DownloadOrders(Rig.Account, some), OrderFileShape.Of(rig.Manifest, rig.Access.Store)!);

        Assert.Equal(some.Order(StringComparer.Ordinal), file.Orders.Select(o => o.Code.Value).Order(StringComparer.Ordinal));
        Assert.Equal(odd, Assert.Single(file.Orders, o => o.Content.MarketplaceHolds.Any(h => h.Reason is HoldReason.SuspiciousAddress)).Code.Value);
    }

    [Theory]
    [MemberData(nameof(Marketplaces))]
    public async Task A_cancelled_order_is_never_one_to_be_shipped(string marketplace)
    {
        await using var rig = await Rig.StartAsync(Tested[marketplace], Now);
        rig.Place(2, Now.AddHours(-2));
        var gone = rig.Place(Now.AddHours(-3));
        rig.Simulator.Cancel(Rig.Account, gone);

        var file = OrderFileReader.Read(((IOrderDownloads)rig.Simulator).DownloadOrders(Rig.Account), OrderFileShape.Of(rig.Manifest, rig.Access.Store)!);

        Assert.DoesNotContain(file.Orders, o => o.Code.Value == gone && o.Content.Standing is not MarketplaceStanding.Cancelled);
        Assert.Equal(2, file.Orders.Count(o => o.Content.Standing is MarketplaceStanding.Ready));
    }

    /// <summary>As both must tell it, whatever spaces, dashes and country codes each of them writes; CP932 has the wave dash as ～.</summary>
    private static string Told(OrderSnapshot order)
    {
        var text = new StringBuilder();
        text.AppendJoin(
            '|',
            order.Code, order.PlacedAt.ToUnixTimeSeconds(), order.Standing,
            Normaliser.Text(order.Recipient.Name), Normaliser.Text(order.Recipient.Kana), Normaliser.Text(order.Recipient.Address), order.Recipient.PostalCode, Normaliser.Phone(order.Recipient.Phone),
            Normaliser.Text(order.Buyer.Name), order.DeliveryText, order.RequestedDate, order.TimeSlotText, order.BuyerNote);
        return text.AppendJoin(';', order.Lines.Select(l => $"{l.LineId} {l.Sku} {l.Quantity} {l.UnitPrice} {l.Standing}")).Replace('〜', '~').Replace('～', '~').ToString();
    }
}
