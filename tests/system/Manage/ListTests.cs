using System.Text.Json.Nodes;
using Domain.Attention;
using Domain.Coverage;
using Domain.Stores;
using Functions.Attention;
using Functions.Manage;
using Infra.Ledger;
using Infra.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Tests.System.Manage;

/// <summary>Lists over HTTP: filters, paging, what needs a person, keys and the record of changes.</summary>
public sealed class ListTests : IAsyncLifetime
{
    private Api _api = null!;

    public async ValueTask InitializeAsync() => _api = await Api.StartAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Orders_are_found_by_store_state_hold_time_and_code()
    {
        await _api.OpenAsync();
        await _api.OpenAsync("aupay-osaka");
        var held = _api.Place(1, s => s with { BuyerNote = "急いでください" });
        var early = _api.Place(2, s => s with { PlacedAt = Api.Start.AddHours(-8) });
        var late = _api.Place(3);
        var osaka = _api.Place(4, null, "aupay-osaka");
        await _api.PullAsync();
        await _api.PullAsync("aupay-osaka");

        Assert.Equal(Sorted(held, early, late, osaka), await CodesAsync("orders"));
        Assert.Equal([osaka], await CodesAsync("orders?store=aupay-osaka"));
        Assert.Equal([held], await CodesAsync("orders?state=awaitingconfirmation,AwaitingPayment"));
        Assert.Equal(Sorted(early, late), await CodesAsync($"orders?store={Api.Store}&state=AwaitingShipment"));
        Assert.Equal([held], await CodesAsync("orders?hold=buyer-note"));
        Assert.Equal([early], await CodesAsync("orders?from=2026-11-24T02:00&to=2026-11-24T02:01")); // JST
        Assert.Equal([early], await CodesAsync("orders?from=2026-11-23T17:00:00Z&to=2026-11-23T17:01:00Z"));
        Assert.Equal([late], await CodesAsync($"orders?store={Api.Store}&code={late}"));
        Assert.Empty(await CodesAsync("orders?code=nowhere"));
        Assert.Equal(404, (await _api.GetAsync("orders?store=no-store")).Status);
    }

