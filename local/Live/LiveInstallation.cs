using Domain.Marketplaces;
using Domain.Stores;
using Functions.Manage;
using Infra.Secrets;
using Infra.Storage;
using Infra.Storage.Azure;
using Local.Azurite;
using Local.Generator;
using Local.Setup;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sandbox.Core;

namespace Local.Live;

/// <summary>The whole installation alive on this machine: storage, vault, marketplaces, functions, buyers, staff and warehouse. Ends them all with itself.</summary>
public sealed class LiveInstallation : IAsyncDisposable
{
    /// <summary>Demo stores are polled so often.</summary>
    private const int PollSeconds = 10;

    /// <summary>The first orders are at most six hours old; a day more, because the window counts JST days.</summary>
    private const string LookbackDays = "2";

    private readonly CancellationTokenSource _stopping = new();
    private readonly Stack<IAsyncDisposable> _parts = new(); // ended last in, first out
    private readonly List<Task> _people = [];
    private readonly List<ManageClient> _clients = [];

    private LiveInstallation()
    {
    }

    public Installation Installation { get; private set; } = null!;

    public Uri Manage { get; private set; } = null!;

    public Uri Sandbox { get; private set; } = null!;

    public string AdminKey { get; private set; } = "";

    public People People { get; private set; } = null!;

    /// <summary>Where Azurite keeps its data.</summary>
    public string AzuriteFolder { get; private set; } = "";

    public int AzuriteProcessId => Installation.AzuriteProcessId;

    /// <summary>Completes only when a buyer or a person fails for a reason of ours.</summary>
    public Task Failed => _people.Count == 0 ? Task.Delay(Timeout.Infinite, _stopping.Token) : Task.WhenAny(_people);

    /// <exception cref="LiveException">A port is taken, the data folder is in use or damaged.</exception>
    /// <exception cref="AzuriteException">Node is missing, Azurite's data cannot be read.</exception>
    public static async Task<LiveInstallation> StartAsync(LiveOptions options, Action<ILoggingBuilder> logging, CancellationToken cancellation)
    {
        Ports.CheckFree(options.Port, "the management API");
        Ports.CheckFree(options.SandboxPort, "the sandbox");
        var live = new LiveInstallation();
        try
        {
            await live.BeginAsync(options, logging, cancellation);
            return live;
        }
        catch (Exception failure)
        {
            await live.DisposeAsync();
            throw failure is StorageUnavailableException or global::Azure.RequestFailedException or InvalidDataException
                ? new LiveException($"The data in {options.DataFolder} cannot be used ({FirstLine(failure.Message)}). Delete that folder: what it holds is lost and is made anew.", failure)
                : failure;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_people.Select(EndedAsync));
        _clients.ForEach(c => c.Dispose());
        while (_parts.TryPop(out var part))
        {
            await part.DisposeAsync();
        }

        _stopping.Dispose();
    }

    /// <summary>The stores whose marketplace brings only part of an order.</summary>
    private IReadOnlyList<Store> _partial = [];

    private async Task BeginAsync(LiveOptions options, Action<ILoggingBuilder> logging, CancellationToken cancellation)
    {
        var folder = LiveFolder.Open(options.DataFolder);
        _parts.Push(new Ending(folder.Dispose));
        var (prefix, previous) = folder.NextGeneration(TimeProvider.System.GetUtcNow());
        var azurite = AzuriteOf(options, folder);
        AzuriteFolder = azurite.DataFolder;
        Installation = await Installation.StartAsync(
            new InstallationOptions(azurite, prefix, InProcess: false, folder.Vault, Guid.NewGuid().ToString("n"), logging), cancellation);
        _parts.Push(Installation);
        if (previous is not null && Directory.Exists(azurite.DataFolder))
        {
            options.Say("The simulated marketplaces forget their orders when they end, so this start begins afresh: the last run's tables are dropped, the vault's secrets are renewed.");
            await new AzureStorage(new AzureStorageOptions { ConnectionString = Installation.StorageConnection, Prefix = previous }, Installation.Counter).DropAllAsync(cancellation);
        }

        var sandbox = await SandboxServer.StartAsync(Installation.Sandbox, options.SandboxPort, cancellation);
        _parts.Push(sandbox);
        _parts.Push(new Ending(Installation.Host.StopAsync)); // the messages in hand still need the marketplaces
        Sandbox = sandbox.Address;
        var stores = new Dictionary<string, Store>(StringComparer.Ordinal);
        var now = Installation.Clock.GetUtcNow();
        foreach (var marketplace in Installation.Sandbox.Simulators.Select(s => s.Marketplace))
        {
            stores[marketplace] = await Installation.OpenStoreAsync(
                marketplace, $"{marketplace}-demo", sandbox.Address, now.AddDays(-1), ForDemo, cancellation);
        }

        _partial = [.. stores.Values.Where(s => OrderGenerator.Marketplaces.Any(m => m.Code == s.Marketplace && m.IsPartial))];
        var trickle = new OrderTrickle(Installation.Sandbox, stores, new LiveOrders([.. stores.Keys], options.Seed, now), Installation.Clock);
        options.Say($"{trickle.PlaceFirst()} orders placed in {stores.Count} simulated marketplaces");
        var manage = await ManageServer.StartAsync(Installation.Host, Installation.Services, options.Port, cancellation);
        _parts.Push(manage);
        Manage = manage.Address;
        AdminKey = (await Installation.Services.GetRequiredService<SecretStore>().FindAsync(FirstKey.SecretName, null, cancellation))?.Value
            ?? throw new LiveException($"The vault's file in {options.DataFolder} has lost the first admin key. Delete that folder: what it holds is lost and is made anew.");
        Installation.Host.Start(folder.Timers);
        await HireAsync(options, trickle, cancellation);
    }

