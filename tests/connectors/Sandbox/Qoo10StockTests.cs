using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Sandbox.Core;
using Sandbox.Qoo10;

namespace Tests.Connectors.Sandbox;

public sealed class Qoo10StockTests : IDisposable
{
    private const string Account = "honten";

    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.FromHours(9));

    private readonly SandboxWorld _world;
    private readonly SandboxHost _host;
    private readonly SimAccount _shop;
    private readonly HttpClient _client;

    public Qoo10StockTests()
    {
        var time = new FakeTimeProvider(Noon);
        _world = new SandboxWorld(time, time.Advance);
        _world.RateLimits.Lifted = true;
        _host = new SandboxHost(_world, world => new Qoo10Simulator(world));
        _shop = _host.OpenAccount("qoo10", Account);
        _client = new HttpClient(new SandboxHandler(_host)) { BaseAddress = new Uri("https://qoo10.example.invalid/GMKT.INC.Front.QAPIService/ebayjapan.qapi/") };
        Stock.PutItems(Account, [new SeedItem("sku-b", "", "", 7), new SeedItem("sku-a", "sku-a-red", "", 3), new SeedItem("sku-a", "sku-a-blue", "", 5)]);
    }

    private IStockSimulator Stock => (IStockSimulator)_host.Simulator("qoo10");

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task A_quantity_is_absolute_and_an_end_of_sale_that_is_not_sent_is_a_year_away()
    {
        var before = await ExpiryAsync();

        Assert.Equal(0, await CodeAsync("ItemsOrder.SetGoodsPriceQty", ("SellerCode", "sku-b"), ("Qty", "12"), ("ExpireDate", before)));
        Assert.Equal(before, await ExpiryAsync());
        Assert.Equal(0, await CodeAsync("ItemsOrder.SetGoodsPriceQty", ("SellerCode", "sku-b"), ("Qty", "0"), ("ExpireDate", "")));

        Assert.Equal("2027-11-20", await ExpiryAsync());
        Assert.Contains(("sku-b", "", 0), Levels());
        Assert.Equal([("sku-b", "", "7", "12"), ("sku-b", "", "12", "0")], Effects().Select(e => (e.Order, e.Part, e.Before, e.After)));
        Assert.All(Effects(), e => Assert.Equal((EffectKind.Stock, false), (e.Kind, e.Again)));
    }

    [Theory]
    [InlineData("sku-99", "1", -10001)]
    [InlineData("sku-b", "-1", -10101)]
    [InlineData("sku-b", "many", -10101)]
    [InlineData("sku-a", "1", -10101)]
    public async Task A_quantity_that_cannot_be_set_is_refused_and_changes_nothing(string code, string quantity, int expected)
    {
        Assert.Equal(expected, await CodeAsync("ItemsOrder.SetGoodsPriceQty", ("SellerCode", code), ("Qty", quantity)));

        Assert.Empty(Effects());
    }

    [Theory]
    [InlineData("""[{"SellerCode":"sku-b","Qty":"1"}]""", 0)]
    [InlineData("""[{"SellerCode":"sku-99","Qty":"1"},{"SellerCode":"sku-b","Qty":"1"}]""", -1)]
    public async Task Of_a_bulk_call_the_good_rows_are_set_and_it_is_only_told_that_some_failed(string json, int expected)
    {
        Assert.Equal(expected, await CodeAsync("ItemsOrder.SetGoodsPriceQtyBulk", ("ItemInfoJson", json)));

        Assert.Contains(("sku-b", "", 1), Levels());
    }

    [Theory]
    [InlineData(500, 0)]
    [InlineData(501, -2)]
    public async Task Five_hundred_rows_are_taken_and_one_more_is_not(int rows, int expected) => Assert.Equal(
        expected, await CodeAsync("ItemsOrder.SetGoodsPriceQtyBulk", ("ItemInfoJson", $"[{string.Join(',', Enumerable.Repeat("""{"SellerCode":"sku-b","Qty":"2"}""", rows))}]")));

    [Fact]
    public async Task Combinations_are_read_by_item_and_set_by_name_value_and_code()
    {
        var rows = (await PostAsync("ItemsLookup.GetGoodsInventoryInfo", ("SellerCode", "sku-a"))).GetProperty("ResultObject");
        var red = rows.EnumerateArray().Single(row => row.GetProperty("ItemTypeCode").GetString() == "sku-a-red");
        (string, string)[] fields =
        [
            ("SellerCode", "sku-a"), ("OptionName", red.GetProperty("Name1").GetString()!), ("OptionValue", red.GetProperty("Value1").GetString()!), ("OptionCode", "sku-a-red"),
        ];

        Assert.Equal(0, await CodeAsync("ItemsOptions.UpdateInventoryQtyUnit", [.. fields, ("Qty", "9")]));
        Assert.Equal(-10101, await CodeAsync("ItemsOptions.UpdateInventoryQtyUnit", [.. fields[..3], ("OptionCode", "sku-a-green"), ("Qty", "9")]));
        Assert.Equal(-10001, await CodeAsync("ItemsOptions.UpdateInventoryQtyUnit", [("SellerCode", "sku-99"), .. fields[1..], ("Qty", "9")]));

        Assert.Equal([("sku-a", "sku-a-blue", 5), ("sku-a", "sku-a-red", 9), ("sku-b", "", 7)], Levels());
    }

    [Fact]
    public async Task An_item_is_found_by_their_number_too_and_one_that_is_not_there_by_neither()
    {
        var number = (await PostAsync("ItemsLookup.GetItemDetailInfo", ("SellerCode", "sku-b"))).GetProperty("ResultObject")[0].GetProperty("ItemCode").GetString()!;

        Assert.Equal(0, await CodeAsync("ItemsOrder.SetGoodsPriceQty", ("ItemCode", number), ("Qty", "4")));
        Assert.Contains(("sku-b", "", 4), Levels());
        Assert.Equal(-10001, await CodeAsync("ItemsLookup.GetItemDetailInfo", ("ItemCode", "999999999")));
        Assert.Equal(-10001, await CodeAsync("ItemsLookup.GetGoodsInventoryInfo", ("SellerCode", "sku-99")));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("3", 0)]
    [InlineData("9", -10004)]
    public async Task A_cancel_takes_the_sellers_reasons_once(string reason, int expected)
    {
        var order = await OrderAsync();

        Assert.Equal(expected, await CodeAsync("Claim.SetCancelProcess", ("ContrNo", order), ("CancelReason", reason)));

        Assert.Equal(expected == 0 ? -10004 : 0, await CodeAsync("Claim.SetCancelProcess", ("ContrNo", order)));
        Assert.Equal([EffectKind.Cancel, EffectKind.Mail], Effects().Select(e => e.Kind));
    }

    [Fact]
    public async Task A_shipped_number_is_not_cancelled()
    {
        var order = await OrderAsync();
        Assert.Equal(0, await CodeAsync("ShippingBasic.SetSendingInfo", ("OrderNo", order), ("ShippingCorp", "Sagawa"), ("TrackingNo", "900000001235")));

        Assert.Equal(-10004, await CodeAsync("Claim.SetCancelProcess", ("ContrNo", order)));
    }

    private async Task<string> OrderAsync()
    {
        var person = new SeedPerson("見本", "太郎", "ミホン", "タロウ", "100-0001", "東京都", "千代田区", "千代田1-1", "", "090-0000-0000", "taro@example.invalid");
        _host.Simulator("qoo10").Place(
            Account, new SeedOrder { PlacedAt = Noon.AddHours(-1), Buyer = person, Recipient = person, Lines = [new SeedLine("sku-b", "見本茶", "", 1, 1080, 8)] });
        var rows = await PostAsync("ShippingBasic.GetShippingInfo_v3", ("ShippingStatus", ""), ("SearchStartDate", "20261120"), ("SearchEndDate", "20261120"), ("SearchCondition", "1"));
        return rows.GetProperty("ResultObject")[0].GetProperty("OrderNo").GetInt64().ToString(CultureInfo.InvariantCulture);
    }

    private async Task<string> ExpiryAsync() =>
        (await PostAsync("ItemsLookup.GetItemDetailInfo", ("SellerCode", "sku-b"))).GetProperty("ResultObject")[0].GetProperty("ExpireDate").GetString()!;

    private IEnumerable<(string Code, string Option, int Quantity)> Levels() => Stock.Items(Account).Select(i => (i.Code, i.Variation1, i.Quantity));

    private IEnumerable<JournalEffect> Effects() => _world.Journal.Read().SelectMany(entry => entry.Effects);

    private async Task<int> CodeAsync(string method, params (string Name, string Value)[] form) => (await PostAsync(method, form)).GetProperty("ResultCode").GetInt32();

    private async Task<JsonElement> PostAsync(string method, params (string Name, string Value)[] form)
    {
        using var content = new FormUrlEncodedContent([new("returnType", "application/json"), .. form.Select(f => KeyValuePair.Create(f.Name, f.Value))]);
        using var request = new HttpRequestMessage(HttpMethod.Post, method) { Content = content };
        request.Headers.Add("GiosisCertificationKey", _shop.Secrets["certification-key"]);
        request.Headers.Add("QAPIVersion", "1.0");
        using var response = await _client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return document.RootElement.Clone();
    }
}
