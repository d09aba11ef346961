using System.Security.Cryptography;
using System.Text;
using Sandbox.Core;

namespace Sandbox.MakeShop;

/// <summary>A product with its stock: its own where it has no variations.</summary>
internal sealed record MakeShopProduct(string Code, int Quantity, IReadOnlyList<SeedItem> Variations);

/// <summary>One shop: its token and key, its orders by number and by time, its stock. Every member but the constructor's is guarded by <see cref="Gate"/>.</summary>
internal sealed class MakeShopShop(string account, int number)
{
    private readonly Dictionary<string, MakeShopOrder> _orders = new(StringComparer.Ordinal);
    private readonly List<MakeShopOrder> _byTime = [];
    private readonly List<SeedItem> _items = [];
    private int _issued;

    public Lock Gate { get; } = new();

    public string Account { get; } = account;

    public string ShopId { get; } = $"mihon{number:D4}";

    public string Token { get; private set; } = "";

    public string ApiKey { get; private set; } = "";

    /// <summary>Null while the token works; "revoked" = the app was uninstalled, "rights" = no operation is granted any more.</summary>
    public string? Broken { get; set; }

    public IReadOnlyList<MakeShopOrder> Orders => _byTime;

    public IReadOnlyList<SeedItem> Items => _items;

    /// <summary>Installing the app gives the token; it never ends by itself. [doc]</summary>
    public SimAccount Install()
    {
        _issued++;
        Token = $"PAT.{Hex("token")}";
        ApiKey = Hex("key");
        Broken = null;
        return new SimAccount(
            Account,
            new Dictionary<string, string> { ["permanent-token"] = Token, ["api-key"] = ApiKey },
            // The merchant has tried both here: a cancel works, and a level replaces the stock.
            new Dictionary<string, string> { ["shop-id"] = ShopId, ["cancel-orders"] = "true", ["stock-verified"] = "true" });
    }

    public void Clear()
    {
        _orders.Clear();
        _byTime.Clear();
        _items.Clear();
    }

    public void Add(MakeShopOrder order)
    {
        if (!_orders.TryAdd(order.Number, order))
        {
            throw new ArgumentException($"Order {order.Number} exists already.");
        }

        _byTime.Insert(From(order.PlacedAt.AddTicks(1)), order);
    }

    public MakeShopOrder? Find(string? number) => number is null ? null : _orders.GetValueOrDefault(number);

    public MakeShopOrder Get(string number) =>
        Find(number) ?? throw new KeyNotFoundException($"Shop '{Account}' has no order '{number}'.");

    /// <summary>The orders placed from one time on and before another, oldest first.</summary>
    public IEnumerable<MakeShopOrder> Placed(DateTimeOffset from, DateTimeOffset before)
    {
        for (var i = From(from); i < _byTime.Count && _byTime[i].PlacedAt < before; i++)
        {
            yield return _byTime[i];
        }
    }

    public void Put(SeedItem item)
    {
        var at = _items.FindIndex(i => (i.Code, i.Variation1, i.Variation2) == (item.Code, item.Variation1, item.Variation2));
        if (at < 0)
        {
            _items.Add(item);
        }
        else
        {
            _items[at] = item;
        }
    }

    /// <summary>Index of the first order that is not older than this.</summary>
    private int From(DateTimeOffset time)
    {
        var (low, high) = (0, _byTime.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_byTime[middle].PlacedAt < time)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>64 lower-case hexadecimal characters, invented, and the same in every run.</summary>
    private string Hex(string what) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"makeshop|{what}|{Account}|{_issued}")));
}
