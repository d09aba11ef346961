using System.Runtime.CompilerServices;
using System.Text;
using Connectors.Shoplist;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Stores;
using Domain.Time;

namespace Tests.Connectors.Shoplist;

/// <summary>Recorded answers in the guessed shape: what is confirmed of SHOPLIST's behaviour, and what the store's settings can change.</summary>
public sealed class ShoplistRecordingTests
{
    private const string Orders = "/shoplist-api/orders";
    private const string Key = "canary-key-0123456789";

    private readonly Scripted _shop = new(services => services.AddShoplist(), Key);

    [Fact]
    public async Task An_order_of_normal_delivery_is_incomplete_and_has_goods_only()
    {
        var order = Assert.IsType<OrderReading.Read>((await ListAsync())[0].Reading).Order;

        Assert.Equal(("5000101", Jst.At(new DateOnly(2026, 11, 20), new TimeOnly(9, 30))), (order.Code.Value, order.PlacedAt));
        Assert.Equal((true, MarketplaceStanding.Ready, "受付 通常配送"), (order.Incomplete, order.Standing, order.RawStatus));
        Assert.Equal(["W-001-BLK-M", "W-002-髙"], order.Lines.Select(l => l.Sku)); // 卸品番
        Assert.Equal((7970m, 7970m), (order.Amounts.Items.Amount, order.Amounts.Billed.Amount));
        Assert.Equal(("", "", ""), (order.Recipient.Name, order.Recipient.Address, order.Buyer.Email));
        var judged = Judged(order);
        Assert.Equal(OrderState.PendingProcessing, judged.State);
        Assert.Equal([HoldReason.Incomplete], judged.Holds.Select(h => h.Reason));
    }

