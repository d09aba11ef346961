using System.Text;
using CsvHelper;

namespace Connectors.OrderFiles;

/// <summary>A row of the file as it stands there.</summary>
/// <param name="Line">Its first line, from 1.</param>
/// <param name="Broken">Its quotes are broken.</param>
internal sealed record FileRow(int Line, string[] Cells, bool Broken)
{
    public bool IsEmpty => !Broken && Width == 0;

    /// <summary>Cells up to the last that is filled.</summary>
    public int Width => Array.FindLastIndex(Cells, c => c.Trim().Length > 0) + 1;

    /// <summary>It has the header's cells, and nothing but empty ones behind them.</summary>
    public bool Fits(int header) => Cells.Length >= header && Width <= header;
}

/// <summary>Text to rows. A row with broken quotes counts as one line, so that it cannot swallow those behind it.</summary>
internal static class OrderFileRows
{
    /// <summary>A file with more of them is no file of rows.</summary>
    private const int MostBroken = 1_000;

    public static List<FileRow> Read(string text)
    {
        if (text.AsSpan().Count('\n') > OrderFileShape.MostLines)
        {
            throw new OrderFileRefusedException(OrderFileRefusal.TooManyLines);
        }

        var utf8 = Encoding.UTF8.GetBytes(text).AsMemory();
        var rows = new List<FileRow>();
        var malformed = false;
        var options = new CsvReaderOptions
        {
            Separator = SeparatorOf(text),
            HasHeader = false,
            SkipEmptyLines = false,
            TrackLineNumbers = true,
            IncludeValuesInExceptions = false,
            MalformedData = CsvMalformedDataHandling.Recover,
            OnMalformedRecord = _ => malformed = true,
        };
        var width = 0;
        var line = 1;
        for (var broken = 0; !utf8.IsEmpty;)
        {
            using var reader = CsvReader.Create(utf8, options);
            var again = false;
            while (!again && Next(reader, ref malformed))
            {
                var cells = Cells(reader);
                var lines = reader.RawRecord.Count((byte)'\n');
                var row = new FileRow(line + (int)reader.LineNumber - 1, cells, malformed);
                width = width == 0 && !row.IsEmpty ? row.Width : width;
                again = lines > 0 && (malformed || !row.Fits(width));
                if (!again)
                {
                    rows.Add(row);
                    continue;
                }

                if (++broken > MostBroken)
                {
                    throw new OrderFileRefusedException(OrderFileRefusal.BrokenQuotes);
                }

                // Only its first line is taken for broken; the others may be rows of their own.
                rows.Add(row with { Cells = [cells[0]], Broken = true });
                utf8 = utf8[((int)reader.ByteOffset + reader.RawRecord.IndexOf((byte)'\n') + 1)..];
                line = row.Line + 1;
            }

            if (!again)
            {
                break;
            }
        }

        return rows;
    }

    private static bool Next(CsvReader reader, ref bool malformed)
    {
        malformed = false;
        return reader.Read();
    }

    private static string[] Cells(CsvReader reader)
    {
        var cells = new string[reader.FieldCount];
        for (var i = 0; i < cells.Length; i++)
        {
            cells[i] = reader.GetString(i);
        }

        return cells;
    }

    /// <summary>A comma, or a tab where the first line has tabs and no comma.</summary>
    private static char SeparatorOf(string text)
    {
        var first = text.AsSpan().TrimStart("\r\n");
        var end = first.IndexOf('\n');
        first = end < 0 ? first : first[..end];
        return first.Contains('\t') && !first.Contains(',') ? '\t' : ',';
    }
}
