namespace Local.Live;

/// <summary>The data folder of a live run. One run at a time: Azurite's files have one writer.</summary>
public sealed class LiveFolder : IDisposable
{
    private readonly FileStream _lock;

    private LiveFolder(string path, FileStream @lock) => (Path, _lock) = (path, @lock);

    public string Path { get; }

    public string Azurite => System.IO.Path.Combine(Path, "azurite");

    public string Vault => System.IO.Path.Combine(Path, "vault.json");

    public string Log => System.IO.Path.Combine(Path, "log.txt");

    /// <summary>When each timer last ran.</summary>
    public string Timers => System.IO.Path.Combine(Path, "timers");

    /// <exception cref="LiveException">Another run has it, or it cannot be written.</exception>
    public static LiveFolder Open(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            var file = new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new LiveFolder(path, file);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new LiveException($"The data folder {path} cannot be written ({denied.Message}). Change its owner, or delete it.", denied);
        }
        catch (IOException taken)
        {
            throw new LiveException($"The data folder {path} is in use by another local run, or cannot be written ({taken.Message}). End that run first.", taken);
        }
    }

    /// <summary>The name that stands in front of this run's tables and queues, and the one of the run before; null = this is the first.</summary>
    public (string Current, string? Previous) NextGeneration(DateTimeOffset now)
    {
        var file = System.IO.Path.Combine(Path, "generation");
        var previous = File.Exists(file) ? File.ReadAllText(file).Trim() : null;
        var current = $"live{now.ToUnixTimeSeconds()}";
        File.WriteAllText(file, current);
        return (current, previous is { Length: > 4 and < 30 } && previous.StartsWith("live", StringComparison.Ordinal) && previous != current ? previous : null);
    }

    public void Dispose() => _lock.Dispose();
}
