using Connectors.Wire;
using Domain.Marketplaces;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Connectors.YahooShopping;

public static class YahooShoppingRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds Yahoo!ショッピング. The caller hangs its pipeline on the returned client builder.</summary>
        public IHttpClientBuilder AddYahooShopping()
        {
            services.TryAddSingleton<MarketplaceHttp>();
            services.AddSingleton<YahooShoppingToken>();
            services.AddSingleton<YahooShoppingCalls>();
            services.AddSingleton<YahooShoppingConnector>();
            services.AddSingleton<YahooShoppingShipments>();
            services.AddSingleton<YahooShoppingStock>();
            services.AddSingleton<YahooShoppingCancellation>();
            services.AddSingleton(provider =>
            {
                var connector = provider.GetRequiredService<YahooShoppingConnector>();
                var shipments = provider.GetRequiredService<YahooShoppingShipments>();
                return new Marketplace(Manifests.Read("YahooShopping"), connector, connector)
                {
                    Reader = connector,
                    Shipments = shipments,
                    ShipmentReader = shipments,
                    Stock = provider.GetRequiredService<YahooShoppingStock>(),
                    Cancellation = provider.GetRequiredService<YahooShoppingCancellation>(),
                };
            });
            return services.AddHttpClient(YahooShoppingConnector.Code);
        }
    }
}