    /// <summary>Polled often, and with a short window: within the marketplaces' call limits the first pull of a full one would take longer than a newcomer looks.</summary>
    private Store ForDemo(Store store)
    {
        var settings = Installation.Services.GetRequiredService<MarketplaceDirectory>().Of(store).Manifest.Lanes
            .Select(l => l.LookbackSetting).OfType<string>().Distinct(StringComparer.Ordinal)
            .Aggregate(store.Settings, (all, name) => all.SetItem(name, LookbackDays));
        return store with { PollSeconds = PollSeconds, Settings = settings };
    }

    /// <summary>Staff and warehouse get keys of their own roles; the buyers need none.</summary>
    private async Task HireAsync(LiveOptions options, OrderTrickle trickle, CancellationToken cancellation)
    {
        People = new People(Installation.Clock);
        using var admin = new ManageClient(Manage, AdminKey);
        if (options.Staff)
        {
            var staff = await KeyAsync(admin, new KeyForm("simulated-staff", Role.Staff), cancellation);
            _people.Add(Task.Run(() => People.StaffAsync(staff, _stopping.Token), CancellationToken.None));
            foreach (var store in _partial)
            {
                var downloads = (IOrderDownloads)Installation.Sandbox.Simulator(store.Marketplace);
                _people.Add(Task.Run(() => People.OrderFilesAsync(staff, store.Id.Value, () => downloads.DownloadOrders(store.Id.Value), _stopping.Token), CancellationToken.None));
            }
        }

        if (options.Warehouse)
        {
            var warehouse = await KeyAsync(admin, new KeyForm("simulated-warehouse", Role.Warehouse, ["main"]), cancellation);
            _people.Add(Task.Run(() => People.WarehouseAsync(warehouse, _stopping.Token), CancellationToken.None));
        }

        _people.Add(Task.Run(() => trickle.RunAsync(options.OrderEvery, _stopping.Token), CancellationToken.None));
    }

    private async Task<ManageClient> KeyAsync(ManageClient admin, KeyForm form, CancellationToken cancellation)
    {
        var client = new ManageClient(Manage, (await admin.PostAsync<NewKey>("keys", form, cancellation)).Value);
        _clients.Add(client);
        return client;
    }

    private static AzuriteOptions AzuriteOf(LiveOptions options, LiveFolder folder)
    {
        if (options.Memory)
        {
            var throwaway = AzuriteOptions.Throwaway();
            if (throwaway.DataFolder.StartsWith("/dev/shm", StringComparison.Ordinal))
            {
                return throwaway with { Progress = options.Say };
            }

            options.Say("No memory file system with 512 MB free here: Azurite's data stay on disk.");
        }

        return new AzuriteOptions(folder.Azurite) { Progress = options.Say };
    }

    /// <summary>Cancelling is how they end; a failure has been reported through <see cref="Failed"/> and must not keep the rest from ending.</summary>
    private static Task EndedAsync(Task person) => person.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private static string FirstLine(string text) => text.Split('\n', 2)[0].Trim();
}
