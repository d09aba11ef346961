using System.Text.Json;
using Domain.Marketplaces;
using Domain.Orders;

namespace Tests.Connectors.MakeShop;

public sealed class MakeShopShipmentsTests
{
    private const string Attribute = "updateOrderAttribute";
    private const string Status = "updateOrderDeliveryStatus";

    private readonly ScriptedMakeShop _shop = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_number_goes_out_as_in_the_recorded_sample()
    {
        _shop.On(Attribute, ScriptedMakeShop.Recording("attribute-accepted.json"));

        Assert.IsType<PushOutcome.Confirmed>(Assert.Single(await PushAsync("number", Report(1))));

        var call = Assert.Single(_shop.Seen);
        Assert.Equal(CallKind.Write, call.Mark!.Kind);
        Assert.Equal("mutation updateOrderAttribute($input: UpdateOrderAttributeRequest!){updateOrderAttribute(input:$input){updateOrderAttributeResults{displayOrderNumber message}}}", call.Query);
        Assert.Equal(
            """{"updateOrderAttributes":[{"displayOrderNumber":"P900000000000000001","deliveryRequestInfos":[{"deliveryId":"1","slipNumber":"000011112222","deliveryCompanyCode":"002"}]}]}""",
            call.Input.GetRawText());
    }

    [Fact]
    public async Task The_status_goes_out_for_every_recipient()
    {
        _shop.On(Status, call => Echo(call, _ => null));

        Assert.IsType<PushOutcome.Confirmed>(Assert.Single(await PushAsync("complete", Report(1, lines: ["1:1", "1:2", "2:1"]))));

        Assert.Equal(
            """{"updateOrderDeliveryStatusRequests":[{"displayOrderNumber":"P900000000000000001","deliveryId":"1","deliveryStatus":"COMPLETED"},{"displayOrderNumber":"P900000000000000001","deliveryId":"2","deliveryStatus":"COMPLETED"}]}""",
            Assert.Single(_shop.Seen).Input.GetRawText());
    }

    [Fact]
    public async Task A_report_about_one_recipient_names_that_one_alone_and_two_of_an_order_share_a_row()
    {
        _shop.On(Attribute, call => Echo(call, _ => null));
        ShipmentReport one = Report(1, lines: ["1:1", "2:1"]) with { Destination = "1" }, two = one with { Destination = "2", TrackingNumber = "000011113333" };

        Assert.Equal(2, (await PushAsync("number", one, two)).OfType<PushOutcome.Confirmed>().Count());

        Assert.Equal(
            """[{"deliveryId":"1","slipNumber":"000011112222","deliveryCompanyCode":"002"},{"deliveryId":"2","slipNumber":"000011113333","deliveryCompanyCode":"002"}]""",
            Assert.Single(_shop.Seen).Input.GetProperty("updateOrderAttributes")[0].GetProperty("deliveryRequestInfos").GetRawText());
    }

