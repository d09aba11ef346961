using System.Text;

namespace Connectors.OrderFiles;

/// <summary>Bytes of an order file to text. What cannot be decoded stands as U+FFFD in its place and takes no other character with it.</summary>
internal static class OrderFileText
{
    public const char Lost = '\uFFFD';

    private static readonly Encoding Cp932 =
        CodePagesEncodingProvider.Instance.GetEncoding(932, EncoderFallback.ExceptionFallback, new DecoderReplacementFallback(Lost.ToString()))
        ?? throw new InvalidOperationException("This platform knows no CP932.");

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="OrderFileRefusedException">It is no text of rows at all.</exception>
    public static string Decode(ReadOnlySpan<byte> bytes, string encoding)
    {
        if (bytes.Length > OrderFileShape.LargestFile)
        {
            throw new OrderFileRefusedException(OrderFileRefusal.TooLarge);
        }

        RefuseOtherKinds(bytes);
        var marked = bytes.StartsWith("\uFEFF"u8); // the mark is certain, whatever the setting says
        var text = marked || encoding == OrderFileShape.Utf8 ? Encoding.UTF8.GetString(marked ? bytes[3..] : bytes) : FromCp932(bytes);
        return text.Contains('\n', StringComparison.Ordinal) ? text : text.Replace('\r', '\n');
    }

    /// <summary>The other encoding, where the bytes fit it and hold more than ASCII; null = no.</summary>
    public static string? LooksLike(ReadOnlySpan<byte> bytes, string encoding)
    {
        if (!bytes.ContainsAnyInRange((byte)0x80, (byte)0xFF))
        {
            return null;
        }

        if (encoding == OrderFileShape.Utf8)
        {
            return FromCp932(bytes).Contains(Lost, StringComparison.Ordinal) ? null : OrderFileShape.ShiftJis;
        }

        try
        {
            StrictUtf8.GetCharCount(bytes);
            return OrderFileShape.Utf8;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static void RefuseOtherKinds(ReadOnlySpan<byte> bytes)
    {
        var start = bytes.TrimStart(" \t\r\n"u8);
        if (start.IsEmpty)
        {
            throw new OrderFileRefusedException(OrderFileRefusal.Empty);
        }

        if (bytes.StartsWith((ReadOnlySpan<byte>)[0x50, 0x4B, 0x03, 0x04]) || bytes.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0]))
        {
            throw new OrderFileRefusedException(OrderFileRefusal.Spreadsheet);
        }

        if (start.StartsWith("<"u8) || bytes.Contains((byte)0))
        {
            throw new OrderFileRefusedException(OrderFileRefusal.NotCsv);
        }
    }

    /// <summary>A lead byte without its trail would swallow the comma, quote or line break behind it: such a byte is lost alone.</summary>
    private static string FromCp932(ReadOnlySpan<byte> file)
    {
        var bytes = file.ToArray();
        var text = new StringBuilder(bytes.Length);
        var run = 0;
        for (var i = 0; i < bytes.Length;)
        {
            if (!IsLead(bytes[i]))
            {
                i++;
            }
            else if (i + 1 < bytes.Length && IsTrail(bytes[i + 1]))
            {
                Unify(bytes.AsSpan(i, 2));
                i += 2;
            }
            else
            {
                text.Append(Cp932.GetString(bytes.AsSpan(run, i - run))).Append(Lost);
                run = ++i;
            }
        }

        text.Append(Cp932.GetString(bytes.AsSpan(run)));
        for (var i = 0; i < text.Length; i++)
        {
            // 外字 and single bytes without a character: what they look like elsewhere nobody can tell.
            text[i] = text[i] is (>= '\uE000' and <= '\uF8FF') or (>= '\u0080' and <= '\u00A0') ? Lost : text[i];
        }

        return text.ToString();
    }

    /// <summary>NEC's copies of IBM's characters (NEC選定IBM拡張文字, ED40 to EEFC), which the platform's table lacks, become IBM's own: the same characters in the same order.</summary>
    private static void Unify(Span<byte> pair)
    {
        const int Row = 188;
        switch (pair)
        {
            case [0xEE, >= 0xEF and <= 0xF8]: // ⅰ to ⅹ
                (pair[0], pair[1]) = (0xFA, (byte)(0x40 + pair[1] - 0xEF));
                break;
            case [0xEE, 0xF9]: // ￢
                (pair[0], pair[1]) = (0x81, 0xCA);
                break;
            case [0xEE, >= 0xFA]: // ￤ ＇ ＂
                (pair[0], pair[1]) = (0xFA, (byte)(0x55 + pair[1] - 0xFA));
                break;
            case [0xED or 0xEE, _]:
                var place = ((pair[0] - 0xED) * Row) + PlaceOf(pair[1]) + PlaceOf(0x5C);
                (pair[0], pair[1]) = ((byte)(0xFA + (place / Row)), TrailAt(place % Row));
                break;
            default:
                break;
        }
    }

    /// <summary>The place of a trail byte in its row; 7F is left out.</summary>
    private static int PlaceOf(byte trail) => trail - (trail > 0x7F ? 0x41 : 0x40);

    private static byte TrailAt(int place) => (byte)(place + (place >= 0x3F ? 0x41 : 0x40));

    private static bool IsLead(byte value) => value is (>= 0x81 and <= 0x9F) or (>= 0xE0 and <= 0xFC);

    private static bool IsTrail(byte value) => value is (>= 0x40 and <= 0xFC) and not 0x7F;
}
