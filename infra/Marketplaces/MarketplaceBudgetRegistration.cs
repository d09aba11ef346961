using Domain.Marketplaces;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Infra.Marketplaces;

public static class MarketplaceBudgetRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds the budget that all pipelines share. The limits come from the registered marketplaces' manifests.</summary>
        public IServiceCollection AddMarketplaceBudget(BudgetOptions? budget = null, MarketplacePipelineOptions? pipeline = null)
        {
            services.TryAddSingleton(TimeProvider.System);
            services.TryAddSingleton(budget ?? new BudgetOptions { LongestCall = (pipeline ?? new MarketplacePipelineOptions()).TryTimeout });
            services.TryAddSingleton(pipeline ?? new MarketplacePipelineOptions());
            services.TryAddSingleton<LimitsOf>(provider => code => provider.GetRequiredService<MarketplaceDirectory>().Find(code)?.Manifest.Limits ?? []);
            services.TryAddSingleton<MarketplaceBudget>();
            return services;
        }
    }
}
