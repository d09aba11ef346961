using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Domain.Attention;
using Domain.Bundling;
using Domain.Marketplaces;
using Domain.Orders;
using Functions.Bundle;
using Infra.Storage.InMemory;
using Tests.Functions.World;

namespace Tests.Functions.Privacy;

/// <summary>A person whose every part is a canary goes the whole way, with failures on it; none of the parts may be seen where it does not belong.</summary>
public sealed class CanaryTests
{
    private static readonly string[] Canaries =
        ["カナリア", "Canary", "KANARIA", "999-9999", "秘密県", "秘密市", "秘密町9-9-9", "秘密ビル999", "090-9999-9999", "09099999999", "canary@example.invalid", "カナリアの備考"];

    [Fact]
    public async Task Personal_data_is_in_no_log_trace_row_key_or_queue_message()
    {
        var traces = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == global::Functions.Telemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = a => traces.Enqueue($"{a.DisplayName} {string.Join(' ', a.TagObjects)} {string.Join(' ', a.Baggage)} {string.Join(' ', a.Events.Select(e => $"{e.Name} {string.Join(' ', e.Tags)}"))}"),
        };
        ActivitySource.AddActivityListener(listener);
        var rows = new InMemoryRowStore(new Infra.Storage.StorageCounter());
        using var shop = await new Shop(rows).OpenAsync();
        var seen = new List<string>();
        await PlayAsync(shop, seen);

        var keys = rows.Dump().Select(r => $"{r.Table} {r.Partition} {r.Row.Key}");
        var items = await shop.AttentionAsync();
        var attention = items.Select(a => a.ToString());
        var places = seen.Concat(shop.Log.Lines).Concat(traces).Concat(keys).Concat(attention).ToList();

        Assert.NotEmpty(traces);
        Assert.NotEmpty(shop.Log.Lines);
        Assert.Superset(
            new HashSet<AttentionKind> { AttentionKind.UnreadableOrder, AttentionKind.PushRejected, AttentionKind.CancelledInWork, AttentionKind.CancelledAfterShipping },
            items.Select(i => i.Kind).ToHashSet());
        Assert.All(places, place => Assert.DoesNotContain(Canaries, c => place.Contains(c, StringComparison.OrdinalIgnoreCase) || Decoded(place).Contains(c, StringComparison.OrdinalIgnoreCase)));
    }

    private static async Task PlayAsync(Shop shop, List<string> messages)
    {
        var canary = new Party("カナリア Canary", "KANARIA", "999-9999", "秘密県", "秘密市", "秘密町9-9-9", "秘密ビル999", "090-9999-9999", "canary@example.invalid");
        OrderSnapshot Order(string code) => Shop.Order(code, Shop.Start.AddMinutes(-5)) with { Buyer = canary, Recipient = canary };
        shop.Market.Place(Order("A1"));
        shop.Market.Place(Order("A2"));
        shop.Market.Place(Order("NOTE") with { BuyerNote = "カナリアの備考" });
        shop.Market.Place(Order("WORK") with { Recipient = canary with { Street = "秘密町9-9-8" } }); // another door: it travels alone
        shop.Market.Place(Order("BAD"));
        shop.Market.Unreadable.Add(OrderCode.Parse("BAD"));
        await shop.Get<global::Functions.Dispatch>().SendAsync(new global::Functions.PullMessage(shop.Store.Id.Value), TimeSpan.Zero, Shop.None);
        messages.AddRange(((InMemoryMessageQueue)shop.Queue).Dump().Select(m => m.Body));
        await shop.DrainAsync();
        var key = (await shop.CandidatesAsync()).First(c => c.Candidate is { State: CandidateState.Open }).Key;
        var carrier = await shop.Get<DecideCandidate>().ExecuteAsync(
            shop.Store.Group, key, [shop.Delivery("A1"), shop.Delivery("A2")], "staff", Shop.None);
        await shop.HandOverAsync(carrier.Code.Value);
        await shop.HandOverAsync("WORK");
        await shop.ShipAsync(carrier.Code.Value);
        messages.AddRange(((InMemoryMessageQueue)shop.Queue).Dump().Select(m => m.Body));
        shop.Market.Before = call =>
        {
            if (call == "complete")
            {
                throw new MarketplaceException("test-market", FailureKind.Rejected, "refused") { Code = "E-9" };
            }
        };
        await shop.DrainAsync();
        foreach (var cancelled in (string[])["NOTE", "WORK", "A1"])
        {
            shop.Market.Change(cancelled, o => o with { Standing = MarketplaceStanding.Cancelled }); // waiting, in work, shipped
        }

        await shop.PullAsync();
    }

    /// <summary>Base64 and URL escapes undone, where the text is that.</summary>
    private static string Decoded(string text)
    {
        var plain = Uri.UnescapeDataString(text);
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var written) ? plain + Encoding.UTF8.GetString(bytes, 0, written) : plain;
    }
}
