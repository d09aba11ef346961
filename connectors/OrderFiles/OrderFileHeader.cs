using System.Collections.Immutable;
using System.Text;
using Domain.Marketplaces;

namespace Connectors.OrderFiles;

/// <summary>Which cells of a row make which field.</summary>
internal sealed class OrderFileHeader
{
    private readonly ImmutableDictionary<string, ColumnText> _fields;

    private OrderFileHeader(string[] cells, ImmutableDictionary<string, ColumnText> fields)
    {
        (Cells, _fields) = (cells, fields);
        Width = Array.FindLastIndex(cells, c => c.Length > 0) + 1;
    }

    /// <summary>The header texts, trimmed.</summary>
    public string[] Cells { get; }

    /// <summary>Cells that a row must have; what stands behind the last header is empty.</summary>
    public int Width { get; }

    public ImmutableSortedSet<string> Fields => [.. _fields.Keys];

    public IEnumerable<string> Ignored => Cells.Where((c, i) => c.Length > 0 && _fields.Values.All(f => !f.Places.Contains(i)));

    /// <summary>A header text may be typed in full-width or half-width.</summary>
    private static string Same(string text) => Bare(text.Normalize(NormalizationForm.FormKC));

    /// <exception cref="OrderFileRefusedException">It lacks columns or has one twice.</exception>
    public static OrderFileHeader Read(string[] cells, OrderFileShape shape, Func<string?> looksLike)
    {
        var texts = Array.ConvertAll(cells, Bare);
        if (Array.Exists(texts, t => t.Contains(OrderFileText.Lost, StringComparison.Ordinal)))
        {
            throw new OrderFileRefusedException(OrderFileRefusal.WrongEncoding) { LooksLike = looksLike() };
        }

        var places = texts.Select((text, place) => (Text: Same(text), place)).Where(c => c.Text.Length > 0).ToLookup(c => c.Text, c => c.place, StringComparer.Ordinal);
        var fields = ImmutableDictionary.CreateBuilder<string, ColumnText>(StringComparer.Ordinal);
        var missing = ImmutableArray.CreateBuilder<string>();
        foreach (var (field, names) in shape.Columns)
        {
            if (names.Select(n => ColumnText.Find(n, part => places[Same(part)].Select(p => (int?)p).FirstOrDefault())).FirstOrDefault(c => c is not null) is { } found)
            {
                fields[field] = found;
            }
            else if (shape.Own.Contains(field) || shape.Required.Contains(field))
            {
                missing.Add(names[0]);
            }
        }

        missing.AddRange(shape.Required.Where(r => !shape.Columns.ContainsKey(r)));
        if (missing.Count > 0)
        {
            throw new OrderFileRefusedException(OrderFileRefusal.MissingColumns, missing.ToImmutable()) { LooksLike = looksLike() };
        }

        var twice = fields.Values.SelectMany(f => f.Places).Distinct().Select(p => texts[p]).Where(t => places[Same(t)].Count() > 1).ToImmutableArray();
        return twice.IsEmpty ? new OrderFileHeader(texts, fields.ToImmutable()) : throw new OrderFileRefusedException(OrderFileRefusal.DuplicateColumns, twice);
    }

    public bool Has(string field) => _fields.ContainsKey(field);

    /// <summary>The header texts of a field, as they stand in the file.</summary>
    public string NameOf(string field) => _fields.TryGetValue(field, out var column) ? string.Join(" + ", column.Places.Select(p => Cells[p])) : field;

    /// <summary>The cell's text; empty where the file has no such column.</summary>
    public string Text(FileRow row, string field) => _fields.TryGetValue(field, out var column) ? column.Of(row.Cells) : "";

    /// <summary>The order code is the row's first cell, which nothing before it can shift.</summary>
    public bool CodeIsFirst => _fields["order-code"].Places is [0];

    /// <summary>The header once more, as where two files were joined.</summary>
    public bool Repeats(FileRow row) => row.Fits(Width) && Cells.Take(Width).SequenceEqual(row.Cells.Take(Width).Select(Bare));

    private static string Bare(string cell) => cell.Trim().Trim('\uFEFF').Trim();
}

/// <summary>One column; several joined, as <c>姓 + " " + 名</c>, where a text in quotes stands between two parts that are both filled; or the first that is filled, as
/// <c>携帯電話番号 | 電話番号</c>.</summary>
internal sealed class ColumnText
{
    private readonly ImmutableArray<(ImmutableArray<int> Places, ImmutableArray<string> Between)> _choices;

    private ColumnText(ImmutableArray<(ImmutableArray<int>, ImmutableArray<string>)> choices) => _choices = choices;

    public ImmutableArray<int> Places => [.. _choices.SelectMany(c => c.Places)];

    /// <summary>Null: the file lacks the columns.</summary>
    public static ColumnText? Find(string header, Func<string, int?> find)
    {
        if (find(header) is { } whole)
        {
            return new ColumnText([([whole], [])]);
        }

        var choices = ImmutableArray.CreateBuilder<(ImmutableArray<int>, ImmutableArray<string>)>();
        foreach (var choice in header.Split(" | "))
        {
            if (Joined(choice, find) is { } joined)
            {
                choices.Add(joined);
            }
        }

        return choices.Count == 0 ? null : new ColumnText(choices.ToImmutable());
    }

    private static (ImmutableArray<int>, ImmutableArray<string>)? Joined(string header, Func<string, int?> find)
    {
        var places = ImmutableArray.CreateBuilder<int>();
        var between = ImmutableArray.CreateBuilder<string>();
        var literal = "";
        foreach (var part in header.Split(" + "))
        {
            if (part is ['"', .. var text, '"'])
            {
                literal = text;
                continue;
            }

            if (find(part) is not { } place)
            {
                return null;
            }

            if (places.Count > 0)
            {
                between.Add(literal);
            }

            places.Add(place);
            literal = "";
        }

        return places.Count == 0 ? null : (places.ToImmutable(), between.ToImmutable());
    }

    public string Of(string[] cells) => _choices.Select(c => Of(cells, c.Places, c.Between)).FirstOrDefault(t => t.Length > 0) ?? "";

    private static string Of(string[] cells, ImmutableArray<int> places, ImmutableArray<string> between)
    {
        var text = CellAt(cells, places[0]);
        for (var i = 1; i < places.Length; i++)
        {
            var next = CellAt(cells, places[i]);
            text += text.Length > 0 && next.Length > 0 ? between[i - 1] + next : next;
        }

        return text;
    }

    /// <summary>Without the guards that keep spreadsheets from touching a code: <c>="0123"</c>, <c>'0123</c>.</summary>
    private static string CellAt(string[] cells, int place)
    {
        var cell = place < cells.Length ? cells[place].Trim() : "";
        return cell switch
        {
            ['=', '"', .. var guarded, '"'] => guarded.Trim(),
            ['\'', .. var apostrophe] when apostrophe.Length > 0 && apostrophe.All(char.IsAsciiLetterOrDigit) => apostrophe,
            _ => cell,
        };
    }
}
