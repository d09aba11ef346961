using System.Collections.Immutable;
using Domain.Orders;

namespace Connectors.OrderFiles;

/// <summary>Reads the order file that staff downloaded from a marketplace's own screen (受注CSV). Pure: no clock, no I/O.
/// A line that cannot be read refuses its order and no other; where its order cannot be told, it refuses the orders beside it, because the rows of an order stand together.</summary>
public static class OrderFileReader
{
    /// <exception cref="OrderFileRefusedException">The file as a whole cannot be taken.</exception>
    public static OrderFileReading Read(ReadOnlyMemory<byte> file, OrderFileShape shape)
    {
        var rows = OrderFileRows.Read(OrderFileText.Decode(file.Span, shape.Encoding)).FindAll(r => !r.IsEmpty);
        if (rows.Count == 0)
        {
            throw new OrderFileRefusedException(OrderFileRefusal.Empty);
        }

        if (rows[0].Broken)
        {
            throw new OrderFileRefusedException(OrderFileRefusal.NotCsv);
        }

        var header = OrderFileHeader.Read(rows[0].Cells, shape, () => OrderFileText.LooksLike(file.Span, shape.Encoding));
        var faults = new List<FileFault>();
        var entries = Sort(rows, header, faults);
        RefuseBeside(entries, faults);
        var refused = faults.Select(f => f.Order).OfType<OrderCode>().ToHashSet();
        var orders = ImmutableArray.CreateBuilder<FileOrder>();
        foreach (var order in entries.Where(e => e.Code is not null && !refused.Contains(e.Code)).GroupBy(e => e.Code!))
        {
            if (new OrderRows(shape, header, order.Key, Once(order)).Read(faults) is { } read)
            {
                orders.Add(read);
            }
        }

        return new OrderFileReading(
            orders.ToImmutable(), [.. faults.Distinct().OrderBy(f => f.Line)], entries.Count,
            [.. header.Ignored], [.. Domain.Marketplaces.OrderFileFields.All.Except(header.Fields)]);
    }

    /// <param name="Code">Null: the row's order cannot be told.</param>
    /// <param name="Block">Grows where another order's row or a second header lies in between.</param>
    private sealed record Entry(FileRow Row, OrderCode? Code, int Block);

    private static List<Entry> Sort(List<FileRow> rows, OrderFileHeader header, List<FileFault> faults)
    {
        var entries = new List<Entry>(rows.Count);
        var block = 0;
        var astray = false;
        foreach (var row in rows.Skip(1))
        {
            if (!row.Broken && header.Repeats(row))
            {
                block++;
                continue;
            }

            var shifted = row.Broken || !row.Fits(header.Width);
            var code = CodeOf(row, header, out var fault);
            if (shifted && (astray || !header.CodeIsFirst))
            {
                code = null;
            }

            astray = row.Broken || (astray && shifted); // behind a broken quote nothing is certain until a whole row comes
            if (shifted)
            {
                faults.Add(new FileFault(row.Line, "", row.Broken ? FileFaultKind.Quotes : FileFaultKind.CellCount, code));
            }
            else
            {
                if (code is null)
                {
                    faults.Add(new FileFault(row.Line, header.NameOf("order-code"), fault, null));
                }

                faults.AddRange(Enumerable.Range(0, header.Width)
                    .Where(i => row.Cells[i].Contains(OrderFileText.Lost, StringComparison.Ordinal))
                    .Select(i => new FileFault(row.Line, header.Cells[i], FileFaultKind.Undecodable, code)));
            }

            block += entries.Count > 0 && entries[^1].Code != code ? 1 : 0;
            entries.Add(new Entry(row, code, block));
        }

        return entries;
    }

    private static OrderCode? CodeOf(FileRow row, OrderFileHeader header, out FileFaultKind fault)
    {
        var text = FileCells.Half(header.Text(row, "order-code"));
        fault = text.Length == 0 ? FileFaultKind.Missing
            : text.Contains(OrderFileText.Lost, StringComparison.Ordinal) ? FileFaultKind.Undecodable
            : FileCells.IsMangled(text) ? FileFaultKind.Mangled
            : FileFaultKind.NotACode;
        return OrderCode.TryParse(text, out var code) && !FileCells.IsMangled(text) ? code : null;
    }

    private static void RefuseBeside(List<Entry> entries, List<FileFault> faults)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i].Code is not null)
            {
                continue;
            }

            foreach (var step in (int[])[-1, 1])
            {
                var beside = i + step;
                while (beside >= 0 && beside < entries.Count && entries[beside].Code is null)
                {
                    beside += step;
                }

                if (beside >= 0 && beside < entries.Count)
                {
                    faults.Add(new FileFault(entries[beside].Row.Line, "", FileFaultKind.BesideUnreadable, entries[beside].Code));
                }
            }
        }
    }

    /// <summary>Two files in one: the same row again, with others in between, is no second line.</summary>
    private static List<FileRow> Once(IEnumerable<Entry> order)
    {
        var rows = new List<Entry>();
        foreach (var entry in order)
        {
            if (!rows.Exists(r => r.Block != entry.Block && r.Row.Cells.AsSpan().SequenceEqual(entry.Row.Cells)))
            {
                rows.Add(entry);
            }
        }

        return rows.ConvertAll(r => r.Row);
    }
}
