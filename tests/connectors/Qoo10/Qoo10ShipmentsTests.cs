using System.Text.Json;
using Connectors.Qoo10;
using Domain.Marketplaces;
using Domain.Orders;

namespace Tests.Connectors.Qoo10;

public sealed class Qoo10ShipmentsTests
{
    private static readonly DateOnly Day = new(2026, 11, 24);

    private readonly ScriptedQoo10 _qoo10 = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sends_every_order_number_of_every_cart_in_one_call()
    {
        AnswerRows(_ => 0);

        var outcomes = await PushAsync(Report("900000001", ["1062428737", "1062428738"]), Report("900000002", ["1062428740"], "jp-yupack"));

        Assert.All(outcomes, o => Assert.IsType<PushOutcome.Confirmed>(o));
        var call = Assert.Single(_qoo10.Seen);
        Assert.Equal(
            """[{"OrderNo":"1062428737","ShippingCorp":"ヤマト宅急便","TrackingNo":"123456789012"},{"OrderNo":"1062428738","ShippingCorp":"ヤマト宅急便","TrackingNo":"123456789012"},{"OrderNo":"1062428740","ShippingCorp":"ゆうパック","TrackingNo":"123456789012"}]""",
            call.Form["ShippingInfoJson"]);
        Assert.Equal(CallKind.Write, call.Mark!.Kind);
    }

    [Fact]
    public async Task A_cart_with_one_refused_order_number_is_rejected_and_the_others_stand()
    {
        _qoo10.On(Qoo10Methods.Send, ScriptedQoo10.Recording("send-one-row-refused.json"));

        var outcomes = await PushAsync(Report("900000001", ["1062428737", "1062428738"]), Report("900000002", ["1062428740"]));

        var rejected = Assert.IsType<PushOutcome.Rejected>(outcomes[0]);
        Assert.Equal("-10108", rejected.Code);
        Assert.Equal("注文番号1062428738：送り状番号の検査数字が合いません（このカートの他の注文番号1件は受け付けられています）", rejected.Reason);
        Assert.IsType<PushOutcome.Confirmed>(outcomes[1]);
    }

