using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sandbox.Core;

namespace Sandbox.AuPayMarket;

/// <summary>One shop: its key, its orders by number and by day. Every member but the constructor's is guarded by <see cref="Gate"/>.</summary>
internal sealed class AuPayShop(string account, int shopId)
{
    private readonly Dictionary<int, AuPayOrder> _orders = [];
    private readonly SortedList<DateOnly, List<AuPayOrder>> _days = [];
    private int _keysIssued;

    public Lock Gate { get; } = new();

    public string Account { get; } = account;

    public string ShopId { get; } = AuPayAnswers.Text(shopId);

    public string Key { get; private set; } = "";

    public DateTimeOffset KeyExpires { get; private set; }

    /// <summary>Null while the key works, else how it was broken.</summary>
    public string? Broken { get; set; }

    public IEnumerable<AuPayOrder> Orders => _orders.Values;

    public AuPayStocks Stocks { get; } = new();

    /// <summary>64 lower-case hexadecimal characters, invented, and the same in every run.</summary>
    public SimAccount IssueKey(DateTimeOffset now)
    {
        _keysIssued++;
        Key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"au-pay-market|{Account}|{_keysIssued}")));
        KeyExpires = now.AddDays(Limits.KeyDays);
        Broken = null;
        return new SimAccount(
            Account,
            new Dictionary<string, string>
            {
                ["api-key"] = Key,
                ["api-key-expires"] = JapanTime.Text(KeyExpires, "yyyy-MM-dd"), // the issue screen shows it, the API never does
            },
            new Dictionary<string, string> { ["shop-id"] = ShopId });
    }

    /// <summary>What a shop's key may do: <paramref name="trades"/> = the group of calls about orders.</summary>
    public bool Accepts(string? key, bool trades, DateTimeOffset now) =>
        key == Key && now < KeyExpires && (Broken is null || (Broken == "rights" && !trades));

    public void Clear()
    {
        _orders.Clear();
        _days.Clear();
        Stocks.Clear();
    }

    public void Add(AuPayOrder order)
    {
        if (!_orders.TryAdd(order.Id, order))
        {
            throw new ArgumentException($"Order {order.Id} exists already.");
        }

        var day = JapanTime.Day(order.PlacedAt);
        if (!_days.TryGetValue(day, out var orders))
        {
            _days[day] = orders = [];
        }

        var at = orders.BinarySearch(order, ByTime.Instance);
        orders.Insert(at < 0 ? ~at : at, order);
    }

    public AuPayOrder? Find(string? id) =>
        int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? _orders.GetValueOrDefault(number) : null;

    public AuPayOrder Get(string code) =>
        Find(code) ?? throw new KeyNotFoundException($"Shop '{Account}' has no order '{code}'.");

    /// <summary>The orders placed on these JST days, both ends included, by order time; touches no other day. Orders of the future do not exist yet.</summary>
    public IEnumerable<AuPayOrder> PlacedOn(DateOnly? from, DateOnly? to, DateTimeOffset now)
    {
        var keys = _days.Keys;
        var index = 0;
        for (var (low, high) = (0, keys.Count); low < high; index = low)
        {
            var middle = (low + high) / 2;
            if (from is { } first && keys[middle] < first)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        for (; index < keys.Count && (to is not { } last || keys[index] <= last); index++)
        {
            foreach (var order in _days.Values[index])
            {
                if (order.PlacedAt > now)
                {
                    yield break;
                }

                yield return order;
            }
        }
    }

    private sealed class ByTime : IComparer<AuPayOrder>
    {
        public static readonly ByTime Instance = new();

        public int Compare(AuPayOrder? x, AuPayOrder? y) =>
            x is null || y is null ? Comparer<object>.Default.Compare(x, y)
            : x.PlacedAt.CompareTo(y.PlacedAt) is var time and not 0 ? time
            : x.Id.CompareTo(y.Id);
    }
}
