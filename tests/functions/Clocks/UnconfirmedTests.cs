using Domain.Marketplaces;
using Domain.Stores;
using Functions;
using Functions.Attention;
using Functions.Clocks;
using Functions.Pull;
using Microsoft.Extensions.Time.Testing;
using Tests.Functions.World;

namespace Tests.Functions.Clocks;

/// <summary>A marketplace whose contract is guessed: until the merchant confirms it, nothing of ours speaks to it.</summary>
public sealed class UnconfirmedTests
{
    private const string Setting = "contract-confirmed";

    [Fact]
    public async Task No_slot_is_due_until_the_contract_is_confirmed()
    {
        using var shop = await ShopAsync();

        await shop.Get<PullDue>().RunAsync(Shop.None);
        Assert.Empty(await shop.Queue.ReceiveAsync(Queues.OrderPull, 32, TimeSpan.FromMinutes(5), Shop.None));
        Assert.Empty(await shop.Queue.ReceiveAsync(Queues.Follow, 32, TimeSpan.FromMinutes(5), Shop.None));

        await ConfirmAsync(shop);
        await shop.Get<PullDue>().RunAsync(Shop.None);

        Assert.Single(await shop.Queue.ReceiveAsync(Queues.OrderPull, 32, TimeSpan.FromMinutes(5), Shop.None));
        Assert.Single(await shop.Queue.ReceiveAsync(Queues.Follow, 32, TimeSpan.FromMinutes(5), Shop.None));
    }

    [Fact]
    public async Task A_message_that_comes_all_the_same_calls_nothing()
    {
        using var shop = await ShopAsync();
        shop.Market.Place(Shop.Order("A1"));

        await shop.PullAsync();
        await shop.FollowAsync();
        Assert.Empty(shop.Market.Calls);

        await ConfirmAsync(shop);
        await shop.PullAsync();
        Assert.NotNull(await shop.OrderAsync("A1"));
    }

    [Fact]
    public async Task A_paused_stores_credential_is_not_asked_for()
    {
        using var shop = await ShopAsync();
        var refusal = new MarketplaceException("test-market", FailureKind.CredentialRejected, "no") { Credential = CredentialFault.Wrong };
        await shop.Get<StorePause>().PauseAsync(shop.Store, refusal, Shop.None);

        await shop.Get<WatchCoverage>().RunAsync(Shop.None);
        Assert.Empty(shop.Market.Calls);

        await ConfirmAsync(shop);
        await shop.Get<WatchCoverage>().RunAsync(Shop.None);
        Assert.NotEmpty(shop.Market.Calls);
    }

    [Fact]
    public async Task Nothing_is_released_while_a_confirmation_is_taken_back_however_young_the_last_answer()
    {
        using var shop = await ShopAsync();
        await shop.SetAsync(s => s with { ShipOnAnswerMinutes = 60 });
        await ConfirmAsync(shop);
        shop.Market.Place(Shop.Order("A1"));
        await shop.PullAsync();
        await ConfirmAsync(shop, "false");

        var refusal = Assert.Single((await shop.HandOverAsync("A1")).Refusals);

        Assert.Contains("仕様未確認", refusal, StringComparison.Ordinal);
        Assert.Contains(Setting, refusal, StringComparison.Ordinal);
        Assert.Contains("docs/marketplaces/test-market.md", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shipment_waits_until_the_contract_is_confirmed_again()
    {
        using var shop = await ShopAsync();
        await ConfirmAsync(shop);
        shop.Market.Place(Shop.Order("A1"));
        await shop.PullAsync();
        Assert.True((await shop.HandOverAsync("A1")).Done);
        await ConfirmAsync(shop, "false");

        await shop.ShipAsync("A1");
        await shop.DrainAsync();
        Assert.Empty(shop.Market.Effects);

        await ConfirmAsync(shop);
        await shop.Get<SweepOutbox>().RunAsync(everything: true, Shop.None);
        await shop.DrainAsync();
        Assert.True((await shop.PushAsync("A1"))!.IsConfirmed);
    }

    private static Task ConfirmAsync(Shop shop, string value = "true") => shop.SetAsync(s => s with { Settings = s.Settings.SetItem(Setting, value) });

    private static Task<Shop> ShopAsync()
    {
        var clock = new FakeTimeProvider(Shop.Start);
        var guessed = new TestMarket(clock).Manifest with
        {
            ConfirmSetting = Setting,
            Settings = [new StoreSetting(Setting, new ManifestText("仕様を確認した", "contract confirmed"), "boolean", "false", "")],
        };
        return new Shop(clock: clock, market: new TestMarket(clock) { Manifest = guessed }).OpenAsync();
    }
}
