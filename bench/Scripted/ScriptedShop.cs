using Domain.Coverage;
using Domain.Marketplaces;
using Domain.Stores;
using Functions;
using Functions.Bundle;
using Functions.Pull;
using Infra.Ledger;
using Infra.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Bench.Scripted;

/// <summary>One store on the scripted marketplace, pulled and bundled by the functions themselves, on whatever storage it is given.</summary>
public sealed class ScriptedShop : IDisposable
{
    /// <summary>10:00 JST; this clock stands still unless it is set.</summary>
    public static readonly DateTimeOffset Start = new(2026, 11, 24, 1, 0, 0, TimeSpan.Zero);

    private static readonly StoreId Id = StoreId.Parse("scripted-honten");

    private readonly ServiceProvider _services;
    private readonly IMessageQueue _queue;
    private readonly SetClock _clock;

    private ScriptedShop(IRowStore rows, IMessageQueue queue, SetClock clock, ScriptedMarket market)
    {
        (_queue, _clock, Market) = (queue, clock, market);
        _services = new ServiceCollection()
            .AddSingleton<TimeProvider>(clock)
            .AddSingleton(rows)
            .AddSingleton(queue)
            .AddSingleton(market.AsMarketplace())
            .AddSingleton<CredentialsOf>(_ => NoCredentials.Instance)
            .AddSingleton<BundleSecret>(_ => ValueTask.FromResult<ReadOnlyMemory<byte>>(new byte[32]))
            .AddLogging()
            .AddUseCases()
            .AddSingleton<PullFunctions>()
            .AddSingleton<BundleFunctions>()
            .BuildServiceProvider();
    }

    public ScriptedMarket Market { get; }

    /// <param name="orders">In the marketplace's window of 30 days.</param>
    public static async Task<ScriptedShop> OpenAsync(IRowStore rows, IMessageQueue queue, SetClock clock, int orders, int payloadBytes)
    {
        var window = new Interval(PullPlan.WindowStart(ScriptedMarket.Lane.LookbackDays, Start), Start.AddHours(-1));
        var shop = new ScriptedShop(rows, queue, clock, new ScriptedMarket(orders, window, payloadBytes));
        var store = new Store { Id = Id, Marketplace = ScriptedMarket.Manifest.Code, Name = "見本商店", Group = BundleGroupId.Of(Id), LiveFrom = window.From };
        var registry = shop._services.GetRequiredService<StoreRegistry>();
        await registry.SaveAsync(store, await registry.ReadAsync(default), default);
        return shop;
    }

    /// <summary>The same store in a process that remembers nothing.</summary>
    public ScriptedShop Restart(IRowStore rows) => new(rows, _queue, _clock, Market);

    /// <summary>Sends and works off one pull message.</summary>
    public async Task PullAsync()
    {
        await _services.GetRequiredService<Dispatch>().SendAsync(new PullMessage(Id.Value), TimeSpan.Zero, default);
        await WorkOffAsync(Queues.OrderPull);
    }

    /// <summary>Works the messages of the pulls off that came before.</summary>
    public Task BundleAsync() => WorkOffAsync(Queues.Bundling);

    public void Dispose() => _services.Dispose();

    private async Task WorkOffAsync(string queue)
    {
        while (await _queue.ReceiveAsync(queue, 32, TimeSpan.FromMinutes(10), default) is { Count: > 0 } messages)
        {
            foreach (var message in messages)
            {
                using (StorageCounter.Under(queue))
                {
                    await (queue == Queues.OrderPull
                        ? _services.GetRequiredService<PullFunctions>().PullAsync(message.Body, message.Id, message.DequeueCount, default)
                        : _services.GetRequiredService<BundleFunctions>().RunAsync(message.Body, message.Id, message.DequeueCount, default));
                }

                await _queue.DeleteAsync(queue, message, default);
            }
        }
    }

    private sealed class NoCredentials : ICredentials
    {
        public static readonly NoCredentials Instance = new();

        public ValueTask<string> ReadAsync(string field, CancellationToken cancellation) => new("");

        public ValueTask<string?> FindTokenAsync(string name, CancellationToken cancellation) => new((string?)null);

        public ValueTask KeepTokenAsync(string name, string value, DateTimeOffset expiresAt, CancellationToken cancellation) => default;

        public ValueTask ForgetTokenAsync(string name, CancellationToken cancellation) => default;
    }
}

/// <summary>A clock that shows what it was set to.</summary>
public sealed class SetClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
