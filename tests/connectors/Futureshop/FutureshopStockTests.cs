using System.Globalization;
using System.Text.Json.Nodes;
using Domain.Marketplaces;
using HttpStatusCode = System.Net.HttpStatusCode;

namespace Tests.Connectors.Futureshop;

public sealed class FutureshopStockTests
{
    private static readonly StockItem Red = new("DEMO-01", "RD", "M");
    private static readonly StockItem Blue = new("DEMO-01", "BL", "M");
    private static readonly StockItem Plain = new("DEMO-02");

    private readonly ScriptedFutureshop _shop = new();

    [Fact]
    public async Task A_level_goes_out_as_a_number_which_sets_and_never_as_a_text_which_may_add()
    {
        _shop.On(ScriptedFutureshop.Stock, """{"status":"success","results":[{"productNo":"DEMO-01","status":"success"},{"productNo":"DEMO-02","status":"success"}]}""");

        var outcomes = await SetAsync(new StockReport(Red, 3), new StockReport(Plain, 0), new StockReport(Blue, 5));

        Assert.Equal([Red, Plain, Blue], outcomes.Cast<StockOutcome.Accepted>().Select(o => o.Item));
        var call = Assert.Single(_shop.Calls);
        Assert.Equal(
            """{"productList":[{"productNo":"DEMO-01","inventoryInfo":{"regular":{"inventoryList":[{"verticalNo":"RD","horizontalNo":"M","count":3},{"verticalNo":"BL","horizontalNo":"M","count":5}]}}},{"productNo":"DEMO-02","inventoryInfo":{"regular":{"inventoryList":[{"verticalNo":"","horizontalNo":"","count":0}]}}}]}""",
            call.Body);
        Assert.Equal((CallKind.Write, "inventory"), (call.Mark!.Kind, call.Mark.Endpoint));
    }

    [Fact]
    public async Task A_product_that_is_refused_as_a_whole_is_sent_variation_by_variation()
    {
        _shop.On(ScriptedFutureshop.Stock, call => ScriptedFutureshop.Answer(
            call.Body.Contains("\"BL\"", StringComparison.Ordinal)
                ? """{"status":"failed","results":[{"productNo":"DEMO-01","status":"failed","code":"StockNotFound"},{"productNo":"DEMO-02","status":"success"}]}"""
                : """{"status":"success","results":[{"productNo":"DEMO-01","status":"success"}]}"""));

        var outcomes = await SetAsync(new StockReport(Red, 3), new StockReport(Blue, 5), new StockReport(Plain, 1));

        Assert.IsType<StockOutcome.Accepted>(outcomes[0]);
        var refused = Assert.IsType<StockOutcome.Rejected>(outcomes[1]);
        Assert.Equal(("StockNotFound", true), (refused.Code, refused.UnknownItem));
        Assert.IsType<StockOutcome.Accepted>(outcomes[2]);
        Assert.Equal(3, _shop.Calls.Count());
    }

    [Theory]
    [InlineData("""{"status":"failed","results":[{"productNo":"DEMO-02","status":"failed","code":"ProductNotFound"}]}""", "ProductNotFound", true)]
    [InlineData("""{"status":"failed","results":[{"productNo":"DEMO-02","status":"failed","errorCode":"NotManagementSettings"}]}""", "NotManagementSettings", false)]
    public async Task A_refused_product_is_told_with_its_code(string answer, string code, bool unknown)
    {
        _shop.On(ScriptedFutureshop.Stock, answer);

        var refused = Assert.IsType<StockOutcome.Rejected>(Assert.Single(await SetAsync(new StockReport(Plain, 1))));

        Assert.Equal((code, unknown), (refused.Code, refused.UnknownItem));
    }

    [Fact]
    public async Task A_product_without_a_row_in_a_failed_answer_is_unknown()
    {
        _shop.On(ScriptedFutureshop.Stock, """{"status":"failed","results":[{"productNo":"DEMO-01","status":"success"}]}""");

        Assert.IsType<StockOutcome.Unknown>(Assert.Single(await SetAsync(new StockReport(Plain, 1))));
    }

    [Fact]
    public async Task A_hundred_products_go_in_a_call()
    {
        _shop.On(ScriptedFutureshop.Stock, """{"status":"success"}""");

        var outcomes = await SetAsync([.. Enumerable.Range(0, 101).Select(i => new StockReport(new StockItem(i.ToString(CultureInfo.InvariantCulture)), i))]);

        Assert.Equal(101, outcomes.OfType<StockOutcome.Accepted>().Count());
        Assert.Equal([100, 1], _shop.Calls.Select(c => JsonNode.Parse(c.Body)!["productList"]!.AsArray().Count));
    }

    [Fact]
    public async Task A_request_that_is_refused_as_a_whole_stops_only_the_product_at_fault()
    {
        _shop.On(ScriptedFutureshop.Stock, call => call.Body.Contains("DEMO-02", StringComparison.Ordinal)
            ? ScriptedFutureshop.Answer("""{"status":"failed","errors":[{"code":"InvalidFormat"}]}""", HttpStatusCode.BadRequest)
            : ScriptedFutureshop.Answer("""{"status":"success"}"""));

        var outcomes = await SetAsync(new StockReport(Red, 3), new StockReport(Plain, 1), new StockReport(new StockItem("DEMO-03"), 1));

        Assert.Equal([typeof(StockOutcome.Accepted), typeof(StockOutcome.Rejected), typeof(StockOutcome.Accepted)], outcomes.Select(o => o.GetType()));
    }

    [Fact]
    public async Task A_code_that_cannot_be_theirs_is_refused_without_a_call()
    {
        var outcomes = await SetAsync(
            new StockReport(new StockItem(""), 1), new StockReport(new StockItem(new string('1', 33)), 1), new StockReport(new StockItem("DEMO", "縦軸の名"), 1));

        Assert.Equal(["code-form", "code-form", "variation-form"], outcomes.Cast<StockOutcome.Rejected>().Select(o => o.Code));
        Assert.Empty(_shop.Seen);
    }

    private async Task<IReadOnlyList<StockOutcome>> SetAsync(params StockReport[] levels)
    {
        var (market, access) = _shop.Open();
        return await market.Stock!.SetAsync(access, levels, TestContext.Current.CancellationToken);
    }
}
