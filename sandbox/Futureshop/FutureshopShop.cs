using Sandbox.Core;

namespace Sandbox.Futureshop;

/// <summary>One shop's account: its keys, orders and items. Everything is guarded by <see cref="Gate"/>.</summary>
internal sealed class FutureshopShop(string account)
{
    private static readonly Comparer<FutureshopOrder> ByTimeAndNumber = Comparer<FutureshopOrder>.Create((a, b) =>
        a.Seed.PlacedAt != b.Seed.PlacedAt ? a.Seed.PlacedAt.CompareTo(b.Seed.PlacedAt) : string.CompareOrdinal(a.Number, b.Number));

    private readonly List<FutureshopOrder> _byTime = [];

    public string Account { get; } = account;

    public Lock Gate { get; } = new();

    public string ShopKey { get; set; } = "";

    public string ClientId { get; set; } = "";

    public string ClientSecret { get; set; } = "";

    /// <summary>Access token → when it dies.</summary>
    public Dictionary<string, DateTimeOffset> Tokens { get; } = new(StringComparer.Ordinal);

    /// <summary>Null, or how the credential was broken: revoked, address, rights.</summary>
    public string? Broken { get; set; }

    public Dictionary<string, FutureshopOrder> ByNumber { get; } = new(StringComparer.Ordinal);

    /// <summary>(productNo, verticalNo, horizontalNo) → stock; in the order in which they were put on sale.</summary>
    public OrderedDictionary<(string Product, string Vertical, string Horizontal), int> Stock { get; } = [];

    /// <summary>In the order of their time.</summary>
    public IReadOnlyList<FutureshopOrder> ByTime => _byTime;

    public void Add(FutureshopOrder order)
    {
        if (!ByNumber.TryAdd(order.Number, order))
        {
            throw new ArgumentException($"Account '{Account}' already has an order {order.Number}.");
        }

        var place = _byTime.BinarySearch(order, ByTimeAndNumber);
        _byTime.Insert(place < 0 ? ~place : place, order);
    }

    public void Clear()
    {
        _byTime.Clear();
        ByNumber.Clear();
        Stock.Clear();
        Tokens.Clear();
        Broken = null;
    }

    /// <summary>The orders placed from that moment on, oldest first.</summary>
    public IEnumerable<FutureshopOrder> From(DateTimeOffset moment)
    {
        var low = 0;
        for (var high = _byTime.Count; low < high;)
        {
            var middle = (low + high) / 2;
            if (_byTime[middle].Seed.PlacedAt < moment)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        for (var i = low; i < _byTime.Count; i++)
        {
            yield return _byTime[i];
        }
    }

    /// <summary>Whether this token is good at that moment, with the shop key that came with it.</summary>
    public bool Admits(string token, string shopKey, DateTimeOffset now) =>
        Broken is not "revoked" && shopKey == ShopKey && Tokens.TryGetValue(token, out var dies) && now < dies;
}
