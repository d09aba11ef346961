using System.Text;
using Sandbox.Core;

namespace Tests.Connectors.Sandbox;

public sealed class MakeShopWriteTests : IDisposable
{
    private readonly MakeShopRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Number_then_status_ships_the_order_and_mails_the_buyer()
    {
        var code = _rig.Place(MakeShopRig.Seed() with { PaymentText = "B" });

        Assert.Equal([null], (await _rig.NumberAsync(code)).Rows("updateOrderAttribute", "updateOrderAttributeResults"));
        Assert.False(_rig.Served(code).Shipped);
        Assert.Equal([null], (await _rig.MoveAsync(code)).Rows("updateOrderDeliveryStatus", "updateOrderDeliveryStatusResults"));

        var served = _rig.Served(code);
        Assert.Equal(("Y", true, "002", "000011112222"), (served.Status, served.Shipped, served.Carrier, served.TrackingNumber));
        Assert.Equal([EffectKind.Number, EffectKind.Status, EffectKind.Mail], _rig.Effects().Select(e => e.Kind));
        Assert.Equal("Y", (await _rig.DayAsync()).Orders[0].GetProperty("deliveryInfos")[0].GetProperty("deliveryStatus").GetString());
    }

    [Fact]
    public async Task The_same_report_twice_has_no_second_effect()
    {
        var code = _rig.Place();
        for (var i = 0; i < 2; i++)
        {
            await _rig.NumberAsync(code);
            await _rig.MoveAsync(code);
        }

        Assert.DoesNotContain(_rig.Effects(), e => e.Again);
    }

    [Fact]
    public async Task Each_row_stands_for_itself()
    {
        var (good, cancelled) = (_rig.Place(), _rig.Place());
        _rig.Simulator.Cancel(MakeShopRig.Account, cancelled);
        string Row(string order, string carrier = "002") => $$"""{"displayOrderNumber":"{{order}}","deliveryRequestInfos":[{"slipNumber":"000011112222","deliveryCompanyCode":"{{carrier}}"}]}""";

        var rows = (await _rig.AttributeAsync($"{Row(good)},{Row(cancelled)},{Row("P999999999999999999")},{Row(good, "005")}")).Rows("updateOrderAttribute", "updateOrderAttributeResults");

        Assert.Equal([null, "キャンセル済みの注文です。", "該当する注文がありません。", "配送会社コードが正しくありません。"], rows);
        Assert.Equal("000011112222", _rig.Served(good).TrackingNumber);
        Assert.Empty(_rig.Served(cancelled).TrackingNumber);
    }

    [Fact]
    public async Task Several_recipients_are_reported_one_by_one_and_must_be_named()
    {
        var seed = MakeShopRig.Seed();
        var code = _rig.Place(seed with { FurtherDestinations = [new SeedDestination(seed.Recipient with { LastName = "別の" }, [new SeedLine("TEA-50", "見本茶", "", 1, 1080, 8)])] });

        var unnamed = await _rig.AttributeAsync($$"""{"displayOrderNumber":"{{code}}","deliveryRequestInfos":[{"slipNumber":"1"}]}""");
        Assert.Equal(["配送先が指定されていないか、存在しません。"], unnamed.Rows("updateOrderAttribute", "updateOrderAttributeResults"));
        await _rig.NumberAsync(code, "000011112222", delivery: "1");
        await _rig.MoveAsync(code, delivery: "1");
        Assert.False(_rig.Served(code).Shipped);
        await _rig.NumberAsync(code, "000011113333", delivery: "2");
        await _rig.MoveAsync(code, delivery: "2");

        Assert.Equal((true, "000011112222,000011113333"), (_rig.Served(code).Shipped, _rig.Served(code).TrackingNumber));
    }

    [Theory]
    [InlineData("NOT_YET", null)]
    [InlineData("INSTRUCTED", null)]
    [InlineData("RETURNED", "この配送状況には変更できません。")]
    [InlineData("SHIPPED", "配送状況が正しくありません。")]
    public async Task An_open_order_takes_these_statuses(string status, string? message) =>
        Assert.Equal([message], (await _rig.MoveAsync(_rig.Place(), status)).Rows("updateOrderDeliveryStatus", "updateOrderDeliveryStatusResults"));

    [Fact]
    public async Task A_shipped_order_may_come_back_and_does_not_become_open_again()
    {
        var code = _rig.Place();
        await _rig.MoveAsync(code);

        Assert.Equal(["この配送状況には変更できません。"], (await _rig.MoveAsync(code, "NOT_YET")).Rows("updateOrderDeliveryStatus", "updateOrderDeliveryStatusResults"));
        Assert.Equal([null], (await _rig.MoveAsync(code, "RETURNED")).Rows("updateOrderDeliveryStatus", "updateOrderDeliveryStatusResults"));
        var shipped = _rig.Place();
        await _rig.MoveAsync(shipped);
        Assert.Throws<InvalidOperationException>(() => _rig.Simulator.Cancel(MakeShopRig.Account, shipped));
    }

