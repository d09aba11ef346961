using System.Diagnostics;
using System.Globalization;
using Domain.Bundling;
using Domain.Deliveries;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Shipments;
using Domain.Stores;
using Functions;
using Functions.Attention;
using Functions.Bundle;
using Functions.OrderFiles;
using Functions.Warehouse;
using Infra.Ledger;
using Infra.Storage;
using Local.Generator;
using Local.Setup;
using Microsoft.Extensions.DependencyInjection;
using Sandbox.Core;

namespace Local.Once;

/// <summary>One complete cycle as fast as it can, in phases, with the marketplaces' rate limits lifted: pull and bundle, decide, ship, push, re-pull.</summary>
public sealed class OnceRun(Installation installation, int orders, int seed, Action<string> say)
{
    private static readonly Uri InProcess = new("http://sandbox.invalid/");

    private readonly Dictionary<string, double> _seconds = [];
    private readonly List<PlacedOrder> _placed = [];
    private readonly Dictionary<string, Store> _stores = new(StringComparer.Ordinal);
    private readonly List<string> _faults = [];

    public async Task<OnceReport> RunAsync(CancellationToken cancellation)
    {
        installation.Sandbox.World.RateLimits.Lifted = true;
        var begun = installation.Clock.GetUtcNow();
        await TimedAsync("place", () => PlaceAsync(begun, cancellation));
        var before = installation.Counter.Read();
        await TimedAsync("pull-and-bundle", () => PullAsync(cancellation));
        var first = installation.Counter.Read().Since(before);
        await TimedAsync("complete", () => CompleteAsync(cancellation));
        var bundling = await CheckCandidatesAsync(cancellation);
        await TimedAsync("events", () => HappenAsync(cancellation));
        await TimedAsync("decide", () => DecideAsync(cancellation));
        await TimedAsync("ship", () => ShipAsync(cancellation));
        await TimedAsync("push", () => PushAsync(cancellation));
        await TimedAsync("re-pull", () => PullAsync(cancellation));
        var (unchanged, empty) = await MeasureRepullAsync(cancellation);
        var (report, faults) = await new Accounting(installation).SettleAsync(_placed, cancellation);
        _faults.AddRange(faults);
        if (report.Pulled != report.Held + report.Cancelled + report.Shipped)
        {
            _faults.Add($"pulled {report.Pulled} ≠ held {report.Held} + cancelled {report.Cancelled} + shipped {report.Shipped}");
        }

        var perSecond = orders / Math.Max(0.001, _seconds["pull-and-bundle"]);
        var floor = orders < 2000 ? (double?)null : await new Floor(installation.Storage).MeasureAsync(orders, first, _stores.Count, cancellation);
        return new OnceReport(
            _faults.Count == 0, seed, report, bundling,
            new StorageReport(
                Math.Round((double)CostOf(first) / Math.Max(1, _placed.Count), 4), Math.Round(unchanged, 5), empty, Math.Round((double)first.Rows / Math.Max(1, _placed.Count), 2),
                Math.Round((double)first.Bytes / Math.Max(1, _placed.Count)), Operations()),
            Calls(), TrueLimits(),
            new ThroughputReport(Math.Round(perSecond, 1), floor is { } f ? Math.Round(f, 1) : null, floor is { } g ? Math.Round(perSecond / g, 2) : null),
            _seconds.ToDictionary(s => s.Key, s => Math.Round(s.Value, 2)),
            Math.Round(Process.GetCurrentProcess().PeakWorkingSet64 / 1048576.0, 1), _faults);
    }

    /// <summary>Requests of pulling and bundling: the functions' own, and one receive and one delete a message. Clocks, empty polls and budget leases stand apart.</summary>
    private static long CostOf(StorageCounts counts)
    {
        var messages = counts.Requests.Where(r => r.Key.Operation is "queues.order-pull.delete" or "queues.bundling.delete").Sum(r => r.Value);
        return counts.Of("pull-store", "bundle-deliveries") + (2 * messages);
    }

