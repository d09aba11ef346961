using System.Security.Cryptography;
using Azure.Core;
using Azure.Identity;
using Connectors.AuPayMarket;
using Connectors.Futureshop;
using Connectors.MakeShop;
using Connectors.Qoo10;
using Connectors.Shoplist;
using Connectors.ShopServe;
using Connectors.YahooShopping;
using Domain.Marketplaces;
using Functions.Archive;
using Functions.Attention;
using Functions.Bundle;
using Functions.Cancel;
using Functions.Clocks;
using Functions.Manage;
using Functions.OrderFiles;
using Functions.Pull;
using Functions.Push;
using Functions.Warehouse;
using Infra.Ledger;
using Infra.Marketplaces;
using Infra.Secrets;
using Infra.Storage;
using Infra.Storage.Azure;
using Infra.Telemetry;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Functions;

/// <summary>What the functions are made of.</summary>
public static class LogiFunctions
{
    /// <summary>Everything that the functions need, in either flavour. What a caller has registered before stays: the local run brings its own storage, clock and secrets.</summary>
    public static FunctionsApplicationBuilder AddLogiFunctions(this FunctionsApplicationBuilder builder)
    {
        builder.ConfigureFunctionsWebApplication(); // before the gate: it needs the HTTP context
        builder.UseMiddleware<Gate>();
        builder.Services.TryAddSingleton(TimeProvider.System);
        if (!builder.Services.Any(s => s.ServiceType == typeof(IRowStore)))
        {
            builder.Services.AddAzureStorage(builder.Configuration);
        }

        builder.Services.AddVault(builder.Configuration);
        builder.Services.AddMarketplaceBudget();
        builder.Services.AddMarketplaces();
        builder.Services.AddUseCases();
        builder.Services.AddManagement(builder.Configuration);
        builder.Services.AddLogiTelemetry(builder.Configuration);
        builder.Services.AddHostedService<StartUp>();
        return builder;
    }

    extension(IServiceCollection services)
    {
        /// <summary>One line a marketplace.</summary>
        public void AddMarketplaces()
        {
            services.AddAuPayMarket().AddMarketplacePipeline();
            services.AddFutureshop().AddMarketplacePipeline();
            services.AddMakeShop().AddMarketplacePipeline();
            services.AddQoo10().AddMarketplacePipeline();
            services.AddShoplist().AddMarketplacePipeline();
            services.AddShopServe().AddMarketplacePipeline();
            services.AddYahooShopping().AddMarketplacePipeline();
        }

        /// <summary>Key Vault, the stores' credentials in it, and the installation's own secrets.</summary>
        public void AddVault(IConfiguration configuration)
        {
            services.TryAddSingleton(_ => new SecretStoreOptions(new Uri(
                configuration["Logi:Vault"] ?? throw new InvalidOperationException("The setting Logi:Vault names no Key Vault (https://NAME.vault.azure.net/)."))));
            services.TryAddSingleton<TokenCredential>(_ => new DefaultAzureCredential());
            services.TryAddSingleton<SecretStore>();
            services.TryAddSingleton<AgreedSecret>();
            services.TryAddSingleton<CredentialsOf>(provider => store => new VaultCredentials(
                provider.GetRequiredService<SecretStore>(), provider.GetRequiredService<TimeProvider>(), store.Id, store.Marketplace, _ => null));
            services.TryAddSingleton<BundleSecret>(provider => async cancellation =>
            {
                var secret = await provider.GetRequiredService<AgreedSecret>().ReadAsync(
                    SecretNames.BundleKey, () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)), cancellation);
                return Convert.FromHexString(secret.Value);
            });
        }

        /// <summary>Adds every use case: the capabilities, without their triggers' host.</summary>
        public IServiceCollection AddUseCases() => services
            .AddSingleton<GroupLedger>()
            .AddSingleton<StoreRegistry>()
            .AddSingleton<MarketplaceDirectory>()
            .AddSingleton<Dispatch>()
            .AddSingleton<BundleKeys>()
            .AddSingleton<OrderRevision>()
            .AddSingleton<ChangedOrders>()
            .AddSingleton<PullParts>()
            .AddSingleton<PullStore>()
            .AddSingleton<FollowOpenOrders>()
            .AddSingleton<LeavingOrders>()
            .AddSingleton<WatchCoverage>()
            .AddSingleton<ImportOrderFile>()
            .AddSingleton<BundleDeliveries>()
            .AddSingleton<DecideCandidate>()
            .AddSingleton<ShipGate>()
            .AddSingleton<HandOver>()
            .AddSingleton<RecordShipments>()
            .AddSingleton<PushShipments>()
            .AddSingleton<StorePause>()
            .AddSingleton<AttentionList>()
            .AddSingleton<LastTries>()
            .AddSingleton<SweepOutbox>()
            .AddSingleton<ArchiveClosed>()
            .AddSingleton<OrderLookup>()
            .AddSingleton<PullDue>()
            .AddSingleton<Heartbeat>();

        /// <summary>Adds what the management API needs beside the use cases.</summary>
        public void AddManagement(IConfiguration configuration)
        {
            // The platform checks no key of an anonymous function, so the one that opens the health endpoint is a setting (a Key Vault reference on Azure).
            var hostKey = configuration["Logi:HostKey"];
            services.TryAddSingleton(new HostKeys(request => hostKey is { Length: > 0 } && request.Headers["x-functions-key"] == hostKey));
            services.TryAddSingleton<KeepSecret>(provider => (name, value, cancellation) => provider.GetRequiredService<SecretStore>().SetAsync(name, value, null, cancellation));
            services.AddSingleton<ApiKeys>();
            services.AddSingleton<FirstKey>();
            services.AddSingleton<Audit>();
            services.ConfigureHttpJsonOptions(options => Answers.Configure(options.SerializerOptions));
        }
    }
}
