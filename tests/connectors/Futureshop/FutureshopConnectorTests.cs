using System.Globalization;
using System.Text;
using Connectors.Futureshop;
using Domain.Coverage;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Time;
using HttpStatusCode = System.Net.HttpStatusCode;

namespace Tests.Connectors.Futureshop;

public sealed class FutureshopConnectorTests
{
    private const string Get103 = "GET /admin-api/v1/orders/900000000103";

    private static readonly Interval Day = new(Jst.StartOf(new DateOnly(2026, 4, 1)), Jst.StartOf(new DateOnly(2026, 4, 2)));

    private readonly ScriptedFutureshop _shop = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_day_is_searched_in_Japans_time_without_an_offset_and_the_next_page_is_followed()
    {
        _shop.On(ScriptedFutureshop.Shipping, call => ScriptedFutureshop.Answer(ScriptedFutureshop.Recording(call.Query.Contains("cursor", StringComparison.Ordinal) ? "search-none.json" : "search-two-orders.json")));

        var pages = await ListAsync();

        Assert.Equal([2, 0], pages.Select(p => p.Orders.Length));
        Assert.Equal(["900000000101", "900000000102"], pages.SelectMany(p => p.Orders).Select(o => o.Code.Value));
        Assert.All(pages.SelectMany(p => p.Orders), o => Assert.Null(o.Reading));
        Assert.Equal(
            ["orderDateStart=2026-04-01T00:00:00&orderDateEnd=2026-04-02T00:00:00", "orderDateStart=2026-04-01T00:00:00&orderDateEnd=2026-04-02T00:00:00&cursor=c2"],
            _shop.Calls.Select(c => Uri.UnescapeDataString(c.Query)));
        Assert.All(_shop.Calls, c => Assert.Equal(("Bearer sim-0001", "demoshop01", CallKind.Read, "shipping"), (c.Authorization, c.ShopKey, c.Mark!.Kind, c.Mark.Endpoint)));
    }

    [Theory]
    [InlineData("https://evil.invalid/admin-api/v1/shipping?cursor=c2")]
    [InlineData("https://sim.example/admin-api/v1/member?cursor=c2")]
    [InlineData("https://sim.example.evil.invalid/admin-api/v1/shipping?cursor=c2")]
    [InlineData("/admin-api/v1/shipping?cursor=c2")]
    [InlineData("https://sim.example/admin-api/v1/shipping")]
    public async Task A_next_page_anywhere_else_is_not_followed(string address)
    {
        _shop.On(ScriptedFutureshop.Shipping, $$"""{"orderList":[],"nextUrl":"{{address}}"}""");

        var failure = await Assert.ThrowsAsync<MarketplaceException>(ListAsync);

        Assert.Equal(FailureKind.Unreadable, failure.Kind);
        Assert.Single(_shop.Calls);
    }

    [Fact]
    public async Task A_next_page_that_leads_back_ends_the_slice_with_an_exception()
    {
        _shop.On(ScriptedFutureshop.Shipping, """{"orderList":[],"nextUrl":"https://sim.example/admin-api/v1/shipping?cursor=c1"}""");

        Assert.Equal(FailureKind.Unreadable, (await Assert.ThrowsAsync<MarketplaceException>(ListAsync)).Kind);
        Assert.Equal(2, _shop.Calls.Count());
    }

    [Fact]
    public async Task An_order_of_the_second_behind_the_slice_belongs_to_the_next_one_and_a_repeated_one_counts_once()
    {
        string Row(string no, string date) => $$"""{"orderNo":"{{no}}","date":"{{date}}"}""";
        _shop.On(ScriptedFutureshop.Shipping, $$"""{"orderList":[{{Row("1", "2026-04-01T23:59:59")}},{{Row("2", "2026-04-02T00:00:00")}},{{Row("1", "2026-04-01T23:59:59")}},{{Row("3", "broken")}},{"date":"2026-04-01T00:00:00"}]}""");

        var page = Assert.Single(await ListAsync());

        Assert.Equal(["1", "3"], page.Orders.Select(o => o.Code.Value));
        Assert.Equal("""{"date":"2026-04-01T00:00:00"}""", Encoding.UTF8.GetString(Assert.Single(page.Strays).Raw.Span));
    }

