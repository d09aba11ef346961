using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Connectors.ShopServe;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Stores;
using Domain.Time;

namespace Tests.Connectors.ShopServe;

/// <summary>Recorded answers, taken from the facts' own samples where there are any, and what becomes of them under the store's settings.</summary>
public sealed class ShopServeRecordingTests
{
    private const string Retrieve = "/v2/orders/_retrieve/basic;orderer;delivery;item";

    private readonly Scripted _shop = new(services => services.AddShopServe(), "0123456789abcdef0123456789abcdef01234567");

    public ShopServeRecordingTests() => _shop.Settings["shop-id"] = "mihon1.sb";

    [Fact]
    public async Task The_search_names_days_status_and_place_with_basic_auth()
    {
        await ListAsync(Recording("retrieve-none.json"));

        var call = Assert.Single(_shop.Seen);
        Assert.Equal(("POST", CallKind.Read, "orders/_retrieve"), (call.Method, call.Mark!.Kind, call.Mark.Endpoint));
        Assert.Equal("""{"since":"2026-11-20","until":"2026-11-20","from":0,"size":100,"shipping_status":"未発送"}""", call.Body);
        Assert.Equal("mihon1.sb:0123456789abcdef0123456789abcdef01234567", Encoding.UTF8.GetString(Convert.FromBase64String(call.Headers["Authorization"]["Basic ".Length..])));
    }

    [Fact]
    public async Task Every_field_that_a_shop_needs_arrives()
    {
        var order = Assert.IsType<OrderReading.Read>((await ListAsync(Recording("retrieve-two.json")))[0].Reading).Order;

        Assert.Equal(("1000101", Jst.At(new DateOnly(2026, 11, 20), new TimeOnly(14, 7, 9))), (order.Code.Value, order.PlacedAt));
        Assert.Equal((MarketplaceStanding.Ready, "新規 決済済 入金済 未発送"), (order.Standing, order.RawStatus));
        Assert.Equal(new Party("見本 太郎", "ミホン タロウ", "100-0001", "東京都", "千代田区", "千代田1-1", "見本ビル101", "03-0000-0000", "taro@example.invalid"), order.Buyer);
        Assert.Equal(new Party("髙﨑 𠮷子", "タカサキ ヨシコ", "530-0001", "大阪府", "大阪市北区", "梅田1-1-1", "", "06-0000-0000", ""), order.Recipient);
        Assert.Equal(
            [new OrderLine("1", "ABC-RED-S", "見本シャツ", "赤 S", 2, new Yen(1650), 10), new OrderLine("2", "TEA-50", "見本茶", "", 1, new Yen(1080), 8)],
            order.Lines);
        Assert.Equal(
            new OrderAmounts(new Yen(4380), new Yen(550), Yen.Zero, new Yen(110), Yen.Zero, new Yen(100), new Yen(200), new Yen(5040), new Yen(4740)), order.Amounts);
        Assert.Equal(order.Amounts.Billed, order.Amounts.Reckoned);
        Assert.Equal(new Payment("クレジットカード", PaymentStanding.Secured), order.Payment);
        Assert.Equal((new DateOnly(2026, 11, 25), "午前中"), (order.RequestedDate, order.TimeSlotText));
        Assert.Equal(new GiftRequest(true, "Yes", "御祝", ""), order.Gift);
        Assert.Equal((Temperature.Chilled, false), (order.Temperature, order.Incomplete));
        Assert.Empty(order.Destinations);
    }

    [Theory]
    [InlineData(null, "yamato")]
    [InlineData("sagawa", "sagawa")]
    public async Task Whatever_the_order_says_it_goes_by_the_stores_default_delivery(string? setting, string service)
    {
        if (setting is not null)
        {
            _shop.Settings["default-delivery"] = setting;
        }

        var orders = await ListAsync(Recording("retrieve-two.json"));

        Assert.All(orders, o => Assert.Equal(service, Assert.IsType<OrderReading.Read>(o.Reading).Order.DeliveryText));
        Assert.Equal(new DeliveryMethod(service), _shop.Market.Manifest.DefaultMappings.Deliveries[service]);
    }

    [Fact]
    public async Task A_cancelled_order_says_so_and_an_unpaid_one_is_not_secured()
    {
        var order = Assert.IsType<OrderReading.Read>((await ListAsync(Recording("retrieve-two.json")))[1].Reading).Order;

        Assert.Equal((MarketplaceStanding.Cancelled, PaymentStanding.Unpaid, "のし不要です"), (order.Standing, order.Payment.Standing, order.BuyerNote));
        Assert.Equal(1080, order.Amounts.Billed.Amount); // they name no billed amount: total less what was taken off
    }

