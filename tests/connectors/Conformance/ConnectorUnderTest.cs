using Domain.Marketplaces;
using Microsoft.Extensions.DependencyInjection;
using Sandbox.Core;

namespace Tests.Connectors.Conformance;

/// <summary>What the conformance suite needs to know of a connector besides its manifest.</summary>
/// <param name="Simulator">Makes the marketplace's simulator.</param>
/// <param name="Register">The connector's own registration line.</param>
public sealed record ConnectorUnderTest(Func<SandboxWorld, ISimulator> Simulator, Func<IServiceCollection, IHttpClientBuilder> Register)
{
    /// <summary>The store setting that holds the page size; null = the API has no pages, and the manifest must say so.</summary>
    public string? PageSizeSetting { get; init; }

    /// <summary>Why the marketplace has no review that holds an order back; null = it has one.</summary>
    public string? NoReview { get; init; }

    /// <summary>Lanes that bring nothing but orders released from a review.</summary>
    public IReadOnlyList<string> LanesOfReleased { get; init; } = [];

    /// <summary>Why the answer to too many calls cannot be told from another refusal; null = the wire tells.</summary>
    public string? ThrottlingLooksLikeAnotherRefusal { get; init; }

    /// <summary>How a credential is broken ("wrong", "expired", "revoked", "address", "rights") → what must be told; null = the connector helps itself.</summary>
    public required IReadOnlyDictionary<string, CredentialFault?> Faults { get; init; }

    /// <summary>A carrier service that the connector can report.</summary>
    public string Service { get; init; } = "yamato";
}
