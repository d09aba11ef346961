using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Infra.Telemetry;

public static class TelemetryRegistration
{
    private static readonly string[] OtlpVariables =
    [
        "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
    ];

    /// <summary>Switches the console exporter on (<c>true</c>); it is off by default.</summary>
    public const string ConsoleSetting = "Logi:Telemetry:Console";

    extension(IServiceCollection services)
    {
        /// <summary>Adds our traces, metrics and logs. They go out by OTLP where one of the usual variables names an address, and nowhere otherwise.</summary>
        public IServiceCollection AddLogiTelemetry(IConfiguration configuration)
        {
            var console = configuration.GetValue<bool>(ConsoleSetting);
            var telemetry = services.AddOpenTelemetry()
                .ConfigureResource(resource => resource.AddService("logi-functions", serviceVersion: typeof(TelemetryRegistration).Assembly.GetName().Version?.ToString(3)))
                .WithTracing(traces =>
                {
                    traces.AddSource(LogiTelemetry.Name, LogiTelemetry.WorkerName);
                    if (console)
                    {
                        traces.AddConsoleExporter();
                    }
                })
                .WithMetrics(metrics =>
                {
                    metrics.AddMeter(LogiTelemetry.Name);
                    if (console)
                    {
                        metrics.AddConsoleExporter();
                    }
                });
            if (OtlpVariables.Any(v => configuration[v] is { Length: > 0 }))
            {
                services.AddLogging(logs => logs.AddOpenTelemetry());
                telemetry.UseOtlpExporter();
            }

            return services;
        }
    }
}
