namespace Bench.Numbers;

/// <summary>One number with its definition.</summary>
/// <param name="Limit">What it must keep, in words; empty = only shown.</param>
/// <param name="Kept">It keeps its limit.</param>
public sealed record Measured(string Name, string Value, string Limit, bool Kept, string Definition)
{
    /// <summary>A Markdown table, ready for the README.</summary>
    public static void Print(IReadOnlyList<Measured> numbers, TextWriter output)
    {
        output.WriteLine("| number | measured | limit | definition |");
        output.WriteLine("|---|---|---|---|");
        foreach (var number in numbers)
        {
            output.WriteLine($"| {number.Name} | {number.Value}{(number.Kept ? "" : " **(missed)**")} | {number.Limit} | {number.Definition} |");
        }
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }
}