    [Fact]
    public async Task The_token_of_a_row_changes_with_anything_that_the_search_shows()
    {
        var row = ScriptedFutureshop.Recording("search-two-orders.json").Replace(",\n\"nextUrl\"", ",\"unused\"", StringComparison.Ordinal);
        async Task<string> TokenAsync(string body)
        {
            _shop.On(ScriptedFutureshop.Shipping, body);
            return (await ListAsync())[0].Orders[0].Token;
        }

        var before = await TokenAsync(row);
        Assert.Equal(before, await TokenAsync(row));
        foreach (var (from, to) in new[] { ("\"address2\":\"1-2-3\"", "\"address2\":\"9-9-9\""), ("\"receiptDate\":\"\"", "\"receiptDate\":\"2026-04-02\""), ("\"preferredDeliveryTime\":\"午前中\"", "\"preferredDeliveryTime\":\"\"") })
        {
            Assert.NotEqual(before, await TokenAsync(row.Replace(from, to, StringComparison.Ordinal)));
        }

        Assert.DoesNotContain("見本", before, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_orders_content_is_one_call_by_its_number()
    {
        _shop.On(Get103, ScriptedFutureshop.Recording("order.json"));

        var read = Assert.IsType<OrderReading.Read>(await ReadAsync("900000000103"));

        Assert.Equal("玄関前に置いてください", read.Order.BuyerNote);
        Assert.Equal(ScriptedFutureshop.Recording("order.json"), Encoding.UTF8.GetString(read.Raw.Span));
        Assert.Equal("orders", Assert.Single(_shop.Calls).Mark!.Endpoint);
    }

    [Fact]
    public async Task An_unknown_number_is_gone_only_when_the_search_does_not_know_it_either()
    {
        _shop.On(Get103, """{"status":"failed","errors":[{"code":"OrderNotFound","path":"","message":"x"}]}""", HttpStatusCode.NotFound)
            .On(ScriptedFutureshop.Shipping, ScriptedFutureshop.Recording("search-none.json"));
        Assert.IsType<OrderReading.Gone>(await ReadAsync("900000000103"));

        _shop.On(ScriptedFutureshop.Shipping, """{"orderList":[{"orderNo":"900000000103"}]}""");
        Assert.IsType<OrderReading.Unreadable>(await ReadAsync("900000000103"));
        Assert.Equal("orderNo=900000000103", _shop.Calls.Last().Query);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html><body>404 Not Found</body></html>")]
    public async Task Nothing_under_the_whole_address_is_a_refusal_and_no_maintenance(string body)
    {
        _shop.On(ScriptedFutureshop.Shipping, body, HttpStatusCode.NotFound).On(Get103, body, HttpStatusCode.NotFound);

        Assert.Equal((FailureKind.Rejected, "404"), await KindAsync(ListAsync));
        Assert.Equal((FailureKind.Rejected, "404"), await KindAsync(() => ReadAsync("900000000103")));

        async Task<(FailureKind, string?)> KindAsync(Func<Task> call)
        {
            var failure = await Assert.ThrowsAsync<MarketplaceException>(call);
            return (failure.Kind, failure.Code);
        }
    }

    [Fact]
    public async Task An_order_whose_answer_is_broken_does_not_stop_the_others()
    {
        _shop.On(Get103, ScriptedFutureshop.Recording("order.json")[..400]);

        Assert.False(Assert.IsType<OrderReading.Unreadable>(await ReadAsync("900000000103")).Raw.IsEmpty);
    }

    [Fact]
    public async Task The_ship_gate_asks_a_hundred_orders_a_call_and_by_number_for_what_the_search_does_not_show()
    {
        var codes = Enumerable.Range(0, 150).Select(i => (900_000_000_200 + i).ToString(CultureInfo.InvariantCulture)).ToArray();
        _shop.On(ScriptedFutureshop.Shipping, call =>
        {
            var asked = Uri.UnescapeDataString(call.Query)["orderNo=".Length..].Split(',');
            Assert.InRange(asked.Length, 1, 100);
            var rows = asked.Where(no => no != codes[7]).Select(no => $$"""{"orderNo":"{{no}}","status":"{{(no == codes[3] ? "CANCELLED" : "AWAITING_PAYMENT")}}","cancelDate":"{{(no == codes[120] ? "2026-04-01T10:00:00" : "")}}","paymentType":"COD"}""");
            return ScriptedFutureshop.Answer($$"""{"orderList":[{{string.Join(',', rows)}}]}""");
        });
        _shop.On($"GET /admin-api/v1/orders/{codes[7]}", ScriptedFutureshop.Recording("order.json").Replace("900000000103", codes[7], StringComparison.Ordinal).Replace("\"cancelDate\":\"\"", "\"cancelDate\":\"2026-04-01T11:00:00\"", StringComparison.Ordinal));
        var (market, access) = _shop.Open();

        var stopped = await market.Reader!.StoppedAsync(access, [.. codes.Select(ScriptedFutureshop.Order)], Cancellation);

        Assert.Equal([codes[3], codes[7], codes[120]], stopped.Keys.Select(k => k.Value).Order());
        Assert.All(stopped.Values, s => Assert.Equal(MarketplaceStanding.Cancelled, s));
        Assert.Equal(3, _shop.Calls.Count());
    }

    [Fact]
    public async Task The_token_is_kept_until_a_minute_before_its_end_and_asked_for_as_documented()
    {
        _shop.On("GET /admin-api/v1/products", """{"productList":[]}""");
        var (market, access) = _shop.Open();

        await market.Probe.ProbeAsync(access, Cancellation);
        await market.Probe.ProbeAsync(access, Cancellation);

        var call = Assert.Single(_shop.Seen, c => c.Path == "/oauth/token");
        Assert.Equal(("grant_type=client_credentials", "application/x-www-form-urlencoded", "demoshop01"), (call.Body, call.ContentType, call.ShopKey));
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("fs-client.demo:secret")), call.Authorization);
        Assert.Equal(("sim-0001", _shop.Clock.GetUtcNow().AddMinutes(59)), _shop.Credentials.Tokens["access-token"]);
        Assert.Equal("count=50", _shop.Calls.First().Query);
    }

    [Fact]
    public async Task A_refused_token_is_dropped_and_the_call_is_sent_once_more_with_a_new_one()
    {
        var issued = 0;
        _shop.On(ScriptedFutureshop.Token, _ => ScriptedFutureshop.Answer($$"""{"access_token":"sim-{{++issued}}","token_type":"bearer","expires_in":"3600"}"""))
            .On("GET /admin-api/v1/products", call => call.Authorization == "Bearer sim-1" ? ScriptedFutureshop.Answer("{}", HttpStatusCode.Unauthorized) : ScriptedFutureshop.Answer("""{"productList":[]}"""));
        var (market, access) = _shop.Open();

        await market.Probe.ProbeAsync(access, Cancellation);

        Assert.Equal(["Bearer sim-1", "Bearer sim-2"], _shop.Calls.Select(c => c.Authorization));
        Assert.Equal("sim-2", _shop.Credentials.Tokens["access-token"].Value);
    }

    [Theory]
    [InlineData("token-refused.json", 401, CredentialFault.Wrong)]
    [InlineData("token-refused.json", 400, CredentialFault.Wrong)]
    [InlineData(null, 401, CredentialFault.Wrong)]
    [InlineData(null, 403, CredentialFault.AddressNotRegistered)]
    public async Task A_refused_client_is_a_wrong_credential(string? recording, int status, CredentialFault fault)
    {
        _shop.On(ScriptedFutureshop.Token, recording is null ? "" : ScriptedFutureshop.Recording(recording), (HttpStatusCode)status);

        var failure = await Assert.ThrowsAsync<MarketplaceException>(ListAsync);

        Assert.Equal((FailureKind.CredentialRejected, fault), (failure.Kind, failure.Credential));
        Assert.Empty(_shop.Calls);
    }

    [Theory]
    [InlineData("""{"status":"failed","errors":[{"code":"IpAddressNotAllowed"}]}""", CredentialFault.AddressNotRegistered)]
    [InlineData("""{"status":"failed","errors":[{"code":"ApiNotApproved"}]}""", CredentialFault.RightMissing)]
    [InlineData("""{"errorCode":"Forbidden"}""", CredentialFault.RightMissing)]
    [InlineData("<html><body>403 Forbidden</body></html>", CredentialFault.AddressNotRegistered)]
    public async Task A_forbidden_call_names_address_or_right(string body, CredentialFault fault)
    {
        _shop.On(ScriptedFutureshop.Shipping, body, HttpStatusCode.Forbidden);

        var failure = await Assert.ThrowsAsync<MarketplaceException>(ListAsync);

        Assert.Equal((FailureKind.CredentialRejected, fault), (failure.Kind, failure.Credential));
    }

    [Theory]
    [InlineData(200, FailureKind.Maintenance)]
    [InlineData(503, FailureKind.Maintenance)]
    [InlineData(502, FailureKind.Transient)]
    public async Task A_page_for_people_is_no_empty_list(int status, FailureKind kind)
    {
        _shop.On(ScriptedFutureshop.Shipping, ScriptedFutureshop.Recording("maintenance.html"), (HttpStatusCode)status);

        Assert.Equal(kind, (await Assert.ThrowsAsync<MarketplaceException>(ListAsync)).Kind);
    }

    [Theory]
    [InlineData("""{"orders":[]}""")]
    [InlineData("""{"orderList":null}""")]
    [InlineData("[]")]
    public async Task An_answer_without_its_list_is_unreadable_rather_than_empty(string body)
    {
        _shop.On(ScriptedFutureshop.Shipping, body);

        Assert.Equal(FailureKind.Unreadable, (await Assert.ThrowsAsync<MarketplaceException>(ListAsync)).Kind);
    }

    [Theory]
    [InlineData("api.shop.example.invalid", "https://api.shop.example.invalid/oauth/token")]
    [InlineData("api.shop.example.invalid:8443", "https://api.shop.example.invalid:8443/oauth/token")]
    [InlineData("", null)]
    [InlineData("https://api.shop.example.invalid", null)]
    [InlineData("api.shop.example.invalid/path", null)]
    [InlineData("user@api.shop.example.invalid", null)]
    public void The_API_domain_is_the_stores_setting(string setting, string? address)
    {
        _shop.Address = null;
        _shop.Settings["api-domain"] = setting;
        var (_, access) = _shop.Open();

        if (address is null)
        {
            Assert.Equal("api-domain", Assert.Throws<MarketplaceException>(() => FutureshopCalls.AddressOf(access, "/oauth/token")).Field);
        }
        else
        {
            Assert.Equal(address, FutureshopCalls.AddressOf(access, "/oauth/token").AbsoluteUri);
        }
    }

    private async Task<List<OrderPage>> ListAsync()
    {
        var (market, access) = _shop.Open();
        var pages = new List<OrderPage>();
        await foreach (var page in market.Source.ReadAsync(access, new Slice("order-date", Day), Cancellation))
        {
            pages.Add(page);
        }

        return pages;
    }

    private async Task<OrderReading> ReadAsync(string code)
    {
        var (market, access) = _shop.Open();
        var readings = new List<OrderReading>();
        await foreach (var reading in market.Reader!.ReadAsync(access, [ScriptedFutureshop.Order(code)], Cancellation))
        {
            readings.Add(reading);
        }

        return Assert.Single(readings);
    }
}
