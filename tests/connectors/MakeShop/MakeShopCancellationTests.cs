using Domain.Marketplaces;

namespace Tests.Connectors.MakeShop;

public sealed class MakeShopCancellationTests
{
    private const string Accepted = """{"data":{"cancelOrder":{"cancelOrderResults":[{"displayOrderNumber":"P900000000000000001","message":null}]}}}""";

    private readonly ScriptedMakeShop _shop = new() { Settings = { ["cancel-orders"] = "true" } };

    [Theory]
    [InlineData(CancelReason.OutOfStock, "在庫切れ")]
    [InlineData(CancelReason.BuyersRequest, "購入者都合")]
    [InlineData(CancelReason.Undeliverable, "住所不備・長期不在")]
    [InlineData(CancelReason.NotPaid, "入金なし")]
    [InlineData(CancelReason.Other, "その他")]
    public async Task A_cancel_goes_out_with_its_reason(CancelReason reason, string text)
    {
        _shop.On("cancelOrder", Accepted);

        Assert.IsType<PushOutcome.Confirmed>(await CancelAsync(reason));

        Assert.Equal($$"""{"cancelOrders":[{"displayOrderNumber":"P900000000000000001","reason":"{{text}}"}]}""", Assert.Single(_shop.Seen).Input.GetRawText());
        Assert.Equal(CallKind.Write, _shop.Seen[0].Mark!.Kind);
    }

    [Fact]
    public async Task A_store_that_has_not_tried_it_sends_nothing()
    {
        _shop.Settings.Clear();

        Assert.Equal("switched-off", Assert.IsType<PushOutcome.Rejected>(await CancelAsync()).Code);
        Assert.Empty(_shop.Seen);
    }

    [Fact]
    public async Task A_refusal_for_an_order_that_is_cancelled_already_is_a_success()
    {
        _shop.On("cancelOrder", Accepted.Replace("\"message\":null", "\"message\":\"キャンセルできません。\"", StringComparison.Ordinal));
        _shop.On("searchOrder", ScriptedMakeShop.ListOf(1, ScriptedMakeShop.Order(1)));
        Assert.Equal("キャンセルできません。", Assert.IsType<PushOutcome.Rejected>(await CancelAsync()).Reason);

        _shop.On("searchOrder", ScriptedMakeShop.ListOf(1, ScriptedMakeShop.Order(1, o => o.Replace("\"0002\"", "\"0003\"", StringComparison.Ordinal))));
        Assert.IsType<PushOutcome.Confirmed>(await CancelAsync());

        _shop.On("searchOrder", ScriptedMakeShop.Recording("maintenance.html"), 503);
        Assert.IsType<PushOutcome.Rejected>(await CancelAsync());
    }

    [Fact]
    public async Task A_shape_that_they_do_not_take_is_a_refusal_and_a_lost_answer_is_not()
    {
        _shop.On("cancelOrder", ScriptedMakeShop.Recording("unknown-input-key.json"), 422);
        Assert.IsType<PushOutcome.Rejected>(await CancelAsync());

        _shop.On("cancelOrder", """{"data":{"cancelOrder":{"cancelOrderResults":[]}}}""");
        Assert.IsType<PushOutcome.Unknown>(await CancelAsync());

        _shop.On("cancelOrder", ScriptedMakeShop.Recording("maintenance.html"), 200);
        Assert.Equal(FailureKind.Transient, (await Assert.ThrowsAsync<MarketplaceException>(() => CancelAsync())).Kind);
    }

    private Task<PushOutcome> CancelAsync(CancelReason reason = CancelReason.OutOfStock) =>
        _shop.Market.Cancellation!.CancelAsync(_shop.Access, ScriptedMakeShop.Reference(1), reason, TestContext.Current.CancellationToken);
}