    private async Task PlaceAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        foreach (var marketplace in installation.Sandbox.Simulators.Select(s => s.Marketplace))
        {
            _stores[marketplace] = await installation.OpenStoreAsync(marketplace, $"{marketplace}-once", InProcess, now.AddDays(-1), Fast, cancellation);
        }

        foreach (var plan in new OrderGenerator(seed, now).Generate(orders).Where(p => _stores.ContainsKey(p.Marketplace)))
        {
            var store = _stores[plan.Marketplace];
            var code = installation.Sandbox.Simulator(plan.Marketplace).Place(store.Id.Value, plan.Seed);
            _placed.Add(new PlacedOrder(plan, store, OrderCode.Parse(code)));
        }

        say($"{_placed.Count} orders placed in {_stores.Count} marketplaces");
    }

    /// <summary>No waiting between two calls of a push: what the real marketplace needs there is a setting of the store.</summary>
    private Store Fast(Store store)
    {
        var manifest = installation.Services.GetRequiredService<MarketplaceDirectory>().Of(store).Manifest;
        foreach (var setting in manifest.Settings.Where(s => s.Name.EndsWith("-wait-seconds", StringComparison.Ordinal)))
        {
            store = store with { Settings = store.Settings.SetItem(setting.Name, "0") };
        }

        return store;
    }

    private async Task PullAsync(CancellationToken cancellation)
    {
        foreach (var store in _stores.Values)
        {
            await installation.Services.GetRequiredService<Dispatch>().SendAsync(new PullMessage(store.Id.Value), TimeSpan.Zero, cancellation);
        }

        await installation.Host.Dispatcher.DrainAsync(cancellation, Queues.Heartbeat);
    }

    /// <summary>Staff imports the order files of the marketplaces whose API brings only part of an order (有効化).</summary>
    private async Task CompleteAsync(CancellationToken cancellation)
    {
        foreach (var ofStore in _placed.Where(p => p.Plan.InOrderFile).GroupBy(p => p.Store.Id))
        {
            var store = ofStore.First().Store;
            var simulator = (IOrderDownloads)installation.Sandbox.Simulator(store.Marketplace);
            var file = simulator.DownloadOrders(store.Id.Value, ofStore.Select(p => p.Code.Value).ToHashSet(StringComparer.Ordinal));
            OrderFileResult result;
            do
            {
                result = await installation.Services.GetRequiredService<ImportOrderFile>().RunAsync(store.Id, file, null, "staff", cancellation);
            }
            while (!result.Finished);

            _faults.AddRange(result.Reading.Faults.Select(f => $"{store.Marketplace} order file, line {f.Line}: {f.Kind} {f.Column}"));
        }

        await installation.Host.Dispatcher.DrainAsync(cancellation, Queues.Heartbeat);
    }

    /// <summary>The candidates must be exactly the generator's groups, as far as their orders are visible yet.</summary>
    private async Task<BundlingReport> CheckCandidatesAsync(CancellationToken cancellation)
    {
        var expected = _placed
            .Where(p => p.Plan.Group is not null)
            .GroupBy(p => p.Plan.Group!)
            .Select(g => string.Join(' ', g.Select(p => $"{p.Store.Id}~{p.Code}~1").Order(StringComparer.Ordinal)))
            .ToHashSet(StringComparer.Ordinal);
        var offered = 0;
        var wrong = 0;
        await foreach (var (_, key) in CandidatesAsync(cancellation))
        {
            var members = string.Join(' ', key.Candidate!.Members.Select(m => m.ToString()).Order(StringComparer.Ordinal));
            if (expected.Contains(members))
            {
                offered++;
            }
            else
            {
                wrong++;
                _faults.Add($"a candidate that nobody meant: {members}");
            }
        }

        if (offered != expected.Count)
        {
            _faults.Add($"{expected.Count} groups were meant to be offered, {offered} were");
        }

        return new BundlingReport(expected.Count, offered, wrong);
    }

    /// <summary>Payments arrive, orders are cancelled, reviews end, a quarter of an hour passes; the system pulls and follows.</summary>
    private async Task HappenAsync(CancellationToken cancellation)
    {
        foreach (var order in _placed)
        {
            var simulator = installation.Sandbox.Simulator(order.Plan.Marketplace);
            switch (order.Plan.Event)
            {
                case OrderEvent.PaidLater:
                    simulator.Pay(order.Store.Id.Value, order.Code.Value);
                    break;
                case OrderEvent.CancelledBefore:
                    simulator.Cancel(order.Store.Id.Value, order.Code.Value);
                    break;
                case OrderEvent.ReviewEnds:
                    simulator.EndReview(order.Store.Id.Value, order.Code.Value);
                    break;
                default:
                    break;
            }
        }

        installation.Clock.Advance(TimeSpan.FromMinutes(15));
        foreach (var store in _stores.Values)
        {
            await installation.Services.GetRequiredService<Dispatch>().SendAsync(new FollowMessage(store.Id.Value, "follow"), cancellation);
        }

        await PullAsync(cancellation);
    }

    /// <summary>Three candidates of four are executed, the rest declined.</summary>
    private async Task DecideAsync(CancellationToken cancellation)
    {
        var decide = installation.Services.GetRequiredService<DecideCandidate>();
        var candidates = new List<(Store Store, BundleKeyRow Key)>();
        await foreach (var candidate in CandidatesAsync(cancellation))
        {
            candidates.Add(candidate);
        }

        for (var i = 0; i < candidates.Count; i++)
        {
            var (store, key) = candidates[i];
            if (i % 4 < 3)
            {
                await decide.ExecuteAsync(store.Group, key.Key, null, "staff", cancellation);
            }
            else
            {
                await decide.DeclineAsync(store.Group, key.Key, "staff", cancellation);
            }
        }

        foreach (var order in _placed.Where(p => p.Plan.Event is OrderEvent.CancelledAfter))
        {
            installation.Sandbox.Simulator(order.Plan.Marketplace).Cancel(order.Store.Id.Value, order.Code.Value);
        }
    }

    /// <summary>Hands over whatever the ship gate lets pass, and ships it with numbers whose check digits are right.</summary>
    private async Task ShipAsync(CancellationToken cancellation)
    {
        var number = 40_000_000_000 + (Math.Abs((long)seed) % 1000 * 10_000_000);
        foreach (var store in _stores.Values)
        {
            var released = await DeliveriesAsync(store, d => d.State is DeliveryState.Waiting && d.MembersReady, cancellation);
            var inWork = new List<DeliveryId>();
            foreach (var some in released.Chunk(200))
            {
                var results = await installation.Services.GetRequiredService<HandOver>().RunAsync(store.Group, [.. some.Select(d => d.Id)], "staff", cancellation);
                inWork.AddRange(results.Where(r => r.Done).Select(r => r.Delivery));
            }

            foreach (var some in inWork.Chunk(200))
            {
                var lines = some.Select(d => new ShipmentLine(d, "yamato", TrackingNumber.FromElevenDigits(number++), null)).ToArray();
                var results = await installation.Services.GetRequiredService<RecordShipments>().RunAsync(store.Group, lines, "warehouse", cancellation);
                _faults.AddRange(results.Where(r => r.Refusal is not null).Select(r => $"{r.Delivery}: {r.Refusal}"));
            }
        }
    }

    private async Task PushAsync(CancellationToken cancellation)
    {
        await installation.Host.Dispatcher.DrainAsync(cancellation, Queues.Heartbeat);
        installation.Clock.Advance(TimeSpan.FromMinutes(5));
        await installation.Services.GetRequiredService<SweepOutbox>().RunAsync(everything: true, cancellation);
        await installation.Host.Dispatcher.DrainAsync(cancellation, Queues.Heartbeat);
    }

    /// <summary>What pulling the unchanged window costs an order, beside what an empty pull costs anyway.</summary>
    private async Task<(double PerOrder, double Empty)> MeasureRepullAsync(CancellationToken cancellation)
    {
        var most = 0L;
        var allEmpty = 0L;
        foreach (var marketplace in _stores.Keys.ToList())
        {
            var empty = await installation.OpenStoreAsync(marketplace, $"{marketplace}-empty", InProcess, installation.Clock.GetUtcNow(), s => s, cancellation);
            await PullOneAsync(empty, cancellation);
            var cost = await PullOneAsync(empty, cancellation);
            most = Math.Max(most, cost);
            allEmpty += cost;
        }

        var unchanged = 0L;
        foreach (var store in _stores.Values)
        {
            unchanged += await PullOneAsync(store, cancellation);
        }

        return ((double)(unchanged - allEmpty) / Math.Max(1, _placed.Count), most);
    }

    private async Task<long> PullOneAsync(Store store, CancellationToken cancellation)
    {
        await installation.Services.GetRequiredService<Dispatch>().SendAsync(new PullMessage(store.Id.Value), TimeSpan.Zero, cancellation);
        var before = installation.Counter.Read();
        await installation.Host.Dispatcher.DrainAsync(cancellation, Queues.Heartbeat);
        return CostOf(installation.Counter.Read().Since(before));
    }

    private async IAsyncEnumerable<(Store Store, BundleKeyRow Key)> CandidatesAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var store in _stores.Values)
        {
            await foreach (var row in installation.Services.GetRequiredService<GroupLedger>().RangeAsync(store.Group, RowRange.Prefix(GroupKeys.Candidates), cancellation))
            {
                var key = Codecs.Candidate.Decode(row);
                if (key.Candidate is { State: CandidateState.Open })
                {
                    yield return (store, key);
                }
            }
        }
    }

    private async Task<List<OutboundDelivery>> DeliveriesAsync(Store store, Func<OutboundDelivery, bool> wanted, CancellationToken cancellation)
    {
        var found = new List<OutboundDelivery>();
        await foreach (var row in installation.Services.GetRequiredService<GroupLedger>().RangeAsync(store.Group, RowRange.Prefix(GroupKeys.Deliveries), cancellation))
        {
            var delivery = Codecs.Delivery.Decode(row);
            if (wanted(delivery))
            {
                found.Add(delivery);
            }
        }

        return found;
    }

    private Dictionary<string, long> Operations() => installation.Counter.Read().Requests
        .GroupBy(r => r.Key.Operation)
        .OrderBy(g => g.Key, StringComparer.Ordinal)
        .ToDictionary(g => g.Key, g => g.Sum(r => r.Value));

    private Dictionary<string, long> Calls() => installation.Sandbox.World.Journal.Read()
        .GroupBy(e => $"{e.Marketplace} {e.Endpoint}")
        .OrderBy(g => g.Key, StringComparer.Ordinal)
        .ToDictionary(g => g.Key, g => g.LongCount());

    /// <summary>How long the same calls take at the manifests' limits, one store a marketplace: by endpoint where the limit counts so, else all together.</summary>
    private Dictionary<string, double> TrueLimits()
    {
        var result = new Dictionary<string, double>();
        var directory = installation.Services.GetRequiredService<MarketplaceDirectory>();
        foreach (var market in _stores.Keys)
        {
            var calls = installation.Sandbox.World.Journal.Read().Where(e => e.Marketplace == market).GroupBy(e => e.Endpoint).ToDictionary(g => g.Key, g => g.Count());
            result[market] = Math.Round(directory.Find(market)!.Manifest.Limits
                .Where(l => l.PerSecond is > 0)
                .Select(l => (l.EachEndpoint ? calls.Values.DefaultIfEmpty().Max() : calls.Values.Sum()) / l.PerSecond!.Value)
                .DefaultIfEmpty()
                .Max(), 1);
        }

        return result;
    }

    private async Task TimedAsync(string phase, Func<Task> work)
    {
        var watch = Stopwatch.StartNew();
        await work();
        _seconds[phase] = watch.Elapsed.TotalSeconds;
        say(string.Create(CultureInfo.InvariantCulture, $"{phase}: {watch.Elapsed.TotalSeconds:F1} s"));
    }
}
