using System.Diagnostics;
using System.Diagnostics.Metrics;
using Infra.Storage;
using Infra.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Tests.Infra.Telemetry;

public sealed class TelemetryTests
{
    [Fact]
    public void A_message_carries_its_trace_on()
    {
        using var listener = Listen();
        using var sending = LogiTelemetry.Source.StartActivity("send")!;
        var text = TraceText.Current;
        sending.Stop();

        using var working = TraceText.Begin("order-pull", text)!;

        Assert.Equal(sending.TraceId, working.TraceId);
        Assert.Equal(sending.SpanId, working.ParentSpanId);
        Assert.True(working.HasRemoteParent);
        Assert.Equal(ActivityKind.Consumer, working.Kind);
        Assert.Matches("^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$", text!);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("not a trace")]
    public void Without_a_readable_context_a_new_trace_begins(string? text)
    {
        using var listener = Listen();
        Activity.Current = null;

        using var working = TraceText.Begin("order-pull", text)!;

        Assert.NotEqual(default, working.TraceId);
        Assert.Equal(default, working.ParentSpanId);
    }

    [Fact]
    public void Outside_every_trace_a_message_carries_none()
    {
        Activity.Current = null;

        Assert.Null(TraceText.Current);
    }

    [Fact]
    public void Storage_requests_are_measured_by_work_and_operation()
    {
        var measured = new List<(string Name, long Value, string? Work, string? Operation)>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, l) => Enable(instrument, l) };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var all = tags.ToArray().ToDictionary(t => t.Key, t => t.Value as string);
            lock (measured)
            {
                measured.Add((instrument.Name, value, all.GetValueOrDefault("work"), all.GetValueOrDefault("operation")));
            }
        });
        listener.Start();

        var counter = new StorageCounter();
        using (StorageCounter.Under("telemetry-test"))
        {
            counter.Count("tables.open.commit");
            counter.Wrote(3, 700);
        }

        List<(string Name, long Value, string? Work, string? Operation)> seen;
        lock (measured)
        {
            seen = [.. measured]; // other tests' storage is measured meanwhile
        }

        Assert.Equal(
            [("logi.storage.requests", 1, "tables.open.commit"), ("logi.storage.rows", 3, null), ("logi.storage.bytes", 700, null)],
            seen.Where(m => m.Work == "telemetry-test").Select(m => (m.Name, m.Value, m.Operation)));

        static void Enable(Instrument instrument, MeterListener listener)
        {
            if (instrument.Meter.Name == LogiTelemetry.Name)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("http://127.0.0.1:4317")]
    public void The_providers_start_with_and_without_an_address_for_OTLP(string? address)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("OTEL_EXPORTER_OTLP_ENDPOINT", address)]).Build();
        using var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging().AddLogiTelemetry(configuration).BuildServiceProvider();

        Assert.NotNull(services.GetRequiredService<TracerProvider>());
        Assert.NotNull(services.GetRequiredService<MeterProvider>());
        using var span = LogiTelemetry.Source.StartActivity("probe");
        Assert.NotNull(span);
    }

    private static ActivityListener Listen()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == LogiTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
