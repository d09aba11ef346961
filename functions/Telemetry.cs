using System.Diagnostics;
using System.Diagnostics.Metrics;
using Domain.Stores;
using Infra.Telemetry;

namespace Functions;

/// <summary>The traces that follow an order through the queues, and the figures that a person watches. Tags hold ids of stores, lanes and groups, never an order's.</summary>
/// <remarks>Beside these: <c>logi.budget.*</c>, <c>logi.ledger.conflicts</c> and <c>logi.storage.*</c>, where the numbers arise.</remarks>
public static class Telemetry
{
    public const string Name = LogiTelemetry.Name;

    /// <summary>What belongs to no store stands under this one.</summary>
    public const string NoStore = "installation";

    public static readonly Counter<long> Pulled = LogiTelemetry.Meter.CreateCounter<long>("logi.orders.pulled", "orders", "Orders stored for the first time.");

    public static readonly Counter<long> Held = LogiTelemetry.Meter.CreateCounter<long>(
        "logi.orders.held", "orders", "Orders that had to wait for a person, a payment or their completion when they were stored.");

    public static readonly Counter<long> Candidates = LogiTelemetry.Meter.CreateCounter<long>(
        "logi.deliveries.candidates", "deliveries", "Deliveries that came to stand in a bundle candidate when they were made.");

    public static readonly Counter<long> Pushed = LogiTelemetry.Meter.CreateCounter<long>("logi.orders.pushed", "orders", "Orders whose shipment the marketplace has confirmed.");

    public static readonly Gauge<double> WindowLeft = LogiTelemetry.Meter.CreateGauge<double>(
        "logi.window.left", "h", "Hours until the oldest stretch of a lane that has not been read can no longer be fetched; the whole window when there is none.");

    public static readonly Gauge<double> Behind = LogiTelemetry.Meter.CreateGauge<double>(
        "logi.pull.behind", "min", "Minutes since the oldest moment of a lane that has not been read.");

    public static readonly Gauge<long> Attention = LogiTelemetry.Meter.CreateGauge<long>("logi.attention.size", "items", "Items in the attention list.");

    /// <summary>A span that goes on from the trace context that a message carries.</summary>
    public static Activity? Begin(string name, string? parent) => TraceText.Begin(name, parent);

    /// <summary>Ties the current span to the traces of the orders that it works on, where they came by different ways.</summary>
    public static void Follow(IEnumerable<string?> traces)
    {
        if (Activity.Current is not { } span)
        {
            return;
        }

        foreach (var trace in traces.OfType<string>().Distinct(StringComparer.Ordinal))
        {
            if (ActivityContext.TryParse(trace, null, isRemote: true, out var context) && context.TraceId != span.TraceId)
            {
                span.AddLink(new ActivityLink(context));
            }
        }
    }

    public static KeyValuePair<string, object?> Of(StoreId? store) => new("store", store?.Value ?? NoStore);

    public static KeyValuePair<string, object?> OfLane(string lane) => new("lane", lane);

    public static KeyValuePair<string, object?> Of(BundleGroupId group) => new("group", group.Value);
}