    [Theory]
    [InlineData("order_status", "出荷準備中", "出荷準備中")]
    [InlineData("shipping_status", "一部発送", "一部発送")]
    public async Task A_status_word_that_no_setting_knows_holds_the_order_by_its_name_until_one_does(string field, string word, string detail)
    {
        var body = Changed(order => order[field] = word);
        var order = Assert.IsType<OrderReading.Read>((await ListAsync(body))[0].Reading).Order;

        Assert.Equal(MarketplaceStanding.InReview, order.Standing);
        Assert.Equal(new Hold(HoldReason.UnknownStatus, detail), Assert.Single(order.MarketplaceHolds));

        _shop.Settings[field == "order_status" ? "words-open" : "words-unshipped"] = $"新規, 未発送、{word}";
        Assert.Equal(MarketplaceStanding.Ready, Assert.IsType<OrderReading.Read>((await ListAsync(body))[0].Reading).Order.Standing);
    }

    [Fact]
    public async Task Another_name_for_a_field_is_a_setting()
    {
        var body = Changed(order =>
        {
            order["no"] = order["serial_code"]!.DeepClone();
            order.Remove("serial_code");
            order["money"] = new JsonObject { ["all"] = order["total_price"]!.DeepClone() };
            order.Remove("total_price");
        });
        _shop.Settings["field-order-code"] = "no";
        _shop.Settings["field-total"] = "money.all";

        Assert.Equal("1000101", Assert.IsType<OrderReading.Read>((await ListAsync(body))[0].Reading).Code.Value);
    }

    [Fact]
    public async Task Several_destinations_come_with_their_own_lines_and_hold_the_order()
    {
        var body = Changed(order =>
        {
            var second = order["destinations"]![0]!.DeepClone();
            second["destination_code"] = "2";
            second["name"] = "仮名 梅子";
            order["destinations"]!.AsArray().Add(second);
        });

        var order = Assert.IsType<OrderReading.Read>((await ListAsync(body))[0].Reading).Order;

        Assert.Equal(["髙﨑 𠮷子", "仮名 梅子"], order.Destinations.Select(d => d.Recipient.Name));
        Assert.Equal(["1-1 1-2", "2-1 2-2"], order.Destinations.Select(d => string.Join(' ', d.LineIds))); // the same numbers stood in both
        Assert.Equal(order.Lines.Select(l => l.LineId), order.Destinations.SelectMany(d => d.LineIds));
        Assert.Contains(order.MarketplaceHolds, h => h.Reason is HoldReason.SeveralDestinations);
    }

    [Theory]
    [InlineData("\"髙﨑 𠮷子\"", "\"髙﨑 \\ud842\"", "name")] // cut in the middle of a character
    [InlineData("\"2026-11-25\"", "\"11月25日\"", "delivery_date")]
    [InlineData("\"total_price\":5040", "\"total_price\":null", "total_price")]
    [InlineData("\"quantity\":2", "\"quantity\":-2", "quantity")]
    [InlineData("\"postal_code\":\"530-0001\"", "\"postal_code\":{}", "postal_code")]
    public async Task What_cannot_be_read_is_named_by_its_field_and_its_neighbour_is_read(string right, string wrong, string field)
    {
        var body = Recording("retrieve-two.json").Replace(right, wrong, StringComparison.Ordinal);
        Assert.NotEqual(Recording("retrieve-two.json"), body);

        var orders = await ListAsync(body);

        var broken = Assert.IsType<OrderReading.Unreadable>(orders[0].Reading);
        Assert.Contains(field, broken.Expected, StringComparison.Ordinal);
        Assert.DoesNotContain("髙﨑", broken.Expected, StringComparison.Ordinal);
        Assert.IsType<OrderReading.Read>(orders[1].Reading);
    }

    [Fact]
    public async Task A_total_that_shrinks_between_two_pages_starts_the_day_anew()
    {
        var rows = Enumerable.Range(1, 4).Select(i => Changed(order => order["serial_code"] = $"{i}", wrap: false)).ToArray();
        string[] answers =
        [
            Page(4, rows[0], rows[1]),
            Page(3, rows[3]), // the first was shipped meanwhile: the third has moved to the page before
            Page(3, rows[1], rows[2]),
            Page(3, rows[3]),
        ];
        var asked = 0;
        _shop.Settings["page-size"] = "2";
        _shop.On("POST", Retrieve, _ => Scripted.Answer(Encoding.UTF8.GetBytes(answers[asked++])));

        var codes = (await _shop.ListAsync()).SelectMany(p => p.Orders).Select(o => o.Code.Value);

        Assert.Equal(["1", "2", "3", "4"], codes.Distinct().Order());
        Assert.Equal(4, asked);
    }

    private async Task<List<ListedOrder>> ListAsync(string body)
    {
        _shop.On("POST", Retrieve, body);
        return [.. (await _shop.ListAsync()).SelectMany(p => p.Orders)];
    }

    private static string Page(int total, params string[] rows) => $$"""{"total_count":{{total}},"orders":[{{string.Join(',', rows)}}]}""";

    /// <summary>The first recorded order, changed, as a list of one.</summary>
    private static string Changed(Action<JsonObject> change, bool wrap = true)
    {
        var order = JsonNode.Parse(Recording("retrieve-two.json"))!["orders"]![0]!.DeepClone().AsObject();
        change(order);
        return wrap ? Page(1, order.ToJsonString()) : order.ToJsonString();
    }

    internal static string Recording(string name, [CallerFilePath] string here = "") => File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "recordings", name));
}
