using System.Xml.Linq;
using Domain.Marketplaces;

namespace Tests.Connectors.AuPayMarket;

public sealed class AuPayMarketStockTests
{
    private static readonly StockItem Plain = new("ABC-001");
    private static readonly StockItem RedS = new("ABC-002", "-RED", "-S");
    private static readonly StockItem Blue = new("ABC-002", "-BLUE");
    private static readonly StockItem Stranger = new("ABC-999");

    private readonly ScriptedAuPay _shop = new();

    [Fact]
    public async Task Levels_go_out_in_one_call_an_items_choices_together()
    {
        _shop.On("updateStock", ScriptedAuPay.Recording("stock-updated.xml"));

        var outcomes = await SetAsync(new(Plain, 12), new(RedS, 3), new(Blue, 5));

        Assert.Equal([Plain, RedS, Blue], outcomes.Select(o => Assert.IsType<StockOutcome.Accepted>(o).Item));
        var call = Assert.Single(_shop.Seen);
        Assert.Equal(("POST", "/wmshopapi/updateStock", CallKind.Write, "updateStock"), (call.Method, call.Path, call.Mark!.Kind, call.Mark.Endpoint));
        Assert.Equal(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><request><shopId>40000001</shopId>"
            + "<stockUpdateItem><itemCode>ABC-001</itemCode><stockSegment>1</stockSegment><stockCount>12</stockCount><saleStatus>1</saleStatus></stockUpdateItem>"
            + "<stockUpdateItem><itemCode>ABC-002</itemCode><stockSegment>2</stockSegment>"
            + "<choicesStocks><choicesStockHorizontalCode>-RED</choicesStockHorizontalCode><choicesStockVerticalCode>-S</choicesStockVerticalCode><choicesStockCount>3</choicesStockCount></choicesStocks>"
            + "<choicesStocks><choicesStockHorizontalCode>-BLUE</choicesStockHorizontalCode><choicesStockCount>5</choicesStockCount></choicesStocks>"
            + "<saleStatus>1</saleStatus></stockUpdateItem></request>",
            call.Body);
    }

    [Theory]
    [InlineData(0, "true", null)]
    [InlineData(1, "true", "1")]
    [InlineData(1, "false", null)]
    public async Task The_sale_is_resumed_with_stock_only_and_only_where_the_store_wants_it(int quantity, string setting, string? expected)
    {
        _shop.Settings["stock-resume-sale"] = setting;
        _shop.On("updateStock", ScriptedAuPay.Recording("stock-updated.xml"));

        await SetAsync(new StockReport(Plain, quantity));

        var item = XElement.Parse(Assert.Single(_shop.Seen).Body).Element("stockUpdateItem")!;
        Assert.Equal(($"{quantity}", expected), (item.Element("stockCount")!.Value, item.Element("saleStatus")?.Value));
    }

    [Fact]
    public async Task A_hyphen_for_an_axis_that_is_not_there_is_no_choice()
    {
        _shop.On("updateStock", ScriptedAuPay.Recording("stock-updated.xml"));

        await SetAsync(new StockReport(new StockItem("ABC-001", "-", "-"), 4));

        Assert.Equal("1", XElement.Parse(Assert.Single(_shop.Seen).Body).Element("stockUpdateItem")!.Element("stockSegment")!.Value);
    }

    [Fact]
    public async Task Of_a_partly_refused_call_each_item_has_its_own_outcome_and_one_that_is_not_there_is_unknown()
    {
        _shop.On("updateStock", ScriptedAuPay.Recording("stock-one-refused.xml"));
        _shop.On("searchStocks", ScriptedAuPay.Recording("stocks-of-none.xml"));

        var outcomes = await SetAsync(new(Plain, 12), new(Stranger, 1));

        Assert.Equal(new StockOutcome.Accepted(Plain), outcomes[0]);
        var refused = Assert.IsType<StockOutcome.Rejected>(outcomes[1]);
        Assert.Equal((Stranger, "CME0000", true), (refused.Item, refused.Code, refused.UnknownItem));
        var look = _shop.Seen[1];
        Assert.Equal(("GET", "/wmshopapi/searchStocks", "ABC-999", CallKind.Read), (look.Method, look.Path, look.Query["itemCode"], look.Mark!.Kind));
    }

