using System.Text;
using Connectors.OrderFiles;
using Domain.Marketplaces;
using Domain.Orders;

namespace Tests.Connectors.OrderFiles;

public sealed class OrderFileReaderTests
{
    [Fact]
    public void A_row_becomes_an_order_with_its_line_recipient_and_raw_rows()
    {
        var reading = new Sheet().Row("A1", ("quantity", "2"), ("buyer-note", "玄関先に")).Read();

        var order = Assert.Single(reading.Orders);
        Assert.Empty(reading.Faults);
        Assert.Equal(("A1", 2), (order.Code.Value, Assert.Single(order.Lines)));
        Assert.Equal(new DateTimeOffset(2026, 11, 24, 1, 5, 0, TimeSpan.Zero), order.Content.PlacedAt);
        Assert.Equal(new OrderLine("1", "SKU-001", "見本茶", "", 2, new Yen(1_000), 0), Assert.Single(order.Content.Lines));
        Assert.Equal("東京都千代田区見本町1-2-3", order.Content.Recipient.Address);
        Assert.Equal((new Yen(2_000), new Yen(2_000)), (order.Content.Amounts.Items, order.Content.Amounts.Billed));
        Assert.Equal(("玄関先に", MarketplaceStanding.Ready, PaymentStanding.Secured), (order.Content.BuyerNote, order.Content.Standing, order.Content.Payment.Standing));
        Assert.NotNull(order.Content.FileVersion);
        Assert.Contains("玄関先に", Encoding.UTF8.GetString(order.Raw.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\r\n", false)]
    [InlineData("\n", false)]
    [InlineData("\r", false)]
    [InlineData("\r\n", true)]
    public void Line_ends_and_quotes_of_any_kind_are_the_same_file(string newLine, bool quoteAll)
    {
        var sheet = new Sheet().Row("A1", ("title", "茶,\"深蒸し\"")).Row("A1", ("sku", "SKU-002")).Row("B2");

        var reading = OrderFileReader.Read(sheet.Bytes(newLine: newLine, quoteAll: quoteAll), Sheet.Shape());

        Assert.Equal(["A1", "B2"], reading.Orders.Select(o => o.Code.Value));
        Assert.Equal("茶,\"深蒸し\"", reading.Orders[0].Content.Lines[0].Title);
        Assert.Equal(2, reading.Orders[0].Content.Lines.Length);
    }

    [Fact]
    public void A_mark_at_the_front_means_UTF_8_whatever_the_setting_says_also_where_files_were_joined()
    {
        var one = "\uFEFF" + new Sheet().Row("A1").Text();
        var two = "\uFEFF" + new Sheet().Row("B2").Text();

        var reading = Sheet.Read(one + "\r\n,,,,\r\n" + two, Sheet.Shape("shift_jis"));

        Assert.Equal(["A1", "B2"], reading.Orders.Select(o => o.Code.Value));
        Assert.Empty(reading.Faults);
    }

    [Fact]
    public void A_line_break_inside_quotes_belongs_to_the_note_and_moves_the_line_numbers_behind_it()
    {
        var reading = new Sheet().Row("A1", ("buyer-note", "一行目\n二行目")).Row("B2", ("quantity", "many")).Read();

        Assert.Equal("一行目\n二行目", Assert.Single(reading.Orders).Content.BuyerNote);
        Assert.Equal(new FileFault(4, "数量", FileFaultKind.NotACount, OrderCode.Parse("B2")), Assert.Single(reading.Faults));
    }

    [Fact]
    public void An_order_that_stands_twice_because_two_files_were_joined_has_its_lines_once()
    {
        var sheet = new Sheet().Row("A1").Row("A1", ("sku", "SKU-002")).Row("B2");

        var reading = Sheet.Read(sheet.Text() + sheet.Text());

        Assert.Equal([2, 1], reading.Orders.Select(o => o.Content.Lines.Length));
        Assert.Empty(reading.Faults);
    }

    [Fact]
    public void All_missing_columns_are_named_at_once_and_the_other_encoding_is_suggested_where_it_fits()
    {
        var sheet = new Sheet("title", "recipient-name").Row("A1");

        var refused = Assert.Throws<OrderFileRefusedException>(() => sheet.Read());
        Assert.Equal((OrderFileRefusal.MissingColumns, null), (refused.Why, refused.LooksLike));
        Assert.Equal(["注文番号", "注文日時", "商品コード", "数量", "ステータス"], refused.Names.OrderBy(n => Array.IndexOf(["注文番号", "注文日時", "商品コード", "数量", "ステータス"], n)));

        var other = Assert.Throws<OrderFileRefusedException>(() => OrderFileReader.Read(new Sheet().Row("A1").Bytes(), Sheet.Shape("shift_jis")));
        Assert.Equal("utf-8", other.LooksLike);
        var mangled = Assert.Throws<OrderFileRefusedException>(() => OrderFileReader.Read(new Sheet().Row("A1").Bytes(Sheet.Cp932), Sheet.Shape()));
        Assert.Equal((OrderFileRefusal.WrongEncoding, "shift_jis"), (mangled.Why, mangled.LooksLike));
    }

    [Fact]
    public void A_column_that_stands_twice_is_refused_where_a_field_takes_it_and_ignored_elsewhere()
    {
        var lines = new Sheet().Row("A1").Text().Split("\r\n");

        Assert.Single(Sheet.Read($"{lines[0]},メモ,メモ\r\n{lines[1]},a,b\r\n").Orders);
        var refused = Assert.Throws<OrderFileRefusedException>(() => Sheet.Read($"{lines[0]},数量\r\n{lines[1]},1\r\n"));
        Assert.Equal((OrderFileRefusal.DuplicateColumns, "数量"), (refused.Why, Assert.Single(refused.Names.Distinct())));
    }

    [Theory]
    [InlineData("", OrderFileRefusal.Empty)]
    [InlineData("\r\n\r\n", OrderFileRefusal.Empty)]
    [InlineData("PK\u0003\u0004xl/workbook.xml", OrderFileRefusal.Spreadsheet)]
    [InlineData("<!DOCTYPE html><title>ログイン</title>", OrderFileRefusal.NotCsv)]
    [InlineData("a\0,b\0", OrderFileRefusal.NotCsv)]
    [InlineData("\"a,b", OrderFileRefusal.NotCsv)]
    [InlineData("a,b\r\n1,2", OrderFileRefusal.MissingColumns)]
    public void What_is_no_order_file_is_refused_as_a_whole(string text, OrderFileRefusal why) =>
        Assert.Equal(why, Assert.Throws<OrderFileRefusedException>(() => Sheet.Read(text)).Why);

    [Fact]
    public void A_file_beyond_the_limits_is_refused()
    {
        Assert.Equal(OrderFileRefusal.TooLarge, Assert.Throws<OrderFileRefusedException>(() => OrderFileReader.Read(new byte[OrderFileShape.LargestFile + 1], Sheet.Shape())).Why);
        Assert.Equal(OrderFileRefusal.TooManyLines, Assert.Throws<OrderFileRefusedException>(() => Sheet.Read(new Sheet().Text() + new string('\n', OrderFileShape.MostLines))).Why);
        var large = new Sheet().Row("A1", ("buyer-note", new string('長', OrderFileShape.LongestOrder))).Row("B2").Read();
        Assert.Equal((FileFaultKind.TooLong, "B2"), (Assert.Single(large.Faults).Kind, Assert.Single(large.Orders).Code.Value));
    }

    [Theory]
    [InlineData("order-code", "1.23E+11", FileFaultKind.Mangled)]
    [InlineData("sku", "4.90123E+12", FileFaultKind.Mangled)]
    [InlineData("recipient-phone", "9.01235E+10", FileFaultKind.Mangled)]
    [InlineData("unit-price", "1.2E+3", FileFaultKind.Mangled)]
    [InlineData("sku", "", FileFaultKind.Missing)]
    [InlineData("placed-at", "", FileFaultKind.Missing)]
    [InlineData("placed-at", "24 Nov", FileFaultKind.NotATime)]
    [InlineData("placed-at", "1899/12/31 00:00", FileFaultKind.NotATime)]
    [InlineData("quantity", "", FileFaultKind.NotACount)]
    [InlineData("quantity", "-1", FileFaultKind.NotACount)]
    [InlineData("quantity", "1.5", FileFaultKind.NotACount)]
    [InlineData("unit-price", "無料", FileFaultKind.NotAnAmount)]
    [InlineData("unit-price", "1,23", FileFaultKind.NotAnAmount)]
    [InlineData("recipient-name", "見本\n花子", FileFaultKind.LineBreak)]
    [InlineData("recipient-street", "見本町\uFFFD番地", FileFaultKind.Undecodable)]
    public void A_cell_that_cannot_be_read_refuses_its_order_and_names_line_and_column_but_never_the_text(string field, string text, FileFaultKind kind)
    {
        var reading = new Sheet().Row("A1").Row("C3").Row("B2", (field, text)).Row("D4").Row("E5").Read();

        Assert.Contains(reading.Faults, f => f.Line == 4 && f.Column == Sheet.Headers[field] && f.Kind == kind);
        Assert.DoesNotContain(reading.Orders, o => o.Code.Value == "B2");
        Assert.Equal(["A1", "E5"], reading.Orders.Select(o => o.Code.Value).Where(c => c is "A1" or "E5"));
        Assert.Equal(field == "order-code" ? 2 : 4, reading.Orders.Length); // where the order cannot be told, the rows beside it may be its own
    }

    [Fact]
    public void A_row_whose_order_cannot_be_told_refuses_the_orders_beside_it_because_it_may_be_a_line_of_theirs()
    {
        var reading = new Sheet().Row("A1").Row("B2").Row("B2", ("order-code", "")).Row("C3").Row("D4").Read();

        Assert.Equal(["A1", "D4"], reading.Orders.Select(o => o.Code.Value));
        Assert.Equal(["B2", "C3"], reading.Faults.Where(f => f.Kind is FileFaultKind.BesideUnreadable).Select(f => f.Order!.Value));
        Assert.Equal(5, reading.Rows);
    }

    [Theory]
    [InlineData("１，２３４円", 1234)]
    [InlineData("1,234円", 1234)]
    [InlineData("¥1,234", 1234)]
    [InlineData("￥1234", 1234)]
    [InlineData(" 1234.00 ", 1234)]
    [InlineData("-500", -500)]
    [InlineData("−５００", -500)]
    [InlineData("", 0)]
    public void An_amount_is_read_as_people_write_it(string text, int amount)
    {
        var order = Assert.Single(new Sheet("order-code", "placed-at", "status", "sku", "quantity", "shipping-fee").Row("A1", ("shipping-fee", text)).Read().Orders);

        Assert.Equal(new Yen(amount), order.Content.Amounts.Shipping);
    }

    [Theory]
    [InlineData("2026/11/24 10:05")]
    [InlineData("2026/11/24 10:05:00")]
    [InlineData("2026/11/24  10:05", false)]
    [InlineData("２０２６/１１/２４ １０:０５")]
    [InlineData("2026-11-24T10:05:00+09:00")]
    [InlineData("20261124100500")]
    public void A_time_is_JST_in_any_of_the_usual_forms(string text, bool readable = true)
    {
        var reading = new Sheet().Row("A1", ("placed-at", text)).Read();

        Assert.Equal(readable, reading.Orders.Any(o => o.Content.PlacedAt == new DateTimeOffset(2026, 11, 24, 1, 5, 0, TimeSpan.Zero)));
    }

    [Theory]
    [InlineData("=\"00123\"", "00123")]
    [InlineData("'00123", "00123")]
    [InlineData("１２３－Ａ", "123-A")]
    [InlineData(" 123 ", "123")]
    public void A_code_loses_what_spreadsheets_and_full_width_typing_put_around_it(string text, string code) =>
        Assert.Equal(code, Assert.Single(new Sheet().Row("A1", ("order-code", text)).Read().Orders).Code.Value);

    [Fact]
    public void Rows_of_one_order_that_disagree_are_named_and_empty_cells_do_not_disagree()
    {
        var reading = new Sheet()
            .Row("A1").Row("A1", ("recipient-name", ""), ("payment", ""))
            .Row("B2").Row("B2", ("recipient-street", "別の町9"), ("payment", "銀行振込"))
            .Row("C3", ("line-id", "7")).Row("C3", ("line-id", "7"), ("sku", "SKU-002"))
            .Read();

        Assert.Equal("A1", Assert.Single(reading.Orders).Code.Value);
        Assert.Equal(
            [(5, "支払方法", FileFaultKind.Disagrees), (5, "送付先番地", FileFaultKind.Disagrees), (7, "明細番号", FileFaultKind.LineTwice)],
            reading.Faults.Select(f => (f.Line, f.Column, f.Kind)).Order());
    }

    [Fact]
    public void Several_destinations_each_have_their_recipient_and_their_lines()
    {
        var sheet = new Sheet("order-code", "placed-at", "status", "destination-id", "recipient-name", "recipient-prefecture", "line-id", "sku", "quantity", "requested-date", "time-slot", "noshi")
            .Row("A1", ("destination-id", "1"), ("requested-date", "2026/12/1"))
            .Row("A1", ("destination-id", "2"), ("recipient-name", "見本 次郎"), ("sku", "SKU-002"), ("noshi", "御歳暮"), ("time-slot", "指定なし"))
            .Row("A1", ("destination-id", "2"), ("recipient-name", "見本 次郎"), ("sku", "SKU-003"), ("noshi", "御歳暮"));

        var content = Assert.Single(sheet.Read().Orders).Content;

        Assert.Equal(["1", "2"], content.Destinations.Select(d => d.Id));
        Assert.Equal(["2", "3"], content.Destinations[1].LineIds);
        Assert.Equal(("見本 花子", new DateOnly(2026, 12, 1)), (content.Recipient.Name, content.RequestedDate));
        Assert.Equal(("見本 次郎", "御歳暮", ""), (content.Destinations[1].Recipient.Name, content.Destinations[1].Gift.Noshi, content.Destinations[1].TimeSlotText));
        Assert.Empty(Assert.Single(new Sheet().Row("B2").Row("B2").Read().Orders).Content.Destinations);
    }

    [Fact]
    public void A_status_that_nobody_listed_holds_the_order_by_its_name_and_a_line_keeps_the_status_of_its_row()
    {
        var reading = new Sheet()
            .Row("A1", ("status", "謎"))
            .Row("B2").Row("B2", ("status", "キャンセル"))
            .Row("C3", ("status", "発送済み"))
            .Row("D4", ("status", "入金待ち"))
            .Read();

        Assert.Equal(
            [MarketplaceStanding.InReview, MarketplaceStanding.Ready, MarketplaceStanding.Shipped, MarketplaceStanding.AwaitingPayment],
            reading.Orders.Select(o => o.Content.Standing));
        Assert.Equal(new Hold(HoldReason.UnknownStatus, "謎"), Assert.Single(reading.Orders[0].Content.MarketplaceHolds));
        Assert.Equal([LineStanding.Open, LineStanding.Cancelled], reading.Orders[1].Content.Lines.Select(l => l.Standing));
        Assert.Equal(LineStanding.Open, reading.Orders[2].Content.Lines[0].Standing);
        Assert.Equal(PaymentStanding.Unpaid, reading.Orders[3].Content.Payment.Standing);
    }

    [Theory]
    [InlineData("入金済み", PaymentStanding.Secured)]
    [InlineData("2026/11/24", PaymentStanding.Secured)]
    [InlineData("未入金", PaymentStanding.Unpaid)]
    [InlineData("", PaymentStanding.Unpaid)]
    [InlineData("たぶん", null)]
    public void Paid_is_what_says_so_and_a_word_that_says_neither_is_refused(string text, PaymentStanding? standing)
    {
        var reading = new Sheet("order-code", "placed-at", "status", "sku", "quantity", "paid").Row("A1", ("paid", text)).Read();

        Assert.Equal(standing, reading.Orders.Select(o => (PaymentStanding?)o.Content.Payment.Standing).FirstOrDefault());
        Assert.Equal(standing is null ? 1 : 0, reading.Faults.Length);
    }

    [Fact]
    public void A_store_names_its_own_columns_joins_several_and_misses_what_it_named()
    {
        var text = "No,注文日時,ステータス,姓,名,親番,枝番,数量,ご住所\r\nA1,2026/11/24 10:05,新規,見本,花子,SKU,001,1,東京都 千代田区見本町1-2\r\nB2,2026/11/24 10:05,新規,見本,,SKU,,1,千葉県見本市1\r\n";
        var shape = Sheet.Shape(own: [("order-code", "No"), ("recipient-name", "姓 + \" \" + 名"), ("sku", "品番 | 親番 + \":\" + 枝番"), ("recipient-address", "ご住所")]);

        var reading = Sheet.Read(text, shape);

        Assert.Equal([("見本 花子", "SKU:001"), ("見本", "SKU")], reading.Orders.Select(o => (o.Content.Recipient.Name, o.Content.Lines[0].Sku)));
        Assert.Equal([("東京都", "千代田区見本町1-2"), ("千葉県", "見本市1")], reading.Orders.Select(o => (o.Content.Recipient.Prefecture, o.Content.Recipient.Street)));
        var refused = Assert.Throws<OrderFileRefusedException>(() => new Sheet().Row("A1").Read(Sheet.Shape(own: [("noshi", "熨斗の種類")])));
        Assert.Equal("熨斗の種類", Assert.Single(refused.Names));
    }

    [Fact]
    public void Columns_that_nobody_takes_and_fields_without_a_column_are_told()
    {
        var lines = new Sheet().Row("A1").Text().Split("\r\n");

        var reading = Sheet.Read($"{lines[0]},社内メモ\r\n{lines[1]},x\r\n");

        Assert.Equal("社内メモ", Assert.Single(reading.Ignored));
        Assert.Contains("noshi", reading.Absent);
        Assert.DoesNotContain("sku", reading.Absent);
    }
}
