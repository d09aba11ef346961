using System.Xml.Linq;
using Sandbox.Core;

namespace Tests.Connectors.Sandbox;

public sealed class AuPayStockTests : IDisposable
{
    private readonly AuPayRig _rig = new();

    public AuPayStockTests() => Stock.PutItems(
        AuPayRig.Account,
        [new SeedItem("ABC-001", "", "", 7), new SeedItem("ABC-002", "-RED", "-S", 3), new SeedItem("ABC-002", "-BLUE", "", 5)]);

    private IStockSimulator Stock => (IStockSimulator)_rig.Simulator;

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Levels_are_absolute_and_name_the_item_with_its_lot()
    {
        var answer = await UpdateAsync(Plain("ABC-001", "12"), Choice("ABC-002", "-RED", "-S", "4"));

        Assert.Equal("0", answer.Result);
        Assert.Equal(["ABC-001", "ABC-002"], answer.Xml.Elements("updateResult").Select(r => r.Element("itemCode")!.Value));
        Assert.All(answer.Xml.Elements("updateResult"), r => Assert.NotEmpty(r.Element("lotNumber")!.Value));
        Assert.Equal([("ABC-001", "", 12), ("ABC-002", "-BLUE", 5), ("ABC-002", "-RED-S", 4)], Levels());
        Assert.Equal([("ABC-001", "", "7", "12"), ("ABC-002", "-RED-S", "3", "4")], _rig.Effects().Select(e => (e.Order, e.Part, e.Before, e.After)));
        Assert.All(_rig.Effects(), e => Assert.Equal((EffectKind.Stock, false), (e.Kind, e.Again)));
    }

    [Fact]
    public async Task The_same_level_again_has_no_effect_and_a_level_that_returns_is_no_repetition()
    {
        foreach (var count in (string[])["7", "5", "7"])
        {
            await UpdateAsync(Plain("ABC-001", count));
        }

        Assert.Equal(["5", "7"], _rig.Effects().Select(e => e.After));
        Assert.DoesNotContain(_rig.Effects(), e => e.Again);
    }

    [Fact]
    public async Task A_bad_item_is_told_by_itself_and_the_good_ones_are_set()
    {
        var answer = await UpdateAsync(Plain("ABC-999", "1"), Plain("ABC-001", "1"), Choice("ABC-002", "-GREEN", "", "1"));

        Assert.Equal("1", answer.Result);
        Assert.Equal(
            ["ABC-999", "ABC-002"],
            answer.Xml.Elements("updateResult").Where(r => r.Element("error") is not null).Select(r => r.Element("itemCode")!.Value));
        Assert.All(answer.Xml.Elements("updateResult").Elements("error"), e => Assert.NotEmpty(e.Element("code")!.Value + e.Element("message")!.Value));
        Assert.Equal([("ABC-001", "", 1), ("ABC-002", "-BLUE", 5), ("ABC-002", "-RED-S", 3)], Levels());
    }

    [Fact]
    public async Task Nought_ends_the_sale_and_a_count_alone_does_not_resume_it()
    {
        await UpdateAsync(Plain("ABC-001", "0"));
        await UpdateAsync(Plain("ABC-001", "5"));
        await UpdateAsync(Plain("ABC-001", "5", "<saleStatus>1</saleStatus>"));

        Assert.Equal(["0 販売終了", "5 販売終了", "5"], _rig.Effects().Select(e => e.After));
    }

    [Theory]
    [InlineData("<stockUpdateItem><stockSegment>1</stockSegment><stockCount>1</stockCount></stockUpdateItem>", "[itemCode]")]
    [InlineData("<stockUpdateItem><itemCode>ABC-001</itemCode><stockCount>1</stockCount></stockUpdateItem>", "[stockSegment]")]
    [InlineData("<stockUpdateItem><itemCode>ABC-001</itemCode><stockSegment>2</stockSegment><stockCount>1</stockCount></stockUpdateItem>", "[stockSegment]")]
    [InlineData("<stockUpdateItem><itemCode>ABC-002</itemCode><stockSegment>1</stockSegment><stockCount>1</stockCount></stockUpdateItem>", "[stockSegment]")]
    [InlineData("<stockUpdateItem><itemCode>ABC-002</itemCode><stockSegment>2</stockSegment></stockUpdateItem>", "[choicesStocks]")]
    [InlineData("<stockUpdateItem><itemCode>ABC-001</itemCode><stockSegment>1</stockSegment><stockCount>-1</stockCount></stockUpdateItem>", "[stockCount]")]
    [InlineData("<stockUpdateItem><itemCode>ABC-001</itemCode><stockSegment>1</stockSegment><stockCount>多い</stockCount></stockUpdateItem>", "[stockCount]")]
    [InlineData("<stockUpdateItem><itemCode>ABC-001</itemCode><stockSegment>1</stockSegment><stockCount>1</stockCount><saleStatus>3</saleStatus></stockUpdateItem>", "[saleStatus]")]
    public async Task A_level_that_makes_no_sense_is_refused_by_its_field(string item, string field)
    {
        var answer = await UpdateAsync(item);

        Assert.Equal("1", answer.Result);
        Assert.StartsWith(field, answer.Xml.Element("updateResult")!.Element("error")!.Element("message")!.Value, StringComparison.Ordinal);
        Assert.Empty(_rig.Effects());
    }

