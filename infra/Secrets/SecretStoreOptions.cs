using Azure.Core.Pipeline;

namespace Infra.Secrets;

/// <summary>Which vault, and how it is asked.</summary>
public sealed record SecretStoreOptions(Uri Vault)
{
    /// <summary>How long the answer to "the latest version" is believed.</summary>
    public TimeSpan LatestFor { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a named version is believed; its value never changes, but it can be disabled.</summary>
    public TimeSpan VersionFor { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The client checks that the vault asks for tokens of its own cloud. Off only for a stand-in on this machine.</summary>
    public bool CheckChallenge { get; init; } = true;

    /// <summary>Null = the SDK's own. A stand-in's self-signed certificate is accepted by the transport given here.</summary>
    public HttpPipelineTransport? Transport { get; init; }

    /// <summary>Tries after the first.</summary>
    public int Retries { get; init; } = 3;
}
