using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Infra.Telemetry;

namespace Infra.Storage;

/// <summary>Counts every request to tables, queues and blobs by operation, retries included, under the label of the work that caused it.</summary>
/// <remarks>On Azure a policy of the SDK's pipeline counts each try, in the twin the twin itself, under the same names. The same figures go out as
/// the metrics <c>logi.storage.requests</c>, <c>logi.storage.rows</c> and <c>logi.storage.bytes</c>.</remarks>
public sealed class StorageCounter
{
    /// <summary>What is counted outside every label.</summary>
    public const string NoWork = "other";

    private static readonly AsyncLocal<string?> Label = new();
    private static readonly Counter<long> RequestsMetric = LogiTelemetry.Meter.CreateCounter<long>("logi.storage.requests", "requests", "HTTP requests to tables, queues and blobs, a transaction as one, retries included.");
    private static readonly Counter<long> RowsMetric = LogiTelemetry.Meter.CreateCounter<long>("logi.storage.rows", "rows", "Row versions written.");
    private static readonly Counter<long> BytesMetric = LogiTelemetry.Meter.CreateCounter<long>("logi.storage.bytes", "By", "Bytes of the properties written, keys left out.");

    private readonly ConcurrentDictionary<(string Work, string Operation), long> _requests = new();
    private readonly ConcurrentDictionary<string, RowsWritten> _written = new(StringComparer.Ordinal);

    /// <summary>Everything on this flow of work is counted under this label until the answer is disposed.</summary>
    /// <param name="work">For example <c>pull</c>, <c>bundle</c>, <c>push</c>, <c>clock</c>, <c>manage</c>.</param>
    public static IDisposable Under(string work)
    {
        var before = Label.Value;
        Label.Value = work;
        return new Scope(before);
    }

    /// <param name="operation">For example <c>tables.open.commit</c> or <c>queues.order-pull.send</c>.</param>
    public void Count(string operation)
    {
        var work = Label.Value ?? NoWork;
        _requests.AddOrUpdate((work, operation), 1, static (_, n) => n + 1);
        RequestsMetric.Add(1, new("work", work), new("operation", operation));
    }

    /// <summary>Row versions written and the bytes of their properties.</summary>
    public void Wrote(long rows, long bytes)
    {
        var work = Label.Value ?? NoWork;
        _written.AddOrUpdate(work, static (_, more) => more, static (_, before, more) => before + more, new RowsWritten(rows, bytes));
        RowsMetric.Add(rows, new KeyValuePair<string, object?>("work", work));
        BytesMetric.Add(bytes, new KeyValuePair<string, object?>("work", work));
    }

    public StorageCounts Read() => new(_requests.ToDictionary(), _written.ToDictionary());

    /// <summary>Begins again at nothing; the metrics go on.</summary>
    public void Reset()
    {
        _requests.Clear();
        _written.Clear();
    }

    private sealed class Scope(string? before) : IDisposable
    {
        public void Dispose() => Label.Value = before;
    }
}
