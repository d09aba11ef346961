using Domain.Marketplaces;
using Domain.Stores;
using Functions;
using Functions.Manage;
using Infra.Ledger;
using Infra.Secrets;
using Infra.Storage;
using Infra.Storage.Azure;
using Local.Azurite;
using Local.Host;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Local.Live;

/// <summary>The functions on this machine, working for the stores of a file: with a real vault, real marketplaces and real storage or Azurite. No simulator, no simulated people.</summary>
public sealed class StoresInstallation : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _parts = new(); // ended last in, first out

    private StoresInstallation()
    {
    }

    public Uri Manage { get; private set; } = null!;

    /// <summary>Null: the vault does not hold it; its owner has put it elsewhere.</summary>
    public string? AdminKey { get; private set; }

    public IServiceProvider Services { get; private set; } = null!;

    /// <exception cref="LiveException">The file, a port, the vault or the storage: one line that says what to do.</exception>
    public static Task<StoresInstallation> StartAsync(StoresFile file, LiveOptions options, Action<ILoggingBuilder> logging, CancellationToken cancellation) =>
        StartAsync(file, options, logging, services => services.AddSingleton(new SecretStoreOptions(file.Vault)), cancellation);

    /// <param name="vault">How the vault is reached, where it is not the real one.</param>
    internal static async Task<StoresInstallation> StartAsync(
        StoresFile file, LiveOptions options, Action<ILoggingBuilder> logging, Action<IServiceCollection> vault, CancellationToken cancellation)
    {
        if (options.Port != 0)
        {
            Ports.CheckFree(options.Port, "the management API");
        }

        var installation = new StoresInstallation();
        try
        {
            await installation.BeginAsync(file, options, logging, vault, cancellation);
            return installation;
        }
        catch (Exception failure)
        {
            await installation.DisposeAsync();
            throw failure switch
            {
                SecretsUnavailableException or global::Azure.Identity.AuthenticationFailedException =>
                    new LiveException($"The vault {file.Vault} does not answer this machine's identity ({FirstLine(failure.Message)}). Sign in (az login) with an account that may read and set secrets there.", failure),
                StorageUnavailableException or global::Azure.RequestFailedException =>
                    new LiveException($"The storage or the vault refused ({FirstLine(failure.Message)}). Check \"storage\" and \"vault\" in the stores file and the rights of this machine's identity.", failure),
                _ => failure,
            };
        }
    }

    /// <summary>Sets a store up as the file says. A new one only watches; of a known one the file changes neither go-live nor switches.</summary>
    /// <exception cref="LiveException">The manifest does not know a setting, a credential field, or the marketplace.</exception>
    public static Store Apply(StoreEntry entry, Store? known, MarketplaceDirectory marketplaces)
    {
        var manifest = marketplaces.Find(entry.Marketplace)?.Manifest
            ?? throw new LiveException($"Store '{entry.Id}' is on '{entry.Marketplace}', for which there is no connector. There are: {string.Join(", ", marketplaces.All.Select(m => m.Manifest.Code).Order(StringComparer.Ordinal))}.");
        var fields = manifest.Credentials.Select(c => c.Field).ToList();
        if (entry.SecretNames.Keys.FirstOrDefault(f => !fields.Contains(f)) is { } unknown)
        {
            throw new LiveException($"Store '{entry.Id}' names a secret for '{unknown}', which {entry.Marketplace} does not have. It has: {string.Join(", ", fields)}.");
        }

        var form = known is null ? new StoreForm { Marketplace = entry.Marketplace, Name = entry.Id } : StoreForm.Of(known);
        try
        {
            return (form with { Marketplace = entry.Marketplace, Group = entry.Group, BaseAddress = entry.BaseAddress, Settings = entry.Settings.ToDictionary() })
                .Apply(StoreId.Parse(entry.Id), known, marketplaces);
        }
        catch (BadRequestException bad)
        {
            throw new LiveException($"Store '{entry.Id}', {bad.Field}: {bad.Message}", bad);
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (_parts.TryPop(out var part))
        {
            await part.DisposeAsync();
        }
    }

    private async Task BeginAsync(
        StoresFile file, LiveOptions options, Action<ILoggingBuilder> logging, Action<IServiceCollection> vault, CancellationToken cancellation)
    {
        var folder = LiveFolder.Open(options.DataFolder);
        _parts.Push(new Ending(folder.Dispose));
        var connection = file.Storage;
        if (file.Storage == StoresFile.Azurite)
        {
            var azurite = await AzuriteProcess.StartAsync(AzuriteFor(folder, options), cancellation);
            _parts.Push(azurite);
            connection = azurite.ConnectionString;
        }

        var worker = WorkerOf(file, connection, logging, vault);
        _parts.Push(new Ending(async () =>
        {
            await worker.StopAsync(CancellationToken.None);
            worker.Dispose();
        }));
        Services = worker.Services;
        var hostKey = Guid.NewGuid().ToString("n");
        var host = new LocalHost(worker, typeof(LogiFunctions).Assembly.GetTypes(), HostSettings.Read(Path.Combine(AppContext.BaseDirectory, "host.json")), hostKey);
        _parts.Push(host);
        var registry = Services.GetRequiredService<StoreRegistry>();
        foreach (var entry in file.Stores)
        {
            var book = await registry.ReadAsync(cancellation);
            await registry.SaveAsync(Apply(entry, book.Find(StoreId.Parse(entry.Id)), Services.GetRequiredService<MarketplaceDirectory>()), book, cancellation);
        }

        await worker.StartAsync(cancellation);
        var manage = await ManageServer.StartAsync(host, Services, options.Port, cancellation);
        _parts.Push(manage);
        Manage = manage.Address;
        AdminKey = (await Services.GetRequiredService<SecretStore>().FindAsync(FirstKey.SecretName, null, cancellation))?.Value;
        host.Start(folder.Timers);
    }

    private static AzuriteOptions AzuriteFor(LiveFolder folder, LiveOptions options) =>
        (options.Memory ? AzuriteOptions.Throwaway() : new AzuriteOptions(folder.Azurite)) with { Progress = options.Say };

    private static IHost WorkerOf(StoresFile file, string connection, Action<ILoggingBuilder> logging, Action<IServiceCollection> vault)
    {
        var counter = new StorageCounter();
        var storage = StorageOf(connection, counter);
        var builder = FunctionsApplication.CreateBuilder([]);
        builder.Logging.ClearProviders();
        logging(builder.Logging);
        builder.Services.AddSingleton(counter);
        builder.Services.AddSingleton<IRowStore>(storage.Rows);
        builder.Services.AddSingleton<IMessageQueue>(storage.Queue);
        vault(builder.Services);
        var names = file.Stores.ToDictionary(s => s.Id, s => s.SecretNames, StringComparer.Ordinal);
        builder.Services.AddSingleton<CredentialsOf>(provider => store =>
        {
            var secrets = provider.GetRequiredService<SecretStore>();
            var usual = new VaultCredentials(secrets, provider.GetRequiredService<TimeProvider>(), store.Id, store.Marketplace, _ => null);
            return names.TryGetValue(store.Id.Value, out var own) ? new NamedCredentials(secrets, store.Marketplace, own, usual) : usual;
        });
        builder.AddLogiFunctions();
        return builder.Build();
    }

    private static AzureStorage StorageOf(string connection, StorageCounter counter)
    {
        try
        {
            return new AzureStorage(new AzureStorageOptions { ConnectionString = connection }, counter);
        }
        catch (Exception senseless) when (senseless is FormatException or ArgumentException or InvalidOperationException)
        {
            throw new LiveException("\"storage\" in the stores file is no connection string of a storage account (Azure portal: storage account, Access keys), nor \"azurite\".", senseless);
        }
    }

    private static string FirstLine(string text) => text.Split('\n', 2)[0].Trim();
}
