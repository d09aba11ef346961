using Connectors.Wire;
using Domain.Marketplaces;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Connectors.Shoplist;

public static class ShoplistRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds SHOPLIST. The caller hangs its pipeline on the returned client builder.</summary>
        public IHttpClientBuilder AddShoplist()
        {
            services.TryAddSingleton<MarketplaceHttp>();
            services.TryAddSingleton(TimeProvider.System);
            services.AddSingleton<ShoplistCalls>();
            services.AddSingleton<ShoplistConnector>();
            services.AddSingleton<ShoplistStock>();
            services.AddSingleton(provider =>
            {
                var connector = provider.GetRequiredService<ShoplistConnector>();
                return new Marketplace(Manifests.Read("Shoplist"), connector, connector) { Stock = provider.GetRequiredService<ShoplistStock>() };
            });
            return services.AddHttpClient(ShoplistConnector.Code);
        }
    }
}
