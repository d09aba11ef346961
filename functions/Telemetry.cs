using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Functions;

/// <summary>The traces that follow an order through the queues, and the counters that a person watches.</summary>
public static class Telemetry
{
    public const string Name = "Logi.Functions";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);

    public static readonly Counter<long> Pulled = Meter.CreateCounter<long>("logi.orders.pulled", "orders", "Orders stored for the first time.");
    public static readonly Counter<long> Candidates = Meter.CreateCounter<long>("logi.deliveries.candidates", "deliveries", "Deliveries that came to stand in a bundle candidate when they were made.");
    public static readonly Counter<long> Pushed = Meter.CreateCounter<long>("logi.orders.pushed", "orders", "Orders whose shipment the marketplace has confirmed.");

    /// <summary>A span that goes on from the trace context that a message carries.</summary>
    public static Activity? Begin(string name, string? parent) =>
        ActivityContext.TryParse(parent, null, out var context)
            ? Source.StartActivity(name, ActivityKind.Consumer, context)
            : Source.StartActivity(name, ActivityKind.Consumer);
}
