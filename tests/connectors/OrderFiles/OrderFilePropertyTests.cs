using System.Globalization;
using System.Text;
using Connectors.OrderFiles;
using CsCheck;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Time;

namespace Tests.Connectors.OrderFiles;

/// <summary>Whatever is written comes back, and whatever is damaged is told.</summary>
public sealed class OrderFilePropertyTests
{
    private static readonly string[] Words = ["見本", "花子", "髙橋", "﨑", "町1-2", "ビル 3F", "〜", "a,b", "\"q\"", "x\ny", "1,000", "ｶﾅ", "=A1", "+81"];

    private static readonly Gen<string> Text = Gen.OneOf(Words).Array[0, 3].Select(parts => string.Concat(parts).Trim());

    private static readonly Gen<string> Line = Text.Select(t => t.Replace("\n", "", StringComparison.Ordinal).Trim());

    private static readonly Gen<OrderLine> Lines = Gen.Select(
        Gen.OneOf("SKU-1", "sku_2", "品番３"), Text, Text, Gen.Int[1, 99], Gen.Int[0, 99_999], Gen.OneOf(0, 8, 10),
        (sku, title, option, quantity, price, rate) => new OrderLine("", sku, title, option, quantity, new Yen(price), rate));

    private static readonly Gen<Party> Person = Gen.Select(Line, Line, Line, Line).Select((name, city, street, building) =>
        new Party(name, "", "100-0000", "東京都", city, street, building, "03-0000-0000", "buyer@example.invalid"));

