using System.Net;
using System.Xml.Linq;
using Domain.Coverage;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Stores;
using Domain.Time;

namespace Tests.Connectors.YahooShopping;

public sealed class YahooShoppingConnectorTests : IDisposable
{
    private static readonly DateOnly Day = new(2026, 11, 1);

    private static readonly Interval WholeDay = new(Jst.StartOf(Day), Jst.StartOf(Day.AddDays(1)));

    private static readonly OrderReference Order = new(
        OrderCode.Parse("teststore-10000101"), new DateTimeOffset(2026, 11, 1, 0, 12, 33, TimeSpan.Zero), ["1"]);

    private readonly ScriptedYahoo _yahoo = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _yahoo.Dispose();

    [Theory]
    [InlineData("order-time", "OrderTime")]
    [InlineData("publication-time", "PublicationTime")]
    public async Task A_lane_searches_by_its_own_time_and_shows_no_order_that_the_buyer_may_still_cancel(string lane, string by)
    {
        _yahoo.On("orderList", ScriptedYahoo.Recording("order-list-two.xml"));

        var page = Assert.Single(await ReadAsync(lane, WholeDay));

        Assert.Equal(["teststore-10000101", "teststore-10000102"], page.Orders.Select(o => o.Code.Value));
        Assert.All(page.Orders, o => Assert.Null(o.Reading));
        var call = Assert.Single(_yahoo.Of("orderList"));
        Assert.Equal(
            ("20261101000000", "20261101235959", "0", "0"),
            (call.Text($"Search/Condition/{by}From"), call.Text($"Search/Condition/{by}To"), call.Text("Search/Condition/ReadOnlyMode"), call.Text("Search/Condition/FraudHoldDisplayType")));
        Assert.Equal(("teststore", "2000", "1", "+order_time"), (call.Text("SellerId"), call.Text("Search/Result"), call.Text("Search/Start"), call.Text("Search/Sort")));
        Assert.Equal(new MarketplaceCall(StoreId.Parse("yahoo-honten"), "yahoo-shopping", "orderList", CallKind.Read), call.Mark);
        Assert.Equal("http://yahoo.invalid:8080/ShoppingWebService/V1/orderList", call.Address.ToString());
    }

    [Fact]
    public async Task Every_order_call_is_signed_with_the_stores_account_and_the_second()
    {
        _yahoo.On("orderList", ScriptedYahoo.Recording("order-list-none.xml"));

        await ReadAsync("order-time", WholeDay);

        var call = Assert.Single(_yahoo.Of("orderList"));
        Assert.Equal(($"teststore:{_yahoo.Clock.GetUtcNow().ToUnixTimeSeconds()}", "3", "Bearer canary-access-1"), (call.Signed, call.KeyVersion, call.Authorization));
    }

    [Fact]
    public async Task A_public_key_that_lost_its_line_ends_signs_all_the_same()
    {
        _yahoo.Credentials.Values["public-key"] = _yahoo.Credentials.Values["public-key"].ReplaceLineEndings("\\n");
        _yahoo.On("orderList", ScriptedYahoo.Recording("order-list-none.xml"));

        await ReadAsync("order-time", WholeDay);

        Assert.NotNull(Assert.Single(_yahoo.Of("orderList")).Signed);
    }

    [Theory]
    [InlineData("public-key", CredentialFault.Missing)]
    [InlineData("public-key-version", CredentialFault.Missing)]
    public async Task Without_its_key_no_order_call_leaves(string field, CredentialFault fault)
    {
        _yahoo.Credentials.Values.Remove(field);

        var refusal = await Assert.ThrowsAsync<MarketplaceException>(() => ReadAsync("order-time", WholeDay));

        Assert.Equal(fault, refusal.Credential);
        Assert.Empty(_yahoo.Of("orderList"));
    }

