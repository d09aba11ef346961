using Connectors.Qoo10;
using Domain.Coverage;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Time;

namespace Tests.Connectors.Qoo10;

public sealed class Qoo10ConnectorTests
{
    private static readonly DateOnly Day = new(2026, 11, 1);

    private static readonly Interval WholeDay = new(Jst.StartOf(Day), Jst.StartOf(Day.AddDays(1)));

    private static readonly OrderReference Cart = new(
        OrderCode.Parse("900000001"), new DateTimeOffset(2026, 11, 1, 0, 12, 33, TimeSpan.Zero), ["1062428737", "1062428738"]);

    private readonly ScriptedQoo10 _qoo10 = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_carts_are_searched_by_order_date_in_the_order_in_which_a_cart_moves()
    {
        var page = Assert.Single(await ReadAsync("open", WholeDay, open: ScriptedQoo10.Recording("search-two-carts.json")));

        Assert.Equal(2, page.Orders.Length);
        Assert.Equal(["", "4", "5"], _qoo10.Seen.Select(c => c.Form["ShippingStatus"]));
        Assert.All(_qoo10.Seen, c =>
        {
            Assert.Equal("20261101000000", c.Form["SearchStartDate"]);
            Assert.Equal("20261102000000", c.Form["SearchEndDate"]);
            Assert.Equal("1", c.Form["SearchCondition"]);
            Assert.Equal("canary-sak", c.Key);
            Assert.Equal(new MarketplaceCall(Domain.Stores.StoreId.Parse("qoo10-honten"), "qoo10", Qoo10Methods.Search, CallKind.Read), c.Mark);
        });
    }

    [Fact]
    public async Task A_cart_of_which_a_part_is_shipped_comes_whole()
    {
        var open = System.Text.Json.Nodes.JsonNode.Parse(ScriptedQoo10.Recording("search-two-carts.json"))!;
        var sent = open.DeepClone();
        open["ResultObject"]!.AsArray().RemoveAt(0);
        sent["ResultObject"]!.AsArray().RemoveRange(1, 2);
        sent["ResultObject"]![0]!["ShippingStatus"] = "On delivery(4)";

        var page = Assert.Single(await ReadAsync("open", WholeDay, open.ToJsonString(), sent.ToJsonString()));

        var cart = Assert.IsType<OrderReading.Read>(page.Orders.Single(o => o.Code == Cart.Code).Reading).Order;
        Assert.Equal([LineStanding.Shipped, LineStanding.Open], cart.Lines.Select(l => l.Standing));
        Assert.Equal(MarketplaceStanding.Ready, cart.Standing);
    }

    [Fact]
    public async Task Shipped_carts_are_left_out_when_the_store_says_so()
    {
        _qoo10.Settings["read-shipped"] = "false";

        await ReadAsync("open", WholeDay);

        Assert.Equal("", Assert.Single(_qoo10.Seen).Form["ShippingStatus"]);
    }

    [Fact]
    public async Task A_big_store_reads_a_day_in_portions_that_leave_nothing_out()
    {
        _qoo10.Settings["read-shipped"] = "false";
        _qoo10.Settings["search-hours"] = "10";

        var pages = await ReadAsync("open", WholeDay);

        Assert.Equal(3, pages.Count);
        Assert.Equal(
            ["20261101000000-20261101100000", "20261101100000-20261101200000", "20261101200000-20261102000000"],
            _qoo10.Seen.Select(c => $"{c.Form["SearchStartDate"]}-{c.Form["SearchEndDate"]}"));
    }

    [Fact]
    public async Task What_was_ordered_at_the_end_of_the_slice_belongs_to_the_next()
    {
        var until = new Interval(WholeDay.From, Jst.At(Day, new TimeOnly(10, 0)));

        var page = Assert.Single(await ReadAsync("open", until, ScriptedQoo10.Recording("search-two-carts.json")));

        Assert.Equal(["900000001"], page.Orders.Select(o => o.Code.Value)); // the other one was ordered at 10:00:00
    }

    [Fact]
    public async Task A_slice_that_ends_within_a_second_asks_for_that_second_too()
    {
        await ReadAsync("open", new Interval(WholeDay.From, WholeDay.From.AddSeconds(5).AddMilliseconds(1)));

        Assert.Equal("20261101000006", _qoo10.Seen[0].Form["SearchEndDate"]);
    }

