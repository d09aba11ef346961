using System.Diagnostics.Metrics;
using Infra.Telemetry;

namespace Tests.Functions.Figures;

/// <summary>Listens to our meter, for what one store or group of a test's own gives: other tests measure at the same time.</summary>
internal sealed class Figures : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<(string Name, double Value, IReadOnlyDictionary<string, object?> Tags)> _measured = [];
    private readonly MeterListener _listener;
    private readonly string _id;

    /// <param name="id">The store's or group's id.</param>
    public Figures(string id)
    {
        _id = id;
        _listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == LogiTelemetry.Name)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument.Name, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument.Name, value, tags));
        _listener.Start();
    }

    public double Sum(string name) => Of(name).Sum(m => m.Value);

    public double Last(string name) => Of(name)[^1].Value;

    public IReadOnlyList<(double Value, IReadOnlyDictionary<string, object?> Tags)> Of(string name)
    {
        lock (_gate)
        {
            return [.. _measured.Where(m => m.Name == name).Select(m => (m.Value, m.Tags))];
        }
    }

    /// <summary>Every tag of every figure.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Tags()
    {
        lock (_gate)
        {
            return [.. _measured.SelectMany(m => m.Tags)];
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Keep(string name, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var tag in tags)
        {
            if (tag.Key is "store" or "group" && tag.Value as string == _id)
            {
                lock (_gate)
                {
                    _measured.Add((name, value, tags.ToArray().ToDictionary()));
                }

                return;
            }
        }
    }
}
