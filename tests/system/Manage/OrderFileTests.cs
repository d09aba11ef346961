using System.Text;
using System.Text.Json.Nodes;
using Domain.Coverage;
using Domain.Stores;
using Functions.Attention;
using Functions.Manage;
using Infra.Ledger;
using Microsoft.Extensions.DependencyInjection;
using Sandbox.Core;

namespace Tests.System.Manage;

/// <summary>受注CSV over HTTP: preview, import, gaps, the store's own columns.</summary>
public sealed class OrderFileTests : IAsyncLifetime
{
    private const string Path = $"stores/{Api.Store}/order-file";

    private Api _api = null!;

    public async ValueTask InitializeAsync() => _api = await Api.StartAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task A_download_of_the_marketplace_is_previewed_imported_and_once_more_changes_nothing()
    {
        await _api.OpenAsync();
        await _api.GoLiveAsync();
        var known = _api.Place(1);
        await _api.PullAsync();
        var fresh = _api.Place(2, s => s with { PlacedAt = Api.Start.AddMinutes(-30) });
        var file = Download();

        var preview = Api.Ok(await _api.PostFileAsync($"{Path}/preview", file, await _api.KeyAsync(Role.Staff)));
        Assert.Equal((false, 2, 1, 1), ((bool)preview["written"]!, (int)preview["rows"]!, (int)preview["counts"]!["new"]!, (int)preview["counts"]!["unchanged"]!));
        Assert.Equal([(known, "Unchanged"), (fresh, "New")], preview["orders"]!.AsArray().Select(o => ((string)o!["code"]!, (string)o["outcome"]!)));
        Assert.Contains("入金日", preview["ignoredColumns"]!.AsArray().Select(c => (string)c!));
        Assert.Equal(404, (await _api.GetAsync($"orders/{Api.Store}/{fresh}")).Status);

        var done = Api.Ok(await _api.PostFileAsync(Path, file, contentType: "application/octet-stream"));
        await _api.DrainAsync();
        Assert.Equal((true, true, 1), ((bool)done["written"]!, (bool)done["finished"]!, (int)done["counts"]!["new"]!));
        Assert.Equal("AwaitingShipment", (string)Api.Ok(await _api.GetAsync($"orders/{Api.Store}/{fresh}"))["state"]!);

        var again = Api.Ok(await _api.PostFileAsync(Path, file));
        Assert.Equal((0, 2), ((int)again["counts"]!["new"]!, (int)again["counts"]!["unchanged"]!));
        Assert.Contains(await _api.AuditAsync(), row => row.StartsWith($"first-admin {Path}: ", StringComparison.Ordinal) && row.Contains("\"new\":1", StringComparison.Ordinal));
        Assert.All(await _api.AuditAsync(), row => Assert.DoesNotContain("花子", row, StringComparison.Ordinal));

        await _api.PullAsync();
        Assert.Equal(2, Api.Ok(await _api.GetAsync($"orders?store={Api.Store}"))["orders"]!.AsArray().Count);
    }

