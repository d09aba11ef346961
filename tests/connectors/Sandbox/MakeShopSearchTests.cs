using System.Net;
using Sandbox.Core;
using Sandbox.MakeShop;

namespace Tests.Connectors.Sandbox;

public sealed class MakeShopSearchTests : IDisposable
{
    private readonly MakeShopRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task An_order_has_the_shape_of_the_recorded_sample()
    {
        _rig.Place(MakeShopRig.Seed(new DateTimeOffset(2026, 11, 20, 10, 15, 30, TimeSpan.FromHours(9))) with { Code = "P900000000000000001", PaymentText = "B" });

        var reply = await _rig.DayAsync();

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.Equal(1, reply.Data("searchOrder").GetProperty("searchedCount").GetInt32());
        var order = Assert.Single(reply.Orders);
        Assert.Equal(
            ("P900000000000000001", "2026-11-20 10:15:30", "見本 花", "B", "0002", 4940, "不在時は宅配ボックスへ||"),
            (order.GetProperty("displayOrderNumber").GetString(), order.GetProperty("orderDate").GetString(), order.GetProperty("senderName").GetString(), order.GetProperty("payMethod").GetString(),
                order.GetProperty("paymentStatusCode").GetString(), order.GetProperty("sumPrice").GetInt32(), order.GetProperty("message").GetString()));
        var delivery = order.GetProperty("deliveryInfos")[0];
        Assert.Equal(
            ("1", "N", "--", "", "東京(23区内)", 540),
            (delivery.GetProperty("deliveryId").GetString(), delivery.GetProperty("deliveryStatus").GetString(), delivery.GetProperty("desiredDeliveryDate").GetString(),
                delivery.GetProperty("desiredDeliveryTimezone").GetString(), delivery.GetProperty("receiverPrefecture").GetString(), delivery.GetProperty("shippingCharge").GetInt32()));
        var item = delivery.GetProperty("basketInfos")[0];
        Assert.Equal(("DEMO-01", 2, 2200), (item.GetProperty("productCustomCode").GetString(), item.GetProperty("amount").GetInt32(), item.GetProperty("price").GetInt32()));
        Assert.Matches("^[0-9]{12}$", item.GetProperty("productCode").GetString()!);
    }

    [Fact]
    public async Task Only_what_the_query_names_comes_back()
    {
        _rig.Place();

        var reply = await _rig.DayAsync(fields: "displayOrderNumber deliveryInfos{deliveryStatus}");

        Assert.Equal("""{"displayOrderNumber":"P900000000000000001","deliveryInfos":[{"deliveryStatus":"N"}]}""", Assert.Single(reply.Orders).GetRawText());
    }

