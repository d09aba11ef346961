using System.Text.Json.Nodes;

namespace Tests.System.Manage;

/// <summary>A store of a marketplace whose specification is not public, over HTTP, before and after the merchant has confirmed the guess.</summary>
public sealed class UnconfirmedTests : IAsyncLifetime
{
    private const string Id = "serve-honten";

    private Api _api = null!;

    public async ValueTask InitializeAsync() => _api = await Api.StartAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task It_is_shown_as_unconfirmed_with_the_setting_and_the_page_and_never_called()
    {
        var store = Api.Ok(await PutAsync(confirmed: null));

        AssertSays((string)store["unconfirmed"]!);
        AssertSays((string)Api.Ok(await _api.GetAsync($"stores/{Id}"))["unconfirmed"]!);
        var health = Api.Ok(await _api.GetAsync("health"));
        Assert.Equal(("unconfirmed", "仕様未確認"), ((string)health["stores"]![0]!["state"]!, (string)health["stores"]![0]!["reason"]!));
        Assert.True((bool)health["healthy"]!);
        Assert.Empty(_api.Sandbox.World.Journal.Read());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("false")]
    public async Task Pulling_now_and_going_live_are_refused_with_what_to_do(string? confirmed)
    {
        Api.Ok(await PutAsync(confirmed));

        foreach (var call in new[] { "pull", "go-live" })
        {
            var answer = await _api.PostAsync($"stores/{Id}/{call}");

            Assert.Equal((409, "unconfirmed"), (answer.Status, (string)answer.Json["code"]!));
            AssertSays(answer.Detail);
        }

        await _api.DrainAsync();
        Assert.False((bool)Api.Ok(await _api.GetAsync($"stores/{Id}"))["live"]!);
        Assert.Empty(_api.Sandbox.World.Journal.Read());
    }

    [Fact]
    public async Task Once_confirmed_it_is_a_store_like_any_other()
    {
        Api.Ok(await PutAsync("true"));

        Assert.Null(Api.Ok(await _api.GetAsync($"stores/{Id}"))["unconfirmed"]);
        Assert.Equal("watching", (string)Api.Ok(await _api.GetAsync("health"))["stores"]![0]!["state"]!);
        Assert.Equal(202, (await _api.PostAsync($"stores/{Id}/pull")).Status);
        Assert.Equal(200, (await _api.PostAsync($"stores/{Id}/go-live")).Status);
    }

    [Fact]
    public async Task A_marketplace_whose_address_is_not_public_is_confirmed_only_with_one()
    {
        var form = new JsonObject { ["marketplace"] = "shoplist", ["name"] = "見本商店", ["settings"] = new JsonObject() };
        Api.Ok(await _api.PutAsync("stores/list-honten", form));

        form["settings"] = new JsonObject { ["contract-confirmed"] = "true" };
        var refused = await _api.PutAsync("stores/list-honten", form);
        form["baseAddress"] = "https://shoplist.example.invalid/";
        var taken = await _api.PutAsync("stores/list-honten", form);

        Assert.Equal(400, refused.Status);
        Assert.Contains("接続先", refused.Detail, StringComparison.Ordinal);
        Assert.Null(Api.Ok(taken)["unconfirmed"]);
    }

    private Task<Answer> PutAsync(string? confirmed)
    {
        var settings = new JsonObject { ["shop-id"] = "mihon1.sb" };
        if (confirmed is not null)
        {
            settings["contract-confirmed"] = confirmed;
        }

        return _api.PutAsync($"stores/{Id}", new JsonObject
        {
            ["marketplace"] = "shop-serve",
            ["name"] = "見本商店",
            ["baseAddress"] = "http://sandbox.invalid/",
            ["settings"] = settings,
        });
    }

    private static void AssertSays(string words)
    {
        Assert.StartsWith("仕様未確認", words, StringComparison.Ordinal);
        Assert.Contains("（contract-confirmed）", words, StringComparison.Ordinal);
        Assert.Contains("docs/marketplaces/shop-serve.md", words, StringComparison.Ordinal);
    }
}
