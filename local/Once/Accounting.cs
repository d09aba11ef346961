using Domain.Attention;
using Domain.Deliveries;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Stores;
using Functions.Attention;
using Infra.Ledger;
using Infra.Storage;
using Local.Generator;
using Local.Setup;
using Microsoft.Extensions.DependencyInjection;
using Sandbox.Core;

namespace Local.Once;

/// <summary>An order that was placed: what was planned for it, and the code that its marketplace gave it.</summary>
public sealed record PlacedOrder(OrderPlan Plan, Store Store, OrderCode Code);

/// <summary>Holds our rows against the sandbox's own state and journal, and both against what the generator intended.</summary>
public sealed class Accounting(Installation installation)
{
    private static readonly EffectKind[] OncePerOrder = [EffectKind.Status, EffectKind.Number, EffectKind.Capture, EffectKind.Mail];

    public async Task<(OrdersReport Report, List<string> Faults)> SettleAsync(IReadOnlyList<PlacedOrder> placed, CancellationToken cancellation)
    {
        var faults = new List<string>();
        var attention = await installation.Services.GetRequiredService<AttentionList>().ReadAsync(cancellation);
        var perMarketplace = new SortedDictionary<string, OrderCounts>(StringComparer.Ordinal);
        foreach (var ofStore in placed.GroupBy(p => p.Store.Id))
        {
            var store = ofStore.First().Store;
            perMarketplace[store.Marketplace] = await SettleAsync(store, [.. ofStore], attention, faults, cancellation);
        }

        int Sum(Func<OrderCounts, int> of) => perMarketplace.Values.Sum(of);
        var reasons = perMarketplace.Values
            .SelectMany(c => c.HeldByReason)
            .GroupBy(r => r.Key, StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => new ReasonCount(g.Sum(r => r.Value.Expected), g.Sum(r => r.Value.Found)));
        return (new OrdersReport(
            Sum(c => c.InMarketplaces), Sum(c => c.Pulled), Sum(c => c.Held), reasons, Sum(c => c.Cancelled), Sum(c => c.Bundled), Sum(c => c.Shipped),
            Sum(c => c.Confirmed), Sum(c => c.Lost), Sum(c => c.DuplicateEffects), perMarketplace), faults);
    }

    private async Task<OrderCounts> SettleAsync(
        Store store, IReadOnlyList<PlacedOrder> placed, IReadOnlyList<AttentionItem> attention, List<string> faults, CancellationToken cancellation)
    {
        var ledger = installation.Services.GetRequiredService<GroupLedger>();
        var served = installation.Sandbox.Simulator(store.Marketplace).Served(store.Id.Value).ToDictionary(s => s.Code, StringComparer.Ordinal);
        var orders = new Dictionary<string, SalesOrder>(StringComparer.Ordinal);
        await foreach (var row in ledger.RangeAsync(store.Group, RowRange.Prefix(GroupKeys.Orders(store.Id)), cancellation))
        {
            var order = Codecs.Order.Decode(row);
            orders[order.Key.Code.Value] = order;
        }

        var numbers = new Dictionary<OrderKey, SortedSet<string>>();
        var bundled = 0;
        await foreach (var row in ledger.RangeAsync(store.Group, RowRange.Prefix($"d|{store.Id}|"), cancellation))
        {
            var delivery = Codecs.Delivery.Decode(row);
            if (delivery is { State: DeliveryState.Shipped, Shipment: { } shipment })
            {
                bundled += delivery.IsBundle ? delivery.Members.Length : 0;
                foreach (var member in delivery.Members)
                {
                    if (!numbers.TryGetValue(member.Order, out var ofOrder))
                    {
                        numbers[member.Order] = ofOrder = new SortedSet<string>(StringComparer.Ordinal);
                    }

                    ofOrder.Add(shipment.Number.Value); // one for each recipient
                }
            }
        }

        var unreadable = attention.Where(a => a.Kind is AttentionKind.UnreadableOrder && a.Store == store.Id && a.Order is not null).Select(a => a.Order!.Value).ToHashSet(StringComparer.Ordinal);
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (code, order) in orders)
        {
            found[code] = OutcomeOf(order);
        }

