using System.Globalization;
using System.Reflection;
using System.Text;

namespace Tests.Connectors.Conformance;

/// <summary>Marketplace × check, as it stands in docs/. A green run means that every ✓ was checked; a – was skipped, with its reason below.</summary>
public sealed class ConformanceTable
{
    private static readonly string Page = Path.Combine(Root(), "docs", "marketplaces", "conformance.md");

    /// <remarks>With LOGI_WRITE_CONFORMANCE=1 it writes the page instead.</remarks>
    [Fact]
    public void The_table_in_docs_is_what_the_suite_checks()
    {
        var table = Write();
        if (Environment.GetEnvironmentVariable("LOGI_WRITE_CONFORMANCE") == "1")
        {
            File.WriteAllText(Page, table);
        }

        Assert.Equal(table, File.Exists(Page) ? File.ReadAllText(Page) : "");
    }

    [Fact]
    public void Every_fact_of_the_suite_is_a_row_of_the_table()
    {
        var facts = typeof(ConnectorConformance).GetMethods().Where(m => m.GetCustomAttributes().Any(a => a is FactAttribute)).Select(m => m.Name);

        Assert.Equal(facts.Order(StringComparer.Ordinal), Checks().Select(c => c.Method.Name).Order(StringComparer.Ordinal));
    }

    private static string Write()
    {
        var connectors = typeof(ConnectorConformance).Assembly.GetTypes()
            .Where(t => t.IsSubclassOf(typeof(ConnectorConformance)))
            .Select(t => ((ConnectorConformance)Activator.CreateInstance(t)!).Tested)
            .OrderBy(t => t.Manifest.Code, StringComparer.Ordinal)
            .ToArray();
        var reasons = new List<string>();
        var text = new StringBuilder();
        text.AppendLine("# Marketplace × check");
        text.AppendLine();
        text.AppendLine("Written by the conformance suite (`tests/connectors/Conformance`, `LOGI_WRITE_CONFORMANCE=1`) and held current by it. ✓ = checked in every run, over HTTP, against the");
        text.AppendLine("marketplace's own simulator; a run in which one fails is red. – = does not apply, for the reason whose number stands beside it. (n) = with so many sets of values.");
        foreach (var subject in Checks().GroupBy(c => c.Check.Subject).OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"## {subject.Key}").AppendLine();
            text.AppendLine(CultureInfo.InvariantCulture, $"| check | {string.Join(" | ", connectors.Select(c => c.Manifest.Code))} |");
            text.AppendLine(CultureInfo.InvariantCulture, $"|---|{string.Concat(connectors.Select(_ => "---|"))}");
            foreach (var (method, check) in subject.OrderBy(c => c.Check.Line))
            {
                var sets = method.GetCustomAttributes().Count(a => a is InlineDataAttribute);
                var name = method.Name.Replace('_', ' ') + (sets > 1 ? $" ({sets})" : "");
                text.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {string.Join(" | ", connectors.Select(c => Cell(c, check, reasons)))} |");
            }
        }

        text.AppendLine().AppendLine("## Why not").AppendLine();
        for (var i = 0; i < reasons.Count; i++)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{i + 1}. {reasons[i]}");
        }

        text.AppendLine().AppendLine("## What a marketplace does not tell, or tells otherwise").AppendLine();
        foreach (var connector in connectors.Where(c => c.ToldOtherwise.Count > 0))
        {
            foreach (var (field, why) in connector.ToldOtherwise.OrderBy(u => u.Key, StringComparer.Ordinal))
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"- {connector.Manifest.Code}, {field}: {why}");
            }
        }

        return text.ToString().ReplaceLineEndings("\n");
    }

    private static string Cell(ConnectorUnderTest connector, CheckAttribute check, List<string> reasons)
    {
        if (check.Needs.Select(connector.WhyNot).FirstOrDefault(why => why is not null) is not { } why)
        {
            return "✓";
        }

        var reason = $"{connector.Manifest.Code}: {why}";
        if (!reasons.Contains(reason))
        {
            reasons.Add(reason);
        }

        return string.Create(CultureInfo.InvariantCulture, $"– {reasons.IndexOf(reason) + 1}");
    }

    private static IEnumerable<(MethodInfo Method, CheckAttribute Check)> Checks() =>
        from method in typeof(ConnectorConformance).GetMethods()
        let check = method.GetCustomAttribute<CheckAttribute>()
        where check is not null
        select (method, check);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Logi.Functions.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }

        return folder.FullName;
    }
}
