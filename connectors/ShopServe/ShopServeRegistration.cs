using Connectors.Wire;
using Domain.Marketplaces;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Connectors.ShopServe;

public static class ShopServeRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds ショップサーブ. The caller hangs its pipeline on the returned client builder.</summary>
        public IHttpClientBuilder AddShopServe()
        {
            services.TryAddSingleton<MarketplaceHttp>();
            services.TryAddSingleton(TimeProvider.System);
            services.AddSingleton<ShopServeCalls>();
            services.AddSingleton<ShopServeConnector>();
            services.AddSingleton<ShopServeShipments>();
            services.AddSingleton<ShopServeStock>();
            services.AddSingleton(provider =>
            {
                var connector = provider.GetRequiredService<ShopServeConnector>();
                return new Marketplace(Manifests.Read("ShopServe"), connector, connector)
                {
                    Reader = connector,
                    Shipments = provider.GetRequiredService<ShopServeShipments>(),
                    ShipmentReader = connector,
                    Stock = provider.GetRequiredService<ShopServeStock>(),
                };
            });
            return services.AddHttpClient(ShopServeConnector.Code);
        }
    }
}
