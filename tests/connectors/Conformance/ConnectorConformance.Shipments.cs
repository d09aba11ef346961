using Domain.Marketplaces;
using Sandbox.Core;

namespace Tests.Connectors.Conformance;

public abstract partial class ConnectorConformance
{
    private static readonly string FirstNumber = Canary.Number(40_000_000_001);
    private static readonly string OtherNumber = Canary.Number(40_000_000_009);

    private PushStep NumberStep => _rig.Manifest.PushSteps.First(step => !step.Optional);

    [Fact]
    [Check(Need.Shipments, Need.ReadBack)]
    public async Task A_shipment_is_reported_with_all_its_steps_and_read_back()
    {
        var order = await PlacedAsync();

        await ConfirmAllAsync(Report(order, FirstNumber));

        var served = _rig.Served(order.Code.Value);
        Assert.Equal((true, FirstNumber), (served.Shipped, served.TrackingNumber));
        Assert.True((await ReadBackAsync(order)).Holds(FirstNumber));
    }

    [Fact]
    [Check(Need.ReadBack)]
    public async Task Before_a_report_nothing_is_read_back()
    {
        var order = await PlacedAsync();

        Assert.Empty((await ReadBackAsync(order)).Shipments);
    }

    [Fact]
    [Check(Need.Shipments, Need.ReadBack)]
    public async Task A_shipment_reported_twice_has_one_effect()
    {
        var order = await PlacedAsync();
        await ConfirmAllAsync(Report(order, FirstNumber));

        foreach (var step in _rig.Manifest.PushSteps.Where(step => step.Repeat is not Repeatability.Harmful))
        {
            await TryAsync(step.Step, Report(order, FirstNumber));
        }

        AssertNothingHappenedTwice(order);
        Assert.True((await ReadBackAsync(order)).Holds(FirstNumber));
    }

    [Fact]
    [Check(Need.Shipments, Need.ReadBack)]
    public async Task A_report_that_is_lost_before_its_effect_is_unknown_and_the_read_back_does_not_have_it()
    {
        var order = await LostAsync(FaultKind.CutBefore);

        Assert.False((await ReadBackAsync(order)).Holds(FirstNumber));
        await ConfirmAllAsync(Report(order, FirstNumber));
        Assert.True((await ReadBackAsync(order)).Holds(FirstNumber));
        AssertNothingHappenedTwice(order);
    }

    [Theory]
    [Check(Need.Shipments, Need.ReadBack)]
    [InlineData(FaultKind.CutAfter)]
    [InlineData(FaultKind.TruncatedBody)]
    [InlineData(FaultKind.EmptyBody)]
    public async Task A_report_whose_answer_is_lost_is_unknown_and_the_read_back_has_it(FaultKind how)
    {
        var order = await LostAsync(how);

        Assert.True((await ReadBackAsync(order)).Holds(FirstNumber));
        AssertNothingHappenedTwice(order);
    }

    [Fact]
    [Check(Need.Shipments, Need.ReadBack)]
    public async Task A_corrected_number_is_either_taken_or_told_not_to_be()
    {
        var order = await PlacedAsync();
        await ConfirmAllAsync(Report(order, FirstNumber));

        var taken = await TryAsync(NumberStep.Step, Report(order, OtherNumber)) is PushOutcome.Confirmed;

        var state = await ReadBackAsync(order);
        Assert.True(state.Holds(taken ? OtherNumber : FirstNumber));
        Assert.Equal(taken ? OtherNumber : FirstNumber, _rig.Served(order.Code.Value).TrackingNumber);
    }

    [Fact]
    [Check(Need.Shipments)]
    public async Task A_report_for_a_cancelled_order_is_rejected_and_its_neighbour_is_confirmed()
    {
        var (cancelled, kept) = (await PlacedAsync(), await PlacedAsync());
        _rig.Simulator.Cancel(Rig.Account, cancelled.Code.Value);

        ShipmentReport[] reports = [Report(cancelled, FirstNumber), Report(kept, FirstNumber)];
        var outcomes = new List<PushOutcome>();
        foreach (var batch in reports.Chunk(_rig.Manifest.PushBatch))
        {
            outcomes.AddRange(await _rig.Market.Shipments!.PushAsync(_rig.Access, NumberStep.Step, batch, Cancellation));
        }

        var refused = Assert.IsType<PushOutcome.Rejected>(outcomes.Single(o => o.Order == cancelled.Code));
        AssertSilent(refused.Reason);
        Assert.IsType<PushOutcome.Confirmed>(outcomes.Single(o => o.Order == kept.Code));
        Assert.Empty(_rig.Served(cancelled.Code.Value).TrackingNumber);
    }

    [Fact]
    [Check(Need.Shipments)]
    public async Task A_report_with_a_dead_credential_does_nothing_and_says_why()
    {
        var order = await PlacedAsync();
        _rig.Simulator.BreakCredential(Rig.Account, "revoked");

        var refusal = await Assert.ThrowsAsync<MarketplaceException>(() =>
            _rig.Market.Shipments!.PushAsync(_rig.Access, NumberStep.Step, [Report(order, FirstNumber)], Cancellation));

        Assert.Equal(FailureKind.CredentialRejected, refusal.Kind);
        Assert.Empty(_rig.Served(order.Code.Value).TrackingNumber);
    }

    [Fact]
    [Check(Need.Shipments)]
    public async Task An_empty_number_is_never_sent()
    {
        var order = await PlacedAsync();
        var before = _rig.Wire.Calls.Count(call => call.Kind is CallKind.Write);

        var outcome = await _rig.Market.Shipments!.PushAsync(_rig.Access, NumberStep.Step, [Report(order, "")], Cancellation);

        Assert.IsType<PushOutcome.Rejected>(Assert.Single(outcome));
        Assert.Equal(before, _rig.Wire.Calls.Count(call => call.Kind is CallKind.Write));
    }

