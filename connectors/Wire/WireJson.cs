using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;

namespace Connectors.Wire;

/// <summary>Reads a marketplace's JSON: UTF-8 with or without a byte order mark, bounded depth, a repeated name takes its last value.
/// Values are read as text, because the same field comes as a number, a text or nothing.</summary>
internal static class WireJson
{
    private static readonly JsonDocumentOptions Bounded = new() { MaxDepth = 64, CommentHandling = JsonCommentHandling.Disallow };

    /// <returns>Null: it is not JSON as we take it.</returns>
    public static JsonElement? TryParse(ReadOnlySpan<byte> body)
    {
        var text = body.StartsWith("\uFEFF"u8) ? body[3..] : body;
        if (!Utf8.IsValid(text))
        {
            return null;
        }

        try
        {
            return JsonElement.Parse(text, Bounded);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Takes bytes that are no UTF-8 as well: they show when the one text that holds them is taken out, so that the rest can be read.</summary>
    /// <exception cref="JsonException">It is not JSON from beginning to end, or nested too deeply. Its text may quote the body: never pass it on.</exception>
    public static JsonElement Parse(byte[] body)
    {
        var text = body.AsSpan().StartsWith("\uFEFF"u8) ? body.AsMemory(3) : body;
        using var document = JsonDocument.Parse(text, Bounded);
        return document.RootElement.Clone();
    }

    /// <summary>The element as received.</summary>
    public static byte[] ToBytes(this JsonElement element) => JsonMarshal.GetRawUtf8Value(element).ToArray();

    /// <summary>The first of these fields that says something, trimmed, numbers and truth values as they are written; empty = none does.</summary>
    /// <exception cref="FormatException">A text that is no Unicode (half of a surrogate pair).</exception>
    public static string Text(this JsonElement parent, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (parent.Find(name) is { } value && TextOf(value, name) is { Length: > 0 } text)
            {
                return text;
            }
        }

        return "";
    }

    /// <summary>A text, number or truth value as text, trimmed; empty where it has members of its own.</summary>
    /// <exception cref="FormatException">A text that is no Unicode.</exception>
    public static string Text(this JsonElement value) => TextOf(value, "a value");

    /// <summary>The items of a list; none where it is missing, null, or no list.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement parent, string name) => parent.List(name) ?? [];

    /// <summary>A nested object; null = there is none.</summary>
    public static JsonElement? Group(this JsonElement parent, string name) =>
        parent.Find(name) is { ValueKind: JsonValueKind.Object } group ? group : null;

    /// <summary>The elements of a list; null = there is no list.</summary>
    public static IReadOnlyList<JsonElement>? List(this JsonElement parent, string name) =>
        parent.Find(name) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray()] : null;

    public static bool IsTrue(this JsonElement parent, string name) => parent.Text(name) is "true" or "1";

    /// <summary>The member of an object; null where it is missing or null, or the parent is no object.</summary>
    /// <exception cref="FormatException">Beside it stands a name that is no Unicode.</exception>
    public static JsonElement? Find(this JsonElement parent, string name)
    {
        try
        {
            return parent.ValueKind is JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;
        }
        catch (InvalidOperationException)
        {
            throw new FormatException($"names that are Unicode beside {name}"); // shows only when a name is compared
        }
    }

    private static string TextOf(JsonElement value, string name)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False:
                return value.GetRawText();
            case JsonValueKind.String:
                try
                {
                    return value.GetString()!.Trim();
                }
                catch (InvalidOperationException)
                {
                    throw new FormatException($"a text that is Unicode in {name}"); // shows only when it is taken out
                }

            default:
                return "";
        }
    }
}
