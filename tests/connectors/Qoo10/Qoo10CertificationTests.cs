using Connectors.Qoo10;
using Domain.Marketplaces;

namespace Tests.Connectors.Qoo10;

public sealed class Qoo10CertificationTests
{
    private const string Issued = "S5invented_g_1_XXXXXXXXXXXXXXXX";

    private readonly ScriptedQoo10 _qoo10 = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(-90004)]
    [InlineData(-90005)]
    [InlineData(-10000)]
    [InlineData(-90001)]
    public async Task A_refused_key_is_replaced_once_and_the_call_made_again(int code)
    {
        AcceptOnly(Issued, code);
        _qoo10.On(Qoo10Methods.Certify, ScriptedQoo10.Recording("certification-key.json"));

        await ProbeAsync();

        Assert.Equal([Qoo10Methods.Search, Qoo10Methods.Certify, Qoo10Methods.Search], _qoo10.Methods);
        Assert.Equal(["canary-sak", "canary-api-key", Issued], _qoo10.Seen.Select(c => c.Key));
        Assert.Equal(("canary-user", "canary-password"), (_qoo10.Seen[1].Form["user_id"], _qoo10.Seen[1].Form["pwd"]));
        Assert.Equal(CallKind.Write, _qoo10.Seen[1].Mark!.Kind);
        Assert.Equal((Issued, _qoo10.Clock.GetUtcNow().AddDays(364)), _qoo10.Credentials.Tokens["certification-key"]);
    }

    [Fact]
    public async Task The_kept_key_goes_before_the_entered_one()
    {
        AcceptOnly("kept", -10000);
        _qoo10.Credentials.Tokens["certification-key"] = ("kept", DateTimeOffset.MaxValue);

        await ProbeAsync();

        Assert.Equal("kept", Assert.Single(_qoo10.Seen).Key);
    }

    [Fact]
    public async Task Without_any_key_the_first_one_is_issued()
    {
        AcceptOnly(Issued, -10000);
        _qoo10.Credentials.Values.Remove("certification-key");
        _qoo10.On(Qoo10Methods.Certify, ScriptedQoo10.Recording("certification-key.json"));

        await ProbeAsync();

        Assert.Equal([Qoo10Methods.Certify, Qoo10Methods.Search], _qoo10.Methods);
    }

    [Theory]
    [InlineData(-90004, -10000, CredentialFault.Expired)]
    [InlineData(-10000, -90004, CredentialFault.Expired)]
    [InlineData(-10000, -10000, CredentialFault.Wrong)]
    [InlineData(-90001, -90001, CredentialFault.Wrong)]
    [InlineData(-10000, -10002, CredentialFault.Wrong)]
    public async Task When_no_new_key_is_issued_a_person_is_told_that_the_api_key_is_at_fault(int refusedWith, int issueCode, CredentialFault expected)
    {
        AcceptOnly("nothing", refusedWith);
        _qoo10.On(Qoo10Methods.Certify, ScriptedQoo10.Refusal(issueCode));

        var failure = await Assert.ThrowsAsync<MarketplaceException>(ProbeAsync);

        Assert.Equal((FailureKind.CredentialRejected, expected, "api-key"), (failure.Kind, failure.Credential!.Value, failure.Field));
        Assert.DoesNotContain("canary", failure.ToString(), StringComparison.Ordinal);
        Assert.Empty(_qoo10.Credentials.Tokens);
    }

    [Fact]
    public async Task A_missing_login_is_named()
    {
        AcceptOnly("nothing", -90004);
        _qoo10.Credentials.Values.Remove("password");

        var failure = await Assert.ThrowsAsync<MarketplaceException>(ProbeAsync);

        Assert.Equal((CredentialFault.Missing, "password"), (failure.Credential!.Value, failure.Field));
    }

    [Fact]
    public async Task A_key_that_a_person_entered_afterwards_is_tried_when_none_can_be_issued()
    {
        AcceptOnly("canary-sak", -10000);
        _qoo10.Credentials.Tokens["certification-key"] = ("stale", DateTimeOffset.MaxValue);
        _qoo10.On(Qoo10Methods.Certify, ScriptedQoo10.Refusal(-10000));

        await ProbeAsync();

        Assert.Equal(["stale", "canary-api-key", "canary-sak"], _qoo10.Seen.Select(c => c.Key));
        Assert.Empty(_qoo10.Credentials.Tokens);
    }

    [Fact]
    public async Task A_new_key_that_is_refused_too_is_not_replaced_again()
    {
        AcceptOnly("nothing", -10000);
        _qoo10.On(Qoo10Methods.Certify, ScriptedQoo10.Recording("certification-key.json"));

        var failure = await Assert.ThrowsAsync<MarketplaceException>(ProbeAsync);

        Assert.Equal(CredentialFault.Wrong, failure.Credential);
        Assert.Equal(3, _qoo10.Seen.Count);
    }

    [Fact]
    public async Task An_api_that_does_not_exist_costs_one_key_not_one_a_call()
    {
        AcceptOnly("nothing", -90001);
        _qoo10.On(Qoo10Methods.Certify, ScriptedQoo10.Recording("certification-key.json"));
        var market = _qoo10.Marketplace();

        foreach (var _ in Enumerable.Range(0, 3))
        {
            var failure = await Assert.ThrowsAsync<MarketplaceException>(() => market.Probe.ProbeAsync(_qoo10.Access(market), Cancellation));
            Assert.Equal(FailureKind.Rejected, failure.Kind);
        }

        Assert.Single(_qoo10.Methods, Qoo10Methods.Certify);
    }

    private Task ProbeAsync()
    {
        var market = _qoo10.Marketplace();
        return market.Probe.ProbeAsync(_qoo10.Access(market), Cancellation);
    }

    private void AcceptOnly(string key, int refusal) =>
        _qoo10.On(Qoo10Methods.Search, call => call.Key == key ? ScriptedQoo10.Empty : ScriptedQoo10.Refusal(refusal));
}
