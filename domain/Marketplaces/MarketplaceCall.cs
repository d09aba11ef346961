using Domain.Stores;

namespace Domain.Marketplaces;

/// <summary>Whether repeating a call can change anything. Yahoo's and Qoo10's reads are POSTs, so the HTTP method does not tell.</summary>
public enum CallKind
{
    Read,
    Write,
}

/// <summary>What a request to a marketplace is about: the connector marks it, the pipeline reads it (request options under <see cref="OptionName"/>).</summary>
/// <param name="Endpoint">The endpoint's name as the manifest's limits spell it.</param>
public sealed record MarketplaceCall(StoreId Store, string Marketplace, string Endpoint, CallKind Kind)
{
    public const string OptionName = "logi-call";
}
