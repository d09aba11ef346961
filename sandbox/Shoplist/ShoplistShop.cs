using System.Security.Cryptography;
using System.Text;
using Sandbox.Core;

namespace Sandbox.Shoplist;

/// <summary>One shop: its key, its orders, its stock by 卸品番. Guarded by <see cref="Gate"/>.</summary>
internal sealed class ShoplistShop(string account)
{
    private readonly Dictionary<string, ShoplistOrder> _orders = new(StringComparer.Ordinal);
    private readonly List<ShoplistOrder> _byTime = [];
    private int _keysIssued;

    public Lock Gate { get; } = new();

    public string Account { get; } = account;

    public string Key { get; private set; } = "";

    /// <summary>Null while the key works, else how it was broken.</summary>
    public string? Broken { get; set; }

    /// <summary>卸品番 → stock.</summary>
    public SortedDictionary<string, int> Stock { get; } = new(StringComparer.Ordinal);

    /// <summary>All orders, oldest first.</summary>
    public IReadOnlyList<ShoplistOrder> Orders => _byTime;

    /// <summary>Invented, and the same in every run. The old key is dead from now on. [G]</summary>
    public SimAccount IssueKey()
    {
        _keysIssued++;
        Key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"shoplist|{Account}|{_keysIssued}")))[..32];
        Broken = null;
        return new SimAccount(Account, new Dictionary<string, string> { ["auth-key"] = Key }, new Dictionary<string, string>());
    }

    public void Clear()
    {
        _orders.Clear();
        _byTime.Clear();
        Stock.Clear();
    }

    public void Add(ShoplistOrder order)
    {
        if (!_orders.TryAdd(order.Number, order))
        {
            throw new ArgumentException($"Order {order.Number} exists already.");
        }

        var at = _byTime.Count;
        while (at > 0 && _byTime[at - 1].PlacedAt > order.PlacedAt)
        {
            at--;
        }

        _byTime.Insert(at, order);
    }

    public ShoplistOrder Get(string code) =>
        _orders.GetValueOrDefault(code) ?? throw new KeyNotFoundException($"Shop '{Account}' has no order '{code}'.");
}
