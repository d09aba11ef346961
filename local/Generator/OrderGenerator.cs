using System.Globalization;
using Domain.Time;
using Sandbox.Core;

namespace Local.Generator;

/// <summary>Invents orders: the same count, seed and time always give the same orders. The shares hold for each marketplace, exactly, by largest remainder.</summary>
/// <remarks>Shares of a marketplace's orders: 10 % in same-recipient pairs or triples, 3 % that look alike and must not match, 30 % with several lines, 5 % unpaid
/// (half of them paid later), 3 % cancelled before and 1 % after release, 2 % with a note, 1 % with an unmapped text, 0.5 % malformed, 2 % with variant and
/// supplementary characters, and where the marketplace has them 2 % gifts, 2 % paid after delivery, 1 % with several recipients; where the API brings only part of an order, 2 % that the
/// marketplace ships itself, and four of five of those that shall ship stand in the order file. Times lie within the last six hours. All people are invented.</remarks>
public sealed class OrderGenerator(int seed, DateTimeOffset now)
{
    public static readonly IReadOnlyList<MarketplaceWords> Marketplaces =
    [
        new("au-pay-market", "銀行振込", "未知の決済", "未知の配送方法", HasReview: true, HasCarts: false, HasGiftWrap: true, HidesYoungOrders: false) { MethodAfterDelivery = "代金引換" },
        new("futureshop", "BANK_TRANSFER", "未知の決済", "未知の配送方法", HasReview: true, HasCarts: false, HasGiftWrap: true, HidesYoungOrders: false) { MethodAfterDelivery = "COD", SeveralRecipients = OrderPlan.Shipped },
        new("makeshop", "B", "未知の決済", "未知の配送方法", HasReview: false, HasCarts: false, HasGiftWrap: false, HidesYoungOrders: false) { MethodAfterDelivery = "N", SeveralRecipients = "several-destinations" },
        new("qoo10", null, "未知の決済", "未知の配送方法", HasReview: false, HasCarts: true, HasGiftWrap: false, HidesYoungOrders: false),
        new("shop-serve", "銀行振込", "未知の決済", null, HasReview: false, HasCarts: false, HasGiftWrap: true, HidesYoungOrders: false) { MethodAfterDelivery = "後払い", SeveralRecipients = "several-destinations" },
        new("shoplist", null, null, null, HasReview: false, HasCarts: false, HasGiftWrap: false, HidesYoungOrders: false) { IsPartial = true },
        new("yahoo-shopping", null, null, "未知の配送方法", HasReview: true, HasCarts: false, HasGiftWrap: true, HidesYoungOrders: true) { MethodAfterDelivery = "代金引換" },
    ];

    private static readonly TimeSpan Span = TimeSpan.FromHours(6);

    private readonly Random _random = new(seed);
    private int _people;

    /// <param name="orders">In all; shared evenly among the marketplaces.</param>
    public IReadOnlyList<OrderPlan> Generate(int orders)
    {
        var plans = new List<OrderPlan>(orders);
        for (var i = 0; i < Marketplaces.Count; i++)
        {
            var share = (orders / Marketplaces.Count) + (i < orders % Marketplaces.Count ? 1 : 0);
            plans.AddRange(Generate(Marketplaces[i], share));
        }

        return plans;
    }

