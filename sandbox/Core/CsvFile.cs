using System.Text;

namespace Sandbox.Core;

/// <summary>Writes a file as the admin screens of marketplaces do: CP932, every field in quotes, CRLF. A character that CP932 does not have becomes 〓, the printers' mark for one (two for a supplementary character).</summary>
internal static class CsvFile
{
    private static readonly Encoding Cp932 = CodePagesEncodingProvider.Instance.GetEncoding(932, new EncoderReplacementFallback("〓"), DecoderFallback.ExceptionFallback)
        ?? throw new InvalidOperationException("This runtime has no CP932.");

    public static byte[] Write(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        var text = new StringBuilder();
        Line(text, header);
        foreach (var row in rows)
        {
            Line(text, row);
        }

        return Cp932.GetBytes(text.ToString());
    }

    private static void Line(StringBuilder text, IReadOnlyList<string> fields) =>
        text.AppendJoin(',', fields.Select(f => $"\"{f.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")).Append("\r\n");
}
