using System.Net;
using System.Xml;
using Sandbox.Core;

namespace Tests.Connectors.Sandbox;

public sealed class AuPayFaultTests : IDisposable
{
    private readonly AuPayRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_cut_before_the_effect_leaves_the_order_as_it_was()
    {
        var code = _rig.Place();
        Break(FaultKind.CutBefore, "updateTradeInfo");

        await Assert.ThrowsAsync<HttpRequestException>(() => _rig.ReportAsync(code));

        Assert.Equal("", _rig.Served(code).TrackingNumber);
        Assert.Equal(("cut-before", 0), (Last().Outcome, Last().Effects.Count));
    }

    [Fact]
    public async Task A_cut_after_the_effect_loses_only_the_answer()
    {
        var code = _rig.Place();
        Break(FaultKind.CutAfter, "updateTradeInfo");

        await Assert.ThrowsAsync<HttpRequestException>(() => _rig.ReportAsync(code));

        Assert.Equal("123456789012", _rig.Served(code).TrackingNumber);
        Assert.Equal(("cut-after", EffectKind.Number), (Last().Outcome, Last().Effects.Single().Kind));
        Assert.Equal("0", (await _rig.ReportAsync(code)).Result);
        Assert.Single(_rig.Effects());
    }

    [Theory]
    [InlineData(FaultKind.Throttle, HttpStatusCode.ServiceUnavailable, "text/html", "throttled")]
    [InlineData(FaultKind.Maintenance, HttpStatusCode.ServiceUnavailable, "text/html", "maintenance")]
    [InlineData(FaultKind.ServerError, HttpStatusCode.InternalServerError, "application/xml", "server-error")]
    [InlineData(FaultKind.GatewayHtml, HttpStatusCode.BadGateway, "text/html", "gateway-html")]
    [InlineData(FaultKind.EmptyBody, HttpStatusCode.OK, "application/xml", "empty-body")]
    [InlineData(FaultKind.TruncatedBody, HttpStatusCode.OK, "application/xml", "truncated-body")]
    public async Task A_fault_answers_in_the_services_own_way_and_strikes_once(FaultKind kind, HttpStatusCode status, string type, string outcome)
    {
        _rig.Place();
        Break(kind, "searchTradeInfoList");

        var struck = await _rig.ListAsync("startDate=20261120&endDate=20261120");
        var last = Last();
        var next = await _rig.ListAsync("startDate=20261120&endDate=20261120");

        Assert.Equal((status, type, outcome), (struck.Status, struck.MediaType, last.Outcome));
        Assert.Single(next.Orders);
        if (kind is FaultKind.EmptyBody or FaultKind.TruncatedBody)
        {
            Assert.Throws<XmlException>(() => struck.Xml);
        }
    }

    [Fact]
    public async Task A_fault_can_wait_for_its_call_and_names_when_to_come_back()
    {
        _rig.World.Faults.Add(new Fault(FaultKind.Throttle, AuPayRig.Market, AuPayRig.Account) { After = 1, RetryAfter = TimeSpan.FromSeconds(30) });
        using var ping = new HttpRequestMessage(HttpMethod.Get, "searchImgCapacity");

        await _rig.GetAsync($"searchImgCapacity?shopId={_rig.ShopId}");
        ping.Headers.Add("Authorization", "Bearer " + _rig.Shop.Secrets["api-key"]);
        using var answer = await _rig.Client.SendAsync(ping);

        Assert.Equal(TimeSpan.FromSeconds(30), answer.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task A_delayed_answer_comes_after_its_effect_and_waits_on_the_sandboxs_clock()
    {
        var code = _rig.Place();
        _rig.World.Faults.Add(new Fault(FaultKind.Delay, AuPayRig.Market) { Delay = TimeSpan.FromSeconds(40) });

        var call = _rig.ReportAsync(code);
        Assert.Equal("123456789012", _rig.Served(code).TrackingNumber);
        Assert.False(call.IsCompleted);
        _rig.Time.Advance(TimeSpan.FromSeconds(40));

        Assert.Equal("0", (await call).Result);
    }

    [Fact]
    public async Task A_caller_that_gives_up_on_a_delayed_answer_is_let_go()
    {
        _rig.World.Faults.Add(new Fault(FaultKind.Delay, AuPayRig.Market) { Delay = TimeSpan.FromHours(1) });
        using var patience = new CancellationTokenSource();

        var call = _rig.Client.GetAsync(new Uri($"searchImgCapacity?shopId={_rig.ShopId}", UriKind.Relative), patience.Token);
        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task A_shop_that_calls_twice_within_a_second_is_throttled_alone()
    {
        _rig.World.RateLimits.Lifted = false;
        var first = _rig.Shop;
        var ping = $"searchImgCapacity?shopId={_rig.ShopId}";

        var calls = new[] { await _rig.GetAsync(ping), await _rig.GetAsync(ping) };
        _rig.Shop = _rig.Host.OpenAccount(AuPayRig.Market, "nigoten");
        var neighbour = await _rig.GetAsync($"searchImgCapacity?shopId={_rig.ShopId}");
        _rig.Shop = first;
        _rig.Time.Advance(TimeSpan.FromSeconds(1));
        var later = await _rig.GetAsync(ping);

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable], calls.Select(c => c.Status));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (neighbour.Status, later.Status));
        Assert.Equal(["ok", "throttled", "ok", "ok"], _rig.World.Journal.Read().Select(e => e.Outcome));
    }

    private void Break(FaultKind kind, string endpoint) => _rig.World.Faults.Add(new Fault(kind, AuPayRig.Market, AuPayRig.Account, endpoint));

    private JournalEntry Last() => _rig.World.Journal.Read()[^1];
}