    [Fact]
    public async Task A_list_cut_into_pages_brings_every_order_once_also_where_one_store_is_the_beginning_of_anothers_name()
    {
        var placed = new List<string>();
        foreach (var store in new[] { "aupay", "aupay-b", "aupay2" })
        {
            await _api.OpenAsync(store);
            placed.AddRange(Enumerable.Range(1, 3).Select(person => $"{store} {_api.Place(person, null, store)}"));
            await _api.PullAsync(store);
        }

        var orders = await PagesAsync("orders?take=2", "orders", o => $"{o["store"]} {o["code"]}");
        var deliveries = await PagesAsync("deliveries?take=2", "deliveries", d => string.Join(' ', ((string)d["id"]!).Split('~')[..2]));

        Assert.Equal(Sorted([.. placed]), orders.Order(StringComparer.Ordinal));
        Assert.Equal(Sorted([.. placed]), deliveries.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Deliveries_are_found_by_state()
    {
        await _api.OpenAsync();
        await _api.GoLiveAsync();
        var waiting = $"{Api.Store}~{_api.Place(1)}~1";
        var work = $"{Api.Store}~{_api.Place(2)}~1";
        await _api.PullAsync();
        Api.Ok(await _api.PostAsync("deliveries/hand-over", new JsonObject { ["deliveries"] = new JsonArray(work) }));

        Assert.Equal([waiting], await IdsAsync("deliveries?state=Waiting"));
        Assert.Equal([work], await IdsAsync("deliveries?state=InWork"));
        Assert.Empty(await IdsAsync("deliveries?state=Cancelled"));
        Assert.Contains("InWork", (await _api.GetAsync("deliveries?state=3")).Detail, StringComparison.Ordinal);

        async Task<List<string>> IdsAsync(string path) => [.. Api.Ok(await _api.GetAsync(path))["deliveries"]!.AsArray().Select(d => (string)d!["id"]!)];
    }

    [Fact]
    public async Task The_audit_is_read_in_pages_and_by_month()
    {
        for (var i = 0; i < 5; i++)
        {
            Api.Ok(await _api.PutAsync("stop-all", new JsonObject { ["on"] = i % 2 == 0 }));
            _api.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var entries = await PagesAsync("audit?take=2", "entries", e => (string)e["after"]!);

        Assert.Equal(["""{"on":true}""", """{"on":false}""", """{"on":true}""", """{"on":false}""", """{"on":true}"""], entries);
        Assert.Equal(5, Api.Ok(await _api.GetAsync("audit?month=2026-11"))["entries"]!.AsArray().Count);
        Assert.Empty(Api.Ok(await _api.GetAsync("audit?month=2026-10"))["entries"]!.AsArray());
        Assert.Equal(400, (await _api.GetAsync("audit?month=November")).Status);
    }

    [Fact]
    public async Task A_malformed_order_stands_in_attention_is_retried_and_comes_back_or_is_dismissed()
    {
        await _api.OpenAsync();
        _api.Place(1, s => s with { Malformed = "date" });
        await _api.PullAsync();
        var item = Assert.Single(Api.Ok(await _api.GetAsync("attention")).AsArray())!;
        Assert.Equal("UnreadableOrder", (string)item["kind"]!);
        Assert.Contains("見本商店", (string)item["what"]!, StringComparison.Ordinal);

        Assert.Equal(202, (await _api.PostAsync($"attention/{item["id"]}/retry")).Status);
        Assert.Empty(Api.Ok(await _api.GetAsync("attention")).AsArray());
        Assert.Equal(404, (await _api.PostAsync($"attention/{item["id"]}/retry")).Status);
        Assert.Contains($"first-admin attention/{item["id"]}/retry:  → retried", await _api.AuditAsync());

        var list = _api.Services.GetRequiredService<AttentionList>();
        await list.RaiseAsync(AttentionItems.MessageFailed("follow-orders", "m1", "TimeoutException", "{}", Api.Start), CancellationToken.None);
        Assert.Equal(204, (await _api.PostAsync("attention/message~follow-orders~m1/dismiss")).Status);
        Assert.Equal(404, (await _api.PostAsync("attention/message~follow-orders~m1/dismiss")).Status);
        Assert.Contains($"first-admin attention/message~follow-orders~m1/dismiss: {nameof(AttentionKind.MessageFailed)} → dismissed", await _api.AuditAsync());
    }

    [Fact]
    public async Task A_failed_message_that_is_retried_is_sent_again_as_it_was()
    {
        var list = _api.Services.GetRequiredService<AttentionList>();
        await list.RaiseAsync(AttentionItems.MessageFailed("order-pull", "m1", "TimeoutException", """{"store":"gone"}""", Api.Start), CancellationToken.None);

        Assert.Equal(202, (await _api.PostAsync("attention/message~order-pull~m1/retry")).Status);

        var sent = await _api.Services.GetRequiredService<IMessageQueue>().ReceiveAsync("order-pull", 1, TimeSpan.FromMinutes(1), CancellationToken.None);
        Assert.Equal("""{"store":"gone"}""", Assert.Single(sent).Body);
        Assert.Empty(Api.Ok(await _api.GetAsync("attention")).AsArray());
    }

    [Fact]
    public async Task A_gap_is_listed_with_its_span_and_stays_on_record_once_acknowledged()
    {
        await _api.OpenAsync();
        var book = await _api.Services.GetRequiredService<StoreRegistry>().ReadAsync(CancellationToken.None);
        var store = book.Find(StoreId.Parse(Api.Store))!;
        var gap = new Gap(store.Id, "order-date", new Interval(Api.Start.AddDays(-16), Api.Start.AddDays(-15)), Api.Start);
        await _api.Services.GetRequiredService<GroupLedger>().ChangeAsync(store.Group, unit =>
        {
            unit.Put(gap);
            unit.Put(AttentionItems.GapFound(store, gap));
            return Task.CompletedTask;
        }, CancellationToken.None);
        var staff = await _api.KeyAsync(Role.Staff);
        var seen = Assert.Single(Api.Ok(await _api.GetAsync("gaps", staff)).AsArray())!;
        Assert.Equal((gap.Span.From, gap.Span.To), ((DateTimeOffset)seen["from"]!, (DateTimeOffset)seen["to"]!));
        Assert.Null(seen["acknowledgedBy"]);

        Assert.Equal(204, (await _api.PostAsync($"gaps/{Api.Store}/{gap.Id}/acknowledge", key: staff)).Status);

        Assert.Equal("Staff-key", (string)Assert.Single(Api.Ok(await _api.GetAsync("gaps")).AsArray())!["acknowledgedBy"]!);
        Assert.Empty(Api.Ok(await _api.GetAsync("attention")).AsArray());
        Assert.Contains($"Staff-key gaps/{Api.Store}/{gap.Id}: open → acknowledged", await _api.AuditAsync());
        Assert.Equal(404, (await _api.PostAsync($"gaps/{Api.Store}/another/acknowledge")).Status);
    }

    [Fact]
    public async Task A_key_is_shown_once_and_only_its_hash_is_kept()
    {
        var made = Api.Ok(await _api.PostAsync("keys", new JsonObject { ["name"] = "第一倉庫", ["role"] = "Warehouse", ["warehouses"] = new JsonArray("main", "osaka") }));
        var value = (string)made["value"]!;

        var listed = await _api.GetAsync("keys");

        var key = Api.Ok(listed).AsArray().Single(k => (string)k!["name"]! == "第一倉庫")!;
        Assert.Equal(("Warehouse", """["main","osaka"]"""), ((string)key["role"]!, key["warehouses"]!.ToJsonString()));
        var secret = value.Split('.')[1];
        Assert.DoesNotContain(secret, listed.Text, StringComparison.Ordinal);
        var rows = (await _api.Services.GetRequiredService<IRowStore>().ReadAsync(ApiKeys.Table, "keys", new RowRange("0", "~"), CancellationToken.None)).Rows;
        Assert.Equal(2, rows.Count);
        Assert.All(rows, row => Assert.DoesNotContain(row.Columns.Values, v => v.ToString()!.Contains(secret, StringComparison.Ordinal)));
        Assert.Contains($"first-admin keys/{key["id"]}:  → 第一倉庫 Warehouse main osaka", await _api.AuditAsync());
    }

    [Theory]
    [InlineData("""{"name":"","role":"Staff"}""", "名前")]
    [InlineData("""{"name":"a"}""", "role")]
    [InlineData("""{"name":"a","role":"Owner"}""", "role")]
    [InlineData("""{"name":"a","role":3}""", "role")]
    [InlineData("""{"name":"a","role":"3"}""", "role")]
    [InlineData("""{"name":"a","role":"Warehouse"}""", "倉庫")]
    [InlineData("""{"name":"a","role":"Warehouse","warehouses":[null]}""", "倉庫")]
    [InlineData("""{"name":"a","role":"Warehouse","warehouses":["two words"]}""", "倉庫")]
    public async Task A_key_without_a_name_a_role_or_its_warehouses_is_not_made(string form, string says)
    {
        var answer = await _api.SendAsync(HttpMethod.Post, "keys", form);

        Assert.Equal(400, answer.Status);
        Assert.Contains(says, answer.Detail, StringComparison.Ordinal);
        Assert.Single(Api.Ok(await _api.GetAsync("keys")).AsArray());
    }

    [Fact]
    public async Task The_last_admin_key_cannot_be_taken_away()
    {
        var answer = await _api.DeleteAsync($"keys/{_api.Admin.Split('.')[0]}");
        Assert.Equal(409, answer.Status);
        Assert.Contains("管理者", answer.Detail, StringComparison.Ordinal);

        var second = await _api.KeyAsync(Role.Admin);
        Assert.Equal(204, (await _api.DeleteAsync($"keys/{_api.Admin.Split('.')[0]}", second)).Status);
        Assert.Equal(409, (await _api.DeleteAsync($"keys/{second.Split('.')[0]}", second)).Status);
    }

    private async Task<List<string>> CodesAsync(string path) =>
        [.. Api.Ok(await _api.GetAsync(path))["orders"]!.AsArray().Select(o => (string)o!["code"]!).Order(StringComparer.Ordinal)];

    /// <summary>Follows the continuation to the end, at most fifty pages.</summary>
    private async Task<List<string>> PagesAsync(string path, string list, Func<JsonNode, string> name)
    {
        var found = new List<string>();
        string? next = null;
        for (var page = 0; page < 50; page++)
        {
            var answer = Api.Ok(await _api.GetAsync(next is null ? path : $"{path}&continuation={next}"));
            found.AddRange(answer[list]!.AsArray().Select(o => name(o!)));
            if ((next = (string?)answer["continuation"]) is null)
            {
                return found;
            }

            Assert.Equal(2, answer[list]!.AsArray().Count);
        }

        throw new InvalidOperationException($"{path} has no end.");
    }

    private static IEnumerable<string> Sorted(params string[] texts) => texts.Order(StringComparer.Ordinal);
}
