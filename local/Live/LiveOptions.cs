using Local.Azurite;

namespace Local.Live;

/// <summary>How a live installation is started.</summary>
/// <param name="DataFolder">Everything that it keeps lies here.</param>
/// <param name="Port">Of the management API; 0 = any free one, and the same for the sandbox.</param>
public sealed record LiveOptions(string DataFolder, int Port)
{
    /// <summary>Azurite's data on a memory file system where 512 MB are free there; they go at the end.</summary>
    public bool Memory { get; init; }

    public bool Staff { get; init; } = true;

    public bool Warehouse { get; init; } = true;

    /// <summary>Between two orders that are placed after the first batch.</summary>
    public TimeSpan OrderEvery { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Seed of the generator.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Told what happens at start, in one line each.</summary>
    public Action<string> Say { get; init; } = _ => { };

    /// <summary>The sandbox takes the port after the management API's.</summary>
    public int SandboxPort => Port == 0 ? 0 : Port + 1;

    /// <summary><c>.data/live</c> of this repository, which git ignores.</summary>
    public static string DefaultFolder => Path.Combine(AzuriteInstall.RepositoryFolder(), ".data", "live");
}
