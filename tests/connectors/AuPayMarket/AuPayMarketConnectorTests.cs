using System.Globalization;
using System.Net;
using System.Text;
using System.Xml.Linq;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Time;

namespace Tests.Connectors.AuPayMarket;

public sealed class AuPayMarketConnectorTests
{
    private readonly ScriptedAuPay _shop = new();

    [Fact]
    public async Task A_list_is_one_GET_with_shop_key_days_and_page()
    {
        _shop.On("searchTradeInfoListProc", ScriptedAuPay.Recording("search-one-order.xml"));

        var page = Assert.Single(await _shop.ListDayAsync());

        Assert.Equal("746000001", Assert.Single(page.Orders).Code.Value);
        var call = Assert.Single(_shop.Seen);
        Assert.Equal(("GET", "/wmshopapi/searchTradeInfoListProc", $"Bearer {ScriptedAuPay.Key}"), (call.Method, call.Path, call.Authorization));
        Assert.Equal(
            new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                ["shopId"] = "40000001",
                ["startDate"] = "20261120",
                ["endDate"] = "20261120",
                ["dateType"] = "0",
                ["totalCount"] = "1000",
                ["startCount"] = "1",
            },
            new SortedDictionary<string, string>(call.Query.ToDictionary(), StringComparer.Ordinal));
        Assert.Equal((CallKind.Read, "searchTradeInfoListProc"), (call.Mark!.Kind, call.Mark.Endpoint));
    }

    [Theory]
    [InlineData("yyyyMMdd", "20270101")]
    [InlineData("yyyy-MM-dd", "2027-01-01")]
    [InlineData("yyyy/MM/dd", "2027/01/01")]
    public async Task Days_are_those_of_Japan_in_the_format_that_the_store_sets(string format, string expected)
    {
        _shop.Settings["date-format"] = format;
        _shop.On("searchTradeInfoListProc", ScriptedAuPay.ListOf());
        var day = new DateOnly(2027, 1, 1); // begins on 31 December in UTC

        await _shop.ListAsync(Jst.StartOf(day), Jst.StartOf(day.AddDays(1)));

        var query = Assert.Single(_shop.Seen).Query;
        Assert.Equal((expected, expected), (query["startDate"], query["endDate"]));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    [InlineData(6, 4)]
    public async Task It_pages_until_a_page_is_not_full_whatever_resultCount_says(int orders, int calls)
    {
        _shop.Settings["page-size"] = "2";
        _shop.On("searchTradeInfoListProc", call =>
        {
            var start = int.Parse(call.Query["startCount"], CultureInfo.InvariantCulture);
            var rows = Enumerable.Range(start, Math.Clamp(orders - start + 1, 0, 2)).Select(i => Numbered(746_000_000 + i));
            return ScriptedAuPay.Answer(ScriptedAuPay.ListOf([new XElement("resultCount", "1"), .. rows]));
        });

        var pages = await _shop.ListDayAsync();

        Assert.Equal(Enumerable.Range(746_000_001, orders), pages.SelectMany(p => p.Orders).Select(o => int.Parse(o.Code.Value, CultureInfo.InvariantCulture)));
        Assert.Equal(Enumerable.Range(0, calls).Select(i => $"{(2 * i) + 1}"), _shop.Seen.Select(c => c.Query["startCount"]));
    }

    [Fact]
    public async Task A_service_that_serves_the_same_page_for_ever_is_noticed()
    {
        _shop.Settings["page-size"] = "1";
        _shop.On("searchTradeInfoListProc", ScriptedAuPay.Recording("search-one-order.xml"));

        var failure = await Assert.ThrowsAsync<MarketplaceException>(_shop.ListDayAsync);

        Assert.Equal(FailureKind.Unreadable, failure.Kind);
        Assert.Equal(2, _shop.Seen.Count);
    }

    [Fact]
    public async Task A_row_without_a_number_is_a_stray_and_its_page_arrives()
    {
        var strange = ScriptedAuPay.Order();
        strange.SetElementValue("orderId", "");
        _shop.On("searchTradeInfoListProc", ScriptedAuPay.ListOf(strange, ScriptedAuPay.Order()));

        var page = Assert.Single(await _shop.ListDayAsync());

        Assert.Equal("746000001", Assert.Single(page.Orders).Code.Value);
        Assert.Contains("見本シャツ", Encoding.UTF8.GetString(Assert.Single(page.Strays).Raw.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_control_character_in_a_note_stops_neither_order_nor_page()
    {
        var order = ScriptedAuPay.ListOf(ScriptedAuPay.Order()).Replace("午前に届けてください", "午前に&#x1;届けて&#xB;ください", StringComparison.Ordinal);
        _shop.On("searchTradeInfoListProc", order);

        var listed = Assert.Single(Assert.Single(await _shop.ListDayAsync()).Orders);

        var read = Assert.IsType<OrderReading.Read>(listed.Reading);
        Assert.Equal("午前に\u0001届けて\u000Bください", read.Order.BuyerNote);
        Assert.Contains("<orderId>746000001</orderId>", Encoding.UTF8.GetString(read.Raw.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "key-refused.xml", FailureKind.CredentialRejected, CredentialFault.Expired, "0002")]
    [InlineData(200, "key-refused.xml", FailureKind.CredentialRejected, CredentialFault.Expired, "0002")]
    [InlineData(401, "gateway.html", FailureKind.CredentialRejected, CredentialFault.Expired, null)]
    [InlineData(403, "gateway.html", FailureKind.CredentialRejected, CredentialFault.AddressNotRegistered, null)]
    [InlineData(200, "refused-field.xml", FailureKind.Rejected, null, "CME0000")]
    [InlineData(400, "refused-field.xml", FailureKind.Rejected, null, "CME0000")]
    [InlineData(200, "refused-message-only.xml", FailureKind.Rejected, null, null)]
    [InlineData(500, "refused-field.xml", FailureKind.Transient, null, "CME0000")]
    [InlineData(502, "gateway.html", FailureKind.Transient, null, null)]
    [InlineData(504, "gateway.html", FailureKind.Transient, null, null)]
    [InlineData(503, "gateway.html", FailureKind.Maintenance, null, null)]
    [InlineData(200, "gateway.html", FailureKind.Maintenance, null, null)]
    [InlineData(429, "gateway.html", FailureKind.Throttled, null, null)]
    public async Task A_refusal_is_told_by_status_and_code(int status, string recording, FailureKind kind, CredentialFault? fault, string? code)
    {
        _shop.On("searchTradeInfoListProc", ScriptedAuPay.Recording(recording), status);

        var failure = await Assert.ThrowsAsync<MarketplaceException>(_shop.ListDayAsync);

        Assert.Equal((kind, fault, code), (failure.Kind, failure.Credential, failure.Code));
        Assert.DoesNotContain(ScriptedAuPay.Key, failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CME0021")]
    [InlineData("CME0022")]
    public async Task A_shop_id_that_is_missing_or_wrong_is_a_wrong_credential(string code)
    {
        _shop.On("searchTradeInfoListProc", ScriptedAuPay.Recording("refused-field.xml").Replace("CME0000", code, StringComparison.Ordinal), 400);

        var failure = await Assert.ThrowsAsync<MarketplaceException>(_shop.ListDayAsync);

        Assert.Equal((FailureKind.CredentialRejected, CredentialFault.Wrong), (failure.Kind, failure.Credential));
    }

    [Theory]
    [InlineData("<response/>", FailureKind.Unreadable)]
    [InlineData("<ResultSet><Status>NG</Status></ResultSet>", FailureKind.Unreadable)]
    [InlineData("<response><result><status>0</status></result><orderInfo>", FailureKind.Transient)]
    [InlineData("", FailureKind.Transient)]
    [InlineData("OK", FailureKind.Transient)]
    [InlineData("""<!DOCTYPE r [<!ENTITY x "y">]><response><result><status>0</status></result></response>""", FailureKind.Maintenance)]
    public async Task An_answer_of_another_shape_is_no_empty_list(string body, FailureKind expected)
    {
        _shop.On("searchTradeInfoListProc", body);

        Assert.Equal(expected, (await Assert.ThrowsAsync<MarketplaceException>(_shop.ListDayAsync)).Kind);
    }

    [Fact]
    public async Task The_waiting_time_of_a_maintenance_page_is_passed_on()
    {
        _shop.On("searchTradeInfoListProc", _ =>
        {
            var answer = ScriptedAuPay.Answer(ScriptedAuPay.Recording("gateway.html"), (int)HttpStatusCode.ServiceUnavailable);
            answer.Headers.TryAddWithoutValidation("Retry-After", "3600");
            return answer;
        });

        var failure = await Assert.ThrowsAsync<MarketplaceException>(_shop.ListDayAsync);

        Assert.Equal((FailureKind.Maintenance, TimeSpan.FromHours(1)), (failure.Kind, failure.RetryAfter));
    }

    [Fact]
    public async Task An_order_is_read_by_its_code()
    {
        _shop.On("searchTradeInfoProc", ScriptedAuPay.ListOf(ScriptedAuPay.Order()));

        var read = Assert.IsType<OrderReading.Read>(Assert.Single(await _shop.ReadAsync(ScriptedAuPay.Reference("746000001"))));

        Assert.Equal("見本 花子", read.Order.Recipient.Name);
        Assert.Equal("746000001", Assert.Single(_shop.Seen).Query["orderId"]);
    }

    [Fact]
    public async Task An_order_that_they_do_not_know_is_gone_when_empty_and_unreadable_when_refused_and_the_next_one_is_read()
    {
        _shop.On("searchTradeInfoProc", call => ScriptedAuPay.Answer(call.Query["orderId"] switch
        {
            "1" => ScriptedAuPay.Recording("no-such-order.xml"),
            "2" => ScriptedAuPay.Recording("refused-message-only.xml"),
            _ => ScriptedAuPay.ListOf(ScriptedAuPay.Order()),
        }));

        var readings = await _shop.ReadAsync(ScriptedAuPay.Reference("1"), ScriptedAuPay.Reference("2"), ScriptedAuPay.Reference("746000001"));

        Assert.Collection(
            readings,
            r => Assert.IsType<OrderReading.Gone>(r),
            r => Assert.IsType<OrderReading.Unreadable>(r),
            r => Assert.IsType<OrderReading.Read>(r));
    }

    [Fact]
    public async Task The_ship_gate_asks_two_number_lists_over_the_days_of_its_orders_and_takes_its_own_alone()
    {
        _shop.On("searchTradeNoListProc", call => ScriptedAuPay.Answer(call.Query["orderStatus"] == "キャンセル"
            ? ScriptedAuPay.ListOf(Number("1"), Number("99"))
            : ScriptedAuPay.ListOf(Number("2"))));

        var stopped = await _shop.Market.Reader!.StoppedAsync(
            _shop.Access, [ScriptedAuPay.Reference("1", hour: 0), ScriptedAuPay.Reference("2", hour: 23), ScriptedAuPay.Reference("3")], TestContext.Current.CancellationToken);

        Assert.Equal(
            [("1", MarketplaceStanding.Cancelled), ("2", MarketplaceStanding.CancelRequested)],
            stopped.Select(s => (s.Key.Value, s.Value)).Order());
        Assert.All(_shop.Seen, call => Assert.Equal(("20261120", "20261120"), (call.Query["startDate"], call.Query["endDate"])));
        Assert.Equal(2, _shop.Seen.Count);
    }

    private static XElement Numbered(int number)
    {
        var order = ScriptedAuPay.Order();
        order.SetElementValue("orderId", number);
        return order;
    }

    private static XElement Number(string code) => new("orderInfo", new XElement("orderId", code));
}