    [Fact]
    public async Task Lines_that_cannot_be_read_are_told_in_Japanese_without_a_name_and_stop_nothing_else()
    {
        await _api.OpenAsync();
        var bad = _api.Place(1, s => s with { Lines = [s.Lines[0] with { Sku = "4.90123E+12" }] });
        _api.Place(2);

        var done = Api.Ok(await _api.PostFileAsync(Path, Download()));

        Assert.Equal((1, 1, 1), ((int)done["counts"]!["new"]!, (int)done["counts"]!["refused"]!, (int)done["faultCount"]!));
        var fault = Assert.Single(done["faults"]!.AsArray())!;
        Assert.Equal((2, "商品コード + 商品管理コード", bad), ((int)fault["line"]!, (string)fault["column"]!, (string)fault["order"]!));
        Assert.Contains("1.23E+11", (string)fault["problem"]!, StringComparison.Ordinal);
        Assert.DoesNotContain("4.90123", done.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("花子", done.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 400, "空です")]
    [InlineData("PK\u0003\u0004", 400, "Excel")]
    [InlineData("<html>", 400, "CSVファイルとして読み取れません")]
    [InlineData("注文ID,注文日時\r\n1,2026/11/24 10:00\r\n", 400, "商品コード")]
    [InlineData("a,b\r\n1,2\r\n", 400, "注文ID")]
    public async Task A_file_that_cannot_be_taken_is_a_problem_that_says_what_to_do(string text, int status, string says)
    {
        await _api.OpenAsync(change: form => form["orderFileEncoding"] = "utf-8");

        foreach (var path in (string[])[Path, $"{Path}/preview"])
        {
            var answer = await _api.PostFileAsync(path, Encoding.UTF8.GetBytes(text));

            Assert.Equal(status, answer.Status);
            Assert.Contains(says, answer.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Size_content_type_store_and_gap_are_checked_first()
    {
        await _api.OpenAsync();

        Assert.Contains("20MB", (await _api.PostFileAsync(Path, new byte[(20 * 1024 * 1024) + 1])).Detail, StringComparison.Ordinal);
        Assert.Equal(415, (await _api.PostFileAsync(Path, [1], contentType: "application/json")).Status);
        Assert.Equal(404, (await _api.PostFileAsync("stores/no-store/order-file", Encoding.UTF8.GetBytes("a"))).Status);
        _api.Place(1);
        Assert.Contains("取込漏れ", (await _api.PostFileAsync($"{Path}?gap=order-date~1", Download())).Detail, StringComparison.Ordinal);
        Assert.Equal(400, (await _api.PostFileAsync($"{Path}?gap=%2F", Download())).Status);
    }

    [Fact]
    public async Task The_stores_own_columns_and_encoding_go_before_the_marketplaces_and_are_checked()
    {
        var form = await _api.OpenAsync();
        form["orderFileColumns"] = new JsonObject { ["order-code"] = "管理番号", ["recipient-name"] = "姓 + \" \" + 名" };
        form["orderFileEncoding"] = "utf-8";
        var stored = Api.Ok(await _api.PutAsync($"stores/{Api.Store}", form));
        Assert.Equal("管理番号", (string)stored["store"]!["orderFileColumns"]!["order-code"]!);
        var file = "管理番号,注文日時,受注ステータス,商品コード,個数,商品単価,姓,名,送付先郵便番号,送付先住所,決済方法,配送方法\r\n"
            + "746999001,2026/11/24 09:00,新規受付,SKU-1,1,\"1,200円\",見本,花子,100-0000,東京都千代田区見本町1-2,クレジットカード決済,宅配便\r\n";

        Api.Ok(await _api.PostFileAsync(Path, Encoding.UTF8.GetBytes(file)));

        var order = Api.Ok(await _api.GetAsync($"orders/{Api.Store}/746999001"));
        Assert.Equal(("AwaitingShipment", "見本 花子", 1200m), ((string)order["state"]!, (string)order["recipient"]!["name"]!, (decimal)order["amounts"]!["billed"]!));
        foreach (var (change, says) in new (Action<JsonObject>, string)[]
        {
            (f => f["orderFileColumns"] = new JsonObject { ["colour"] = "色" }, "colour"),
            (f => f["orderFileColumns"] = new JsonObject { ["sku"] = " " }, "見出し"),
            (f => f["orderFileEncoding"] = "utf-16", "utf-8"),
        })
        {
            var wrong = form.DeepClone().AsObject();
            change(wrong);
            var answer = await _api.PutAsync($"stores/{Api.Store}", wrong);
            Assert.Equal(400, answer.Status);
            Assert.Contains(says, answer.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_gap_that_a_file_fills_is_listed_so_and_leaves_the_attention_list()
    {
        await _api.OpenAsync();
        var store = StoreId.Parse(Api.Store);
        var gap = new Gap(store, "order-date", new Interval(Api.Start.AddDays(-20), Api.Start.AddDays(-19)), Api.Start);
        await _api.Services.GetRequiredService<GroupLedger>().ChangeAsync(BundleGroupId.Of(store), unit =>
        {
            unit.Put(gap);
            unit.Put(AttentionItems.GapFound(new Store { Id = store, Marketplace = "au-pay-market", Name = "見本商店", Group = BundleGroupId.Of(store) }, gap));
            return Task.CompletedTask;
        }, CancellationToken.None);
        _api.Place(1, s => s with { PlacedAt = Api.Start.AddDays(-19.5) });

        var done = Api.Ok(await _api.PostFileAsync($"{Path}?gap={gap.Id}", Download()));

        Assert.Equal((1, true), ((int)done["gap"]!["orders"]!, (bool)done["gap"]!["whole"]!));
        var listed = Assert.Single(Api.Ok(await _api.GetAsync("gaps")).AsArray())!;
        Assert.Equal(("first-admin", 1, 0), ((string)listed["filled"]!["by"]!, (int)listed["filled"]!["orders"]!, (int)listed["filled"]!["missing"]!));
        Assert.Empty(Api.Ok(await _api.GetAsync("attention")).AsArray());
        Assert.Contains(await _api.AuditAsync(), row => row.Contains($"gap {gap.Id}", StringComparison.Ordinal));
    }

    private byte[] Download() => ((IOrderDownloads)_api.Sandbox.Simulator("au-pay-market")).DownloadOrders(Api.Store);
}
