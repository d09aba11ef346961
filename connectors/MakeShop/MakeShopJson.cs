using System.Runtime.InteropServices;
using System.Text.Json;

namespace Connectors.MakeShop;

/// <summary>Reads their JSON. A text that is no UTF-8, or half a surrogate pair, shows only when it is taken out: an
/// <see cref="InvalidOperationException"/> then, about that one value.</summary>
internal static class MakeShopJson
{
    /// <exception cref="JsonException">It is not JSON from beginning to end, or nested too deeply. Its text may quote the body: never pass it on.</exception>
    public static JsonElement Parse(byte[] body)
    {
        // An answer may begin with a byte order mark, which is no JSON.
        var text = body.AsSpan().StartsWith("\uFEFF"u8) ? body.AsMemory(3) : body;
        using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 64 });
        return document.RootElement.Clone();
    }

    /// <summary>The member of an object; null where it is missing, is null, or the parent is no object.</summary>
    public static JsonElement? Find(this JsonElement parent, string name) =>
        parent.ValueKind is JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;

    /// <summary>A text, number or truth as text, trimmed; empty where it is missing, null, or has members of its own.</summary>
    public static string Text(this JsonElement parent, string name) => parent.Find(name) is { } value ? value.Text() : "";

    public static string Text(this JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!.Trim(),
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "",
    };

    /// <summary>The items of a list; none where it is missing, null, or no list.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement parent, string name) =>
        parent.Find(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    /// <summary>The value as it was received, byte for byte.</summary>
    public static byte[] ToBytes(this JsonElement value) => JsonMarshal.GetRawUtf8Value(value).ToArray();
}
