using Domain.Marketplaces;

namespace Tests.Connectors.MakeShop;

public sealed class MakeShopStockTests
{
    private readonly ScriptedMakeShop _shop = new() { Settings = { ["stock-verified"] = "true" } };

    [Fact]
    public async Task Products_and_variations_go_in_a_call_each_addressed_by_their_own_code()
    {
        _shop.On("updateProductQuantity", Failed("updateProductQuantity", ""));
        _shop.On("updateVariationQuantity", Failed("updateVariationQuantity", ""));

        var outcomes = await SetAsync(new("DEMO-01"), new("SHIRT", "SHIRT-RED"), new("TEA-50"));

        Assert.All(outcomes, o => Assert.IsType<StockOutcome.Accepted>(o));
        Assert.Equal(["DEMO-01", "SHIRT", "TEA-50"], outcomes.Select(o => o.Item.Code).Order());
        Assert.Equal(
            """{"productQuantities":[{"productKeyType":1,"customCode":"DEMO-01","quantityCalculationType":1,"quantity":0},{"productKeyType":1,"customCode":"TEA-50","quantityCalculationType":1,"quantity":2}]}""",
            _shop.Seen[0].Input.GetRawText());
        Assert.Equal("""{"variationQuantities":[{"variationCustomCode":"SHIRT-RED","quantityCalculationType":1,"quantity":1}]}""", _shop.Seen[1].Input.GetRawText());
        Assert.All(_shop.Seen, call => Assert.Equal(CallKind.Write, call.Mark!.Kind));
    }

    [Fact]
    public async Task Failed_items_come_back_by_code_and_the_others_are_taken()
    {
        _shop.On("updateProductQuantity", Failed("updateProductQuantity", """{"customCode":"GONE","message":"該当する商品がありません。"},{"customCode":"BUSY","message":"更新できません。"}"""));

        var outcomes = await SetAsync(new("DEMO-01"), new("GONE"), new("BUSY"));

        Assert.IsType<StockOutcome.Accepted>(outcomes[0]);
        Assert.Equal((true, "該当する商品がありません。"), Refusal(outcomes[1]));
        Assert.Equal((false, "更新できません。"), Refusal(outcomes[2]));
    }

    [Theory]
    [InlineData("""{"data":{"updateProductQuantity":{}}}""")]
    [InlineData("""{"data":{"updateProductQuantity":{"failResult":"?"}}}""")]
    [InlineData("""{"data":{"updateProductQuantity":{"failResult":[{"customCode":"ANOTHER","message":"?"}]}}}""")]
    public async Task An_answer_that_says_nothing_about_an_item_leaves_it_unknown(string answer)
    {
        _shop.On("updateProductQuantity", answer);

        Assert.IsType<StockOutcome.Unknown>(Assert.Single(await SetAsync(new StockItem("DEMO-01"))));
    }

    [Fact]
    public async Task No_list_of_failures_is_no_failure()
    {
        _shop.On("updateProductQuantity", """{"data":{"updateProductQuantity":{"failResult":null}}}""");

        Assert.IsType<StockOutcome.Accepted>(Assert.Single(await SetAsync(new StockItem("DEMO-01"))));
    }

    [Fact]
    public async Task When_the_variations_fail_the_products_keep_their_outcome()
    {
        _shop.On("updateProductQuantity", Failed("updateProductQuantity", ""));
        _shop.On("updateVariationQuantity", ScriptedMakeShop.Recording("maintenance.html"), 502);

        var outcomes = await SetAsync(new("DEMO-01"), new("SHIRT", "SHIRT-RED"));

        Assert.Equal([typeof(StockOutcome.Accepted), typeof(StockOutcome.Unknown)], outcomes.Select(o => o.GetType()));
        _shop.On("updateVariationQuantity", ScriptedMakeShop.Recording("unknown-input-key.json"), 422);
        Assert.IsType<StockOutcome.Rejected>((await SetAsync(new("DEMO-01"), new("SHIRT", "SHIRT-RED")))[1]);
    }

    [Fact]
    public async Task Nothing_is_sent_before_the_store_has_seen_that_a_level_replaces_the_stock()
    {
        _shop.Settings["stock-verified"] = "false";

        var refused = Assert.IsType<StockOutcome.Rejected>(Assert.Single(await SetAsync(new StockItem("DEMO-01"))));

        Assert.Contains("stock-verified", refused.Reason, StringComparison.Ordinal);
        Assert.Empty(_shop.Seen);
    }

    [Fact]
    public async Task A_store_may_address_products_by_their_system_code_and_name_another_calculation()
    {
        (_shop.Settings["product-key-type"], _shop.Settings["quantity-calculation-type"]) = ("0", "3");
        _shop.On("updateProductQuantity", Failed("updateProductQuantity", ""));

        await SetAsync(new StockItem("000000009001"));

        Assert.Equal("""{"productQuantities":[{"productKeyType":0,"systemCode":"000000009001","quantityCalculationType":3,"quantity":0}]}""", _shop.Seen[0].Input.GetRawText());
    }

    private static (bool, string) Refusal(StockOutcome outcome)
    {
        var refused = Assert.IsType<StockOutcome.Rejected>(outcome);
        return (refused.UnknownItem, refused.Reason);
    }

    private static string Failed(string operation, string rows) => $$$$"""{"data":{"{{{{operation}}}}":{"failResult":[{{{{rows}}}}]}}}""";

    private Task<IReadOnlyList<StockOutcome>> SetAsync(params StockItem[] items) =>
        _shop.Market.Stock!.SetAsync(_shop.Access, [.. items.Select((item, i) => new StockReport(item, i))], TestContext.Current.CancellationToken);
}
