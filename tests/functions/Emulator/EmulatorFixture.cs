using Infra.Storage;
using Infra.Storage.Azure;
using Local.Azurite;

[assembly: AssemblyFixture(typeof(Tests.Functions.Emulator.EmulatorFixture))]

namespace Tests.Functions.Emulator;

/// <summary>One real emulator for the whole test run, started by the first test that asks for it.</summary>
public sealed class EmulatorFixture : IAsyncDisposable
{
    private readonly Lazy<Task<AzuriteProcess>> _azurite = new(() => AzuriteProcess.StartAsync(AzuriteOptions.Throwaway(), CancellationToken.None));

    public async Task<string> ConnectionAsync() => (await _azurite.Value).ConnectionString;

    /// <summary>A name of a test's own in front of its tables and queues.</summary>
    public static string NewPrefix() => $"t{Guid.NewGuid():n}"[..12];

    public static AzureStorage Storage(string connection, string prefix, StorageCounter? counter = null) =>
        new(new AzureStorageOptions { ConnectionString = connection, Prefix = prefix }, counter ?? new StorageCounter());

    public async ValueTask DisposeAsync()
    {
        if (_azurite.IsValueCreated)
        {
            await (await _azurite.Value).DisposeAsync();
        }
    }
}
