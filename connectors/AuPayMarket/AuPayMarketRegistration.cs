using Connectors.Wire;
using Domain.Marketplaces;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Connectors.AuPayMarket;

public static class AuPayMarketRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds au PAY マーケット. The caller hangs its pipeline on the returned client builder.</summary>
        public IHttpClientBuilder AddAuPayMarket()
        {
            services.TryAddSingleton<MarketplaceHttp>();
            services.AddSingleton<AuPayMarketConnector>();
            services.AddSingleton<AuPayMarketShipments>();
            services.AddSingleton<AuPayMarketStock>();
            services.AddSingleton<AuPayMarketCancellation>();
            services.AddSingleton(provider =>
            {
                var connector = provider.GetRequiredService<AuPayMarketConnector>();
                var shipments = provider.GetRequiredService<AuPayMarketShipments>();
                return new Marketplace(Manifests.Read("AuPayMarket"), connector, connector)
                {
                    Reader = connector,
                    Shipments = shipments,
                    ShipmentReader = connector,
                    Acknowledgement = shipments,
                    Stock = provider.GetRequiredService<AuPayMarketStock>(),
                    Cancellation = provider.GetRequiredService<AuPayMarketCancellation>(),
                };
            });
            return services.AddHttpClient(AuPayMarketConnector.Code);
        }
    }
}
