using Domain.Marketplaces;
using Sandbox.Core;

namespace Tests.Connectors.Conformance;

public abstract partial class ConnectorConformance
{
    [Theory]
    [InlineData(FaultKind.Throttle)]
    [InlineData(FaultKind.Maintenance)]
    [InlineData(FaultKind.ServerError)]
    [InlineData(FaultKind.GatewayHtml)]
    [InlineData(FaultKind.TruncatedBody)]
    [InlineData(FaultKind.EmptyBody)]
    [InlineData(FaultKind.CutBefore)]
    [InlineData(FaultKind.CutAfter)]
    public async Task A_fault_of_the_marketplace_is_not_blamed_on_the_store_and_passes(FaultKind kind)
    {
        var code = _rig.Place(Noon.AddHours(-1));
        await _rig.Market.Probe.ProbeAsync(_rig.Access, Cancellation);
        _rig.Host.World.Faults.Add(new Fault(kind, _rig.Manifest.Code, Times: null));

        var failure = await RefusalAsync();

        if (kind is FaultKind.Throttle && tested.ThrottlingLooksLikeAnotherRefusal is { } why)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{_rig.Manifest.Code}: {why}");
        }
        else
        {
            Assert.True(failure.MayPass || failure.Kind is FailureKind.Unreadable, $"{kind} came as {failure.Kind}");
            Assert.Null(failure.Credential);
        }

        _rig.Host.World.Faults.Clear();
        _rig.Renew(_rig.Host.RenewCredential(_rig.Manifest.Code, Rig.Account));
        Assert.Equal(code, Assert.Single((await _rig.ReadAsync(_rig.OrderLanes.First())).Readings).Code.Value);
    }

    [Fact]
    public async Task A_page_that_fails_in_the_middle_ends_the_slice_with_an_exception()
    {
        _rig.Place(3 * Rig.Page, Noon.AddHours(-1));
        await _rig.Market.Probe.ProbeAsync(_rig.Access, Cancellation);
        _rig.Host.World.Faults.Add(new Fault(FaultKind.GatewayHtml, _rig.Manifest.Code, Times: null) { After = 1 });

        Assert.True((await RefusalAsync()).MayPass);
    }

    [Theory]
    [InlineData("30", 30)]
    [InlineData(null, null)]
    public async Task Too_many_requests_is_throttling_and_its_waiting_time_is_passed_on(string? header, int? seconds)
    {
        _rig.Wire.Instead = () => Wire.Answer(429, "text/plain", "Too Many Requests", header);

        var failure = await RefusalAsync();

        Assert.Equal(FailureKind.Throttled, failure.Kind);
        Assert.Equal(seconds, (int?)failure.RetryAfter?.TotalSeconds);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task A_web_page_in_place_of_an_answer_may_pass(int status)
    {
        _rig.Wire.Instead = () => Wire.Answer(status, "text/html", "\r\n<!DOCTYPE html>\n<html><head><title>メンテナンス</title></head><body>ただいま&nbsp;<br>メンテナンス中です</body></html>");

        Assert.True((await RefusalAsync()).MayPass);
    }

    [Theory]
    [InlineData("application/xml", """<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]><response><result><status>0</status></result><orderInfo>&x;</orderInfo></response>""")]
    [InlineData("application/xml", """<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><ResultSet><Result>&b;</Result></ResultSet>""")]
    [InlineData("application/xml", "<response><result><status>0</status></result><orderInfo>")]
    [InlineData("application/json", """{"ResultCode":0,"ResultObject":[{"PackNo":""")]
    [InlineData("application/json", "null")]
    [InlineData("text/plain", "")]
    [InlineData("text/plain", "   \n")]
    [InlineData("application/octet-stream", "\u0000\u0001\u0002")]
    public async Task A_body_that_is_no_answer_is_an_error_never_an_empty_list(string mediaType, string body)
    {
        _rig.Wire.Instead = () => Wire.Answer(200, mediaType, body);

        var failure = await RefusalAsync();

        Assert.True(failure.MayPass || failure.Kind is FailureKind.Unreadable, $"it came as {failure.Kind}");
        Assert.DoesNotContain("aaaaaaaaaa", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_in_flight_ends_when_it_is_cancelled()
    {
        _rig.Host.World.Faults.Add(new Fault(FaultKind.Delay, _rig.Manifest.Code, Times: null) { Delay = TimeSpan.FromHours(1) });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var call = _rig.Market.Probe.ProbeAsync(_rig.Access, stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task Nothing_is_sent_for_a_call_that_is_cancelled_already()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        var slice = Rig.DayOf(_rig.OrderLanes.First(), Domain.Time.Jst.DayOf(Noon));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in _rig.Market.Source.ReadAsync(_rig.Access, slice, stop.Token))
            {
            }
        });

        Assert.Empty(_rig.Host.World.Journal.Read());
    }
}
