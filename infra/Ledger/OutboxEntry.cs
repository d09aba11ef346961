using System.Collections.Immutable;
using Domain.Stores;

namespace Infra.Ledger;

/// <summary>A message that must be sent because of what the same transaction wrote. It is deleted by the transaction that consumes it.</summary>
/// <param name="Queue">The queue that it goes to.</param>
/// <param name="Batch">Its name within the group.</param>
/// <param name="Ranges">For bundling: the index lines of the batch.</param>
/// <param name="Rows">For pushing: the row keys of the ledger entries.</param>
/// <param name="Trace">W3C trace context of the work that wrote it.</param>
public sealed record OutboxEntry(
    string Queue, string Batch, StoreId Store, ImmutableArray<LineRange> Ranges, ImmutableArray<string> Rows, DateTimeOffset CreatedAt, string? Trace);

/// <summary>Lines of one index segment, by their places: from (inclusive) to (exclusive).</summary>
public sealed record LineRange(string Segment, int From, int To);
