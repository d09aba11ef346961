using Infra.Ledger;
using Infra.Storage;

namespace Functions.Clocks;

/// <summary>The second clock: a message that sends its successor before it does anything else. Each successor is a generation younger, so that one delivered twice or tried again
/// has no second successor. The timer brings the heartbeat back when it is lost; older generations die out.</summary>
public sealed class Heartbeat(StoreRegistry registry, IRowStore rows, Dispatch dispatch, PullDue due, TimeProvider clock)
{
    private const string Partition = "beats";
    private const string HeartbeatRow = "heartbeat";
    private const string TimerRow = "timer";

    /// <summary>Without a beat for so long the heartbeat counts as lost.</summary>
    private static readonly TimeSpan Lost = TimeSpan.FromMinutes(3);

    /// <summary>The heartbeat message arrived.</summary>
    public async Task BeatAsync(HeartbeatMessage message, CancellationToken cancellation)
    {
        var row = await rows.FindAsync(PullDue.Table, Partition, HeartbeatRow, cancellation);
        if (row is not null && message.Generation < row.Number("generation"))
        {
            return; // a younger heartbeat lives
        }

        var next = message with { Generation = message.Generation + 1 };
        await dispatch.SendAsync(next, await PeriodAsync(cancellation), cancellation);
        await NoteAsync(HeartbeatRow, row, next.Generation, cancellation);
        await due.RunAsync(cancellation);
    }

    /// <summary>The timer fired: does what is due, and revives the heartbeat.</summary>
    public async Task TickAsync(CancellationToken cancellation)
    {
        await NoteAsync(TimerRow, await rows.FindAsync(PullDue.Table, Partition, TimerRow, cancellation), 0, cancellation);
        await ReviveAsync(cancellation);
        await due.RunAsync(cancellation);
    }

    /// <summary>Starts a heartbeat when there is none, under a new generation.</summary>
    public async Task ReviveAsync(CancellationToken cancellation)
    {
        var row = await rows.FindAsync(PullDue.Table, Partition, HeartbeatRow, cancellation);
        if (row?.Time("at") is { } at && clock.GetUtcNow() - at < Lost)
        {
            return;
        }

        var generation = (row?.Number("generation") ?? 0) + 1;
        if (await NoteAsync(HeartbeatRow, row, generation, cancellation))
        {
            await dispatch.SendAsync(new HeartbeatMessage(generation), TimeSpan.Zero, cancellation);
        }
    }

    /// <summary>When each clock last ran; null = never.</summary>
    public async Task<(DateTimeOffset? Timer, DateTimeOffset? Heartbeat)> AgesAsync(CancellationToken cancellation)
    {
        var beats = (await rows.ReadAsync(PullDue.Table, Partition, new RowRange("0", "~"), cancellation)).Rows.ToDictionary(r => r.Key, r => r.Time("at"), StringComparer.Ordinal);
        return (beats.GetValueOrDefault(TimerRow), beats.GetValueOrDefault(HeartbeatRow));
    }

    /// <summary>As often as the most eager store wants to be polled, at most once a minute where none is eager.</summary>
    private async Task<TimeSpan> PeriodAsync(CancellationToken cancellation)
    {
        var book = await registry.ReadAsync(cancellation);
        var period = book.Stores.Values.Select(s => due.PollPeriod(s, book.Statuses.GetValueOrDefault(s.Id))).Append(TimeSpan.FromMinutes(1)).Min();
        return period < TimeSpan.FromSeconds(5) ? TimeSpan.FromSeconds(5) : period;
    }

    private async Task<bool> NoteAsync(string name, Row? stands, long generation, CancellationToken cancellation)
    {
        var row = new Row(name, null, new Dictionary<string, object> { ["at"] = clock.GetUtcNow(), ["generation"] = generation }, default);
        try
        {
            await rows.CommitAsync(PullDue.Table, Partition, [stands is null ? new RowAction.Insert(row) : new RowAction.Replace(row, stands.ETag!)], cancellation);
            return true;
        }
        catch (RowConflictException)
        {
            return false; // noted by another instance in the same moment
        }
    }
}
