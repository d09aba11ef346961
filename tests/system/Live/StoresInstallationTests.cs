using System.Collections.Immutable;
using System.Diagnostics;
using Domain.Orders;
using Domain.Stores;
using Functions.Manage;
using Functions.Pull;
using Infra.Ledger;
using Infra.Secrets;
using Local.KeyVault;
using Local.Live;
using Microsoft.Extensions.DependencyInjection;
using Sandbox.AuPayMarket;
using Sandbox.Core;

namespace Tests.System.Live;

/// <summary>The stores of a file: the vault answers as the real one would, the marketplace is somewhere else on the network.</summary>
public sealed class StoresInstallationTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(300);

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"logi-stores-{Guid.NewGuid():n}");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_store_of_the_file_is_pulled_in_watch_mode_and_its_marketplace_is_not_written_to()
    {
        await using var vault = await VaultServer.StartAsync(null, 0, TimeProvider.System, Cancellation);
        var sandbox = new SandboxHost(new SandboxWorld(TimeProvider.System), w => new AuPayMarketSimulator(w));
        await using var market = await SandboxServer.StartAsync(sandbox, 0, Cancellation);
        var account = sandbox.OpenAccount("au-pay-market", "honten");
        var secrets = new SecretStore(vault.ClientOptions, vault.Credential, TimeProvider.System);
        await secrets.SetAsync("our-own-name", account.Secrets["api-key"], null, Cancellation);
        var person = new SeedPerson("見本", "太郎", "ミホン", "タロウ", "100-0000", "東京都", "千代田区", "見本町1-2", "", "080-0000-0001", "buyer@example.invalid");
        var code = sandbox.Simulator("au-pay-market").Place("honten", new SeedOrder
        {
            PlacedAt = TimeProvider.System.GetUtcNow().AddHours(-1),
            Buyer = person,
            Recipient = person,
            Lines = [new SeedLine("SKU-001", "見本茶", "", 1, 1_000, 8)],
        });
        var file = new StoresFile
        {
            Storage = StoresFile.Azurite,
            Vault = vault.ClientOptions.Vault,
            Stores =
            [
                new StoreEntry
                {
                    Id = "aupay-honten",
                    Marketplace = "au-pay-market",
                    BaseAddress = market.Address,
                    Settings = new Dictionary<string, string> { ["shop-id"] = account.Settings["shop-id"], ["lookback-days"] = "2" },
                    SecretNames = new Dictionary<string, string> { ["api-key"] = "our-own-name" },
                },
            ],
        };

        await using (var installation = await StoresInstallation.StartAsync(
            file, new LiveOptions(_folder, 0) { Memory = true }, _ => { }, services => services.AddSingleton(vault.ClientOptions).AddSingleton(vault.Credential), Cancellation))
        {
            using var admin = new ManageClient(installation.Manage, installation.AdminKey!);
            OrderPageView orders;
            var begun = Stopwatch.StartNew();
            while ((orders = await admin.GetAsync<OrderPageView>("orders", Cancellation)).Orders.Count == 0)
            {
                Assert.True(begun.Elapsed < Patience, "nothing was pulled");
                await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, Cancellation);
            }

            Assert.Equal((code, OrderState.AwaitingShipment), (orders.Orders[0].Code, orders.Orders[0].State));
            var book = await installation.Services.GetRequiredService<StoreRegistry>().ReadAsync(Cancellation);
            Assert.False(book.Stores[StoreId.Parse("aupay-honten")].IsLive);
        }

        Assert.All(sandbox.World.Journal.Read(), call => Assert.Empty(call.Effects));
    }

    [Fact]
    public void A_store_that_is_known_keeps_its_go_live_and_its_switches()
    {
        var live = new DateTimeOffset(2026, 11, 25, 0, 0, 0, TimeSpan.Zero);
        var known = StoresInstallation.Apply(Entry(), null, Marketplaces()) with { LiveFrom = live, Switches = StoreSwitches.AllOff };

        var again = StoresInstallation.Apply(Entry(("lookback-days", "5")), known, Marketplaces());

        Assert.Equal((live, StoreSwitches.AllOff, "5"), (again.LiveFrom, again.Switches, again.Settings["lookback-days"]));
    }

    [Fact]
    public void A_setting_that_the_marketplace_does_not_have_is_refused_with_the_stores_name() =>
        Assert.Contains("Store 'aupay-honten', settings.lookback-day:", Refusal(Entry(("lookback-day", "5"))), StringComparison.Ordinal);

    [Fact]
    public void A_secret_for_a_field_that_the_marketplace_does_not_have_is_refused() =>
        Assert.Contains("names a secret for 'password'", Refusal(Entry() with { SecretNames = new Dictionary<string, string> { ["password"] = "x" } }), StringComparison.Ordinal);

    [Fact]
    public void A_marketplace_without_a_connector_is_refused_with_those_that_there_are() =>
        Assert.Contains("There are: au-pay-market,", Refusal(Entry() with { Marketplace = "elsewhere" }), StringComparison.Ordinal);

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static string Refusal(StoreEntry entry) => Assert.Throws<LiveException>(() => StoresInstallation.Apply(entry, null, Marketplaces())).Message;

    private static StoreEntry Entry(params (string Name, string Value)[] settings) => new()
    {
        Id = "aupay-honten",
        Marketplace = "au-pay-market",
        Settings = settings.Append((Name: "shop-id", Value: "40000001")).ToImmutableDictionary(s => s.Name, s => s.Value),
    };

    private static Domain.Marketplaces.MarketplaceDirectory Marketplaces()
    {
        var services = new ServiceCollection().AddSingleton(TimeProvider.System);
        services.AddLogging();
        global::Functions.LogiFunctions.AddMarketplaces(services);
        return new Domain.Marketplaces.MarketplaceDirectory(services.BuildServiceProvider().GetServices<Domain.Marketplaces.Marketplace>());
    }
}
