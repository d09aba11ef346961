using Domain.Marketplaces;
using Domain.Time;

namespace Tests.Connectors.Conformance;

public abstract partial class ConnectorConformance
{
    /// <remarks>The least that the API allows: a full page after the other, one more where only a page that is not full tells the end, and as many calls for contents as a
    /// call takes orders.</remarks>
    [Fact]
    [Check]
    public async Task A_thousand_orders_cost_no_more_calls_than_the_pages_allow()
    {
        const int Orders = 1000;
        await AtAsync(Jst.At(new DateOnly(2026, 11, 20), new TimeOnly(23, 30)), wholePages: true);
        _rig.Place(Orders, _rig.Now.AddMinutes(-30));
        await _rig.Market.Probe.ProbeAsync(_rig.Access, Cancellation);

        foreach (var lane in _rig.OrderLanes)
        {
            var before = _rig.Wire.Calls.Count;
            var listed = (await _rig.ListAsync(lane, Jst.DayOf(_rig.Now), Jst.DayOf(_rig.Now))).SelectMany(p => p.Orders).ToArray();
            var listing = _rig.Wire.Calls.Count - before;
            var readings = await _rig.DetailAsync(listed);
            var details = _rig.Wire.Calls.Count - before - listing;

            TestContext.Current.TestOutputHelper?.WriteLine($"{_rig.Manifest.Code}/{lane.Id}: {listing} calls for the list, {details} for contents");
            Assert.Equal(Orders, readings.Count);
            var pages = lane.PageSize == 0 ? 1 : (Orders + lane.PageSize - 1) / lane.PageSize;
            Assert.InRange(listing, pages * tested.SearchesPerSlice, (pages + 1) * tested.SearchesPerSlice);
            Assert.Equal(tested.DetailBatch == 0 ? 0 : (Orders + tested.DetailBatch - 1) / tested.DetailBatch, details);
        }
    }

    [Fact]
    [Check]
    public void The_manifest_names_exactly_the_roles_that_are_played()
    {
        var market = _rig.Market;
        var played = new (string Name, object? Role)[]
        {
            ("order-source", market.Source), ("order-reader", market.Reader), ("shipment-sink", market.Shipments), ("shipment-reader", market.ShipmentReader),
            ("order-acknowledgement", market.Acknowledgement), ("stock-sink", market.Stock), ("cancellation-sink", market.Cancellation), ("credential-probe", market.Probe),
        };

        Assert.Equal(played.Where(p => p.Role is not null).Select(p => p.Name).Order(), _rig.Manifest.Capabilities.Order());
        Assert.Equal(market.Stock is not null, _rig.Manifest.Stock is not null);
        Assert.Equal(market.Shipments is not null, !_rig.Manifest.PushSteps.IsEmpty);
    }

    [Fact]
    [Check]
    public void The_manifests_own_words_agree_with_each_other()
    {
        var manifest = _rig.Manifest;

        Assert.True(manifest.NumberPerDestination is null or "always" || manifest.Settings.Any(s => s.Name == manifest.NumberPerDestination));
        Assert.True(manifest.ConfirmSetting is null || manifest.Settings.Any(s => s.Name == manifest.ConfirmSetting && s.Default == "false"));
        Assert.Distinct(manifest.Settings.Select(s => s.Name));
        Assert.Distinct(manifest.Carriers.Select(c => c.Service));
        Assert.All(manifest.Carriers, c => Assert.True(Domain.Shipments.CarrierServices.Knows(c.Service), $"{c.Service} is no service of ours"));
        if (manifest.OrderFile is { } file)
        {
            Assert.Empty(file.Columns.Keys.Except(OrderFileFields.All));
            Assert.Empty(OrderFileFields.Required.Except(file.Columns.Keys));
        }
    }
}
