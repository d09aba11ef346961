using Domain.Marketplaces;
using Functions.Attention;
using Functions.Bundle;
using Functions.Cancel;
using Functions.Clocks;
using Functions.Pull;
using Functions.Push;
using Functions.Warehouse;
using Infra.Ledger;
using Microsoft.Extensions.DependencyInjection;

namespace Functions;

/// <summary>What the functions are made of. The storage port, the marketplaces, <see cref="CredentialsOf"/>, <see cref="BundleSecret"/> and the clock come from outside.</summary>
public static class LogiFunctions
{
    extension(IServiceCollection services)
    {
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
    }
}
