using System.Xml.Linq;
using Domain.Marketplaces;

namespace Tests.Connectors.AuPayMarket;

public sealed class AuPayMarketCancellationTests
{
    private readonly ScriptedAuPay _shop = new();

    [Fact]
    public async Task A_cancel_is_posted_flat_with_the_reason_that_was_seen_in_use()
    {
        _shop.On("cancelTradeProc", ScriptedAuPay.Recording("accepted.xml"));

        Assert.IsType<PushOutcome.Confirmed>(await CancelAsync());

        var call = Assert.Single(_shop.Seen);
        Assert.Equal(("POST", "/wmshopapi/cancelTradeProc", CallKind.Write), (call.Method, call.Path, call.Mark!.Kind));
        Assert.Equal(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><request><shopId>40000001</shopId><orderId>746000001</orderId>"
            + "<cancelReason>9</cancelReason><cancelComment>在庫切れ　欠品</cancelComment></request>",
            call.Body);
    }

    [Theory]
    [InlineData(CancelReason.OutOfStock, "cancel-reason-out-of-stock")]
    [InlineData(CancelReason.BuyersRequest, "cancel-reason-buyers-request")]
    [InlineData(CancelReason.Undeliverable, "cancel-reason-undeliverable")]
    [InlineData(CancelReason.NotPaid, "cancel-reason-not-paid")]
    [InlineData(CancelReason.Other, "cancel-reason-other")]
    public async Task Every_reason_has_the_stores_own_code_and_a_comment_that_fits(CancelReason reason, string setting)
    {
        _shop.Settings[setting] = "42";
        _shop.On("cancelTradeProc", ScriptedAuPay.Recording("accepted.xml"));

        await CancelAsync(reason);

        var body = XElement.Parse(Assert.Single(_shop.Seen).Body);
        Assert.Equal("42", body.Element("cancelReason")!.Value);
        Assert.InRange(body.Element("cancelComment")!.Value.Length, 1, 100);
    }

    [Fact]
    public async Task A_refused_cancel_of_an_order_that_is_cancelled_is_confirmed()
    {
        _shop.On("cancelTradeProc", ScriptedAuPay.Recording("refused-field.xml"));
        _shop.On("searchTradeInfoProc", ScriptedAuPay.ListOf(With("キャンセル")));

        Assert.IsType<PushOutcome.Confirmed>(await CancelAsync());
    }

    [Theory]
    [InlineData("完了")]
    [InlineData("発送後入金待ち")]
    [InlineData("発送待ち")]
    [InlineData("キャンセル受付中")]
    public async Task A_refused_cancel_of_any_other_order_is_rejected_with_their_code(string status)
    {
        _shop.On("cancelTradeProc", ScriptedAuPay.Recording("refused-field.xml"));
        _shop.On("searchTradeInfoProc", ScriptedAuPay.ListOf(With(status)));

        Assert.Equal("CME0000", Assert.IsType<PushOutcome.Rejected>(await CancelAsync()).Code);
    }

    [Fact]
    public async Task A_cancel_of_an_order_that_is_not_there_is_rejected()
    {
        _shop.On("cancelTradeProc", ScriptedAuPay.Recording("refused-message-only.xml"));
        _shop.On("searchTradeInfoProc", ScriptedAuPay.Recording("no-such-order.xml"));

        Assert.IsType<PushOutcome.Rejected>(await CancelAsync());
    }

    [Fact]
    public async Task A_refusal_whose_cause_cannot_be_read_is_not_taken_for_a_no()
    {
        _shop.On("cancelTradeProc", ScriptedAuPay.Recording("refused-field.xml"));
        _shop.On("searchTradeInfoProc", ScriptedAuPay.Recording("gateway.html"), 502);

        Assert.Equal(FailureKind.Transient, (await Assert.ThrowsAsync<MarketplaceException>(() => CancelAsync())).Kind);
    }

    [Theory]
    [InlineData(502, FailureKind.Transient)]
    [InlineData(503, FailureKind.Maintenance)]
    [InlineData(401, FailureKind.CredentialRejected)]
    public async Task A_page_in_answer_to_a_cancel_is_told_by_its_status(int status, FailureKind expected)
    {
        _shop.On("cancelTradeProc", ScriptedAuPay.Recording("gateway.html"), status);

        Assert.Equal(expected, (await Assert.ThrowsAsync<MarketplaceException>(() => CancelAsync())).Kind);
    }

    private static XElement With(string status)
    {
        var order = ScriptedAuPay.Order();
        order.SetElementValue("orderStatus", status);
        return order;
    }

    private Task<PushOutcome> CancelAsync(CancelReason reason = CancelReason.OutOfStock) =>
        _shop.Market.Cancellation!.CancelAsync(_shop.Access, ScriptedAuPay.Reference("746000001"), reason, TestContext.Current.CancellationToken);
}
