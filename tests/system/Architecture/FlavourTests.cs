using System.Xml.Linq;

namespace Tests.System.Architecture;

/// <summary>The azure flavour is compiled where the real packages are served; what its project says can be read here.</summary>
public sealed class FlavourTests
{
    private const string Azure = "'$(FunctionsWorker)' == 'azure'";
    private const string Local = "'$(FunctionsWorker)' == 'local'";

    private static readonly XElement Functions = Repository.Project("functions/functions.csproj");
    private static readonly XElement Props = Repository.Project("Directory.Build.props");

    [Fact]
    public void Without_a_word_the_flavour_is_local_and_each_flavour_has_its_own_outputs()
    {
        var flavour = Props.Descendants("FunctionsWorker").Single();

        Assert.Equal(("local", "'$(FunctionsWorker)' == ''"), (flavour.Value, flavour.Attribute("Condition")!.Value));
        Assert.Equal("true", Props.Descendants("UseArtifactsOutput").Single().Value);
        Assert.EndsWith("artifacts/$(FunctionsWorker)", Props.Descendants("ArtifactsPath").Single().Value, StringComparison.Ordinal);
        Assert.Same(Props.Elements().First(), flavour.Parent); // before anything that depends on it
    }

    [Fact]
    public void The_real_packages_come_with_azure_only_and_the_stand_in_with_local_only()
    {
        string[] packages =
        [
            "Microsoft.Azure.Functions.Worker", "Microsoft.Azure.Functions.Worker.Extensions.Http.AspNetCore", "Microsoft.Azure.Functions.Worker.Extensions.Storage.Queues",
            "Microsoft.Azure.Functions.Worker.Extensions.Timer", "Microsoft.Azure.Functions.Worker.Sdk",
        ];
        var versions = Repository.Project("Directory.Packages.props").Descendants("PackageVersion").Select(p => p.Attribute("Include")!.Value).ToHashSet(StringComparer.Ordinal);

        Assert.Equal(packages, In(Azure, "PackageReference").Order(StringComparer.Ordinal));
        Assert.Equal(["../local/Worker/worker.csproj"], In(Local, "ProjectReference"));
        Assert.All(packages, p => Assert.Contains(p, versions));
        Assert.DoesNotContain(
            Functions.Descendants("PackageReference").Where(p => p.Parent!.Attribute("Condition") is null), p => p.Attribute("Include")!.Value.Contains("Functions.Worker", StringComparison.Ordinal));
    }

    [Fact]
    public void In_both_flavours_the_functions_are_a_program_of_version_4_with_the_roots_host_json()
    {
        Assert.Equal(("Exe", null), Unconditional("OutputType"));
        Assert.Equal(("v4", null), Unconditional("AzureFunctionsVersion"));
        var host = Functions.Descendants("None").Single(n => n.Attribute("Include")!.Value == "../host.json");
        Assert.Equal(
            ("host.json", "PreserveNewest", "PreserveNewest"),
            (host.Attribute("Link")!.Value, host.Attribute("CopyToOutputDirectory")!.Value, host.Attribute("CopyToPublishDirectory")!.Value));
    }

    [Fact]
    public void A_wrong_flavour_is_refused_before_anything_is_restored_with_a_word_on_what_to_type()
    {
        foreach (var project in new[] { Functions, Repository.Project("local/local.csproj") })
        {
            var refusal = project.Elements("Target").Single(t => t.Elements("Error").Any());

            Assert.Contains("CollectPackageReferences", refusal.Attribute("BeforeTargets")!.Value, StringComparison.Ordinal);
            Assert.Contains("dotnet publish functions -c Release -p:FunctionsWorker=azure", refusal.Element("Error")!.Attribute("Text")!.Value, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void No_lock_file_binds_the_azure_flavour_to_what_is_served_here()
    {
        Assert.Empty(Props.Descendants("RestorePackagesWithLockFile"));
        Assert.Empty(Functions.Descendants("RestorePackagesWithLockFile"));
        Assert.False(File.Exists(Path.Combine(Repository.Root, "functions", "packages.lock.json")));
    }

    private static IEnumerable<string> In(string condition, string item) => Functions.Elements("ItemGroup")
        .Where(g => g.Attribute("Condition")?.Value == condition)
        .Descendants(item)
        .Select(i => i.Attribute("Include")!.Value);

    private static (string, string?) Unconditional(string property)
    {
        var found = Functions.Descendants(property).Single();
        return (found.Value, (found.Attribute("Condition") ?? found.Parent!.Attribute("Condition"))?.Value);
    }
}
