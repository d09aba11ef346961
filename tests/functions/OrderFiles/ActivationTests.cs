using Domain.Bundling;
using Domain.Deliveries;
using Domain.Marketplaces;
using Domain.Orders;
using Functions.OrderFiles;
using Infra.Ledger;
using Tests.Functions.World;

namespace Tests.Functions.OrderFiles;

/// <summary>有効化: what the API brings in part, a file completes.</summary>
public sealed class ActivationTests
{
    [Fact]
    public async Task An_order_in_part_waits_and_moves_on_once_the_file_completes_it()
    {
        using var shop = await FileMarket.OpenAsync();
        shop.Market.Place(FileMarket.InPart(FileMarket.Order("A1")));
        await shop.PullAsync();
        Assert.Equal(OrderState.PendingProcessing, (await shop.OrderAsync("A1"))!.State);
        Assert.False((await shop.HandOverAsync("A1")).Done);

        var result = await shop.ImportAsync(FileMarket.Download(FileMarket.Order("A1")));

        Assert.Equal(FileOutcome.Completes, Assert.Single(result.Orders).Outcome);
        var order = (await shop.OrderAsync("A1"))!;
        Assert.Equal(OrderState.AwaitingShipment, order.State);
        Assert.Empty(order.Holds);
        Assert.Contains(order.History, h => h is { Who: "staff-key", What: "completed" });
        Assert.True((await shop.HandOverAsync("A1")).Done);
    }

    [Fact]
    public async Task Before_it_is_completed_it_meets_nobody_and_afterwards_its_recipient_has_a_bundle_key()
    {
        using var shop = await FileMarket.OpenAsync();
        shop.Market.Place(FileMarket.InPart(FileMarket.Order("A1", recipient: "見本 花子")));
        shop.Market.Place(FileMarket.InPart(FileMarket.Order("A2", recipient: "見本花子")));
        await shop.PullAsync();
        Assert.Empty(await shop.CandidatesAsync());
        Assert.All(new[] { await shop.DeliveryAsync("A1"), await shop.DeliveryAsync("A2") }, d => Assert.Null(d!.Key));

        await shop.ImportAsync(FileMarket.Download(FileMarket.Order("A1", recipient: "見本 花子"), FileMarket.Order("A2", recipient: "見本花子")));

        Assert.Equal(2, Assert.Single(await shop.CandidatesAsync(), c => c.Candidate is { State: CandidateState.Open }).Members.Length);
        Assert.NotNull((await shop.DeliveryAsync("A1"))!.Key);
    }

    [Fact]
    public async Task A_later_reading_in_part_takes_nothing_back_but_brings_a_cancel()
    {
        using var shop = await FileMarket.OpenAsync();
        shop.Market.Place(FileMarket.InPart(FileMarket.Order("A1", TimeSpan.FromMinutes(5))));
        await shop.PullAsync();
        var file = FileMarket.Download(FileMarket.Order("A1", TimeSpan.FromMinutes(5)));
        await shop.ImportAsync(file);

        shop.Market.Change("A1", o => o with { RawStatus = "packing" });
        await shop.PullAsync();
        Assert.Equal((OrderState.AwaitingShipment, "見本 A1"), ((await shop.OrderAsync("A1"))!.State, (await shop.OrderAsync("A1"))!.Content.Recipient.Name));
        Assert.Equal(FileOutcome.Unchanged, Assert.Single((await shop.ImportAsync(file)).Orders).Outcome);

        shop.Market.Change("A1", o => o with { Standing = MarketplaceStanding.Cancelled });
        await shop.PullAsync();
        Assert.Equal((OrderState.Cancelled, DeliveryState.Cancelled), ((await shop.OrderAsync("A1"))!.State, (await shop.DeliveryAsync("A1"))!.State));
        await shop.ImportAsync(file);
        Assert.Equal(OrderState.Cancelled, (await shop.OrderAsync("A1"))!.State); // the older file does not bring it back
    }

    [Fact]
    public async Task What_the_file_has_no_word_for_stays_as_the_API_told_it()
    {
        using var shop = await FileMarket.OpenAsync();
        shop.Market.Place(FileMarket.InPart(FileMarket.Order("A1")) with { DeliveryText = "宅配便", RequestedDate = new DateOnly(2026, 12, 1), Temperature = Domain.Stores.Temperature.Chilled });
        await shop.PullAsync();

        await shop.ImportAsync(FileMarket.Download(FileMarket.Order("A1") with { DeliveryText = "" }));

        var content = (await shop.OrderAsync("A1"))!.Content;
        Assert.Equal(("宅配便", new DateOnly(2026, 12, 1), Domain.Stores.Temperature.Chilled), (content.DeliveryText, content.RequestedDate, content.Temperature));
        Assert.Equal("見本茶", Assert.Single(content.Lines).Title);
    }

    [Fact]
    public async Task A_file_that_completes_an_order_before_its_delivery_was_made_makes_one_delivery()
    {
        using var shop = await FileMarket.OpenAsync();
        shop.Market.Place(FileMarket.InPart(FileMarket.Order("A1")));
        await shop.Get<global::Functions.Pull.PullStore>().RunAsync(new global::Functions.PullMessage(shop.Store.Id.Value), Shop.None); // its bundling message still waits

        await shop.ImportAsync(FileMarket.Download(FileMarket.Order("A1")));

        Assert.Single(await shop.ReadAsync(GroupKeys.Deliveries, Codecs.Delivery));
        Assert.NotNull((await shop.DeliveryAsync("A1"))!.Key);
        Assert.True((await shop.HandOverAsync("A1")).Done);
    }
}
