using System.Text.Json.Nodes;
using Domain.Shipments;
using Functions.Manage;
using Sandbox.Core;

namespace Tests.System.Manage;

/// <summary>The way of an order, walked by people over HTTP: from the store's set-up to the number that the marketplace holds.</summary>
public sealed class FlowTests : IAsyncLifetime
{
    private Api _api = null!;

    public async ValueTask InitializeAsync() => _api = await Api.StartAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task An_order_goes_from_the_marketplace_to_the_warehouse_and_its_number_back()
    {
        await _api.OpenAsync();
        await _api.GoLiveAsync();
        var staff = await _api.KeyAsync(Role.Staff);
        var warehouse = await _api.KeyAsync(Role.Warehouse, "main");
        var code = _api.Place(1);
        await _api.PullAsync();

        var delivery = Assert.Single(Api.Ok(await _api.GetAsync("deliveries?released=true", warehouse))["deliveries"]!.AsArray())!;
        var id = (string)delivery["id"]!;
        Assert.Equal($"{Api.Store}~{code}~1", id);
        var handed = Api.Ok(await _api.PostAsync("deliveries/hand-over", Deliveries(id), staff))[0]!;
        Assert.True((bool)handed["done"]!, handed.ToJsonString());
        var number = TrackingNumber.FromElevenDigits(40_000_000_001).Value;
        var recorded = Api.Ok(await _api.PostAsync("shipments", Shipment(id, number), warehouse))[0]!;
        Assert.Equal((true, null, null), ((bool)recorded["recorded"]!, (string?)recorded["refusal"], (string?)recorded["warning"]));
        await _api.DrainAsync();

        Assert.Equal(number, Assert.Single(_api.Sandbox.Simulator("au-pay-market").Served(Api.Store)).TrackingNumber);
        var order = Api.Ok(await _api.GetAsync($"orders/{Api.Store}/{code}", staff));
        Assert.Equal("Shipped", (string)order["state"]!);
        Assert.Equal(number, (string)order["pushes"]![0]!["trackingNumber"]!);
        Assert.Equal("Confirmed", (string)order["pushes"]![0]!["steps"]![0]!["state"]!);
        Assert.Contains(order["history"]!.AsArray(), h => (string)h!["who"]! == "Warehouse-key");
        Assert.Equal(93_969m, (decimal)order["amounts"]!["billed"]!);
        var audit = await _api.AuditAsync();
        Assert.Contains($"Staff-key deliveries/hand-over:  → {id}:in-work", audit);
        Assert.Contains($"Warehouse-key shipments:  → {id}:shipped", audit);
    }

