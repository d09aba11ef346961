using System.Text;
using System.Text.Json;
using Sandbox.Core;
using HttpStatusCode = System.Net.HttpStatusCode;

namespace Tests.Connectors.Sandbox;

public sealed class FutureshopSearchTests : IDisposable
{
    private const string Day = "orderDateStart=2026-04-01T00:00:00&orderDateEnd=2026-04-01T23:59:59";

    private readonly FutureshopRig _rig = new(ordersPerPage: 3);

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Both_ends_of_the_order_date_are_searched_and_times_are_Japans()
    {
        var midnight = new DateTimeOffset(2026, 4, 1, 0, 0, 0, TimeSpan.FromHours(9));
        _rig.Place(FutureshopRig.Seed(midnight.AddSeconds(-1)));
        string[] inside = [_rig.Place(FutureshopRig.Seed(midnight)), _rig.Place(FutureshopRig.Seed(midnight.AddHours(11)))];

        var found = await _rig.GetAsync("shipping?orderDateStart=2026-04-01T00:00:00&orderDateEnd=2026-04-01T11:00:00");

        Assert.Equal(inside, found.Numbers);
        Assert.Equal("2026-04-01T00:00:00", found.Orders[0].GetProperty("date").GetString());
        Assert.All(found.Numbers, number => Assert.Matches("^[0-9]{12}$", number));
    }

    [Fact]
    public async Task The_next_page_has_an_absolute_address_with_a_cursor_and_the_same_filters()
    {
        var placed = Enumerable.Range(0, 7).Select(i => _rig.Place(FutureshopRig.Seed(FutureshopRig.Noon.AddMinutes(i - 60)))).ToArray();

        var pages = new List<FutureshopWireAnswer> { await _rig.GetAsync($"shipping?{Day}") };
        while (pages[^1].Next is { } next)
        {
            Assert.StartsWith($"https://sim.example/admin-api/v1/shipping?{Day}&cursor=", next, StringComparison.Ordinal);
            pages.Add(await _rig.GetAsync(next));
        }

        Assert.Equal([3, 3, 1], pages.Select(p => p.Orders.Length));
        Assert.Equal(placed, pages.SelectMany(p => p.Numbers));
        Assert.Equal(HttpStatusCode.BadRequest, (await _rig.GetAsync(pages[0].Next!.Replace("23:59:59", "23:59:58", StringComparison.Ordinal))).Status);
    }

    [Fact]
    public async Task Nothing_found_is_an_empty_list()
    {
        var none = await _rig.GetAsync($"shipping?{Day}");

        Assert.Equal(HttpStatusCode.OK, none.Status);
        Assert.Equal("""{"orderList":[]}""", none.Text);
    }

