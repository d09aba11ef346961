using Domain.Marketplaces;
using Sandbox.Core;

namespace Tests.Connectors.Conformance;

public abstract partial class ConnectorConformance
{
    [Fact]
    public async Task No_secret_and_no_personal_data_stands_in_a_log_or_an_exception()
    {
        var order = await PlacedAsync();
        _rig.Place(Noon.AddHours(-2), seed => seed with { Malformed = "amount" });
        await ConfirmAllAsync(Report(order, FirstNumber));
        foreach (var kind in Enum.GetValues<FaultKind>().Except([FaultKind.Delay]))
        {
            _rig.Host.World.Faults.Add(new Fault(kind, _rig.Manifest.Code, Times: null));
            AssertSilent((await RefusalAsync()).ToString());
            await SilentPushAsync(order);
            _rig.Host.World.Faults.Clear();
            _rig.Renew(_rig.Host.RenewCredential(_rig.Manifest.Code, Rig.Account));
        }

        foreach (var how in tested.Faults.Where(f => f.Key != "wrong" && f.Value is not null).Select(f => f.Key))
        {
            _rig.Simulator.BreakCredential(Rig.Account, how);
            AssertSilent((await RefusalAsync()).ToString());
            await SilentPushAsync(order);
            _rig.Renew(_rig.Host.RenewCredential(_rig.Manifest.Code, Rig.Account));
        }

        Assert.NotEmpty(_rig.Logs);
        AssertSilent(string.Join('\n', _rig.Logs));
    }

    private async Task SilentPushAsync(OrderReference order)
    {
        if (Lacks(_rig.Market.Shipments, "shipment-sink"))
        {
            return;
        }

        try
        {
            foreach (var outcome in await _rig.Market.Shipments!.PushAsync(_rig.Access, NumberStep.Step, [Report(order, OtherNumber)], Cancellation))
            {
                AssertSilent($"{outcome}");
            }
        }
        catch (MarketplaceException failure)
        {
            AssertSilent(failure.ToString());
        }
    }

    /// <summary>Neither plain nor escaped for a URL.</summary>
    private void AssertSilent(string text)
    {
        foreach (var word in Canary.Personal.Concat(_rig.Credentials.Seen.Where(secret => secret.Length > 3)))
        {
            Assert.False(text.Contains(word, StringComparison.Ordinal), "a secret or a person's data leaks");
            Assert.False(text.Contains(Uri.EscapeDataString(word), StringComparison.OrdinalIgnoreCase), "a secret or a person's data leaks, escaped");
        }
    }
}
