using System.Collections.Immutable;
using System.Security.Cryptography;
using Domain.Marketplaces;
using Domain.Stores;
using Functions;
using Infra.Ledger;
using Infra.Storage;
using Infra.Storage.Azure;
using Local.Azurite;
using Local.Host;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Sandbox.AuPayMarket;
using Sandbox.Core;
using Sandbox.Qoo10;

namespace Local.Setup;

/// <summary>One installation on this machine: Azurite, the sandbox with its marketplaces, the functions, all on one clock. Ends every child process with itself.</summary>
public sealed class Installation : IAsyncDisposable
{
    private readonly IHost _worker;
    private readonly AzuriteProcess _azurite;

    private Installation(IHost worker, AzuriteProcess azurite, LocalHost host, SandboxHost sandbox, SandboxClock clock, AzureStorage storage, StorageCounter counter, MemoryCredentials credentials)
    {
        (_worker, _azurite, Host, Sandbox, Clock, Storage, Counter, Credentials) = (worker, azurite, host, sandbox, clock, storage, counter, credentials);
    }

    /// <summary>One line a marketplace.</summary>
    public static IReadOnlyList<Func<SandboxWorld, ISimulator>> Simulators { get; } =
    [
        world => new AuPayMarketSimulator(world),
        world => new Qoo10Simulator(world),
    ];

    public LocalHost Host { get; }

    public SandboxHost Sandbox { get; }

    public SandboxClock Clock { get; }

    public AzureStorage Storage { get; }

    public StorageCounter Counter { get; }

    public MemoryCredentials Credentials { get; }

    public IServiceProvider Services => _worker.Services;

    public string StorageConnection => _azurite.ConnectionString;

    /// <param name="prefix">In front of every table and queue, so that runs do not meet.</param>
    /// <param name="inProcess">The marketplaces answer without a socket in between.</param>
    /// <exception cref="AzuriteException">One line that says what is missing and what to do.</exception>
    /// <exception cref="HostRefusedException">The real host would not start with these functions.</exception>
    public static async Task<Installation> StartAsync(AzuriteOptions options, string prefix, bool inProcess, Action<ILoggingBuilder> logging, CancellationToken cancellation)
    {
        var azurite = await AzuriteProcess.StartAsync(options, cancellation);
        try
        {
            var clock = new SandboxClock();
            var sandbox = new SandboxHost(new SandboxWorld(clock), [.. Simulators]);
            var counter = new StorageCounter();
            var storage = new AzureStorage(new AzureStorageOptions { ConnectionString = azurite.ConnectionString, Prefix = prefix }, counter);
            var credentials = new MemoryCredentials(clock);
            var builder = FunctionsApplication.CreateBuilder([]);
            builder.Logging.ClearProviders();
            logging(builder.Logging);
            builder.Services.AddSingleton<TimeProvider>(clock);
            builder.Services.AddSingleton(counter);
            builder.Services.AddSingleton<IRowStore>(storage.Rows);
            builder.Services.AddSingleton<IMessageQueue>(storage.Queue);
            builder.Services.AddSingleton<CredentialsOf>(credentials.Of);
            var secret = RandomNumberGenerator.GetBytes(32);
            builder.Services.AddSingleton<BundleSecret>(_ => ValueTask.FromResult<ReadOnlyMemory<byte>>(secret));
            builder.Services.AddSingleton<Functions.Manage.KeepSecret>((_, _, _) => Task.CompletedTask);
            builder.Services.AddSingleton(new Functions.Manage.HostKeys(_ => false));
            builder.AddLogiFunctions();
            if (inProcess)
            {
                builder.Services.ConfigureAll<HttpClientFactoryOptions>(client =>
                    client.HttpMessageHandlerBuilderActions.Add(b => b.PrimaryHandler = new SandboxHandler(sandbox)));
            }

            var worker = builder.Build();
            var host = new LocalHost(worker, typeof(LogiFunctions).Assembly.GetTypes(), HostSettings.Read(Path.Combine(AppContext.BaseDirectory, "host.json")), hostKey: "");
            return new Installation(worker, azurite, host, sandbox, clock, storage, counter, credentials);
        }
        catch
        {
            await azurite.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens a simulated account, sets its store up and lets it go live.</summary>
    public async Task<Store> OpenStoreAsync(string marketplace, string id, Uri address, DateTimeOffset liveFrom, Func<Store, Store> change, CancellationToken cancellation)
    {
        var account = Sandbox.OpenAccount(marketplace, id);
        var manifest = Services.GetRequiredService<MarketplaceDirectory>().Find(marketplace)!.Manifest;
        var registry = Services.GetRequiredService<StoreRegistry>();
        var storeId = StoreId.Parse(id);
        foreach (var (field, value) in account.Secrets)
        {
            Credentials.Set(storeId, field, value);
        }

        var store = change(new Store
        {
            Id = storeId,
            Marketplace = marketplace,
            Name = $"見本商店 {manifest.Name.Ja}店",
            Group = BundleGroupId.Of(storeId),
            BaseAddress = address,
            LiveFrom = liveFrom,
            Settings = account.Settings.Where(s => manifest.Settings.Any(known => known.Name == s.Key)).ToImmutableSortedDictionary(StringComparer.Ordinal),
        });
        await registry.SaveAsync(store, await registry.ReadAsync(cancellation), cancellation);
        return store;
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _worker.Dispose();
        await _azurite.DisposeAsync();
    }
}
