using Connectors.Qoo10;
using Domain.Marketplaces;
using Domain.Orders;

namespace Tests.Connectors.Qoo10;

public sealed class Qoo10CancellationTests
{
    private readonly ScriptedQoo10 _qoo10 = new ScriptedQoo10().On(Qoo10Methods.Cancel, ScriptedQoo10.Recording("done.json"));

    [Fact]
    public async Task Every_order_number_of_the_cart_is_cancelled_with_the_reason()
    {
        Stand(("1062428737", "On request(2)", ""), ("1062428738", "Seller confirm(3)", ""));

        Assert.Equal(new PushOutcome.Confirmed(Code), await CancelAsync());

        Assert.Equal([Qoo10Methods.ByNumber, Qoo10Methods.ByNumber, Qoo10Methods.Cancel, Qoo10Methods.Cancel], _qoo10.Methods);
        var calls = _qoo10.Seen.Where(c => c.Method == Qoo10Methods.Cancel).ToArray();
        Assert.Equal([("1062428737", "", "在庫切れ"), ("1062428738", "", "在庫切れ")], calls.Select(c => (c.Form["ContrNo"], c.Form["CancelReason"], c.Form["SellerMemo"])));
        Assert.All(calls, call => Assert.Equal(CallKind.Write, call.Mark!.Kind));
    }

    [Theory]
    [InlineData(CancelReason.OutOfStock, null, "")]
    [InlineData(CancelReason.BuyersRequest, null, "1")]
    [InlineData(CancelReason.Undeliverable, null, "2")]
    [InlineData(CancelReason.NotPaid, null, "1")]
    [InlineData(CancelReason.Other, null, "1")]
    [InlineData(CancelReason.Other, "3", "3")]
    public async Task Every_reason_has_their_number_or_the_stores_own(CancelReason reason, string? setting, string expected)
    {
        if (setting is not null)
        {
            _qoo10.Settings["cancel-reason-other"] = setting;
        }

        Stand(("1062428737", "On request(2)", ""), ("1062428738", "On request(2)", "3"));

        await CancelAsync(reason);

        Assert.Equal(expected, _qoo10.Seen[^1].Form["CancelReason"]);
    }

    [Fact]
    public async Task A_cart_that_is_cancelled_already_is_confirmed_and_nothing_is_sent()
    {
        Stand(("1062428737", "On request(2)", "3"), ("1062428738", "Awaiting shipping(1)", "16"));

        Assert.IsType<PushOutcome.Confirmed>(await CancelAsync());

        Assert.DoesNotContain(Qoo10Methods.Cancel, _qoo10.Methods);
    }

    [Fact]
    public async Task A_cart_of_which_a_part_is_cancelled_has_the_rest_cancelled()
    {
        Stand(("1062428737", "On request(2)", "3"), ("1062428738", "On request(2)", ""));

        Assert.IsType<PushOutcome.Confirmed>(await CancelAsync());

        Assert.Equal("1062428738", Assert.Single(_qoo10.Seen, c => c.Method == Qoo10Methods.Cancel).Form["ContrNo"]);
    }

    [Theory]
    [InlineData("On delivery(4)")]
    [InlineData("Delivered(5)")]
    public async Task A_cart_of_which_a_part_is_shipped_is_rejected_as_a_whole(string status)
    {
        Stand(("1062428737", "On request(2)", ""), ("1062428738", status, ""));

        var refused = Assert.IsType<PushOutcome.Rejected>(await CancelAsync());

        Assert.Equal("-10004", refused.Code);
        Assert.Contains("1062428738", refused.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(Qoo10Methods.Cancel, _qoo10.Methods);
    }

    [Fact]
    public async Task A_number_that_someone_else_cancels_in_between_is_confirmed()
    {
        var asked = 0;
        _qoo10.On(Qoo10Methods.ByNumber, call => Row(call.Form["OrderNo"], "On request(2)", asked++ < 2 ? "" : "3"));
        _qoo10.On(Qoo10Methods.Cancel, ScriptedQoo10.Refusal(-10004));

        Assert.IsType<PushOutcome.Confirmed>(await CancelAsync());
    }

    [Theory]
    [InlineData(-10004)]
    [InlineData(-10002)]
    [InlineData(-19999)]
    public async Task A_refusal_says_how_far_it_came(int code)
    {
        Stand(("1062428737", "On request(2)", ""), ("1062428738", "On request(2)", "1"));
        _qoo10.On(Qoo10Methods.Cancel, call => call.Form["ContrNo"] == "1062428738" ? ScriptedQoo10.Refusal(code) : ScriptedQoo10.Recording("done.json"));

        var refused = Assert.IsType<PushOutcome.Rejected>(await CancelAsync());

        Assert.Equal($"{code}", refused.Code);
        Assert.Contains("1件はキャンセルされています", refused.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("invented text", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_right_that_is_missing_is_told_as_the_credentials_fault()
    {
        Stand(("1062428737", "On request(2)", ""), ("1062428738", "On request(2)", ""));
        _qoo10.On(Qoo10Methods.Cancel, ScriptedQoo10.Refusal(-90003));

        Assert.Equal(CredentialFault.RightMissing, (await Assert.ThrowsAsync<MarketplaceException>(() => CancelAsync())).Credential);
    }

    [Fact]
    public async Task A_lost_answer_leaves_the_effect_unknown()
    {
        Stand(("1062428737", "On request(2)", ""), ("1062428738", "On request(2)", ""));
        _qoo10.On(Qoo10Methods.Cancel, "<html>wait</html>");

        Assert.Equal(FailureKind.Transient, (await Assert.ThrowsAsync<MarketplaceException>(() => CancelAsync())).Kind);
    }

    [Fact]
    public async Task A_cart_without_a_known_order_number_is_rejected()
    {
        var market = _qoo10.Marketplace();

        var outcome = await market.Cancellation!.CancelAsync(
            _qoo10.Access(market), new OrderReference(Code, default, []), CancelReason.Other, TestContext.Current.CancellationToken);

        Assert.Equal("no-lines", Assert.IsType<PushOutcome.Rejected>(outcome).Code);
        Assert.Empty(_qoo10.Seen);
    }

    private static OrderCode Code => OrderCode.Parse("900000001");

    private static string Row(string number, string status, string claim) => ScriptedQoo10.Recording("by-number.json")
        .Replace("1062428737", number, StringComparison.Ordinal)
        .Replace("On request(2)", status, StringComparison.Ordinal)
        .Replace("\"claimStatus\":\"\"", $"\"claimStatus\":\"{claim}\"", StringComparison.Ordinal);

    private void Stand(params (string Number, string Status, string Claim)[] lines) => _qoo10.On(
        Qoo10Methods.ByNumber, call => lines.Single(line => line.Number == call.Form["OrderNo"]) is var line ? Row(line.Number, line.Status, line.Claim) : "");

    private Task<PushOutcome> CancelAsync(CancelReason reason = CancelReason.OutOfStock)
    {
        var market = _qoo10.Marketplace();
        var order = new OrderReference(Code, new DateTimeOffset(2026, 11, 1, 0, 12, 33, TimeSpan.Zero), ["1062428737", "1062428738"]);
        return market.Cancellation!.CancelAsync(_qoo10.Access(market), order, reason, TestContext.Current.CancellationToken);
    }
}
