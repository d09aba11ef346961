using Domain.Stores;

namespace Domain.Marketplaces;

/// <summary>The marketplaces that are registered, by code.</summary>
public sealed class MarketplaceDirectory(IEnumerable<Marketplace> marketplaces)
{
    private readonly Dictionary<string, Marketplace> _byCode = marketplaces.ToDictionary(m => m.Manifest.Code, StringComparer.Ordinal);

    public IReadOnlyCollection<Marketplace> All => _byCode.Values;

    public Marketplace? Find(string code) => _byCode.GetValueOrDefault(code);

    /// <summary>The marketplace of a store that was validated when it was set up.</summary>
    public Marketplace Of(Store store) => Find(store.Marketplace)
        ?? throw new InvalidOperationException($"Store {store.Id} is on '{store.Marketplace}', for which no connector is registered.");
}

/// <summary>Gives the credentials of a store.</summary>
public delegate ICredentials CredentialsOf(Store store);

/// <summary>Gives the installation's secret for bundle keys.</summary>
public delegate ValueTask<ReadOnlyMemory<byte>> BundleSecret(CancellationToken cancellation);
