using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Infra.Telemetry;

/// <summary>The one name under which everything of ours is traced and measured.</summary>
public static class LogiTelemetry
{
    public const string Name = "Logi.Functions";

    /// <summary>The source under which the worker itself traces its invocations; only the azure flavour has one.</summary>
    public const string WorkerName = "Microsoft.Azure.Functions.Worker";

    public static readonly ActivitySource Source = new(Name);

    public static readonly Meter Meter = new(Name);
}