    [Fact]
    public async Task A_stored_value_that_is_no_public_key_is_named_and_not_shown()
    {
        _yahoo.Credentials.Values["public-key"] = "canary-key";

        var refusal = await Assert.ThrowsAsync<MarketplaceException>(() => ReadAsync("order-time", WholeDay));

        Assert.Equal((CredentialFault.Wrong, "public-key"), (refusal.Credential, refusal.Field));
        Assert.DoesNotContain("canary", refusal.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0, "20261101000000", "20261101001459")]
    [InlineData(500, 0, "20261101000000", "20261101001459")]
    [InlineData(0, 500, "20261101000000", "20261101001500")]
    public async Task The_end_of_a_slice_is_not_asked_for_and_no_second_is_left_out(int fromMs, int toMs, string from, string to)
    {
        _yahoo.On("orderList", ScriptedYahoo.Recording("order-list-none.xml"));

        await ReadAsync("order-time", new Interval(WholeDay.From.AddMilliseconds(fromMs), WholeDay.From.AddMinutes(15).AddMilliseconds(toMs)));

        var call = Assert.Single(_yahoo.Of("orderList"));
        Assert.Equal((from, to), (call.Text("Search/Condition/OrderTimeFrom"), call.Text("Search/Condition/OrderTimeTo")));
    }

    [Fact]
    public async Task A_slice_without_orders_is_one_empty_page()
    {
        _yahoo.On("orderList", ScriptedYahoo.Recording("order-list-none.xml"));

        Assert.Empty(Assert.Single(await ReadAsync("order-time", WholeDay)).Orders);
    }

    [Theory]
    [InlineData(4, 2, "1,3")]
    [InlineData(5, 2, "1,3,5")]
    [InlineData(2, 2, "1")]
    public async Task Pages_are_read_until_as_many_orders_have_come_as_the_total_says(int orders, int size, string starts)
    {
        _yahoo.Settings["page-size"] = size.ToString(System.Globalization.CultureInfo.InvariantCulture);
        _yahoo.On("orderList", call => List(orders, int.Parse(call.Text("Search/Start"), System.Globalization.CultureInfo.InvariantCulture), size));

        var pages = await ReadAsync("order-time", WholeDay);

        Assert.Equal(orders, pages.SelectMany(p => p.Orders).Select(o => o.Code).Distinct().Count());
        Assert.Equal(starts, string.Join(',', _yahoo.Of("orderList").Select(c => c.Text("Search/Start"))));
    }

    [Fact]
    public async Task A_service_that_gives_fewer_a_page_than_asked_for_is_read_to_its_end()
    {
        _yahoo.On("orderList", call => List(5, int.Parse(call.Text("Search/Start"), System.Globalization.CultureInfo.InvariantCulture), 2));

        Assert.Equal(5, (await ReadAsync("order-time", WholeDay)).SelectMany(p => p.Orders).Count());
    }

    [Fact]
    public async Task An_order_that_leaves_the_list_between_two_pages_hides_no_other()
    {
        _yahoo.Settings["page-size"] = "2";
        _yahoo.InTurn("orderList", List(4, 1, 2), List(3, 3, 2, first: 2), List(3, 2, 2, first: 2));

        var codes = (await ReadAsync("order-time", WholeDay)).SelectMany(p => p.Orders).Select(o => o.Code.Value).Distinct();

        Assert.Equal(["teststore-1", "teststore-2", "teststore-3", "teststore-4"], codes); // the first one left; 2 to 4 moved up
        Assert.Equal("1,3,2", string.Join(',', _yahoo.Of("orderList").Select(c => c.Text("Search/Start"))));
    }

    [Theory]
    [InlineData("order-list-beyond.xml")]
    [InlineData("changed.xml")]
    public async Task A_list_that_brings_less_than_it_says_is_not_a_read_slice(string recording)
    {
        _yahoo.On("orderList", ScriptedYahoo.Recording(recording));

        var failure = await Assert.ThrowsAsync<MarketplaceException>(() => ReadAsync("order-time", WholeDay));

        Assert.Equal(FailureKind.Unreadable, failure.Kind);
    }

