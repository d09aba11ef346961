using Spectre.Console;

namespace Local.Once;

/// <summary>The report as a table for people.</summary>
public static class OnceTable
{
    public static void Print(OnceReport report, TextWriter output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = Math.Max(console.Profile.Width, 120);
        var orders = new Table { Title = new TableTitle("Orders, at the end") }.AddColumns(
            "marketplace", "in marketplaces", "pulled", "shipped", "confirmed", "bundled", "cancelled", "held", "lost", "duplicate effects");
        foreach (var (market, c) in report.Orders.PerMarketplace)
        {
            orders.AddRow([market, .. Row(c.InMarketplaces, c.Pulled, c.Shipped, c.Confirmed, c.Bundled, c.Cancelled, c.Held, c.Lost, c.DuplicateEffects)]);
        }

        var all = report.Orders;
        orders.AddRow(["all", .. Row(all.InMarketplaces, all.Pulled, all.Shipped, all.Confirmed, all.Bundled, all.Cancelled, all.Held, all.Lost, all.DuplicateEffects)]);
        console.Write(orders);

        var held = new Table { Title = new TableTitle("Held, by reason") }.AddColumns("reason", "expected", "found");
        foreach (var (reason, count) in report.Orders.HeldByReason)
        {
            held.AddRow([reason, .. Row(count.Expected, count.Found)]);
        }

        console.Write(held);
        output.WriteLine($"bundling: {report.Bundling.ExpectedGroups} groups meant, {report.Bundling.Offered} offered, {report.Bundling.Wrong} wrong");
        output.WriteLine($"storage requests: {report.Storage.TransactionsPerNewOrder} a new order, {report.Storage.TransactionsPerUnchangedOrder} an unchanged order, {report.Storage.TransactionsPerEmptyPull} an empty pull; {report.Storage.RowsPerOrder} row versions and {report.Storage.BytesPerOrder} bytes an order");
        output.WriteLine($"marketplace calls: {string.Join(", ", report.MarketplaceCalls.Select(c => $"{c.Key} {c.Value}"))}");
        output.WriteLine($"the same calls within the true limits: {string.Join(", ", report.SecondsWithinTrueLimits.Select(s => $"{s.Key} {s.Value} s"))}");
        output.WriteLine($"pulled to bundled: {report.Throughput.OrdersPerSecond} orders/s; floor {report.Throughput.FloorOrdersPerSecond?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "not measured below 2,000 orders"}; ratio {report.Throughput.FloorRatio?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "-"}");
        output.WriteLine($"peak memory: {report.PeakMemoryMb} MB (the whole local process, simulators included)");
        foreach (var fault in report.Faults.Take(40))
        {
            output.WriteLine($"NOT ACCOUNTED FOR: {fault}");
        }

        output.WriteLine(report.Ok ? "Every order is accounted for." : $"{report.Faults.Count} things are not accounted for.");
    }

    private static string[] Row(params int[] values) => [.. values.Select(v => v.ToString(System.Globalization.CultureInfo.InvariantCulture))];
}
