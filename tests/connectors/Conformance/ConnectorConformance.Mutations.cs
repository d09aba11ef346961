using Domain.Marketplaces;

namespace Tests.Connectors.Conformance;

public abstract partial class ConnectorConformance
{
    /// <remarks>That no order is lost in a damaged answer is asked of each wire format in Properties; here, of every connector and every call of a reading, that nothing else is thrown.</remarks>
    [Fact]
    [Check]
    public async Task Damaged_answers_are_refused_with_the_declared_error_or_read()
    {
        _rig.Place(Rig.Page - 1, Noon.AddHours(-1));
        await _rig.Market.Probe.ProbeAsync(_rig.Access, Cancellation);
        var (refused, read) = (0, 0);
        var before = _rig.Wire.Calls.Count;
        await _rig.ReadAsync(_rig.OrderLanes.First());
        var calls = _rig.Wire.Calls.Count - before;
        for (var seed = 0; seed < 200; seed++)
        {
            var dice = new Random(seed);
            var left = seed % calls;
            _rig.Wire.Change = body => left-- == 0 ? Damage.Once(body, dice) : body;
            try
            {
                await _rig.ReadAsync(_rig.OrderLanes.First());
                read++;
            }
            catch (MarketplaceException failure)
            {
                refused++;
                AssertSilent(failure.ToString());
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{_rig.Manifest.Code}: {refused} refused, {read} read");
        Assert.InRange(refused, 1, 200);
    }

    [Fact]
    [Check(Need.Shipments)]
    public async Task Damaged_answers_to_a_report_are_never_taken_for_another_orders()
    {
        var order = await PlacedAsync();
        for (var seed = 0; seed < 100; seed++)
        {
            var dice = new Random(seed);
            _rig.Wire.Change = body => Damage.Once(body, dice);
            try
            {
                var outcomes = await _rig.Market.Shipments!.PushAsync(_rig.Access, NumberStep.Step, [Report(order, FirstNumber)], Cancellation);
                Assert.Equal(order.Code, Assert.Single(outcomes).Order);
            }
            catch (MarketplaceException failure)
            {
                AssertSilent(failure.ToString());
            }
        }
    }
}
