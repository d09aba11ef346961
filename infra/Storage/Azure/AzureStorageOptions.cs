using Azure.Core.Pipeline;

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
}