    [Fact]
    public async Task An_unknown_key_in_a_row_refuses_the_whole_call_and_nothing_is_done()
    {
        var code = _rig.Place();

        var reply = await _rig.AttributeAsync($$"""{"displayOrderNumber":"{{code}}","deliveryRequestInfos":[{"slipNumber":"1","trackingUrl":"x"}]}""");

        Assert.Equal(422, (int)reply.Status);
        Assert.Equal("trackingUrl", reply.Error.GetProperty("path").EnumerateArray().Last().GetString());
        Assert.Empty(_rig.Effects());
    }

    [Fact]
    public async Task Too_many_rows_are_refused_as_a_whole()
    {
        var rows = string.Join(',', Enumerable.Repeat($$"""{"displayOrderNumber":"{{_rig.Place()}}","deliveryRequestInfos":[]}""", 201));

        Assert.Equal("BAD_USER_INPUT", (await _rig.AttributeAsync(rows)).Code);
    }

    [Fact]
    public async Task A_cancel_takes_whole_orders_that_are_not_shipped()
    {
        var (open, shipped) = (_rig.Place(), _rig.Place());
        await _rig.MoveAsync(shipped);

        var reply = await _rig.AskAsync(
            "mutation cancelOrder($input: CancelOrderRequest!){cancelOrder(input:$input){cancelOrderResults{displayOrderNumber message}}}",
            $$"""{"cancelOrders":[{"displayOrderNumber":"{{open}}","reason":"在庫切れ"},{"displayOrderNumber":"{{shipped}}","reason":"在庫切れ"}]}""");

        Assert.Equal([null, "発送済みの注文はキャンセルできません。"], reply.Rows("cancelOrder", "cancelOrderResults"));
        Assert.Equal((true, false), (_rig.Served(open).Cancelled, _rig.Served(shipped).Cancelled));
    }

    [Fact]
    public async Task Stock_is_replaced_by_type_1_and_added_by_type_2_and_only_failed_rows_come_back()
    {
        _rig.Simulator.PutItems(MakeShopRig.Account, [new SeedItem("DEMO-01", "", "", 5), new SeedItem("TEA-50", "", "", 5), new SeedItem("SHIRT", "SHIRT-RED", "", 5)]);

        var products = await _rig.AskAsync(
            "mutation u($input: UpdateProductQuantityRequest!){updateProductQuantity(input:$input){failResult{systemCode customCode message}}}",
            """{"productQuantities":[{"productKeyType":1,"customCode":"DEMO-01","quantityCalculationType":1,"quantity":0},{"productKeyType":1,"customCode":"TEA-50","quantityCalculationType":2,"quantity":3},{"productKeyType":1,"customCode":"GONE","quantityCalculationType":1,"quantity":3}]}""");
        var variations = await _rig.AskAsync(
            "mutation u($input: UpdateVariationQuantityRequest!){updateVariationQuantity(input:$input){failResult{variationCustomCode message}}}",
            """{"variationQuantities":[{"variationCustomCode":"SHIRT-RED","quantityCalculationType":1,"quantity":7},{"variationCustomCode":"SHIRT-RED","quantityCalculationType":1,"quantity":-1}]}""");

        Assert.Equal("""[{"systemCode":null,"customCode":"GONE","message":"該当する商品がありません。"}]""", products.Data("updateProductQuantity").GetProperty("failResult").GetRawText());
        Assert.Equal(["数量が正しくありません。"], variations.Rows("updateVariationQuantity", "failResult"));
        Assert.Equal([0, 8, 7], _rig.Simulator.Items(MakeShopRig.Account).Select(i => i.Quantity));
        var read = await _rig.AskAsync(
            "query q($input: SearchProductQuantityRequest!){searchProductQuantity(input:$input){productQuantities{customCode quantity variationQuantities{variationQuantity variationCustomCode}} page limit}}",
            """{"page":1,"limit":10}""");
        Assert.Equal(3, read.Data("searchProductQuantity").GetProperty("productQuantities").GetArrayLength());
    }

    [Fact]
    public void The_order_file_has_a_row_a_line_in_the_code_page_of_such_files()
    {
        var seed = MakeShopRig.Seed();
        var code = _rig.Place(seed with { Lines = [.. seed.Lines, new SeedLine("TEA-50", "髙﨑の\"見本\"茶", "", 1, 1080, 8)], Recipient = seed.Recipient with { FirstName = "𠮷子" } });
        _rig.Place();

        var file = CodePagesEncodingProvider.Instance.GetEncoding(932)!.GetString(_rig.Simulator.DownloadOrders(MakeShopRig.Account, new HashSet<string> { code }));

        var rows = file.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, rows.Length);
        Assert.StartsWith("注文番号,注文日時", rows[0], StringComparison.Ordinal);
        Assert.Contains("髙﨑の\"\"見本\"\"茶", rows[2], StringComparison.Ordinal);
        Assert.Contains("〓", rows[1], StringComparison.Ordinal);
    }
}
