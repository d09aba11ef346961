using System.Collections.Immutable;
using System.Net;
using System.Xml.Linq;
using Domain.Marketplaces;
using Domain.Orders;

namespace Tests.Connectors.YahooShopping;

public sealed class YahooShoppingCancellationTests : IDisposable
{
    private readonly ScriptedYahoo _yahoo = new ScriptedYahoo().On("orderInfo", ScriptedYahoo.Recording("order-info.xml"));

    public void Dispose() => _yahoo.Dispose();

    [Fact]
    public async Task A_cancel_is_status_four_with_its_reason()
    {
        _yahoo.On("orderStatusChange", ScriptedYahoo.Recording("changed.xml"));

        Assert.Equal(new PushOutcome.Confirmed(Code), await CancelAsync());

        Assert.Equal(["token", "orderInfo", "orderStatusChange"], _yahoo.Apis);
        Assert.Equal(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Req><Target><OrderId>teststore-10000101</OrderId><IsPointFix>true</IsPointFix><OperationUser>出荷連携</OperationUser></Target>"
            + "<Order><OrderStatus>4</OrderStatus><CancelReason>210</CancelReason></Order><SellerId>teststore</SellerId></Req>",
            _yahoo.Seen[^1].Body);
        Assert.Equal(CallKind.Write, _yahoo.Seen[^1].Mark!.Kind);
    }

    [Theory]
    [InlineData(CancelReason.OutOfStock, "210")]
    [InlineData(CancelReason.BuyersRequest, "100")]
    [InlineData(CancelReason.Undeliverable, "130")]
    [InlineData(CancelReason.NotPaid, "120")]
    [InlineData(CancelReason.Other, "230")]
    public async Task Every_reason_has_their_code_and_other_alone_has_words(CancelReason reason, string code)
    {
        _yahoo.On("orderStatusChange", ScriptedYahoo.Recording("changed.xml"));

        await CancelAsync(reason);

        var call = _yahoo.Seen[^1];
        Assert.Equal(code, call.Text("Order/CancelReason"));
        Assert.Equal(reason is CancelReason.Other, call.Text("Order/CancelReasonDetail").Length is >= 10 and <= 200);
    }

    [Fact]
    public async Task An_order_that_is_cancelled_already_is_confirmed_and_the_buyer_gets_no_second_mail()
    {
        _yahoo.On("orderInfo", Order(("OrderStatus", "4")));

        Assert.IsType<PushOutcome.Confirmed>(await CancelAsync());

        Assert.Empty(_yahoo.Of("orderStatusChange"));
    }

    [Theory]
    [InlineData("OrderStatus", "5")]
    [InlineData("Ship/ShipStatus", "3")]
    [InlineData("Ship/ShipStatus", "4")]
    public async Task An_order_that_is_shipped_is_rejected_although_they_would_cancel_it(string field, string value)
    {
        _yahoo.On("orderInfo", Order((field, value)));

        Assert.Equal("shipped", Assert.IsType<PushOutcome.Rejected>(await CancelAsync()).Code);

        Assert.Empty(_yahoo.Of("orderStatusChange"));
    }

    [Theory]
    [InlineData("od91123")]
    [InlineData("od91704")]
    [InlineData("od91130")]
    public async Task A_warning_confirms_and_says_what_is_left_to_do(string code)
    {
        _yahoo.On("orderStatusChange", ScriptedYahoo.Recording("changed-with-warning.xml").Replace("od91115", code, StringComparison.Ordinal));

        Assert.Contains(code, Assert.IsType<PushOutcome.Confirmed>(await CancelAsync()).Warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_order_that_someone_else_cancels_in_between_is_confirmed()
    {
        _yahoo.InTurn("orderInfo", ScriptedYahoo.Recording("order-info.xml"), Order(("OrderStatus", "4")));
        _yahoo.On("orderStatusChange", ScriptedYahoo.Refusal("od99999", HttpStatusCode.BadRequest, "Cannot Be Operated : CancelOrder OrderStatus"));

        Assert.IsType<PushOutcome.Confirmed>(await CancelAsync());
    }

    [Fact]
    public async Task A_refused_cancel_of_an_order_that_stands_is_rejected()
    {
        _yahoo.On("orderStatusChange", ScriptedYahoo.Refusal("od99999", HttpStatusCode.BadRequest, "Cannot Be Operated : IsReadOnly"));

        var refused = Assert.IsType<PushOutcome.Rejected>(await CancelAsync());

        Assert.Equal("not-operable", refused.Code);
        Assert.DoesNotContain("IsReadOnly", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_status_told_as_a_refusal_is_confirmed()
    {
        _yahoo.On("orderStatusChange", ScriptedYahoo.Refusal("od91705", HttpStatusCode.BadRequest));

        Assert.IsType<PushOutcome.Confirmed>(await CancelAsync());
    }

    [Fact]
    public async Task An_order_that_is_not_there_is_rejected_with_their_code()
    {
        _yahoo.On("orderInfo", ScriptedYahoo.Refusal("od91801", HttpStatusCode.NotFound));

        Assert.Equal("od91801", Assert.IsType<PushOutcome.Rejected>(await CancelAsync()).Code);
    }

    [Fact]
    public async Task A_lost_answer_leaves_the_effect_unknown()
    {
        _yahoo.On("orderStatusChange", new Answer("<html>bad gateway</html>", HttpStatusCode.BadGateway));

        Assert.Equal(FailureKind.Transient, (await Assert.ThrowsAsync<MarketplaceException>(() => CancelAsync())).Kind);
    }

    private static OrderCode Code => OrderCode.Parse("teststore-10000101");

    private static string Order(params (string Path, string Value)[] changes)
    {
        var answer = XElement.Parse(ScriptedYahoo.Recording("order-info.xml"));
        foreach (var (path, value) in changes)
        {
            path.Split('/').Aggregate(answer.Element("Result")!.Element("OrderInfo")!, (e, name) => e.Element(name)!).Value = value;
        }

        return answer.ToString();
    }

    private Task<PushOutcome> CancelAsync(CancelReason reason = CancelReason.OutOfStock)
    {
        var market = _yahoo.Marketplace();
        var order = new OrderReference(Code, new DateTimeOffset(2026, 11, 1, 0, 12, 33, TimeSpan.Zero), ImmutableArray.Create("1"));
        return market.Cancellation!.CancelAsync(_yahoo.Access(market), order, reason, TestContext.Current.CancellationToken);
    }
}
