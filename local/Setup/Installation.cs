using System.Collections.Immutable;
using Domain.Marketplaces;
using Domain.Stores;
using Functions;
using Infra.Ledger;
using Infra.Marketplaces;
using Infra.Secrets;
using Infra.Storage;
using Infra.Storage.Azure;
using Local.Azurite;
using Local.Host;
using Local.KeyVault;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Sandbox.AuPayMarket;
using Sandbox.Core;
using Sandbox.Futureshop;
using Sandbox.MakeShop;
using Sandbox.Qoo10;
using Sandbox.Shoplist;
using Sandbox.ShopServe;
using Sandbox.YahooShopping;

namespace Local.Setup;

/// <param name="Prefix">In front of every table and queue, so that runs do not meet.</param>
/// <param name="InProcess">The marketplaces answer without a socket in between, and nobody counts calls.</param>
/// <param name="VaultFile">Where the vault stand-in keeps its secrets; null = in memory.</param>
public sealed record InstallationOptions(AzuriteOptions Azurite, string Prefix, bool InProcess, string? VaultFile, string HostKey, Action<ILoggingBuilder> Logging)
{
    /// <summary>What stands around the marketplaces when they answer in process.</summary>
    public Func<HttpMessageHandler, HttpMessageHandler> Marketplaces { get; init; } = simulators => simulators;
}

/// <summary>One installation on this machine: Azurite, the sandbox with its marketplaces, the functions, all on one clock. Ends every child process with itself.</summary>
public sealed class Installation : IAsyncDisposable
{
    private readonly IHost _worker;
    private readonly AzuriteProcess _azurite;

    private Installation(IHost worker, AzuriteProcess azurite, VaultServer vault, LocalHost host, SandboxHost sandbox, SandboxClock clock, AzureStorage storage, StorageCounter counter)
    {
        (_worker, _azurite, Vault, Host, Sandbox, Clock, Storage, Counter) = (worker, azurite, vault, host, sandbox, clock, storage, counter);
    }

    /// <summary>One line a marketplace.</summary>
    public static IReadOnlyList<Func<SandboxWorld, ISimulator>> Simulators { get; } =
    [
        world => new AuPayMarketSimulator(world),
        world => new FutureshopSimulator(world),
        world => new MakeShopSimulator(world),
        world => new Qoo10Simulator(world),
        world => new ShoplistSimulator(world),
        world => new ShopServeSimulator(world, keepsCalendar: false),
        world => new YahooShoppingSimulator(world),
    ];

    public LocalHost Host { get; }

    public SandboxHost Sandbox { get; }

    public SandboxClock Clock { get; }

    public AzureStorage Storage { get; }

    public StorageCounter Counter { get; }

    public VaultServer Vault { get; }

    public IServiceProvider Services => _worker.Services;

    public string StorageConnection => _azurite.ConnectionString;

    public int AzuriteProcessId => _azurite.ProcessId;

    /// <exception cref="AzuriteException">One line that says what is missing and what to do.</exception>
    /// <exception cref="HostRefusedException">The real host would not start with these functions.</exception>
    public static async Task<Installation> StartAsync(InstallationOptions options, CancellationToken cancellation)
    {
        var clock = new SandboxClock();
        var azurite = await AzuriteProcess.StartAsync(options.Azurite, cancellation);
        VaultServer? vault = null;
        try
        {
            vault = await VaultServer.StartAsync(options.VaultFile, 0, clock, cancellation);
            var sandbox = new SandboxHost(new SandboxWorld(clock), [.. Simulators]);
            var counter = new StorageCounter();
            var storage = new AzureStorage(new AzureStorageOptions { ConnectionString = azurite.ConnectionString, Prefix = options.Prefix }, counter);
            var builder = FunctionsApplication.CreateBuilder([]);
            builder.Logging.ClearProviders();
            options.Logging(builder.Logging);
            builder.Services.AddSingleton<TimeProvider>(clock);
            builder.Services.AddSingleton(counter);
            builder.Services.AddSingleton<IRowStore>(storage.Rows);
            builder.Services.AddSingleton<IMessageQueue>(storage.Queue);
            builder.Services.AddSingleton(vault.ClientOptions);
            builder.Services.AddSingleton(vault.Credential);
            if (options.InProcess)
            {
                builder.Services.AddSingleton<LimitsOf>(_ => []); // lifted on both sides, for a run as fast as it can
            }

            builder.Configuration["Logi:HostKey"] = options.HostKey;
            builder.AddLogiFunctions();
            if (options.InProcess)
            {
                builder.Services.ConfigureAll<HttpClientFactoryOptions>(client =>
                    client.HttpMessageHandlerBuilderActions.Add(b => b.PrimaryHandler = options.Marketplaces(new SandboxHandler(sandbox))));
            }

            var worker = builder.Build();
            var host = new LocalHost(worker, typeof(LogiFunctions).Assembly.GetTypes(), HostSettings.Read(Path.Combine(AppContext.BaseDirectory, "host.json")), options.HostKey);
            await worker.StartAsync(cancellation);
            return new Installation(worker, azurite, vault, host, sandbox, clock, storage, counter);
        }
        catch
        {
            if (vault is not null)
            {
                await vault.DisposeAsync();
            }

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
            await Services.GetRequiredService<SecretStore>().SetAsync(SecretNames.Of(storeId, field), value, null, cancellation);
        }

        var store = change(new Store
        {
            Id = storeId,
            Marketplace = marketplace,
            Name = $"見本商店 {manifest.Name.Ja}店",
            Group = BundleGroupId.Of(storeId),
            BaseAddress = address,
            LiveFrom = liveFrom,
            ShipOnAnswerMinutes = manifest.Capabilities.Contains("order-reader") ? null : 60, // where no order can be asked for by its code, the last reading of the list must do
            Settings = account.Settings.Where(s => manifest.Settings.Any(known => known.Name == s.Key))
                .Concat(manifest.ConfirmSetting is { } confirm ? [KeyValuePair.Create(confirm, "true")] : []) // the sandbox's contract is the one that the defaults describe
                .ToImmutableSortedDictionary(StringComparer.Ordinal),
        });
        await registry.SaveAsync(store, await registry.ReadAsync(cancellation), cancellation);
        return store;
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await _worker.StopAsync();
        _worker.Dispose();
        await Vault.DisposeAsync();
        await _azurite.DisposeAsync();
    }
}