        foreach (var code in unreadable)
        {
            found.TryAdd(code, OrderPlan.Unreadable);
        }

        foreach (var order in placed)
        {
            var outcome = found.GetValueOrDefault(order.Code.Value, "missing");
            if (outcome != order.Plan.Expected)
            {
                faults.Add($"{store.Marketplace} {order.Code}: expected {order.Plan.Expected}, found {outcome} ({order.Plan.Event})");
            }
        }

        var confirmed = orders.Values.Count(o => numbers.TryGetValue(o.Key, out var ours)
            && served.TryGetValue(o.Key.Code.Value, out var theirs) && theirs.Shipped && ours.SetEquals(theirs.TrackingNumber.Split(',')));
        var shipped = found.Values.Count(o => o == OrderPlan.Shipped);
        var lost = served.Keys.Where(code => !found.ContainsKey(code)).ToList();
        faults.AddRange(lost.Select(code => $"{store.Marketplace} {code}: lost"));
        var takesReports = installation.Services.GetRequiredService<MarketplaceDirectory>().Of(store).Shipments is not null;
        if (takesReports && confirmed != shipped)
        {
            faults.Add($"{store.Marketplace}: {shipped} shipped, {confirmed} confirmed");
        }

        var held = found.Values.Count(o => o is not (OrderPlan.Shipped or OrderPlan.Cancelled));
        var duplicates = installation.Sandbox.World.Journal.Read()
            .Where(e => e.Marketplace == store.Marketplace && e.Account == store.Id.Value)
            .SelectMany(e => e.Effects)
            .Where(e => e.Again && OncePerOrder.Contains(e.Kind))
            .ToList();
        faults.AddRange(duplicates.Select(d => $"{store.Marketplace} {d.Order} {d.Part}: {d.Kind} changed twice ({d.Before} → {d.After})"));
        return new OrderCounts(
            served.Count, found.Count, held, Reasons(placed, found), found.Values.Count(o => o == OrderPlan.Cancelled), bundled, shipped, confirmed, lost.Count, duplicates.Count);
    }

    /// <summary>Shipped, cancelled, or the reason for which it is held.</summary>
    private static string OutcomeOf(SalesOrder order) => order.State switch
    {
        OrderState.Shipped when order.HandledElsewhere => OrderPlan.Elsewhere,
        OrderState.Shipped => OrderPlan.Shipped,
        OrderState.Cancelled => OrderPlan.Cancelled,
        OrderState.AwaitingPayment => OrderPlan.Unpaid,
        _ when !order.Holds.IsEmpty => string.Join('+', order.Holds.Select(h => h.Code).Order(StringComparer.Ordinal)),
        var state => state.ToString(),
    };

    private static SortedDictionary<string, ReasonCount> Reasons(IReadOnlyList<PlacedOrder> placed, Dictionary<string, string> found)
    {
        var reasons = new SortedDictionary<string, ReasonCount>(StringComparer.Ordinal);
        foreach (var expected in placed.Select(p => p.Plan.Expected).Where(IsReason))
        {
            reasons[expected] = reasons.TryGetValue(expected, out var known) ? known with { Expected = known.Expected + 1 } : new ReasonCount(1, 0);
        }

        foreach (var outcome in found.Values.Where(IsReason))
        {
            reasons[outcome] = reasons.TryGetValue(outcome, out var known) ? known with { Found = known.Found + 1 } : new ReasonCount(0, 1);
        }

        return reasons;
    }

    private static bool IsReason(string outcome) => outcome is not (OrderPlan.Shipped or OrderPlan.Cancelled);
}
