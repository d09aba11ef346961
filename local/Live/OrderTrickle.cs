using Domain.Stores;
using Local.Generator;
using Sandbox.Core;

namespace Local.Live;

/// <summary>The buyers: place orders in the simulated marketplaces, pay late, cancel.</summary>
public sealed class OrderTrickle(SandboxHost sandbox, IReadOnlyDictionary<string, Store> stores, LiveOrders orders, TimeProvider clock)
{
    /// <summary>How long after its order a late payment, a cancel or the end of a review comes.</summary>
    private static readonly TimeSpan HappensAfter = TimeSpan.FromSeconds(20);

    private readonly Queue<(DateTimeOffset At, OrderPlan Plan, string Code)> _events = new();

    public int PlaceFirst()
    {
        Place(orders.First);
        return orders.First.Count;
    }

    public async Task RunAsync(TimeSpan every, CancellationToken cancellation)
    {
        while (true)
        {
            await Task.Delay(every, clock, cancellation);
            Place(orders.Next(clock.GetUtcNow()));
            while (_events.TryPeek(out var next) && next.At <= clock.GetUtcNow())
            {
                _events.Dequeue();
                Happen(next.Plan, next.Code);
            }
        }
    }

    private void Place(IReadOnlyList<OrderPlan> plans)
    {
        foreach (var plan in plans)
        {
            var code = sandbox.Simulator(plan.Marketplace).Place(stores[plan.Marketplace].Id.Value, plan.Seed);
            if (plan.Event is not OrderEvent.None)
            {
                _events.Enqueue((clock.GetUtcNow() + HappensAfter, plan, code));
            }
        }
    }

    private void Happen(OrderPlan plan, string code)
    {
        var simulator = sandbox.Simulator(plan.Marketplace);
        var account = stores[plan.Marketplace].Id.Value;
        try
        {
            switch (plan.Event)
            {
                case OrderEvent.PaidLater:
                    simulator.Pay(account, code);
                    break;
                case OrderEvent.CancelledBefore or OrderEvent.CancelledAfter:
                    simulator.Cancel(account, code);
                    break;
                case OrderEvent.ReviewEnds:
                    simulator.EndReview(account, code);
                    break;
                default:
                    break;
            }
        }
        catch (InvalidOperationException)
        {
            // Staff and warehouse were faster than the buyer: a shipped order is no longer cancelled.
        }
    }
}
