using Infra.Storage;

namespace Infra.Marketplaces;

/// <summary>What all instances agree on about one limit: from when its calls are still unassigned, and how many of the day are taken.</summary>
/// <param name="NextFree">UTC.</param>
/// <param name="Day">JST; counts the calls taken of this day.</param>
/// <param name="Holder">The instance that took the last block: where only one call may be in flight, it alone may go on at once.</param>
internal sealed record BudgetRow(DateTimeOffset NextFree, DateOnly Day, long Count, string Holder)
{
    private const string DayForm = "yyyy-MM-dd";

    public static readonly BudgetRow Untouched = new(RowLimits.EarliestTime, DateOnly.MinValue, 0, "");

    public static BudgetRow Of(Row row) => new(
        row.Time("next") ?? RowLimits.EarliestTime,
        DateOnly.TryParseExact(row.Text("day"), DayForm, out var day) ? day : DateOnly.MinValue,
        row.Number("count"),
        row.Text("holder") ?? "");

    public Row ToRow(string key) => new(
        key,
        null,
        new Dictionary<string, object>
        {
            ["v"] = 1L,
            ["next"] = NextFree,
            ["day"] = Day.ToString(DayForm, System.Globalization.CultureInfo.InvariantCulture),
            ["count"] = Count,
            ["holder"] = Holder,
        },
        default);
}
