using System.Text.Json.Nodes;
using Functions.Manage;

namespace Tests.System.Manage;

/// <summary>Stores over HTTP: set up, changed, watched, gone live, switched, removed.</summary>
public sealed class StoreTests : IAsyncLifetime
{
    private Api _api = null!;

    public async ValueTask InitializeAsync() => _api = await Api.StartAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task A_store_is_set_up_in_watch_mode_read_changed_and_removed()
    {
        var form = await _api.OpenAsync();
        var made = Api.Ok(await _api.GetAsync($"stores/{Api.Store}"));
        Assert.False((bool)made["live"]!);
        Assert.Equal("見本商店 本店", (string)made["store"]!["name"]!);
        Assert.Equal(Api.Store, (string)made["store"]!["group"]!);

        form["name"] = "見本商店 新館";
        form["cutOff"] = "15:00:00";
        var changed = Api.Ok(await _api.PutAsync($"stores/{Api.Store}", form));
        Assert.Equal(("見本商店 新館", "15:00:00"), ((string)changed["store"]!["name"]!, (string)changed["store"]!["cutOff"]!));
        Assert.Single(Api.Ok(await _api.GetAsync("stores")).AsArray());

        Assert.Equal(204, (await _api.DeleteAsync($"stores/{Api.Store}")).Status);
        Assert.Equal(404, (await _api.GetAsync($"stores/{Api.Store}")).Status);
        Assert.Equal(404, (await _api.DeleteAsync($"stores/{Api.Store}")).Status);
        var audit = (await _api.AuditAsync()).ConvertAll(row => row.Split(" → "));
        Assert.Equal(3, audit.Count);
        Assert.Single(audit, row => row[0] == $"first-admin stores/{Api.Store}: " && row[1].Contains("本店", StringComparison.Ordinal));
        Assert.Single(audit, row => row[0].Contains("本店", StringComparison.Ordinal) && row[1].Contains("新館", StringComparison.Ordinal));
        Assert.Single(audit, row => row[0].Contains("新館", StringComparison.Ordinal) && row[1].Length == 0);
    }

