using Infra.Storage;
using Infra.Storage.Azure;
using Local.Azurite;

[assembly: AssemblyFixture(typeof(Tests.Infra.Azurite.AzuriteFixture))]

namespace Tests.Infra.Azurite;

/// <summary>One real emulator for the whole test run, started by the first test that asks for it.</summary>
public sealed class AzuriteFixture : IAsyncDisposable
{
    private readonly Lazy<Task<AzuriteProcess>> _azurite = new(() => AzuriteProcess.StartAsync(AzuriteOptions.Throwaway(), CancellationToken.None));

    public Task<AzuriteProcess> ProcessAsync() => _azurite.Value;

    /// <summary>Tables and queues of a test's own.</summary>
    public async Task<AzureStorage> StorageAsync(StorageCounter counter, Func<AzureStorageOptions, AzureStorageOptions>? change = null)
    {
        var azurite = await _azurite.Value;
        var options = new AzureStorageOptions { ConnectionString = azurite.ConnectionString, Prefix = $"t{Guid.NewGuid():n}"[..12] };
        return new AzureStorage(change?.Invoke(options) ?? options, counter);
    }

    public async ValueTask DisposeAsync()
    {
        if (_azurite.IsValueCreated)
        {
            await (await _azurite.Value).DisposeAsync();
        }
    }
}