    private static readonly Gen<OrderSnapshot> Order = Gen.Select(
        Gen.Int[0, 60 * 24 * 300], Person, Person, Lines.Array[1, 4], Gen.Int[0, 2_000].Array[6], Gen.OneOf([.. Sheet.Statuses.Keys]), Line, Text).Select(
        (minutes, buyer, recipient, lines, amounts, status, payment, note) =>
        {
            var items = new Yen(lines.Sum(l => l.UnitPrice.Amount * l.Quantity));
            return new OrderSnapshot
            {
                Code = OrderCode.Parse("0"),
                PlacedAt = Jst.FromWallClock(new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Unspecified).AddMinutes(minutes)),
                Standing = Sheet.Statuses[status],
                RawStatus = status,
                Buyer = buyer,
                Recipient = recipient with { Email = "" },
                Lines = [.. lines.Select((l, i) => l with { LineId = (i + 1).ToString(CultureInfo.InvariantCulture) })],
                Amounts = new OrderAmounts(items, new Yen(amounts[0]), new Yen(amounts[1]), new Yen(amounts[2]), new Yen(amounts[3]), new Yen(amounts[4]), new Yen(amounts[5]), new Yen(9_999), new Yen(amounts[0] + 77)),
                Payment = new Payment(payment, Sheet.Statuses[status] is MarketplaceStanding.AwaitingPayment ? PaymentStanding.Unpaid : PaymentStanding.Secured),
                DeliveryText = "宅配便",
                RequestedDate = minutes % 2 == 0 ? new DateOnly(2026, 12, 1 + (minutes % 28)) : null,
                TimeSlotText = minutes % 3 == 0 ? "午前中" : "",
                BuyerNote = note,
                Gift = minutes % 5 == 0 ? new GiftRequest(true, "包装紙A", "御歳暮（見本）", "おめでとう") : GiftRequest.None,
            };
        });

    [Fact]
    public void Any_orders_that_are_written_as_a_file_are_read_as_they_were() =>
        Gen.Select(Order.Array[1, 6], Gen.Bool, Gen.OneOf("\n", "\r\n")).Sample(
            (orders, quoteAll, newLine) =>
            {
                var sheet = new Sheet([.. Sheet.Headers.Keys.Where(f => f is not ("destination-id" or "paid" or "gift"))]);
                foreach (var (i, order) in orders.Select((order, i) => (i, order)))
                {
                    Write(sheet, $"A{i}", order);
                }

                var reading = OrderFileReader.Read(sheet.Bytes(newLine: newLine, quoteAll: quoteAll), Sheet.Shape());

                Assert.Empty(reading.Faults);
                Assert.Equal(
                    orders.Select((o, i) => Told(o with { Code = OrderCode.Parse($"A{i}") })),
                    reading.Orders.Select(o => Told(o.Content)));
            },
            iter: 200, threads: 1);

    [Fact]
    public void A_damaged_file_is_refused_as_a_whole_or_accounts_for_every_row_and_costs_no_order_but_those_beside_the_damage()
    {
        const int Orders = 30;
        var sheet = new Sheet();
        for (var i = 0; i < Orders; i++)
        {
            sheet.Row($"A{i:D2}", ("buyer-note", i % 7 == 0 ? "急ぎ, \"至急\"" : "")).Row($"A{i:D2}", ("sku", "SKU-002"));
        }

        foreach (var (encoding, seed) in Enumerable.Range(0, 500).Select(s => (s % 2 == 0 ? "utf-8" : "shift_jis", s)))
        {
            var dice = new Random(seed);
            var whole = sheet.Bytes(encoding == "utf-8" ? null : Sheet.Cp932, quoteAll: seed % 3 == 0);
            var header = Array.IndexOf(whole, (byte)'\n') + 1;
            var place = dice.Next(header, whole.Length);
            byte[] damaged = dice.Next(3) switch
            {
                0 => [.. whole[..place], .. whole[(place + 1)..]],
                1 => [.. whole[..place], (byte)"\",\n\r 0\u007F"[dice.Next(7)], .. whole[place..]],
                _ => [.. whole[..place], (byte)dice.Next(1, 256), .. whole[(place + 1)..]],
            };
            OrderFileReading reading;
            try
            {
                reading = OrderFileReader.Read(damaged, Sheet.Shape(encoding));
            }
            catch (OrderFileRefusedException refused)
            {
                Assert.Fail($"seed {seed}: one byte refuses the file: {refused.Why}");
                continue;
            }

            var hit = whole[header..place].Count(b => b == (byte)'\n') / 2; // the order in which the damage lies
            var told = reading.Orders.ToDictionary(o => o.Code.Value, o => o.Content.Lines.Length);
            var faulty = reading.Refused.Select(c => c.Value).ToHashSet(StringComparer.Ordinal);
            for (var i = 0; i < Orders; i++)
            {
                var code = $"A{i:D2}";
                if (Math.Abs(i - hit) > 1)
                {
                    Assert.True(told.GetValueOrDefault(code) == 2, $"seed {seed}: {code} is lost though the damage is at A{hit:D2}");
                }
                else
                {
                    Assert.True(told.ContainsKey(code) || faulty.Contains(code) || reading.Faults.Length > 0 || told.Keys.Any(k => !k.StartsWith('A') || k.Length != 3 || told.Count == Orders), $"seed {seed}: nothing is said of {code}");
                }
            }

            Assert.Equal(reading.Rows, reading.Orders.Sum(o => o.Lines.Length) + RowsOfRefused(reading));
            Assert.All(reading.Faults, f => Assert.DoesNotContain("花子", $"{f.Column} {f.Order}", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Any_bytes_at_all_are_refused_or_read_and_throw_nothing_else() =>
        Gen.Select(Gen.Byte.Array[0, 400], Gen.Bool).Sample(
            (bytes, utf8) =>
            {
                var header = Encoding.ASCII.GetBytes("code,at,sku,n\n");
                var shape = Sheet.Shape(utf8 ? "utf-8" : "shift_jis", statuses: false, ("order-code", "code"), ("placed-at", "at"), ("sku", "sku"), ("quantity", "n"));
                try
                {
                    OrderFileReader.Read((byte[])[.. header, .. bytes], shape);
                    OrderFileReader.Read(bytes, shape);
                }
                catch (OrderFileRefusedException)
                {
                    // Declared.
                }
            },
            iter: 1_000, threads: 1);

    /// <summary>Rows of the file that stand in no order: each must lie in an order that a fault refuses, or have a fault of its own.</summary>
    private static int RowsOfRefused(OrderFileReading reading)
    {
        var left = reading.Rows - reading.Orders.Sum(o => o.Lines.Length);
        Assert.True(left == 0 || reading.Faults.Length > 0, $"{left} rows vanish without a word");
        return left;
    }

    private static void Write(Sheet sheet, string code, OrderSnapshot order)
    {
        foreach (var line in order.Lines)
        {
            sheet.Row(
                code,
                ("placed-at", Jst.In(order.PlacedAt).ToString("yyyy/M/d H:mm", CultureInfo.InvariantCulture)), ("status", order.RawStatus),
                ("buyer-name", order.Buyer.Name), ("buyer-postal-code", order.Buyer.PostalCode), ("buyer-prefecture", order.Buyer.Prefecture), ("buyer-city", order.Buyer.City),
                ("buyer-street", order.Buyer.Street), ("buyer-building", order.Buyer.Building), ("buyer-phone", order.Buyer.Phone), ("buyer-email", order.Buyer.Email),
                ("recipient-name", order.Recipient.Name), ("recipient-city", order.Recipient.City), ("recipient-street", order.Recipient.Street), ("recipient-building", order.Recipient.Building),
                ("line-id", line.LineId), ("sku", line.Sku), ("title", line.Title), ("option", line.Option), ("quantity", line.Quantity.ToString(CultureInfo.InvariantCulture)),
                ("unit-price", $"{line.UnitPrice.Amount:N0}円"), ("tax-rate", $"{line.TaxRate}%"),
                ("items", $"{order.Amounts.Items}"), ("shipping-fee", $"{order.Amounts.Shipping}"), ("payment-fee", $"{order.Amounts.Fee}"), ("wrapping-fee", $"{order.Amounts.Wrapping}"),
                ("discount", $"{order.Amounts.Discount}"), ("coupon", $"{order.Amounts.Coupon}"), ("points", $"{order.Amounts.Points}"), ("total", $"{order.Amounts.Total}"), ("billed", $"{order.Amounts.Billed}"),
                ("payment", order.Payment.MethodText), ("requested-date", order.RequestedDate?.ToString("yyyy/MM/dd", CultureInfo.InvariantCulture) ?? ""), ("time-slot", order.TimeSlotText),
                ("wrapping", order.Gift.Wrapping), ("noshi", order.Gift.Noshi), ("gift-message", order.Gift.Message), ("buyer-note", order.BuyerNote));
        }
    }

    /// <summary>All of an order as text, since arrays compare by reference.</summary>
    private static string Told(OrderSnapshot order) => string.Join(
        '|',
        order.Code, order.PlacedAt.ToString("O", CultureInfo.InvariantCulture), order.Standing, order.RawStatus, order.Buyer, order.Recipient, string.Join(';', order.Lines), order.Amounts, order.Payment,
        order.DeliveryText, order.RequestedDate?.ToString("O", CultureInfo.InvariantCulture), order.TimeSlotText, order.Gift, order.BuyerNote, order.Destinations.Length, order.Incomplete);
}
