using Domain.Marketplaces;
using Domain.Orders;

namespace Tests.Connectors.MakeShop;

public sealed class MakeShopConnectorTests
{
    private readonly ScriptedMakeShop _shop = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_list_is_one_query_of_a_day_of_Japan_with_its_headers()
    {
        _shop.On("searchOrder", ScriptedMakeShop.Recording("search-two-orders.json"));

        var page = Assert.Single(await _shop.ListDayAsync());

        Assert.Equal(["P900000000000000001", "P900000000000000002"], page.Orders.Select(o => o.Code.Value));
        Assert.All(page.Orders, o => Assert.IsType<OrderReading.Read>(o.Reading));
        var call = Assert.Single(_shop.Seen);
        Assert.Equal("http://makeshop.invalid:8080/v1/graphql", call.Address.ToString());
        Assert.Equal($"Bearer {ScriptedMakeShop.Token}", call.Headers["authorization"]);
        Assert.Equal(ScriptedMakeShop.Key, call.Headers["x-api-key"]);
        Assert.Equal($"{ScriptedMakeShop.Now.ToUnixTimeSeconds()}", call.Headers["x-timestamp"]);
        Assert.Equal(
            """{"startOrderDate":"20261120000000","endOrderDate":"20261120235959","sortOrder":"ASC","page":1,"limit":1000}""", call.Input.GetRawText());
        Assert.StartsWith("query searchOrder($input: SearchOrderRequest!){searchOrder(input:$input){searchedCount page orders{displayOrderNumber orderDate ", call.Query, StringComparison.Ordinal);
        Assert.Equal((CallKind.Read, "searchOrder"), (call.Mark!.Kind, call.Mark.Endpoint));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 2)] // a count that equals the page may be the page's own
    [InlineData(3, 2)]
    [InlineData(4, 2)]
    [InlineData(6, 3)]
    public async Task It_asks_for_pages_until_all_are_there_and_no_more(int orders, int calls)
    {
        _shop.Settings["page-size"] = "2";
        _shop.On("searchOrder", call => ScriptedMakeShop.Answer(ScriptedMakeShop.ListOf(
            orders, Enumerable.Range(1, orders).Skip((PageOf(call) - 1) * 2).Take(2).Select(i => ScriptedMakeShop.Order(i)))));

        var pages = await _shop.ListDayAsync();

        Assert.Equal(orders, pages.SelectMany(p => p.Orders).Select(o => o.Code).Distinct().Count());
        Assert.Equal(calls, _shop.Seen.Count);
    }

    [Fact]
    public async Task A_count_that_is_only_the_pages_own_ends_nothing()
    {
        _shop.Settings["page-size"] = "2";
        _shop.On("searchOrder", call =>
        {
            var rows = Enumerable.Range(1, 5).Skip((PageOf(call) - 1) * 2).Take(2).ToArray();
            return ScriptedMakeShop.Answer(ScriptedMakeShop.ListOf(2, rows.Select(i => ScriptedMakeShop.Order(i))));
        });

        Assert.Equal(5, (await _shop.ListDayAsync()).Sum(p => p.Orders.Length));
    }

    [Fact]
    public async Task A_list_that_becomes_shorter_or_repeats_a_page_is_not_taken_for_whole()
    {
        _shop.Settings["page-size"] = "2";
        _shop.On("searchOrder", call => ScriptedMakeShop.Answer(call.Text("page") == "1"
            ? ScriptedMakeShop.ListOf(5, ScriptedMakeShop.Order(1), ScriptedMakeShop.Order(2))
            : ScriptedMakeShop.ListOf(4, ScriptedMakeShop.Order(4))));
        Assert.Equal(FailureKind.Transient, (await Assert.ThrowsAsync<MarketplaceException>(() => _shop.ListDayAsync())).Kind);

        _shop.On("searchOrder", ScriptedMakeShop.ListOf(9, ScriptedMakeShop.Order(1), ScriptedMakeShop.Order(2)));
        Assert.Equal(FailureKind.Unreadable, (await Assert.ThrowsAsync<MarketplaceException>(() => _shop.ListDayAsync())).Kind);
    }

    [Fact]
    public async Task A_guessed_field_that_they_do_not_have_is_left_out_from_then_on_and_no_order_is_lost()
    {
        string[] absent = ["senderKana", "usePoint", "taxRate"];
        _shop.On("searchOrder", call => absent.FirstOrDefault(name => Asks(call, name)) is { } unknown
            ? ScriptedMakeShop.Answer(ScriptedMakeShop.Recording("unknown-field.json").Replace("senderKana", unknown, StringComparison.Ordinal), 422)
            : ScriptedMakeShop.Answer(ScriptedMakeShop.Recording("search-two-orders.json")));

        Assert.Equal(2, Assert.Single(await _shop.ListDayAsync()).Orders.Length);
        Assert.Equal(4, _shop.Seen.Count); // one answer names one field
        Assert.Equal(2, Assert.Single(await _shop.ListDayAsync()).Orders.Length);

        Assert.Equal(5, _shop.Seen.Count);
        Assert.All(absent, name => Assert.False(Asks(_shop.Seen[^1], name)));
        Assert.True(Asks(_shop.Seen[^1], "couponDiscount") && Asks(_shop.Seen[^1], "customSelects"));
    }

    [Fact]
    public async Task Another_store_asks_for_itself()
    {
        var other = new ScriptedMakeShop();
        foreach (var shop in new[] { _shop, other })
        {
            shop.On("searchOrder", call => Asks(call, "senderKana")
                ? ScriptedMakeShop.Answer(ScriptedMakeShop.Recording("unknown-field.json"), 422)
                : ScriptedMakeShop.Answer(ScriptedMakeShop.Recording("search-empty.json")));
            await shop.ListDayAsync();
            Assert.Equal(2, shop.Seen.Count);
        }
    }

    [Fact]
    public async Task A_guess_that_is_an_object_with_other_members_is_left_out_as_a_whole()
    {
        _shop.On("searchOrder", call => Asks(call, "selectedItemName")
            ? ScriptedMakeShop.Answer(ScriptedMakeShop.Recording("unknown-field.json").Replace("senderKana", "selectedItemName", StringComparison.Ordinal), 422)
            : ScriptedMakeShop.Answer(ScriptedMakeShop.Recording("search-empty.json")));

        await _shop.ListDayAsync();

        Assert.False(Asks(_shop.Seen[^1], "customSelects"));
    }

    [Fact]
    public async Task A_guess_that_needs_a_right_of_its_own_is_left_out()
    {
        _shop.On("searchOrder", call => Asks(call, "senderMail")
            ? ScriptedMakeShop.Answer("""{"errors":[{"message":"forbidden","path":["searchOrder","orders",0,"senderMail"],"extensions":{"code":"FORBIDDEN"}}],"data":{"searchOrder":null}}""")
            : ScriptedMakeShop.Answer(ScriptedMakeShop.Recording("search-two-orders.json")));

        Assert.Equal(2, Assert.Single(await _shop.ListDayAsync()).Orders.Length);
    }

    [Fact]
    public async Task A_refusal_that_names_no_field_leads_to_one_query_without_any_guess()
    {
        _shop.On("searchOrder", call => Asks(call, "couponDiscount")
            ? ScriptedMakeShop.Answer("""{"errors":[{"message":"validation failed"}]}""", 422)
            : ScriptedMakeShop.Answer(ScriptedMakeShop.Recording("search-two-orders.json")));

        Assert.Equal(2, Assert.Single(await _shop.ListDayAsync()).Orders.Length);
        Assert.Equal(2, _shop.Seen.Count);
        await _shop.ListDayAsync();
        Assert.Equal(3, _shop.Seen.Count);
    }

    [Fact]
    public async Task A_field_that_is_not_guessed_is_never_left_out()
    {
        _shop.On("searchOrder", ScriptedMakeShop.Recording("unknown-field.json").Replace("senderKana", "sumPrice", StringComparison.Ordinal), 422);

        var refusal = await Assert.ThrowsAsync<MarketplaceException>(() => _shop.ListDayAsync());

        Assert.Equal(FailureKind.Rejected, refusal.Kind);
        Assert.Contains("sumPrice", refusal.Message, StringComparison.Ordinal);
        Assert.True(Asks(_shop.Seen[^1], "sumPrice"));
    }

    [Fact]
    public async Task A_store_may_name_a_guessed_field_otherwise_and_nothing_but_a_name()
    {
        _shop.Settings["guessed-fields"] = "points=point";
        _shop.On("searchOrder", ScriptedMakeShop.ListOf(1, ScriptedMakeShop.Order(1, o => o.Replace("\"sumPrice\":4940", "\"sumPrice\":4840,\"point\":100", StringComparison.Ordinal))));

        var order = Assert.IsType<OrderReading.Read>(Assert.Single(Assert.Single(await _shop.ListDayAsync()).Orders).Reading).Order;

        Assert.Equal((100m, order.Amounts.Billed), (order.Amounts.Points.Amount, order.Amounts.Reckoned));
        Assert.False(Asks(_shop.Seen[0], "usePoint"));
        foreach (var wrong in new[] { "points=a{b}", "points", "zodiac=sign", "points=1" })
        {
            _shop.Settings["guessed-fields"] = wrong;
            Assert.Equal("guessed-fields", (await Assert.ThrowsAsync<MarketplaceException>(() => _shop.ListDayAsync())).Field);
        }
    }

    [Theory]
    [InlineData("key-refused.json", 401, FailureKind.CredentialRejected, CredentialFault.Wrong)]
    [InlineData("forbidden.json", 200, FailureKind.CredentialRejected, CredentialFault.RightMissing)]
    [InlineData("forbidden.json", 403, FailureKind.CredentialRejected, CredentialFault.RightMissing)]
    [InlineData("maintenance.html", 200, FailureKind.Maintenance, null)]
    [InlineData("maintenance.html", 503, FailureKind.Maintenance, null)]
    [InlineData("maintenance.html", 502, FailureKind.Transient, null)]
    [InlineData("search-empty.json", 429, FailureKind.Throttled, null)]
    public async Task A_refusal_is_told_for_what_it_is(string recording, int status, FailureKind kind, CredentialFault? fault)
    {
        _shop.On("searchOrder", ScriptedMakeShop.Recording(recording), status);

        var refusal = await Assert.ThrowsAsync<MarketplaceException>(() => _shop.ListDayAsync());

        Assert.Equal((kind, fault), (refusal.Kind, refusal.Credential));
        Assert.DoesNotContain("canary", refusal.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"errors":[{"message":"invalid x-timestamp"}]}""", 401, FailureKind.Transient)]
    [InlineData("""{"errors":[{"message":"internal system error"}],"data":null}""", 200, FailureKind.Transient)]
    [InlineData("""{"errors":[{"message":"slow down","extensions":{"code":"TOO_MANY_REQUESTS"}}],"data":null}""", 200, FailureKind.Throttled)]
    [InlineData("""{"errors":[{"message":"limit must be 1000 or less","path":["searchOrder"]}],"data":null}""", 200, FailureKind.Rejected)]
    [InlineData("""{"data":null}""", 200, FailureKind.Unreadable)]
    [InlineData("""{"data":{"searchOrder":{"searchedCount":0,"page":1,"orders":null}}}""", 200, FailureKind.Unreadable)]
    [InlineData("""{"data":{"searchOrder":""", 200, FailureKind.Transient)]
    public async Task A_good_status_does_not_make_a_good_answer(string body, int status, FailureKind kind)
    {
        _shop.On("searchOrder", body, status);

        Assert.Equal(kind, (await Assert.ThrowsAsync<MarketplaceException>(() => _shop.ListDayAsync())).Kind);
    }

    [Fact]
    public async Task Orders_are_read_by_number_in_one_call_and_a_missing_one_of_the_window_is_gone()
    {
        _shop.On("searchOrder", ScriptedMakeShop.ListOf(1, ScriptedMakeShop.Order(1)));

        var readings = await _shop.ReadAsync(ScriptedMakeShop.Reference(1), ScriptedMakeShop.Reference(7), ScriptedMakeShop.Reference(8, day: 10));

        Assert.Equal([typeof(OrderReading.Read), typeof(OrderReading.Gone), typeof(OrderReading.Unreadable)], readings.Select(r => r.GetType()));
        Assert.Equal(
            """["P900000000000000001","P900000000000000007","P900000000000000008"]""", Assert.Single(_shop.Seen).Input.GetProperty("displayOrderNumbers").GetRawText());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_there_is_no_search_by_number_the_days_of_the_orders_are_read(bool ignored)
    {
        // Refused as an unknown key, or taken and not heeded: both happen in services of this kind.
        _shop.On("searchOrder", call => call.Input.TryGetProperty("displayOrderNumbers", out _) && !ignored
            ? ScriptedMakeShop.Answer(ScriptedMakeShop.Recording("unknown-input-key.json"), 422)
            : ScriptedMakeShop.Answer(ScriptedMakeShop.ListOf(2, ScriptedMakeShop.Order(1), ScriptedMakeShop.Order(2))));

        var readings = await _shop.ReadAsync(ScriptedMakeShop.Reference(1), ScriptedMakeShop.Reference(3), ScriptedMakeShop.Reference(4, day: 17));

        Assert.Equal([typeof(OrderReading.Read), typeof(OrderReading.Gone), typeof(OrderReading.Unreadable)], readings.Select(r => r.GetType()));
        Assert.Equal(["20261120000000"], _shop.Seen.Skip(1).Select(c => c.Text("startOrderDate"))); // one day, asked for once
        await _shop.ReadAsync(ScriptedMakeShop.Reference(1));
        Assert.Equal(3, _shop.Seen.Count); // the filter is not tried again
    }

    [Fact]
    public async Task The_gate_asks_for_standings_alone_and_stops_exactly_the_cancelled()
    {
        _shop.On("searchOrder", ScriptedMakeShop.ListOf(
            3,
            ScriptedMakeShop.Order(1),
            ScriptedMakeShop.Order(2, o => o.Replace("\"deliveryStatus\":\"N\"", "\"deliveryStatus\":\"C\"", StringComparison.Ordinal)),
            ScriptedMakeShop.Order(3, o => o.Replace("\"0002\"", "\"0003\"", StringComparison.Ordinal))));

        var stopped = await _shop.Market.Reader!.StoppedAsync(
            _shop.Access, [.. Enumerable.Range(1, 4).Select(i => ScriptedMakeShop.Reference(i))], Cancellation);

        Assert.Equal([2, 3, 4], stopped.Keys.Select(c => c.Value[^1] - '0').Order()); // 4: they have no such order any more
        Assert.All(stopped.Values, s => Assert.Equal(MarketplaceStanding.Cancelled, s));
        Assert.DoesNotContain("receiver", Assert.Single(_shop.Seen).Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_the_gate_an_old_order_that_is_not_found_leaves_the_question_open()
    {
        _shop.On("searchOrder", ScriptedMakeShop.Recording("search-empty.json"));

        await Assert.ThrowsAsync<MarketplaceException>(() => _shop.Market.Reader!.StoppedAsync(_shop.Access, [ScriptedMakeShop.Reference(1, day: 10)], Cancellation));
    }

    [Fact]
    public async Task The_probe_asks_for_the_shops_name()
    {
        _shop.On("getShop", ScriptedMakeShop.Recording("shop.json"));
        Assert.Null((await _shop.Market.Probe.ProbeAsync(_shop.Access, Cancellation)).ExpiresAt);
        Assert.Equal("query getShop{getShop{shop{shopName}}}", Assert.Single(_shop.Seen).Query);

        _shop.On("getShop", ScriptedMakeShop.Recording("forbidden.json"));
        Assert.Equal(CredentialFault.RightMissing, (await Assert.ThrowsAsync<MarketplaceException>(() => _shop.Market.Probe.ProbeAsync(_shop.Access, Cancellation))).Credential);
    }

    private static int PageOf(SeenCall call) => call.Input.GetProperty("page").GetInt32();

    private static bool Asks(SeenCall call, string field) => call.Query.Split([' ', '{', '}']).Contains(field);
}
