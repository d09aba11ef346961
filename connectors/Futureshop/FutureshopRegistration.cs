using Connectors.Wire;
using Domain.Marketplaces;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Connectors.Futureshop;

public static class FutureshopRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds futureshop. The caller hangs its pipeline on the returned client builder.</summary>
        public IHttpClientBuilder AddFutureshop()
        {
            services.TryAddSingleton<MarketplaceHttp>();
            services.AddSingleton<FutureshopToken>();
            services.AddSingleton<FutureshopCalls>();
            services.AddSingleton<FutureshopConnector>();
            services.AddSingleton<FutureshopShipments>();
            services.AddSingleton<FutureshopStock>();
            services.AddSingleton(provider =>
            {
                var connector = provider.GetRequiredService<FutureshopConnector>();
                var shipments = provider.GetRequiredService<FutureshopShipments>();
                return new Marketplace(Manifests.Read("Futureshop"), connector, connector)
                {
                    Reader = connector,
                    Shipments = shipments,
                    ShipmentReader = shipments,
                    Stock = provider.GetRequiredService<FutureshopStock>(),
                };
            });
            return services.AddHttpClient(FutureshopConnector.Code);
        }
    }
}
