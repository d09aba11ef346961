using System.Text.Json;
using System.Text.Json.Serialization;

namespace Local.KeyVault;

/// <summary>One version of a secret.</summary>
public sealed record VaultVersion(string Version, string Value, string? ContentType, Dictionary<string, string>? Tags, bool Enabled, long? Expires, long? NotBefore, long Created, long Updated);

/// <summary>A secret with its versions, oldest first, and whether it was deleted (soft).</summary>
public sealed record VaultSecret(string Name, List<VaultVersion> Versions, long? DeletedAt);

/// <summary>What the stand-in keeps: in memory, or in one file that only its owner may read.</summary>
public sealed class VaultState(string? file)
{
    private readonly SortedDictionary<string, VaultSecret> _secrets = Load(file);

    public Lock Gate { get; } = new();

    public VaultSecret? Find(string name) => _secrets.GetValueOrDefault(name.ToLowerInvariant());

    public IEnumerable<VaultSecret> All => _secrets.Values;

    public void Set(VaultSecret secret)
    {
        _secrets[secret.Name.ToLowerInvariant()] = secret;
        Save();
    }

    public void Remove(string name)
    {
        _secrets.Remove(name.ToLowerInvariant());
        Save();
    }

    private void Save()
    {
        if (file is null)
        {
            return;
        }

        var fresh = file + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(fresh, options))
        {
            JsonSerializer.Serialize(stream, _secrets.Values.ToList(), VaultJson.Default.ListVaultSecret);
        }

        File.Move(fresh, file, overwrite: true);
    }

    /// <exception cref="IOException">The file cannot be read as what it should be.</exception>
    private static SortedDictionary<string, VaultSecret> Load(string? file)
    {
        var secrets = new SortedDictionary<string, VaultSecret>(StringComparer.Ordinal);
        if (file is null || !File.Exists(file))
        {
            return secrets;
        }

        try
        {
            foreach (var secret in JsonSerializer.Deserialize(File.ReadAllText(file), VaultJson.Default.ListVaultSecret) ?? [])
            {
                secrets[secret.Name.ToLowerInvariant()] = secret;
            }
        }
        catch (JsonException broken)
        {
            throw new IOException($"The local vault's file {file} is damaged ({broken.Message}). Delete the data folder to start afresh.", broken);
        }

        return secrets;
    }
}

[JsonSerializable(typeof(List<VaultSecret>))]
internal sealed partial class VaultJson : JsonSerializerContext;
