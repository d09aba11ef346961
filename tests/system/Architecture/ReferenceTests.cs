using System.Reflection;
using System.Text.RegularExpressions;

namespace Tests.System.Architecture;

/// <summary>References go one way: functions → connectors, infra → domain; local → functions, sandbox; sandbox → nothing of ours.</summary>
public sealed partial class ReferenceTests
{
    private static readonly Assembly Domain = typeof(global::Domain.Orders.SalesOrder).Assembly;
    private static readonly Assembly Connectors = typeof(global::Connectors.AuPayMarket.AuPayMarketRegistration).Assembly;
    private static readonly Assembly Infra = typeof(global::Infra.Ledger.GroupLedger).Assembly;
    private static readonly Assembly Sandbox = typeof(global::Sandbox.Qoo10.Qoo10Simulator).Assembly;

    /// <summary>Which project may reference which.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["domain/domain.csproj"] = [],
        ["sandbox/sandbox.csproj"] = [],
        ["local/Worker/worker.csproj"] = [],
        ["connectors/connectors.csproj"] = ["domain/domain.csproj"],
        ["infra/infra.csproj"] = ["domain/domain.csproj"],
        // The stand-in contracts are the one named exception, in the local flavour only.
        ["functions/functions.csproj"] = ["connectors/connectors.csproj", "domain/domain.csproj", "infra/infra.csproj", "local/Worker/worker.csproj"],
        ["local/local.csproj"] = ["functions/functions.csproj", "local/Worker/worker.csproj", "sandbox/sandbox.csproj"],
    };

    public static TheoryData<string> Projects => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_stands_below_it(string project)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, project))!;
        var references = Repository.Project(project).Descendants("ProjectReference")
            .Select(r => Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(folder, r.Attribute("Include")!.Value))).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);

        Assert.Equal(Allowed[project], references);
    }

    [Fact]
    public void Domain_needs_nothing_but_the_runtime() =>
        Assert.All(Domain.GetReferencedAssemblies(), a => Assert.StartsWith("System.", a.Name, StringComparison.Ordinal));

    [Fact]
    public void Connectors_know_neither_storage_nor_Azure_nor_Polly() =>
        Assert.DoesNotContain(NamesOf(Connectors), Begins("Azure.", "Microsoft.Azure", "Polly", "Infra", "Functions", "OpenTelemetry", "Microsoft.Extensions.Http.Resilience"));

    [Fact]
    public void Infra_knows_no_marketplace_and_no_function() =>
        Assert.DoesNotContain(NamesOf(Infra), Begins("Connectors", "Functions", "Local", "Sandbox"));

    [Fact]
    public void The_sandbox_shares_nothing_with_the_code_that_it_checks() =>
        Assert.DoesNotContain(NamesOf(Sandbox), Begins("Domain", "Connectors", "Infra", "Functions", "Local", "Azure."));

    [Fact]
    public void No_connector_is_named_outside_its_folder_but_where_it_is_registered()
    {
        var named = Repository.Rooms.Where(r => r != "sandbox")
            .SelectMany(Repository.SourcesOf)
            .SelectMany(s => Repository.CodeLines(s.Text).Select(line => (s.Path, Line: line.Trim())))
            .SelectMany(l => ConnectorNamespace().Matches(l.Line).Select(m => (l.Path, l.Line, Connector: m.Groups[1].Value)))
            .Where(n => n.Connector is not ("Wire" or "OrderFiles") && !n.Path.StartsWith($"connectors/{n.Connector}/", StringComparison.Ordinal))
            .Where(n => !(n.Path == "functions/LogiFunctions.cs" && n.Line.StartsWith("using Connectors.", StringComparison.Ordinal)))
            .Select(n => $"{n.Path}: {n.Line}");

        Assert.Empty(named);
    }

    [Fact]
    public void No_marketplace_is_named_in_code_that_serves_them_all()
    {
        var names = Repository.ConnectorFolders.SelectMany(f => new[] { f, Kebab.Of(f) }).ToList();
        var named = new[] { "domain", "infra", "functions", "connectors/Wire", "connectors/OrderFiles" }
            .SelectMany(Repository.SourcesOf)
            .SelectMany(s => Repository.CodeLines(s.Text).Select(line => (s.Path, Line: line.Trim())))
            .Where(l => names.Exists(n => l.Line.Contains(n, StringComparison.OrdinalIgnoreCase)))
            .Where(l => !(l.Path == "functions/LogiFunctions.cs" && (l.Line.StartsWith("using Connectors.", StringComparison.Ordinal) || l.Line.StartsWith("services.Add", StringComparison.Ordinal))))
            .Select(l => $"{l.Path}: {l.Line}");

        Assert.Empty(named);
    }

    private static IEnumerable<string> NamesOf(Assembly assembly) => assembly.GetReferencedAssemblies().Select(a => a.Name!);

    private static Predicate<string> Begins(params string[] starts) => name => starts.Any(s => name.StartsWith(s, StringComparison.Ordinal));

    [GeneratedRegex(@"\bConnectors\.([A-Z][A-Za-z0-9]*)")]
    private static partial Regex ConnectorNamespace();
}

/// <summary>A name in PascalCase as it stands in codes, routes and pages.</summary>
internal static partial class Kebab
{
    public static string Of(string pascal) =>
        Inner().Replace(pascal, "-$0").ToLowerInvariant();

    public static bool Is(string name) => Whole().IsMatch(name);

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex Inner();

    [GeneratedRegex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
    private static partial Regex Whole();
}
