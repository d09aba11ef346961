using System.Net;
using Sandbox.Core;

namespace Tests.Connectors.Sandbox;

public sealed class AuPaySearchTests : IDisposable
{
    private const string Day = "startDate=20261120&endDate=20261120";

    private readonly AuPayRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task An_order_comes_with_the_elements_that_public_clients_read()
    {
        var code = _rig.Place(AuPayRig.Seed() with { RequestedDate = new DateOnly(2026, 11, 25), TimeSlotText = "午前中", BuyerNote = "午前に<お願い>" });

        var order = (await _rig.ListAsync(Day + "&dateType=0&totalCount=1000&startCount=1")).Orders.Single();

        string Value(string name) => order.Element(name)!.Value;
        Assert.Equal(code, Value("orderId"));
        Assert.Equal("2026/11/20 11:00", Value("orderDate"));
        Assert.Equal("見本 太郎", Value("ordererName"));
        Assert.Equal("東京都 千代田区 千代田1-1 見本ビル101", Value("ordererAddress"));
        Assert.Equal("髙﨑 𠮷子", Value("senderName"));
        Assert.Equal("大阪府 大阪市北区 梅田1-1-1", Value("senderAddress"));
        Assert.Equal("新規受付", Value("orderStatus"));
        Assert.Equal("Y", Value("paymentStatus"));
        Assert.Equal("午前に<お願い>", Value("userComment"));
        Assert.Equal("2026/11/25", Value("deliveryRequestDay"));
        Assert.Equal("午前中", Value("deliveryRequestTime"));
        Assert.Equal("4380", Value("totalSalePrice"));
        Assert.Equal("1080", Value("totalSalePriceReducedTax"));
        Assert.Equal("4930", Value("totalPrice"));
        Assert.Equal("4630", Value("requestPrice"));
        var lines = order.Elements("detail").ToArray();
        Assert.Equal(["ABC-001", "TEA-50"], lines.Select(l => l.Element("itemCode")!.Value));
        Assert.Equal(["-RED", ""], lines.Select(l => l.Element("itemManagementId")!.Value));
        Assert.Equal("カラー=赤&サイズ=S", lines[0].Element("itemOption")!.Value);
        Assert.Equal("2", lines[0].Element("unit")!.Value);
    }

    [Fact]
    public async Task The_relay_address_differs_for_every_order_of_one_buyer()
    {
        _rig.Place(2);

        var orders = (await _rig.ListAsync(Day)).Orders;

        Assert.Equal(2, orders.Select(o => o.Element("mailAddress")!.Value).Distinct().Count());
        Assert.All(orders, o => Assert.DoesNotContain("taro", o.Element("mailAddress")!.Value, StringComparison.Ordinal));
        Assert.All(orders, o => Assert.Null(o.Element("rawMailAddress")));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(999)]
    [InlineData(1000)]
    [InlineData(1001)]
    public async Task Pages_of_a_thousand_hold_every_order_once(int orders)
    {
        _rig.Place(orders);

        var first = await _rig.ListAsync(Day + "&totalCount=1000&startCount=1");
        var second = await _rig.ListAsync(Day + "&totalCount=1000&startCount=1001");

        Assert.Equal(Math.Min(orders, 1000), first.Ids.Length);
        Assert.Equal(Math.Max(orders - 1000, 0), second.Ids.Length);
        Assert.Equal(orders, first.Ids.Concat(second.Ids).Distinct().Count());
    }