    [Theory]
    [InlineData("""{"marketplace":"no-such","name":"見本"}""", "対応していません")]
    [InlineData("""{"marketplace":"au-pay-market","name":"見本"}""", "shop-id")]
    [InlineData("""{"marketplace":"au-pay-market","name":"見本","settings":{"shop-id":null}}""", "使えません")]
    [InlineData("""{"marketplace":"au-pay-market","name":"見本","settings":{"shop-id":"1","colour":"red"}}""", "colour")]
    [InlineData("""{"marketplace":"au-pay-market","name":"見本","settings":{"shop-id":"1","api-key":"x"}}""", "Key Vault")]
    [InlineData("""{"marketplace":"au-pay-market","name":"見本","settings":{"shop-id":"1"},"secrets":{"api-key":"x"}}""", "secrets")]
    [InlineData("""{"marketplace":"au-pay-market","name":"見本","settings":{"shop-id":"1","lookback-days":"1.5"}}""", "整数")]
    [InlineData("""{"marketplace":"au-pay-market","name":"見本","settings":{"shop-id":"1","lookback-days":"0"}}""", "1以上")]
    [InlineData("""{"marketplace":"au-pay-market","name":"見本","settings":{"shop-id":"1","lookback-days":"-3"}}""", "整数")]
    [InlineData("""{"marketplace":"au-pay-market","name":"見本","settings":{"shop-id":"1","date-format":"d.m.y"}}""", "yyyy-MM-dd")]
    [InlineData("""{"marketplace":"au-pay-market","name":" ","settings":{"shop-id":"1"}}""", "店舗名")]
    [InlineData("""{"marketplace":"au-pay-market","name":"見本","group":"A","settings":{"shop-id":"1"}}""", "グループ")]
    [InlineData("""{"marketplace":"au-pay-market","name":"見本","warehouse":"two words","settings":{"shop-id":"1"}}""", "倉庫")]
    [InlineData("""{"marketplace":"au-pay-market","name":"見本","baseAddress":"file:///etc","settings":{"shop-id":"1"}}""", "https://")]
    [InlineData("""{"marketplace":"au-pay-market","name":"見本","pollSeconds":1,"settings":{"shop-id":"1"}}""", "取込間隔")]
    [InlineData("""{"marketplace":"au-pay-market","name":"見本","bundling":"Sometimes","settings":{"shop-id":"1"}}""", "bundling")]
    [InlineData("""{"marketplace":"au-pay-market","name":"見本","bundling":1,"settings":{"shop-id":"1"}}""", "bundling")]
    [InlineData("""{"marketplace":"au-pay-market","name":"見本","settings":{"shop-id":"1"},"mappings":{"payments":{"後払い":"Barter"}}}""", "payments")]
    [InlineData("""{"marketplace":"au-pay-market","name":"見本","settings":{"shop-id":"1"},"mappings":{"deliveries":{"鳩":"pigeon"}}}""", "pigeon")]
    [InlineData("""{"marketplace":"au-pay-market","name":"見本","settings":{"shop-id":"1"},"mappings":{"deliveries":{"鳩":null}}}""", "配送方法")]
    [InlineData("""{"marketplace":"au-pay-market","name":"見本","settings":{"shop-id":"1"},"mappings":{"timeSlots":{"夜":""}}}""", "希望時間帯")]
    [InlineData("""{"marketplace":"au-pay-market","name":"見本","settings":{"shop-id":"1"},"mappings":null}""", "mappings")]
    [InlineData("""{"name":"見本"}""", "marketplace")]
    [InlineData("""{"marketplace":"au-pay-market"}""", "必須の項目がありません: name")]
    public async Task A_form_that_the_manifest_does_not_bear_out_is_refused_and_says_what_is_wrong(string form, string says)
    {
        var answer = await _api.SendAsync(HttpMethod.Put, $"stores/{Api.Store}", form);

        Assert.Equal(400, answer.Status);
        Assert.Contains(says, answer.Detail, StringComparison.Ordinal);
        Assert.Equal(404, (await _api.GetAsync($"stores/{Api.Store}")).Status);
        Assert.Empty(await _api.AuditAsync());
    }

    [Fact]
    public async Task A_mapping_that_is_added_releases_the_orders_that_waited_for_it()
    {
        var form = await _api.OpenAsync();
        await _api.GoLiveAsync();
        var code = _api.Place(1, s => s with { DeliveryText = "気球便" });
        await _api.PullAsync();
        Assert.Equal("気球便", (string)Api.Ok(await _api.GetAsync($"orders/{Api.Store}/{code}"))["holds"]![0]!["detail"]!);

        form["mappings"] = new JsonObject { ["deliveries"] = new JsonObject { ["気球便"] = "sagawa+chilled" } };
        Api.Ok(await _api.PutAsync($"stores/{Api.Store}", form));
        await _api.DrainAsync();

        var order = Api.Ok(await _api.GetAsync($"orders/{Api.Store}/{code}"));
        Assert.Equal(("AwaitingShipment", "sagawa+chilled"), ((string)order["state"]!, (string)order["delivery"]!));
    }

