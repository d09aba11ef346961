using System.Collections.Concurrent;
using System.Diagnostics;
using Functions;
using Infra.Storage.InMemory;
using Infra.Telemetry;
using Tests.Functions.World;

namespace Tests.Functions.Figures;

/// <summary>A trace follows an order through the queues, by the trace context that the messages and the order's delivery carry.</summary>
public sealed class TraceTests
{
    [Fact]
    public async Task Pull_bundling_and_the_report_of_the_shipment_are_one_trace()
    {
        const string Id = "trace-way";
        using var spans = new Spans(Id);
        using var shop = await new Shop().OpenAsync(id: Id);
        shop.Market.Place(Shop.Order("A1"));
        await shop.PullAsync();
        var pull = spans.Single("pull");
        Assert.Equal(pull.TraceId, spans.Single("bundle").TraceId);
        Assert.Equal(pull.SpanId, spans.Single("bundle").ParentSpanId);

        await shop.HandOverAsync("A1");
        await shop.ShipAsync("A1"); // outside every trace: days later, by the warehouse's call
        await shop.DrainAsync();

        Assert.Equal(pull.TraceId, spans.Single("push").TraceId);
    }

    [Fact]
    public async Task A_report_for_orders_of_several_pulls_is_linked_to_the_trace_of_each()
    {
        const string Id = "trace-links";
        using var spans = new Spans(Id);
        using var shop = await new Shop().OpenAsync(id: Id);
        shop.Market.Place(Shop.Order("A1"));
        await shop.PullAsync();
        shop.Market.Place(Shop.Order("A2", Shop.Start.AddMinutes(-1)));
        await shop.PullAsync();
        await shop.HandOverAsync("A1");
        await shop.HandOverAsync("A2");
        await shop.Get<global::Functions.Warehouse.RecordShipments>().RunAsync(
            shop.Store.Group,
            [
                new(shop.Delivery("A1"), "yamato", Domain.Shipments.TrackingNumber.FromElevenDigits(90000000123), null),
                new(shop.Delivery("A2"), "yamato", Domain.Shipments.TrackingNumber.FromElevenDigits(90000000124), null),
            ],
            "warehouse", Shop.None);
        await shop.DrainAsync();

        var bundles = spans.All("bundle").Select(b => b.TraceId).ToHashSet();
        Assert.Equal(2, bundles.Count);
        Assert.Equal(bundles, spans.Single("push").Links.Select(l => l.Context.TraceId).ToHashSet());
    }

    [Fact]
    public async Task A_message_that_a_crash_left_unsent_goes_on_in_its_own_trace()
    {
        const string Id = "trace-sweep";
        using var spans = new Spans(Id);
        using var shop = await new Shop().OpenAsync(id: Id);
        shop.Market.Place(Shop.Order("A1"));
        await shop.Get<Dispatch>().SendAsync(new PullMessage(Id), TimeSpan.Zero, Shop.None);
        foreach (var message in await shop.Queue.ReceiveAsync(Queues.OrderPull, 1, TimeSpan.FromMinutes(5), Shop.None))
        {
            await shop.WorkAsync(Queues.OrderPull, message);
            await shop.Queue.DeleteAsync(Queues.OrderPull, message, Shop.None);
        }

        foreach (var lost in await shop.Queue.ReceiveAsync(Queues.Bundling, 1, TimeSpan.FromMinutes(5), Shop.None))
        {
            await shop.Queue.DeleteAsync(Queues.Bundling, lost, Shop.None);
        }

        Assert.Empty(((InMemoryMessageQueue)shop.Queue).Dump());
        await shop.Get<global::Functions.Attention.SweepOutbox>().RunAsync(everything: true, Shop.None);
        await shop.DrainAsync();

        Assert.Equal(spans.Single("pull").TraceId, spans.Single("bundle").TraceId);
    }

    /// <summary>The ended spans of one store or group; other tests trace at the same time.</summary>
    private sealed class Spans : IDisposable
    {
        private readonly ConcurrentQueue<Activity> _ended = new();
        private readonly ActivityListener _listener;

        public Spans(string id)
        {
            Activity.Current = null;
            _listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == LogiTelemetry.Name,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = activity =>
                {
                    if (activity.TagObjects.Any(t => t.Key is "store" or "group" && t.Value as string == id))
                    {
                        _ended.Enqueue(activity);
                    }
                },
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public IReadOnlyList<Activity> All(string name) => [.. _ended.Where(a => a.OperationName == name)];

        public Activity Single(string name) => Assert.Single(All(name));

        public void Dispose() => _listener.Dispose();
    }
}
