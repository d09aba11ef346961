using Domain.Marketplaces;
using Sandbox.Core;

namespace Tests.Connectors.Conformance;

public abstract partial class ConnectorConformance
{
    private IStockSimulator Warehouse => (IStockSimulator)_rig.Simulator;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(12)]
    [InlineData(999)]
    [Check(Need.Stock)]
    public async Task A_stock_level_is_absolute(int quantity)
    {
        PutItems();

        var first = await SetAsync(new StockReport(tested.Item, quantity));
        var again = await SetAsync(new StockReport(tested.Item, quantity));

        Assert.IsType<StockOutcome.Accepted>(Assert.Single(first));
        Assert.IsType<StockOutcome.Accepted>(Assert.Single(again));
        Assert.Equal(quantity, QuantityOf(tested.Item));
        Assert.Equal(50, QuantityOf(Neighbour));
    }

    [Fact]
    [Check(Need.Stock)]
    public async Task An_item_that_the_marketplace_does_not_know_is_named_and_its_neighbour_is_set()
    {
        PutItems();
        var unknown = tested.Item with { Code = "NO-SUCH-ITEM" };

        var outcomes = await SetAsync(new StockReport(unknown, 3), new StockReport(tested.Item, 4));

        var refused = Assert.IsType<StockOutcome.Rejected>(outcomes.Single(o => o.Item == unknown));
        Assert.True(refused.UnknownItem, $"it is refused as {refused.Code}, not as unknown");
        Assert.IsType<StockOutcome.Accepted>(outcomes.Single(o => o.Item == tested.Item));
        Assert.Equal(4, QuantityOf(tested.Item));
    }

    [Fact]
    [Check(Need.Stock)]
    public async Task More_levels_than_a_call_takes_are_all_set_in_as_few_calls_as_it_allows()
    {
        var batch = _rig.Manifest.Stock!.Batch;
        var items = Enumerable.Range(1, batch + 1).Select(i => tested.Item with { Code = $"ITEM-{i:D4}" }).ToArray();
        Warehouse.PutItems(Rig.Account, [.. items.Select(i => new SeedItem(i.Code, i.Variation1, i.Variation2, 1))]);
        await _rig.Market.Probe.ProbeAsync(_rig.Access, Cancellation);
        var before = _rig.Wire.Calls.Count(c => c.Kind is CallKind.Write);

        var outcomes = new List<StockOutcome>();
        foreach (var some in items.Select((item, i) => new StockReport(item, i)).Chunk(batch))
        {
            outcomes.AddRange(await SetAsync(some));
        }

        Assert.All(outcomes, o => Assert.IsType<StockOutcome.Accepted>(o));
        Assert.Equal(items.Order(ByCode), outcomes.Select(o => o.Item).Order(ByCode));
        Assert.Equal(Enumerable.Range(0, batch + 1), items.Select(QuantityOf));
        Assert.Equal(2, _rig.Wire.Calls.Count(c => c.Kind is CallKind.Write) - before);
    }

    [Theory]
    [InlineData(FaultKind.CutBefore)]
    [InlineData(FaultKind.CutAfter)]
    [InlineData(FaultKind.TruncatedBody)]
    [InlineData(FaultKind.EmptyBody)]
    [Check(Need.Stock)]
    public async Task A_level_whose_answer_is_lost_is_unknown_and_may_be_sent_again(FaultKind how)
    {
        PutItems();
        await SetAsync(new StockReport(Neighbour, 50)); // a token or a handshake is behind us
        _rig.Host.World.Faults.Add(new Fault(how, _rig.Manifest.Code, Endpoint: _rig.Wire.LastWrite, Times: null));

        Assert.True(await IsUnknownAsync(new StockReport(tested.Item, 7)));

        _rig.Host.World.Faults.Clear();
        Assert.IsType<StockOutcome.Accepted>(Assert.Single(await SetAsync(new StockReport(tested.Item, 7))));
        Assert.Equal(7, QuantityOf(tested.Item));
    }

    [Fact]
    [Check(Need.Stock)]
    public async Task A_level_with_a_dead_credential_does_nothing_and_says_why()
    {
        PutItems();
        _rig.Simulator.BreakCredential(Rig.Account, "revoked");

        var refusal = await Assert.ThrowsAsync<MarketplaceException>(() => SetAsync(new StockReport(tested.Item, 3)));

        Assert.Equal(FailureKind.CredentialRejected, refusal.Kind);
        Assert.Equal(50, QuantityOf(tested.Item));
    }

    private static readonly Comparer<StockItem> ByCode = Comparer<StockItem>.Create((a, b) => string.CompareOrdinal(a.Code, b.Code));

    private StockItem Neighbour => tested.Item with { Code = "TEA-50" };

    private void PutItems() => Warehouse.PutItems(
        Rig.Account, [.. new[] { tested.Item, Neighbour }.Select(i => new SeedItem(i.Code, i.Variation1, i.Variation2, 50))]);

    private int QuantityOf(StockItem item) =>
        Warehouse.Items(Rig.Account).Single(i => (i.Code, i.Variation1, i.Variation2) == (item.Code, item.Variation1, item.Variation2)).Quantity;

    /// <summary>Levels of up to a call's size, or more where the marketplace takes one at a time.</summary>
    private async Task<IReadOnlyList<StockOutcome>> SetAsync(params StockReport[] levels)
    {
        var outcomes = new List<StockOutcome>();
        foreach (var some in levels.Chunk(_rig.Manifest.Stock!.Batch))
        {
            outcomes.AddRange(await _rig.Market.Stock!.SetAsync(_rig.Access, some, Cancellation));
        }

        return outcomes;
    }

    private async Task<bool> IsUnknownAsync(StockReport level)
    {
        try
        {
            return Assert.Single(await SetAsync(level)) is StockOutcome.Unknown;
        }
        catch (MarketplaceException lost) when (lost.Kind is FailureKind.Transient or FailureKind.Unreadable)
        {
            AssertSilent(lost.ToString());
            return true;
        }
    }
}
