using Infra.Storage;
using Infra.Storage.InMemory;
using Microsoft.Extensions.Time.Testing;
using Tests.Functions.World;

namespace Tests.Functions.Crash;

/// <summary>The main job in memory. Every process may die; the next one plays on.</summary>
public sealed class Rehearsal : IDisposable
{
    private readonly FakeTimeProvider _clock = new(Shop.Start);
    private readonly StorageCounter _counter = new();
    private readonly InMemoryRowStore _rows;
    private readonly InMemoryMessageQueue _queue;
    private readonly TestMarket _market;
    private readonly Breaker _breaker;
    private readonly Func<IRowStore, IRowStore> _storage;
    private Shop _shop;

    /// <param name="storage">What lies between the functions and the rows; null = nothing.</param>
    /// <param name="singles">How many orders there are beside the peculiar ones.</param>
    public Rehearsal(Breaker breaker, Func<IRowStore, IRowStore>? storage = null, int singles = 12)
    {
        _breaker = breaker;
        _storage = storage ?? (rows => rows);
        _rows = new InMemoryRowStore(_counter);
        _queue = new InMemoryMessageQueue(_clock, _counter);
        _market = new TestMarket(_clock)
        {
            Before = _ => breaker.Around(after: false),
            After = _ => breaker.Around(after: true),
        };
        _shop = new Shop(_rows, _queue, _clock, _counter, _market);
        MainJob.Fill(_market, singles);
    }

    /// <summary>How many calls the job makes when nobody dies.</summary>
    public int Calls => _breaker.Calls;

    public async Task<string> PlayAsync()
    {
        await _shop.OpenAsync(); // set up before anything can die
        var rows = _storage(_rows);
        for (var deaths = 0; deaths < 30; deaths++)
        {
            _shop.Dispose();
            _shop = new Shop(new BreakingRows(rows, _breaker), new BreakingQueue(_queue, _breaker), _clock, _counter, _market);
            try
            {
                await MainJob.PlayAsync(_shop);
                break;
            }
            catch (Exception end) when (end is ProcessDiedException or StorageUnavailableException)
            {
                _breaker.Restart();
                _queue.LetGo();
                _clock.Advance(TimeSpan.FromMinutes(5));
            }
        }

        using var reader = new Shop(_rows, _queue, _clock, _counter, _market);
        return await MainJob.DumpAsync(reader);
    }

    public void Dispose() => _shop.Dispose();
}
