using System.Runtime.InteropServices;
using System.Text.Json;
using Local;
using Local.Azurite;
using Local.Host;
using Local.Live;
using Local.Once;
using Local.Setup;
using Microsoft.Extensions.Logging;

var options = LocalOptions.Parse(args);
if (options.Problem is { } problem)
{
    Console.Error.WriteLine(problem);
    Console.Error.WriteLine(LocalOptions.Usage);
    return 2;
}

using var stop = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var hungUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
try
{
    return options.Once ? await OnceAsync(options, stop.Token)
        : options.Stores is { } file ? await LiveRun.RunStoresAsync(options, file, stop.Token)
        : await LiveRun.RunAsync(options, stop.Token);
}
catch (Exception trouble) when (trouble is LiveException or AzuriteException or HostRefusedException or IOException)
{
    Console.Error.WriteLine(trouble.Message);
    return 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}

// The signal must not end the process before its children have ended.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

static async Task<int> OnceAsync(LocalOptions options, CancellationToken cancellation)
{
    var azurite = AzuriteOptions.Throwaway() with { Progress = Console.Error.WriteLine };
    await using var installation = await Installation.StartAsync(
        new InstallationOptions(azurite, $"once{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()}", InProcess: true, VaultFile: null, HostKey: "", l => l.SetMinimumLevel(LogLevel.Warning).AddConsole()),
        cancellation);
    var report = await new OnceRun(installation, options.Orders, options.Seed, Console.Error.WriteLine).RunAsync(cancellation);
    OnceTable.Print(report, Console.Out);
    if (options.Report is { } file)
    {
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(report, OnceJson.Default.OnceReport), cancellation);
    }

    return report.Ok ? 0 : 1;
}
