using System.Net;
using System.Xml.Linq;
using Sandbox.Core;

namespace Tests.Connectors.Sandbox;

public sealed class YahooStockTests : IDisposable
{
    private readonly YahooRig _rig = new();

    public YahooStockTests() => Stock.PutItems(YahooRig.Account, [new SeedItem("item-01", "sub-01", "", 10), new SeedItem("item-02", "", "", 3)]);

    private IStockSimulator Stock => (IStockSimulator)_rig.Simulator;

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Records_are_read_with_their_settings_and_a_code_without_one_has_status_nought()
    {
        var answer = await PostAsync("getStock", "item_code=item-01:sub-01,item-01:sub-02");

        Assert.Equal(("1", "1"), (answer.Xml.Attribute("ok")!.Value, answer.Xml.Attribute("ng")!.Value));
        Assert.Equal([("1", "10", "0"), ("0", null, null)], Rows(answer).Select(r => (Of(r, "Status")!, Of(r, "Quantity"), Of(r, "AllowOverdraft"))));
        Assert.NotEqual(Of(Rows(answer)[0], "Quantity"), Rows(answer)[0].Element("Quantity")!.Value); // white space around every text
    }

    [Fact]
    public async Task Levels_are_absolute_and_need_no_signature()
    {
        _rig.Sign = () => null;

        var answer = await PostAsync("setStock", "item_code=item-01:sub-01,item-02&quantity=4,0&allow_overdraft=1,0");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(["4", "0"], Rows(answer).Select(r => Of(r, "Quantity")));
        Assert.Equal([("item-01", "sub-01", 4), ("item-02", "", 0)], Levels());
        Assert.Equal([("item-01", "sub-01", "10", "4 超過可"), ("item-02", "", "3", "0")], _rig.Effects().Select(e => (e.Order, e.Part, e.Before, e.After)));
        Assert.All(_rig.Effects(), e => Assert.Equal((EffectKind.Stock, false), (e.Kind, e.Again)));
    }

    [Theory]
    [InlineData("%2B2", 5)]
    [InlineData("-2", 1)]
    public async Task A_sign_makes_a_difference_of_it(string quantity, int expected)
    {
        await PostAsync("setStock", $"item_code=item-02&quantity={quantity}");

        Assert.Contains(("item-02", "", expected), Levels());
    }

    [Fact]
    public async Task An_overdraft_that_is_not_sent_along_is_overwritten_with_the_stores_default()
    {
        await PostAsync("setStock", "item_code=item-02&quantity=3&allow_overdraft=1");
        await PostAsync("setStock", "item_code=item-02&quantity=3");

        Assert.Equal(["3 超過可", "3"], _rig.Effects().Select(e => e.After));
    }

    [Fact]
    public async Task A_code_that_is_only_unknown_is_no_error_and_its_record_is_made()
    {
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("setStock", "item_code=item-99&quantity=1")).Status);

        Assert.Contains(("item-99", "", 1), Levels());
    }

    [Theory]
    [InlineData("item_code=item-01:sub-01,item-02:%E3%81%82&quantity=1,1", "st-02101")]
    [InlineData("item_code=item-01:sub-01,item-02&quantity=1,many", "st-02104")]
    [InlineData("item_code=item-01:sub-01,item-02&quantity=1,1000000000", "st-02104")]
    [InlineData("item_code=item-01:sub-01,item-02:%E3%81%82&quantity=1,many", "st-02101,st-02104")]
    public async Task One_bad_row_undoes_all_of_them(string form, string code)
    {
        var answer = await PostAsync("setStock", form);

        Assert.Equal(207, (int)answer.Status);
        Assert.Equal([("", null), ("", code)], Rows(answer).Select(r => (Of(r, "Quantity")!, Of(r, "ErrorCode"))));
        Assert.Equal([("item-01", "sub-01", 10), ("item-02", "", 3)], Levels());
        Assert.Empty(_rig.Effects());
    }

    [Fact]
    public async Task A_single_bad_item_is_refused_with_the_common_error()
    {
        var answer = await PostAsync("setStock", "item_code=item-02&quantity=many");

        Assert.Equal((HttpStatusCode.BadRequest, "st-02104", "Error"), (answer.Status, answer.Code, answer.Xml.Name.LocalName));
    }

    [Theory]
    [InlineData(1000, HttpStatusCode.OK)]
    [InlineData(1001, HttpStatusCode.BadRequest)]
    public async Task A_thousand_codes_are_taken_and_one_more_is_not(int codes, HttpStatusCode expected) =>
        Assert.Equal(expected, (await PostAsync("getStock", $"item_code={string.Join(',', Enumerable.Range(0, codes).Select(i => $"item-{i}"))}")).Status);

    [Theory]
    [InlineData("item_code=item-01:sub-01,item-02&quantity=1")]
    [InlineData("quantity=1")]
    public async Task Lists_of_different_lengths_or_none_are_refused(string form) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("setStock", form)).Status);

    [Fact]
    public async Task Another_sellers_stock_is_not_for_this_consent()
    {
        var answer = await _rig.PostAsync("getStock", "seller_id=another-store&item_code=item-01", "application/x-www-form-urlencoded");

        Assert.Equal((HttpStatusCode.Forbidden, "px-14304"), (answer.Status, answer.Code));
    }

    private static List<XElement> Rows(YahooAnswer answer) => [.. answer.Xml.Elements("Result")];

    private static string? Of(XElement row, string field) => row.Element(field)?.Value.Trim();

    private IEnumerable<(string Code, string Sub, int Quantity)> Levels() => Stock.Items(YahooRig.Account).Select(i => (i.Code, i.Variation1, i.Quantity));

    private Task<YahooAnswer> PostAsync(string api, string form) =>
        _rig.PostAsync(api, $"seller_id={_rig.Seller}&{form}", "application/x-www-form-urlencoded");
}