    [Fact]
    public async Task A_row_without_a_readable_id_is_a_stray_and_the_others_count()
    {
        _yahoo.On("orderList", ScriptedYahoo.Recording("order-list-two.xml").Replace("teststore-10000102", "", StringComparison.Ordinal));

        var page = Assert.Single(await ReadAsync("order-time", WholeDay));

        Assert.Equal((1, 1), (page.Orders.Length, page.Strays.Length));
    }

    [Theory]
    [InlineData("LastUpdateTime", "2026-11-01T09:30:00+09:00")]
    [InlineData("OrderStatus", "5")]
    [InlineData("PayStatus", "0")]
    [InlineData("SettleStatus", "5")]
    [InlineData("ShipStatus", "3")]
    public async Task What_changes_about_an_order_changes_its_token_and_nothing_else_does(string field, string value)
    {
        var list = XElement.Parse(ScriptedYahoo.Recording("order-list-two.xml"));
        _yahoo.On("orderList", _ => list.ToString());
        var before = (await ReadAsync("order-time", WholeDay))[0].Orders[0].Token;
        var row = list.Descendants("OrderInfo").First();
        row.SetElementValue("Index", "9");
        row.SetElementValue("PublicationTime", "2026-11-01T09:22:33+09:00");
        Assert.Equal(before, (await ReadAsync("publication-time", WholeDay))[0].Orders[0].Token);

        row.SetElementValue(field, value);

        Assert.NotEqual(before, (await ReadAsync("order-time", WholeDay))[0].Orders[0].Token);
    }

    [Fact]
    public async Task Details_are_fetched_one_order_a_call_and_a_vanished_one_is_gone()
    {
        _yahoo.On("orderInfo", call => call.Text("Target/OrderId") == "teststore-10000101"
            ? ScriptedYahoo.Recording("order-info.xml")
            : ScriptedYahoo.Refusal("od91801", HttpStatusCode.NotFound));

        var readings = await DetailAsync("teststore-10000101", "teststore-10000102");

        Assert.Equal([typeof(OrderReading.Read), typeof(OrderReading.Gone)], readings.Select(r => r.GetType()));
        var fields = _yahoo.Of("orderInfo").First().Text("Target/Field").Split(',');
        Assert.Superset(new HashSet<string>(["OrderId", "IsReadOnly", "PayMethod", "ShipZipCode", "UnitPrice", "TotalPrice", "FraudHoldStatus"]), fields.ToHashSet());
        Assert.Equal(fields.Length, fields.Distinct().Count());
    }

