using System.Net;
using System.Security.Cryptography;
using System.Text;
using Sandbox.Core;

namespace Tests.Connectors.Sandbox;

public sealed class YahooCredentialTests : IDisposable
{
    private readonly YahooRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_refresh_brings_an_access_token_for_an_hour_and_no_refresh_token(bool basic)
    {
        var answer = await _rig.TokenAsync($"grant_type=refresh_token&refresh_token={_rig.Shop.Secrets["refresh-token"]}", basic);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal((3600, "Bearer"), (answer.Json.GetProperty("expires_in").GetInt32(), answer.Json.GetProperty("token_type").GetString()));
        Assert.False(answer.Json.TryGetProperty("refresh_token", out _));
        Assert.Equal(EffectKind.Token, _rig.World.Journal.Read().Single().Effects.Single().Kind);
    }

    [Fact]
    public async Task A_wrong_secret_and_a_wrong_refresh_token_have_errors_of_their_own()
    {
        var client = await _rig.TokenAsync($"grant_type=refresh_token&refresh_token={_rig.Shop.Secrets["refresh-token"]}", secret: "wrong");
        var token = await _rig.TokenAsync("grant_type=refresh_token&refresh_token=wrong");

        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (client.Status, client.Error));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), (token.Status, token.Error));
    }

    [Fact]
    public async Task An_access_token_ends_after_an_hour_without_a_code_and_with_a_header()
    {
        Assert.Equal(HttpStatusCode.OK, (await _rig.PingAsync()).Status);
        _rig.Time.Advance(TimeSpan.FromSeconds(3599));
        Assert.Equal(HttpStatusCode.OK, (await _rig.PingAsync()).Status);
        _rig.Time.Advance(TimeSpan.FromSeconds(1));
        var late = await _rig.PingAsync();

        Assert.Equal((HttpStatusCode.Unauthorized, null), (late.Status, late.Code));
        Assert.Contains("error=\"invalid_token\"", late.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        await _rig.RefreshAsync();
        Assert.Equal(HttpStatusCode.OK, (await _rig.PingAsync()).Status);
    }

    [Fact]
    public async Task A_signed_consent_lives_for_28_days_from_its_beginning_however_often_it_is_refreshed()
    {
        Assert.Equal("authorized", (await _rig.ListDayAsync()).Authorized);
        _rig.Time.Advance(TimeSpan.FromDays(28) - TimeSpan.FromSeconds(1));
        await _rig.RefreshAsync();
        Assert.Equal(HttpStatusCode.OK, (await _rig.ListDayAsync()).Status);
        _rig.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("px-04102", (await _rig.ListDayAsync()).Code);
        Assert.Equal("invalid_grant", (await _rig.TokenAsync($"grant_type=refresh_token&refresh_token={_rig.Shop.Secrets["refresh-token"]}")).Error);
    }

    [Fact]
    public async Task An_unsigned_order_call_gets_its_data_until_12_hours_after_the_consent()
    {
        _rig.Place();
        _rig.Sign = () => null;
        var first = await _rig.ListDayAsync();
        _rig.Time.Advance(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(1));
        await _rig.RefreshAsync();
        var last = await _rig.ListDayAsync();
        _rig.Time.Advance(TimeSpan.FromSeconds(1));
        var late = await _rig.ListDayAsync();

        Assert.Equal((HttpStatusCode.OK, 1), (first.Status, first.Total));
        Assert.NotEqual("authorized", first.Authorized);
        Assert.Equal(HttpStatusCode.OK, last.Status);
        Assert.Equal((HttpStatusCode.Unauthorized, "px-04102"), (late.Status, late.Code));
        Assert.Equal("px-04102", (await _rig.PingAsync()).Code); // every API of that consent
    }

    [Fact]
    public async Task One_unsigned_order_call_shortens_the_consent_although_the_next_are_signed()
    {
        _rig.Sign = () => null;
        await _rig.ListDayAsync();
        _rig.Sign = null;
        Assert.Equal("authorized", (await _rig.ListDayAsync()).Authorized);
        _rig.Time.Advance(TimeSpan.FromHours(12));

        Assert.Equal("invalid_grant", (await _rig.TokenAsync($"grant_type=refresh_token&refresh_token={_rig.Shop.Secrets["refresh-token"]}")).Error);
    }

    [Fact]
    public async Task A_call_of_the_item_apis_needs_no_signature()
    {
        _rig.Sign = () => null;
        Assert.Null((await _rig.PingAsync()).Authorized);
        _rig.Time.Advance(TimeSpan.FromHours(13));
        await _rig.RefreshAsync();

        Assert.Equal(HttpStatusCode.OK, (await _rig.PingAsync()).Status);
    }

    [Fact]
    public async Task A_signature_counts_only_with_the_sellers_name_the_right_time_and_the_right_key()
    {
        using var other = RSA.Create(2048);
        foreach (var wrong in (Func<string?>[])[
            () => _rig.Signature(seller: "nigoten"), () => _rig.Signature(skew: TimeSpan.FromMinutes(-6)), () => _rig.Signature(skew: TimeSpan.FromMinutes(6)),
            () => _rig.Signature(key: other), () => "abc", () => Convert.ToBase64String(Encoding.UTF8.GetBytes("honten:1"))])
        {
            _rig.Sign = wrong;
            var answer = await _rig.ListDayAsync();
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.NotEqual("authorized", answer.Authorized);
        }

        _rig.Sign = () => _rig.Signature(skew: TimeSpan.FromMinutes(-4));
        Assert.Equal("authorized", (await _rig.ListDayAsync()).Authorized);
    }

    [Fact]
    public async Task Two_public_keys_are_in_force_at_once_and_a_third_ends_the_first()
    {
        var first = _rig.Shop.Secrets["public-key-version"];
        async Task<string?> WithFirst()
        {
            _rig.Shop = _rig.Simulator.RenewCredential(YahooRig.Account);
            await _rig.RefreshAsync();
            Assert.Equal("authorized", (await _rig.ListDayAsync()).Authorized);
            _rig.Shop = _rig.Shop with { Secrets = new Dictionary<string, string>(_rig.Shop.Secrets) { ["public-key-version"] = first } };
            return (await _rig.ListDayAsync()).Authorized;
        }

        Assert.Equal("authorized", await WithFirst());
        Assert.NotEqual("authorized", await WithFirst());
    }

    [Fact]
    public async Task A_public_key_lives_for_a_year()
    {
        _rig.Time.Advance(TimeSpan.FromDays(365) - TimeSpan.FromSeconds(1));
        await ConsentAsync();
        Assert.Equal("authorized", (await _rig.ListDayAsync()).Authorized);
        _rig.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.NotEqual("authorized", (await _rig.ListDayAsync()).Authorized);
    }

    [Fact]
    public async Task A_switched_off_key_is_served_like_an_unsigned_call()
    {
        _rig.Simulator.BreakCredential(YahooRig.Account, "key");
        var answer = await _rig.ListDayAsync();

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.NotEqual("authorized", answer.Authorized);
        _rig.Shop = _rig.Simulator.RenewCredential(YahooRig.Account);
        await _rig.RefreshAsync();
        Assert.Equal("authorized", (await _rig.ListDayAsync()).Authorized);
    }

    [Theory]
    [InlineData("expired", HttpStatusCode.Unauthorized, "px-04102", true)]
    [InlineData("revoked", HttpStatusCode.Forbidden, "px-04307", true)]
    [InlineData("address", HttpStatusCode.Forbidden, "px-04306", false)]
    [InlineData("rights", HttpStatusCode.Forbidden, "px-04303", false)]
    [InlineData("business-id", HttpStatusCode.Forbidden, "px-14303", false)]
    public async Task A_broken_credential_says_how_until_it_is_renewed(string how, HttpStatusCode status, string code, bool everywhere)
    {
        await _rig.RefreshAsync();
        _rig.Simulator.BreakCredential(YahooRig.Account, how);
        var dead = await _rig.ListDayAsync();
        var ping = await _rig.PingAsync();
        var token = await _rig.TokenAsync($"grant_type=refresh_token&refresh_token={_rig.Shop.Secrets["refresh-token"]}");

        Assert.Equal((status, code), (dead.Status, dead.Code));
        Assert.Equal(everywhere, ping.Status != HttpStatusCode.OK);
        Assert.Equal(everywhere ? "invalid_grant" : null, token.Error);
        _rig.Shop = _rig.Simulator.RenewCredential(YahooRig.Account);
        await _rig.RefreshAsync();
        Assert.Equal(HttpStatusCode.OK, (await _rig.ListDayAsync()).Status);
    }

    [Fact]
    public async Task A_consent_in_the_browser_brings_a_code_that_works_once()
    {
        var answer = await AuthorizeAsync("&state=a%2Bb");
        var location = answer.Headers["Location"];
        var code = location.Split("code=")[1].Split('&')[0];
        var form = $"grant_type=authorization_code&code={code}&redirect_uri={Uri.EscapeDataString(Redirect)}";
        var token = await _rig.TokenAsync(form);

        Assert.Equal(HttpStatusCode.Redirect, answer.Status);
        Assert.StartsWith(Redirect + "?code=", location, StringComparison.Ordinal);
        Assert.EndsWith("&state=a%2Bb", location, StringComparison.Ordinal);
        Assert.Equal(_rig.Shop.Secrets["refresh-token"], token.Json.GetProperty("refresh_token").GetString()); // the text stays while the consent lives
        Assert.Equal("invalid_grant", (await _rig.TokenAsync(form)).Error);
    }

    [Fact]
    public async Task A_code_lives_for_ten_minutes_and_is_bound_to_its_address_and_its_challenge()
    {
        const string Verifier = "0123456789012345678901234567890123456789012";
        var challenge = Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier))).Replace('+', '-').Replace('/', '_').TrimEnd('=');
        async Task<YahooAnswer> Exchange(string address, string verifier, TimeSpan after)
        {
            var code = (await AuthorizeAsync($"&code_challenge={challenge}&code_challenge_method=S256")).Headers["Location"].Split("code=")[1];
            _rig.Time.Advance(after);
            return await _rig.TokenAsync($"grant_type=authorization_code&code={code}&redirect_uri={Uri.EscapeDataString(address)}{verifier}");
        }

        Assert.Null((await Exchange(Redirect, $"&code_verifier={Verifier}", TimeSpan.FromSeconds(599))).Error);
        Assert.Equal("invalid_grant", (await Exchange(Redirect, $"&code_verifier={Verifier}", TimeSpan.FromSeconds(600))).Error);
        Assert.Equal("invalid_grant", (await Exchange("https://other.example.invalid/", $"&code_verifier={Verifier}", TimeSpan.Zero)).Error);
        Assert.Equal("invalid_grant", (await Exchange(Redirect, "&code_verifier=wrong", TimeSpan.Zero)).Error);
        Assert.Equal("invalid_grant", (await Exchange(Redirect, "", TimeSpan.Zero)).Error);
    }

    [Fact]
    public async Task A_consent_after_the_old_one_is_over_brings_another_refresh_token_and_28_days()
    {
        _rig.Time.Advance(TimeSpan.FromDays(28));
        var old = _rig.Shop.Secrets["refresh-token"];
        var token = await ConsentAsync();

        Assert.NotEqual(old, token);
        Assert.Equal("invalid_grant", (await _rig.TokenAsync($"grant_type=refresh_token&refresh_token={old}")).Error);
        _rig.Time.Advance(TimeSpan.FromDays(27));
        Assert.Null((await _rig.TokenAsync($"grant_type=refresh_token&refresh_token={token}")).Error);
    }

    [Fact]
    public async Task A_missing_and_a_foreign_seller_have_codes_of_their_own()
    {
        _rig.Host.OpenAccount(YahooRig.Market, "nigoten");

        Assert.Equal("px-04001", (await _rig.GetAsync("getShopCategory")).Code);
        Assert.Equal("px-14304", (await _rig.GetAsync("getShopCategory?seller_id=nigoten")).Code);
    }

    private const string Redirect = "https://shop.example.invalid/api/manage/consent";

    private async Task<YahooAnswer> AuthorizeAsync(string more = "")
    {
        using var answer = await _rig.Client.GetAsync(
            $"yconnect/v2/authorization?response_type=code&client_id={_rig.Shop.Secrets["client-id"]}&redirect_uri={Uri.EscapeDataString(Redirect)}&scope=openid+profile&bail=1{more}");
        return new YahooAnswer(answer.StatusCode, "", answer.Headers.ToDictionary(h => h.Key, h => string.Join(", ", h.Value)));
    }

    /// <summary>The new refresh token, with which the rig goes on.</summary>
    private async Task<string> ConsentAsync()
    {
        var code = (await AuthorizeAsync()).Headers["Location"].Split("code=")[1];
        var answer = await _rig.TokenAsync($"grant_type=authorization_code&code={code}&redirect_uri={Uri.EscapeDataString(Redirect)}");
        var token = answer.Json.GetProperty("refresh_token").GetString()!;
        _rig.Shop = _rig.Shop with { Secrets = new Dictionary<string, string>(_rig.Shop.Secrets) { ["refresh-token"] = token } };
        await _rig.RefreshAsync();
        return token;
    }
}
