using Domain.Marketplaces;
using Domain.Time;

namespace Tests.Connectors.AuPayMarket;

public sealed class AuPayMarketProbeTests
{
    private readonly ScriptedAuPay _shop = new ScriptedAuPay()
        .On("searchImgCapacity", ScriptedAuPay.ListOf())
        .On("searchTradeInfoProc", ScriptedAuPay.Recording("no-such-order.xml"));

    [Fact]
    public async Task The_probe_asks_the_smallest_call_there_is_and_one_of_the_orders_rights()
    {
        Assert.Equal(CredentialHealth.NoWordOfExpiry, await ProbeAsync());

        Assert.Equal(["/wmshopapi/searchImgCapacity", "/wmshopapi/searchTradeInfoProc"], _shop.Seen.Select(call => call.Path));
        Assert.All(_shop.Seen, call => Assert.Equal(("GET", CallKind.Read), (call.Method, call.Mark!.Kind)));
    }

    [Theory]
    [InlineData("2027-02-18")]
    [InlineData("2027/02/18")]
    [InlineData("20270218")]
    public async Task The_day_that_a_person_entered_is_the_keys_end_and_begins_in_Japan(string entered)
    {
        _shop.KeyExpires = entered;
        var end = Jst.StartOf(new DateOnly(2027, 2, 18));

        var health = await ProbeAsync();

        Assert.Equal(end, health.ExpiresAt);
        Assert.True(health.ExpiresWithin(TimeSpan.FromDays(14), end.AddDays(-14)));
        Assert.False(health.ExpiresWithin(TimeSpan.FromDays(14), end.AddDays(-15)));
    }

    [Theory]
    [InlineData("90日")]
    [InlineData("2027-02-30")]
    [InlineData("")]
    public async Task An_entry_that_is_no_day_says_nothing_and_stops_nothing(string entered)
    {
        _shop.KeyExpires = entered;

        Assert.Null((await ProbeAsync()).ExpiresAt);
    }

    [Fact]
    public async Task A_dead_key_is_told_by_the_first_call_and_nothing_else_is_asked()
    {
        _shop.On("searchImgCapacity", ScriptedAuPay.Recording("key-refused.xml"), 401);

        var refusal = await Assert.ThrowsAsync<MarketplaceException>(ProbeAsync);

        Assert.Equal((FailureKind.CredentialRejected, CredentialFault.Expired, "0002"), (refusal.Kind, refusal.Credential, refusal.Code));
        Assert.Single(_shop.Seen);
    }

    [Fact]
    public async Task A_key_that_is_refused_for_orders_alone_lacks_the_right()
    {
        _shop.On("searchTradeInfoProc", ScriptedAuPay.Recording("key-refused.xml"), 401);

        var refusal = await Assert.ThrowsAsync<MarketplaceException>(ProbeAsync);

        Assert.Equal((FailureKind.CredentialRejected, CredentialFault.RightMissing), (refusal.Kind, refusal.Credential));
        Assert.DoesNotContain(ScriptedAuPay.Key, refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_shop_is_told_as_wrong()
    {
        _shop.On("searchImgCapacity", ScriptedAuPay.Recording("refused-field.xml").Replace("CME0000", "CME0022", StringComparison.Ordinal), 400);

        Assert.Equal(CredentialFault.Wrong, (await Assert.ThrowsAsync<MarketplaceException>(ProbeAsync)).Credential);
    }

    [Fact]
    public async Task An_order_number_that_they_refuse_proves_the_right()
    {
        _shop.On("searchTradeInfoProc", ScriptedAuPay.Recording("refused-field.xml"));

        Assert.Equal(CredentialHealth.NoWordOfExpiry, await ProbeAsync());
    }

    private Task<CredentialHealth> ProbeAsync() => _shop.Market.Probe.ProbeAsync(_shop.Access, TestContext.Current.CancellationToken);
}
