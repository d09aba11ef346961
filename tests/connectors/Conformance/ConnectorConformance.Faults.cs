using System.Text;
using Domain.Marketplaces;
using Domain.Time;
using Sandbox.Core;

namespace Tests.Connectors.Conformance;

public abstract partial class ConnectorConformance
{
    [Theory]
    [Check]
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
    [Check]
    public async Task A_page_that_fails_in_the_middle_ends_the_slice_with_an_exception()
    {
        _rig.Place(3 * Rig.Page, Noon.AddHours(-1));
        await _rig.Market.Probe.ProbeAsync(_rig.Access, Cancellation);
        _rig.Host.World.Faults.Add(new Fault(FaultKind.GatewayHtml, _rig.Manifest.Code, Times: null) { After = 1 });

        Assert.True((await RefusalAsync()).MayPass);
    }

    [Theory]
    [Check]
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
    [Check]
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
    [Check]
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

    [Theory]
    [InlineData("application/xml", "<a>", "</a>")]
    [InlineData("application/json", "[", "]")]
    [InlineData("application/json", "{\"a\":", "}")]
    [Check]
    public async Task A_body_that_is_nested_without_end_is_unreadable(string mediaType, string open, string close)
    {
        var body = string.Concat(Enumerable.Repeat(open, 100_000)) + string.Concat(Enumerable.Repeat(close, 100_000));
        _rig.Wire.Instead = () => Wire.Answer(200, mediaType, body);

        var failure = await RefusalAsync();

        Assert.True(failure.MayPass || failure.Kind is FailureKind.Unreadable, $"it came as {failure.Kind}");
    }

    [Fact]
    [Check]
    public async Task A_good_answer_of_50_megabytes_is_read_to_its_end()
    {
        var code = _rig.Place(Noon.AddHours(-1));
        await _rig.Market.Probe.ProbeAsync(_rig.Access, Cancellation);
        var padding = new byte[50 * 1024 * 1024];
        padding.AsSpan().Fill((byte)'\n');
        _rig.Wire.Change = body => [.. body, .. padding];

        var pages = await _rig.ListAsync(_rig.OrderLanes.First(), Jst.DayOf(Noon), Jst.DayOf(Noon));

        Assert.Equal(code, Assert.Single(pages.SelectMany(p => p.Orders)).Code.Value);
    }

    [Fact]
    [Check]
    public async Task A_body_of_50_megabytes_that_is_no_answer_is_unreadable_and_not_echoed()
    {
        var body = new byte[50 * 1024 * 1024];
        body.AsSpan().Fill((byte)'a');
        _rig.Wire.Instead = () => Wire.Answer(200, "application/octet-stream", body);

        var failure = await RefusalAsync();

        Assert.True(failure.MayPass || failure.Kind is FailureKind.Unreadable, $"it came as {failure.Kind}");
        Assert.True(failure.ToString().Length < 20_000, "the body stands in the exception");
    }

    [Theory]
    [InlineData("shift_jis")]
    [InlineData("utf-16")]
    [Check]
    public async Task An_answer_in_a_wrong_encoding_never_becomes_other_characters(string encoding)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var wrong = Encoding.GetEncoding(encoding);
        _rig.Place(Noon.AddHours(-1));
        await _rig.Market.Probe.ProbeAsync(_rig.Access, Cancellation);
        _rig.Wire.Change = body => wrong.GetBytes(Encoding.UTF8.GetString(body));

        try
        {
            foreach (var reading in (await _rig.ReadAsync(_rig.OrderLanes.First())).Readings.OfType<OrderReading.Read>())
            {
                // Where the answer says in what it is written, reading it is right.
                Assert.True(reading.Order.Recipient.Name.Length == 0 || reading.Order.Recipient.Name.StartsWith('鶯'), "the name came out as other characters");
            }
        }
        catch (MarketplaceException failure)
        {
            Assert.True(failure.MayPass || failure.Kind is FailureKind.Unreadable, $"it came as {failure.Kind}");
            AssertSilent(failure.ToString());
        }
    }

    /// <remarks>The clock stands still: what ended did not wait for anything but the cancel.</remarks>
    [Theory]
    [InlineData("probe")]
    [InlineData("list")]
    [InlineData("by code")]
    [InlineData("push")]
    [InlineData("stock")]
    [InlineData("cancel")]
    [Check]
    public async Task A_call_in_flight_ends_at_once_when_it_is_cancelled(string what)
    {
        if (CallOf(what) is not { } begin)
        {
            return; // no such capability
        }

        var order = await PlacedAsync();
        _rig.Host.World.Faults.Add(new Fault(FaultKind.Delay, _rig.Manifest.Code, Times: null) { Delay = TimeSpan.FromHours(1) });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var call = begin(order, stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    private Func<OrderReference, CancellationToken, Task>? CallOf(string what) => what switch
    {
        "probe" => (_, stop) => _rig.Market.Probe.ProbeAsync(_rig.Access, stop),
        "list" => async (order, stop) =>
        {
            await foreach (var _ in _rig.Market.Source.ReadAsync(_rig.Access, Rig.DayOf(_rig.OrderLanes.First(), Jst.DayOf(Noon)), stop))
            {
            }
        }
        ,
        "by code" when _rig.Market.Reader is { } reader => (order, stop) => reader.StoppedAsync(_rig.Access, [order], stop),
        "push" when _rig.Market.Shipments is { } sink => (order, stop) => sink.PushAsync(_rig.Access, NumberStep.Step, [Report(order, FirstNumber)], stop),
        "stock" when _rig.Market.Stock is { } stock => (_, stop) => stock.SetAsync(_rig.Access, [new StockReport(tested.Item, 1)], stop),
        "cancel" when _rig.Market.Cancellation is { } cancellation => (order, stop) => cancellation.CancelAsync(_rig.Access, order, CancelReason.Other, stop),
        _ => null,
    };

    [Fact]
    [Check]
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
