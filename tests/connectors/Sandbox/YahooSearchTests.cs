using System.Net;
using Sandbox.Core;

namespace Tests.Connectors.Sandbox;

public sealed class YahooSearchTests : IDisposable
{
    private readonly YahooRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Only_the_fields_asked_for_come_back_and_none_of_the_detail()
    {
        _rig.Place();
        var answer = await _rig.ListDayAsync(fields: "OrderId,OrderTime,IsSeen,BillMailAddress,ShipCity,Title,Unknown");
        var row = answer.Xml.Descendants("OrderInfo").Single();

        Assert.Equal("Result", answer.Xml.Name);
        Assert.Equal("OK", answer.Of("Status"));
        Assert.Equal(["Index", "OrderId", "IsSeen", "OrderTime"], row.Elements().Select(e => e.Name.LocalName));
        Assert.Equal(["1", "honten-10000101", "false", "2026-11-20T11:00:00+09:00"], row.Elements().Select(e => e.Value));
    }

    [Fact]
    public async Task Pages_count_from_one_say_the_total_and_end_with_an_empty_element()
    {
        for (var i = 0; i < 12; i++)
        {
            _rig.Place(YahooRig.Seed(YahooRig.Noon.AddHours(-2).AddSeconds(i)));
        }

        var unnamed = await _rig.ListDayAsync(search: "");
        var second = await _rig.ListDayAsync(search: "<Result>5</Result><Start>11</Start>");
        var beyond = await _rig.ListDayAsync(search: "<Result>5</Result><Start>13</Start>");
        var none = await _rig.ListAsync("<OrderTimeFrom>20261101000000</OrderTimeFrom><OrderTimeTo>20261101235959</OrderTimeTo>");

        Assert.Equal((12, 10), (unnamed.Total, unnamed.Ids.Length));
        Assert.Equal(["honten-10000111", "honten-10000112"], second.Ids);
        Assert.Equal(["11", "12"], second.Xml.Descendants("Index").Select(e => e.Value));
        Assert.Equal(12, beyond.Total);
        Assert.Empty(beyond.Xml.Descendants("OrderInfo").Single().Elements());
        Assert.Equal(0, none.Total);
        Assert.Empty(none.Xml.Descendants("OrderInfo"));
    }

    [Fact]
    public async Task Both_ends_of_the_order_time_are_included_to_the_second()
    {
        var ten = YahooRig.Noon.AddHours(-2);
        var codes = Enumerable.Range(0, 4).Select(i => _rig.Place(YahooRig.Seed(ten.AddSeconds(i).AddMilliseconds(700)))).ToArray();
        var answer = await _rig.ListAsync("<OrderTimeFrom>20261120100001</OrderTimeFrom><OrderTimeTo>20261120100002</OrderTimeTo>");
        var exact = await _rig.ListAsync("<OrderTime>20261120100003</OrderTime>");

        Assert.Equal(codes[1..3], answer.Ids);
        Assert.Equal(codes[3..], exact.Ids);
    }

    [Fact]
    public async Task Rows_come_in_the_order_asked_for()
    {
        var (old, young) = (_rig.Place(YahooRig.Seed(YahooRig.Noon.AddHours(-3))), _rig.Place());

        Assert.Equal([old, young], (await _rig.ListDayAsync(search: "<Sort>+order_time</Sort>")).Ids);
        Assert.Equal([young, old], (await _rig.ListDayAsync(search: "<Sort>-order_time</Sort>")).Ids);
    }