    [Fact]
    public async Task One_order_that_cannot_be_read_or_is_refused_does_not_stop_the_others()
    {
        _yahoo.On("orderInfo", call => call.Text("Target/OrderId") switch
        {
            "teststore-1" => "<ResultSet><Result><Status>OK</Status><OrderInfo><OrderId>teststore-1",
            "teststore-2" => ScriptedYahoo.Refusal("od90999", HttpStatusCode.BadRequest),
            _ => ScriptedYahoo.Recording("order-info.xml"),
        });

        var readings = await DetailAsync("teststore-1", "teststore-2", "teststore-10000101");

        Assert.Equal([typeof(OrderReading.Unreadable), typeof(OrderReading.Unreadable), typeof(OrderReading.Read)], readings.Select(r => r.GetType()));
        Assert.All(readings.OfType<OrderReading.Unreadable>(), r => Assert.DoesNotContain("invented text", r.Expected, StringComparison.Ordinal));
        Assert.EndsWith("<OrderId>teststore-1", System.Text.Encoding.UTF8.GetString(Assert.IsType<OrderReading.Unreadable>(readings[0]).Raw.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_of_ours_that_is_wrong_sets_no_order_aside()
    {
        _yahoo.On("orderInfo", ScriptedYahoo.Refusal("od90101", HttpStatusCode.BadRequest));

        var failure = await Assert.ThrowsAsync<MarketplaceException>(() => DetailAsync("teststore-10000101"));

        Assert.Equal((FailureKind.Rejected, "od90101"), (failure.Kind, failure.Code));
    }

    [Fact]
    public async Task The_ship_gate_asks_once_for_the_cancelled_orders_of_the_whole_span()
    {
        var (market, access) = Market();
        var other = Order with { Code = OrderCode.Parse("teststore-10000102"), PlacedAt = Order.PlacedAt.AddDays(3) };
        _yahoo.On("orderList", ScriptedYahoo.Recording("order-list-two.xml"));

        var stopped = await market.Reader!.StoppedAsync(access, [other with { Code = OrderCode.Parse("teststore-3") }, Order with { Code = OrderCode.Parse("teststore-4") }, other], Cancellation);

        Assert.Equal([(other.Code, MarketplaceStanding.Cancelled)], stopped.Select(s => (s.Key, s.Value)));
        var call = Assert.Single(_yahoo.Of("orderList"));
        Assert.Equal(
            ("20261101091233", "20261104091233", "4", "2", "1"),
            (call.Text("Search/Condition/OrderTimeFrom"), call.Text("Search/Condition/OrderTimeTo"), call.Text("Search/Condition/OrderStatus"),
            call.Text("Search/Condition/ReadOnlyMode"), call.Text("Search/Condition/FraudHoldDisplayType")));
    }

    [Fact]
    public async Task A_gate_that_could_not_be_asked_to_the_end_gives_no_answer()
    {
        _yahoo.Settings["page-size"] = "1";
        var (market, access) = Market();
        _yahoo.InTurn("orderList", List(2, 1, 1), new Answer("<html>", HttpStatusCode.BadGateway));
        await Assert.ThrowsAsync<MarketplaceException>(() => market.Reader!.StoppedAsync(access, [Order], Cancellation));

        _yahoo.On("orderList", ScriptedYahoo.Recording("order-list-two.xml").Replace("teststore-10000102", "", StringComparison.Ordinal));
        var failure = await Assert.ThrowsAsync<MarketplaceException>(() => market.Reader!.StoppedAsync(access, [Order], Cancellation));
        Assert.Equal(FailureKind.Unreadable, failure.Kind);
    }

    [Theory]
    [InlineData("px-04306", 403, FailureKind.CredentialRejected, CredentialFault.AddressNotRegistered)]
    [InlineData("px-04303", 403, FailureKind.CredentialRejected, CredentialFault.RightMissing)]
    [InlineData("px-14303", 403, FailureKind.CredentialRejected, CredentialFault.RightMissing)]
    [InlineData("px-14304", 400, FailureKind.CredentialRejected, CredentialFault.RightMissing)]
    [InlineData("px-04307", 403, FailureKind.CredentialRejected, CredentialFault.Revoked)]
    [InlineData("ed-00003", 400, FailureKind.CredentialRejected, CredentialFault.Wrong)]
    [InlineData("ed-00002", 503, FailureKind.Maintenance, null)]
    [InlineData("od91001", 500, FailureKind.Transient, null)]
    [InlineData("od90101", 400, FailureKind.Rejected, null)]
    [InlineData("zz-00000", 400, FailureKind.Rejected, null)]
    public async Task A_code_is_named_and_their_own_text_is_not_passed_on(string code, int status, FailureKind kind, CredentialFault? fault)
    {
        _yahoo.On("orderList", ScriptedYahoo.Refusal(code, (HttpStatusCode)status));

        var failure = await Assert.ThrowsAsync<MarketplaceException>(() => ReadAsync("order-time", WholeDay));

        Assert.Equal((kind, fault, code), (failure.Kind, failure.Credential, failure.Code));
        Assert.DoesNotContain("invented text", failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("canary", failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html><body>Your Request was Forbidden</body></html>", 403, FailureKind.Throttled)]
    [InlineData("<Error><Message>Your Request was Forbidden</Message></Error>", 403, FailureKind.Throttled)]
    [InlineData("", 403, FailureKind.Throttled)]
    [InlineData("", 429, FailureKind.Throttled)]
    [InlineData("<html>maintenance</html>", 503, FailureKind.Maintenance)]
    [InlineData("<html>maintenance</html>", 200, FailureKind.Maintenance)]
    [InlineData("<html>bad gateway</html>", 502, FailureKind.Transient)]
    [InlineData("", 200, FailureKind.Transient)]
    [InlineData("<Result><Status>OK</Status>", 200, FailureKind.Unreadable)]
    [InlineData("<Result><Status>OK</Status></Result>", 200, FailureKind.Unreadable)]
    public async Task An_answer_without_a_code_is_told_by_what_it_looks_like(string body, int status, FailureKind kind)
    {
        _yahoo.On("orderList", new Answer(body, (HttpStatusCode)status));

        Assert.Equal(kind, (await Assert.ThrowsAsync<MarketplaceException>(() => ReadAsync("order-time", WholeDay))).Kind);
    }

    [Fact]
    public async Task A_refusal_within_a_good_status_is_a_refusal()
    {
        _yahoo.On("orderList", ScriptedYahoo.Recording("order-list-refused.xml"));

        Assert.Equal("od90101", (await Assert.ThrowsAsync<MarketplaceException>(() => ReadAsync("order-time", WholeDay))).Code);
    }

    [Fact]
    public async Task The_probe_asks_an_item_API_unsigned_and_an_order_API_signed()
    {
        var (market, access) = Market();
        _yahoo.On("getShopCategory", ScriptedYahoo.Recording("shop-category.xml")).On("orderCount", ScriptedYahoo.Recording("order-count.xml"));

        await market.Probe.ProbeAsync(access, Cancellation);

        Assert.Equal([("token", false), ("getShopCategory", false), ("orderCount", true)], _yahoo.Seen.Select(c => (c.Api, c.Signed is not null)));
        Assert.Equal(["?seller_id=teststore", "?sellerId=teststore"], _yahoo.Seen.Skip(1).Select(c => c.Address.Query));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("unauthorized")]
    public async Task A_public_key_that_is_no_longer_taken_fails_the_probe_while_orders_are_still_read(string? status)
    {
        var (market, access) = Market();
        _yahoo.On("getShopCategory", ScriptedYahoo.Recording("shop-category.xml"))
            .On("orderCount", new Answer(ScriptedYahoo.Recording("order-count.xml"), KeyStatus: status))
            .On("orderList", new Answer(ScriptedYahoo.Recording("order-list-two.xml"), KeyStatus: status));

        var alarm = await Assert.ThrowsAsync<MarketplaceException>(() => market.Probe.ProbeAsync(access, Cancellation));

        Assert.Equal((FailureKind.CredentialRejected, CredentialFault.Expired, "public-key"), (alarm.Kind, alarm.Credential, alarm.Field));
        Assert.Equal(2, Assert.Single(await ReadAsync("order-time", WholeDay)).Orders.Length);
    }

    private static Answer List(int total, int start, int size, int first = 1)
    {
        var rows = Enumerable.Range(start, Math.Max(0, Math.Min(size, total - start + 1)))
            .Select(i => $"<OrderInfo><Index>{i}</Index><OrderId>teststore-{i + first - 1}</OrderId></OrderInfo>");
        return $"<Result><Status>OK</Status><Search><TotalCount>{total}</TotalCount>{string.Concat(rows)}</Search></Result>";
    }

    private (Marketplace Market, StoreAccess Access) Market()
    {
        var market = _yahoo.Marketplace();
        return (market, _yahoo.Access(market));
    }

    private async Task<List<OrderPage>> ReadAsync(string lane, Interval span)
    {
        var (market, access) = Market();
        var pages = new List<OrderPage>();
        await foreach (var page in market.Source.ReadAsync(access, new Slice(lane, span), Cancellation))
        {
            pages.Add(page);
        }

        return pages;
    }

    private async Task<List<OrderReading>> DetailAsync(params string[] codes)
    {
        var (market, access) = Market();
        var readings = new List<OrderReading>();
        await foreach (var reading in market.Source.DetailAsync(access, [.. codes.Select(c => new ListedOrder(OrderCode.Parse(c), "", null))], Cancellation))
        {
            readings.Add(reading);
        }

        return readings;
    }
}
