using Local.Azurite;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace Local.Live;

/// <summary>The live run as a person sees it: starts everything, says where it is, shows what happens until it is told to stop.</summary>
public static class LiveRun
{
    /// <returns>0 when it was told to stop.</returns>
    /// <exception cref="LiveException">It cannot start: one line that says what to do.</exception>
    public static async Task<int> RunAsync(LocalOptions options, CancellationToken cancellation)
    {
        var live = new LiveOptions(LiveOptions.DefaultFolder, options.Port)
        {
            Memory = options.Memory,
            Staff = options.Staff,
            Warehouse = options.Warehouse,
            Seed = options.Seed,
            Say = Console.Out.WriteLine,
        };
        using var budget = new BudgetMeter(TimeProvider.System);
        using var log = LogOf(live.DataFolder);
        var installation = await LiveInstallation.StartAsync(live, logging => Configure(logging, log), cancellation);
        try
        {
            Introduce(live, installation);
            using var admin = new ManageClient(installation.Manage, installation.AdminKey);
            var reading = new LiveReading(installation.Installation.Services, installation.Installation.Sandbox, admin, budget);
            await ShowAsync(new LiveView(reading, () => log.Errors + installation.People.Refusals, installation.Installation.Clock), installation.Failed, cancellation);
            return 0;
        }
        finally
        {
            Console.Out.WriteLine("Ending: what is in hand is finished first …");
            await installation.DisposeAsync();
            Console.Out.WriteLine("Ended.");
        }
    }

    /// <summary>The same for the stores of a file.</summary>
    /// <exception cref="LiveException">It cannot start: one line that says what to do.</exception>
    public static async Task<int> RunStoresAsync(LocalOptions options, string path, CancellationToken cancellation)
    {
        var file = StoresFile.Read(path);
        var live = new LiveOptions(Path.Combine(AzuriteInstall.RepositoryFolder(), ".data", "stores"), options.Port) { Say = Console.Out.WriteLine };
        using var budget = new BudgetMeter(TimeProvider.System);
        using var log = LogOf(live.DataFolder);
        var installation = await StoresInstallation.StartAsync(file, live, logging => Configure(logging, log), cancellation);
        try
        {
            Console.Out.WriteLine(
                $"""
                management API   {installation.Manage}api/manage/   header X-Api-Key: {installation.AdminKey ?? "(not in the vault)"}
                vault            {file.Vault}
                data, log        {live.DataFolder}
                The stores only watch (見るだけ): nothing is released or reported before a store goes live (POST manage/stores/ID/go-live).
                Ctrl-C ends everything.
                """);
            using var admin = new ManageClient(installation.Manage, installation.AdminKey ?? "");
            var view = new LiveView(new LiveReading(installation.Services, null, admin, budget), () => log.Errors, TimeProvider.System);
            await ShowAsync(view, new TaskCompletionSource().Task, cancellation);
            return 0;
        }
        finally
        {
            Console.Out.WriteLine("Ending: what is in hand is finished first …");
            await installation.DisposeAsync();
            Console.Out.WriteLine("Ended.");
        }
    }

    /// <summary>Until it is told to stop, or a part of the run fails.</summary>
    internal static async Task ShowAsync(LiveView view, Task failed, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var showing = Console.IsOutputRedirected ? view.LinesAsync(Console.Out, either.Token) : view.TableAsync(AnsiConsole.Console, either.Token);
        var first = await Task.WhenAny(showing, failed);
        await either.CancelAsync();
        try
        {
            await showing;
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }

        if (first == failed && !cancellation.IsCancellationRequested)
        {
            await (failed is Task<Task> one ? await one : failed);
        }
    }

    internal static void Configure(ILoggingBuilder logging, FileLog log) => logging
        .AddProvider(log)
        .SetMinimumLevel(LogLevel.Information)
        .AddFilter("Microsoft", LogLevel.Warning)
        .AddFilter("System.Net.Http", LogLevel.Warning)
        .AddFilter("Polly", LogLevel.Error)
        .AddFilter("Azure", LogLevel.Warning);

    /// <exception cref="LiveException">The folder cannot be written.</exception>
    internal static FileLog LogOf(string folder)
    {
        try
        {
            return new FileLog(Path.Combine(folder, "log.txt"), TimeProvider.System);
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            throw new LiveException($"The data folder {folder} cannot be written ({denied.Message}). Change its owner, or delete it.", denied);
        }
    }

    private static void Introduce(LiveOptions options, LiveInstallation live)
    {
        Console.Out.WriteLine(
            $"""
            management API   {live.Manage}api/manage/   header X-Api-Key: {live.AdminKey}
              try            curl -s -H 'X-Api-Key: {live.AdminKey}' {live.Manage}api/manage/health
            sandbox          {live.Sandbox}sandbox/state   (marketplaces and control API on one port)
            Azurite          {live.Installation.StorageConnection}
            Key Vault        {live.Installation.Vault.Address} (stand-in; holds the key as {Functions.Manage.FirstKey.SecretName})
            data, log        {live.AzuriteFolder}, {Path.Combine(options.DataFolder, "log.txt")}
            simulated staff  {(options.Staff ? "on: executes three bundle candidates of four, hands released deliveries over, imports order files where orders come in part" : "off")}
            warehouse        {(options.Warehouse ? "on: ships what is in work" : "off")}
            Ctrl-C ends everything.
            """);
    }
}
