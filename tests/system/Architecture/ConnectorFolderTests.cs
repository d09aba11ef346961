using System.Text.Json;

namespace Tests.System.Architecture;

/// <summary>Every connector is a folder with the same file names, a page, and an answer to every question of quality.</summary>
public sealed class ConnectorFolderTests
{
    public static TheoryData<string> Folders => [.. Repository.ConnectorFolders];

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_connector_folder_is_complete(string name)
    {
        string[] required = ["connector.json", $"{name}Connector.cs", $"{name}Mapper.cs", $"{name}Errors.cs", $"{name}Registration.cs"];

        Assert.All(required, file => Assert.True(
            File.Exists(Path.Combine(Repository.Root, "connectors", name, file)), $"connectors/{name} has no {file}. Take the shape from another connector."));
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Its_code_is_the_folders_name_in_lower_case_with_or_without_hyphens(string name)
    {
        var code = CodeOf(name);

        Assert.True(Kebab.Is(code), $"{code} cannot stand in a route.");
        Assert.Equal(name.ToLowerInvariant(), code.Replace("-", "", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void It_has_a_page(string name)
    {
        var page = $"docs/marketplaces/{CodeOf(name)}.md";

        Assert.True(File.Exists(Path.Combine(Repository.Root, page)), $"{page} is missing: what is known of the marketplace, and how well.");
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Every_question_of_quality_is_done_or_exempt_with_a_reason(string name)
    {
        var answers = Manifest(name).GetProperty("quality").EnumerateObject().ToList();

        Assert.NotEmpty(answers);
        Assert.All(answers, answer => Assert.True(
            answer.Value.GetString() is "done" or ['e', 'x', 'e', 'm', 'p', 't', ':', ' ', _, _, _, ..], $"{name}: {answer.Name} says '{answer.Value}'. It must be 'done' or 'exempt: why'."));
    }

    [Fact]
    public void There_are_connectors_to_look_at() => Assert.True(Repository.ConnectorFolders.Count() >= 2);

    private static string CodeOf(string name) => Manifest(name).GetProperty("code").GetString()!;

    private static JsonElement Manifest(string name)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "connectors", name, "connector.json")));
        return json.RootElement.Clone();
    }
}