    [Theory]
    [InlineData("orderDateStart=2026-04-01T00:00:00%2B09:00")]
    [InlineData("orderDateStart=2026-04-01")]
    [InlineData("orderDateEnd=")]
    [InlineData("shippingStatus=SHIPPED")]
    [InlineData("paymentStatus=paid")]
    [InlineData("cursor=c2")]
    public async Task A_filter_that_it_does_not_know_is_400(string query)
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await _rig.GetAsync($"shipping?{query}")).Status);
    }

    [Fact]
    public async Task Filters_by_number_shipment_and_payment_narrow_the_search()
    {
        var paid = _rig.Place();
        var unpaid = _rig.Place(FutureshopRig.Seed() with { Paid = false });
        await _rig.ShipAsync(paid, "000011112222");

        Assert.Equal([paid], (await _rig.GetAsync("shipping?shippingStatus=shipped")).Numbers);
        Assert.Equal([unpaid], (await _rig.GetAsync("shipping?shippingStatus=notShipped")).Numbers);
        Assert.Equal([unpaid], (await _rig.GetAsync("shipping?paymentStatus=notReceived")).Numbers);
        Assert.Equal([paid], (await _rig.GetAsync("shipping?paymentStatus=received")).Numbers);
        Assert.Equal([unpaid], (await _rig.GetAsync($"shipping?orderNo={unpaid}")).Numbers);
        Assert.Equal([paid, unpaid], (await _rig.GetAsync($"shipping?orderNo={unpaid},{paid},900000999999")).Numbers);
    }

    [Fact]
    public async Task A_row_and_a_get_differ_as_the_recorded_ones_do()
    {
        var code = _rig.Place(FutureshopRig.Seed() with { Coupon = 100, Points = 50, Chilled = true });

        var row = (await _rig.GetAsync($"shipping?orderNo={code}")).Orders.Single();
        var detail = (await _rig.GetAsync($"orders/{code}")).Json;
        var (rowShipment, shipment) = (row.GetProperty("shipmentList")[0], detail.GetProperty("shipmentList")[0]);

        Assert.Equal("330-0000", rowShipment.GetProperty("addressInfo").GetProperty("postalCode").GetString());
        Assert.Equal("330-0000", shipment.GetProperty("addressInfo").GetProperty("zipCode").GetString());
        Assert.Equal("2026-04-05", rowShipment.GetProperty("shippingInfo").GetProperty("preferredDeliveryDate").GetString());
        Assert.Equal("2026-04-05", shipment.GetProperty("preferredDeliveryDate").GetString());
        Assert.False(Has(row, "communication") || Has(row, "couponList") || Has(row, "paymentStatus") || Has(row, "dateLastUpdated"));
        Assert.Equal("見本の備考", detail.GetProperty("communication").GetString());
        Assert.True(Has(row, "isMember") && Has(row, "standardTax") && !Has(row, "standardTaxRate"));
        Assert.True(!Has(detail, "isMember") && !Has(detail, "standardTax") && Has(detail, "standardTaxRate"));
        Assert.False(Has(rowShipment.GetProperty("productList")[0], "productNo"));
        Assert.True(Has(shipment.GetProperty("productList")[0], "productNo"));
        Assert.Equal(("SAITAMA", "TOKYO"), (
            shipment.GetProperty("addressInfo").GetProperty("prefecture").GetString(), detail.GetProperty("buyerInfo").GetProperty("prefecture").GetString()));
        Assert.Equal(2, Count(detail, "sbpsTrackingId"));

        // Amounts come as a number, as text, and as nothing.
        Assert.Equal(4400 + 540 + 330 - 100 - 50, detail.GetProperty("grandTotal").GetInt32());
        Assert.Equal("330", detail.GetProperty("coolDeliveryChargeTotal").GetString());
        Assert.Equal(("100", ""), (detail.GetProperty("productCouponDiscountTotal").GetString(), detail.GetProperty("bundleDiscountTotal").GetString()));
        Assert.Equal((200, 400), (shipment.GetProperty("productList")[0].GetProperty("tax").GetInt32(), detail.GetProperty("taxTotal").GetInt32()));
    }

    [Fact]
    public async Task An_unknown_number_is_404()
    {
        var answer = await _rig.GetAsync("orders/900000999999");

        Assert.Equal((HttpStatusCode.NotFound, "OrderNotFound"), (answer.Status, answer.ErrorCode));
    }

    [Fact]
    public async Task Cancel_payment_and_hold_show_in_dates_and_status_words()
    {
        var (cancelled, held, unpaid) = (_rig.Place(), _rig.Place(FutureshopRig.Seed() with { InReview = true }), _rig.Place(FutureshopRig.Seed() with { Paid = false }));
        _rig.Simulator.Cancel(FutureshopRig.Account, cancelled);

        Assert.Equal(("CANCELLED", "2026-04-01T12:00:00"), await StateAsync(cancelled, "cancelDate"));
        Assert.Equal(("ON_HOLD", "2026-04-01"), await StateAsync(held, "receiptDate"));
        Assert.Equal(("AWAITING_PAYMENT", ""), await StateAsync(unpaid, "receiptDate"));

        _rig.Simulator.EndReview(FutureshopRig.Account, held);
        _rig.Simulator.Pay(FutureshopRig.Account, unpaid);
        Assert.Equal(("AWAITING_PAYMENT", "2026-04-01"), await StateAsync(held, "receiptDate"));
        Assert.Equal(("AWAITING_PAYMENT", "2026-04-01"), await StateAsync(unpaid, "receiptDate"));
        Assert.Throws<InvalidOperationException>(() => _rig.Simulator.Pay(FutureshopRig.Account, cancelled));
    }

    [Theory]
    [InlineData("date", "date")]
    [InlineData("amount", "grandTotal")]
    [InlineData("missing", "shipmentList")]
    public async Task A_malformed_order_is_malformed_in_both_forms_and_keeps_its_number(string how, string field)
    {
        var code = _rig.Place(FutureshopRig.Seed() with { Malformed = how });

        foreach (var order in new[] { (await _rig.GetAsync($"shipping?{Day}")).Orders.Single(), (await _rig.GetAsync($"orders/{code}")).Json })
        {
            Assert.Equal(code, order.GetProperty("orderNo").GetString());
            Assert.False(Has(order, field) && (field == "shipmentList" || (field == "date" ? DateTime.TryParse(order.GetProperty(field).GetString(), out _) : order.GetProperty(field).ValueKind is JsonValueKind.Number)));
        }
    }

    [Fact]
    public async Task Several_recipients_are_a_list_with_their_own_numbers_and_goods()
    {
        var seed = FutureshopRig.Seed();
        var code = _rig.Place(seed with { FurtherDestinations = [new SeedDestination(seed.Buyer, [new SeedLine("DEMO-02", "見本皿", "", 1, 1100, 10)])] });

        var detail = (await _rig.GetAsync($"orders/{code}")).Json;

        Assert.Equal([1, 2], detail.GetProperty("shipmentList").EnumerateArray().Select(s => s.GetProperty("shipmentNo").GetInt32()));
        Assert.Equal(["DEMO-01RD", "DEMO-02"], detail.GetProperty("shipmentList").EnumerateArray().Select(s => s.GetProperty("productList")[0].GetProperty("skuNo").GetString()));
        Assert.True(detail.GetProperty("multipleShipments").GetBoolean());
        Assert.Equal(5500 + 540, detail.GetProperty("grandTotal").GetInt32());
    }

    [Fact]
    public void The_order_file_has_a_row_a_line_item_oldest_order_first()
    {
        var later = _rig.Place(FutureshopRig.Seed(FutureshopRig.Noon.AddHours(-1)));
        var earlier = _rig.Place(FutureshopRig.Seed(FutureshopRig.Noon.AddHours(-2)) with { Lines = [new SeedLine("A", "甲", "", 1, 100, 10), new SeedLine("B", "乙\"", "", 1, 100, 8)] });

        var text = CodePagesEncodingProvider.Instance.GetEncoding(932)!.GetString(_rig.Simulator.DownloadOrders(FutureshopRig.Account));
        var rows = text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.StartsWith("受注番号,受注日時", rows[0], StringComparison.Ordinal);
        Assert.Equal([earlier, earlier, later], rows.Skip(1).Select(r => r.Split(',')[0]));
        Assert.Contains("乙\"\"", rows[2], StringComparison.Ordinal);
        Assert.Equal(2, CodePagesEncodingProvider.Instance.GetEncoding(932)!.GetString(_rig.Simulator.DownloadOrders(FutureshopRig.Account, new HashSet<string> { later })).Count(c => c == '\n'));
    }

    private async Task<(string?, string?)> StateAsync(string code, string field)
    {
        var order = (await _rig.GetAsync($"orders/{code}")).Json;
        return (order.GetProperty("status").GetString(), order.GetProperty(field).GetString());
    }

    private static bool Has(JsonElement order, string field) => order.TryGetProperty(field, out _);

    private static int Count(JsonElement order, string field) => order.EnumerateObject().Count(p => p.Name == field);
}