    [Fact]
    public async Task A_hundred_items_are_taken_and_one_more_is_not()
    {
        Assert.Equal("0", (await UpdateAsync([.. Enumerable.Repeat(Plain("ABC-001", "1"), 100)])).Result);

        var answer = await UpdateAsync([.. Enumerable.Repeat(Plain("ABC-001", "2"), 101)]);

        Assert.Equal("1", answer.Result);
        Assert.StartsWith("[stockUpdateItem]", answer.Message, StringComparison.Ordinal);
        Assert.Contains(("ABC-001", "", 1), Levels());
    }

    [Fact]
    public async Task The_stock_is_read_with_its_choices_by_code_or_in_pages()
    {
        var one = await _rig.ListAsync("itemCode=ABC-002", "searchStocks");
        var none = await _rig.ListAsync("itemCode=ABC-999", "searchStocks");
        var second = await _rig.ListAsync("totalCount=1&startCount=2", "searchStocks");
        var tooMany = await _rig.ListAsync("totalCount=501", "searchStocks");

        var item = Assert.Single(one.Xml.Element("searchResult")!.Elements("resultStocks"));
        Assert.Equal(
            [("-BLUE", "", "5"), ("-RED", "-S", "3")],
            item.Elements("choicesStocks").Select(c => (c.Element("choicesStockHorizontalCode")!.Value, c.Element("choicesStockVerticalCode")!.Value, c.Element("choicesStockCount")!.Value)));
        Assert.Equal(("0", 0), (none.Result, none.Xml.Element("searchResult")!.Elements("resultStocks").Count()));
        Assert.Equal("ABC-002", Assert.Single(second.Xml.Element("searchResult")!.Elements("resultStocks")).Element("itemCode")!.Value);
        Assert.Equal("1", tooMany.Result);
    }

    [Fact]
    public async Task A_shipped_order_is_not_cancelled()
    {
        var code = _rig.Place(AuPayRig.Seed() with { PaymentText = "代金引換", Paid = false });
        await _rig.ReportAsync(code);
        await _rig.MoveAsync(code, "発送後入金待ち");

        Assert.Equal("1", (await _rig.CancelAsync(code)).Result);
        Assert.False(_rig.Served(code).Cancelled);
    }

    [Fact]
    public void An_item_has_one_stock_or_one_for_each_choice() =>
        Assert.Throws<ArgumentException>(() => Stock.PutItems(AuPayRig.Account, [new SeedItem("ABC-001", "-RED", "", 1)]));

    private static string Plain(string code, string count, string more = "") =>
        $"<stockUpdateItem><itemCode>{code}</itemCode><stockSegment>1</stockSegment><stockCount>{count}</stockCount>{more}</stockUpdateItem>";

    private static string Choice(string code, string horizontal, string vertical, string count) =>
        $"<stockUpdateItem><itemCode>{code}</itemCode><stockSegment>2</stockSegment><choicesStocks><choicesStockHorizontalCode>{horizontal}</choicesStockHorizontalCode>"
        + $"<choicesStockVerticalCode>{vertical}</choicesStockVerticalCode><choicesStockCount>{count}</choicesStockCount></choicesStocks></stockUpdateItem>";

    private IEnumerable<(string Code, string Choice, int Quantity)> Levels() =>
        Stock.Items(AuPayRig.Account).Select(i => (i.Code, i.Variation1 + i.Variation2, i.Quantity));

    private Task<Answer> UpdateAsync(params string[] items) =>
        _rig.PostAsync("updateStock", $"<request><shopId>{_rig.ShopId}</shopId>{string.Concat(items)}</request>");
}
