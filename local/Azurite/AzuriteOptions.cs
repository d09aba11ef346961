namespace Local.Azurite;

/// <summary>Where Azurite keeps its data and what it listens on. Port 0 = any free port.</summary>
public sealed record AzuriteOptions(string DataFolder)
{
    private const long MemoryWanted = 512L * 1024 * 1024;

    public int BlobPort { get; init; }

    public int QueuePort { get; init; }

    public int TablePort { get; init; }

    /// <summary>Where the npm package is installed, once; null = <c>.data/tools</c> of this repository (git-ignored).</summary>
    public string? ToolsFolder { get; init; }

    /// <summary>The data folder goes when the process ends.</summary>
    public bool DeleteDataAtEnd { get; init; }

    /// <summary>Told when something takes its time, in one line.</summary>
    public Action<string>? Progress { get; init; }

    /// <summary>Free ports and a fresh folder, on the memory file system where it has 512 MB free, that goes at the end.</summary>
    public static AzuriteOptions Throwaway() =>
        new(Path.Combine(FastFolder(), $"logi-azurite-{Guid.NewGuid():n}")) { DeleteDataAtEnd = true };

    /// <summary>The memory file system where there is one with 512 MB free, else the folder for temporary files.</summary>
    public static string FastFolder()
    {
        const string memory = "/dev/shm";
        return Directory.Exists(memory) && new DriveInfo(memory).AvailableFreeSpace >= MemoryWanted ? memory : Path.GetTempPath();
    }
}
