using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Connectors.Qoo10;
using Domain.Marketplaces;
using Domain.Orders;

namespace Tests.Connectors.Qoo10;

public sealed class Qoo10MapperTests
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void Rows_of_one_PackNo_are_one_order_whose_lines_are_order_numbers()
    {
        var page = Qoo10Mapper.ToPage(Rows("search-two-carts.json"));

        Assert.Empty(page.Strays);
        Assert.Equal(["900000001", "900000002"], page.Orders.Select(o => o.Code.Value));
        Assert.Equal(["1062428737", "1062428738"], Content(page.Orders[0]).Lines.Select(l => l.LineId));
    }

    [Theory]
    [InlineData(nameof(OrderSnapshot.PlacedAt), "2026-11-01T00:12:33.0000000+00:00")]
    [InlineData(nameof(OrderSnapshot.RawStatus), "On request(2) / Seller confirm(3)")]
    [InlineData("Buyer.Name", "山田太郎")]
    [InlineData("Buyer.Kana", "ヤマダタロウ")]
    [InlineData("Buyer.Phone", "090-0000-0000")]
    [InlineData("Buyer.Email", "buyer@example.com")]
    [InlineData("Recipient.Name", "鈴木花子")]
    [InlineData("Recipient.Kana", "スズキハナコ")]
    [InlineData("Recipient.PostalCode", "530-0001")]
    [InlineData("Recipient.Prefecture", "大阪府")]
    [InlineData("Recipient.Address", "大阪府大阪市北区梅田1-1-1 テストビル201")]
    [InlineData("Recipient.Phone", "090-0000-0001")]
    [InlineData("Lines[0].Sku", "sku-a-red-m")]
    [InlineData("Lines[1].Sku", "sku-b")]
    [InlineData("Lines[0].Title", "テスト商品")]
    [InlineData("Lines[0].Option", "カラー:赤 / サイズ:M(+100円)")]
    [InlineData("Lines[0].Quantity", "2")]
    [InlineData("Lines[0].UnitPrice", "1200")]
    [InlineData("Lines[1].UnitPrice", "800")]
    [InlineData("Amounts.Items", "3800")]
    [InlineData("Amounts.Discount", "600")]
    [InlineData("Amounts.Coupon", "100")]
    [InlineData("Amounts.Total", "3200")]
    [InlineData("Amounts.Billed", "3100")]
    [InlineData("Amounts.Reckoned", "3100")]
    [InlineData("Payment.MethodText", "PayPay")]
    [InlineData("Payment.Standing", "Secured")]
    [InlineData(nameof(OrderSnapshot.DeliveryText), "一般配送")]
    [InlineData(nameof(OrderSnapshot.BuyerNote), "不在時は宅配BOXへ")]
    [InlineData(nameof(OrderSnapshot.Standing), "Ready")]
    [InlineData(nameof(OrderSnapshot.MayOmitLines), "True")]
    public void Reads_a_field_of_the_recorded_cart(string field, string expected)
    {
        var content = Content(Qoo10Mapper.ToPage(Rows("search-two-carts.json")).Orders[0]);

        Assert.Equal(expected, Field(content, field));
    }

    [Fact]
    public void A_cart_of_which_all_lines_wait_for_payment_awaits_payment()
    {
        var unpaid = Content(Qoo10Mapper.ToPage(Rows("search-two-carts.json")).Orders[1]);

        Assert.Equal(MarketplaceStanding.AwaitingPayment, unpaid.Standing);
        Assert.Equal(PaymentStanding.Unpaid, unpaid.Payment.Standing);
        Assert.Equal(new DateOnly(2026, 11, 6), unpaid.RequestedDate);
        Assert.Equal("03-0000-0002", unpaid.Recipient.Phone);
        Assert.Equal(new Yen(1_700), unpaid.Amounts.Billed);
        Assert.Equal(unpaid.Amounts.Reckoned, unpaid.Amounts.Billed);
        Assert.Equal("1000000003", unpaid.Lines[0].Sku);
    }

    [Theory]
    [InlineData("Awaiting shipping(1)", MarketplaceStanding.AwaitingPayment)]
    [InlineData("On Waiting(1)", MarketplaceStanding.AwaitingPayment)]
    [InlineData("On request(2)", MarketplaceStanding.Ready)]
    [InlineData("Seller confirm(3)", MarketplaceStanding.Ready)]
    [InlineData("On delivery(4)", MarketplaceStanding.Shipped)]
    [InlineData("Delivery(4)", MarketplaceStanding.Shipped)]
    [InlineData("Delivered(5)", MarketplaceStanding.Completed)]
    [InlineData("Delivere(5)", MarketplaceStanding.Completed)]
    [InlineData("2", MarketplaceStanding.Ready)]
    public void The_number_in_brackets_is_the_status(string status, MarketplaceStanding expected)
    {
        Assert.Equal(expected, One(row => row["ShippingStatus"] = status).Standing);
    }

    [Theory]
    [InlineData("Lost in space(9)")]
    [InlineData("配送中")]
    public void A_status_that_we_do_not_know_holds_the_order(string status)
    {
        var hold = Assert.Single(One(row => row["ShippingStatus"] = status).MarketplaceHolds);

        Assert.Equal(new Hold(HoldReason.UnknownStatus, status), hold);
    }

    [Theory]
    [InlineData("1", LineStanding.CancelRequested, MarketplaceStanding.CancelRequested)]
    [InlineData("2", LineStanding.CancelRequested, MarketplaceStanding.CancelRequested)]
    [InlineData("3", LineStanding.Cancelled, MarketplaceStanding.Cancelled)]
    [InlineData("16", LineStanding.Cancelled, MarketplaceStanding.Cancelled)]
    [InlineData("キャンセル完了(3)", LineStanding.Cancelled, MarketplaceStanding.Cancelled)]
    [InlineData("5", LineStanding.Open, MarketplaceStanding.Ready)]
    [InlineData("", LineStanding.Open, MarketplaceStanding.Ready)]
    [InlineData("なにか", LineStanding.CancelRequested, MarketplaceStanding.CancelRequested)]
    public void A_claim_decides_over_the_status(string claim, LineStanding line, MarketplaceStanding standing)
    {
        var content = One(row => row["claimStatus"] = claim);

        Assert.Equal(line, content.Lines[0].Standing);
        Assert.Equal(standing, content.Standing);
    }

    [Theory]
    [InlineData("+81-90-0000-0000", "090-0000-0000")]
    [InlineData("+8190-0000-0000", "090-0000-0000")]
    [InlineData("+81 3-0000-0000", "03-0000-0000")]
    [InlineData("+81-090-0000-0000", "090-0000-0000")]
    [InlineData("090-0000-0000", "090-0000-0000")]
    [InlineData("+81-", "")]
    [InlineData("", "")]
    public void A_phone_loses_the_prefix_of_the_country(string sent, string expected)
    {
        Assert.Equal(expected, Qoo10Texts.Phone(sent));
    }

    [Theory]
    [InlineData("2026-11-01 09:12:33")]
    [InlineData("20261101091233")]
    [InlineData("2026/11/01 09:12:33")]
    public void Times_are_read_as_Japanese_wall_clock_in_every_form_that_was_seen(string sent)
    {
        Assert.Equal(new DateTimeOffset(2026, 11, 1, 0, 12, 33, TimeSpan.Zero), One(row => row["OrderDate"] = sent).PlacedAt);
    }

    [Theory]
    [InlineData("2026-11-06", "")]
    [InlineData("2026-11-06 00:00:00", "")]
    [InlineData("20261106", "")]
    [InlineData("2026/11/06 午前中", "午前中")]
    [InlineData("2026-11-06 14:00-16:00", "14:00-16:00")]
    public void The_requested_day_may_carry_a_slot(string sent, string slot)
    {
        var content = One(row => row["DesiredDeliveryDate"] = sent);

        Assert.Equal(new DateOnly(2026, 11, 6), content.RequestedDate);
        Assert.Equal(slot, content.TimeSlotText);
    }

    [Theory]
    [InlineData("OrderDate", "yesterday")]
    [InlineData("OrderDate", null)]
    [InlineData("OrderQty", "0")]
    [InlineData("OrderQty", "two")]
    [InlineData("OrderPrice", "1500円")]
    [InlineData("Total", null)]
    [InlineData("Discount", "unknown")]
    [InlineData("OrderNo", "")]
    [InlineData("Receiver", null)]
    [InlineData("ZipCode", null)]
    [InlineData("DesiredDeliveryDate", "soon enough")]
    public void A_cart_with_a_broken_field_is_unreadable_and_the_other_carts_arrive(string field, string? value)
    {
        var rows = Json("search-two-carts.json");
        if (value is null)
        {
            rows[0]!.AsObject().Remove(field);
        }
        else
        {
            rows[0]![field] = value;
        }

        var page = Qoo10Mapper.ToPage(Rows(rows));

        var broken = Assert.IsType<OrderReading.Unreadable>(page.Orders[0].Reading);
        Assert.Contains(field, broken.Expected, StringComparison.Ordinal);
        Assert.DoesNotContain("鈴木", broken.Expected, StringComparison.Ordinal);
        Assert.Contains("鈴木花子", Encoding.UTF8.GetString(broken.Raw.Span), StringComparison.Ordinal);
        Assert.IsType<OrderReading.Read>(page.Orders[1].Reading);
    }

    [Theory]
    [InlineData("")]
    [InlineData("カート 1")]
    [InlineData("0")]
    public void A_row_without_a_usable_cart_number_is_a_stray(string packNo)
    {
        var rows = Json("search-two-carts.json");
        rows[2]!["PackNo"] = packNo;

        var page = Qoo10Mapper.ToPage(Rows(rows));

        Assert.Single(page.Strays);
        Assert.Single(page.Orders);
    }

    [Fact]
    public void A_line_that_moved_between_two_answers_counts_once_as_what_came_last()
    {
        var later = Json("search-two-carts.json");
        later[0]!["ShippingStatus"] = "On delivery(4)";

        var cart = Qoo10Mapper.ToPage([.. Rows("search-two-carts.json"), Rows(later)[0]]).Orders[0];

        Assert.Equal([LineStanding.Shipped, LineStanding.Open], Content(cart).Lines.Select(l => l.Standing));
        Assert.Equal(MarketplaceStanding.Ready, Content(cart).Standing);
        Assert.Equal(["1062428737", "1062428738"], Qoo10Mapper.LinesOf(cart.Token));
    }

    [Fact]
    public void Rows_that_come_in_another_order_give_the_same_token_and_payload()
    {
        var rows = Rows("search-two-carts.json");

        var one = Qoo10Mapper.ToPage(rows).Orders.Single(o => o.Code.Value == "900000001");
        var other = Qoo10Mapper.ToPage(rows.Reverse()).Orders.Single(o => o.Code.Value == "900000001");

        Assert.Equal(one.Token, other.Token);
        Assert.True(((OrderReading.Read)one.Reading!).Raw.Span.SequenceEqual(((OrderReading.Read)other.Reading!).Raw.Span));
    }

    [Fact]
    public void The_token_follows_the_content_and_shows_nobody()
    {
        var moved = Json("search-two-carts.json");
        moved[0]!["ShippingAddress"] = "大阪府大阪市北区梅田9-9-9";

        var before = Qoo10Mapper.ToPage(Rows("search-two-carts.json")).Orders[0].Token;
        var after = Qoo10Mapper.ToPage(Rows(moved)).Orders[0].Token;

        Assert.NotEqual(before, after);
        Assert.StartsWith("1062428737:2,1062428738:3;", before, StringComparison.Ordinal);
        Assert.All(before, c => Assert.True(char.IsAscii(c)));
    }

    [Fact]
    public void A_total_that_does_not_follow_from_its_row_shows_as_a_difference()
    {
        var amounts = One(row => row["Total"] = 2300).Amounts;

        Assert.NotEqual(amounts.Reckoned, amounts.Billed);
    }

    [Fact]
    public void Two_addresses_in_one_cart_hold_it()
    {
        var rows = Json("search-two-carts.json");
        rows[1]!["ShippingAddress"] = "東京都千代田区千代田1-1";

        var hold = Assert.Single(Content(Qoo10Mapper.ToPage(Rows(rows)).Orders[0]).MarketplaceHolds);

        Assert.Equal(HoldReason.SeveralDestinations, hold.Reason);
    }

    [Fact]
    public void The_by_number_spelling_gives_the_same_cart()
    {
        var listed = Content(Qoo10Mapper.ToPage([Rows("search-two-carts.json")[0]]).Orders[0]);

        var read = Assert.IsType<OrderReading.Read>(Qoo10Mapper.ToReading(OrderCode.Parse("900000001"), Rows("by-number.json"))).Order;

        Assert.Equal(listed.Recipient, read.Recipient);
        Assert.Equal(listed.Buyer, read.Buyer);
        Assert.Equal(listed.Lines.AsEnumerable(), read.Lines);
        Assert.Equal(listed.Amounts, read.Amounts);
        Assert.Equal(listed.BuyerNote, read.BuyerNote);
        Assert.Equal("", read.DeliveryText); // the by-number answer has no 配送方法
    }

    [Fact]
    public void Claims_become_one_sign_a_cart_and_standing()
    {
        var page = Qoo10Mapper.ToSigns(Rows("claims.json"));

        var signs = page.Orders.Select(o => (OrderReading.Sign)o.Reading!).ToArray();
        Assert.Equal(
            ["900000001 CancelRequested 1062428737", "900000001 Cancelled 1062428738", "900000002 Cancelled 1062428740"],
            signs.Select(s => $"{s.Code} {s.Standing} {string.Join(' ', s.LineIds)}"));
        Assert.Equal(3, page.Orders.Select(o => o.Token).Distinct().Count());
        Assert.Empty(page.Strays);
    }

    [Fact]
    public void Claims_come_in_a_wrapper_too()
    {
        var sign = Assert.Single(Qoo10Mapper.ToSigns(Rows("claims-in-wrapper.json")).Orders);

        Assert.Equal(MarketplaceStanding.CancelRequested, ((OrderReading.Sign)sign.Reading!).Standing);
    }

    [Theory]
    [InlineData("claimStatus", "なにか")]
    [InlineData("claimStatus", "")]
    [InlineData("orderNo", "")]
    public void A_claim_that_cannot_be_read_is_a_stray_and_the_others_count(string field, string value)
    {
        var rows = Json("claims.json");
        rows[2]![field] = value;

        var page = Qoo10Mapper.ToSigns(Rows(rows));

        Assert.Single(page.Strays);
        Assert.Equal(2, page.Orders.Length);
    }

    [Fact]
    public void A_number_that_they_hold_is_reported_and_a_single_space_is_none()
    {
        var shipped = One(row =>
        {
            row["DeliveryCompany"] = "Sagawa";
            row["TrackingNo"] = "123456789012";
            row["ShippingDate"] = "2026-11-02 23:30:00";
        });

        Assert.Equal(new ReportedShipment("Sagawa", "123456789012", new DateOnly(2026, 11, 2)), shipped.Reported);
        Assert.Null(One(row => row["TrackingNo"] = " ").Reported);
    }

    private static OrderSnapshot Content(ListedOrder listed) => Assert.IsType<OrderReading.Read>(listed.Reading).Order;

    /// <summary>The first recorded row alone, changed.</summary>
    private static OrderSnapshot One(Action<JsonNode> change)
    {
        var row = Json("search-two-carts.json")[0]!.DeepClone();
        change(row);
        return Content(Assert.Single(Qoo10Mapper.ToPage(Rows(new JsonArray(row))).Orders));
    }

    private static JsonArray Json(string recording) =>
        JsonNode.Parse(ScriptedQoo10.Recording(recording))!["ResultObject"]!.AsArray();

    private static IReadOnlyList<Qoo10Row> Rows(string recording) =>
        Qoo10Answer.Parse(Encoding.UTF8.GetBytes(ScriptedQoo10.Recording(recording)), "test").Rows!;

    private static IReadOnlyList<Qoo10Row> Rows(JsonArray rows) =>
        Qoo10Answer.Parse(Encoding.UTF8.GetBytes($$"""{"ResultObject":{{rows.ToJsonString(Plain)}},"ResultCode":0}"""), "test").Rows!;

    /// <summary>The value at a path such as <c>Lines[0].Sku</c>, as text.</summary>
    private static string Field(object content, string path)
    {
        var value = content;
        foreach (var part in path.Split('.'))
        {
            var name = part.Split('[')[0];
            value = value!.GetType().GetProperty(name)!.GetValue(value);
            if (part.EndsWith(']'))
            {
                value = ((IEnumerable<OrderLine>)value!).ElementAt(part[^2] - '0');
            }
        }

        return value switch
        {
            DateTimeOffset time => time.ToString("o", System.Globalization.CultureInfo.InvariantCulture),
            _ => value!.ToString()!,
        };
    }
}
