using System.Text.Json;

namespace Connectors.Wire;

/// <summary>The field names of a contract whose specification is not public: our name for a field → its path in their answer, one store setting each
/// (<c>field-…</c>). A dot goes into an object; empty = they do not send it. The names are ours of <see cref="Domain.Marketplaces.OrderFileFields"/> and the connector's own.</summary>
/// <param name="setting">Gives a store setting by name.</param>
internal sealed class FieldNames(Func<string, string> setting)
{
    private readonly Dictionary<string, string[]> _paths = new(StringComparer.Ordinal);

    /// <summary>The value of a setting that is no field: a word, a list of words.</summary>
    public string Setting(string name) => setting(name);

    /// <summary>Whether the text is one of the setting's words; several are separated by commas.</summary>
    public bool IsAmong(string text, string words) =>
        text.Length > 0 && setting(words).Split([',', '、'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Contains(text, StringComparer.Ordinal);

    public string[] PathOf(string field)
    {
        if (!_paths.TryGetValue(field, out var path))
        {
            _paths[field] = path = setting($"field-{field}").Split('.', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }

        return path;
    }

    /// <summary>The value at a field's path, or null.</summary>
    public JsonElement? Find(JsonElement at, string field)
    {
        var path = PathOf(field);
        if (path.Length == 0)
        {
            return null;
        }

        foreach (var name in path)
        {
            if (at.ValueKind is not JsonValueKind.Object || !at.TryGetProperty(name, out at))
            {
                return null;
            }
        }

        return at.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? null : at;
    }
}