    [Theory]
    [InlineData("<OrderStatus>2</OrderStatus>", "<Result>10</Result>", YahooRig.Fields)]
    [InlineData("<LastUpdateTimeFrom>20261120000000</LastUpdateTimeFrom><OrderTimeFrom>20261120000000</OrderTimeFrom>", "<Result>10</Result>", YahooRig.Fields)]
    [InlineData("<OrderTimeFrom>2026-11-20</OrderTimeFrom>", "<Result>10</Result>", YahooRig.Fields)]
    [InlineData("<OrderTimeFrom>20261120000000</OrderTimeFrom>", "<Result>2001</Result>", YahooRig.Fields)]
    [InlineData("<OrderTimeFrom>20261120000000</OrderTimeFrom>", "<Start>0</Start>", YahooRig.Fields)]
    [InlineData("<OrderTimeFrom>20261120000000</OrderTimeFrom>", "<Sort>order_time</Sort>", YahooRig.Fields)]
    [InlineData("<OrderTimeFrom>20261120000000</OrderTimeFrom>", "<Result>10</Result>", "")]
    public async Task A_search_without_a_time_or_with_a_senseless_value_is_od90101(string condition, string search, string fields)
    {
        var answer = await _rig.ListAsync(condition, search, fields);

        Assert.Equal((HttpStatusCode.BadRequest, "NG", "od90101"), (answer.Status, answer.Of("Status"), answer.Code));
    }

    [Fact]
    public async Task An_order_inside_the_buyers_ten_minutes_is_hidden_unless_its_mode_is_asked_for()
    {
        var old = _rig.Place();
        var young = _rig.Place(YahooRig.Seed(YahooRig.Noon.AddMinutes(-9)));
        string?[][] before = [(await _rig.ListDayAsync()).Ids, (await _rig.ListDayAsync("<ReadOnlyMode>1</ReadOnlyMode>")).Ids, (await _rig.ListDayAsync("<ReadOnlyMode>2</ReadOnlyMode>")).Ids];
        var flag = (await _rig.InfoAsync(young)).Of("IsReadOnly");
        Assert.DoesNotContain(_rig.Simulator.Served(YahooRig.Account), o => o.Code == young);
        _rig.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal([[old], [young], [old, young]], before);
        Assert.Equal("1", flag);
        Assert.Equal([old, young], (await _rig.ListDayAsync()).Ids);
        Assert.Equal("0", (await _rig.InfoAsync(young)).Of("IsReadOnly"));
        Assert.Equal(YahooRig.Noon.AddMinutes(1), _rig.Served(young).VisibleSince);
    }

    [Fact]
    public async Task An_order_in_review_is_hidden_and_appears_by_its_publication_time()
    {
        var code = _rig.Place(YahooRig.Seed() with { InReview = true });
        var hidden = await _rig.ListDayAsync();
        var shown = await _rig.ListDayAsync("<FraudHoldDisplayType>1</FraudHoldDisplayType>");
        Assert.Empty(_rig.Simulator.Served(YahooRig.Account));
        _rig.Time.Advance(TimeSpan.FromHours(5));
        await _rig.RefreshAsync();
        _rig.Simulator.EndReview(YahooRig.Account, code);
        var published = await _rig.ListAsync("<PublicationTimeFrom>20261120170000</PublicationTimeFrom><PublicationTimeTo>20261120170000</PublicationTimeTo>");
        var earlier = await _rig.ListAsync("<PublicationTimeFrom>20261120000000</PublicationTimeFrom><PublicationTimeTo>20261120165959</PublicationTimeTo>");

        Assert.Equal(0, hidden.Total);
        Assert.Equal(("1", "0", ""), (shown.Of("FraudHoldStatus"), shown.Of("ShipStatus"), shown.Of("PublicationTime")));
        Assert.Equal([code], published.Ids);
        Assert.Equal(("2", "1", "2026-11-20T17:00:00+09:00"), (published.Of("FraudHoldStatus"), published.Of("ShipStatus"), published.Of("PublicationTime")));
        Assert.Equal(0, earlier.Total);
        Assert.Equal([code], (await _rig.ListDayAsync()).Ids);
        Assert.Equal(YahooRig.Noon.AddHours(5), _rig.Served(code).VisibleSince);
        Assert.Throws<InvalidOperationException>(() => _rig.Simulator.EndReview(YahooRig.Account, code));
    }

