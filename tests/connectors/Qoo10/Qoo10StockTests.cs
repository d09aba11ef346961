using Connectors.Qoo10;
using Domain.Marketplaces;

namespace Tests.Connectors.Qoo10;

public sealed class Qoo10StockTests
{
    private static readonly StockItem Tea = new("sku-b");
    private static readonly StockItem Cup = new("sku-c");
    private static readonly StockItem RedM = new("sku-a", "sku-a-red-m");

    private readonly ScriptedQoo10 _qoo10 = new ScriptedQoo10()
        .On(Qoo10Methods.Item, ScriptedQoo10.Recording("item.json"))
        .On(Qoo10Methods.Options, ScriptedQoo10.Recording("options.json"))
        .On(Qoo10Methods.SetQty, ScriptedQoo10.Recording("done.json"))
        .On(Qoo10Methods.SetQtyBulk, ScriptedQoo10.Recording("done.json"))
        .On(Qoo10Methods.SetOptionQty, ScriptedQoo10.Recording("done.json"));

    [Fact]
    public async Task One_item_is_set_with_the_end_of_sale_that_stood_there()
    {
        Assert.Equal(new StockOutcome.Accepted(Tea), Assert.Single(await SetAsync(new StockReport(Tea, 5))));

        Assert.Equal([Qoo10Methods.Item, Qoo10Methods.SetQty], _qoo10.Methods);
        Assert.Equal([CallKind.Read, CallKind.Write], _qoo10.Seen.Select(c => c.Mark!.Kind));
        Assert.Equal(
            new SortedDictionary<string, string> { ["ItemCode"] = "", ["SellerCode"] = "sku-b", ["Qty"] = "5", ["ExpireDate"] = "2027-03-31", ["returnType"] = "application/json" },
            new SortedDictionary<string, string>(_qoo10.Seen[1].Form.ToDictionary()));
    }

    [Theory]
    [InlineData("1000000001", "auto", "1000000001", "")]
    [InlineData("4900000000015", "auto", "", "4900000000015")]
    [InlineData("1000000001", "seller", "", "1000000001")]
    [InlineData("sku-b", "item", "sku-b", "")]
    public async Task A_code_is_theirs_or_the_sellers(string code, string setting, string itemCode, string sellerCode)
    {
        _qoo10.Settings["stock-code"] = setting;

        await SetAsync(new StockReport(new StockItem(code), 0));

        Assert.All(_qoo10.Seen, call => Assert.Equal((itemCode, sellerCode), (call.Form["ItemCode"], call.Form["SellerCode"])));
        Assert.Equal("0", _qoo10.Seen[^1].Form["Qty"]);
    }

    [Fact]
    public async Task Several_items_go_together_and_nothing_empty_is_among_them()
    {
        var outcomes = await SetAsync(new(Tea, 5), new(Cup, 0));

        Assert.Equal([Tea, Cup], outcomes.Select(o => Assert.IsType<StockOutcome.Accepted>(o).Item));
        Assert.Equal([Qoo10Methods.Item, Qoo10Methods.Item, Qoo10Methods.SetQtyBulk], _qoo10.Methods);
        Assert.Equal(
            """[{"SellerCode":"sku-b","Qty":"5","ExpireDate":"2027-03-31"},{"SellerCode":"sku-c","Qty":"0","ExpireDate":"2027-03-31"}]""",
            _qoo10.Seen[^1].Form["ItemInfoJson"]);
    }

    [Fact]
    public async Task A_store_that_does_not_mind_the_end_of_sale_reads_nothing_first()
    {
        _qoo10.Settings["stock-keep-expiry"] = "false";

        await SetAsync(new(Tea, 5), new(Cup, 1));

        Assert.Equal("""[{"SellerCode":"sku-b","Qty":"5"},{"SellerCode":"sku-c","Qty":"1"}]""", Assert.Single(_qoo10.Seen).Form["ItemInfoJson"]);
    }

    [Fact]
    public async Task Where_some_failed_and_none_is_named_each_is_asked_by_itself()
    {
        _qoo10.Settings["stock-keep-expiry"] = "false";
        _qoo10.On(Qoo10Methods.SetQtyBulk, ScriptedQoo10.Refusal(-1));
        _qoo10.On(Qoo10Methods.SetQty, call => call.Form["SellerCode"] == "sku-c" ? ScriptedQoo10.Recording("no-such-item.json") : ScriptedQoo10.Recording("done.json"));

        var outcomes = await SetAsync(new(Tea, 5), new(Cup, 1));

        Assert.Equal(new StockOutcome.Accepted(Tea), outcomes[0]);
        var refused = Assert.IsType<StockOutcome.Rejected>(outcomes[1]);
        Assert.Equal(("-10001", true), (refused.Code, refused.UnknownItem));
        Assert.Equal([Qoo10Methods.SetQtyBulk, Qoo10Methods.SetQty, Qoo10Methods.SetQty], _qoo10.Methods);
    }

