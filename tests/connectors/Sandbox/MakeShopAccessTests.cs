using System.Globalization;
using System.Net;
using Sandbox.Core;
using Sandbox.MakeShop;

namespace Tests.Connectors.Sandbox;

public sealed class MakeShopAccessTests : IDisposable
{
    private const string GetShop = "query getShop{getShop{shop{shopName}}}";

    private readonly MakeShopRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task The_shop_tells_its_name_without_input()
    {
        var reply = await _rig.AskAsync(GetShop);

        Assert.Equal("見本商店", reply.Data("getShop").GetProperty("shop").GetProperty("shopName").GetString());
        Assert.Matches("^PAT\\.[0-9a-f]{64}$", _rig.Shop.Secrets["permanent-token"]);
        Assert.Matches("^[0-9a-f]{64}$", _rig.Shop.Secrets["api-key"]);
    }

    [Theory]
    [InlineData("authorization", "Bearer PAT.0000")]
    [InlineData("authorization", null)]
    [InlineData("x-api-key", "1111")]
    [InlineData("x-api-key", null)]
    [InlineData("x-timestamp", "1775001600")]
    [InlineData("x-timestamp", "soon")]
    [InlineData("x-timestamp", null)]
    public async Task A_header_that_is_missing_or_wrong_is_not_accepted(string header, string? value)
    {
        var reply = await _rig.AskAsync(GetShop, change: request =>
        {
            request.Headers.Remove(header);
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(header, value);
            }
        });

        Assert.Equal(HttpStatusCode.Unauthorized, reply.Status);
        Assert.Equal(header == "x-timestamp", reply.Message.Contains("timestamp", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(3600, HttpStatusCode.OK)]
    [InlineData(3601, HttpStatusCode.Unauthorized)]
    [InlineData(-301, HttpStatusCode.Unauthorized)]
    public async Task A_timestamp_is_good_for_an_hour(int age, HttpStatusCode expected)
    {
        var reply = await _rig.AskAsync(GetShop, change: request =>
        {
            request.Headers.Remove("x-timestamp");
            request.Headers.TryAddWithoutValidation("x-timestamp", (MakeShopRig.Noon.ToUnixTimeSeconds() - age).ToString(CultureInfo.InvariantCulture));
        });

        Assert.Equal(expected, reply.Status);
    }

    [Fact]
    public async Task Uninstalling_kills_the_token_and_installing_again_gives_another()
    {
        var old = _rig.Shop;
        _rig.Simulator.BreakCredential(MakeShopRig.Account, "revoked");
        Assert.Equal(HttpStatusCode.Unauthorized, (await _rig.AskAsync(GetShop)).Status);

        _rig.Shop = _rig.Host.RenewCredential(MakeShopRig.Market, MakeShopRig.Account);
        Assert.Equal(HttpStatusCode.OK, (await _rig.AskAsync(GetShop)).Status);

        _rig.Shop = old;
        Assert.Equal(HttpStatusCode.Unauthorized, (await _rig.AskAsync(GetShop)).Status);
    }

    [Theory]
    [InlineData("expired")]
    [InlineData("address")]
    public async Task A_permanent_token_does_not_run_out_and_is_bound_to_no_address(string how)
    {
        _rig.Simulator.BreakCredential(MakeShopRig.Account, how);

        Assert.Equal(HttpStatusCode.OK, (await _rig.AskAsync(GetShop)).Status);
        Assert.Throws<ArgumentException>(() => _rig.Simulator.BreakCredential(MakeShopRig.Account, "hammer"));
    }

    [Fact]
    public async Task A_right_that_is_missing_is_FORBIDDEN_with_HTTP_200()
    {
        using var narrow = new MakeShopRig(new MakeShopRules { Forbidden = new HashSet<string> { "searchOrder" }, CodeInExtensions = false });

        var refused = await narrow.DayAsync();
        Assert.Equal((HttpStatusCode.OK, "FORBIDDEN"), (refused.Status, refused.Error.GetProperty("code").GetString()));
        Assert.Equal(HttpStatusCode.OK, (await narrow.AskAsync(GetShop)).Status);
        _rig.Simulator.BreakCredential(MakeShopRig.Account, "rights");
        Assert.Equal("FORBIDDEN", (await _rig.AskAsync(GetShop)).Code);
    }

    [Fact]
    public async Task Introspection_is_off() => Assert.Equal("FORBIDDEN", (await _rig.AskAsync("{__schema{types{name}}}")).Code);

    [Theory]
    [InlineData("query x{getWeather{sun}}", 422)]
    [InlineData("mutation x{getShop{shop{shopName}}}", 422)]
    [InlineData("query getShop{getShop}", 422)]
    [InlineData("query getShop{getShop{shop{shopName}}", 400)]
    [InlineData("query getShop{getShop{}}", 400)]
    [InlineData("please", 400)]
    [InlineData("query é{getShop{shop{shopName}}}", 400)]
    public async Task A_query_that_does_not_fit_is_refused(string query, int status) => Assert.Equal(status, (int)(await _rig.AskAsync(query)).Status);

    [Fact]
    public async Task The_sixty_first_call_within_a_minute_is_refused_whatever_it_asks()
    {
        _rig.World.RateLimits.Lifted = false;
        for (var i = 0; i < 60; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (i % 2 == 0 ? await _rig.AskAsync(GetShop) : await _rig.DayAsync(fields: "displayOrderNumber")).Status);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await _rig.AskAsync(GetShop)).Status);
        _rig.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, (await _rig.AskAsync(GetShop)).Status);
    }

    [Fact]
    public async Task A_request_of_five_megabytes_is_refused() =>
        Assert.Equal(413, (int)(await _rig.SearchAsync($$"""{"displayOrderNumbers":["{{new string('P', 5 * 1024 * 1024)}}"]}""")).Status);

    [Fact]
    public async Task Faults_are_said_in_the_services_own_way()
    {
        foreach (var (kind, status) in new[] { (FaultKind.Throttle, 429), (FaultKind.Maintenance, 503), (FaultKind.ServerError, 500), (FaultKind.GatewayHtml, 502) })
        {
            _rig.World.Faults.Add(new Fault(kind, MakeShopRig.Market, Endpoint: "getShop"));
            Assert.Equal(status, (int)(await _rig.AskAsync(GetShop)).Status);
        }
    }
}