    [Theory]
    [InlineData("")]
    [InlineData("1 DEMO-01")] // as an order file would number its lines
    public async Task Where_the_recipients_id_is_not_known_the_one_recipient_stays_unnamed(string lines)
    {
        _shop.On(Attribute, call => Echo(call, _ => null));

        Assert.IsType<PushOutcome.Confirmed>(Assert.Single(await PushAsync("number", Report(1, lines: lines.Split(' ', StringSplitOptions.RemoveEmptyEntries)))));

        Assert.DoesNotContain("deliveryId", _shop.Seen[0].Input.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_may_say_that_the_id_is_a_number_and_the_status_another_word()
    {
        (_shop.Settings["delivery-id-type"], _shop.Settings["complete-status"]) = ("number", "DELIVERED");
        _shop.On(Status, call => Echo(call, _ => null));

        Assert.IsType<PushOutcome.Confirmed>(Assert.Single(await PushAsync("complete", Report(1))));

        Assert.Contains("\"deliveryId\":1,\"deliveryStatus\":\"DELIVERED\"", _shop.Seen[0].Input.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hundred_orders_go_in_one_call_and_each_row_decides_over_its_order()
    {
        _shop.On(Attribute, call => Echo(call, number => number.EndsWith("50", StringComparison.Ordinal) ? "該当する注文がありません。" : null));

        var outcomes = await PushAsync("number", [.. Enumerable.Range(1, 100).Select(i => Report(i))]);

        Assert.Single(_shop.Seen);
        var refused = Assert.IsType<PushOutcome.Rejected>(outcomes[49]);
        Assert.Equal(("P900000000000000050", "該当する注文がありません。"), (refused.Order.Value, refused.Reason));
        Assert.Equal(99, outcomes.OfType<PushOutcome.Confirmed>().Count());
    }

    [Fact]
    public async Task The_recorded_partial_success_is_read_row_by_row()
    {
        _shop.On(Attribute, ScriptedMakeShop.Recording("attribute-one-refused.json"));

        var outcomes = await PushAsync("number", Report(1), Report(2), Report(3));

        Assert.Equal([typeof(PushOutcome.Confirmed), typeof(PushOutcome.Rejected), typeof(PushOutcome.Unknown)], outcomes.Select(o => o.GetType()));
    }

    [Fact]
    public async Task Of_two_recipients_one_refused_row_refuses_the_order_and_a_missing_one_leaves_it_open()
    {
        _shop.On(Status, Rows("""{"displayOrderNumber":"P900000000000000001","deliveryId":"1","message":null},{"displayOrderNumber":"P900000000000000001","deliveryId":"2","message":"不可"}"""));
        Assert.IsType<PushOutcome.Rejected>(Assert.Single(await PushAsync("complete", Report(1, lines: ["1:1", "2:1"]))));
        _shop.On(Status, Rows("""{"displayOrderNumber":"P900000000000000001","deliveryId":"1","message":null}"""));
        Assert.IsType<PushOutcome.Unknown>(Assert.Single(await PushAsync("complete", Report(1, lines: ["1:1", "2:1"]))));
        Assert.IsType<PushOutcome.Confirmed>(Assert.Single(await PushAsync("complete", Report(1, lines: ["1:1", "2:1"]) with { Destination = "1" })));
    }

    [Fact]
    public async Task A_row_without_a_message_at_all_says_nothing()
    {
        _shop.On(Status, Rows("""{"displayOrderNumber":"P900000000000000001","deliveryId":"1"}"""));

        Assert.IsType<PushOutcome.Unknown>(Assert.Single(await PushAsync("complete", Report(1))));
    }

    [Fact]
    public async Task One_row_that_refuses_the_whole_call_does_not_keep_the_others()
    {
        _shop.On(Attribute, call => call.Input.GetRawText().Contains("P900000000000000003", StringComparison.Ordinal)
            ? ScriptedMakeShop.Answer("""{"errors":[{"message":"slip number too long","path":["updateOrderAttribute"]}],"data":null}""")
            : Echo(call, _ => null));

        var outcomes = await PushAsync("number", [.. Enumerable.Range(1, 8).Select(i => Report(i))]);

        Assert.Equal("P900000000000000003", Assert.Single(outcomes.OfType<PushOutcome.Rejected>()).Order.Value);
        Assert.Equal(7, outcomes.OfType<PushOutcome.Confirmed>().Count());
    }

    [Fact]
    public async Task When_a_later_part_fails_the_earlier_keeps_its_outcome_and_the_rest_is_unknown()
    {
        var calls = 0;
        _shop.On(Attribute, call => ++calls switch
        {
            1 => ScriptedMakeShop.Answer("""{"errors":[{"message":"no"}],"data":null}"""),
            2 => Echo(call, _ => null),
            _ => ScriptedMakeShop.Answer("""{"errors":[{"message":"too many"}]}""", 429),
        });

        var outcomes = await PushAsync("number", [.. Enumerable.Range(1, 4).Select(i => Report(i))]);

        Assert.Equal(
            [typeof(PushOutcome.Confirmed), typeof(PushOutcome.Confirmed), typeof(PushOutcome.Unknown), typeof(PushOutcome.Unknown)], outcomes.Select(o => o.GetType()));
    }

    [Fact]
    public async Task A_call_that_does_not_fit_their_schema_is_not_cut_into_pieces()
    {
        _shop.On(Attribute, ScriptedMakeShop.Recording("unknown-input-key.json"), 422);

        Assert.Equal(FailureKind.Rejected, (await Assert.ThrowsAsync<MarketplaceException>(() => PushAsync("number", Report(1), Report(2)))).Kind);
        Assert.Single(_shop.Seen);
    }

    [Theory]
    [InlineData("maintenance.html", 200, FailureKind.Transient)]
    [InlineData("maintenance.html", 503, FailureKind.Maintenance)]
    [InlineData("key-refused.json", 401, FailureKind.CredentialRejected)]
    [InlineData("forbidden.json", 200, FailureKind.CredentialRejected)]
    public async Task A_web_page_in_answer_to_a_write_leaves_its_effect_open_and_a_refusal_does_not(string recording, int status, FailureKind kind)
    {
        _shop.On(Attribute, ScriptedMakeShop.Recording(recording), status);

        Assert.Equal(kind, (await Assert.ThrowsAsync<MarketplaceException>(() => PushAsync("number", Report(1)))).Kind);
    }

    [Fact]
    public async Task Neither_an_empty_number_nor_an_unknown_carrier_is_sent()
    {
        var outcomes = await PushAsync("number", Report(1) with { TrackingNumber = " " }, Report(2) with { Service = "pigeon" });

        Assert.All(outcomes, o => Assert.IsType<PushOutcome.Rejected>(o));
        Assert.Empty(_shop.Seen);
    }

    [Theory]
    [InlineData("yamato", "002")]
    [InlineData("yamato-compact", "029")]
    [InlineData("yamato-nekopos", "030")]
    [InlineData("sagawa", "003")]
    [InlineData("jp-yupack", "001")]
    [InlineData("jp-yupacket", "025")]
    [InlineData("jp-clickpost", "027")]
    [InlineData("jp-letterpack", "011")]
    [InlineData("seino", "006")]
    [InlineData("fukuyama", "007")]
    public async Task Every_carrier_has_its_code(string service, string code)
    {
        _shop.On(Attribute, call => Echo(call, _ => null));

        await PushAsync("number", Report(1) with { Service = service });

        Assert.Contains($"\"deliveryCompanyCode\":\"{code}\"", _shop.Seen[0].Input.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_read_back_tells_every_number_and_a_cancelled_order_so()
    {
        _shop.On("searchOrder", ScriptedMakeShop.ListOf(1, ScriptedMakeShop.Order(1, o => o.Replace("\"slipNumber\":\"\"", "\"slipNumber\":\"0000-1111-2222\"", StringComparison.Ordinal))));
        Assert.True((await ReadBackAsync()).Holds("000011112222"));

        _shop.On("searchOrder", ScriptedMakeShop.ListOf(1, ScriptedMakeShop.Order(1)));
        Assert.Empty((await ReadBackAsync()).Shipments);

        _shop.On("searchOrder", ScriptedMakeShop.ListOf(1, ScriptedMakeShop.Order(1, o => o.Replace("\"0002\"", "\"0003\"", StringComparison.Ordinal))));
        Assert.Equal(MarketplaceStanding.Cancelled, (await ReadBackAsync()).Standing);

        _shop.On("searchOrder", ScriptedMakeShop.Recording("search-empty.json"));
        await Assert.ThrowsAsync<MarketplaceException>(ReadBackAsync);
    }

    [Fact]
    public void A_preview_shows_the_exact_call_without_a_secret()
    {
        var preview = _shop.Market.Shipments!.Preview(_shop.Access, "number", Report(1));

        Assert.StartsWith("POST http://makeshop.invalid:8080/v1/graphql", preview, StringComparison.Ordinal);
        Assert.Contains("""{"displayOrderNumber":"P900000000000000001","deliveryRequestInfos":[{"deliveryId":"1","slipNumber":"000011112222","deliveryCompanyCode":"002"}]}""", preview, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", preview, StringComparison.Ordinal);
        Assert.Empty(_shop.Seen);
    }

    private static ShipmentReport Report(int number, string[]? lines = null) =>
        new(ScriptedMakeShop.Reference(number, lines: lines ?? ["1:1"]), "yamato", "000011112222", new DateOnly(2026, 11, 21));

    private static string Rows(string rows) => $$$$"""{"data":{"updateOrderDeliveryStatus":{"updateOrderDeliveryStatusResults":[{{{{rows}}}}]}}}""";

    private static HttpResponseMessage Echo(SeenCall call, Func<string, string?> messageOf)
    {
        var rows = call.Input.EnumerateObject().Single().Value.EnumerateArray().Select(row =>
        {
            var number = row.GetProperty("displayOrderNumber").GetString()!;
            var delivery = row.TryGetProperty("deliveryId", out var id) ? id.GetRawText() : "null";
            return $$"""{"displayOrderNumber":"{{number}}","deliveryId":{{delivery}},"message":{{JsonSerializer.Serialize(messageOf(number))}}}""";
        });
        return ScriptedMakeShop.Answer($$$$"""{"data":{"{{{{call.Operation}}}}":{"{{{{call.Operation}}}}Results":[{{{{string.Join(',', rows)}}}}]}}}""");
    }

    private Task<IReadOnlyList<PushOutcome>> PushAsync(string step, params ShipmentReport[] reports) => _shop.Market.Shipments!.PushAsync(_shop.Access, step, reports, Cancellation);

    private Task<ReportedState> ReadBackAsync() => _shop.Market.ShipmentReader!.ReadBackAsync(_shop.Access, ScriptedMakeShop.Reference(1), Cancellation);
}