    [Fact]
    public async Task Rows_that_are_named_have_their_own_outcome()
    {
        _qoo10.Settings["stock-keep-expiry"] = "false";
        _qoo10.On(
            Qoo10Methods.SetQtyBulk,
            """{"ResultObject":[{"SellerCode":"sku-b","ResultCode":0},{"SellerCode":"sku-c","ResultCode":-10101}],"ResultCode":-1,"ResultMsg":"FAIL"}""");

        var outcomes = await SetAsync(new(Tea, 5), new(Cup, 1));

        Assert.Equal(new StockOutcome.Accepted(Tea), outcomes[0]);
        Assert.Equal(("-10101", false), (Assert.IsType<StockOutcome.Rejected>(outcomes[1]).Code, ((StockOutcome.Rejected)outcomes[1]).UnknownItem));
        Assert.Single(_qoo10.Seen);
    }

    [Fact]
    public async Task An_item_that_is_not_there_is_unknown_and_its_neighbour_is_set()
    {
        _qoo10.On(Qoo10Methods.Item, call => ScriptedQoo10.Recording(call.Form["SellerCode"] == "sku-c" ? "no-such-item.json" : "item.json"));

        var outcomes = await SetAsync(new(Cup, 1), new(Tea, 5));

        Assert.True(Assert.IsType<StockOutcome.Rejected>(outcomes[0]).UnknownItem);
        Assert.Equal(new StockOutcome.Accepted(Tea), outcomes[1]);
    }

    [Fact]
    public async Task A_combination_is_named_by_its_texts_and_its_code()
    {
        Assert.Equal(new StockOutcome.Accepted(RedM), Assert.Single(await SetAsync(new StockReport(RedM, 4))));

        var (read, write) = (_qoo10.Seen[0], _qoo10.Seen[1]);
        Assert.Equal((Qoo10Methods.Options, "sku-a", CallKind.Read), (read.Method, read.Form["SellerCode"], read.Mark!.Kind));
        Assert.Equal((Qoo10Methods.SetOptionQty, CallKind.Write), (write.Method, write.Mark!.Kind));
        Assert.Equal(
            ("", "sku-a", "カラー||*サイズ", "赤||*M", "sku-a-red-m", "4"),
            (write.Form["ItemCode"], write.Form["SellerCode"], write.Form["OptionName"], write.Form["OptionValue"], write.Form["OptionCode"], write.Form["Qty"]));
    }

    [Fact]
    public async Task The_combinations_of_an_item_are_read_once_and_one_that_is_not_there_is_unknown()
    {
        var green = new StockItem("sku-a", "sku-a-green-m");

        var outcomes = await SetAsync(new(RedM, 4), new(green, 1), new(new StockItem("sku-a", "sku-a-blue-m"), 0));

        Assert.IsType<StockOutcome.Accepted>(outcomes[0]);
        Assert.True(Assert.IsType<StockOutcome.Rejected>(outcomes[1]).UnknownItem);
        Assert.IsType<StockOutcome.Accepted>(outcomes[2]);
        Assert.Equal([Qoo10Methods.Options, Qoo10Methods.SetOptionQty, Qoo10Methods.SetOptionQty], _qoo10.Methods);
    }

    [Fact]
    public async Task A_combination_of_an_item_that_is_not_there_is_unknown()
    {
        _qoo10.On(Qoo10Methods.Options, ScriptedQoo10.Recording("no-such-item.json"));

        Assert.True(Assert.IsType<StockOutcome.Rejected>(Assert.Single(await SetAsync(new StockReport(RedM, 4)))).UnknownItem);
    }

    [Fact]
    public async Task A_right_that_is_missing_is_told_as_the_credentials_fault()
    {
        _qoo10.On(Qoo10Methods.SetOptionQty, ScriptedQoo10.Refusal(-90002));

        var refusal = await Assert.ThrowsAsync<MarketplaceException>(() => SetAsync(new StockReport(RedM, 4)));

        Assert.Equal((FailureKind.CredentialRejected, CredentialFault.RightMissing), (refusal.Kind, refusal.Credential));
    }

    [Theory]
    [InlineData("", FailureKind.Transient)]
    [InlineData("<html>wait</html>", FailureKind.Transient)]
    [InlineData("{\"ResultCode\":", FailureKind.Unreadable)]
    public async Task An_answer_that_is_none_leaves_the_effect_unknown(string body, FailureKind expected)
    {
        _qoo10.On(Qoo10Methods.SetQty, body);

        Assert.Equal(expected, (await Assert.ThrowsAsync<MarketplaceException>(() => SetAsync(new StockReport(Tea, 4)))).Kind);
    }

    [Fact]
    public async Task A_level_below_zero_is_never_sent()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => SetAsync(new StockReport(Tea, -1)));

        Assert.Empty(_qoo10.Seen);
    }

    private Task<IReadOnlyList<StockOutcome>> SetAsync(params StockReport[] levels)
    {
        var market = _qoo10.Marketplace();
        return market.Stock!.SetAsync(_qoo10.Access(market), levels, TestContext.Current.CancellationToken);
    }
}
