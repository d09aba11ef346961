using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Domain.Coverage;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Stores;
using Infra.Ledger;

namespace Tests.Functions.World;

/// <summary>A marketplace in memory that plays every role: orders by time, two push steps, a standing per order, and a script of failures.</summary>
public sealed class TestMarket(TimeProvider clock) : IOrderSource, IOrderReader, IShipmentSink, IShipmentReader, ICredentialProbe
{
    private readonly Dictionary<OrderCode, (OrderSnapshot Order, DateTimeOffset VisibleFrom, int Version)> _orders = [];

    public static readonly Lane Lane = new("order-time", 3, null, true, "official", 60, 600, 6, LaneGrain.Second, 100);

    public Manifest Manifest { get; init; } = new()
    {
        Code = "test-market",
        Name = new ManifestText("見本モール", "Test Market"),
        BaseAddress = "https://market.invalid/",
        Hosts = ["market.invalid"],
        Capabilities = ["orderSource", "orderReader", "shipmentSink", "shipmentReader", "credentialProbe"],
        Lanes = [Lane],
        Limits = [],
        NeedsFixedAddress = false,
        Credentials = [],
        PushSteps = [new PushStep("number", Repeatability.Harmless, false, false), new PushStep("complete", Repeatability.Unverified, true, true)],
        PushBatch = 10,
        ReadBatch = 10,
        NumberPerDestination = "always",
        Carriers = [new CarrierCode("yamato", "1", "seen")],
        Mappings = new ManifestMappings
        {
            Payments = ImmutableDictionary<string, PaymentMethod>.Empty.Add("クレジットカード", PaymentMethod.Card).Add("銀行振込", PaymentMethod.BankTransfer),
            Deliveries = ImmutableDictionary<string, string>.Empty.Add("宅配便", "yamato"),
            TimeSlots = ImmutableDictionary<string, string>.Empty,
        },
    };

    /// <summary>Calls so far, by name.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>What reports changed, in order: step, order, number.</summary>
    public List<string> Effects { get; } = [];

    /// <summary>Told of each change before it counts, so that it can outlive this process.</summary>
    public Action<string> Recorded { get; set; } = _ => { };

    /// <summary>Asked before the call's effect; throws what the call shall fail with.</summary>
    public Action<string> Before { get; set; } = _ => { };

    /// <summary>Asked after the call's effect, before its answer.</summary>
    public Action<string> After { get; set; } = _ => { };

    /// <summary>Asked at the start of each slice; throws what the slice shall fail with.</summary>
    public Action<Slice> OnSlice { get; set; } = _ => { };

    /// <summary>True: the list names orders and versions only, as most marketplaces do; the content takes a detail call.</summary>
    public bool ListsOnly { get; set; }

    /// <summary>False: it knows no reading of an order by its code, so it cannot be asked before a parcel leaves.</summary>
    public bool ReadsByCode { get; init; } = true;

    public HashSet<OrderCode> Unreadable { get; } = [];

    public Marketplace AsMarketplace() => new(Manifest, this, this) { Reader = ReadsByCode ? this : null, Shipments = this, ShipmentReader = this };

    public OrderSnapshot this[string code] => _orders[OrderCode.Parse(code)].Order;

    public void Place(OrderSnapshot order, DateTimeOffset? visibleFrom = null) =>
        _orders[order.Code] = (order, visibleFrom ?? order.PlacedAt, 1);

    public void Change(string code, Func<OrderSnapshot, OrderSnapshot> change)
    {
        var key = OrderCode.Parse(code);
        var (order, visible, version) = _orders[key];
        _orders[key] = (change(order), visible, version + 1);
    }

    public void Vanish(string code) => _orders.Remove(OrderCode.Parse(code));

    public async IAsyncEnumerable<OrderPage> ReadAsync(StoreAccess access, Slice slice, [EnumeratorCancellation] CancellationToken cancellation)
    {
        OnSlice(slice);
        var found = _orders.Values
            .Where(o => slice.Span.Contains(o.Order.PlacedAt) && o.VisibleFrom <= clock.GetUtcNow())
            .OrderBy(o => o.Order.PlacedAt)
            .ToArray();
        foreach (var page in found.Length == 0 ? [[]] : found.Chunk(100))
        {
            cancellation.ThrowIfCancellationRequested();
            await CallAsync("list");
            yield return new OrderPage([.. page.Select(o => new ListedOrder(o.Order.Code, $"{o.Version}", ListsOnly ? null : Reading(o.Order)))], []);
            After("list");
        }
    }

