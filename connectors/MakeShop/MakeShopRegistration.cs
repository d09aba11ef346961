using Connectors.Wire;
using Domain.Marketplaces;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Connectors.MakeShop;

public static class MakeShopRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds MakeShop. The caller hangs its pipeline on the returned client builder.</summary>
        public IHttpClientBuilder AddMakeShop()
        {
            services.TryAddSingleton<MarketplaceHttp>();
            services.AddSingleton<MakeShopCalls>();
            services.AddSingleton<MakeShopOrders>();
            services.AddSingleton<MakeShopConnector>();
            services.AddSingleton<MakeShopShipments>();
            services.AddSingleton<MakeShopCancellation>();
            services.AddSingleton<MakeShopStock>();
            services.AddSingleton(provider =>
            {
                var connector = provider.GetRequiredService<MakeShopConnector>();
                return new Marketplace(Manifests.Read("MakeShop"), connector, connector)
                {
                    Reader = connector,
                    Shipments = provider.GetRequiredService<MakeShopShipments>(),
                    ShipmentReader = connector,
                    Stock = provider.GetRequiredService<MakeShopStock>(),
                    Cancellation = provider.GetRequiredService<MakeShopCancellation>(),
                };
            });
            return services.AddHttpClient(MakeShopConnector.Code);
        }
    }
}
