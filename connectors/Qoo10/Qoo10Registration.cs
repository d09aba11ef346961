using Domain.Marketplaces;
using Microsoft.Extensions.DependencyInjection;

namespace Connectors.Qoo10;

public static class Qoo10Registration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds Qoo10. The caller hangs its pipeline on the returned client builder.</summary>
        public IHttpClientBuilder AddQoo10()
        {
            services.AddSingleton<Qoo10Calls>();
            services.AddSingleton<Qoo10Certification>();
            services.AddSingleton<Qoo10Connector>();
            services.AddSingleton<Qoo10Shipments>();
            services.AddSingleton<Qoo10Stock>();
            services.AddSingleton<Qoo10Cancellation>();
            services.AddSingleton(provider =>
            {
                var connector = provider.GetRequiredService<Qoo10Connector>();
                var shipments = provider.GetRequiredService<Qoo10Shipments>();
                return new Marketplace(ReadManifest(), connector, connector)
                {
                    Reader = connector,
                    Shipments = shipments,
                    ShipmentReader = shipments,
                    Acknowledgement = shipments,
                    Stock = provider.GetRequiredService<Qoo10Stock>(),
                    Cancellation = provider.GetRequiredService<Qoo10Cancellation>(),
                };
            });
            return services.AddHttpClient(Qoo10Connector.Code);
        }
    }

    private static Manifest ReadManifest()
    {
        using var json = typeof(Qoo10Registration).Assembly.GetManifestResourceStream("Qoo10/connector.json")
            ?? throw new InvalidOperationException("Qoo10/connector.json is not embedded.");
        return Manifest.Parse(json);
    }
}
