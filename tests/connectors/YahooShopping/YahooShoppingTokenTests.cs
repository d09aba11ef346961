using System.Net;
using System.Text;
using System.Web;
using Domain.Marketplaces;

namespace Tests.Connectors.YahooShopping;

public sealed class YahooShoppingTokenTests : IDisposable
{
    private readonly ScriptedYahoo _yahoo = new();

    public YahooShoppingTokenTests() => _yahoo.On("getShopCategory", ScriptedYahoo.Recording("shop-category.xml")).On("orderCount", ScriptedYahoo.Recording("order-count.xml"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _yahoo.Dispose();

    [Fact]
    public async Task A_first_call_gets_a_token_with_the_refresh_token_and_keeps_it_for_less_than_its_hour()
    {
        await ProbeAsync();

        var call = Assert.Single(_yahoo.Of("token"));
        var form = HttpUtility.ParseQueryString(call.Body);
        Assert.Equal(("refresh_token", "canary-refresh"), (form["grant_type"], form["refresh_token"]));
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("canary-client:canary-secret")), call.Authorization);
        Assert.Equal("http://yahoo.invalid:8080/yconnect/v2/token", call.Address.ToString());
        Assert.Equal(("token", CallKind.Read), (call.Mark!.Endpoint, call.Mark.Kind));
        Assert.Equal(("canary-access-1", _yahoo.Clock.GetUtcNow().AddMinutes(50)), _yahoo.Credentials.Tokens["access-token"]);
        Assert.All(_yahoo.Seen.Skip(1), c => Assert.Equal("Bearer canary-access-1", c.Authorization));
    }

    [Fact]
    public async Task A_kept_token_is_used_until_it_runs_out_on_the_clock()
    {
        await ProbeAsync();
        _yahoo.Clock.Advance(TimeSpan.FromMinutes(49));
        await ProbeAsync();
        Assert.Single(_yahoo.Of("token"));

        _yahoo.Clock.Advance(TimeSpan.FromMinutes(2));
        await ProbeAsync();

        Assert.Equal(2, _yahoo.Of("token").Count());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("https://circus.shopping.yahooapis.jp/")]
    [InlineData("https://test.circus.shopping.yahooapis.jp/")]
    public async Task At_their_own_hosts_the_token_comes_from_the_login_host(string? baseAddress)
    {
        _yahoo.BaseAddress = baseAddress is null ? null : new Uri(baseAddress);

        await ProbeAsync();

        Assert.Equal("https://auth.login.yahoo.co.jp/yconnect/v2/token", _yahoo.Seen[0].Address.ToString());
        Assert.Equal(baseAddress is null ? "circus.shopping.yahooapis.jp" : new Uri(baseAddress).Host, _yahoo.Seen[1].Address.Host);
    }

    [Fact]
    public async Task A_token_that_is_no_longer_taken_is_replaced_and_the_call_made_once_more_with_a_new_signature()
    {
        Keep("canary-stale");
        _yahoo.InTurn("getShopCategory", ScriptedYahoo.StaleToken(), ScriptedYahoo.Recording("shop-category.xml"));

        await ProbeAsync();

        Assert.Equal(["getShopCategory", "token", "getShopCategory", "orderCount"], _yahoo.Apis);
        Assert.Equal(["Bearer canary-stale", "Bearer canary-access-1"], _yahoo.Of("getShopCategory").Select(c => c.Authorization));
    }

    [Fact]
    public async Task A_new_token_that_is_not_taken_either_stops_the_store()
    {
        _yahoo.On("getShopCategory", ScriptedYahoo.StaleToken());
        Keep("canary-stale");

        var refusal = await RefusedAsync();

        Assert.Equal(CredentialFault.Expired, refusal.Credential);
        Assert.Equal((1, 2), (_yahoo.Of("token").Count(), _yahoo.Of("getShopCategory").Count()));
    }

