using Domain.Marketplaces;
using Microsoft.Extensions.DependencyInjection;
using Sandbox.Core;

namespace Tests.Connectors.Conformance;

/// <summary>What the conformance suite needs to know of a connector besides its manifest.</summary>
/// <param name="Simulator">Makes the marketplace's simulator.</param>
/// <param name="Register">The connector's own registration line.</param>
public sealed record ConnectorUnderTest(Func<SandboxWorld, ISimulator> Simulator, Func<IServiceCollection, IHttpClientBuilder> Register)
{
    private readonly Lazy<Manifest> _manifest = new(() =>
    {
        var services = new ServiceCollection();
        services.AddSingleton(TimeProvider.System);
        Register(services);
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<Marketplace>().Manifest;
    });

    public Manifest Manifest => _manifest.Value;

    /// <summary>The store setting that holds the page size; null = the caller cannot name one.</summary>
    public string? PageSizeSetting { get; init; }

    /// <summary>Where the service alone decides on the page size: a simulator whose pages are as small as the suite's. Null = see <see cref="PageSizeSetting"/>.</summary>
    public Func<SandboxWorld, ISimulator>? SmallPages { get; init; }

    /// <summary>False: the API has no pages, and the manifest must say so.</summary>
    public bool HasPages => PageSizeSetting is not null || SmallPages is not null;

    /// <summary>Why the marketplace has no review that holds an order back; null = it has one.</summary>
    public string? NoReview { get; init; }

    /// <summary>Why no order has several recipients; null = it can have.</summary>
    public string? NoSeveralRecipients { get; init; }

    /// <summary>Why the API brings only part of an order; null = it brings all of it.</summary>
    public string? PartOfOrders { get; init; }

    /// <summary>Why the probe does not learn when a credential ends; null = it does.</summary>
    public string? NoExpiry { get; init; }

    /// <summary>Fields of an order that this marketplace does not tell, or not as they were placed (names as in the suite's list) → why.</summary>
    public IReadOnlyDictionary<string, string> ToldOtherwise { get; init; } = new Dictionary<string, string>();

    /// <summary>Where the probe tells another fault than a reading does; null = it passes.</summary>
    public IReadOnlyDictionary<string, CredentialFault?> ProbeFaults { get; init; } = new Dictionary<string, CredentialFault?>();

    /// <summary>Lanes that bring nothing but orders released from a review.</summary>
    public IReadOnlyList<string> LanesOfReleased { get; init; } = [];

    /// <summary>Searches that a slice takes because the API searches one status at a time.</summary>
    public int SearchesPerSlice { get; init; } = 1;

    /// <summary>Orders that one call for the content of listed orders takes; 0 = the list brings it.</summary>
    public int DetailBatch { get; init; }

    /// <summary>Why the answer to too many calls cannot be told from another refusal; null = the wire tells.</summary>
    public string? ThrottlingLooksLikeAnotherRefusal { get; init; }

    /// <summary>How a credential is broken ("wrong", "expired", "revoked", "address", "rights") → what must be told; null = the connector helps itself.</summary>
    public required IReadOnlyDictionary<string, CredentialFault?> Faults { get; init; }

    /// <summary>A carrier service that the connector can report.</summary>
    public string Service { get; init; } = "yamato";

    /// <summary>An item as the marketplace addresses it.</summary>
    public StockItem Item { get; init; } = new("ABC-001");

    /// <summary>Why a check does not apply; null = it does.</summary>
    public string? WhyNot(Need need) => need switch
    {
        Need.ReadByCode => Capability("order-reader", "no order can be read by its code"),
        Need.Shipments => Capability("shipment-sink", "no shipment can be reported"),
        Need.ReadBack => Capability("shipment-reader", "no report can be read back"),
        Need.Stock => Capability("stock-sink", "no stock call"),
        Need.Cancellation => Capability("cancellation-sink", "no cancel call"),
        Need.Review => NoReview,
        Need.WholeOrders => PartOfOrders,
        Need.SeveralRecipients => NoSeveralRecipients,
        Need.Expiry => NoExpiry,
        Need.EnforcedLookback => Manifest.Lanes.Any(l => l is { LookbackEnforced: true, Signs: false }) ? null : "the window is our choice: older orders are served too",
        Need.OrderFile => Manifest.OrderFile is null ? "no order file is known" : null,
        _ => throw new ArgumentOutOfRangeException(nameof(need), need, null),
    };

    private string? Capability(string name, string otherwise) => Manifest.Capabilities.Contains(name) ? null : otherwise;
}
