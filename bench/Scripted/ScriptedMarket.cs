using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Domain.Coverage;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Stores;

namespace Bench.Scripted;

/// <summary>A marketplace of any size that holds nothing: order <c>i</c> of its window is a function of <c>i</c>, made when a page asks for it and forgotten.</summary>
/// <param name="orders">In the window, evenly spread over it.</param>
public sealed class ScriptedMarket(int orders, Interval window, int payloadBytes) : IOrderSource, ICredentialProbe
{
    private const int PageSize = 500;

    private readonly List<OrderSnapshot> _late = [];

    public static readonly Lane Lane = new("order-time", 30, null, true, "official", 60, 600, 6, LaneGrain.Second, PageSize);

    public static Manifest Manifest { get; } = new()
    {
        Code = "scripted",
        Name = new ManifestText("見本モール", "Scripted"),
        BaseAddress = "https://market.invalid/",
        Hosts = ["market.invalid"],
        Capabilities = ["order-source", "credential-probe"],
        Lanes = [Lane],
        Limits = [],
        NeedsFixedAddress = false,
        Credentials = [],
        PushSteps = [],
        PushBatch = 1,
        ReadBatch = 1,
        Carriers = [],
        Mappings = new ManifestMappings
        {
            Payments = ImmutableDictionary<string, PaymentMethod>.Empty.Add("クレジットカード", PaymentMethod.Card),
            Deliveries = ImmutableDictionary<string, string>.Empty.Add("宅配便", "yamato"),
            TimeSlots = ImmutableDictionary<string, string>.Empty,
        },
    };

    public Marketplace AsMarketplace() => new(Manifest, this, this);

    /// <summary>One order more, after the window's own.</summary>
    /// <param name="recipient">The number of its recipient: a number of the window's orders makes a match.</param>
    public void Place(int number, int recipient, DateTimeOffset placedAt) => _late.Add(Order(number, recipient, placedAt));

    public async IAsyncEnumerable<OrderPage> ReadAsync(StoreAccess access, Slice slice, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        var first = FirstAt(slice.Span.From);
        var end = FirstAt(slice.Span.To);
        do
        {
            cancellation.ThrowIfCancellationRequested();
            var count = Math.Min(PageSize, end - first);
            yield return Page(Enumerable.Range(first, count).Select(i => Order(i, i, PlacedAt(i))));
            first += count;
        }
        while (first < end);

        if (_late.Where(o => slice.Span.Contains(o.PlacedAt)).ToList() is { Count: > 0 } late)
        {
            yield return Page(late);
        }
    }

    public IAsyncEnumerable<OrderReading> DetailAsync(StoreAccess access, IReadOnlyList<ListedOrder> orders, CancellationToken cancellation) =>
        AsyncEnumerable.Empty<OrderReading>(); // the list brings everything

    public Task<CredentialHealth> ProbeAsync(StoreAccess access, CancellationToken cancellation) => Task.FromResult(CredentialHealth.NoWordOfExpiry);

    private OrderPage Page(IEnumerable<OrderSnapshot> page) =>
        new([.. page.Select(o => new ListedOrder(o.Code, "1", new OrderReading.Read(o, Payload(o))))], []);

    private DateTimeOffset PlacedAt(int number) => window.From + TimeSpan.FromTicks((window.To - window.From).Ticks / Math.Max(1, orders) * number);

    /// <summary>The first order that was placed at that time or later.</summary>
    private int FirstAt(DateTimeOffset time)
    {
        var (low, high) = (0, orders);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = PlacedAt(middle) < time ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>Hexadecimal digits: about as hard to compress as a real payload's text.</summary>
    private ReadOnlyMemory<byte> Payload(OrderSnapshot order)
    {
        var noise = new byte[payloadBytes / 2];
        new Random(order.Code.Value.Sum(c => c) + (int)(order.PlacedAt.Ticks % int.MaxValue)).NextBytes(noise);
        return Encoding.ASCII.GetBytes(Convert.ToHexString(noise));
    }

    private static OrderSnapshot Order(int number, int recipient, DateTimeOffset placedAt)
    {
        var person = new Party(
            string.Create(CultureInfo.InvariantCulture, $"見本 {recipient}"), "ミホン", "100-0000", "東京都", "千代田区",
            string.Create(CultureInfo.InvariantCulture, $"見本町1-{recipient}"), "見本ビル", "080-0000-0000", "buyer@example.invalid");
        return new OrderSnapshot
        {
            Code = OrderCode.Parse(number.ToString("D9", CultureInfo.InvariantCulture)),
            PlacedAt = placedAt,
            Standing = MarketplaceStanding.Ready,
            RawStatus = "new",
            Buyer = person,
            Recipient = person,
            Lines =
            [
                new OrderLine("1", "SKU-001", "見本茶 100g", "", 1, new Yen(1_000), 8),
                new OrderLine("2", "SKU-002", "見本シャツ", "カラー:赤", 2, new Yen(1_500), 10),
            ],
            Amounts = new OrderAmounts(new Yen(4_000), Yen.Zero, Yen.Zero, Yen.Zero, Yen.Zero, Yen.Zero, Yen.Zero, null, new Yen(4_000)),
            Payment = new Payment("クレジットカード", PaymentStanding.Secured),
            DeliveryText = "宅配便",
        };
    }
}