    [Fact]
    public async Task A_choice_that_is_not_there_does_not_keep_its_neighbours_back()
    {
        _shop.On("searchStocks", ScriptedAuPay.Recording("stocks-of-one-item.xml"));
        _shop.On("updateStock", call => ScriptedAuPay.Answer(call.Body.Contains("-GREEN", StringComparison.Ordinal)
            ? ScriptedAuPay.Recording("stock-one-refused.xml").Replace("ABC-999", "ABC-002", StringComparison.Ordinal)
            : ScriptedAuPay.Recording("stock-updated.xml")));
        var green = new StockItem("ABC-002", "-GREEN");

        var outcomes = await SetAsync(new(RedS, 3), new(green, 1), new(Blue, 5));

        Assert.Equal(new StockOutcome.Accepted(RedS), outcomes[0]);
        Assert.True(Assert.IsType<StockOutcome.Rejected>(outcomes[1]).UnknownItem);
        Assert.Equal(new StockOutcome.Accepted(Blue), outcomes[2]);
        Assert.DoesNotContain("-GREEN", _shop.Seen[^1].Body, StringComparison.Ordinal);
        Assert.Equal(3, _shop.Seen.Count);
    }

    [Fact]
    public async Task An_item_that_is_there_is_rejected_with_their_words_and_not_as_unknown()
    {
        _shop.On("updateStock", ScriptedAuPay.Recording("stock-one-refused.xml").Replace("ABC-999", "ABC-002", StringComparison.Ordinal));
        _shop.On("searchStocks", ScriptedAuPay.Recording("stocks-of-one-item.xml"));

        var refused = Assert.IsType<StockOutcome.Rejected>(Assert.Single(await SetAsync(new StockReport(RedS, 3))));

        Assert.Equal(("CME0000", "該当する商品がありません", false), (refused.Code, refused.Reason, refused.UnknownItem));
    }

    [Fact]
    public async Task An_item_of_choices_that_is_addressed_as_a_whole_is_unknown()
    {
        _shop.On("updateStock", ScriptedAuPay.Recording("stock-one-refused.xml").Replace("ABC-999", "ABC-002", StringComparison.Ordinal));
        _shop.On("searchStocks", ScriptedAuPay.Recording("stocks-of-one-item.xml"));

        Assert.True(Assert.IsType<StockOutcome.Rejected>(Assert.Single(await SetAsync(new StockReport(new StockItem("ABC-002"), 3)))).UnknownItem);
    }

    [Theory]
    [InlineData(502)]
    [InlineData(401)]
    public async Task A_look_that_fails_leaves_the_refusal_standing(int status)
    {
        _shop.On("updateStock", ScriptedAuPay.Recording("stock-one-refused.xml"));
        _shop.On("searchStocks", ScriptedAuPay.Recording("gateway.html"), status);

        var outcomes = await SetAsync(new(Plain, 12), new(Stranger, 1));

        Assert.IsType<StockOutcome.Accepted>(outcomes[0]);
        Assert.False(Assert.IsType<StockOutcome.Rejected>(outcomes[1]).UnknownItem);
    }

    [Fact]
    public async Task A_refusal_of_the_whole_call_rejects_every_item_and_looks_for_none()
    {
        _shop.On("updateStock", ScriptedAuPay.Recording("refused-field.xml"), 400);

        var outcomes = await SetAsync(new(Plain, 12), new(Stranger, 1));

        Assert.All(outcomes, o => Assert.Equal(("CME0000", false), (Assert.IsType<StockOutcome.Rejected>(o).Code, ((StockOutcome.Rejected)o).UnknownItem)));
        Assert.Single(_shop.Seen);
    }

    [Fact]
    public async Task An_item_that_a_failed_answer_does_not_name_is_unknown_in_outcome_and_one_that_a_good_answer_does_not_name_is_set()
    {
        _shop.On("updateStock", ScriptedAuPay.Recording("stock-one-refused.xml"));
        _shop.On("searchStocks", ScriptedAuPay.Recording("stocks-of-none.xml"));
        Assert.IsType<StockOutcome.Unknown>((await SetAsync(new(Plain, 1), new(Blue, 1)))[1]);

        _shop.On("updateStock", ScriptedAuPay.Recording("accepted.xml"));
        Assert.IsType<StockOutcome.Accepted>(Assert.Single(await SetAsync(new StockReport(Plain, 1))));
    }

    [Theory]
    [InlineData(200, FailureKind.Transient)]
    [InlineData(502, FailureKind.Transient)]
    [InlineData(503, FailureKind.Maintenance)]
    [InlineData(429, FailureKind.Throttled)]
    [InlineData(401, FailureKind.CredentialRejected)]
    public async Task A_page_in_answer_to_levels_is_told_by_its_status(int status, FailureKind expected)
    {
        _shop.On("updateStock", ScriptedAuPay.Recording("gateway.html"), status);

        Assert.Equal(expected, (await Assert.ThrowsAsync<MarketplaceException>(() => SetAsync(new StockReport(Plain, 1)))).Kind);
    }

    [Fact]
    public async Task A_level_below_zero_is_never_sent()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => SetAsync(new StockReport(Plain, -1)));

        Assert.Empty(_shop.Seen);
    }

    private Task<IReadOnlyList<StockOutcome>> SetAsync(params StockReport[] levels) =>
        _shop.Market.Stock!.SetAsync(_shop.Access, levels, TestContext.Current.CancellationToken);
}
