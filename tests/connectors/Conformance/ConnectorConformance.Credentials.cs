using Domain.Marketplaces;

namespace Tests.Connectors.Conformance;

public abstract partial class ConnectorConformance
{
    [Theory]
    [Check]
    [InlineData("wrong")]
    [InlineData("expired")]
    [InlineData("revoked")]
    [InlineData("address")]
    [InlineData("rights")]
    public async Task A_credential_that_is_not_accepted_is_named_with_its_fault_and_works_again_once_renewed(string how)
    {
        _rig.Place(Noon.AddHours(-1));
        if (how == "wrong")
        {
            _rig.Credentials.Mistype();
        }
        else
        {
            _rig.Simulator.BreakCredential(Rig.Account, how);
        }

        if (tested.Faults[how] is { } expected)
        {
            var refusal = await RefusalAsync();
            Assert.Equal(FailureKind.CredentialRejected, refusal.Kind);
            Assert.Equal(expected, refusal.Credential);
            Assert.False(refusal.MayPass);
        }
        else
        {
            Assert.Single((await _rig.ReadAsync(_rig.OrderLanes.First())).Readings);
        }

        _rig.Renew(_rig.Host.RenewCredential(_rig.Manifest.Code, Rig.Account));
        Assert.Single((await _rig.ReadAsync(_rig.OrderLanes.First())).Readings);
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData("expired")]
    [InlineData("revoked")]
    [InlineData("address")]
    [InlineData("rights")]
    [Check]
    public async Task The_probe_names_the_fault_of_a_credential(string how)
    {
        await _rig.Market.Probe.ProbeAsync(_rig.Access, Cancellation);
        if (how == "wrong")
        {
            _rig.Credentials.Mistype();
        }
        else
        {
            _rig.Simulator.BreakCredential(Rig.Account, how);
        }

        if ((tested.ProbeFaults.TryGetValue(how, out var told) ? told : tested.Faults[how]) is { } expected)
        {
            var fault = await Assert.ThrowsAsync<MarketplaceException>(() => _rig.Market.Probe.ProbeAsync(_rig.Access, Cancellation));
            Assert.Equal((FailureKind.CredentialRejected, expected), (fault.Kind, fault.Credential));
        }
        else
        {
            await _rig.Market.Probe.ProbeAsync(_rig.Access, Cancellation);
        }
    }

    [Fact]
    [Check(Need.Expiry)]
    public async Task The_probe_tells_when_a_credential_ends()
    {
        var fresh = await _rig.Market.Probe.ProbeAsync(_rig.Access, Cancellation);

        Assert.NotNull(fresh.ExpiresAt);
        Assert.False(fresh.ExpiresWithin(TimeSpan.FromDays(1), _rig.Now));
        Assert.True(fresh.ExpiresWithin(TimeSpan.FromDays(1), fresh.ExpiresAt.Value.AddHours(-12)));
    }

    [Fact]
    [Check]
    public async Task The_probe_tells_a_good_credential_from_a_dead_and_from_a_missing_one()
    {
        await _rig.Market.Probe.ProbeAsync(_rig.Access, Cancellation);

        _rig.Simulator.BreakCredential(Rig.Account, "revoked");
        var dead = await Assert.ThrowsAsync<MarketplaceException>(() => _rig.Market.Probe.ProbeAsync(_rig.Access, Cancellation));
        _rig.Credentials.Remove();
        var missing = await Assert.ThrowsAsync<MarketplaceException>(() => _rig.Market.Probe.ProbeAsync(_rig.Access, Cancellation));

        Assert.Equal(FailureKind.CredentialRejected, dead.Kind);
        Assert.Equal((FailureKind.CredentialRejected, CredentialFault.Missing), (missing.Kind, missing.Credential));
    }

    [Fact]
    [Check]
    public async Task The_probe_changes_nothing_at_the_marketplace()
    {
        _rig.Place(Noon.AddHours(-1));

        await _rig.Market.Probe.ProbeAsync(_rig.Access, Cancellation);

        Assert.DoesNotContain(
            _rig.Host.World.Journal.Read().SelectMany(e => e.Effects),
            effect => effect.Kind is not global::Sandbox.Core.EffectKind.Token);
    }
}
