using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Connectors.Wire;

/// <summary>JSON in an encoding that a setting names.</summary>
internal static class EncodedJson
{
    private const char ByteOrderMark = '\uFEFF';

    /// <summary>Characters of an escape <c>\uXXXX</c>.</summary>
    private const int Escape = 6;

    /// <param name="encoding"><c>utf-8</c> or <c>shift_jis</c> (CP932).</param>
    /// <returns>Null where it is no JSON, or nested deeper than anything that we know. Bytes and escapes that are no character come out as U+FFFD and are found by whoever reads the text.</returns>
    public static JsonElement? TryParse(WireAnswer answer, string encoding)
    {
        if (answer.IsPage || answer.Body.Length == 0)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(Whole(EncodingOf(encoding).GetString(answer.Body).TrimStart(ByteOrderMark)));
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static Encoding EncodingOf(string name) => name switch
    {
        "shift_jis" => CodePagesEncodingProvider.Instance.GetEncoding(932, EncoderFallback.ExceptionFallback, new DecoderReplacementFallback("\uFFFD"))
            ?? throw new InvalidOperationException("This runtime has no CP932."),
        _ => new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
    };

    /// <summary>An escape that stands for half of a surrogate pair (a name cut in the middle of a character) would make its whole object unreadable.</summary>
    private static string Whole(string text)
    {
        if (!text.Contains("\\ud", StringComparison.OrdinalIgnoreCase))
        {
            return text;
        }

        var whole = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length;)
        {
            var length = text[i] == '\\' ? Math.Min(UnitAt(text, i) is null ? 2 : Escape, text.Length - i) : 1;
            if (UnitAt(text, i) is { } unit && char.IsSurrogate(unit))
            {
                if (char.IsHighSurrogate(unit) && UnitAt(text, i + Escape) is { } low && char.IsLowSurrogate(low))
                {
                    length = 2 * Escape;
                }
                else
                {
                    whole.Append("\\uFFFD");
                    i += Escape;
                    continue;
                }
            }

            whole.Append(text, i, length);
            i += length;
        }

        return whole.ToString();
    }

    /// <summary>The code unit of an escape <c>\uXXXX</c> that begins there; null = none does.</summary>
    private static char? UnitAt(string text, int at) =>
        at + Escape <= text.Length && text[at] == '\\' && text[at + 1] == 'u' && ushort.TryParse(text.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? (char)unit
            : null;
}
