using Domain.Attention;
using Domain.Bundling;
using Domain.Deliveries;
using Domain.Orders;
using Domain.Shipments;
using Domain.Stores;
using Functions.Attention;
using Functions.Manage;
using Infra.Ledger;
using Infra.Storage;
using Microsoft.Extensions.DependencyInjection;
using Sandbox.Core;

namespace Local.Live;

/// <summary>Reads what the live view shows: counts from the ledger's rows, what the marketplaces hold from the sandbox's own state, health from the management API.</summary>
/// <param name="sandbox">Null: the marketplaces are real ones.</param>
public sealed class LiveReading(IServiceProvider services, SandboxHost? sandbox, ManageClient admin, BudgetMeter budget)
{
    private readonly GroupLedger _ledger = services.GetRequiredService<GroupLedger>();
    private readonly StoreRegistry _registry = services.GetRequiredService<StoreRegistry>();

    /// <exception cref="ManageRefusedException">The management API does not answer.</exception>
    /// <exception cref="StorageUnavailableException">The storage does not answer.</exception>
    public async Task<IReadOnlyList<StoreCounts>> ReadAsync(CancellationToken cancellation)
    {
        using var label = StorageCounter.Under("live-view");
        var views = (await admin.GetAsync<List<StoreView>>("stores", cancellation)).ToDictionary(v => v.Id, StringComparer.Ordinal);
        var attention = await admin.GetAsync<List<AttentionView>>("attention", cancellation);
        var book = await _registry.ReadAsync(cancellation);
        var counts = new List<StoreCounts>();
        foreach (var store in book.Stores.Values.OrderBy(s => s.Id.Value, StringComparer.Ordinal))
        {
            counts.Add(await ReadAsync(store, book, views.GetValueOrDefault(store.Id.Value), [.. attention.Where(a => a.Store == store.Id.Value)], cancellation));
        }

        return counts;
    }

    private async Task<StoreCounts> ReadAsync(Store store, StoreBook book, StoreView? view, IReadOnlyList<AttentionView> attention, CancellationToken cancellation)
    {
        // What follows from something is read before it, so that no order seems to be reported before it was shipped, or pulled before it was placed.
        var reported = sandbox?.Simulator(store.Marketplace).Served(store.Id.Value).Count(o => o.TrackingNumber.Length > 0) ?? await ConfirmedAsync(store, cancellation);
        var (pulled, held, shipped, cancelled) = await OrdersAsync(store, cancellation);
        var unreadable = attention.Count(a => a.Kind is AttentionKind.UnreadableOrder && a.Order is not null);
        var candidates = await CandidatesAsync(store, cancellation);
        var released = await ReleasedAsync(store, book, candidates, cancellation);
        return new StoreCounts(
            store.Id.Value,
            sandbox?.Simulator(store.Marketplace).Served(store.Id.Value).Count,
            pulled + unreadable,
            held + unreadable,
            candidates.Count(d => d.Store == store.Id),
            released,
            shipped,
            cancelled,
            reported,
            view?.WindowLeftHours is { } hours ? TimeSpan.FromHours(hours) : null,
            budget.UsedOf(store.Marketplace, store.Id.Value),
            attention.Count,
            view?.PausedBy ?? view?.Failure);
    }

    private async Task<(int Pulled, int Held, int Shipped, int Cancelled)> OrdersAsync(Store store, CancellationToken cancellation)
    {
        int pulled = 0, held = 0, shipped = 0, cancelled = 0;
        await foreach (var row in _ledger.RangeAsync(store.Group, RowRange.Prefix(GroupKeys.Orders(store.Id)) with { Columns = ["state", "holds"] }, cancellation))
        {
            pulled++;
            switch (row.Text("state"))
            {
                case nameof(OrderState.Shipped):
                    shipped++;
                    break;
                case nameof(OrderState.Cancelled):
                    cancelled++;
                    break;
                case nameof(OrderState.AwaitingPayment):
                    held++;
                    break;
                default:
                    held += row.Text("holds") is { Length: > 0 } ? 1 : 0;
                    break;
            }
        }

        return (pulled, held, shipped, cancelled);
    }

    private async Task<HashSet<DeliveryId>> CandidatesAsync(Store store, CancellationToken cancellation)
    {
        var members = new HashSet<DeliveryId>();
        await foreach (var row in _ledger.RangeAsync(store.Group, RowRange.Prefix(GroupKeys.Candidates), cancellation))
        {
            if (Codecs.Candidate.Decode(row).Candidate is { State: CandidateState.Open } open)
            {
                members.UnionWith(open.Members);
            }
        }

        return members;
    }

    /// <summary>Most rows of a long run are shipped: their bodies are not read.</summary>
    private async Task<int> ReleasedAsync(Store store, StoreBook book, HashSet<DeliveryId> locked, CancellationToken cancellation)
    {
        var released = 0;
        await foreach (var row in _ledger.RangeAsync(store.Group, RowRange.Prefix($"d|{store.Id}|") with { Columns = ["state", "ready", "orders", "placed"] }, cancellation))
        {
            var atWarehouse = row.Text("state") == nameof(DeliveryState.InWork);
            var free = row.Text("state") == nameof(DeliveryState.Waiting) && row.Flag("ready") && store.Switches.Release && !book.StopAll
                && row.Time("placed") is { } placed && store.Covers(placed)
                && DeliveryId.TryParse(row.Key["d|".Length..].Replace('|', '~'), out var id) && !locked.Contains(id);
            released += atWarehouse || free ? (int)row.Number("orders") : 0;
        }

        return released;
    }

    private async Task<int> ConfirmedAsync(Store store, CancellationToken cancellation)
    {
        var confirmed = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var row in _ledger.RangeAsync(store.Group, RowRange.Prefix($"{GroupKeys.Pushes}{store.Id}|") with { Columns = ["state"] }, cancellation))
        {
            if (row.Text("state") == nameof(PushState.Confirmed))
            {
                confirmed.Add(row.Key[..row.Key.LastIndexOf('|')]); // one a revision
            }
        }

        return confirmed.Count;
    }
}
