using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace Tests.System.Architecture;

/// <summary>The sources as they lie in the repository.</summary>
internal static class Repository
{
    /// <summary>The rooms that are shipped.</summary>
    public static readonly string[] Rooms = ["domain", "connectors", "infra", "functions", "local", "sandbox"];

    public static string Root { get; } = Path.GetFullPath(Path.Combine(Here(), "..", "..", ".."));

    /// <summary>The C# sources of a room, by their path from the root.</summary>
    public static IEnumerable<(string Path, string Text)> SourcesOf(string room) =>
        Directory.EnumerateFiles(Path.Combine(Root, room), "*.cs", SearchOption.AllDirectories)
            .Select(file => (Path.GetRelativePath(Root, file).Replace('\\', '/'), File.ReadAllText(file)));

    /// <summary>Folders of connectors: whatever is not shared by them (Wire: the calls, OrderFiles: the order files).</summary>
    public static IEnumerable<string> ConnectorFolders =>
        Directory.GetDirectories(Path.Combine(Root, "connectors")).Select(d => Path.GetFileName(d)).Where(d => d is not ("Wire" or "OrderFiles" or "bin" or "obj"));

    public static XElement Project(string path) => XElement.Load(Path.Combine(Root, path));

    /// <summary>A source without its comments.</summary>
    public static IEnumerable<string> CodeLines(string text) =>
        text.Split('\n').Select(line => line.Split("//")[0]).Where(line => line.Trim().Length > 0);

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
