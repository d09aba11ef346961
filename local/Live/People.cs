using Functions.Bundle;
using Functions.Manage;
using Functions.Warehouse;

namespace Local.Live;

/// <summary>The simulated staff member and the simulated warehouse. They work through the management API with keys of their own, as people's programs would.</summary>
public sealed class People(TimeProvider clock)
{
    private const int MostAtOnce = 100;

    private static readonly TimeSpan Round = TimeSpan.FromSeconds(3);

    /// <summary>Long enough that the waiting orders (処理待ち) can be seen in the live view.</summary>
    private static readonly TimeSpan FileRound = TimeSpan.FromSeconds(15);

    private int _refusals;

    /// <summary>Calls that the management API refused or left without an answer; each is made again in the next round.</summary>
    public int Refusals => Volatile.Read(ref _refusals);

    /// <summary>Decides candidates and hands released deliveries over.</summary>
    public Task StaffAsync(ManageClient client, CancellationToken cancellation)
    {
        var desk = new StaffDesk(clock);
        return WorkAsync(async () =>
        {
            foreach (var candidate in (await client.GetAsync<List<CandidateView>>("candidates", cancellation)).Where(c => desk.IsDue(c.Since)))
            {
                await TryAsync(() => DecideAsync(client, desk, candidate, cancellation));
            }

            var released = await client.GetAsync<DeliveryPageView>($"deliveries?released=true&take={MostAtOnce}", cancellation);
            if (desk.ToHandOver(released.Deliveries.Select(d => d.Id)) is { Count: > 0 } free)
            {
                var lines = await client.PostAsync<List<HandOverLine>>("deliveries/hand-over", new HandOverForm(free), cancellation);
                foreach (var refused in lines.Where(l => !l.Done))
                {
                    desk.NoteRefused(refused.Delivery);
                }
            }
        }, cancellation);
    }

    /// <summary>Downloads the order file from the marketplace's screen and imports it, which completes the orders that the API brought in part (有効化).</summary>
    /// <param name="download">The file as it is now.</param>
    public async Task OrderFilesAsync(ManageClient client, string store, Func<byte[]> download, CancellationToken cancellation)
    {
        while (true)
        {
            await TryAsync(() => client.PostFileAsync($"stores/{store}/order-file", download(), cancellation));
            await Task.Delay(FileRound, clock, cancellation);
        }
    }

    /// <summary>Ships what is in work.</summary>
    public Task WarehouseAsync(ManageClient client, CancellationToken cancellation)
    {
        var desk = new WarehouseDesk();
        return WorkAsync(async () =>
        {
            var inWork = await client.GetAsync<DeliveryPageView>($"deliveries?state=InWork&take={MostAtOnce}", cancellation);
            if (desk.Pack(inWork.Deliveries) is { Count: > 0 } lines)
            {
                var results = await client.PostAsync<List<ShipmentLineResult>>("shipments", new ShipmentForm(lines), cancellation);
                foreach (var shipped in results.Where(r => r.Recorded))
                {
                    desk.NoteShipped(shipped.Delivery);
                }
            }
        }, cancellation);
    }

    private static async Task DecideAsync(ManageClient client, StaffDesk desk, CandidateView candidate, CancellationToken cancellation)
    {
        var path = $"candidates/{candidate.Group}/{candidate.Key}";
        if (desk.ExecutesNext())
        {
            await client.PostAsync<ExecutedView>($"{path}/execute", new ExecuteForm(), cancellation);
        }
        else
        {
            await client.PostAsync($"{path}/decline", new { }, cancellation);
        }
    }

    private async Task WorkAsync(Func<Task> round, CancellationToken cancellation)
    {
        while (true)
        {
            await TryAsync(round);
            await Task.Delay(Round, clock, cancellation);
        }
    }

    /// <summary>What was refused (somebody was faster, the storage is away) is looked at anew in the next round.</summary>
    private async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (ManageRefusedException)
        {
            Interlocked.Increment(ref _refusals);
        }
    }
}
