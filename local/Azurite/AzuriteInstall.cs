using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography;

namespace Local.Azurite;

/// <summary>Installs the pinned Azurite once per lock file, with npm, into a folder that git ignores.</summary>
internal static class AzuriteInstall
{
    private static readonly string[] Packages = ["package.json", "package-lock.json"];
    private const string StartScript = "start.js";

    /// <returns>The folder that holds node_modules and start.js.</returns>
    public static async Task<string> EnsureAsync(AzuriteOptions options, CancellationToken cancellation)
    {
        var contents = Packages.ToDictionary(f => f, Embedded);
        var name = $"azurite-{Convert.ToHexStringLower(SHA256.HashData([.. Packages.SelectMany(f => contents[f])]))[..12]}";
        var tools = options.ToolsFolder ?? Path.Combine(RepositoryFolder(), ".data", "tools");
        var target = Path.Combine(tools, name);
        Directory.CreateDirectory(target);
        await using var alone = await AloneAsync(target + ".lock", cancellation);
        await File.WriteAllBytesAsync(Path.Combine(target, StartScript), Embedded(StartScript), cancellation);
        var done = Path.Combine(target, "installed");
        if (File.Exists(done))
        {
            return target;
        }

        options.Progress?.Invoke("Installing Azurite with npm (once; about half a minute) …");
        foreach (var (file, content) in contents)
        {
            await File.WriteAllBytesAsync(Path.Combine(target, file), content, cancellation);
        }

        await NpmAsync(target, cancellation);
        await File.WriteAllTextAsync(done, "", cancellation);
        return target;
    }

    private static async Task NpmAsync(string folder, CancellationToken cancellation)
    {
        // Azurite needs no install scripts, so none run.
        var start = new ProcessStartInfo(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        using var npm = StartOrExplain(start, "npm");
        npm.StandardInput.Close();
        var said = npm.StandardOutput.ReadToEndAsync(cancellation);
        var failed = npm.StandardError.ReadToEndAsync(cancellation);
        try
        {
            await npm.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            npm.Kill(entireProcessTree: true);
            throw;
        }

        await said;
        if (npm.ExitCode != 0)
        {
            var reason = (await failed).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault() ?? $"exit code {npm.ExitCode}";
            throw new AzuriteException($"npm could not install Azurite ({reason}). Check the network, then start again; by hand: (cd {folder} && npm ci).");
        }
    }

    public static Process StartOrExplain(ProcessStartInfo start, string program)
    {
        try
        {
            return Process.Start(start) ?? throw new AzuriteException($"{program} could not be started.");
        }
        catch (Win32Exception missing)
        {
            throw new AzuriteException(
                $"{program} was not found, and Azurite (the storage emulator) needs Node.js 20 or later. Install it (Debian, Ubuntu: sudo apt install nodejs npm; else https://nodejs.org) and start again.",
                missing);
        }
    }

    private static byte[] Embedded(string file)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"azurite/{file}")
            ?? throw new InvalidOperationException($"azurite/{file} is not embedded in this assembly.");
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    /// <summary>Two programs that start at once install one after the other.</summary>
    private static async Task<FileStream> AloneAsync(string path, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(250), cancellation);
            }
        }
    }

    /// <summary>The folder of this repository; outside of one, a folder of the user.</summary>
    public static string RepositoryFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Logi.Functions.sln")))
            {
                return folder.FullName;
            }
        }

        return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
    }
}