    [Fact]
    public async Task The_marketplace_of_a_store_and_the_group_of_a_live_one_stay_as_they_are()
    {
        var form = await _api.OpenAsync();
        await _api.GoLiveAsync();

        form["group"] = "together";
        Assert.Contains("グループ", (await _api.PutAsync($"stores/{Api.Store}", form)).Detail, StringComparison.Ordinal);
        Assert.Contains("モール", (await _api.PutAsync($"stores/{Api.Store}", new JsonObject { ["marketplace"] = "qoo10", ["name"] = "見本" })).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_tells_when_it_was_last_read_and_how_many_hours_its_oldest_hole_has_left()
    {
        await _api.OpenAsync();
        Assert.Null(Api.Ok(await _api.GetAsync($"stores/{Api.Store}"))["lastPullAt"]);
        await _api.PullAsync();

        var read = Api.Ok(await _api.GetAsync($"stores/{Api.Store}"));
        Assert.Equal(Api.Start, (DateTimeOffset)read["lastPullAt"]!);
        Assert.Null(read["windowLeftHours"]);

        _api.Clock.Advance(TimeSpan.FromHours(3));
        // Unread since 9:55 JST of 24 November, kept 14 calendar days: until the end of 8 December, 15 days less 13 hours from now.
        Assert.Equal((14 * 24) + 11, (double)Api.Ok(await _api.GetAsync($"stores/{Api.Store}"))["windowLeftHours"]!);
    }

    [Fact]
    public async Task Going_live_releases_exactly_what_its_preview_lists()
    {
        await _api.OpenAsync();
        var old = _api.Place(1, s => s with { PlacedAt = Api.Start.AddHours(-30) });
        var first = _api.Place(2, s => s with { PlacedAt = Api.Start.AddHours(-3) });
        var second = _api.Place(3);
        var held = _api.Place(4, s => s with { BuyerNote = "のし希望" });
        await _api.PullAsync();
        Assert.Empty(Api.Ok(await _api.GetAsync("deliveries?released=true"))["deliveries"]!.AsArray());
        var from = Api.Start.AddHours(-24);

        var preview = Api.Ok(await _api.GetAsync($"stores/{Api.Store}/go-live?from={Uri.EscapeDataString(from.ToString("O"))}"));
        Assert.Equal([first, second], Texts(preview["orders"]));
        Assert.Equal([held], Texts(preview["waiting"]));
        Assert.Equal([old], Texts(preview["handledElsewhere"]));
        Assert.False((bool)Api.Ok(await _api.GetAsync($"stores/{Api.Store}"))["live"]!);

        var live = Api.Ok(await _api.PostAsync($"stores/{Api.Store}/go-live", new JsonObject { ["from"] = from.ToString("O") }));

        Assert.Equal([first, second], Texts(live["orders"]));
        var released = Api.Ok(await _api.GetAsync("deliveries?released=true"))["deliveries"]!.AsArray().SelectMany(d => Texts(d!["orders"]));
        Assert.Equal(new[] { first, second }.Order(StringComparer.Ordinal), released.Order(StringComparer.Ordinal));
        Assert.Contains(await _api.AuditAsync(), row => row.StartsWith($"first-admin stores/{Api.Store}/go-live: {{\"from\":null}} → {{\"from\":\"2026-11-23T01:00:00", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Going_live_begins_now_or_at_the_windows_start_at_the_earliest()
    {
        await _api.OpenAsync(change: form => form["settings"]!["lookback-days"] = "3");
        var earliest = new DateTimeOffset(2026, 11, 20, 15, 0, 0, TimeSpan.Zero); // midnight JST three days before
        var preview = Api.Ok(await _api.GetAsync($"stores/{Api.Store}/go-live"));
        Assert.Equal((Api.Start, earliest), ((DateTimeOffset)preview["from"]!, (DateTimeOffset)preview["earliestPossible"]!));

        var early = await _api.PostAsync($"stores/{Api.Store}/go-live", new JsonObject { ["from"] = earliest.AddSeconds(-1).ToString("O") });
        Assert.Contains("取込可能な期間", early.Detail, StringComparison.Ordinal);
        Assert.Equal(400, (await _api.PostAsync($"stores/{Api.Store}/go-live", new JsonObject { ["from"] = "9999-12-31T23:59:59Z" })).Status);

        Assert.Equal(earliest, (DateTimeOffset)Api.Ok(await _api.PostAsync($"stores/{Api.Store}/go-live", new JsonObject { ["from"] = earliest.ToString("O") }))["from"]!);
        Assert.Equal(Api.Start, (DateTimeOffset)Api.Ok(await _api.PostAsync($"stores/{Api.Store}/go-live"))["from"]!);
    }

    [Fact]
    public async Task A_switch_turns_one_thing_off_and_stop_all_everything()
    {
        await _api.OpenAsync();
        await _api.GoLiveAsync();
        _api.Place(1);
        await _api.PullAsync();

        var switched = Api.Ok(await _api.PutAsync($"stores/{Api.Store}/switches", new JsonObject { ["release"] = false }));
        Assert.Equal("""{"pull":true,"release":false,"push":true,"stock":true,"cancel":true}""", switched["switches"]!.ToJsonString());
        Assert.Contains("停止中", Bars(await _api.GetAsync("deliveries")), StringComparison.Ordinal);
        Api.Ok(await _api.PutAsync($"stores/{Api.Store}/switches", new JsonObject { ["release"] = true }));
        Assert.Equal("", Bars(await _api.GetAsync("deliveries")));

        Api.Ok(await _api.PutAsync("stop-all", new JsonObject { ["on"] = true }));
        Assert.Contains("停止中", Bars(await _api.GetAsync("deliveries")), StringComparison.Ordinal);
        Assert.True((bool)Api.Ok(await _api.GetAsync("health"))["stopAll"]!);
        var audit = await _api.AuditAsync();
        Assert.Contains("""first-admin stop-all: {"on":false} → {"on":true}""", audit);
        Assert.Contains(audit, row => row.StartsWith($"first-admin stores/{Api.Store}/switches: ", StringComparison.Ordinal) && row.EndsWith(switched["switches"]!.ToJsonString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pull_takes_a_span_with_two_ends_in_their_order()
    {
        await _api.OpenAsync();
        Assert.Equal(202, (await _api.PostAsync($"stores/{Api.Store}/pull?from=2026-11-23T00:00&to=2026-11-24T00:00")).Status);
        Assert.Contains(await _api.AuditAsync(), row => row.Contains(@"""from"":""2026-11-23T00:00:00+09:00""", StringComparison.Ordinal));
        Assert.Equal(202, (await _api.PostAsync($"stores/{Api.Store}/pull?from=2001-01-01&to=2199-01-01")).Status);
        await _api.DrainAsync();

        foreach (var span in new[] { "from=2026-11-23", "to=2026-11-23", "from=2026-11-24&to=2026-11-23", "from=yesterday&to=today", "from=0001-01-01&to=9999-12-31" })
        {
            Assert.Equal(400, (await _api.PostAsync($"stores/{Api.Store}/pull?{span}")).Status);
        }

        Assert.Equal(404, (await _api.PostAsync("stores/no-store/pull")).Status);
    }

    [Fact]
    public async Task A_store_whose_parcels_are_being_packed_is_not_removed()
    {
        await _api.OpenAsync();
        await _api.GoLiveAsync();
        var code = _api.Place(1);
        await _api.PullAsync();
        Api.Ok(await _api.PostAsync("deliveries/hand-over", new JsonObject { ["deliveries"] = new JsonArray($"{Api.Store}~{code}~1") }));

        var answer = await _api.DeleteAsync($"stores/{Api.Store}");

        Assert.Equal(409, answer.Status);
        Assert.Contains("出荷作業中", answer.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_tells_the_age_of_both_clocks_and_the_state_of_each_store()
    {
        await _api.OpenAsync();
        var young = Api.Ok(await _api.GetAsync("health"));
        Assert.Equal((true, 0.0), ((bool)young["healthy"]!, (double)young["heartbeatSeconds"]!));
        Assert.Null(young["timerSeconds"]);
        Assert.Equal("watching", (string)young["stores"]![0]!["state"]!);

        _api.Sandbox.Simulator("au-pay-market").BreakCredential(Api.Store, "revoked");
        _api.Clock.Advance(TimeSpan.FromMinutes(6));
        await _api.PullAsync();

        var ill = Api.Ok(await _api.GetAsync("health", key: await _api.KeyAsync(Role.Warehouse, "main")));
        Assert.Equal((false, 360.0), ((bool)ill["healthy"]!, (double)ill["heartbeatSeconds"]!));
        Assert.Equal("paused", (string)ill["stores"]![0]!["state"]!);
        Assert.NotNull(Api.Ok(await _api.GetAsync($"stores/{Api.Store}"))["pausedBy"]);
    }

    private static string Bars(Answer deliveries) => string.Join(' ', Texts(Api.Ok(deliveries)["deliveries"]![0]!["bars"]));

    private static List<string> Texts(JsonNode? array) => [.. array!.AsArray().Select(t => (string)t!)];
}
