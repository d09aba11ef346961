using System.Diagnostics;
using System.Security.Cryptography;
using Infra.Storage;
using Infra.Storage.Azure;

namespace Local.Once;

/// <summary>How fast the storage alone takes what the run has written: as many row versions of the same bytes, in transactions of 100, with the same client, one after another.</summary>
public sealed class Floor(AzureStorage storage)
{
    /// <param name="written">What the measured phase wrote.</param>
    /// <param name="partitions">As many partitions as the run had groups.</param>
    /// <returns>Orders a second.</returns>
    public async Task<double> MeasureAsync(int orders, StorageCounts written, int partitions, CancellationToken cancellation)
    {
        const int Batch = 100;
        var body = RandomNumberGenerator.GetBytes((int)Math.Max(1, written.Bytes / Math.Max(1, written.Rows))); // random: it does not compress, as the real bodies no longer do
        var watch = Stopwatch.StartNew();
        for (long row = 0; row < written.Rows; row += Batch)
        {
            var actions = Enumerable.Range(0, (int)Math.Min(Batch, written.Rows - row))
                .Select(i => (RowAction)new RowAction.Insert(new Row($"f|{row + i:D9}", body)))
                .ToArray();
            await storage.Rows.CommitAsync("floor", $"p{row / Batch % partitions}", actions, cancellation);
        }

        return orders / watch.Elapsed.TotalSeconds;
    }
}