    public async IAsyncEnumerable<OrderReading> DetailAsync(StoreAccess access, IReadOnlyList<ListedOrder> orders, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var order in orders)
        {
            await CallAsync("detail");
            After("detail");
            yield return Read(order.Code);
        }
    }

    public async IAsyncEnumerable<OrderReading> ReadAsync(StoreAccess access, IReadOnlyList<OrderReference> orders, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await CallAsync("read");
        After("read");
        foreach (var order in orders)
        {
            yield return Read(order.Code);
        }
    }

    public async Task<IReadOnlyDictionary<OrderCode, MarketplaceStanding>> StoppedAsync(StoreAccess access, IReadOnlyList<OrderReference> orders, CancellationToken cancellation)
    {
        await CallAsync("stopped");
        After("stopped");
        return orders
            .Where(o => _orders.TryGetValue(o.Code, out var held) && held.Order.Standing is MarketplaceStanding.Cancelled or MarketplaceStanding.CancelRequested)
            .ToDictionary(o => o.Code, o => _orders[o.Code].Order.Standing);
    }

    public async Task<IReadOnlyList<PushOutcome>> PushAsync(StoreAccess access, string step, IReadOnlyList<ShipmentReport> reports, CancellationToken cancellation)
    {
        await CallAsync(step);
        if (reports.DistinctBy(r => r.Order.Code).Count() < reports.Count)
        {
            throw new InvalidOperationException("A call names an order twice; its answer could not be told apart.");
        }

        foreach (var report in reports)
        {
            Happen($"{step} {report.Order.Code}{(report.Destination.Length > 0 && step == "number" ? "/" + report.Destination : "")} {report.TrackingNumber}");
        }

        After(step);
        return [.. reports.Select(r => new PushOutcome.Confirmed(r.Order.Code))];
    }

    /// <summary>Something changes at the marketplace: a report's step (<c>number</c>, <c>complete</c>) or <c>cancelled</c>, the order (<c>order/recipient</c>
    /// where the number is one recipient's) and its number.</summary>
    public void Happen(string effect)
    {
        var parts = effect.Split(' ');
        var place = parts[1].Split('/');
        Recorded(effect);
        Change(place[0], o => parts[0] switch
        {
            "number" when place.Length > 1 => o with
            {
                Destinations = [.. o.Destinations.Select(d => d.Id == place[1] ? d with { Reported = new ReportedShipment("1", parts[2], null, d.Id) } : d)],
            },
            "number" => o with { Reported = new ReportedShipment("1", parts[2], null) },
            "complete" => o with { Standing = MarketplaceStanding.Completed },
            _ => o with { Standing = MarketplaceStanding.Cancelled },
        });
        if (parts.Length > 2)
        {
            Effects.Add(effect);
        }
    }

    public string Preview(StoreAccess access, string step, ShipmentReport report) => $"{step} {report.Order.Code} {report.TrackingNumber}";

    public async Task<ReportedState> ReadBackAsync(StoreAccess access, OrderReference order, CancellationToken cancellation)
    {
        await CallAsync("read-back");
        After("read-back");
        var held = _orders[order.Code].Order;
        return new ReportedState(held.Standing, [.. held.Destinations.Select(d => d.Reported).Append(held.Reported).OfType<ReportedShipment>()]);
    }

    public async Task<CredentialHealth> ProbeAsync(StoreAccess access, CancellationToken cancellation)
    {
        await CallAsync("probe");
        After("probe");
        return CredentialHealth.NoWordOfExpiry;
    }

    private async Task CallAsync(string call)
    {
        await Task.Yield();
        Calls.Add(call);
        Before(call);
    }

    private OrderReading Read(OrderCode code) =>
        _orders.TryGetValue(code, out var held) ? Reading(held.Order) : new OrderReading.Gone(code);

    private OrderReading Reading(OrderSnapshot order)
    {
        var raw = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(order, LedgerJson.Default.OrderSnapshot));
        return Unreadable.Contains(order.Code) ? new OrderReading.Unreadable(order.Code, "a date in orderDate", raw) : new OrderReading.Read(order, raw);
    }
}