    [Theory]
    [InlineData(-10010, typeof(PushOutcome.Unknown))]
    [InlineData(-10103, typeof(PushOutcome.Unknown))]
    [InlineData(-10113, typeof(PushOutcome.Unknown))]
    [InlineData(-10114, typeof(PushOutcome.Unknown))]
    [InlineData(-10007, typeof(PushOutcome.Rejected))]
    [InlineData(-10101, typeof(PushOutcome.Rejected))]
    [InlineData(-10102, typeof(PushOutcome.Rejected))]
    [InlineData(-10104, typeof(PushOutcome.Rejected))]
    [InlineData(-10105, typeof(PushOutcome.Rejected))]
    [InlineData(-10118, typeof(PushOutcome.Rejected))]
    [InlineData(-10120, typeof(PushOutcome.Rejected))]
    [InlineData(-10122, typeof(PushOutcome.Rejected))]
    [InlineData(-55555, typeof(PushOutcome.Rejected))]
    [InlineData(0, typeof(PushOutcome.Confirmed))]
    public async Task A_row_code_decides_over_its_cart(int code, Type expected)
    {
        AnswerRows(number => number == "1062428738" ? code : 0);

        var outcome = Assert.Single(await PushAsync(Report("900000001", ["1062428737", "1062428738"])));

        Assert.IsType(expected, outcome);
        Assert.DoesNotContain("invented text", outcome.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certain_refusal_goes_before_a_doubtful_one()
    {
        AnswerRows(number => number == "1062428738" ? -10101 : -10010);

        Assert.Equal("-10101", Assert.IsType<PushOutcome.Rejected>(Assert.Single(await PushAsync(Report("900000001", ["1062428737", "1062428738"])))).Code);
    }

    [Theory]
    [InlineData("""{"ResultObject":[{"contr_no":1062428737,"result_cd":0}],"ResultCode":0}""")]
    [InlineData("""{"ResultObject":[{"contr_no":1062428737,"result_cd":0},{"contr_no":1062428738,"result_cd":"?"}],"ResultCode":0}""")]
    [InlineData("""{"ResultObject":[],"ResultCode":0}""")]
    [InlineData("""{"ResultCode":0,"ResultMsg":"SUCCESS"}""")]
    [InlineData("""{"ResultCode":-10010,"ResultMsg":""}""")]
    public async Task An_order_number_without_a_result_leaves_its_cart_unknown(string answer)
    {
        _qoo10.On(Qoo10Methods.Send, answer);

        Assert.IsType<PushOutcome.Unknown>(Assert.Single(await PushAsync(Report("900000001", ["1062428737", "1062428738"]))));
    }

    [Fact]
    public async Task Rows_may_name_their_result_like_a_method_does()
    {
        _qoo10.On(Qoo10Methods.Send, """{"ResultObject":[{"contr_no":"1062428740","ResultCode":"-10120","ResultMsg":"an invented text"}],"ResultCode":-1}""");

        Assert.Equal("-10120", Assert.IsType<PushOutcome.Rejected>(Assert.Single(await PushAsync(Report("900000002", ["1062428740"])))).Code);
    }

    [Fact]
    public async Task A_refused_call_is_a_refusal_of_all_and_a_web_page_leaves_the_effect_open()
    {
        _qoo10.On(Qoo10Methods.Send, ScriptedQoo10.Refusal(-10006));
        var refused = await Assert.ThrowsAsync<MarketplaceException>(() => PushAsync(Report("900000002", ["1062428740"])));
        Assert.Equal((FailureKind.Rejected, "-10006"), (refused.Kind, refused.Code));

        _qoo10.On(Qoo10Methods.Send, ScriptedQoo10.Recording("html-error.txt"));
        var lost = await Assert.ThrowsAsync<MarketplaceException>(() => PushAsync(Report("900000002", ["1062428740"])));
        Assert.Equal(FailureKind.Transient, lost.Kind);
    }

    [Fact]
    public async Task More_than_500_order_numbers_take_several_calls_and_no_cart_is_torn_apart()
    {
        AnswerRows(_ => 0);
        var reports = Enumerable.Range(0, 168).Select(i => Report($"9{i:D8}", [$"10{i:D8}", $"11{i:D8}", $"12{i:D8}"])).ToArray();

        var outcomes = await PushAsync(reports);

        Assert.Equal(168, outcomes.OfType<PushOutcome.Confirmed>().Count());
        Assert.Equal([498, 6], _qoo10.Seen.Select(c => JsonDocument.Parse(c.Form["ShippingInfoJson"]).RootElement.GetArrayLength()));
    }

    [Fact]
    public async Task When_a_later_call_fails_the_carts_of_the_first_keep_their_outcome()
    {
        var calls = 0;
        AnswerRows(_ => 0);
        _qoo10.On(Qoo10Methods.Send, call => ++calls == 1 ? RowsOf(call, _ => 0) : "<html>");
        var reports = Enumerable.Range(0, 168).Select(i => Report($"9{i:D8}", [$"10{i:D8}", $"11{i:D8}", $"12{i:D8}"])).ToArray();

        var outcomes = await PushAsync(reports);

        Assert.Equal((166, 2), (outcomes.OfType<PushOutcome.Confirmed>().Count(), outcomes.OfType<PushOutcome.Unknown>().Count()));
    }

    [Theory]
    [InlineData("yamato", "ヤマト宅急便")]
    [InlineData("sagawa", "Sagawa")]
    [InlineData("jp-yupack", "ゆうパック")]
    [InlineData("other", "その他")]
    public async Task A_service_of_ours_has_their_name(string service, string name)
    {
        AnswerRows(_ => 0);

        Assert.IsType<PushOutcome.Confirmed>(Assert.Single(await PushAsync(Report("900000002", ["1062428740"], service))));

        Assert.Contains($"\"ShippingCorp\":\"{name}\"", _qoo10.Seen[0].Form["ShippingInfoJson"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_without_a_Qoo10_name_is_not_sent_until_the_store_names_it()
    {
        AnswerRows(_ => 0);

        var rejected = Assert.IsType<PushOutcome.Rejected>(Assert.Single(await PushAsync(Report("900000002", ["1062428740"], "seino"))));
        Assert.Contains("carrier-seino", rejected.Reason, StringComparison.Ordinal);
        Assert.Empty(_qoo10.Seen);

        _qoo10.Settings["carrier-seino"] = "西濃運輸";
        Assert.IsType<PushOutcome.Confirmed>(Assert.Single(await PushAsync(Report("900000002", ["1062428740"], "seino"))));
        Assert.Contains("西濃運輸", _qoo10.Seen[0].Form["ShippingInfoJson"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_sent_without_an_order_number_or_a_tracking_number()
    {
        var outcomes = await PushAsync(Report("900000001", []), Report("900000002", ["1062428740"]) with { TrackingNumber = " " });

        Assert.All(outcomes, o => Assert.IsType<PushOutcome.Rejected>(o));
        Assert.Empty(_qoo10.Seen);
    }

    [Fact]
    public void A_preview_shows_the_exact_call_without_the_key()
    {
        var market = _qoo10.Marketplace();

        var preview = market.Shipments!.Preview(_qoo10.Access(market), "number", Report("900000002", ["1062428740"]));

        Assert.StartsWith("POST http://qoo10.invalid:8080/GMKT.INC.Front.QAPIService/ebayjapan.qapi/ShippingBasic.SetSendingInfoBulk", preview, StringComparison.Ordinal);
        Assert.Contains("""ShippingInfoJson=[{"OrderNo":"1062428740","ShippingCorp":"ヤマト宅急便","TrackingNo":"123456789012"}]""", preview, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", preview, StringComparison.Ordinal);
        Assert.Empty(_qoo10.Seen);
    }

    [Theory]
    [InlineData("123456789012", "123456789012", true)]
    [InlineData("1234-5678-9012", "123456789012", true)]
    [InlineData("123456789012", "", false)]
    [InlineData("123456789012", " ", false)]
    [InlineData("123456789012", "999999999999", false)]
    [InlineData("", "", false)]
    public async Task A_cart_holds_our_number_only_when_all_its_lines_do(string first, string second, bool holds)
    {
        AnswerByNumber(new() { ["1062428737"] = (first, ""), ["1062428738"] = (second, "") });

        var state = await ReadBackAsync();

        Assert.Equal(holds, state.Holds("123456789012"));
    }

    [Fact]
    public async Task A_cancelled_line_needs_no_number()
    {
        AnswerByNumber(new() { ["1062428737"] = ("123456789012", ""), ["1062428738"] = ("", "3") });

        Assert.True((await ReadBackAsync()).Holds("123456789012"));
    }

    [Fact]
    public async Task The_start_of_work_is_told_with_the_planned_day_for_every_order_number()
    {
        _qoo10.On(Qoo10Methods.PlanShipping, """{"ResultObject":[{"contr_no":1062428737,"result_cd":0},{"contr_no":1062428738,"result_cd":0}],"ResultCode":0}""");
        var market = _qoo10.Marketplace();

        await market.Acknowledgement!.AcknowledgeAsync(_qoo10.Access(market), [Reference("900000001", ["1062428737", "1062428738"])], new DateOnly(2026, 11, 26), Cancellation);

        Assert.Equal(
            """[{"OrderNo":"1062428737","EstShipDt":"20261126","DelayType":"1","DelayMemo":""},{"OrderNo":"1062428738","EstShipDt":"20261126","DelayType":"1","DelayMemo":""}]""",
            Assert.Single(_qoo10.Seen).Form["SendPlanDtInfoJson"]);
    }

    [Theory]
    [InlineData("""{"ResultCode":-10004,"ResultMsg":"an invented text"}""")]
    [InlineData("""{"ResultObject":[{"contr_no":1062428740,"result_cd":-10004}],"ResultCode":0}""")]
    public async Task A_start_of_work_that_is_refused_is_said(string answer)
    {
        _qoo10.On(Qoo10Methods.PlanShipping, answer);
        var market = _qoo10.Marketplace();

        var refused = await Assert.ThrowsAsync<MarketplaceException>(
            () => market.Acknowledgement!.AcknowledgeAsync(_qoo10.Access(market), [Reference("900000002", ["1062428740"])], Day, Cancellation));

        Assert.Equal((FailureKind.Rejected, "-10004"), (refused.Kind, refused.Code));
    }

    private static OrderReference Reference(string code, string[] lines) => new(OrderCode.Parse(code), new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero), [.. lines]);

    private static ShipmentReport Report(string code, string[] lines, string service = "yamato") => new(Reference(code, lines), service, "123456789012", Day);

    private static string RowsOf(SeenCall call, Func<string, int> resultOf)
    {
        var rows = JsonDocument.Parse(call.Form["ShippingInfoJson"]).RootElement.EnumerateArray()
            .Select(r => r.GetProperty("OrderNo").GetString()!)
            .Select(number => $$"""{"contr_no":{{number}},"result_cd":{{resultOf(number)}},"transc_nm":""}""");
        return $$"""{"ResultObject":[{{string.Join(',', rows)}}],"ResultCode":0,"ResultMsg":"SUCCESS"}""";
    }

    private Task<IReadOnlyList<PushOutcome>> PushAsync(params ShipmentReport[] reports)
    {
        var market = _qoo10.Marketplace();
        return market.Shipments!.PushAsync(_qoo10.Access(market), "number", reports, Cancellation);
    }

    private Task<ReportedState> ReadBackAsync()
    {
        var market = _qoo10.Marketplace();
        return market.ShipmentReader!.ReadBackAsync(_qoo10.Access(market), Reference("900000001", ["1062428737", "1062428738"]), Cancellation);
    }

    private void AnswerRows(Func<string, int> resultOf) => _qoo10.On(Qoo10Methods.Send, call => RowsOf(call, resultOf));

    private void AnswerByNumber(Dictionary<string, (string Tracking, string Claim)> lines) => _qoo10.On(Qoo10Methods.ByNumber, call =>
    {
        var number = call.Form["OrderNo"];
        return ScriptedQoo10.Recording("by-number.json")
            .Replace("\"orderNo\":1062428737", $"\"orderNo\":{number}", StringComparison.Ordinal)
            .Replace("\"trackingNo\":\"\"", $"\"trackingNo\":\"{lines[number].Tracking}\"", StringComparison.Ordinal)
            .Replace("\"claimStatus\":\"\"", $"\"claimStatus\":\"{lines[number].Claim}\"", StringComparison.Ordinal);
    });
}
