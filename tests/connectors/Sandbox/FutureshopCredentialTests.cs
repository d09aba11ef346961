using Sandbox.Core;
using HttpStatusCode = System.Net.HttpStatusCode;

namespace Tests.Connectors.Sandbox;

public sealed class FutureshopCredentialTests : IDisposable
{
    private readonly FutureshopRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_token_is_asked_for_with_client_and_shop_key_and_lives_an_hour()
    {
        var token = await _rig.TokenAsync();
        Assert.Equal((HttpStatusCode.OK, "Bearer", 3600), (token.Status, token.Json.GetProperty("token_type").GetString(), token.Json.GetProperty("expires_in").GetInt32()));
        Assert.Matches("^fs-client\\.[0-9a-f]{32}$", _rig.Shop.Secrets["client-id"]);

        Assert.Equal(HttpStatusCode.OK, (await _rig.GetAsync("products?count=50")).Status);
        _rig.Time.Advance(TimeSpan.FromSeconds(3599));
        Assert.Equal(HttpStatusCode.OK, (await _rig.GetAsync("products?count=50")).Status);
        _rig.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Unauthorized, (await _rig.GetAsync("products?count=50")).Status);
        _rig.ForgetToken();
        Assert.Equal(HttpStatusCode.OK, (await _rig.GetAsync("products?count=50")).Status);
    }

    [Theory]
    [InlineData("another", null, "grant_type=client_credentials", 401, "invalid_client")]
    [InlineData(null, "another", "grant_type=client_credentials", 401, "invalid_client")]
    [InlineData(null, null, "grant_type=refresh_token", 400, "unsupported_grant_type")]
    public async Task A_wrong_token_call_is_refused_in_the_standards_form(string? secret, string? shopKey, string body, int status, string error)
    {
        var answer = await _rig.TokenAsync(secret, shopKey, body);

        Assert.Equal(((HttpStatusCode)status, error), (answer.Status, answer.Json.GetProperty("error").GetString()));
    }

    [Fact]
    public async Task A_token_needs_its_own_shop_key_beside_it()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await _rig.GetAsync("products", shopKey: "another")).Status);
    }

    [Theory]
    [InlineData("expired", 401, "Unauthorized", true)]
    [InlineData("revoked", 401, "Unauthorized", false)]
    [InlineData("address", 403, "IpAddressNotAllowed", false)]
    [InlineData("rights", 403, "ApiNotApproved", false)]
    public async Task A_broken_credential_is_refused_until_it_is_renewed(string how, int status, string code, bool anotherTokenHelps)
    {
        Assert.Equal(HttpStatusCode.OK, (await _rig.GetAsync("shipping")).Status);
        _rig.Simulator.BreakCredential(FutureshopRig.Account, how);

        if (how == "rights")
        {
            _rig.ForgetToken(); // the token call itself passes
        }

        var refused = await _rig.GetAsync("shipping");
        Assert.Equal(((HttpStatusCode)status, code), (refused.Status, refused.ErrorCode));
        _rig.ForgetToken();
        Assert.Equal(anotherTokenHelps, (await _rig.GetAsync("shipping")).Status is HttpStatusCode.OK);

        _rig.Shop = _rig.Simulator.RenewCredential(FutureshopRig.Account);
        _rig.ForgetToken();
        Assert.Equal(HttpStatusCode.OK, (await _rig.GetAsync("shipping")).Status);
    }

    [Fact]
    public async Task A_second_call_within_a_second_is_429_and_the_token_call_counts()
    {
        _rig.World.RateLimits.Lifted = false;

        Assert.Equal(HttpStatusCode.OK, (await _rig.TokenAsync()).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await _rig.TokenAsync()).Status);
        _rig.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, (await _rig.TokenAsync()).Status);
        _rig.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await _rig.GetAsync("shipping")).Status); // the token call before it came in the same second
        _rig.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, (await _rig.GetAsync("shipping")).Status);
    }

    [Theory]
    [InlineData(FaultKind.Throttle, 429)]
    [InlineData(FaultKind.Maintenance, 503)]
    [InlineData(FaultKind.ServerError, 500)]
    [InlineData(FaultKind.GatewayHtml, 502)]
    public async Task A_fault_has_the_form_of_the_service(FaultKind kind, int status)
    {
        await _rig.GetAsync("products");
        _rig.World.Faults.Add(new Fault(kind, FutureshopRig.Market));

        Assert.Equal((HttpStatusCode)status, (await _rig.GetAsync("products")).Status);
        Assert.Equal(HttpStatusCode.OK, (await _rig.GetAsync("products")).Status);
    }
}