    [Fact]
    public async Task A_session_that_is_over_gets_one_new_token_before_the_consent_counts_as_over()
    {
        Keep("canary-stale");
        _yahoo.InTurn("orderCount", ScriptedYahoo.Refusal("px-04102", HttpStatusCode.Unauthorized), ScriptedYahoo.Recording("order-count.xml"));
        await ProbeAsync();
        Assert.Single(_yahoo.Of("token"));

        _yahoo.On("orderCount", ScriptedYahoo.Refusal("px-04102", HttpStatusCode.Unauthorized));
        var refusal = await RefusedAsync();

        Assert.Equal((FailureKind.CredentialRejected, CredentialFault.ConsentOver, "px-04102"), (refusal.Kind, refusal.Credential, refusal.Code));
        Assert.Equal(2, _yahoo.Of("token").Count());
    }

    [Fact]
    public async Task A_missing_right_is_no_reason_for_a_new_token()
    {
        Keep("canary-kept");
        _yahoo.On("getShopCategory", new Answer("", HttpStatusCode.Unauthorized, Challenge: "Bearer error=\"insufficient_scope\""));

        var refusal = await RefusedAsync();

        Assert.Equal(CredentialFault.RightMissing, refusal.Credential);
        Assert.Empty(_yahoo.Of("token"));
    }

    [Theory]
    [InlineData("""{"error":"invalid_grant","error_description":"canary"}""", 400, FailureKind.CredentialRejected, CredentialFault.ConsentOver)]
    [InlineData("""{"error":"invalid_client"}""", 401, FailureKind.CredentialRejected, CredentialFault.Wrong)]
    [InlineData("""{"error":"something_new"}""", 400, FailureKind.CredentialRejected, CredentialFault.Wrong)]
    [InlineData("", 429, FailureKind.Throttled, null)]
    [InlineData("<html>", 503, FailureKind.Maintenance, null)]
    [InlineData("", 500, FailureKind.Transient, null)]
    [InlineData("""{"token_type":"Bearer"}""", 200, FailureKind.Unreadable, null)]
    [InlineData("[1", 200, FailureKind.Unreadable, null)]
    public async Task A_token_call_that_gives_none_says_why_and_shows_no_value(string body, int status, FailureKind kind, CredentialFault? fault)
    {
        _yahoo.On("token", new Answer(body, (HttpStatusCode)status));

        var refusal = await RefusedAsync();

        Assert.Equal((kind, fault), (refusal.Kind, refusal.Credential));
        Assert.DoesNotContain("canary", refusal.ToString(), StringComparison.Ordinal);
        Assert.Empty(_yahoo.Of("getShopCategory"));
    }

    [Fact]
    public async Task A_new_refresh_token_is_kept_and_gives_way_to_what_a_person_entered_once_it_is_refused()
    {
        _yahoo.On("token", """{"access_token":"canary-access-1","expires_in":"3600","refresh_token":"canary-refresh-2"}""");
        await ProbeAsync();
        Assert.Equal("canary-refresh-2", _yahoo.Credentials.Tokens["refresh-token"].Value);

        _yahoo.Clock.Advance(TimeSpan.FromHours(1));
        _yahoo.Credentials.Values["refresh-token"] = "canary-entered";
        _yahoo.On("token", call => call.Body.Contains("canary-entered", StringComparison.Ordinal)
            ? ScriptedYahoo.Recording("token.json")
            : new Answer("""{"error":"invalid_grant"}""", HttpStatusCode.BadRequest));
        await ProbeAsync();

        Assert.False(_yahoo.Credentials.Tokens.ContainsKey("refresh-token"));
    }

    [Fact]
    public async Task Calls_that_find_the_same_token_refused_at_once_renew_it_once()
    {
        Keep("canary-stale");
        _yahoo.On("getShopCategory", call => call.Authorization == "Bearer canary-stale" ? ScriptedYahoo.StaleToken() : ScriptedYahoo.Recording("shop-category.xml"));
        var market = _yahoo.Marketplace();
        var access = _yahoo.Access(market);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => market.Probe.ProbeAsync(access, Cancellation), Cancellation)));

        Assert.Single(_yahoo.Of("token"));
    }

    private void Keep(string token) => _yahoo.Credentials.Tokens["access-token"] = (token, _yahoo.Clock.GetUtcNow().AddMinutes(30));

    private Task ProbeAsync()
    {
        var market = _yahoo.Marketplace();
        return market.Probe.ProbeAsync(_yahoo.Access(market), Cancellation);
    }

    private Task<MarketplaceException> RefusedAsync() => Assert.ThrowsAsync<MarketplaceException>(ProbeAsync);
}
