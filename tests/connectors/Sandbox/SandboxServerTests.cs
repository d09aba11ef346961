using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Sandbox.AuPayMarket;
using Sandbox.Core;

namespace Tests.Connectors.Sandbox;

public sealed class SandboxServerTests : IAsyncLifetime
{
    private readonly SandboxClock _clock = new();
    private SandboxServer _server = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        var host = new SandboxHost(new SandboxWorld(_clock), world => new AuPayMarketSimulator(world));
        _server = await SandboxServer.StartAsync(host, port: 0, TestContext.Current.CancellationToken);
        _client = new HttpClient { BaseAddress = _server.Address };
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_demo_can_be_steered_over_http_alone()
    {
        var account = await PostAsync("sandbox/au-pay-market/honten", "");
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("sandbox/rate-limits", """{"lifted":true}""")).Status);
        var code = (await PostAsync("sandbox/au-pay-market/honten/orders", Seed(paid: false))).Json.GetProperty("codes")[0].GetString()!;

        var unpaid = await OrderAsync(account.Json, code);
        await PostAsync($"sandbox/au-pay-market/honten/orders/{code}/pay", "");
        var paid = await OrderAsync(account.Json, code);

        Assert.Contains("<paymentStatus>N</paymentStatus>", unpaid, StringComparison.Ordinal);
        Assert.Contains("<paymentStatus>Y</paymentStatus>", paid, StringComparison.Ordinal);
        var served = (await GetAsync("sandbox/au-pay-market/honten/orders")).Json[0];
        Assert.Equal((code, "発送待ち", true), (served.GetProperty("code").GetString(), served.GetProperty("status").GetString(), served.GetProperty("paid").GetBoolean()));
        var journal = (await GetAsync("sandbox/journal?since=1")).Json;
        Assert.Equal((1, "searchTradeInfoProc", "ok"), (
            journal[0].GetProperty("sequence").GetInt32(), journal[0].GetProperty("endpoint").GetString(), journal[0].GetProperty("outcome").GetString()));
    }

    [Fact]
    public async Task Several_orders_are_placed_at_once_and_cancelled_by_the_buyer()
    {
        await PostAsync("sandbox/au-pay-market/honten", "");

        var codes = (await PostAsync("sandbox/au-pay-market/honten/orders", $"[{Seed()},{Seed()}]")).Json.GetProperty("codes");
        await PostAsync($"sandbox/au-pay-market/honten/orders/{codes[1].GetString()}/cancel", "");

        var served = (await GetAsync("sandbox/au-pay-market/honten/orders")).Json;
        Assert.Equal([false, true], served.EnumerateArray().Select(o => o.GetProperty("cancelled").GetBoolean()));
    }

    [Fact]
    public async Task A_credential_is_broken_and_renewed()
    {
        var account = (await PostAsync("sandbox/au-pay-market/honten", "")).Json;
        await PostAsync("sandbox/rate-limits", """{"lifted":true}""");
        await PostAsync("sandbox/au-pay-market/honten/credential/break", """{"how":"expired"}""");
        var dead = await PingAsync(account);
        var renewed = (await PostAsync("sandbox/au-pay-market/honten/credential/renew", "")).Json;

        Assert.Equal(HttpStatusCode.Unauthorized, dead);
        Assert.Equal(HttpStatusCode.OK, await PingAsync(renewed));
        var listed = (await GetAsync("sandbox/accounts")).Json[0];
        Assert.Equal(
            renewed.GetProperty("secrets").GetProperty("api-key").GetString(),
            listed.GetProperty("account").GetProperty("secrets").GetProperty("api-key").GetString());
    }

    [Fact]
    public async Task A_cut_connection_breaks_the_http_connection()
    {
        var account = (await PostAsync("sandbox/au-pay-market/honten", "")).Json;
        await PostAsync("sandbox/faults", """{"kind":"CutAfter","marketplace":"au-pay-market","times":null}""");

        await Assert.ThrowsAsync<HttpRequestException>(() => PingAsync(account));
        using var clear = await _client.DeleteAsync(new Uri("sandbox/faults", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(0, (await GetAsync("sandbox/faults")).Json.GetArrayLength());
        Assert.Equal("cut-after", (await GetAsync("sandbox/journal")).Json[0].GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Time_passes_on_request()
    {
        var before = _clock.GetUtcNow();

        var state = (await PostAsync("sandbox/clock", """{"seconds":7200}""")).Json;

        Assert.True(state.GetProperty("now").GetDateTimeOffset() >= before.AddHours(2));
        Assert.Equal(TimeSpan.FromHours(2), _clock.Offset);
    }

    [Theory]
    [InlineData("sandbox/au-pay-market/nobody/orders", "{}", HttpStatusCode.BadRequest)]
    [InlineData("sandbox/au-pay-market/nobody/orders/1/pay", "", HttpStatusCode.NotFound)]
    [InlineData("sandbox/nowhere/honten", "", HttpStatusCode.NotFound)]
    [InlineData("sandbox/faults", """{"kind":"CutAfter","marketplace":"nowhere"}""", HttpStatusCode.NotFound)]
    [InlineData("sandbox/faults", """{"kind":"Sneeze","marketplace":"au-pay-market"}""", HttpStatusCode.BadRequest)]
    [InlineData("sandbox/rate-limits", """{"raised":true}""", HttpStatusCode.BadRequest)]
    [InlineData("sandbox/clock", """{"seconds":-1}""", HttpStatusCode.BadRequest)]
    [InlineData("sandbox/clocks", "", HttpStatusCode.NotFound)]
    public async Task A_mistake_is_told_as_a_problem(string path, string body, HttpStatusCode status)
    {
        var answer = await PostAsync(path, body);

        Assert.Equal(status, answer.Status);
        Assert.Equal((int)status, answer.Json.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task A_path_of_no_marketplace_is_404()
    {
        using var answer = await _client.GetAsync(new Uri("elsewhere/", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task A_taken_port_is_an_io_exception()
    {
        var host = new SandboxHost(new SandboxWorld(_clock));

        await Assert.ThrowsAnyAsync<IOException>(() => SandboxServer.StartAsync(host, _server.Address.Port, TestContext.Current.CancellationToken));
    }

    private static string Seed(bool paid = true) => JsonSerializer.Serialize(AuPayRig.Seed() with { Paid = paid }, SandboxJson.Default.SeedOrder);

    private async Task<HttpStatusCode> PingAsync(JsonElement account)
    {
        using var response = await SendAsync(account, $"wmshopapi/searchImgCapacity?shopId={ShopId(account)}");
        return response.StatusCode;
    }

    private async Task<string> OrderAsync(JsonElement account, string code)
    {
        using var response = await SendAsync(account, $"wmshopapi/searchTradeInfoProc?shopId={ShopId(account)}&orderId={code}");
        return await response.Content.ReadAsStringAsync();
    }

    private async Task<HttpResponseMessage> SendAsync(JsonElement account, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Authorization", "Bearer " + account.GetProperty("secrets").GetProperty("api-key").GetString());
        return await _client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static string ShopId(JsonElement account) => account.GetProperty("settings").GetProperty("shop-id").GetString()!;

    private async Task<(HttpStatusCode Status, JsonElement Json)> GetAsync(string path)
    {
        using var response = await _client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken));
    }

    private async Task<(HttpStatusCode Status, JsonElement Json)> PostAsync(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _client.PostAsync(new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken));
    }
}