    private List<OrderPlan> Generate(MarketplaceWords words, int count)
    {
        int Share(double of) => (int)Math.Round(count * of, MidpointRounding.AwayFromZero);
        var plans = new List<OrderPlan>(count);
        AddGroups(plans, words, Share(0.10));
        AddLookAlikes(plans, words, Share(0.03), count);
        var unpaid = Share(0.05);
        Add(plans, words, unpaid / 2, OrderPlan.Shipped, OrderEvent.PaidLater, s => Unpaid(s, words));
        Add(plans, words, unpaid - (unpaid / 2), OrderPlan.Unpaid, OrderEvent.None, s => Unpaid(s, words));
        Add(plans, words, Share(0.03), OrderPlan.Cancelled, OrderEvent.CancelledBefore, s => s);
        Add(plans, words, Share(0.01), OrderPlan.Cancelled, OrderEvent.CancelledAfter, s => s);
        Add(plans, words, Share(0.02), "buyer-note", OrderEvent.None, s => s with { BuyerNote = "インターホンを鳴らしてください" });
        var unmapped = Share(0.01);
        var payments = words.UnmappedPayment is null ? 0 : words.UnmappedDelivery is null ? unmapped : unmapped / 2;
        Add(plans, words, payments, "unmapped-payment", OrderEvent.None, s => s with { PaymentText = words.UnmappedPayment });
        Add(plans, words, unmapped - payments, "unmapped-delivery-method", OrderEvent.None, s => s with { DeliveryText = words.UnmappedDelivery });
        string[] breaks = ["date", "amount", "missing"];
        var broken = 0;
        Add(plans, words, Share(0.005), OrderPlan.Unreadable, OrderEvent.None, s => s with { Malformed = breaks[broken++ % breaks.Length] });
        if (words.HasGiftWrap)
        {
            Add(plans, words, Share(0.02), OrderPlan.Shipped, OrderEvent.None, s => s with { GiftWrap = true, Noshi = "御祝" });
        }

        if (words.MethodAfterDelivery is { } method)
        {
            Add(plans, words, Share(0.02), OrderPlan.Shipped, OrderEvent.None, s => s with { PaymentText = method });
        }

        if (words.SeveralRecipients is { } outcome)
        {
            Add(plans, words, Share(0.01), outcome, OrderEvent.None, s => s with { FurtherDestinations = [new SeedDestination(NewPerson(), [Line(1)])] });
        }

        if (words.HidesYoungOrders)
        {
            Add(plans, words, Math.Max(1, Share(0.02)), OrderPlan.Shipped, OrderEvent.VisibleLater, s => s with { PlacedAt = now.AddMinutes(-_random.Next(1, 8)) });
            Add(plans, words, 1, OrderPlan.Shipped, OrderEvent.ReviewEnds, s => s with { InReview = true });
        }

        if (words.IsPartial)
        {
            Add(plans, words, Share(0.02), OrderPlan.Elsewhere, OrderEvent.None, s => s with { ShippedByMarketplace = true });
        }

        var rare = Share(0.02);
        Add(plans, words, Math.Max(0, count - plans.Count), OrderPlan.Shipped, OrderEvent.None, s => rare-- > 0 ? WithRareCharacters(s) : s);
        while (plans.Count > count)
        {
            plans.RemoveAt(plans.FindLastIndex(p => p.Group is null)); // a handful of orders has no room for every kind
        }

        if (words.IsPartial)
        {
            plans = [.. plans.Select(Partial)];
        }

        var several = Share(0.30);
        return [.. plans.Select((p, i) => (i * several / count) != ((i + 1) * several / count) || words.HasCarts ? p with { Seed = WithLines(p.Seed, words) } : p)];
    }

    /// <summary>Where the API brings only part of an order: four of five that shall ship stand in the order file, the rest waits for it.
    /// What Shift_JIS cannot write is not in it.</summary>
    private static OrderPlan Partial(OrderPlan plan, int number) => plan switch
    {
        { Expected: OrderPlan.Cancelled or OrderPlan.Unreadable or OrderPlan.Elsewhere } => plan,
        { Expected: OrderPlan.Shipped, Event: OrderEvent.None } when (plan.Group is not null || number % 5 != 0) && !plan.Seed.Recipient.FirstName.Any(char.IsSurrogate)
            => plan with { InOrderFile = true },
        _ => plan with { Group = null, Expected = OrderPlan.Incomplete },
    };

    private void Add(List<OrderPlan> plans, MarketplaceWords words, int count, string expected, OrderEvent happening, Func<SeedOrder, SeedOrder> shape)
    {
        for (var i = 0; i < count; i++)
        {
            plans.Add(new OrderPlan(words.Code, shape(Order(NewPerson(), NewTime())), null, expected, happening));
        }
    }

    /// <summary>Pairs, and a triple now and then, for one recipient whose name and address are written in several ways.</summary>
    private void AddGroups(List<OrderPlan> plans, MarketplaceWords words, int orders)
    {
        for (var group = 0; orders >= 2; group++)
        {
            var size = orders == 3 || (orders > 4 && group % 5 == 4) ? 3 : 2;
            var person = NewPerson();
            var time = NewTime();
            for (var i = 0; i < size; i++)
            {
                plans.Add(new OrderPlan(words.Code, Order(Rewritten(person, i), time), $"{words.Code}-{group}", OrderPlan.Shipped, OrderEvent.None));
            }

            orders -= size;
        }
    }

