using System.Globalization;
using Domain.Bundling;
using Domain.Deliveries;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Shipments;
using Functions.Attention;
using Functions.Bundle;
using Functions.Warehouse;
using Infra.Ledger;
using Infra.Storage;
using Tests.Functions.World;

namespace Tests.Functions.Crash;

/// <summary>The main job on one store, played by a staff and a warehouse that go on from whatever stands: pull, decide, hand over, ship, push, pull again.</summary>
public static class MainJob
{
    public static void Fill(TestMarket market, int singles)
    {
        for (var i = 0; i < singles; i++)
        {
            market.Place(Shop.Order($"S{i:D2}", Shop.Start.AddMinutes(-90 + i)));
        }

        market.Place(Shop.Order("P1", Shop.Start.AddMinutes(-60), "見本 花子"));
        market.Place(Shop.Order("P2", Shop.Start.AddMinutes(-59), "見本花子"));
        market.Place(Shop.Order("Q1", Shop.Start.AddMinutes(-58), "見本 次郎"));
        market.Place(Shop.Order("Q2", Shop.Start.AddMinutes(-57), "見本次郎"));
        // Two recipients, one of whom gets another order's goods in the same parcel.
        market.Place(Shop.OrderTo("T1", Shop.Start.AddMinutes(-53), "見本 四郎", "見本 三郎"));
        market.Place(Shop.Order("P3", Shop.Start.AddMinutes(-52), "見本三郎") with { Buyer = market["T1"].Buyer });
        market.Place(Shop.Order("UNPAID", Shop.Start.AddMinutes(-56)) with { Payment = new Payment("銀行振込", PaymentStanding.Unpaid) });
        market.Place(Shop.Order("GONE", Shop.Start.AddMinutes(-5)));
        market.Place(Shop.Order("BAD", Shop.Start.AddMinutes(-54)));
        market.Unreadable.Add(OrderCode.Parse("BAD"));
    }

    public static async Task PlayAsync(Shop shop)
    {
        await shop.OpenKnownAsync();
        await shop.Get<SweepOutbox>().RunAsync(everything: true, Shop.None);
        await shop.PullAsync();
        if (shop.Market["GONE"].Standing is MarketplaceStanding.Ready)
        {
            shop.Market.Happen("cancelled GONE");
        }

        await shop.PullAsync();
        foreach (var candidate in (await shop.CandidatesAsync()).Where(c => c.Candidate is { State: CandidateState.Open }))
        {
            await (candidate.Members.Any(m => m.Code.Value.StartsWith('P'))
                ? shop.Get<DecideCandidate>().ExecuteAsync(shop.Store.Group, candidate.Key, null, "staff", Shop.None)
                : shop.Get<DecideCandidate>().DeclineAsync(shop.Store.Group, candidate.Key, "staff", Shop.None));
        }

        foreach (var delivery in (await DeliveriesAsync(shop)).Where(d => d.State is DeliveryState.Waiting))
        {
            await shop.Get<HandOver>().RunAsync(shop.Store.Group, [delivery.Id], "staff", Shop.None);
        }

        foreach (var (delivery, i) in (await DeliveriesAsync(shop)).Select((d, i) => (d, i)).Where(d => d.d.State is DeliveryState.InWork))
        {
            await shop.ShipAsync(delivery.Id.Code.Value, 90_000_000_000 + i, number: delivery.Id.Number);
        }

        for (var i = 0; i < 4; i++)
        {
            await shop.DrainAsync();
            shop.Clock.Advance(TimeSpan.FromMinutes(5));
            await shop.Get<SweepOutbox>().RunAsync(everything: false, Shop.None);
        }

        await shop.PullAsync();
    }

    private static Task<List<OutboundDelivery>> DeliveriesAsync(Shop shop) => shop.ReadAsync(GroupKeys.Deliveries, Codecs.Delivery);

    /// <summary>Everything that must be the same however often the process died: no versions, times, attempts, names by chance.</summary>
    public static async Task<string> DumpAsync(Shop shop)
    {
        await shop.OpenKnownAsync();
        var lines = new List<string>();
        lines.AddRange((await shop.OrdersAsync()).Select(o =>
            $"order {o.Key.Code} {o.State} [{string.Join(' ', o.Holds.Select(h => h.Code))}] {string.Join(" / ", o.History.Select(h => h.What))}"));
        lines.AddRange((await shop.ReadAsync(GroupKeys.Deliveries, Codecs.Delivery)).Select(d =>
            $"delivery {d.Id} {d.State} {d.Key} {d.BundledInto} {d.Shipment?.Number} r{d.Shipment?.Revision} {string.Join(',', d.Members.Select(m => $"{m.Delivery}:{m.State}"))}"));
        lines.AddRange((await shop.ReadAsync("k|", Codecs.Key)).Select(k =>
            $"key {k.Key} {string.Join(',', k.Members.Order(Comparer<DeliveryId>.Create((a, b) => string.CompareOrdinal(a.ToString(), b.ToString()))))} {k.Candidate?.State}"));
        lines.AddRange((await shop.ReadAsync(GroupKeys.Pushes, Codecs.Push)).Select(p =>
            $"push {p.Order.Code} {p.Part} {p.Destination} r{p.Revision} {p.Number} {string.Join(',', p.Steps.Select(s => $"{s.Step}:{s.State}"))}"));
        lines.AddRange((await shop.ReadAsync(GroupKeys.Outbox, Codecs.Outbox)).Select(x => $"outbox {x.Queue}"));
        lines.AddRange((await shop.AttentionAsync()).Select(t => $"attention {t.Id} {t.Kind}"));
        lines.AddRange((await shop.Rows.ReadAsync(GroupKeys.Raw, shop.Store.Group.Value, new RowRange("!", "~"), Shop.None)).Rows.Select(r => $"raw {r.Key}"));
        lines.AddRange(shop.Market.Effects.Order(StringComparer.Ordinal).Select(e => $"effect {e}"));
        return string.Join('\n', lines.Select(l => l.ToString(CultureInfo.InvariantCulture)));
    }
}
