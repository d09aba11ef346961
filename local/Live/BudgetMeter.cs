using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Local.Live;

/// <summary>Listens to the metric of the marketplaces' budgets: the largest share of a limit that was used in a minute, 0 to 1.</summary>
public sealed class BudgetMeter : IDisposable
{
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Marketplace, string Limit), (double Share, DateTimeOffset At)> _last = new();
    private readonly MeterListener _listener = new();
    private readonly TimeProvider _clock;

    public BudgetMeter(TimeProvider clock)
    {
        _clock = clock;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "logi.budget.used")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>(Take);
        _listener.Start();
    }

    /// <summary>0 where no call was made in the last minute.</summary>
    public double UsedOf(string marketplace, string store) =>
        _last.Where(l => l.Key.Marketplace == marketplace && (l.Key.Limit.StartsWith(store + "|", StringComparison.Ordinal) || l.Key.Limit.StartsWith("application|", StringComparison.Ordinal)))
            .Where(l => _clock.GetUtcNow() - l.Value.At < Remembered)
            .Select(l => l.Value.Share)
            .DefaultIfEmpty()
            .Max();

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, double share, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        string marketplace = "", limit = "";
        foreach (var (name, value) in tags)
        {
            if (name == "marketplace")
            {
                marketplace = value as string ?? "";
            }
            else if (name == "limit")
            {
                limit = value as string ?? "";
            }
        }

        _last[(marketplace, limit)] = (share, _clock.GetUtcNow());
    }
}
