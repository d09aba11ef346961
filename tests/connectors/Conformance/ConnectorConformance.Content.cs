using System.Globalization;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Stores;
using Sandbox.Core;

namespace Tests.Connectors.Conformance;

public abstract partial class ConnectorConformance
{
    /// <summary>Texts that a conversion would spoil: variant and supplementary characters, full and half width, the families of dashes and tildes, compatibility forms.</summary>
    private const string Rare = "髙﨑𠮷𩸽葛󠄀〜～−－‐ー０１２Ａｂｶﾅ㈱①Ⅳ";

    [Fact]
    [Check(Need.WholeOrders)]
    public async Task Every_field_that_a_shop_needs_arrives()
    {
        var slot = _rig.Manifest.Mappings.TimeSlots.Keys.Order(StringComparer.Ordinal).FirstOrDefault();
        var seed = Canary.Order(Noon.AddHours(-1)) with
        {
            Lines = [new SeedLine("ABC-001", "見本シャツ", "カラー:赤", 2, 1650, 10), new SeedLine("TEA-50", "見本茶", "", 1, 1080, 8)],
            ShippingFee = 550,
            Coupon = 100,
            Points = 30,
            RequestedDate = new DateOnly(2026, 11, 28),
            TimeSlotText = slot,
            Noshi = "御祝",
            GiftWrap = true,
            Chilled = true,
        };
        _rig.Simulator.Place(Rig.Account, seed);

        var order = await _rig.OnlyOrderAsync();

        var wrong = new List<string>();
        var untold = tested.ToldOtherwise.Keys.ToHashSet(StringComparer.Ordinal);
        foreach (var (field, expected, found) in Fields(seed, order, slot ?? ""))
        {
            if (untold.Remove(field))
            {
                Assert.True(expected != found, $"{field} arrives as it was placed: it is no longer told otherwise");
                TestContext.Current.TestOutputHelper?.WriteLine($"{_rig.Manifest.Code} {field}: {tested.ToldOtherwise[field]}");
                continue;
            }

            if (expected != found)
            {
                wrong.Add($"{field}: placed \"{expected}\", read \"{found}\"");
            }
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
        Assert.Empty(untold);
        Assert.Equal(order.Amounts.Billed, order.Amounts.Reckoned);
    }

    /// <remarks>The same sixty in every run.</remarks>
    [Fact]
    [Check(Need.WholeOrders)]
    public async Task Generated_orders_arrive_as_they_were_placed()
    {
        var placed = Enumerable.Range(0, 60).Select(i => Generated(new Random(i), Noon.AddMinutes(-20 - i))).ToDictionary(seed => _rig.Simulator.Place(Rig.Account, seed), StringComparer.Ordinal);

        var (readings, strays) = await _rig.ReadAsync(_rig.OrderLanes.First());

        Assert.Empty(strays);
        Assert.Equal(placed.Keys.Order(StringComparer.Ordinal), readings.Select(r => r.Code.Value).Order(StringComparer.Ordinal));
        foreach (var order in readings.Select(r => Assert.IsType<OrderReading.Read>(r).Order))
        {
            var wrong = Fields(placed[order.Code.Value], order, "").Where(f => f.Expected != f.Found && !tested.ToldOtherwise.ContainsKey(f.Field)).ToList();
            Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
            Assert.Equal(order.Amounts.Billed, order.Amounts.Reckoned);
        }
    }

    [Fact]
    [Check(Need.WholeOrders)]
    public async Task Rare_characters_arrive_as_they_were_written()
    {
        var order = await OnlyAsync(seed => seed with
        {
            Recipient = seed.Recipient with { LastName = Rare, Street = "見本町" + Rare, Building = Rare },
            Lines = [new SeedLine("ABC-001", "見本" + Rare, "", 1, 1000, 10)],
            BuyerNote = "備考" + Rare,
        });

        Assert.StartsWith(Rare, order.Recipient.Name, StringComparison.Ordinal);
        Assert.Contains("見本町" + Rare, order.Recipient.Address, StringComparison.Ordinal);
        Assert.Equal("見本" + Rare, order.Lines[0].Title);
        Assert.Equal(tested.ToldOtherwise.ContainsKey("buyer-note") ? "" : "備考" + Rare, order.BuyerNote);
    }

    [Fact]
    [Check]
    public async Task The_payload_is_kept_untouched()
    {
        var code = _rig.Place(Noon.AddHours(-1));

        var reading = Assert.IsType<OrderReading.Read>(Assert.Single((await _rig.ReadAsync(_rig.OrderLanes.First())).Readings));

        var raw = System.Text.Encoding.UTF8.GetString(reading.Raw.Span);
        Assert.Contains(code, raw, StringComparison.Ordinal);
        Assert.Contains("ABC-001", raw, StringComparison.Ordinal);
    }

    [Fact]
    [Check(Need.WholeOrders)]
    public async Task An_unpaid_order_waits_and_may_ship_once_it_is_paid()
    {
        var code = _rig.Place(Noon.AddHours(-1), seed => seed with { Paid = false });
        var before = await StandsReadyAsync(code);

        _rig.Simulator.Pay(Rig.Account, code);

        Assert.False(before);
        Assert.True(await StandsReadyAsync(code));
    }

    [Fact]
    [Check(Need.SeveralRecipients)]
    public async Task An_order_with_several_recipients_names_each_with_its_lines()
    {
        var order = await OnlyAsync(SeveralRecipients);

        Assert.Equal(2, order.Destinations.Length);
        Assert.Equal(order.Recipient, order.Destinations[0].Recipient);
        Assert.Equal(2, order.Destinations.Select(d => d.Id).Distinct().Count());
        Assert.Contains("小枝町3-3", order.Destinations[1].Recipient.Address, StringComparison.Ordinal);
        Assert.Equal(order.Lines.Select(l => l.LineId).Order(), order.Destinations.SelectMany(d => d.LineIds).Order());
        Assert.Equal(["MUG-7"], order.Lines.Where(l => order.Destinations[1].LineIds.Contains(l.LineId)).Select(l => l.Sku));
    }

    [Fact]
    [Check]
    public void A_seed_that_the_marketplace_cannot_have_is_refused()
    {
        if (tested.NoReview is not null)
        {
            Assert.Throws<ArgumentException>(() => _rig.Place(Noon.AddHours(-1), seed => seed with { InReview = true }));
        }

        if (tested.NoSeveralRecipients is not null)
        {
            Assert.Throws<ArgumentException>(() => _rig.Place(Noon.AddHours(-1), SeveralRecipients));
        }

        Assert.Empty(_rig.Simulator.Served(Rig.Account));
    }

    private static SeedOrder SeveralRecipients(SeedOrder seed) => seed with
    {
        FurtherDestinations =
        [
            new SeedDestination(
                new SeedPerson("鵯", "夏彦", "ヒヨドリ", "ナツヒコ", "060-0001", "北海道", "札幌市中央区", "小枝町3-3", "", "011-000-7303", "canary-second@example.invalid"),
                [new SeedLine("MUG-7", "見本マグ", "", 1, 2200, 10)]),
        ],
    };

    private static SeedOrder Generated(Random dice, DateTimeOffset at)
    {
        // The first six have no sign by which a seed's option is parted into several.
        string[] words = ["髙﨑", "𠮷子", "見本", "ｶﾅ", "カナ", "O'Neil", "<&>\"", "東", "ａｂｃ", "一丁目1-2", "e\u0301", "〜−"];
        (string Prefecture, string City)[] places = [("東京都", "千代田区"), ("北海道", "札幌市中央区"), ("京都府", "京都市中京区"), ("神奈川県", "横浜市西区")];
        string Word() => words[dice.Next(words.Length)];
        SeedPerson Person()
        {
            var place = places[dice.Next(places.Length)];
            var number = dice.Next(10_000);
            return new SeedPerson(Word(), Word(), "ミホン", "タロウ", $"100-{number:D4}", place.Prefecture, place.City, Word(), dice.Next(2) == 0 ? "" : Word(), $"090-0000-{number:D4}", $"p{number}@example.invalid");
        }

        var lines = Enumerable.Range(1, dice.Next(1, 5)).Select(i => new SeedLine(
            $"SKU-{i}{dice.Next(1000)}", "商品" + Word(), dice.Next(2) == 0 ? "" : "色:" + words[dice.Next(6)], dice.Next(1, 100), dice.Next(500, 100_000), dice.Next(2) == 0 ? 8 : 10)).ToArray();
        return new SeedOrder
        {
            PlacedAt = at,
            Buyer = Person(),
            Recipient = Person(),
            Lines = lines,
            CartSize = lines.Length,
            ShippingFee = dice.Next(0, 1500),
            Coupon = dice.Next(0, 200),
            Points = dice.Next(0, 200),
            BuyerNote = dice.Next(2) == 0 ? null : "備考" + Word(),
            RequestedDate = dice.Next(2) == 0 ? null : new DateOnly(2026, 11, 24).AddDays(dice.Next(10)),
            GiftWrap = dice.Next(3) == 0,
        };
    }

    private async Task<OrderSnapshot> OnlyAsync(Func<SeedOrder, SeedOrder> change)
    {
        _rig.Place(Noon.AddHours(-1), change);
        return await _rig.OnlyOrderAsync();
    }

    /// <summary>Whether any reading of the order lets it ship as far as the marketplace and its payment are concerned.</summary>
    private async Task<bool> StandsReadyAsync(string code)
    {
        foreach (var lane in _rig.OrderLanes)
        {
            foreach (var reading in (await _rig.ReadAsync(lane)).Readings.OfType<OrderReading.Read>().Where(r => r.Code.Value == code))
            {
                if (reading.Order is { Standing: MarketplaceStanding.Ready, Payment.Standing: not PaymentStanding.Unpaid })
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Every field by its name, as placed and as read, in one way of writing.</summary>
    private static IEnumerable<(string Field, string Expected, string Found)> Fields(SeedOrder seed, OrderSnapshot order, string slot)
    {
        static string Plain(string text) => text.Replace(" ", "", StringComparison.Ordinal).Replace("　", "", StringComparison.Ordinal);
        static string Digits(string text) => string.Concat(text.Where(char.IsAsciiDigit));
        static string All<T>(IEnumerable<T> values) => string.Join(" | ", values);
        foreach (var (who, person, party) in new[] { ("buyer", seed.Buyer, order.Buyer), ("recipient", seed.Recipient, order.Recipient) })
        {
            yield return ($"{who}-name", person.LastName + person.FirstName, Plain(party.Name));
            yield return ($"{who}-kana", person.LastKana + person.FirstKana, Plain(party.Kana));
            yield return ($"{who}-postal-code", Digits(person.PostalCode), Digits(party.PostalCode));
            yield return ($"{who}-prefecture", person.Prefecture, party.Prefecture);
            yield return ($"{who}-address", person.Prefecture + person.City + person.Street + person.Building, Plain(party.Address));
            yield return ($"{who}-phone", Digits(person.Phone), Digits(party.Phone));
        }

        yield return ("buyer-email", seed.Buyer.Email, order.Buyer.Email);
        yield return ("line-sku", All(seed.Lines.Select(l => l.Sku)), All(order.Lines.Select(l => l.Sku)));
        yield return ("line-title", All(seed.Lines.Select(l => l.Title)), All(order.Lines.Select(l => l.Title)));
        yield return ("line-option", All(seed.Lines.Select(l => l.Option)), All(order.Lines.Select(l => l.Option)));
        yield return ("line-quantity", All(seed.Lines.Select(l => l.Quantity)), All(order.Lines.Select(l => l.Quantity)));
        yield return ("line-price", All(seed.Lines.Select(l => l.UnitPrice.ToString("0", CultureInfo.InvariantCulture))), All(order.Lines.Select(l => l.UnitPrice.Amount.ToString("0", CultureInfo.InvariantCulture))));
        yield return ("line-tax-rate", All(seed.Lines.Select(l => l.TaxRate)), All(order.Lines.Select(l => l.TaxRate)));
        yield return ("shipping-fee", seed.ShippingFee.ToString("0", CultureInfo.InvariantCulture), order.Amounts.Shipping.Amount.ToString("0", CultureInfo.InvariantCulture));
        yield return ("coupon", seed.Coupon.ToString("0", CultureInfo.InvariantCulture), order.Amounts.Coupon.Amount.ToString("0", CultureInfo.InvariantCulture));
        yield return ("points", seed.Points.ToString("0", CultureInfo.InvariantCulture), order.Amounts.Points.Amount.ToString("0", CultureInfo.InvariantCulture));
        yield return ("payment-method", "told", order.Payment.MethodText.Length > 0 ? "told" : "");
        yield return ("delivery-method", "told", order.DeliveryText.Length > 0 ? "told" : "");
        yield return ("requested-date", $"{seed.RequestedDate:yyyy-MM-dd}", $"{order.RequestedDate:yyyy-MM-dd}");
        yield return ("time-slot", slot, order.TimeSlotText);
        yield return ("gift-wrap", seed.GiftWrap ? "told" : "", order.Gift.Gift || order.Gift.Wrapping.Length > 0 ? "told" : "");
        yield return ("noshi", seed.Noshi ?? "", order.Gift.Noshi.StartsWith("御祝", StringComparison.Ordinal) ? "御祝" : order.Gift.Noshi); // the name on it may follow
        yield return ("buyer-note", seed.BuyerNote ?? "", order.BuyerNote);
        yield return ("temperature", $"{(seed.Chilled ? Temperature.Chilled : Temperature.Normal)}", $"{order.Temperature}");
    }
}
