using Domain.Marketplaces;
using Domain.Stores;
using Domain.Time;
using Infra.Ledger;
using Infra.Storage;

namespace Functions.Clocks;

/// <summary>Asks what is due, claims each slot by a conditional write, and sends its message. Both clocks call it; called twice, late or at once it does no harm.</summary>
public sealed class PullDue(StoreRegistry registry, MarketplaceDirectory marketplaces, IRowStore rows, Dispatch dispatch, TimeProvider clock)
{
    public const string Table = "clocks";

    private const string Partition = "due";

    private static readonly TimeSpan FollowEvery = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan WatchEvery = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan ArchiveEvery = TimeSpan.FromHours(12);

    /// <summary>At night, and for a store without an order for a day, a poll every so often is enough.</summary>
    private static readonly TimeSpan QuietPoll = TimeSpan.FromMinutes(10);

    /// <summary>Noted to the hour, so an hour longer than the day it stands for.</summary>
    private static readonly TimeSpan WithoutOrders = TimeSpan.FromHours(25);

    /// <returns>How many slots this call claimed.</returns>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var book = await registry.ReadAsync(cancellation);
        var now = clock.GetUtcNow();
        var known = (await rows.ReadAsync(Table, Partition, new RowRange("0", "~"), cancellation)).Rows.ToDictionary(r => r.Key, StringComparer.Ordinal);
        var due = Slots(book).Where(s => known.GetValueOrDefault(s.Name)?.Time("next") is not { } next || next <= now).ToList();
        var claimed = 0;
        foreach (var some in due.Chunk(90))
        {
            claimed += await ClaimAsync([.. some], known, now, cancellation);
        }

        return claimed;
    }

    /// <summary>How long until a store wants its next poll: the manifest's period, longer at night and without orders, or the store's own.</summary>
    public TimeSpan PollPeriod(Store store, StoreStatus? status)
    {
        if (store.PollSeconds is { } seconds)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        var now = clock.GetUtcNow();
        var night = TimeOnly.FromDateTime(Jst.In(now).DateTime) < new TimeOnly(7, 0);
        var quiet = now - status?.LastOrderAt > WithoutOrders;
        return night || quiet ? QuietPoll : TimeSpan.FromSeconds(marketplaces.Of(store).Manifest.PollSeconds);
    }

    private async Task<int> ClaimAsync(List<Slot> due, Dictionary<string, Row> known, DateTimeOffset now, CancellationToken cancellation)
    {
        while (due.Count > 0)
        {
            try
            {
                await rows.CommitAsync(Table, Partition, [.. due.Select(s => Claim(s, known, now))], cancellation);
                break;
            }
            catch (RowConflictException conflict)
            {
                due.RemoveAll(s => s.Name == conflict.Key); // the other clock has it
            }
        }

        foreach (var slot in due)
        {
            await slot.Send(cancellation);
        }

        return due.Count;
    }

    private static RowAction Claim(Slot slot, Dictionary<string, Row> known, DateTimeOffset now)
    {
        var row = new Row(slot.Name, null, new Dictionary<string, object> { ["next"] = now + slot.Every, ["last"] = now }, default);
        return known.TryGetValue(slot.Name, out var stands) ? new RowAction.Replace(row, stands.ETag!) : new RowAction.Insert(row);
    }

    private IEnumerable<Slot> Slots(StoreBook book)
    {
        var now = clock.GetUtcNow();
        foreach (var store in book.Stores.Values)
        {
            var status = book.Statuses.GetValueOrDefault(store.Id);
            if (store.Switches.Pull && marketplaces.Of(store).Manifest.IsConfirmed(store) && !book.StopAll && status is not { CredentialFault: not null } && !(status?.NotBefore > now))
            {
                yield return new Slot($"pull|{store.Id}", PollPeriod(store, status), c => dispatch.SendAsync(new PullMessage(store.Id.Value), TimeSpan.Zero, c));
                yield return new Slot($"follow|{store.Id}", FollowPeriod(store), c => dispatch.SendAsync(new FollowMessage(store.Id.Value, "follow"), c));
            }
        }

        yield return new Slot("sweep-outbox", SweepEvery, c => dispatch.SendAsync(new ChoreMessage("sweep-outbox"), c));
        yield return new Slot("watch-coverage", WatchEvery, c => dispatch.SendAsync(new ChoreMessage("watch-coverage"), c));
        yield return new Slot("archive-closed", ArchiveEvery, c => dispatch.SendAsync(new ChoreMessage("archive-closed"), c));
    }

    /// <summary>A store that polls faster than usual (a demo) follows its open orders faster as well.</summary>
    private static TimeSpan FollowPeriod(Store store) =>
        store.PollSeconds is { } seconds && seconds < 60 ? TimeSpan.FromSeconds(seconds * 3) : FollowEvery;

    /// <param name="Name">The slot's row key.</param>
    private sealed record Slot(string Name, TimeSpan Every, Func<CancellationToken, Task> Send);
}
