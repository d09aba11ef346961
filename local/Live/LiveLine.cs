using System.Globalization;

namespace Local.Live;

/// <summary>The live view where output is redirected: one line for all stores.</summary>
public static class LiveLine
{
    /// <param name="at">When it was read; written as UTC time of day.</param>
    public static string Of(DateTimeOffset at, IReadOnlyList<StoreCounts> stores, int errors) => string.Create(
        CultureInfo.InvariantCulture,
        $"{at.UtcDateTime:HH:mm:ss}Z {(stores.Count == 0 ? "no stores" : string.Join(" | ", stores.Select(Of)))} | errors {errors}");

    public static string Window(TimeSpan? left) => left switch
    {
        null => "all read",
        { TotalDays: >= 2 } days => string.Create(CultureInfo.InvariantCulture, $"{days.TotalDays:F0} d"),
        { } hours => string.Create(CultureInfo.InvariantCulture, $"{hours.TotalHours:F1} h"),
    };

    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:F0}%");

    private static string Of(StoreCounts c) => string.Create(
        CultureInfo.InvariantCulture,
        $"{c.Store}: {(c.InMarketplace is { } there ? $"in marketplace {there}, " : "")}pulled {c.Pulled}, held {c.Held}, in candidates {c.InCandidates}, released {c.Released}, shipped {c.Shipped}, cancelled {c.Cancelled}, reported {c.Reported}, window {Window(c.WindowLeft)}, budget {Percent(c.Budget)}, attention {c.Attention}{(c.Trouble is { } why ? $", TROUBLE {why}" : "")}");
}
