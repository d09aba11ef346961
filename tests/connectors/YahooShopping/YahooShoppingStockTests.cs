using System.Net;
using Domain.Marketplaces;

namespace Tests.Connectors.YahooShopping;

public sealed class YahooShoppingStockTests : IDisposable
{
    private static readonly StockItem Shirt = new("item-01", "sub-01");
    private static readonly StockItem Tea = new("item-02");
    private static readonly StockItem Stranger = new("item-01", "sub-02");

    private readonly ScriptedYahoo _yahoo = new ScriptedYahoo().On("getStock", ScriptedYahoo.Recording("get-stock.xml"));

    public void Dispose() => _yahoo.Dispose();

    [Fact]
    public async Task The_records_are_read_and_the_levels_set_absolute_with_the_overdraft_that_stood_there()
    {
        _yahoo.On("setStock", ScriptedYahoo.Recording("set-stock.xml"));

        var outcomes = await SetAsync(new(Shirt, 11), new(Tea, 0));

        Assert.Equal([Shirt, Tea], outcomes.Select(o => Assert.IsType<StockOutcome.Accepted>(o).Item));
        Assert.Equal(["token", "getStock", "setStock"], _yahoo.Apis);
        var (read, write) = (_yahoo.Seen[1], _yahoo.Seen[2]);
        Assert.Equal("seller_id=teststore&item_code=item-01%3Asub-01%2Citem-02", read.Body);
        Assert.Equal("seller_id=teststore&item_code=item-01%3Asub-01%2Citem-02&quantity=11%2C0&allow_overdraft=1%2C0", write.Body);
        Assert.Equal((CallKind.Read, CallKind.Write), (read.Mark!.Kind, write.Mark!.Kind));
        Assert.All([read, write], call => Assert.Equal((HttpMethod.Post, null), (call.Method, call.Signed))); // an item API is never signed
    }

