using System.Text.RegularExpressions;

namespace Tests.System.Architecture;

/// <summary>What the compiler lets through and we do not.</summary>
public sealed partial class SourceTests
{
    /// <summary>Symbols that have no place in a shipped room, and what to take instead.</summary>
    private static readonly (string Pattern, string Instead)[] Banned =
    [
        (@"\bDateTime(Offset)?\.(Now|UtcNow|Today)\b", "ask the injected TimeProvider"),
        (@"\bTimeZoneInfo\.Local\b", "the business lives in JST: Domain.Time.Jst"),
        (@"\bThread\.Sleep\b", "wait on the injected TimeProvider, with the cancellation token"),
        (@"\bEnvironment\.TickCount", "ask the injected TimeProvider"),
        (@"\basync void\s+\w+\s*\(", "return a Task"),
        (@"catch(\s*\([^)]*\))?\s*\{\s*\}", "say in one line why nothing is to be done, or let it pass"),
        (@"\bTODO\b|\bFIXME\b|NotImplementedException", "finish it, or leave it out"),
    ];

    public static TheoryData<string> Rooms => [.. Repository.Rooms];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void No_banned_symbol_is_used(string room)
    {
        var sources = Repository.SourcesOf(room).ToList();
        var found = sources.SelectMany(s => Banned.Where(b => Regex.IsMatch(s.Text, b.Pattern)).Select(b => $"{s.Path}: {b.Pattern} – {b.Instead}"));

        Assert.NotEmpty(sources);
        Assert.Empty(found);
    }

    [Theory]
    [InlineData("domain")]
    [InlineData("connectors")]
    [InlineData("infra")]
    [InlineData("functions")]
    public void Whoever_waits_says_on_which_clock(string room)
    {
        var found = Repository.SourcesOf(room)
            .SelectMany(s => Delay().Matches(s.Text).Select(m => (s.Path, Call: m.Value)))
            .Where(d => !Clock().IsMatch(d.Call))
            .Select(d => $"{d.Path}: {d.Call}");

        Assert.Empty(found);
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_type_is_named_after_what_it_is(string room)
    {
        var found = Repository.SourcesOf(room)
            .SelectMany(s => TypeName().Matches(s.Text).Select(m => (s.Path, Name: m.Groups[1].Value)))
            .Where(t => Shapeless().IsMatch(t.Name))
            .Select(t => $"{t.Path}: {t.Name} says what kind of thing it is, not what it does");

        Assert.Empty(found);
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_folder_is_a_subject_and_not_a_kind(string room)
    {
        string[] kinds = ["Helpers", "Managers", "Utils", "Utilities", "Models", "Interfaces", "Common", "Misc", "Services"];
        var folders = Repository.SourcesOf(room).SelectMany(s => s.Path.Split('/')[..^1]).Distinct();

        Assert.DoesNotContain(folders, f => kinds.Contains(f, StringComparer.OrdinalIgnoreCase));
    }

    [GeneratedRegex(@"Task\.Delay\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)")]
    private static partial Regex Delay();

    [GeneratedRegex(@",\s*\w*([Cc]lock|[Tt]ime)\w*\s*[,)]")]
    private static partial Regex Clock();

    [GeneratedRegex(@"^\s*(?:public|internal|private|protected|file)[\w\s]*\b(?:class|record struct|record class|record|struct|interface|enum)\s+([A-Z]\w*)", RegexOptions.Multiline)]
    private static partial Regex TypeName();

    [GeneratedRegex("(Manager|Helper|Helpers|Utils|Util|Utilities|Base)$")]
    private static partial Regex Shapeless();
}