    [Fact]
    [Check(Need.Shipments)]
    public async Task The_preview_of_a_report_shows_order_and_number_and_no_secret()
    {
        var order = await PlacedAsync();

        foreach (var step in _rig.Manifest.PushSteps)
        {
            var preview = _rig.Market.Shipments!.Preview(_rig.Access, step.Step, Report(order, FirstNumber));

            Assert.Contains(order.LineIds.Append(order.Code.Value), id => preview.Contains(id, StringComparison.Ordinal));
            AssertSilent(preview);
        }

        Assert.Contains(FirstNumber, _rig.Market.Shipments!.Preview(_rig.Access, NumberStep.Step, Report(order, FirstNumber)), StringComparison.Ordinal);
        Assert.DoesNotContain(_rig.Wire.Calls, call => call.Kind is CallKind.Write);
    }

    [Fact]
    [Check(Need.Shipments)]
    public async Task Every_carrier_of_the_table_is_taken()
    {
        foreach (var carrier in _rig.Manifest.Carriers)
        {
            var order = await PlacedAsync();

            var outcome = await TryAsync(NumberStep.Step, Report(order, FirstNumber) with { Service = carrier.Service });

            Assert.True(outcome is PushOutcome.Confirmed, $"{carrier.Service} ({carrier.Code}): {outcome}");
            Assert.Equal(FirstNumber, _rig.Served(order.Code.Value).TrackingNumber);
        }
    }

    [Fact]
    [Check(Need.Shipments)]
    public async Task A_carrier_that_the_table_does_not_have_is_refused_before_a_call()
    {
        var order = await PlacedAsync();
        var before = _rig.Wire.Calls.Count(call => call.Kind is CallKind.Write);

        var outcome = await TryAsync(NumberStep.Step, Report(order, FirstNumber) with { Service = "no-such-carrier" });

        Assert.IsType<PushOutcome.Rejected>(outcome);
        Assert.Equal(before, _rig.Wire.Calls.Count(call => call.Kind is CallKind.Write));
    }

    [Fact]
    [Check(Need.Shipments, Need.SeveralRecipients)]
    public async Task Each_recipients_number_is_reported_by_itself()
    {
        if (_rig.Manifest.NumberPerDestination is null)
        {
            return; // held: no number of it is ever reported
        }

        var code = _rig.Place(Noon.AddHours(-1), SeveralRecipients);
        var order = await _rig.OnlyOrderAsync();
        var reference = new OrderReference(order.Code, order.PlacedAt, [.. order.Lines.Select(l => l.LineId)]);

        Assert.IsType<PushOutcome.Confirmed>(await TryAsync(NumberStep.Step, Report(reference, FirstNumber) with { Destination = order.Destinations[0].Id }));
        Assert.Equal(FirstNumber, _rig.Served(code).TrackingNumber);
        Assert.IsType<PushOutcome.Confirmed>(await TryAsync(NumberStep.Step, Report(reference, OtherNumber) with { Destination = order.Destinations[1].Id }));

        Assert.Equal($"{FirstNumber},{OtherNumber}", _rig.Served(code).TrackingNumber);
    }

    private async Task<OrderReference> PlacedAsync() => await _rig.ReferenceAsync(_rig.Place(Noon.AddHours(-1)));

    /// <summary>Reports another order first, so that everything but the report itself (a token, a handshake) is behind us, then loses the report.</summary>
    private async Task<OrderReference> LostAsync(FaultKind how)
    {
        var (other, order) = (await PlacedAsync(), await PlacedAsync());
        await _rig.Market.Shipments!.PushAsync(_rig.Access, NumberStep.Step, [Report(other, FirstNumber)], Cancellation);
        _rig.Host.World.Faults.Add(new Fault(how, _rig.Manifest.Code, Endpoint: _rig.Wire.LastWrite, Times: null));

        Assert.Null(await TryAsync(NumberStep.Step, Report(order, FirstNumber)));

        _rig.Host.World.Faults.Clear();
        return order;
    }

    /// <returns>Null = no word about the order came back.</returns>
    private async Task<PushOutcome?> TryAsync(string step, ShipmentReport report)
    {
        try
        {
            var outcome = Assert.Single(await _rig.Market.Shipments!.PushAsync(_rig.Access, step, [report], Cancellation));
            return outcome is PushOutcome.Unknown ? null : outcome;
        }
        catch (MarketplaceException lost) when (lost.Kind is FailureKind.Transient or FailureKind.Unreadable)
        {
            AssertSilent(lost.ToString());
            return null;
        }
    }

    private async Task ConfirmAllAsync(ShipmentReport report)
    {
        foreach (var step in _rig.Manifest.PushSteps)
        {
            Assert.IsType<PushOutcome.Confirmed>(await TryAsync(step.Step, report));
        }
    }

    private Task<ReportedState> ReadBackAsync(OrderReference order) => _rig.Market.ShipmentReader!.ReadBackAsync(_rig.Access, order, Cancellation);

    private ShipmentReport Report(OrderReference order, string number) => new(order, tested.Service, number, Domain.Time.Jst.DayOf(Noon));

    private void AssertNothingHappenedTwice(OrderReference order) => Assert.DoesNotContain(
        _rig.Host.World.Journal.Read().SelectMany(e => e.Effects),
        effect => effect.Order == order.Code.Value && effect.Again);
}
