using Domain.Marketplaces;

namespace Connectors.Wire;

/// <summary>Reads the manifests that are embedded beside the connectors.</summary>
internal static class Manifests
{
    /// <param name="folder">The connector's folder, for example <c>AuPayMarket</c>.</param>
    public static Manifest Read(string folder)
    {
        using var json = typeof(Manifests).Assembly.GetManifestResourceStream($"{folder}/connector.json")
            ?? throw new InvalidOperationException($"{folder}/connector.json is not embedded.");
        return Manifest.Parse(json);
    }
}