    [Fact]
    public async Task Several_order_statuses_may_be_asked_for_at_once()
    {
        var codes = Enumerable.Range(0, 3).Select(i => _rig.Place(YahooRig.Seed(YahooRig.Noon.AddHours(-2).AddSeconds(i)))).ToArray();
        await _rig.MoveAsync(codes[1], 3);
        await _rig.MoveAsync(codes[2], 4);

        Assert.Equal([codes[0], codes[2]], (await _rig.ListDayAsync("<OrderStatus>2,4</OrderStatus>")).Ids);
        Assert.Equal([codes[1]], (await _rig.ListDayAsync("<OrderStatus>3</OrderStatus>")).Ids);
        Assert.Equal([codes[0]], (await _rig.ListDayAsync("<OrderStatus>2</OrderStatus><IsSeen>false</IsSeen>")).Ids);
        Assert.Equal([codes[1]], (await _rig.ListAsync($"<OrderId>{codes[1]}</OrderId>")).Ids);
    }

    [Theory]
    [InlineData("application/xml", """<?xml version="1.0" encoding="UTF-8"?><Req>{0}{1}</Req>""")]
    [InlineData("text/xml", "<Req>{1}{0}</Req>")]
    [InlineData("application/x-www-form-urlencoded", "\n<?xml version='1.0'?>\n<Req>\n {0}\n {1}\n</Req>")]
    [InlineData("application/xml", """<Req xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{0}{1}<Extra xsi:nil="true" /></Req>""")]
    public async Task Every_form_that_clients_send_is_taken(string type, string body)
    {
        var code = _rig.Place();
        const string Search =
            "<Search><Result>10</Result><Start/><Sort nil=\"true\"/><Condition><OrderTimeFrom>20261120000000</OrderTimeFrom><OrderTimeTo></OrderTimeTo><OrderStatus nil=\"true\"/></Condition><Field>OrderId</Field></Search>";
        var answer = await _rig.PostAsync("orderList", body.Replace("{0}", Search, StringComparison.Ordinal).Replace("{1}", $"<SellerId>{_rig.Seller}</SellerId>", StringComparison.Ordinal), type);

        Assert.Equal([code], answer.Ids);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a=b")]
    [InlineData("<Req><Search>")]
    [InlineData("<Request/>")]
    public async Task A_body_that_is_no_request_is_od90101(string body) => Assert.Equal("od90101", (await _rig.PostAsync("orderList", body)).Code);

    [Fact]
    public async Task A_store_sees_only_its_own_orders()
    {
        var code = _rig.Place();
        _rig.Shop = _rig.Host.OpenAccount(YahooRig.Market, "nigoten");
        await _rig.RefreshAsync();

        Assert.Equal(0, (await _rig.ListDayAsync()).Total);
        Assert.Equal("od91801", (await _rig.InfoAsync(code)).Code);
    }

    [Fact]
    public async Task An_order_of_the_future_is_not_there_yet()
    {
        var code = _rig.Place(YahooRig.Seed(YahooRig.Noon.AddHours(1)));

        Assert.Equal(0, (await _rig.ListDayAsync("<ReadOnlyMode>2</ReadOnlyMode>")).Total);
        Assert.Equal("od91801", (await _rig.InfoAsync(code)).Code);
    }

    [Fact]
    public async Task OrderCount_counts_new_and_held_orders()
    {
        var codes = Enumerable.Range(0, 4).Select(_ => _rig.Place()).ToArray();
        _rig.Place(YahooRig.Seed(YahooRig.Noon));
        await _rig.MoveAsync(codes[0], 3);
        await _rig.ChangeAsync(codes[1], "<IsSeen>true</IsSeen>");
        var answer = await _rig.GetAsync($"orderCount?sellerId={_rig.Seller}");

        Assert.Equal(("2", "0", "1"), (answer.Of("NewOrder"), answer.Of("NewReserve"), answer.Of("Holding")));
    }
}
