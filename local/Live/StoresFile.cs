using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Domain.Stores;

namespace Local.Live;

/// <summary>What <c>--stores FILE</c> names (docs/stores.schema.json): the storage, the vault and the stores that a run on this machine works for.</summary>
public sealed record StoresFile
{
    /// <summary>The value of <see cref="Storage"/> that starts Azurite.</summary>
    public const string Azurite = "azurite";

    /// <summary>A connection string of a storage account, or <c>azurite</c>.</summary>
    public required string Storage { get; init; }

    /// <summary>The Key Vault's address, https.</summary>
    public required Uri Vault { get; init; }

    public required IReadOnlyList<StoreEntry> Stores { get; init; }

    /// <exception cref="LiveException">It cannot be read as what the schema says: one line that names the place.</exception>
    public static StoresFile Read(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            throw new LiveException($"The stores file {path} cannot be read ({missing.Message}).", missing);
        }

        try
        {
            var file = JsonSerializer.Deserialize(text, StoresFileJson.Default.StoresFile) ?? throw new JsonException("the file says null", "$", null, null);
            return FaultOf(file) is { } fault ? throw new LiveException($"The stores file {path} cannot be used: {fault} docs/stores.schema.json has its shape.") : file;
        }
        catch (JsonException broken)
        {
            throw new LiveException($"The stores file {path} cannot be used: {WordsOf(broken)} docs/stores.schema.json has its shape.", broken);
        }
    }

    private static string? FaultOf(StoresFile file) =>
        file.Storage.Trim().Length == 0 ? "storage is empty; give a connection string or \"azurite\"."
        : !file.Vault.IsAbsoluteUri || file.Vault.Scheme != Uri.UriSchemeHttps ? "vault must be an address that begins with https://."
        : file.Stores.Count == 0 ? "stores is empty; name at least one."
        : file.Stores.GroupBy(s => s.Id, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice ? $"the store '{twice.Key}' stands there twice."
        : file.Stores.Select(FaultOf).FirstOrDefault(f => f is not null);

    private static string? FaultOf(StoreEntry store) =>
        !StoreId.TryParse(store.Id, out _) ? $"'{store.Id}' is no store id (3 to 40 lower-case letters, digits and hyphens)."
        : store.Group is { } group && !StoreId.TryParse(group, out _) ? $"the group of store '{store.Id}' is no group id (3 to 40 lower-case letters, digits and hyphens)."
        : store.BaseAddress is { IsAbsoluteUri: false } ? $"the baseAddress of store '{store.Id}' must begin with https:// or http://."
        : store.SecretNames.FirstOrDefault(s => !SecretName.IsMatch(s.Value)) is { Key: { } field } ? $"the secret name of '{field}' of store '{store.Id}' has other characters than letters, digits and hyphens."
        : null;

    /// <summary>The place and what is wrong there; the reader's own words about .NET types are of no use to anybody who writes the file.</summary>
    private static string WordsOf(JsonException broken)
    {
        var line = broken.LineNumber is { } at ? $" (line {at + 1})" : "";
        if (Unmapped.Match(broken.Message) is { Success: true } unknown)
        {
            return $"the field '{unknown.Groups["name"].Value}' is unknown{line}.";
        }

        return Missing.Match(broken.Message) is { Success: true } missing
            ? $"{missing.Groups["names"].Value} is missing{line}."
            : $"at {broken.Path ?? "$"}{line} the value is not what belongs there.";
    }

    private static readonly Regex SecretName = new("^[0-9a-zA-Z-]{1,127}$", RegexOptions.CultureInvariant);

    private static readonly Regex Unmapped = new("^The JSON property '(?<name>[^']*)' could not be mapped", RegexOptions.CultureInvariant);

    private static readonly Regex Missing = new("missing required propert(y|ies)[^:]*: (?<names>[^.]+)", RegexOptions.CultureInvariant);
}

/// <summary>One store of the file. It starts in watch mode: nothing is released and nothing is reported before it goes live through the management API.</summary>
public sealed record StoreEntry
{
    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    public required string Id { get; init; }

    /// <summary>The marketplace's code, for example <c>qoo10</c>.</summary>
    public required string Marketplace { get; init; }

    /// <summary>Null = the marketplace's production address.</summary>
    public Uri? BaseAddress { get; init; }

    /// <summary>The bundle group; null = the store is a group of its own.</summary>
    public string? Group { get; init; }

    /// <summary>Settings that the marketplace's manifest declares.</summary>
    public IReadOnlyDictionary<string, string> Settings { get => field ?? None; init; } // the generated reader sets what the file leaves out to null

    /// <summary>Credential field → the secret's name in the vault; a field that is not named stands under the name made of the store's id.</summary>
    public IReadOnlyDictionary<string, string> SecretNames { get => field ?? None; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(StoresFile))]
internal sealed partial class StoresFileJson : JsonSerializerContext;
