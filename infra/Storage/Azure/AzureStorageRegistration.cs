using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Infra.Storage.Azure;

public static class AzureStorageRegistration
{
    /// <summary>The Functions host's own setting: a connection string, or the addresses beside a managed identity.</summary>
    public const string Setting = "AzureWebJobsStorage";

    extension(IServiceCollection services)
    {
        /// <summary>Adds rows and queues of the storage account that the Functions host itself uses.</summary>
        public IServiceCollection AddAzureStorage(IConfiguration configuration)
        {
            services.TryAddSingleton<StorageCounter>();
            services.TryAddSingleton<TokenCredential>(_ => new DefaultAzureCredential(new DefaultAzureCredentialOptions
            {
                ManagedIdentityClientId = configuration[$"{Setting}:clientId"],
            }));
            services.AddSingleton(provider =>
            {
                var options = AzureStorageOptions.From(configuration);
                return new AzureStorage(options, provider.GetRequiredService<StorageCounter>(), options.ConnectionString is null ? provider.GetRequiredService<TokenCredential>() : null);
            });
            services.AddSingleton<IRowStore>(provider => provider.GetRequiredService<AzureStorage>().Rows);
            services.AddSingleton<IMessageQueue>(provider => provider.GetRequiredService<AzureStorage>().Queue);
            return services;
        }
    }
}
