using Connectors.Qoo10;
using Domain.Marketplaces;
using Domain.Time;

namespace Tests.Connectors.Qoo10;

public sealed class Qoo10ProbeTests
{
    private readonly ScriptedQoo10 _qoo10 = new ScriptedQoo10().On(Qoo10Methods.Search, ScriptedQoo10.Empty);

    [Fact]
    public async Task Without_an_entered_day_nothing_is_said_of_an_end() => Assert.Equal(CredentialHealth.NoWordOfExpiry, await ProbeAsync());

    [Fact]
    public async Task The_API_keys_end_is_the_day_that_a_person_entered()
    {
        _qoo10.Credentials.Values["api-key-expires"] = "2026-12-08";
        var end = Jst.StartOf(new DateOnly(2026, 12, 8));

        var health = await ProbeAsync();

        Assert.Equal(end, health.ExpiresAt);
        Assert.True(health.ExpiresWithin(TimeSpan.FromDays(14), end.AddDays(-14)));
    }

    [Theory]
    [InlineData(-10000, CredentialFault.Wrong)]
    [InlineData(-90005, CredentialFault.Expired)]
    public async Task A_key_that_cannot_be_renewed_is_told_by_its_fault(int code, CredentialFault expected)
    {
        _qoo10.On(Qoo10Methods.Search, ScriptedQoo10.Refusal(code)).On(Qoo10Methods.Certify, ScriptedQoo10.Refusal(-10000));

        Assert.Equal(expected, (await Assert.ThrowsAsync<MarketplaceException>(ProbeAsync)).Credential);
    }

    [Fact]
    public async Task A_right_that_is_missing_is_told()
    {
        _qoo10.On(Qoo10Methods.Search, ScriptedQoo10.Refusal(-90002));

        Assert.Equal(CredentialFault.RightMissing, (await Assert.ThrowsAsync<MarketplaceException>(ProbeAsync)).Credential);
    }

    private Task<CredentialHealth> ProbeAsync()
    {
        var market = _qoo10.Marketplace();
        return market.Probe.ProbeAsync(_qoo10.Access(market), TestContext.Current.CancellationToken);
    }
}
