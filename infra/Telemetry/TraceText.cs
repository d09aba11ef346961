using System.Diagnostics;

namespace Infra.Telemetry;

/// <summary>The trace context (W3C traceparent) as text in a message: storage queues have no place of their own for it.</summary>
public static class TraceText
{
    /// <summary>What a message that is sent now carries; null outside every trace.</summary>
    public static string? Current => Of(Activity.Current);

    public static string? Of(Activity? activity) => activity is { IdFormat: ActivityIdFormat.W3C } ? activity.Id : null;

    /// <summary>Begins the work of a message: a span of the trace in which the message was sent, or of what is current here where the text says none.</summary>
    /// <returns>Null when nobody listens.</returns>
    public static Activity? Begin(string name, string? parent) => ActivityContext.TryParse(parent, null, isRemote: true, out var context)
        ? LogiTelemetry.Source.StartActivity(name, ActivityKind.Consumer, context)
        : LogiTelemetry.Source.StartActivity(name, ActivityKind.Consumer);
}