    [Fact]
    public async Task A_number_whose_check_digit_is_wrong_is_recorded_with_a_warning_and_a_senseless_one_refused()
    {
        var id = await InWorkAsync();
        var wrong = TrackingNumber.FromElevenDigits(40_000_000_001).Value;
        wrong = wrong[..11] + (wrong[11] == '0' ? '1' : '0');

        Assert.Equal(400, (await _api.PostAsync("shipments", Shipment(id, "12"))).Status);
        Assert.Equal(400, (await _api.PostAsync("shipments", Shipment(id, wrong, "pigeon"))).Status);
        var refused = Api.Ok(await _api.PostAsync("shipments", Shipment(id, "ABCD-1234")))[0]!;
        Assert.False((bool)refused["recorded"]!);
        Assert.Contains("12桁", (string)refused["refusal"]!, StringComparison.Ordinal);

        var recorded = Api.Ok(await _api.PostAsync("shipments", Shipment(id, wrong)))[0]!;

        Assert.True((bool)recorded["recorded"]!);
        Assert.Contains("検査数字", (string)recorded["warning"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shipment_before_the_hand_over_is_refused_and_a_delivery_given_back_waits_again()
    {
        var id = await InWorkAsync();
        Assert.Equal(204, (await _api.PostAsync($"deliveries/{id}/give-back")).Status);

        var early = Api.Ok(await _api.PostAsync("shipments", Shipment(id, TrackingNumber.FromElevenDigits(40_000_000_002).Value)))[0]!;

        Assert.False((bool)early["recorded"]!);
        Assert.Contains("出荷指示", (string)early["refusal"]!, StringComparison.Ordinal);
        Assert.Contains("出荷作業中ではありません", (await _api.PostAsync($"deliveries/{id}/give-back")).Detail, StringComparison.Ordinal);
        Assert.Contains($"first-admin deliveries/{id}/give-back: InWork → Waiting", await _api.AuditAsync());
    }

    [Fact]
    public async Task The_push_preview_shows_the_requests_without_the_key_and_sends_nothing()
    {
        var id = await InWorkAsync();
        var before = _api.Sandbox.World.Journal.Read().Count;

        var preview = Api.Ok(await _api.GetAsync($"deliveries/{id}/push-preview?service=yamato&trackingNumber=400000000012"));

        Assert.Contains("400000000012", preview["requests"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(before, _api.Sandbox.World.Journal.Read().Count);
        Assert.All(_api.Sandbox.Accounts.Single().Account.Secrets.Values, secret => Assert.DoesNotContain(secret, preview.ToJsonString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_orders_for_one_door_are_offered_explained_executed_undone_and_declined()
    {
        await _api.OpenAsync();
        await _api.GoLiveAsync();
        var codes = new[] { _api.Place(1), _api.Place(1) }.Order(StringComparer.Ordinal).ToArray();
        var other = _api.Place(2);
        await _api.PullAsync();

        var candidate = Assert.Single(Api.Ok(await _api.GetAsync("candidates"))!.AsArray())!;
        Assert.Equal(codes, candidate["members"]!.AsArray().Select(m => (string)m!["order"]!).Order(StringComparer.Ordinal));
        var place = $"candidates/{candidate["group"]}/{candidate["key"]}";
        Assert.Equal([$"{Api.Store}~{other}~1"], await ReleasedAsync());

        var same = Api.Ok(await _api.GetAsync($"bundling/explain?first={Api.Store}~{codes[0]}~1&second={Api.Store}~{codes[1]}~1"));
        Assert.True((bool)same["canBundle"]!);
        var different = Api.Ok(await _api.GetAsync($"bundling/explain?first={Api.Store}~{codes[0]}~1&second={Api.Store}~{other}~1"));
        Assert.False((bool)different["canBundle"]!);
        Assert.Contains("お届け先住所", different["conditions"]!.AsArray().Where(c => !(bool)c!["equal"]!).Select(c => (string)c!["name"]!));

        var carrier = (string)Api.Ok(await _api.PostAsync($"{place}/execute"))["carrier"]!;
        Assert.Contains(carrier, await ReleasedAsync());
        Assert.Contains("決定済み", (await _api.PostAsync($"{place}/execute")).Detail, StringComparison.Ordinal);
        Assert.Equal(204, (await _api.PostAsync($"{place}/undo")).Status);
        Assert.Single(Api.Ok(await _api.GetAsync("candidates")).AsArray());
        Assert.Equal(204, (await _api.PostAsync($"{place}/decline")).Status);

        Assert.Equal(3, (await ReleasedAsync()).Count);
        Assert.Empty(Api.Ok(await _api.GetAsync("candidates")).AsArray());
        Assert.Equal("Declined", (string)Assert.Single(Api.Ok(await _api.GetAsync("candidates?state=all")).AsArray())!["state"]!);
        var audit = await _api.AuditAsync();
        Assert.Contains($"first-admin {place}: Open → Executed {carrier}", audit);
        Assert.Contains($"first-admin {place}: decided → Open", audit);
        Assert.Contains($"first-admin {place}: Open → Declined", audit);
    }

    [Fact]
    public async Task A_bundle_in_work_cannot_be_undone()
    {
        await _api.OpenAsync();
        await _api.GoLiveAsync();
        _api.Place(1);
        _api.Place(1);
        await _api.PullAsync();
        var candidate = Api.Ok(await _api.GetAsync("candidates"))[0]!;
        var place = $"candidates/{candidate["group"]}/{candidate["key"]}";
        var carrier = (string)Api.Ok(await _api.PostAsync($"{place}/execute"))["carrier"]!;
        Api.Ok(await _api.PostAsync("deliveries/hand-over", Deliveries(carrier)));

        var answer = await _api.PostAsync($"{place}/undo");

        Assert.Equal(409, answer.Status);
        Assert.Contains("倉庫", answer.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_warehouse_key_sees_what_it_must_pack_and_nothing_of_the_buyer_or_the_prices()
    {
        await _api.OpenAsync();
        await _api.OpenAsync("aupay-osaka", form => form["warehouse"] = "osaka");
        await _api.GoLiveAsync();
        await _api.GoLiveAsync("aupay-osaka");
        var warehouse = await _api.KeyAsync(Role.Warehouse, "main");
        var code = _api.Place(1, s => s with { PaymentText = "代金引換" });
        _api.Place(2, s => s with { BuyerNote = "急いでください" }); // held, so not released
        var elsewhere = _api.Place(3, null, "aupay-osaka");
        await _api.PullAsync();
        await _api.PullAsync("aupay-osaka");

        var answer = await _api.GetAsync("deliveries", warehouse);

        var delivery = Assert.Single(Api.Ok(answer)["deliveries"]!.AsArray())!;
        Assert.Equal($"{Api.Store}~{code}~1", (string)delivery["id"]!);
        Assert.Equal("架空 花子", (string)delivery["recipient"]!["name"]!);
        Assert.Equal(93_969m, (decimal)delivery["cashOnDelivery"]!);
        Assert.Null(delivery["recipient"]!["email"]);
        Assert.All(delivery["lines"]!.AsArray(), line => Assert.Null(line!["unitPrice"]));
        Assert.All(new[] { "購入者", "canary", "43219", "86438", "7531" }, hidden => Assert.DoesNotContain(hidden, answer.Text, StringComparison.Ordinal));
        Assert.Equal(403, (await _api.GetAsync($"orders/{Api.Store}/{code}", warehouse)).Status);
        var foreign = await _api.PostAsync("deliveries/hand-over", Deliveries($"aupay-osaka~{elsewhere}~1"), warehouse);
        Assert.Contains("他の倉庫", foreign.Detail, StringComparison.Ordinal);
        Assert.Contains("他の倉庫", (await _api.PostAsync("shipments", Shipment($"aupay-osaka~{elsewhere}~1", "400000000012"), warehouse)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_viewer_sees_the_orders_with_the_people_masked()
    {
        await _api.OpenAsync();
        var viewer = await _api.KeyAsync(Role.Viewer);
        var code = _api.Place(1, s => s with { BuyerNote = "玄関先へ" });
        await _api.PullAsync();

        var seen = await _api.GetAsync($"orders/{Api.Store}/{code}", viewer);
        var deliveries = await _api.GetAsync("deliveries", viewer);

        Assert.Equal("架＊＊", (string)Api.Ok(seen)["recipient"]!["name"]!);
        Assert.All(new[] { "花子", "カクウ", "canary", "見本町", "0000-0001", "玄関先" }, hidden =>
        {
            Assert.DoesNotContain(hidden, seen.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(hidden, deliveries.Text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_hold_is_shown_resolved_and_set_again_and_the_history_tells_who_did_it()
    {
        await _api.OpenAsync();
        await _api.GoLiveAsync();
        var code = _api.Place(1, s => s with { BuyerNote = "急いでください" });
        await _api.PullAsync();
        var held = Api.Ok(await _api.GetAsync($"orders/{Api.Store}/{code}"));
        Assert.Equal(("AwaitingConfirmation", "buyer-note"), ((string)held["state"]!, (string)held["holds"]![0]!["code"]!));
        Assert.Empty(await ReleasedAsync());

        Api.Ok(await _api.PostAsync($"orders/{Api.Store}/{code}/holds/buyer-note/resolve"));
        Assert.Single(await ReleasedAsync());
        Assert.Equal("by-person", (string)Api.Ok(await _api.PostAsync($"orders/{Api.Store}/{code}/hold"))["holds"]![0]!["code"]!);

        Assert.Empty(await ReleasedAsync());
        Assert.Contains("事由", (await _api.PostAsync($"orders/{Api.Store}/{code}/holds/no-such/resolve")).Detail, StringComparison.Ordinal);
        var audit = await _api.AuditAsync();
        Assert.Contains($"first-admin orders/{Api.Store}/{code}/holds/buyer-note/resolve: AwaitingConfirmation [buyer-note] → AwaitingShipment []", audit);
        Assert.Contains($"first-admin orders/{Api.Store}/{code}/hold: AwaitingShipment [] → AwaitingConfirmation [by-person]", audit);
    }

    [Fact]
    public async Task No_audit_row_holds_anything_of_a_person_or_a_secret()
    {
        var id = await InWorkAsync();
        var key = await _api.KeyAsync(Role.Staff);
        Api.Ok(await _api.PostAsync("shipments", Shipment(id, "400000000012"), key));

        var rows = string.Join('\n', await _api.AuditAsync());

        Assert.Contains("shipments", rows, StringComparison.Ordinal);
        Assert.All(
            new[] { "花子", "購入者", "canary", "見本町", "0000-0001", key.Split('.')[1], _api.Admin.Split('.')[1], _api.Sandbox.Accounts[0].Account.Secrets["api-key"] },
            hidden => Assert.DoesNotContain(hidden, rows, StringComparison.Ordinal));
    }

    private async Task<string> InWorkAsync()
    {
        await _api.OpenAsync();
        await _api.GoLiveAsync();
        var id = $"{Api.Store}~{_api.Place(1)}~1";
        await _api.PullAsync();
        var handed = Api.Ok(await _api.PostAsync("deliveries/hand-over", Deliveries(id)))[0]!;
        Assert.True((bool)handed["done"]!, handed.ToJsonString());
        return id;
    }

    private async Task<List<string>> ReleasedAsync() =>
        [.. Api.Ok(await _api.GetAsync("deliveries?released=true"))["deliveries"]!.AsArray().Select(d => (string)d!["id"]!)];

    private static JsonObject Deliveries(params string[] ids) => new() { ["deliveries"] = new JsonArray([.. ids.Select(i => (JsonNode)i)]) };

    private static JsonObject Shipment(string id, string number, string service = "yamato") => new()
    {
        ["shipments"] = new JsonArray(new JsonObject { ["delivery"] = id, ["service"] = service, ["trackingNumber"] = number }),
    };
}
