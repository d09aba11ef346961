using System.Diagnostics;
using System.Globalization;
using Infra.Storage.Azure;
using Microsoft.Extensions.Time.Testing;
using Tests.Functions.Crash;
using Tests.Functions.World;

namespace Tests.Functions.Emulator;

/// <summary>The main job on real storage. What must outlive a process stands in the emulator and, for the marketplace and the leases, in a folder.</summary>
/// <param name="Folder">Goes with <see cref="Dispose"/>.</param>
public sealed record MainJobOnTheEmulator(string Connection, string Prefix, string Folder) : IDisposable
{
    /// <summary>With seven peculiar ones, among them two pairs, one unpaid, one cancelled, one unreadable.</summary>
    public const int Singles = 1;

    /// <summary>Longer than a whole job takes on the clock of a process, and than any lease or wait.</summary>
    private static readonly TimeSpan BetweenProcesses = TimeSpan.FromMinutes(30);

    private string Effects => Path.Combine(Folder, "effects");

    private string Held => Path.Combine(Folder, "held");

    private string Killed => Path.Combine(Folder, "killed");

    private AzureStorage Storage => EmulatorFixture.Storage(Connection, Prefix);

    /// <summary>A store on tables of its own, set up before anything can die.</summary>
    public static async Task<MainJobOnTheEmulator> SetUpAsync(string connection)
    {
        var job = new MainJobOnTheEmulator(connection, EmulatorFixture.NewPrefix(), Directory.CreateTempSubdirectory("logi-kill-").FullName);
        using var shop = new Shop(job.Storage.Rows, job.Storage.Queue);
        await shop.OpenAsync();
        return job;
    }

    /// <param name="point">Where this process kills itself, as in <see cref="Breaker"/>; null = nowhere.</param>
    /// <returns>How many calls it made.</returns>
    public async Task<int> PlayAsync(int? point)
    {
        var breaker = new Breaker(point is { } there ? [there] : [])
        {
            OnDeath = () =>
            {
                File.WriteAllText(Killed, string.Create(CultureInfo.InvariantCulture, $"{point}"));
                Process.GetCurrentProcess().Kill();
            },
        };
        await PlayAsync(new FakeTimeProvider(Shop.Start), breaker);
        return breaker.Calls;
    }

    /// <summary>Another process goes on after one that was killed.</summary>
    /// <returns>How many messages the dead one had in hand.</returns>
    public async Task<int> GoOnAsync()
    {
        var held = await new HoldingQueue(Storage.Queue, Held).LetGoAsync(Shop.None);
        await PlayAsync(new FakeTimeProvider(Shop.Start + BetweenProcesses), new Breaker());
        return held;
    }

    /// <returns>The point at which a process killed itself; null = none has.</returns>
    public int? KilledAt() => File.Exists(Killed) ? int.Parse(File.ReadAllText(Killed), CultureInfo.InvariantCulture) : null;

    public async Task<string> DumpAsync()
    {
        var clock = new FakeTimeProvider(Shop.Start + (2 * BetweenProcesses));
        using var shop = new Shop(Storage.Rows, Storage.Queue, clock, market: Market(clock));
        return await MainJob.DumpAsync(shop);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private async Task PlayAsync(FakeTimeProvider clock, Breaker breaker)
    {
        var market = Market(clock);
        market.Before = _ => breaker.Around(after: false);
        market.After = _ => breaker.Around(after: true);
        var queue = new BreakingQueue(new HoldingQueue(Storage.Queue, Held), breaker);
        using var shop = new Shop(new BreakingRows(Storage.Rows, breaker), queue, clock, market: market);
        await MainJob.PlayAsync(shop);
    }

    /// <summary>The marketplace as all processes before have left it.</summary>
    private TestMarket Market(TimeProvider clock)
    {
        var market = new TestMarket(clock);
        MainJob.Fill(market, Singles);
        foreach (var effect in File.Exists(Effects) ? File.ReadAllLines(Effects) : [])
        {
            market.Happen(effect);
        }

        market.Recorded = effect => File.AppendAllText(Effects, effect + "\n");
        return market;
    }
}
