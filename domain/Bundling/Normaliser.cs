using System.Collections.Frozen;
using System.Text;

namespace Domain.Bundling;

/// <summary>Brings names and addresses into the form in which they are compared; what is stored and printed stays as received.</summary>
/// <remarks>Half-width alphanumerics, full-width kana, no spaces, one hyphen, one form of each variant character. Letter case, kanji numerals and
/// 丁目・番地 stay different: a bundle never rests on a guess. The tables are data; a change needs a new <see cref="Version"/>, which re-keys open deliveries.</remarks>
public static class Normaliser
{
    /// <summary>Goes in front of every bundle key.</summary>
    public const int Version = 1;

    /// <summary>Everything that people type for a hyphen in an address, the long-vowel marks included.</summary>
    private static readonly FrozenSet<int> Hyphens = new[]
    {
        '-', '‐', '‑', '‒', '–', '—', '―', '−', '－', 'ー', 'ｰ', '─', '━', '﹣', '˗', '⁃',
    }.Select(c => (int)c).ToFrozenSet();

    /// <summary>異体字 → the form in the standard tables.</summary>
    private static readonly FrozenDictionary<int, string> Variants = new Dictionary<string, string>
    {
        ["髙"] = "高",
        ["﨑"] = "崎",
        ["嵜"] = "崎",
        ["𠮷"] = "吉",
        ["邊"] = "辺",
        ["邉"] = "辺",
        ["齋"] = "斎",
        ["齊"] = "斉",
        ["濵"] = "浜",
        ["濱"] = "浜",
        ["瀨"] = "瀬",
        ["德"] = "徳",
        ["惠"] = "恵",
        ["眞"] = "真",
        ["廣"] = "広",
        ["國"] = "国",
        ["澤"] = "沢",
        ["櫻"] = "桜",
        ["黑"] = "黒",
        ["彌"] = "弥",
        ["曾"] = "曽",
        ["龍"] = "竜",
        ["ヶ"] = "ケ",
        ["ヵ"] = "カ",
    }.ToFrozenDictionary(p => char.ConvertToUtf32(p.Key, 0), p => p.Value);

    /// <summary>A name, an address or an e-mail address as it is compared.</summary>
    public static string Text(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var rune in Widths(text.Normalize(NormalizationForm.FormC)).EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) || rune.Value is 0x200B or 0xFEFF)
            {
                continue;
            }

            if (Hyphens.Contains(rune.Value))
            {
                result.Append('-');
            }
            else if (Variants.TryGetValue(rune.Value, out var standard))
            {
                result.Append(standard);
            }
            else
            {
                result.Append(rune);
            }
        }

        return result.ToString();
    }

    /// <summary>National form, digits only: +81 becomes 0.</summary>
    public static string Phone(string text)
    {
        var half = text.Normalize(NormalizationForm.FormKC).Trim();
        var digits = string.Concat(half.Where(char.IsAsciiDigit));
        return half.StartsWith("+81", StringComparison.Ordinal) ? "0" + digits[2..].TrimStart('0') : digits;
    }

    /// <summary>Compatibility forms only where they are a matter of width: applied to the whole text, ㈱ and ① would change as well.</summary>
    private static string Widths(string text)
    {
        if (!text.Any(IsWidthForm))
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length;)
        {
            var end = i;
            while (end < text.Length && IsWidthForm(text[end]))
            {
                end++;
            }

            if (end > i)
            {
                // A run at a time, so that a half-width kana and its voicing mark become one character.
                result.Append(text[i..end].Normalize(NormalizationForm.FormKC));
                i = end;
            }
            else
            {
                result.Append(text[i++]);
            }
        }

        return result.ToString();
    }

    private static bool IsWidthForm(char c) => c is >= '\uFF01' and <= '\uFF9F' and not '｡' and not '｢' and not '｣';
}
