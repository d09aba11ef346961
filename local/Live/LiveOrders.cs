using Local.Generator;

namespace Local.Live;

/// <summary>The orders of a live run, from the generator: a first batch with pairs in it, then one after the other. Orders of one recipient arrive together.
/// The same seed gives the same orders.</summary>
public sealed class LiveOrders
{
    /// <summary>So many of each marketplace are invented at once; enough that each kind of the generator's mix occurs.</summary>
    private const int OfEach = 200;

    private const int PairsAtFirst = 2;
    private const int SinglesAtFirst = 5;

    private readonly IReadOnlyList<string> _marketplaces;
    private readonly int _seed;
    private int _round;

    /// <param name="marketplaces">The codes of those that can take orders; the generator must have words for them.</param>
    /// <param name="now">The first batch is at most six hours older.</param>
    public LiveOrders(IReadOnlyList<string> marketplaces, int seed, DateTimeOffset now)
    {
        _marketplaces = marketplaces;
        _seed = seed;
        var units = Invent(now);
        var first = new List<OrderPlan>();
        foreach (var marketplace in marketplaces)
        {
            var own = units.Where(u => u[0].Marketplace == marketplace).ToList();
            var chosen = own.Where(u => u is [{ Group: not null }, { Group: not null }]).Take(PairsAtFirst)
                .Concat(own.Where(IsPlain).Take(SinglesAtFirst))
                .Concat(own.Where(u => u[0].Event is OrderEvent.PaidLater).Take(1))
                .ToList();
            first.AddRange(chosen.SelectMany(u => u));
            units.RemoveAll(chosen.Contains);
        }

        First = first;
        Later = new Queue<OrderPlan[]>(Mixed(units, seed));
    }

    /// <summary>Placed before the first pull.</summary>
    public IReadOnlyList<OrderPlan> First { get; }

    private Queue<OrderPlan[]> Later { get; }

    /// <summary>The next order, or the next few of one recipient, placed about now.</summary>
    public IReadOnlyList<OrderPlan> Next(DateTimeOffset now)
    {
        if (!Later.TryDequeue(out var unit))
        {
            _round++;
            foreach (var fresh in Mixed(Invent(now), _seed + _round))
            {
                Later.Enqueue(fresh);
            }

            unit = Later.Dequeue();
        }

        return [.. unit.Select(plan => plan with { Seed = plan.Seed with { PlacedAt = PlacedAt(plan.Marketplace, now) } })];
    }

    /// <summary>Where the marketplace hides young orders for 10 minutes, the order that appears now was placed before.</summary>
    private static DateTimeOffset PlacedAt(string marketplace, DateTimeOffset now) =>
        OrderGenerator.Marketplaces.Single(m => m.Code == marketplace).HidesYoungOrders ? now.AddMinutes(-11) : now;

    private List<OrderPlan[]> Invent(DateTimeOffset now)
    {
        var plans = new OrderGenerator(_seed + _round, now).Generate(OfEach * OrderGenerator.Marketplaces.Count).Where(p => _marketplaces.Contains(p.Marketplace)).ToList();
        return [.. plans.Where(p => p.Group is not null).GroupBy(p => p.Group).Select(g => g.ToArray()), .. plans.Where(p => p.Group is null).Select(p => new[] { p })];
    }

    private static List<OrderPlan[]> Mixed(List<OrderPlan[]> units, int seed)
    {
        var mixed = units.ToArray();
        new Random(seed).Shuffle(mixed);
        return [.. mixed];
    }

    private static bool IsPlain(OrderPlan[] unit) => unit is [{ Group: null, Expected: OrderPlan.Shipped or OrderPlan.Incomplete, Event: OrderEvent.None }];
}