    [Theory]
    [InlineData("displayOrderNumber buyerZodiac", "Cannot query field \"buyerZodiac\" on type \"SearchedOrder\".")]
    [InlineData("deliveryInfos{deliveryId parcelColour}", "Cannot query field \"parcelColour\" on type \"DeliveryInfo\".")]
    [InlineData("deliveryInfos", "Field \"deliveryInfos\" of type \"DeliveryInfo\" must have a selection of subfields.")]
    public async Task One_unknown_field_refuses_the_whole_query(string fields, string message)
    {
        _rig.Place();

        var reply = await _rig.DayAsync(fields: fields);

        Assert.Equal(((HttpStatusCode)422, message, "GRAPHQL_VALIDATION_FAILED"), (reply.Status, reply.Message, reply.Code));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, reply.Json.GetProperty("data").ValueKind);
    }

    [Fact]
    public async Task Which_of_the_guessed_fields_exist_can_be_turned()
    {
        using var poor = new MakeShopRig(new MakeShopRules { AbsentFields = new HashSet<string> { "senderKana", "usePoint" } });
        poor.Place();

        var all = await poor.DayAsync(fields: "senderKana usePoint couponDiscount");
        Assert.Equal(2, all.Json.GetProperty("errors").GetArrayLength());
        Assert.Equal(0, Assert.Single((await poor.DayAsync(fields: "couponDiscount")).Orders).GetProperty("couponDiscount").GetInt32());
        _rig.Place();
        Assert.Equal("ミホン ハナ", Assert.Single((await _rig.DayAsync(fields: "senderKana")).Orders).GetProperty("senderKana").GetString());
    }

    [Fact]
    public async Task An_unknown_input_key_is_an_unknown_field_with_its_path()
    {
        var reply = await _rig.DayAsync(""","changedSince":"20261101000000" """);

        Assert.Equal(((HttpStatusCode)422, "unknown field"), (reply.Status, reply.Message));
        Assert.Equal(["variable", "input", "changedSince"], reply.Error.GetProperty("path").EnumerateArray().Select(p => p.GetString()!));
    }

    [Theory]
    [InlineData("\"limit\":1001")]
    [InlineData("\"limit\":0")]
    [InlineData("\"page\":0")]
    [InlineData("\"startOrderDate\":\"2026-11-20 00:00:00\"")]
    [InlineData("\"deliveryStatus\":\"COMPLETED\"")]
    [InlineData("\"sortOrder\":\"UP\"")]
    public async Task A_senseless_value_is_refused_with_HTTP_200(string input)
    {
        var reply = await _rig.SearchAsync($"{{{input}}}");

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.Equal("searchOrder", reply.Error.GetProperty("path")[0].GetString());
    }

    [Fact]
    public async Task A_thousand_orders_fit_a_page_and_the_rest_comes_on_the_next()
    {
        for (var i = 0; i < 1003; i++)
        {
            _rig.Place(MakeShopRig.Seed(MakeShopRig.Noon.AddSeconds(-i - 1)));
        }

        var first = await _rig.SearchAsync("""{"sortOrder":"ASC","page":1,"limit":1000}""", "displayOrderNumber");
        var second = await _rig.SearchAsync("""{"sortOrder":"ASC","page":2,"limit":1000}""", "displayOrderNumber");

        Assert.Equal((1000, 3, 1003), (first.Orders.Length, second.Orders.Length, first.Data("searchOrder").GetProperty("searchedCount").GetInt32()));
        Assert.Equal(1003, first.Numbers.Concat(second.Numbers).Distinct().Count());
    }

    [Fact]
    public async Task Both_ends_of_the_window_are_included_to_the_second()
    {
        var at = new DateTimeOffset(2026, 11, 20, 0, 0, 0, TimeSpan.FromHours(9));
        string[] inside = [_rig.Place(MakeShopRig.Seed(at)), _rig.Place(MakeShopRig.Seed(at.AddSeconds(10)))];
        _rig.Place(MakeShopRig.Seed(at.AddSeconds(-1)));
        _rig.Place(MakeShopRig.Seed(at.AddSeconds(11)));

        Assert.Equal(inside, (await _rig.SearchAsync("""{"startOrderDate":"20261120000000","endOrderDate":"20261120000010","limit":10}""")).Numbers);
        Assert.Equal(inside.Reverse(), (await _rig.SearchAsync("""{"startOrderDate":"20261120000000","endOrderDate":"20261120000010","limit":10,"sortOrder":"DESC"}""")).Numbers);
    }

    [Fact]
    public async Task Orders_are_served_for_three_calendar_days_of_Japan_and_no_longer_by_date()
    {
        var edge = new DateTimeOffset(2026, 11, 17, 0, 0, 0, TimeSpan.FromHours(9));
        var kept = _rig.Place(MakeShopRig.Seed(edge));
        var behind = _rig.Place(MakeShopRig.Seed(edge.AddSeconds(-1)));
        const string Wide = """{"startOrderDate":"20261101000000","endOrderDate":"20261120235959","limit":10}""";

        Assert.Equal([kept], (await _rig.SearchAsync(Wide)).Numbers);
        _rig.Time.Advance(TimeSpan.FromHours(12)); // midnight in Japan
        Assert.Empty((await _rig.SearchAsync(Wide)).Numbers);
        Assert.Equal([kept], _rig.Simulator.Served(MakeShopRig.Account).Select(o => o.Code)); // the other never could be read
        using var open = new MakeShopRig(new MakeShopRules { LookbackDays = null });
        open.Place(MakeShopRig.Seed(edge.AddDays(-10)));
        Assert.Single((await open.SearchAsync(Wide)).Numbers);
        Assert.Equal([behind], (await _rig.SearchAsync($$"""{"displayOrderNumbers":["{{behind}}"]}""")).Numbers);
    }

    [Fact]
    public async Task A_search_by_number_may_not_exist()
    {
        using var without = new MakeShopRig(new MakeShopRules { NumberFilters = new HashSet<string>() });

        Assert.Equal("unknown field", (await without.SearchAsync("""{"displayOrderNumbers":["P900000000000000001"]}""")).Message);
    }

    [Fact]
    public async Task Statuses_of_delivery_and_payment_filter_and_show()
    {
        var paid = _rig.Place(MakeShopRig.Seed() with { PaymentText = "B" });
        var unpaid = _rig.Place(MakeShopRig.Seed() with { Paid = false });
        var onDelivery = _rig.Place(MakeShopRig.Seed() with { PaymentText = "R", Paid = false });
        var cancelled = _rig.Place();
        _rig.Simulator.Cancel(MakeShopRig.Account, cancelled);

        Assert.Equal([paid, unpaid, onDelivery], (await _rig.DayAsync(""","deliveryStatus":"N" """)).Numbers);
        Assert.Equal([cancelled], (await _rig.DayAsync(""","deliveryStatus":"C" """)).Numbers);
        Assert.Equal(
            [(paid, "0002"), (unpaid, "1000"), (onDelivery, "0000"), (cancelled, "0003")],
            (await _rig.DayAsync()).Orders.Select(o => (o.GetProperty("displayOrderNumber").GetString()!, o.GetProperty("paymentStatusCode").GetString()!)));
        _rig.Simulator.Pay(MakeShopRig.Account, unpaid);
        Assert.Equal([paid, unpaid, cancelled], (await _rig.SearchAsync("""{"startPaymentDate":"20261120000000","endPaymentDate":"20261120235959"}""")).Numbers);
    }

    [Fact]
    public async Task Several_recipients_have_an_id_and_lines_each()
    {
        var seed = MakeShopRig.Seed();
        _rig.Place(seed with { FurtherDestinations = [new SeedDestination(seed.Recipient with { LastName = "別の", Prefecture = "大阪府", City = "大阪市北区" }, [new SeedLine("TEA-50", "見本茶", "", 1, 1080, 8)])] });

        var order = Assert.Single((await _rig.DayAsync()).Orders);

        Assert.Equal(["1", "2"], order.GetProperty("deliveryInfos").EnumerateArray().Select(d => d.GetProperty("deliveryId").GetString()!));
        Assert.Equal(["東京(23区内)", "大阪府"], order.GetProperty("deliveryInfos").EnumerateArray().Select(d => d.GetProperty("receiverPrefecture").GetString()!));
        Assert.Equal(4940 + 1080, order.GetProperty("sumPrice").GetInt32());
    }

    [Theory]
    [InlineData("date")]
    [InlineData("amount")]
    [InlineData("missing")]
    public async Task A_malformed_order_stands_among_the_others(string how)
    {
        _rig.Place();
        var broken = _rig.Place(MakeShopRig.Seed() with { Malformed = how });

        var order = (await _rig.DayAsync()).Orders.Single(o => o.GetProperty("displayOrderNumber").GetString() == broken);

        Assert.True(how switch
        {
            "date" => order.GetProperty("orderDate").GetString() == "0000-00-00 00:00:00",
            "amount" => order.GetProperty("sumPrice").ValueKind is System.Text.Json.JsonValueKind.Null,
            _ => order.GetProperty("deliveryInfos").GetArrayLength() == 0,
        });
    }

    [Fact]
    public void What_MakeShop_does_not_have_cannot_be_placed()
    {
        Assert.Throws<ArgumentException>(() => _rig.Place(MakeShopRig.Seed() with { InReview = true }));
        Assert.Throws<ArgumentException>(() => _rig.Place(MakeShopRig.Seed() with { Malformed = "otherwise" }));
        Assert.Throws<ArgumentException>(() => _rig.Place(MakeShopRig.Seed() with { Code = "12345" }));
        Assert.Throws<KeyNotFoundException>(() => _rig.Simulator.Pay(MakeShopRig.Account, "P900000000000000009"));
    }
}
