using Domain.Marketplaces;
using Domain.Time;

namespace Tests.Connectors.YahooShopping;

public sealed class YahooShoppingProbeTests : IDisposable
{
    private readonly ScriptedYahoo _yahoo = new ScriptedYahoo()
        .On("getShopCategory", ScriptedYahoo.Recording("shop-category.xml"))
        .On("orderCount", ScriptedYahoo.Recording("order-count.xml"));

    public void Dispose() => _yahoo.Dispose();

    [Fact]
    public async Task Without_an_entered_date_nothing_is_said_of_an_end() => Assert.Equal(CredentialHealth.NoWordOfExpiry, await ProbeAsync());

    [Theory]
    [InlineData("2026-11-20T12:00:00+09:00", "2026-12-18T03:00:00Z")]
    [InlineData("2026-11-20", "2026-12-17T15:00:00Z")]
    public async Task The_consent_ends_twenty_eight_days_after_it_was_given(string consented, string end)
    {
        _yahoo.Credentials.Values["consented-at"] = consented;

        Assert.Equal(DateTimeOffset.Parse(end, System.Globalization.CultureInfo.InvariantCulture), (await ProbeAsync()).ExpiresAt);
    }

    [Theory]
    [InlineData("2026-11-20", "2026-12-01", "2026-12-01")]
    [InlineData("2026-11-20", "2027-11-20", "2026-12-18")]
    [InlineData("nonsense", "2027-11-20", "2027-11-20")]
    [InlineData(null, "2027-11-20", "2027-11-20")]
    public async Task What_ends_first_is_told(string? consented, string keyEnds, string expected)
    {
        if (consented is not null)
        {
            _yahoo.Credentials.Values["consented-at"] = consented;
        }

        _yahoo.Credentials.Values["public-key-expires"] = keyEnds;

        var health = await ProbeAsync();

        var end = Jst.StartOf(DateOnly.Parse(expected, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(end, health.ExpiresAt);
        Assert.True(health.ExpiresWithin(TimeSpan.FromDays(3), end.AddDays(-3)));
        Assert.False(health.ExpiresWithin(TimeSpan.FromDays(3), end.AddDays(-4)));
    }

    [Theory]
    [InlineData("2026-11-23", CredentialFault.Expired)]
    [InlineData("2027-11-20", CredentialFault.Wrong)]
    [InlineData(null, CredentialFault.Expired)]
    public async Task A_key_that_is_not_taken_is_expired_or_mistyped_as_its_entered_end_says(string? keyEnds, CredentialFault expected)
    {
        if (keyEnds is not null)
        {
            _yahoo.Credentials.Values["public-key-expires"] = keyEnds;
        }

        _yahoo.On("orderCount", new Answer(ScriptedYahoo.Recording("order-count.xml"), KeyStatus: "unauthorized"));

        var refusal = await Assert.ThrowsAsync<MarketplaceException>(ProbeAsync);

        Assert.Equal((FailureKind.CredentialRejected, expected, "public-key"), (refusal.Kind, refusal.Credential, refusal.Field));
    }

    [Theory]
    [InlineData("px-04303", CredentialFault.RightMissing)]
    [InlineData("px-04306", CredentialFault.AddressNotRegistered)]
    [InlineData("px-04307", CredentialFault.Revoked)]
    [InlineData("px-04102", CredentialFault.ConsentOver)]
    public async Task What_the_order_API_lacks_is_told(string code, CredentialFault expected)
    {
        _yahoo.On("orderCount", ScriptedYahoo.Refusal(code, System.Net.HttpStatusCode.Forbidden));

        Assert.Equal(expected, (await Assert.ThrowsAsync<MarketplaceException>(ProbeAsync)).Credential);
    }

    private Task<CredentialHealth> ProbeAsync()
    {
        var market = _yahoo.Marketplace();
        return market.Probe.ProbeAsync(_yahoo.Access(market), TestContext.Current.CancellationToken);
    }
}
