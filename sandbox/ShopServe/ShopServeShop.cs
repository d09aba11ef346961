using System.Security.Cryptography;
using System.Text;
using Sandbox.Core;

namespace Sandbox.ShopServe;

/// <summary>One shop: its manager key, its orders by number and by time, its stock. Guarded by <see cref="Gate"/>.</summary>
internal sealed class ShopServeShop(string account, string shopId)
{
    private readonly Dictionary<string, ShopServeOrder> _orders = new(StringComparer.Ordinal);
    private readonly List<ShopServeOrder> _byTime = [];
    private int _keysIssued;

    public Lock Gate { get; } = new();

    public string Account { get; } = account;

    /// <summary>ショップID, of the form <c>xxxxxx.yy</c>.</summary>
    public string ShopId { get; } = shopId;

    public string Key { get; private set; } = "";

    /// <summary>Null while the key works, else how it was broken.</summary>
    public string? Broken { get; set; }

    public ShopServeStock Stock { get; } = new();

    /// <summary>All orders, oldest first.</summary>
    public IReadOnlyList<ShopServeOrder> Orders => _byTime;

    /// <summary>Hexadecimal, invented, and the same in every run. The old key is dead from now on.</summary>
    public SimAccount IssueKey()
    {
        _keysIssued++;
        Key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"shop-serve|{Account}|{_keysIssued}")))[..Limits.KeyLength];
        Broken = null;
        return new SimAccount(
            Account,
            new Dictionary<string, string> { ["manager-key"] = Key },
            new Dictionary<string, string> { ["shop-id"] = ShopId });
    }

    public void Clear()
    {
        _orders.Clear();
        _byTime.Clear();
        Stock.Clear();
    }

    public void Add(ShopServeOrder order)
    {
        if (!_orders.TryAdd(order.SerialCode, order))
        {
            throw new ArgumentException($"Order {order.SerialCode} exists already.");
        }

        var at = _byTime.Count;
        while (at > 0 && _byTime[at - 1].PlacedAt > order.PlacedAt)
        {
            at--;
        }

        _byTime.Insert(at, order);
    }

    public ShopServeOrder? Find(string code, DateTimeOffset now) =>
        _orders.GetValueOrDefault(code) is { } order && order.PlacedAt <= now ? order : null;

    public ShopServeOrder Get(string code) =>
        _orders.GetValueOrDefault(code) ?? throw new KeyNotFoundException($"Shop '{Account}' has no order '{code}'.");
}