    [Fact]
    public async Task A_code_without_a_record_is_unknown_and_never_sent()
    {
        _yahoo.On("setStock", ScriptedYahoo.Recording("set-stock.xml"));

        var outcomes = await SetAsync(new(Stranger, 5), new(Shirt, 11));

        Assert.True(Assert.IsType<StockOutcome.Rejected>(outcomes[0]).UnknownItem);
        Assert.IsType<StockOutcome.Accepted>(outcomes[1]);
        Assert.DoesNotContain("sub-02", _yahoo.Seen[^1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_set_where_no_code_has_a_record()
    {
        Assert.True(Assert.IsType<StockOutcome.Rejected>(Assert.Single(await SetAsync(new StockReport(Stranger, 5)))).UnknownItem);

        Assert.Equal(["token", "getStock"], _yahoo.Apis);
    }

    [Fact]
    public async Task A_store_may_let_missing_records_be_made()
    {
        _yahoo.Settings["stock-create-missing"] = "true";
        _yahoo.On("setStock", """<ResultSet><Result><ItemCode>item-01</ItemCode><SubCode>sub-02</SubCode><Quantity>5</Quantity></Result></ResultSet>""");

        Assert.IsType<StockOutcome.Accepted>(Assert.Single(await SetAsync(new StockReport(Stranger, 5))));

        Assert.Contains("quantity=5&allow_overdraft=0", _yahoo.Seen[^1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_bad_code_undoes_the_call_and_the_others_are_sent_again_without_it()
    {
        _yahoo.InTurn(
            "setStock",
            new Answer(ScriptedYahoo.Recording("set-stock-refused.xml"), HttpStatusCode.MultiStatus),
            """<ResultSet><Result><ItemCode>item-01</ItemCode><SubCode>sub-01</SubCode><Quantity>11</Quantity></Result></ResultSet>""");

        var outcomes = await SetAsync(new(Shirt, 11), new(Tea, 4));

        Assert.Equal(new StockOutcome.Accepted(Shirt), outcomes[0]);
        var refused = Assert.IsType<StockOutcome.Rejected>(outcomes[1]);
        Assert.Equal(("st-02101,st-02104", true), (refused.Code, refused.UnknownItem));
        Assert.Equal("seller_id=teststore&item_code=item-01%3Asub-01&quantity=11&allow_overdraft=1", _yahoo.Seen[^1].Body);
    }

    [Fact]
    public async Task A_call_that_is_undone_without_a_culprit_is_not_sent_for_ever()
    {
        _yahoo.On("setStock", new Answer(ScriptedYahoo.Recording("set-stock-refused.xml").Replace("st-02101,st-02104", "", StringComparison.Ordinal), HttpStatusCode.MultiStatus));

        Assert.All(await SetAsync(new(Shirt, 11), new(Tea, 4)), o => Assert.IsType<StockOutcome.Unknown>(o));

        Assert.Equal(3, _yahoo.Of("setStock").Count());
    }

    [Fact]
    public async Task A_single_item_is_refused_by_the_call_itself()
    {
        _yahoo.On("setStock", ScriptedYahoo.Refusal("st-02101", HttpStatusCode.BadRequest));

        var refused = Assert.IsType<StockOutcome.Rejected>(Assert.Single(await SetAsync(new StockReport(Shirt, 1))));

        Assert.Equal(("st-02101", true), (refused.Code, refused.UnknownItem));
        Assert.DoesNotContain("invented text", refused.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a,b")]
    [InlineData("a b")]
    public async Task A_code_that_would_break_the_list_is_not_sent(string code)
    {
        Assert.True(Assert.IsType<StockOutcome.Rejected>(Assert.Single(await SetAsync(new StockReport(new StockItem(code), 1)))).UnknownItem);

        Assert.Empty(_yahoo.Seen);
    }

    [Fact]
    public async Task An_item_that_the_answer_does_not_name_is_unknown_in_outcome()
    {
        _yahoo.On("setStock", """<ResultSet><Result><ItemCode>item-02</ItemCode><SubCode></SubCode><Quantity>0</Quantity></Result></ResultSet>""");

        var outcomes = await SetAsync(new(Shirt, 11), new(Tea, 0));

        Assert.IsType<StockOutcome.Unknown>(outcomes[0]);
        Assert.IsType<StockOutcome.Accepted>(outcomes[1]);
    }

    [Theory]
    [InlineData("", HttpStatusCode.OK, FailureKind.Transient)]
    [InlineData("<html>wait</html>", HttpStatusCode.OK, FailureKind.Transient)]
    [InlineData("<ResultSet><Result>", HttpStatusCode.OK, FailureKind.Unreadable)]
    [InlineData("<Error><Code>ed-00002</Code></Error>", HttpStatusCode.ServiceUnavailable, FailureKind.Maintenance)]
    [InlineData("<Error><Message>many</Message></Error>", HttpStatusCode.TooManyRequests, FailureKind.Throttled)]
    [InlineData("<Error><Code>px-14304</Code></Error>", HttpStatusCode.Forbidden, FailureKind.CredentialRejected)]
    public async Task An_answer_that_is_none_is_told_by_its_kind(string body, HttpStatusCode status, FailureKind expected)
    {
        _yahoo.On("setStock", new Answer(body, status));

        Assert.Equal(expected, (await Assert.ThrowsAsync<MarketplaceException>(() => SetAsync(new StockReport(Shirt, 1)))).Kind);
    }

    [Fact]
    public async Task A_level_below_zero_is_never_sent()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => SetAsync(new StockReport(Shirt, -1)));

        Assert.Empty(_yahoo.Seen);
    }

    private Task<IReadOnlyList<StockOutcome>> SetAsync(params StockReport[] levels)
    {
        var market = _yahoo.Marketplace();
        return market.Stock!.SetAsync(_yahoo.Access(market), levels, TestContext.Current.CancellationToken);
    }
}