    /// <summary>Orders that resemble another one and must not meet it.</summary>
    private void AddLookAlikes(List<OrderPlan> plans, MarketplaceWords words, int orders, int limit)
    {
        for (var i = 0; i < orders && plans.Count + 2 <= limit; i++)
        {
            var person = NewPerson() with { Street = $"見本一丁目{_people}" };
            var time = NewTime();
            var first = Order(person, time);
            var second = (i % 4) switch
            {
                0 => Order(person with { Street = $"見本1丁目{_people}" }, time),
                1 => Order(person with { Building = person.Building + "別館" }, time),
                2 => first with { RequestedDate = Jst.DayOf(now).AddDays(5) },
                _ when words.HasGiftWrap => first with { GiftWrap = true },
                _ => Order(person with { FirstName = person.FirstName + "子" }, time),
            };
            plans.Add(new OrderPlan(words.Code, first, null, OrderPlan.Shipped, OrderEvent.None));
            plans.Add(new OrderPlan(words.Code, second, null, OrderPlan.Shipped, OrderEvent.None));
        }
    }

    private SeedOrder Order(SeedPerson person, DateTimeOffset placedAt) => new()
    {
        PlacedAt = placedAt,
        Buyer = person,
        Recipient = person,
        Lines = [Line(1)],
        ShippingFee = 550,
    };

    private static SeedOrder Unpaid(SeedOrder order, MarketplaceWords words) => order with { Paid = false, PaymentText = words.UnpaidMethod };

    private SeedOrder WithLines(SeedOrder order, MarketplaceWords words)
    {
        var lines = words.HasCarts ? _random.Next(1, 5) : _random.Next(2, 5);
        return order with { Lines = [.. Enumerable.Range(1, lines).Select(Line)], CartSize = words.HasCarts ? lines : 1 };
    }

    private static SeedOrder WithRareCharacters(SeedOrder order) => order with
    {
        Buyer = order.Buyer with { LastName = "髙﨑", FirstName = "𠮷𩸽" + order.Buyer.FirstName },
        Recipient = order.Recipient with { LastName = "髙﨑", FirstName = "𠮷𩸽" + order.Recipient.FirstName },
    };

    private SeedLine Line(int number)
    {
        var item = _random.Next(1, 60);
        return new SeedLine($"SKU-{item:D3}", $"見本商品{item}", item % 3 == 0 ? "カラー:赤" : "", _random.Next(1, 4), 100 * _random.Next(3, 60), number % 2 == 0 ? 8 : 10);
    }

    /// <summary>To the minute, so that the orders of one recipient lie on the same side of any cut-off; old enough to be visible everywhere.</summary>
    private DateTimeOffset NewTime()
    {
        var minutes = _random.Next(16, (int)Span.TotalMinutes - 2);
        var time = now.AddMinutes(-minutes);
        return new DateTimeOffset(time.Year, time.Month, time.Day, time.Hour, time.Minute, 0, time.Offset);
    }

    private SeedPerson NewPerson()
    {
        string[] last = ["見本", "試作", "仮名", "例示", "模型", "架空", "雛形", "標本"];
        string[] first = ["太郎", "花子", "一郎", "次郎", "三郎", "桃子", "梅子", "竹男"];
        (string Prefecture, string City, string Zip)[] places =
            [("東京都", "千代田区", "100-0000"), ("大阪府", "大阪市北区", "530-0000"), ("北海道", "札幌市中央区", "060-0000"), ("福岡県", "福岡市博多区", "812-0000"), ("愛知県", "名古屋市中区", "460-0000")];
        var number = ++_people;
        var place = places[number % places.Length];
        var text = number.ToString(CultureInfo.InvariantCulture);
        return new SeedPerson(
            last[number % last.Length], first[number / last.Length % first.Length], "ミホン", "タロウ", place.Zip, place.Prefecture, place.City,
            $"見本町{(number % 9) + 1}-{number}", number % 3 == 0 ? $"見本ビル{text}" : "", $"0{(number % 2 == 0 ? 7 : 8)}0-0000-{number % 10_000:D4}", $"buyer{seed}-{text}@example.invalid");
    }

    /// <summary>The same person, written as people write: full width, with spaces, with another kind of hyphen.</summary>
    private static SeedPerson Rewritten(SeedPerson person, int way) => (way % 3) switch
    {
        1 => person with { Street = Wide(person.Street), LastName = person.LastName + "　" },
        2 => person with { Street = person.Street.Replace('-', '−'), Building = person.Building + " " },
        _ => person,
    };

    private static string Wide(string text) => string.Concat(text.Select(c => c is >= '!' and <= '~' ? (char)(c + 0xFEE0) : c));
}
