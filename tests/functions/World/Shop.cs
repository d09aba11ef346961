using System.Collections.Immutable;
using System.Globalization;
using Domain.Bundling;
using Domain.Deliveries;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Shipments;
using Domain.Stores;
using Functions;
using Functions.Attention;
using Functions.Bundle;
using Functions.Clocks;
using Functions.Pull;
using Functions.Push;
using Functions.Warehouse;
using Infra.Ledger;
using Infra.Storage;
using Infra.Storage.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Tests.Functions.World;

/// <summary>A whole installation in memory: one or more stores on a test marketplace, the functions, and a clock that a test moves.</summary>
public sealed class Shop : IDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 11, 24, 1, 0, 0, TimeSpan.Zero); // 10:00 JST

    private static readonly byte[] Secret = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    private readonly ServiceProvider _services;

    public Shop(IRowStore? rows = null, IMessageQueue? queue = null, FakeTimeProvider? clock = null, StorageCounter? counter = null, TestMarket? market = null)
    {
        Clock = clock ?? new FakeTimeProvider(Start);
        Counter = counter ?? new StorageCounter();
        Rows = rows ?? new InMemoryRowStore(Counter);
        Queue = queue ?? new InMemoryMessageQueue(Clock, Counter);
        Market = market ?? new TestMarket(Clock);
        _services = new ServiceCollection()
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton(Rows)
            .AddSingleton(Queue)
            .AddSingleton(Market.AsMarketplace())
            .AddSingleton<CredentialsOf>(_ => NoCredentials.Instance)
            .AddSingleton<BundleSecret>(_ => ValueTask.FromResult<ReadOnlyMemory<byte>>(Secret))
            .AddLogging(logging => logging.AddProvider(Log))
            .AddUseCases()
            .AddSingleton<PullFunctions>()
            .AddSingleton<BundleFunctions>()
            .AddSingleton<PushFunctions>()
            .AddSingleton<ClockFunctions>()
            .BuildServiceProvider(validateScopes: true);
    }

    public FakeTimeProvider Clock { get; }

    public StorageCounter Counter { get; }

    public IRowStore Rows { get; }

    public IMessageQueue Queue { get; }

    public TestMarket Market { get; }

    public CapturedLog Log { get; } = new();

    public StoreRegistry Registry => Get<StoreRegistry>();

    public GroupLedger Ledger => Get<GroupLedger>();

    public Store Store { get; private set; } = null!;

    public static CancellationToken None => CancellationToken.None;

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async Task<Shop> OpenAsync(Func<Store, Store>? change = null, string id = "test-honten")
    {
        var store = new Store
        {
            Id = StoreId.Parse(id),
            Marketplace = Market.Manifest.Code,
            Name = "見本商店",
            Group = BundleGroupId.Parse(id),
            LiveFrom = Start.AddDays(-10),
        };
        Store = change?.Invoke(store) ?? store;
        await Registry.SaveAsync(Store, await Registry.ReadAsync(None), None);
        return this;
    }

    /// <summary>Goes on with a store that an earlier process set up.</summary>
    public async Task OpenKnownAsync() => Store = (await Registry.ReadAsync(None)).Stores.Values.Single();

    public async Task SetAsync(Func<Store, Store> change)
    {
        Store = change(Store);
        await Registry.SaveAsync(Store, await Registry.ReadAsync(None), None);
    }

    /// <summary>Pulls the store once and works every message off that follows from it.</summary>
    public async Task<int> PullAsync()
    {
        await Get<Dispatch>().SendAsync(new PullMessage(Store.Id.Value), TimeSpan.Zero, None);
        return await DrainAsync();
    }

    public async Task FollowAsync(string work = "follow")
    {
        await Get<Dispatch>().SendAsync(new FollowMessage(Store.Id.Value, work), None);
        await DrainAsync();
    }

    /// <summary>Works every visible message off, as the host would.</summary>
    /// <returns>How many messages were worked on.</returns>
    public async Task<int> DrainAsync()
    {
        var worked = 0;
        for (var some = true; some;)
        {
            some = false;
            foreach (var queue in Queues.All.Where(q => q != Queues.Heartbeat))
            {
                foreach (var message in await Queue.ReceiveAsync(queue, 32, TimeSpan.FromMinutes(5), None))
                {
                    await WorkAsync(queue, message);
                    await Queue.DeleteAsync(queue, message, None);
                    worked++;
                    some = true;
                }
            }
        }

        return worked;
    }

    public async Task WorkAsync(string queue, QueuedMessage message)
    {
        using var scope = StorageCounter.Under(queue);
        await (queue switch
        {
            Queues.OrderPull => Get<PullFunctions>().PullAsync(message.Body, message.Id, message.DequeueCount, None),
            Queues.Bundling => Get<BundleFunctions>().RunAsync(message.Body, message.Id, message.DequeueCount, None),
            Queues.ShipmentPush => Get<PushFunctions>().RunAsync(message.Body, message.Id, message.DequeueCount, None),
            Queues.Follow => Get<PullFunctions>().FollowAsync(message.Body, message.Id, message.DequeueCount, None),
            Queues.Chores => Get<PullFunctions>().ChoreAsync(message.Body, message.Id, message.DequeueCount, None),
            _ => throw new ArgumentOutOfRangeException(nameof(queue), queue, null),
        });
    }

    public async Task<SalesOrder?> OrderAsync(string code) =>
        await new LedgerUnit(Rows, Store.Group).OrderAsync(Key(code), None);

    public async Task<OutboundDelivery?> DeliveryAsync(string code, int number = 1) =>
        await new LedgerUnit(Rows, Store.Group).DeliveryAsync(Delivery(code, number), None);

    public async Task<PushEntry?> PushAsync(string code, int revision = 1, int part = 1) =>
        await new LedgerUnit(Rows, Store.Group).PushAsync(Key(code), revision, None, part);

    public async Task<List<SalesOrder>> OrdersAsync() => await ReadAsync(GroupKeys.Orders(Store.Id), Codecs.Order);

    public async Task<List<BundleKeyRow>> CandidatesAsync() => await ReadAsync(GroupKeys.Candidates, Codecs.Candidate);

    public async Task<List<T>> ReadAsync<T>(string prefix, Codec<T> codec)
        where T : class
    {
        var found = new List<T>();
        await foreach (var row in Ledger.RangeAsync(Store.Group, RowRange.Prefix(prefix), None))
        {
            found.Add(codec.Decode(row));
        }

        return found;
    }

    public OrderKey Key(string code) => new(Store.Id, OrderCode.Parse(code));

    public DeliveryId Delivery(string code, int number = 1) => new(Store.Id, OrderCode.Parse(code), number);

    public async Task<HandOverResult> HandOverAsync(string code, int number = 1) =>
        (await Get<HandOver>().RunAsync(Store.Group, [Delivery(code, number)], "staff", None))[0];

    public async Task<ShipmentResult> ShipAsync(string code, long elevenDigits = 90000000123, string service = "yamato", int number = 1)
    {
        var results = await Get<RecordShipments>().RunAsync(
            Store.Group, [new ShipmentLine(Delivery(code, number), service, TrackingNumber.FromElevenDigits(elevenDigits), null)], "warehouse", None);
        return results[0];
    }

    public async Task<IReadOnlyList<Domain.Attention.AttentionItem>> AttentionAsync() => await Get<AttentionList>().ReadAsync(None);

    /// <summary>An invented order that is right in every respect.</summary>
    public static OrderSnapshot Order(string code, DateTimeOffset? placedAt = null, string? recipient = null) => new()
    {
        Code = OrderCode.Parse(code),
        PlacedAt = placedAt ?? Start.AddHours(-2),
        Standing = MarketplaceStanding.Ready,
        RawStatus = "new",
        Buyer = Person(recipient ?? $"見本 {code}"),
        Recipient = Person(recipient ?? $"見本 {code}"),
        Lines = [new OrderLine("1", "sku-a", "見本茶", "", 1, new Yen(1_000), 8)],
        Amounts = new OrderAmounts(new Yen(1_000), Yen.Zero, Yen.Zero, Yen.Zero, Yen.Zero, Yen.Zero, Yen.Zero, null, new Yen(1_000)),
        Payment = new Payment("クレジットカード", PaymentStanding.Secured),
        DeliveryText = "宅配便",
    };

    /// <summary>The same, to as many recipients, each with a line of its own; their ids are 1, 2, …</summary>
    public static OrderSnapshot OrderTo(string code, DateTimeOffset? placedAt, params string[] recipients)
    {
        var one = Order(code, placedAt, recipients[0]);
        return one with
        {
            Lines = [.. recipients.Select((_, i) => one.Lines[0] with { LineId = $"{i + 1}" })],
            Amounts = one.Amounts with { Items = one.Amounts.Items * recipients.Length, Billed = one.Amounts.Billed * recipients.Length },
            Destinations = [.. recipients.Select((r, i) => new Destination($"{i + 1}", Person(r), [$"{i + 1}"], one.DeliveryText, null, "", GiftRequest.None, Temperature.Normal))],
        };
    }

    public void Place(int count, DateTimeOffset? placedAt = null)
    {
        for (var i = 0; i < count; i++)
        {
            Market.Place(Order((100_000 + i).ToString(CultureInfo.InvariantCulture), (placedAt ?? Start.AddHours(-2)).AddMilliseconds(i)));
        }
    }

    public void Dispose()
    {
        _services.Dispose();
        Log.Dispose();
    }

    private static Party Person(string name) =>
        new(name, "", "100-0000", "東京都", "千代田区", "見本町1-2-3", "", "03-0000-0000", "buyer@example.invalid");

    private sealed class NoCredentials : ICredentials
    {
        public static readonly NoCredentials Instance = new();

        public ValueTask<string> ReadAsync(string field, CancellationToken cancellation) => new("");

        public ValueTask<string?> FindTokenAsync(string name, CancellationToken cancellation) => new((string?)null);

        public ValueTask KeepTokenAsync(string name, string value, DateTimeOffset expiresAt, CancellationToken cancellation) => default;

        public ValueTask ForgetTokenAsync(string name, CancellationToken cancellation) => default;
    }
}
