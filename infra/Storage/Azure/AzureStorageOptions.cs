using Azure.Core.Pipeline;
using Microsoft.Extensions.Configuration;

namespace Infra.Storage.Azure;

/// <summary>Which storage account, and how patiently it is asked.</summary>
public sealed record AzureStorageOptions
{
    /// <summary>The connection string; null or empty = by addresses and identity.</summary>
    public string? ConnectionString { get; init; }

    public Uri? TableAddress { get; init; }

    public Uri? QueueAddress { get; init; }

    public Uri? BlobAddress { get; init; }

    /// <summary>Stands in front of every table's and queue's name, so that runs do not meet: lower-case letters and digits, a letter first. Empty for production.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Tries after the first.</summary>
    public int Retries { get; init; } = 4;

    /// <summary>Of one try.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Null = the SDK's own.</summary>
    public HttpPipelineTransport? Transport { get; init; }

    /// <summary>What <c>AzureWebJobsStorage</c> says, in the forms that the Functions host knows: a connection string, <c>accountName</c>, or one address a service.</summary>
    /// <exception cref="ArgumentException">It names no storage account.</exception>
    public static AzureStorageOptions From(IConfiguration configuration)
    {
        var storage = configuration.GetSection(AzureStorageRegistration.Setting);
        if (storage.Value is { Length: > 0 } connection)
        {
            return new AzureStorageOptions { ConnectionString = connection };
        }

        var account = storage["accountName"];
        return new AzureStorageOptions { TableAddress = AddressOf("table"), QueueAddress = AddressOf("queue"), BlobAddress = AddressOf("blob") };

        Uri AddressOf(string service) => storage[$"{service}ServiceUri"] is { Length: > 0 } address ? new Uri(address)
            : account is { Length: > 0 } ? new Uri($"https://{account}.{service}.core.windows.net")
            : throw new ArgumentException(
                $"The setting {AzureStorageRegistration.Setting} names no storage account: give a connection string, {AzureStorageRegistration.Setting}__accountName or {AzureStorageRegistration.Setting}__{service}ServiceUri.");
    }
}
