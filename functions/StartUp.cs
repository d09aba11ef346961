using Functions.Clocks;
using Functions.Manage;
using Microsoft.Extensions.Hosting;

namespace Functions;

/// <summary>What must stand before anything runs: the first admin key, and a heartbeat.</summary>
public sealed class StartUp(FirstKey firstKey, Heartbeat heartbeat) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await firstKey.EnsureAsync(cancellationToken);
        await heartbeat.ReviveAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
