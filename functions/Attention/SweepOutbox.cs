using Infra.Ledger;
using Infra.Storage;

namespace Functions.Attention;

/// <summary>Finds messages that a crash left unsent, and work that waited as a row, and sends them again. A message sent twice does no harm.</summary>
public sealed class SweepOutbox(StoreRegistry registry, GroupLedger ledger, Dispatch dispatch, TimeProvider clock)
{
    /// <summary>Younger entries are being worked on.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <param name="everything">Also what was written just now: after a start, when nothing can be at work.</param>
    /// <returns>How many messages were sent again.</returns>
    public async Task<int> RunAsync(bool everything, CancellationToken cancellation)
    {
        var book = await registry.ReadAsync(cancellation);
        var sent = 0;
        foreach (var group in book.Groups)
        {
            await foreach (var row in ledger.RangeAsync(group, RowRange.Prefix(GroupKeys.Outbox), cancellation))
            {
                var entry = Codecs.Outbox.Decode(row);
                if (everything || clock.GetUtcNow() - entry.CreatedAt >= Patience)
                {
                    await dispatch.SendBatchAsync(entry.Queue, new BatchMessage(group.Value, entry.Batch, entry.Trace), TimeSpan.Zero, cancellation);
                    sent++;
                }
            }
        }

        return sent;
    }
}
