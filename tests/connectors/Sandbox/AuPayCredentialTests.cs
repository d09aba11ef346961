using System.Net;

namespace Tests.Connectors.Sandbox;

public sealed class AuPayCredentialTests : IDisposable
{
    private readonly AuPayRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_good_key_passes_the_ping()
    {
        var answer = await _rig.GetAsync($"searchImgCapacity?shopId={_rig.ShopId}");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("0", answer.Result);
        Assert.Matches("^[0-9a-f]{64}$", _rig.Shop.Secrets["api-key"]);
    }

    [Fact]
    public async Task A_wrong_key_is_401_with_code_0002()
    {
        var answer = await _rig.GetAsync($"searchImgCapacity?shopId={_rig.ShopId}", key: new string('0', 64));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Equal("0002", answer.Code);
        Assert.Equal("認証に失敗しました", answer.Message);
    }

    [Theory]
    [InlineData("expired")]
    [InlineData("revoked")]
    [InlineData("address")]
    public async Task A_broken_key_fails_everywhere_until_it_is_renewed(string how)
    {
        _rig.Simulator.BreakCredential(AuPayRig.Account, how);
        var dead = await _rig.GetAsync($"searchImgCapacity?shopId={_rig.ShopId}");
        _rig.Shop = _rig.Simulator.RenewCredential(AuPayRig.Account);
        var alive = await _rig.GetAsync($"searchImgCapacity?shopId={_rig.ShopId}");

        Assert.Equal(HttpStatusCode.Unauthorized, dead.Status);
        Assert.Equal("0002", dead.Code);
        Assert.Equal(HttpStatusCode.OK, alive.Status);
    }

    [Fact]
    public async Task A_missing_right_stops_the_orders_but_not_the_ping()
    {
        _rig.Simulator.BreakCredential(AuPayRig.Account, "rights");

        Assert.Equal("0002", (await _rig.ListAsync("startDate=20261120&endDate=20261120")).Code);
        Assert.Equal("0", (await _rig.GetAsync($"searchImgCapacity?shopId={_rig.ShopId}")).Result);
    }

    [Fact]
    public async Task A_key_lives_for_90_days()
    {
        _rig.Time.Advance(TimeSpan.FromDays(90) - TimeSpan.FromSeconds(1));
        var last = await _rig.GetAsync($"searchImgCapacity?shopId={_rig.ShopId}");
        _rig.Time.Advance(TimeSpan.FromSeconds(1));
        var late = await _rig.GetAsync($"searchImgCapacity?shopId={_rig.ShopId}");

        Assert.Equal(HttpStatusCode.OK, last.Status);
        Assert.Equal(HttpStatusCode.Unauthorized, late.Status);
    }

    [Fact]
    public async Task A_renewed_key_kills_the_old_one()
    {
        var old = _rig.Shop.Secrets["api-key"];
        _rig.Shop = _rig.Simulator.RenewCredential(AuPayRig.Account);

        Assert.Equal(HttpStatusCode.Unauthorized, (await _rig.GetAsync($"searchImgCapacity?shopId={_rig.ShopId}", old)).Status);
    }

    [Fact]
    public async Task A_missing_and_a_foreign_shop_id_have_codes_of_their_own()
    {
        var other = _rig.Host.OpenAccount(AuPayRig.Market, "nigoten");

        Assert.Equal("CME0021", (await _rig.GetAsync("searchImgCapacity")).Code);
        Assert.Equal("CME0022", (await _rig.GetAsync($"searchImgCapacity?shopId={other.Settings["shop-id"]}")).Code);
        Assert.Equal("CME0021", (await _rig.PostAsync("updateTradeStsProc", "<request><orderId>1</orderId></request>")).Code);
    }

    [Fact]
    public async Task A_shop_sees_only_its_own_orders()
    {
        var order = _rig.Place();
        _rig.Shop = _rig.Host.OpenAccount(AuPayRig.Market, "nigoten");

        Assert.Empty((await _rig.ListAsync("startDate=20261120&endDate=20261120")).Orders);
        Assert.Empty((await _rig.GetAsync($"searchTradeInfoProc?shopId={_rig.ShopId}&orderId={order}")).Orders[0].Elements());
    }
}
