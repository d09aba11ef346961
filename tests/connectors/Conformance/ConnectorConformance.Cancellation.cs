using Domain.Marketplaces;
using Domain.Orders;
using Sandbox.Core;

namespace Tests.Connectors.Conformance;

public abstract partial class ConnectorConformance
{
    [Theory]
    [InlineData(CancelReason.OutOfStock)]
    [InlineData(CancelReason.BuyersRequest)]
    [InlineData(CancelReason.Undeliverable)]
    [InlineData(CancelReason.NotPaid)]
    [InlineData(CancelReason.Other)]
    [Check(Need.Cancellation)]
    public async Task The_merchants_cancel_reaches_the_marketplace_for_every_reason(CancelReason reason)
    {
        var (cancelled, kept) = (await PlacedAsync(), await PlacedAsync());

        Assert.IsType<PushOutcome.Confirmed>(await CancelAsync(cancelled, reason));

        Assert.True(_rig.Served(cancelled.Code.Value).Cancelled);
        Assert.False(_rig.Served(kept.Code.Value).Cancelled);
    }

    [Fact]
    [Check(Need.Cancellation)]
    public async Task Cancelling_what_is_cancelled_is_confirmed_and_has_one_effect()
    {
        var order = await PlacedAsync();
        await CancelAsync(order, CancelReason.OutOfStock);

        var again = await CancelAsync(order, CancelReason.OutOfStock);

        Assert.IsType<PushOutcome.Confirmed>(again);
        var cancels = _rig.Host.World.Journal.Read().SelectMany(e => e.Effects).Where(e => e.Order == order.Code.Value && e.Kind is EffectKind.Cancel).ToArray();
        Assert.NotEmpty(cancels);
        Assert.Distinct(cancels.Select(e => e.Part));
        AssertNothingHappenedTwice(order);
    }

    [Fact]
    [Check(Need.Cancellation, Need.Shipments)]
    public async Task A_shipped_order_is_not_cancelled()
    {
        var order = await PlacedAsync();
        await ConfirmAllAsync(Report(order, FirstNumber));

        var outcome = await CancelAsync(order, CancelReason.BuyersRequest);

        AssertSilent(Assert.IsType<PushOutcome.Rejected>(outcome).Reason);
        Assert.False(_rig.Served(order.Code.Value).Cancelled);
    }

    [Fact]
    [Check(Need.Cancellation, Need.ReadByCode)]
    public async Task A_cancel_whose_answer_is_lost_is_found_when_the_order_is_read()
    {
        var (other, order) = (await PlacedAsync(), await PlacedAsync());
        await CancelAsync(other, CancelReason.OutOfStock);
        _rig.Host.World.Faults.Add(new Fault(FaultKind.CutAfter, _rig.Manifest.Code, Endpoint: _rig.Wire.LastWrite, Times: 1));

        var outcome = await CancelAsync(order, CancelReason.OutOfStock);

        Assert.True(outcome is null or PushOutcome.Unknown or PushOutcome.Confirmed);
        var stopped = await _rig.Market.Reader!.StoppedAsync(_rig.Access, [order], Cancellation);
        Assert.True(stopped.GetValueOrDefault(order.Code) is MarketplaceStanding.Cancelled or MarketplaceStanding.CancelRequested);
        AssertNothingHappenedTwice(order);
    }

    [Fact]
    [Check(Need.Cancellation)]
    public async Task A_cancel_with_a_dead_credential_does_nothing_and_says_why()
    {
        var order = await PlacedAsync();
        _rig.Simulator.BreakCredential(Rig.Account, "revoked");

        var refusal = await Assert.ThrowsAsync<MarketplaceException>(() => _rig.Market.Cancellation!.CancelAsync(_rig.Access, order, CancelReason.Other, Cancellation));

        Assert.Equal(FailureKind.CredentialRejected, refusal.Kind);
        Assert.False(_rig.Served(order.Code.Value).Cancelled);
    }

    /// <returns>Null = no word about the order came back.</returns>
    private async Task<PushOutcome?> CancelAsync(OrderReference order, CancelReason reason)
    {
        try
        {
            return await _rig.Market.Cancellation!.CancelAsync(_rig.Access, order, reason, Cancellation);
        }
        catch (MarketplaceException lost) when (lost.Kind is FailureKind.Transient or FailureKind.Unreadable)
        {
            AssertSilent(lost.ToString());
            return null;
        }
    }
}
