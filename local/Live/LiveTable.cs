using System.Globalization;
using Spectre.Console;

namespace Local.Live;

/// <summary>The live view in a terminal.</summary>
public static class LiveTable
{
    private static readonly string[] Columns =
        ["store", "in marketplace", "pulled", "held", "in candidates", "released", "shipped", "cancelled", "reported back", "window left", "budget used", "attention", "trouble"];

    public static Table Of(DateTimeOffset at, IReadOnlyList<StoreCounts> stores, int errors)
    {
        var table = new Table().AddColumns(Columns);
        foreach (var c in stores)
        {
            table.AddRow(
                Markup.Escape(c.Store), c.InMarketplace is { } there ? Text(there) : "-", Text(c.Pulled), Text(c.Held), Text(c.InCandidates), Text(c.Released), Text(c.Shipped), Text(c.Cancelled),
                Text(c.Reported), LiveLine.Window(c.WindowLeft), LiveLine.Percent(c.Budget), Text(c.Attention), Markup.Escape(c.Trouble ?? ""));
        }

        table.Caption = new TableTitle(string.Create(CultureInfo.InvariantCulture, $"{at.UtcDateTime:HH:mm:ss} UTC, errors in the log: {errors}. Ctrl-C ends everything."));
        return table;
    }

    private static string Text(int count) => count.ToString(CultureInfo.InvariantCulture);
}
