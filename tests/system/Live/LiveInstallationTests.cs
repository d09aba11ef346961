using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Functions.Manage;
using Local.Generator;
using Local.Live;
using Local.Setup;

namespace Tests.System.Live;

/// <summary>The live run with real time, real sockets and the real storage emulator.</summary>
public sealed class LiveInstallationTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(300); // under a minute on an idle machine

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"logi-live-{Guid.NewGuid():n}");

    [Fact]
    public async Task An_order_of_every_marketplace_goes_the_whole_way_and_no_process_is_left()
    {
        int azurite;
        string data;
        await using (var live = await LiveInstallation.StartAsync(new LiveOptions(_folder, 0) { Memory = true }, _ => { }, TestContext.Current.CancellationToken))
        {
            azurite = live.AzuriteProcessId;
            data = live.AzuriteFolder;
            using var sandbox = new HttpClient { BaseAddress = live.Sandbox };
            await UntilAsync(async () => await MissingAsync(sandbox) is []);

            using var admin = new ManageClient(live.Manage, live.AdminKey);
            var keys = await admin.GetAsync<List<ApiKeyView>>("keys", TestContext.Current.CancellationToken);
            Assert.Equal([Role.Warehouse, Role.Staff, Role.Admin], keys.Select(k => k.Role).Order());
            using var budget = new BudgetMeter(TimeProvider.System);
            var reading = new LiveReading(live.Installation.Services, live.Installation.Sandbox, admin, budget);
            await UntilAsync(async () => (await reading.ReadAsync(TestContext.Current.CancellationToken)).All(c => c.Shipped >= 1));
            var counts = await reading.ReadAsync(TestContext.Current.CancellationToken);
            Assert.Equal(Installation.Simulators.Count, counts.Count);
            Assert.All(counts, c => Assert.True(TakesNoReport(c.Store) ? c.Reported == 0 : c.Reported >= 1 && c.Reported <= c.Shipped, $"{c}"));
        }

        Assert.Throws<ArgumentException>(() => Process.GetProcessById(azurite));
        Assert.False(data.StartsWith("/dev/shm", StringComparison.Ordinal) && Directory.Exists(data));
    }

    [Fact]
    public async Task A_taken_port_is_named_with_what_to_do_before_anything_is_started()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var refusal = await Assert.ThrowsAsync<LiveException>(() => LiveInstallation.StartAsync(new LiveOptions(_folder, port), _ => { }, TestContext.Current.CancellationToken));

        Assert.StartsWith($"Port {port}, on which the management API was to listen, is taken", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
        Assert.False(Directory.Exists(_folder));
    }

    [Fact]
    public void A_taken_port_of_the_sandbox_is_named_as_well()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var refusal = Assert.Throws<LiveException>(() => Ports.CheckFree(port, "the sandbox"));

        Assert.StartsWith($"Port {port}, on which the sandbox was to listen, is taken", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_vault_file_is_named_with_what_to_do()
    {
        Directory.CreateDirectory(_folder);
        await File.WriteAllTextAsync(Path.Combine(_folder, "vault.json"), "[{\"Name\":\"half of", TestContext.Current.CancellationToken);

        var refusal = await Assert.ThrowsAsync<IOException>(() => LiveInstallation.StartAsync(new LiveOptions(_folder, 0) { Memory = true }, _ => { }, TestContext.Current.CancellationToken));

        Assert.Contains(_folder, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Delete the data folder", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public void Two_runs_do_not_share_a_data_folder()
    {
        using var first = LiveFolder.Open(_folder);

        var refusal = Assert.Throws<LiveException>(() => LiveFolder.Open(_folder));

        Assert.StartsWith($"The data folder {_folder} is in use by another local run", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_start_has_tables_of_its_own_and_knows_those_of_the_start_before()
    {
        using var folder = LiveFolder.Open(_folder);
        var now = new DateTimeOffset(2026, 11, 25, 0, 0, 0, TimeSpan.Zero);

        Assert.Equal(($"live{now.ToUnixTimeSeconds()}", null), folder.NextGeneration(now));
        Assert.Equal(($"live{now.ToUnixTimeSeconds() + 60}", $"live{now.ToUnixTimeSeconds()}"), folder.NextGeneration(now.AddMinutes(1)));
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    /// <summary>The accounts in which no order holds a tracking number yet, as the marketplaces' control API tells it.</summary>
    private static async Task<List<string>> MissingAsync(HttpClient sandbox)
    {
        var missing = new List<string>();
        foreach (var account in (await sandbox.GetFromJsonAsync<JsonElement>("sandbox/accounts", TestContext.Current.CancellationToken)).EnumerateArray())
        {
            var path = $"{account.GetProperty("marketplace").GetString()}/{account.GetProperty("account").GetProperty("account").GetString()}";
            var orders = await sandbox.GetFromJsonAsync<JsonElement>($"sandbox/{path}/orders", TestContext.Current.CancellationToken);
            if (!TakesNoReport(path) && !orders.EnumerateArray().Any(o => o.GetProperty("shipped").GetBoolean() && o.GetProperty("trackingNumber").GetString() is { Length: > 0 }))
            {
                missing.Add(path);
            }
        }

        return missing;
    }

    /// <summary>Of a marketplace whose API brings only part of its orders: staff brings the file that completes them, and no shipment is reported there.</summary>
    private static bool TakesNoReport(string nameOrPath) => OrderGenerator.Marketplaces.Any(m => m.IsPartial && nameOrPath.StartsWith(m.Code, StringComparison.Ordinal));

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        var begun = Stopwatch.StartNew();
        while (!await holds())
        {
            Assert.True(begun.Elapsed < Patience, $"It did not happen within {Patience.TotalSeconds} s.");
            await Task.Delay(TimeSpan.FromMilliseconds(500), TestContext.Current.CancellationToken);
        }
    }
}