    [Fact]
    public async Task Claims_are_searched_by_the_day_they_were_made()
    {
        _qoo10.On(Qoo10Methods.Claims, ScriptedQoo10.Recording("claims.json"));

        var page = Assert.Single(await ReadAsync("claims", WholeDay));

        Assert.Equal(3, page.Orders.Length);
        var call = Assert.Single(_qoo10.Seen);
        Assert.Equal(("", "2", "20261101000000", "20261102000000"), (call.Form["ClaimStat"], call.Form["search_condition"], call.Form["search_Sdate"], call.Form["search_Edate"]));
    }

    [Theory]
    [InlineData(-10000, FailureKind.CredentialRejected, CredentialFault.Wrong)]
    [InlineData(-90002, FailureKind.CredentialRejected, CredentialFault.RightMissing)]
    [InlineData(-90003, FailureKind.CredentialRejected, CredentialFault.RightMissing)]
    [InlineData(-90004, FailureKind.CredentialRejected, CredentialFault.Expired)]
    [InlineData(-90005, FailureKind.CredentialRejected, CredentialFault.Expired)]
    [InlineData(-90001, FailureKind.Rejected, null)]
    [InlineData(-10001, FailureKind.Rejected, null)]
    [InlineData(-10002, FailureKind.Rejected, null)]
    [InlineData(-10003, FailureKind.Rejected, null)]
    [InlineData(-10004, FailureKind.Rejected, null)]
    [InlineData(-77777, FailureKind.Rejected, null)]
    public async Task A_code_of_the_method_is_named(int code, FailureKind kind, CredentialFault? fault)
    {
        _qoo10.On(Qoo10Methods.Certify, ScriptedQoo10.Recording("certification-key.json"));

        var refusal = await Assert.ThrowsAsync<MarketplaceException>(() => ReadAsync("open", WholeDay, ScriptedQoo10.Refusal(code)));

        Assert.Equal((kind, fault, code.ToString(System.Globalization.CultureInfo.InvariantCulture)), (refusal.Kind, refusal.Credential, refusal.Code));
        Assert.DoesNotContain("invented text", refusal.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("canary", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_gateway_answers_in_another_envelope()
    {
        _qoo10.On(Qoo10Methods.Certify, ScriptedQoo10.Recording("certification-key.json"));

        var refusal = await Assert.ThrowsAsync<MarketplaceException>(
            () => ReadAsync("open", WholeDay, """{"ErrorCode":-90003,"ErrorMsg":"an invented text"}"""));

        Assert.Equal(CredentialFault.RightMissing, refusal.Credential);
    }

    [Theory]
    [InlineData("""{"ResultCode":0,"ResultMsg":"SUCCESS"}""")]
    [InlineData("""{"ResultObject":"fine","ResultCode":0}""")]
    [InlineData("""{"ResultObject":[]}""")]
    [InlineData("""{"ResultObject":[{"PackNo":9""")]
    [InlineData("[]")]
    [InlineData("hello")]
    public async Task An_answer_of_another_shape_is_unreadable_not_empty(string body)
    {
        var failure = await Assert.ThrowsAsync<MarketplaceException>(() => ReadAsync("open", WholeDay, body));

        Assert.Equal(FailureKind.Unreadable, failure.Kind);
    }

    [Fact]
    public async Task A_web_page_in_place_of_an_answer_is_maintenance()
    {
        var failure = await Assert.ThrowsAsync<MarketplaceException>(() => ReadAsync("open", WholeDay, ScriptedQoo10.Recording("html-error.txt")));

        Assert.Equal(FailureKind.Maintenance, failure.Kind);
        Assert.True(failure.MayPass);
    }

    [Theory]
    [InlineData(429, FailureKind.Throttled)]
    [InlineData(500, FailureKind.Transient)]
    [InlineData(503, FailureKind.Maintenance)]
    [InlineData(523, FailureKind.Transient)]
    [InlineData(404, FailureKind.Unreadable)]
    public async Task A_status_of_something_in_front_of_the_service_is_named(int status, FailureKind kind)
    {
        _qoo10.Status = (System.Net.HttpStatusCode)status;

        var failure = await Assert.ThrowsAsync<MarketplaceException>(() => ReadAsync("open", WholeDay));

        Assert.Equal(kind, failure.Kind);
    }

    [Fact]
    public async Task A_cut_connection_an_empty_body_and_a_time_out_are_transient()
    {
        Func<SeenCall, string>[] ways = [_ => throw new HttpRequestException("cut"), _ => "", _ => throw new TaskCanceledException("late")];
        foreach (var way in ways)
        {
            _qoo10.On(Qoo10Methods.Search, way);
            var (market, access) = Open();

            var failure = await Assert.ThrowsAsync<MarketplaceException>(() => market.Probe.ProbeAsync(access, Cancellation));

            Assert.Equal(FailureKind.Transient, failure.Kind);
        }
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"ShippingInfo":[]}""")]
    public async Task No_orders_come_as_an_empty_list_in_any_of_its_forms(string none)
    {
        var page = Assert.Single(await ReadAsync("open", WholeDay, $$"""{"ResultObject":{{none}},"ResultCode":0,"ResultMsg":"SUCCESS"}"""));

        Assert.Empty(page.Orders);
        Assert.Empty(page.Strays);
    }

    [Fact]
    public async Task A_cart_is_read_by_its_order_numbers_and_completed_from_the_search_of_its_second()
    {
        AnswerByNumber();
        _qoo10.On(Qoo10Methods.Search, ScriptedQoo10.Recording("search-two-carts.json"));

        var read = Assert.IsType<OrderReading.Read>(Assert.Single(await ReadByCodeAsync(Cart))).Order;

        Assert.Equal(["1062428737", "1062428738"], read.Lines.Select(l => l.LineId));
        Assert.Equal("一般配送", read.DeliveryText);
        var search = _qoo10.Seen.Single(c => c.Method == Qoo10Methods.Search);
        Assert.Equal(("20261101091233", "20261101091234"), (search.Form["SearchStartDate"], search.Form["SearchEndDate"]));
    }

    [Fact]
    public async Task A_claim_found_by_number_holds_its_line()
    {
        AnswerByNumber(claims: new() { ["1062428738"] = "1" });
        _qoo10.On(Qoo10Methods.Search, ScriptedQoo10.Recording("search-two-carts.json"));

        var read = Assert.IsType<OrderReading.Read>(Assert.Single(await ReadByCodeAsync(Cart))).Order;

        Assert.Equal([LineStanding.Open, LineStanding.CancelRequested], read.Lines.Select(l => l.Standing));
    }

    [Fact]
    public async Task A_cart_whose_numbers_are_all_cancelled_is_signed_as_cancelled()
    {
        AnswerByNumber(claims: new() { ["1062428737"] = "3", ["1062428738"] = "16" });

        var sign = Assert.IsType<OrderReading.Sign>(Assert.Single(await ReadByCodeAsync(Cart)));

        Assert.Equal(MarketplaceStanding.Cancelled, sign.Standing);
        Assert.Equal(Cart.LineIds.AsEnumerable(), sign.LineIds);
    }

    [Fact]
    public async Task A_cart_that_they_do_not_know_is_gone_and_one_without_numbers_is_unreadable()
    {
        _qoo10.On(Qoo10Methods.ByNumber, ScriptedQoo10.Empty);

        var readings = await ReadByCodeAsync(Cart, Cart with { Code = OrderCode.Parse("900000009"), LineIds = [] });

        Assert.IsType<OrderReading.Gone>(readings[0]);
        Assert.IsType<OrderReading.Unreadable>(readings[1]);
    }

    [Fact]
    public async Task A_cart_that_is_refused_does_not_stop_the_rest()
    {
        AnswerByNumber();
        _qoo10.On(Qoo10Methods.Search, ScriptedQoo10.Recording("search-two-carts.json"));
        var strange = new OrderReference(OrderCode.Parse("900000008"), Cart.PlacedAt, ["7"]);

        var readings = await ReadByCodeAsync(strange, Cart);

        Assert.IsType<OrderReading.Unreadable>(readings[0]);
        Assert.IsType<OrderReading.Read>(readings[1]);
    }

    [Fact]
    public async Task The_ship_gate_asks_the_claims_of_all_orders_at_once()
    {
        _qoo10.On(Qoo10Methods.Claims, ScriptedQoo10.Recording("claims.json"));
        var (market, access) = Open();
        var cancelled = new OrderReference(OrderCode.Parse("900000002"), Cart.PlacedAt.AddHours(1), ["1062428740"]);
        var returned = new OrderReference(OrderCode.Parse("900000009"), Cart.PlacedAt.AddHours(2), ["1062420000"]);
        var clean = new OrderReference(OrderCode.Parse("900000007"), Cart.PlacedAt.AddDays(-3), ["1062420001"]);

        var stopped = await market.Reader!.StoppedAsync(access, [Cart, cancelled, returned, clean], Cancellation);

        Assert.Equal(2, stopped.Count);
        Assert.Equal(MarketplaceStanding.CancelRequested, stopped[Cart.Code]); // one line asked, one cancelled: not to be shipped as it stands
        Assert.Equal(MarketplaceStanding.Cancelled, stopped[cancelled.Code]);
        var call = Assert.Single(_qoo10.Seen);
        Assert.Equal(("1", "20261029091233", "20261101111234"), (call.Form["search_condition"], call.Form["search_Sdate"], call.Form["search_Edate"]));
    }

    [Fact]
    public async Task Orders_further_apart_than_a_search_reaches_are_asked_in_two()
    {
        _qoo10.On(Qoo10Methods.Claims, ScriptedQoo10.Empty);
        var (market, access) = Open();

        await market.Reader!.StoppedAsync(access, [Cart, Cart with { PlacedAt = Cart.PlacedAt.AddDays(-91) }], Cancellation);

        Assert.Equal(2, _qoo10.Seen.Count);
    }

    [Fact]
    public async Task A_claim_that_cannot_be_read_stops_its_order_and_one_without_any_number_stops_the_question()
    {
        var (market, access) = Open();
        _qoo10.On(Qoo10Methods.Claims, """{"ResultObject":[{"claimStatus":"?","orderNo":1062428737,"packNo":900000001}],"ResultCode":0}""");

        Assert.Equal(MarketplaceStanding.CancelRequested, (await market.Reader!.StoppedAsync(access, [Cart], Cancellation))[Cart.Code]);

        _qoo10.On(Qoo10Methods.Claims, """{"ResultObject":[{"claimStatus":"3"}],"ResultCode":0}""");
        var failure = await Assert.ThrowsAsync<MarketplaceException>(() => market.Reader!.StoppedAsync(access, [Cart], Cancellation));
        Assert.Equal(FailureKind.Unreadable, failure.Kind);
    }

    private (Marketplace Market, StoreAccess Access) Open()
    {
        var market = _qoo10.Marketplace();
        return (market, _qoo10.Access(market));
    }

    private async Task<List<OrderPage>> ReadAsync(string lane, Interval span, string open = ScriptedQoo10.Empty, string shipped = ScriptedQoo10.Empty)
    {
        _qoo10.On(Qoo10Methods.Search, call => call.Form["ShippingStatus"] switch { "" => open, "4" => shipped, _ => ScriptedQoo10.Empty });
        var (market, access) = Open();
        return await market.Source.ReadAsync(access, new Slice(lane, span), Cancellation).ToListAsync(Cancellation);
    }

    private async Task<List<OrderReading>> ReadByCodeAsync(params OrderReference[] orders)
    {
        var (market, access) = Open();
        return await market.Reader!.ReadAsync(access, orders, Cancellation).ToListAsync(Cancellation);
    }

    /// <summary>Both numbers of the recorded cart, each with the claim given for it; any other number is refused.</summary>
    private void AnswerByNumber(Dictionary<string, string>? claims = null) => _qoo10.On(Qoo10Methods.ByNumber, call =>
    {
        var number = call.Form["OrderNo"];
        if (!Cart.LineIds.Contains(number))
        {
            return ScriptedQoo10.Refusal(-10001);
        }

        return ScriptedQoo10.Recording("by-number.json")
            .Replace("\"orderNo\":1062428737", $"\"orderNo\":{number}", StringComparison.Ordinal)
            .Replace("\"claimStatus\":\"\"", $"\"claimStatus\":\"{claims?.GetValueOrDefault(number)}\"", StringComparison.Ordinal);
    });
}