    [Fact]
    public async Task Speed_delivery_is_listed_with_its_reason_and_never_ours_to_ship()
    {
        var order = Assert.IsType<OrderReading.Read>((await ListAsync())[1].Reading).Order;

        Assert.Equal("スピード便（SHOPLISTの倉庫から出荷されるため、出荷しません）", order.RawStatus);
        var judged = Judged(order);
        Assert.Equal((OrderState.Shipped, true), (judged.State, judged.HandledElsewhere));
        Assert.Contains(judged.History, h => h.Why.Contains("スピード便", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_delivery_kind_that_nobody_knows_is_held_by_its_name_until_a_setting_knows_it()
    {
        var order = Assert.IsType<OrderReading.Read>((await ListAsync())[2].Reading).Order;
        Assert.Contains(new Hold(HoldReason.UnknownStatus, "受付 店頭受取"), Judged(order).Holds);

        _shop.Settings["words-marketplace-ships"] = "スピード便,店頭受取";
        Assert.Equal(MarketplaceStanding.Shipped, Assert.IsType<OrderReading.Read>((await ListAsync())[2].Reading).Order.Standing);
    }

    [Fact]
    public async Task A_cancelled_order_says_so()
    {
        var order = Assert.IsType<OrderReading.Read>((await ListAsync(Recording().Replace("\"受付\"", "\"キャンセル\"", StringComparison.Ordinal)))[0].Reading).Order;

        Assert.Equal(OrderState.Cancelled, Judged(order).State);
    }

    [Theory]
    [InlineData("header", "X-API-KEY", "", "X-API-KEY", "canary-key-0123456789")]
    [InlineData("header", "Authorization", "Bearer ", "Authorization", "Bearer canary-key-0123456789")]
    public async Task The_key_stands_in_the_header_that_the_setting_names(string place, string name, string prefix, string header, string value)
    {
        (_shop.Settings["key-place"], _shop.Settings["key-name"], _shop.Settings["key-prefix"]) = (place, name, prefix);

        await ListAsync();

        var call = Assert.Single(_shop.Seen);
        Assert.Equal(value, call.Headers[header]);
        Assert.Equal("?from=2026-11-20&to=2026-11-20&offset=0&limit=100", call.Address.Query);
    }

    [Fact]
    public async Task The_key_may_stand_in_the_query_and_then_in_no_header_and_no_exception()
    {
        (_shop.Settings["key-place"], _shop.Settings["key-name"]) = ("query", "token");

        await ListAsync();
        _shop.On("GET", Orders, "", status: 401);
        var refused = await Assert.ThrowsAsync<MarketplaceException>(() => _shop.ListAsync());

        Assert.EndsWith($"&token={Key}", _shop.Seen[0].Address.Query, StringComparison.Ordinal);
        Assert.DoesNotContain(_shop.Seen[0].Headers, h => h.Value.Contains(Key, StringComparison.Ordinal));
        Assert.Equal(CredentialFault.Wrong, refused.Credential);
        Assert.DoesNotContain(Key, refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Method_path_names_and_field_names_are_settings()
    {
        _shop.Settings["orders-method"] = "POST";
        _shop.Settings["orders-path"] = "v1/list";
        _shop.Settings["search-from"] = "start";
        _shop.Settings["date-format"] = "yyyy/MM/dd";
        _shop.Settings["field-sku"] = "item_name";
        _shop.On("POST", "/v1/list", Recording());

        var order = Assert.IsType<OrderReading.Read>((await _shop.ListAsync())[0].Orders[0].Reading).Order;

        Assert.Equal("""{"start":"2026/11/20","to":"2026/11/20","offset":0,"limit":100}""", Assert.Single(_shop.Seen).Body);
        Assert.Equal("見本ワンピース", order.Lines[0].Sku);
    }

    [Fact]
    public async Task Shift_JIS_is_read_where_the_setting_says_so_and_found_out_where_it_does_not()
    {
        var body = CodePagesEncodingProvider.Instance.GetEncoding(932)!.GetBytes(Recording());
        _shop.On("GET", Orders, _ => Scripted.Answer(body));

        var wrong = (await _shop.ListAsync()).SelectMany(p => p.Orders).ToArray();
        _shop.Settings["encoding"] = "shift_jis";
        var right = (await _shop.ListAsync()).SelectMany(p => p.Orders).ToArray();

        Assert.All(wrong, o => Assert.IsType<OrderReading.Unreadable>(o.Reading));
        Assert.Equal("W-002-髙", Assert.IsType<OrderReading.Read>(right[0].Reading).Order.Lines[1].Sku);
    }

    [Fact]
    public async Task Without_pages_an_answer_that_names_more_orders_than_it_brings_is_not_taken_for_the_whole()
    {
        _shop.Settings["search-offset"] = "";
        Assert.Equal(3, (await ListAsync()).Count);
        Assert.DoesNotContain("offset", _shop.Seen[0].Address.Query, StringComparison.Ordinal);

        _shop.On("GET", Orders, Recording().Replace("\"count\":3", "\"count\":4", StringComparison.Ordinal));
        Assert.Equal(FailureKind.Unreadable, (await Assert.ThrowsAsync<MarketplaceException>(() => _shop.ListAsync())).Kind);
    }

    [Theory]
    [InlineData(200, """{"result":"ok"}""", true)]
    [InlineData(204, "", true)]
    [InlineData(404, """{"message":"該当する商品がありません。"}""", false)]
    public async Task Stock_goes_out_absolute_and_by_wholesale_item_number(int status, string body, bool accepted)
    {
        _shop.On("POST", "/shoplist-api/stocks", body, status);

        var outcome = Assert.Single(await _shop.Market.Stock!.SetAsync(_shop.Access, [new StockReport(new StockItem("W-001-BLK-M"), 0)], TestContext.Current.CancellationToken));

        Assert.Equal("""{"卸品番":"W-001-BLK-M","quantity":0}""", Assert.Single(_shop.Seen).Body);
        Assert.Equal(accepted, outcome is StockOutcome.Accepted);
        Assert.True(accepted || outcome is StockOutcome.Rejected { UnknownItem: true });
    }

    [Fact]
    public void Nothing_pretends_to_report_shipments_to_read_by_code_or_to_cancel()
    {
        var market = _shop.Market;

        Assert.True(market is { Shipments: null, ShipmentReader: null, Reader: null, Cancellation: null, Acknowledgement: null });
        Assert.Empty(market.Manifest.PushSteps);
        Assert.True(market.Manifest.OrderFile is { Completes: true, Encoding: "shift_jis" });
        Assert.All(market.Manifest.OrderFile.Columns.Keys, field => Assert.Contains(field, OrderFileFields.All));
        Assert.Subset(market.Manifest.OrderFile.Columns.Keys.ToHashSet(), OrderFileFields.Required.ToHashSet());
    }

    private SalesOrder Judged(OrderSnapshot order) => new Judgement(_shop.Access.Store, _shop.Market.Manifest.DefaultMappings).New(order, Jst.At(new DateOnly(2026, 11, 20), new TimeOnly(12, 0)));

    private async Task<List<ListedOrder>> ListAsync(string? body = null)
    {
        _shop.On("GET", Orders, body ?? Recording());
        return [.. (await _shop.ListAsync()).SelectMany(p => p.Orders)];
    }

    private static string Recording([CallerFilePath] string here = "") => File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "recordings", "orders-three.json"));
}
