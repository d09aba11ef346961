using Connectors.AuPayMarket;
using Connectors.Qoo10;
using Domain.Marketplaces;
using Functions.Attention;
using Functions.Bundle;
using Functions.Cancel;
using Functions.Clocks;
using Functions.Manage;
using Functions.Pull;
using Functions.Push;
using Functions.Warehouse;
using Infra.Ledger;
using Microsoft.Azure.Functions.Worker.Builder;
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
        builder.Services.AddMarketplaces();
        builder.Services.AddUseCases();
        builder.Services.AddManagement();
        return builder;
    }

    extension(IServiceCollection services)
    {
        /// <summary>One line a marketplace.</summary>
        public void AddMarketplaces()
        {
            services.AddAuPayMarket();
            services.AddQoo10();
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
            .AddSingleton<WatchCoverage>()
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
            .AddSingleton<PullDue>()
            .AddSingleton<Heartbeat>();

        /// <summary>Adds what the management API needs beside the use cases.</summary>
        public void AddManagement()
        {
            services.AddSingleton<ApiKeys>();
            services.AddSingleton<FirstKey>();
            services.AddSingleton<Audit>();
            services.ConfigureHttpJsonOptions(options => Answers.Configure(options.SerializerOptions));
        }
    }
}
