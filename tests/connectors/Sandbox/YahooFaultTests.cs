using System.Net;
using System.Xml;
using Sandbox.Core;
using Sandbox.YahooShopping;

namespace Tests.Connectors.Sandbox;

public sealed class YahooFaultTests : IDisposable
{
    private readonly YahooRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData(FaultKind.Throttle, 429, null, "throttled")]
    [InlineData(FaultKind.Maintenance, 503, "ed-00002", "maintenance")]
    [InlineData(FaultKind.ServerError, 500, "od91001", "server-error")]
    public async Task A_fault_answers_in_the_services_own_way_and_strikes_once(FaultKind kind, int status, string? code, string outcome)
    {
        await _rig.RefreshAsync();
        Break(kind, "orderList");
        var struck = await _rig.ListDayAsync();

        Assert.Equal((status, code, outcome), ((int)struck.Status, struck.Code, _rig.World.Journal.Read()[^1].Outcome));
        Assert.Equal(HttpStatusCode.OK, (await _rig.ListDayAsync()).Status);
    }

    [Theory]
    [InlineData(FaultKind.GatewayHtml, HttpStatusCode.BadGateway)]
    [InlineData(FaultKind.EmptyBody, HttpStatusCode.OK)]
    [InlineData(FaultKind.TruncatedBody, HttpStatusCode.OK)]
    public async Task A_broken_body_is_no_answer_of_the_service(FaultKind kind, HttpStatusCode status)
    {
        _rig.Place();
        Break(kind, "orderList");
        var struck = await _rig.ListDayAsync();

        Assert.Equal(status, struck.Status);
        if (kind == FaultKind.GatewayHtml)
        {
            Assert.Contains("502 Bad Gateway", struck.Text, StringComparison.Ordinal);
        }
        else
        {
            Assert.Throws<XmlException>(() => struck.Xml);
        }
    }

    [Fact]
    public async Task A_cut_after_the_effect_loses_only_the_answer()
    {
        var code = _rig.Place();
        Break(FaultKind.CutAfter, "orderShipStatusChange");
        await Assert.ThrowsAsync<HttpRequestException>(() => _rig.ShipAsync(code));
        var effects = _rig.Effects().Count();

        Assert.Equal("123456789012", _rig.Served(code).TrackingNumber);
        Assert.Null((await _rig.ShipAsync(code)).Code);
        Assert.Equal(effects, _rig.Effects().Count());
    }

    [Fact]
    public async Task A_cut_before_the_effect_leaves_the_order_as_it_was()
    {
        var code = _rig.Place();
        Break(FaultKind.CutBefore, "orderShipStatusChange");
        await Assert.ThrowsAsync<HttpRequestException>(() => _rig.ShipAsync(code));

        Assert.Equal("", _rig.Served(code).TrackingNumber);
        Assert.Empty(_rig.Effects());
    }

    [Fact]
    public async Task The_token_endpoint_fails_in_its_own_words()
    {
        Break(FaultKind.ServerError, "token");

        Assert.Equal("server_error", (await _rig.TokenAsync("grant_type=refresh_token")).Error);
        Assert.Equal("unsupported_grant_type", (await _rig.TokenAsync("grant_type=password")).Error);
    }

    [Fact]
    public async Task One_call_a_second_is_admitted_for_each_api()
    {
        _rig.World.RateLimits.Lifted = false;
        var code = _rig.Place();
        HttpStatusCode[] first = [(await _rig.ListDayAsync()).Status, (await _rig.ListDayAsync()).Status, (await _rig.InfoAsync(code)).Status, (await _rig.PingAsync()).Status];
        _rig.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.TooManyRequests, HttpStatusCode.OK, HttpStatusCode.OK], first);
        Assert.Equal(HttpStatusCode.OK, (await _rig.ListDayAsync()).Status);
    }

    [Fact]
    public async Task The_day_after_50000_calls_the_application_may_call_again()
    {
        await _rig.RefreshAsync();
        _rig.World.RateLimits.Lifted = false;
        var day = YahooServices.DailyKey(_rig.Shop.Secrets["client-id"], YahooRig.Noon);
        for (var i = 0; i < 49_999; i++)
        {
            _rig.World.RateLimits.Ask(day, 50_000, TimeSpan.FromDays(1));
        }

        var last = await _rig.PingAsync();
        _rig.Time.Advance(TimeSpan.FromSeconds(1));
        var over = await _rig.PingAsync();
        _rig.Time.Advance(TimeSpan.FromHours(12));
        await _rig.RefreshAsync();

        Assert.Equal(HttpStatusCode.OK, last.Status);
        Assert.Equal((HttpStatusCode.Forbidden, null), (over.Status, over.Code));
        Assert.Contains("Your Request was Forbidden", over.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await _rig.PingAsync()).Status);
    }

    [Fact]
    public async Task A_path_that_the_service_does_not_have_is_404()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await _rig.GetAsync("orderNothing")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _rig.GetAsync("orderList")).Status);
    }

    [Fact]
    public async Task Reset_forgets_the_orders_and_numbers_go_on()
    {
        var code = _rig.Place();
        _rig.Shop = _rig.Host.OpenAccount(YahooRig.Market, YahooRig.Account);
        await _rig.RefreshAsync();

        Assert.Equal(0, (await _rig.ListDayAsync()).Total);
        Assert.NotEqual(code, _rig.Place());
        Assert.Throws<ArgumentException>(() => _rig.Place(YahooRig.Seed() with { Code = "a_b" }));
        Assert.Equal("honten-7", _rig.Place(YahooRig.Seed() with { Code = "honten-7" }));
        Assert.Throws<ArgumentException>(() => _rig.Place(YahooRig.Seed() with { Code = "honten-7" }));
        Assert.Throws<KeyNotFoundException>(() => _rig.Simulator.Pay(YahooRig.Account, "honten-8"));
    }

    private void Break(FaultKind kind, string endpoint) => _rig.World.Faults.Add(new Fault(kind, YahooRig.Market, YahooRig.Account, endpoint));
}
