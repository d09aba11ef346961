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
using Infra.Storage.InMemory;
using Microsoft.Extensions.Time.Testing;
using Tests.Functions.World;

namespace Tests.Functions.Crash;

/// <summary>The main job on one store, played by a staff and a warehouse that go on from whatever stands: pull, decide, hand over, ship, push, pull again.
/// Every process may die; the next one plays on.</summary>
public sealed class Rehearsal : IDisposable
{
    private readonly FakeTimeProvider _clock = new(Shop.Start);
    private readonly StorageCounter _counter = new();
    private readonly InMemoryRowStore _rows;
    private readonly InMemoryMessageQueue _queue;
    private readonly TestMarket _market;
    private readonly Breaker _breaker;
    private readonly Func<IRowStore, IRowStore> _storage;
    private Shop _shop;

    /// <param name="storage">What lies between the functions and the rows; null = nothing.</param>
    public Rehearsal(Breaker breaker, Func<IRowStore, IRowStore>? storage = null)
    {
        _breaker = breaker;
        _storage = storage ?? (rows => rows);
        _rows = new InMemoryRowStore(_counter);
        _queue = new InMemoryMessageQueue(_clock, _counter);
        _market = new TestMarket(_clock)
        {
            Before = _ => breaker.Around(after: false),
            After = _ => breaker.Around(after: true),
        };
        _shop = new Shop(_rows, _queue, _clock, _counter, _market);
        Fill();
    }

    /// <summary>How many calls the job makes when nobody dies.</summary>
    public int Calls => _breaker.Calls;

    public async Task<string> PlayAsync()
    {
        await _shop.OpenAsync(); // set up before anything can die
        var rows = _storage(_rows);
        for (var deaths = 0; deaths < 30; deaths++)
        {
            _shop.Dispose();
            _shop = new Shop(new BreakingRows(rows, _breaker), new BreakingQueue(_queue, _breaker), _clock, _counter, _market);
            try
            {
                await JobAsync();
                break;
            }
            catch (Exception end) when (end is ProcessDiedException or StorageUnavailableException)
            {
                _breaker.Restart();
                _queue.LetGo();
                _clock.Advance(TimeSpan.FromMinutes(5));
            }
        }

        using var reader = new Shop(_rows, _queue, _clock, _counter, _market);
        return await DumpAsync(reader);
    }

    public void Dispose() => _shop.Dispose();

    private void Fill()
    {
        for (var i = 0; i < 12; i++)
        {
            _market.Place(Shop.Order($"S{i:D2}", Shop.Start.AddMinutes(-90 + i)));
        }

        _market.Place(Shop.Order("P1", Shop.Start.AddMinutes(-60), "見本 花子"));
        _market.Place(Shop.Order("P2", Shop.Start.AddMinutes(-59), "見本花子"));
        _market.Place(Shop.Order("Q1", Shop.Start.AddMinutes(-58), "見本 次郎"));
        _market.Place(Shop.Order("Q2", Shop.Start.AddMinutes(-57), "見本次郎"));
        _market.Place(Shop.Order("UNPAID", Shop.Start.AddMinutes(-56)) with { Payment = new Payment("銀行振込", PaymentStanding.Unpaid) });
        _market.Place(Shop.Order("GONE", Shop.Start.AddMinutes(-5)));
        _market.Place(Shop.Order("BAD", Shop.Start.AddMinutes(-54)));
        _market.Unreadable.Add(OrderCode.Parse("BAD"));
    }

    private async Task JobAsync()
    {
        await _shop.OpenKnownAsync();
        await _shop.Get<SweepOutbox>().RunAsync(everything: true, Shop.None);
        await _shop.PullAsync();
        if (_market["GONE"].Standing is MarketplaceStanding.Ready)
        {
            _market.Change("GONE", o => o with { Standing = MarketplaceStanding.Cancelled });
        }

        await _shop.PullAsync();
        foreach (var candidate in (await _shop.CandidatesAsync()).Where(c => c.Candidate is { State: CandidateState.Open }))
        {
            await (candidate.Members.Any(m => m.Code.Value.StartsWith('P'))
                ? _shop.Get<DecideCandidate>().ExecuteAsync(_shop.Store.Group, candidate.Key, null, "staff", Shop.None)
                : _shop.Get<DecideCandidate>().DeclineAsync(_shop.Store.Group, candidate.Key, "staff", Shop.None));
        }

        foreach (var delivery in (await DeliveriesAsync()).Where(d => d.State is DeliveryState.Waiting))
        {
            await _shop.Get<HandOver>().RunAsync(_shop.Store.Group, [delivery.Id], "staff", Shop.None);
        }

        foreach (var (delivery, i) in (await DeliveriesAsync()).Select((d, i) => (d, i)).Where(d => d.d.State is DeliveryState.InWork))
        {
            await _shop.ShipAsync(delivery.Id.Code.Value, 90_000_000_000 + i);
        }

        for (var i = 0; i < 4; i++)
        {
            await _shop.DrainAsync();
            _clock.Advance(TimeSpan.FromMinutes(5));
            await _shop.Get<SweepOutbox>().RunAsync(everything: false, Shop.None);
        }

        await _shop.PullAsync();
    }

    private Task<List<OutboundDelivery>> DeliveriesAsync() => _shop.ReadAsync(GroupKeys.Deliveries, Codecs.Delivery);

    /// <summary>Everything that must be the same however often the process died: no versions, times, attempts, names by chance.</summary>
    private async Task<string> DumpAsync(Shop shop)
    {
        await shop.OpenKnownAsync();
        var lines = new List<string>();
        lines.AddRange((await shop.OrdersAsync()).Select(o =>
            $"order {o.Key.Code} {o.State} [{string.Join(' ', o.Holds.Select(h => h.Code))}] {string.Join(" / ", o.History.Select(h => h.What))}"));
        lines.AddRange((await shop.ReadAsync(GroupKeys.Deliveries, Codecs.Delivery)).Select(d =>
            $"delivery {d.Id} {d.State} {d.Key} {d.BundledInto} {d.Shipment?.Number} r{d.Shipment?.Revision} {string.Join(',', d.Members.Select(m => $"{m.Order.Code}:{m.State}"))}"));
        lines.AddRange((await shop.ReadAsync("k|", Codecs.Key)).Select(k =>
            $"key {k.Key} {string.Join(',', k.Members.Order(Comparer<DeliveryId>.Create((a, b) => string.CompareOrdinal(a.ToString(), b.ToString()))))} {k.Candidate?.State}"));
        lines.AddRange((await shop.ReadAsync(GroupKeys.Pushes, Codecs.Push)).Select(p =>
            $"push {p.Order.Code} r{p.Revision} {p.Number} {string.Join(',', p.Steps.Select(s => $"{s.Step}:{s.State}"))}"));
        lines.AddRange((await shop.ReadAsync(GroupKeys.Outbox, Codecs.Outbox)).Select(x => $"outbox {x.Queue}"));
        lines.AddRange((await shop.AttentionAsync()).Select(t => $"attention {t.Id} {t.Kind}"));
        lines.AddRange(_rows.Dump().Where(r => r.Table == GroupKeys.Raw).Select(r => $"raw {r.Row.Key}"));
        lines.AddRange(shop.Market.Effects.Order(StringComparer.Ordinal).Select(e => $"effect {e}"));
        return string.Join('\n', lines.Select(l => l.ToString(CultureInfo.InvariantCulture)));
    }
}
