using System.Reflection;
using Domain.Marketplaces;
using Domain.Time;
using Xunit.v3;

namespace Tests.Connectors.Conformance;

/// <summary>What every connector owes (design.md §8), asked through its simulator. A connector joins by a class that says how it is registered.</summary>
/// <remarks>The facts stand by subject in the other parts of this class: pages, window, credentials, faults, shipments, secrets.</remarks>
public abstract partial class ConnectorConformance(ConnectorUnderTest tested) : IAsyncLifetime
{
    /// <summary>What the suite is told of this connector beside its manifest.</summary>
    internal ConnectorUnderTest Tested => tested;

    /// <summary>A day without any edge near it, at noon in Japan.</summary>
    private static readonly DateTimeOffset Noon = Jst.At(new DateOnly(2026, 11, 20), new TimeOnly(12, 0));

    private Rig _rig = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var check = (TestContext.Current.TestMethod as IXunitTestMethod)?.Method.GetCustomAttribute<CheckAttribute>();
        foreach (var need in check?.Needs ?? [])
        {
            Assert.SkipWhen(tested.WhyNot(need) is not null, tested.WhyNot(need) ?? "");
        }

        _rig = await Rig.StartAsync(tested, Noon);
    }

    public async ValueTask DisposeAsync()
    {
        if (_rig is not null)
        {
            await _rig.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Starts anew at another time of the calendar.</summary>
    private async Task AtAsync(DateTimeOffset now, bool wholePages = false)
    {
        await _rig.DisposeAsync();
        _rig = await Rig.StartAsync(tested, now, wholePages);
    }

    private Task<MarketplaceException> RefusalAsync() => Assert.ThrowsAsync<MarketplaceException>(() => _rig.ReadAsync(_rig.OrderLanes.First()));
}
