using System.Text;

namespace Sandbox.Core;

/// <summary>Writes an order download as the marketplaces' screens do: a header, CRLF, quotes where they are needed, UTF-8 or CP932.</summary>
public static class OrderFileWriter
{
    /// <summary>What CP932 has no place for comes out as 〓, the printer's mark for a missing character. [G]</summary>
    private static readonly Encoding Cp932 =
        CodePagesEncodingProvider.Instance.GetEncoding(932, new EncoderReplacementFallback("〓"), DecoderFallback.ExceptionFallback)
        ?? throw new InvalidOperationException("This platform knows no CP932.");

    public static byte[] Utf8(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows) =>
        [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Text(header, rows))];

    /// <summary>Their tables have ～ and － where others write 〜 and −.</summary>
    public static byte[] ShiftJis(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows) =>
        Cp932.GetBytes(Text(header, rows).Replace('〜', '～').Replace('−', '－'));

    private static string Text(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        var text = new StringBuilder();
        foreach (var row in rows.Prepend(header))
        {
            text.AppendJoin(',', row.Select(Cell)).Append("\r\n");
        }

        return text.ToString();
    }

    private static string Cell(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