    [Theory]
    [InlineData("totalCount=1001")]
    [InlineData("totalCount=0")]
    [InlineData("startCount=0")]
    [InlineData("startDate=2026-11-31")]
    [InlineData("endDate=20.11.2026")]
    [InlineData("dateType=5")]
    public async Task A_senseless_parameter_is_http_200_with_status_1(string parameter)
    {
        var answer = await _rig.ListAsync(parameter);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("1", answer.Result);
        Assert.StartsWith($"[{parameter.Split('=')[0]}]", answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("startDate=20261119&endDate=20261120")]
    [InlineData("startDate=2026-11-19&endDate=2026-11-20")]
    [InlineData("startDate=2026/11/19&endDate=2026/11/20")]
    [InlineData("startDate=20261119&endDate=")]
    [InlineData("startDate=&endDate=20261120")]
    [InlineData("startDate=&endDate=&orderStatus=&totalCount=&startCount=&dateType=")]
    public async Task Every_spelling_of_a_day_and_an_empty_parameter_are_understood(string query)
    {
        _rig.Place(AuPayRig.Seed(new DateTimeOffset(2026, 11, 19, 0, 0, 0, TimeSpan.FromHours(9))));
        _rig.Place(AuPayRig.Seed(new DateTimeOffset(2026, 11, 20, 11, 59, 59, TimeSpan.FromHours(9))));

        Assert.Equal(2, (await _rig.ListAsync(query)).Orders.Count);
    }

    [Fact]
    public async Task Days_are_japanese_days_with_both_ends_included()
    {
        var before = _rig.Place(AuPayRig.Seed(new DateTimeOffset(2026, 11, 18, 23, 59, 59, TimeSpan.FromHours(9))));
        var first = _rig.Place(AuPayRig.Seed(new DateTimeOffset(2026, 11, 18, 15, 0, 0, TimeSpan.Zero)));
        var last = _rig.Place(AuPayRig.Seed(new DateTimeOffset(2026, 11, 19, 14, 59, 59, TimeSpan.Zero)));
        _rig.Place();

        var ids = (await _rig.ListAsync("startDate=20261119&endDate=20261119")).Ids.Select(id => $"{id}").ToArray();

        Assert.Equal([first, last], ids);
        Assert.DoesNotContain(before, ids);
    }

    [Fact]
    public async Task One_or_two_statuses_filter_the_list()
    {
        var paid = _rig.Place();
        var unpaid = _rig.Place(AuPayRig.Seed() with { Paid = false });
        var review = _rig.Place(AuPayRig.Seed() with { InReview = true });

        async Task<string[]> Found(string query) => [.. (await _rig.ListAsync(Day + query)).Ids.Select(id => $"{id}").Order()];
        Assert.Equal([paid], await Found("&orderStatus=" + Uri.EscapeDataString("新規受付")));
        Assert.Equal([unpaid, review], await Found($"&orderStatus={Uri.EscapeDataString("発送前入金待ち")}&orderStatus2={Uri.EscapeDataString("不正取引審査中")}"));
    }

    [Fact]
    public async Task The_other_date_types_look_at_their_own_dates()
    {
        var paid = _rig.Place(AuPayRig.Seed(AuPayRig.Noon.AddDays(-3)) with { Paid = false });
        _rig.Simulator.Pay(AuPayRig.Account, paid);
        var shipped = _rig.Place(AuPayRig.Seed(AuPayRig.Noon.AddDays(-2)));
        await _rig.ReportAsync(shipped, date: "2026-11-20");

        Assert.Equal([paid], (await _rig.ListAsync(Day + "&dateType=2")).Ids.Select(id => $"{id}"));
        Assert.Equal([shipped], (await _rig.ListAsync(Day + "&dateType=1")).Ids.Select(id => $"{id}"));
        Assert.Empty((await _rig.ListAsync(Day + "&dateType=3")).Orders);
        Assert.Equal([paid], (await _rig.ListAsync(Day + "&dateType=4")).Ids.Select(id => $"{id}"));
    }

    [Fact]
    public async Task The_number_search_takes_the_same_conditions_and_returns_numbers_only()
    {
        var code = _rig.Place();

        var order = (await _rig.ListAsync(Day, "searchTradeNoListProc")).Orders.Single();

        Assert.Equal([("orderId", code)], order.Elements().Select(e => (e.Name.LocalName, e.Value)));
    }

    [Fact]
    public async Task One_order_is_read_by_its_number_and_an_unknown_one_is_empty()
    {
        var code = _rig.Place();

        var known = await _rig.GetAsync($"searchTradeInfoProc?shopId={_rig.ShopId}&orderId={code}");
        var unknown = await _rig.GetAsync($"searchTradeInfoProc?shopId={_rig.ShopId}&orderId=1");
        var unsaid = await _rig.GetAsync($"searchTradeInfoProc?shopId={_rig.ShopId}");

        Assert.Equal(code, known.Orders.Single().Element("orderId")!.Value);
        Assert.Equal("0", unknown.Result);
        Assert.Empty(unknown.Orders.Single().Elements());
        Assert.Equal("[orderId]必須入力項目です", unsaid.Message);
    }

    [Fact]
    public async Task An_order_of_the_future_appears_when_its_time_comes()
    {
        var code = _rig.Place(AuPayRig.Seed(AuPayRig.Noon.AddMinutes(5)));

        Assert.Empty((await _rig.ListAsync(Day)).Orders);
        Assert.Empty(_rig.Simulator.Served(AuPayRig.Account));
        _rig.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Single((await _rig.ListAsync(Day)).Orders);
        Assert.Equal(AuPayRig.Noon.AddMinutes(5), _rig.Served(code).VisibleSince);
    }

    [Fact]
    public async Task A_malformed_order_spoils_neither_the_page_nor_its_neighbours()
    {
        _rig.Place(3);
        var date = _rig.Place(AuPayRig.Seed() with { Malformed = "date" });
        var amount = _rig.Place(AuPayRig.Seed() with { Malformed = "amount" });
        var missing = _rig.Place(AuPayRig.Seed() with { Malformed = "missing" });

        var orders = (await _rig.ListAsync(Day)).Orders.ToDictionary(o => o.Element("orderId")!.Value);

        Assert.Equal(6, orders.Count);
        Assert.False(DateTime.TryParse(orders[date].Element("orderDate")!.Value, out _));
        Assert.False(decimal.TryParse(orders[amount].Element("totalPrice")!.Value, out _));
        Assert.Null(orders[missing].Element("senderName"));
        Assert.Empty(orders[missing].Elements("detail"));
    }

    [Fact]
    public async Task A_doubled_slash_and_the_raw_mail_address_on_request_are_served()
    {
        _rig.Place();

        var answer = await _rig.GetAsync($"https://api.manager.example.invalid/wmshopapi//searchTradeInfoListProc?shopId={_rig.ShopId}&getRawMailAddress=1");

        Assert.Equal("taro@example.invalid", answer.Orders.Single().Element("rawMailAddress")!.Value);
    }

    [Fact]
    public async Task Ten_thousand_orders_of_two_weeks_are_listed_day_by_day()
    {
        for (var i = 0; i < 10_000; i++)
        {
            _rig.Place(AuPayRig.Seed(AuPayRig.Noon.AddMinutes(-2 * i)));
        }

        var found = 0;
        for (var day = JapanTime.Day(AuPayRig.Noon).AddDays(-14); day <= JapanTime.Day(AuPayRig.Noon); day = day.AddDays(1))
        {
            found += (await _rig.ListAsync($"startDate={day:yyyyMMdd}&endDate={day:yyyyMMdd}&totalCount=1000")).Ids.Length;
        }

        Assert.Equal(10_000, found);
    }
}
