using Connectors.OrderFiles;
using Domain.Orders;
using Sandbox.Core;

namespace Tests.Connectors.Conformance;

public abstract partial class ConnectorConformance
{
    [Fact]
    [Check(Need.OrderFile)]
    public void The_order_file_tells_every_order_once_with_its_lines()
    {
        var plain = _rig.Place(Noon.AddHours(-3), seed => seed with { BuyerNote = null });
        var rare = _rig.Place(Noon.AddHours(-2), seed => seed with { Recipient = seed.Recipient with { LastName = "髙﨑", Street = "見本町１－２" }, BuyerNote = "「至急」,\"1\"" });

        var file = ReadFile();

        Assert.Empty(file.Faults);
        Assert.Equal(new[] { plain, rare }.Order(), file.Orders.Select(o => o.Code.Value).Order());
        Assert.All(file.Orders, order =>
        {
            Assert.Equal([2, 1], order.Content.Lines.Select(l => l.Quantity));
            Assert.False(order.Content.Incomplete);
            Assert.False(order.Raw.IsEmpty);
        });
        var read = file.Orders.Single(o => o.Code.Value == rare).Content;
        Assert.StartsWith("髙﨑", read.Recipient.Name, StringComparison.Ordinal);
        Assert.Contains("見本町１－２", read.Recipient.Address, StringComparison.Ordinal);
    }

    [Fact]
    [Check(Need.OrderFile, Need.WholeOrders)]
    public async Task The_order_file_tells_of_an_order_what_the_API_tells()
    {
        _rig.Place(Noon.AddHours(-1));

        var api = await _rig.OnlyOrderAsync();
        var file = Assert.Single(ReadFile().Orders).Content;

        Assert.Equal(api.Code, file.Code);
        Assert.Equal(api.Standing, file.Standing);
        Assert.Equal(api.Lines.Select(l => (l.Sku, l.Quantity)), file.Lines.Select(l => (l.Sku, l.Quantity)));
        Assert.Equal(Plain(api.Recipient.Name), Plain(file.Recipient.Name));
        Assert.Equal(Plain(api.Recipient.Address), Plain(file.Recipient.Address));
        Assert.Equal(Digits(api.Recipient.PostalCode), Digits(file.Recipient.PostalCode));
        Assert.InRange((api.PlacedAt - file.PlacedAt).Duration(), TimeSpan.Zero, TimeSpan.FromSeconds(59));

        static string Plain(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
        static string Digits(string text) => string.Concat(text.Where(char.IsAsciiDigit));
    }

    [Fact]
    [Check(Need.OrderFile)]
    public void A_cancelled_order_of_the_file_does_not_come_as_a_new_one()
    {
        var (cancelled, kept) = (_rig.Place(Noon.AddHours(-2)), _rig.Place(Noon.AddHours(-1)));
        _rig.Simulator.Cancel(Rig.Account, cancelled);

        var file = ReadFile();

        Assert.DoesNotContain(file.Orders, o => o.Code.Value == cancelled && o.Content.Standing is not MarketplaceStanding.Cancelled);
        Assert.Contains(file.Orders, o => o.Code.Value == kept && o.Content.Standing is not MarketplaceStanding.Cancelled);
    }

    private OrderFileReading ReadFile() =>
        OrderFileReader.Read(((IOrderDownloads)_rig.Simulator).DownloadOrders(Rig.Account), OrderFileShape.Of(_rig.Manifest, _rig.Access.Store)!);
}
