using System.Text.RegularExpressions;

namespace Sandbox.YahooShopping;

/// <summary>One store with its application and its orders, by order time. Guarded by <see cref="Gate"/>.</summary>
internal sealed partial class YahooShop
{
    private const int FirstOrder = 10_000_101;

    private readonly Dictionary<string, YahooOrder> _byId = new(StringComparer.Ordinal);
    private readonly List<YahooOrder> _byTime = [];
    private int _nextOrder = FirstOrder;

    public YahooShop(string account, int number)
    {
        Account = account;
        SellerId = SellerForm().IsMatch(account) ? account : $"store-{number}";
        Consent = new YahooConsent(account, SellerId);
    }

    public Lock Gate { get; } = new();

    public string Account { get; }

    /// <summary>ストアアカウント.</summary>
    public string SellerId { get; }

    public YahooConsent Consent { get; }

    public IReadOnlyList<YahooOrder> Orders => _byTime;

    public YahooStocks Stocks { get; } = new();

    public void Clear()
    {
        _byId.Clear();
        _byTime.Clear();
        Stocks.Clear();
    }

    public string NextId()
    {
        string id;
        do
        {
            id = $"{SellerId}-{YahooAnswers.Text(_nextOrder++)}";
        }
        while (_byId.ContainsKey(id));
        return id;
    }

    public void Add(YahooOrder order)
    {
        if (!OrderForm().IsMatch(order.Id))
        {
            throw new ArgumentException($"'{order.Id}' is no order ID: letters, digits and hyphens, 50 at most.");
        }

        if (!_byId.TryAdd(order.Id, order))
        {
            throw new ArgumentException($"Order {order.Id} exists already.");
        }

        var at = _byTime.BinarySearch(order, ByTime.Instance);
        _byTime.Insert(at < 0 ? ~at : at, order);
    }

    public YahooOrder? Find(string? id) => id is null ? null : _byId.GetValueOrDefault(id);

    public YahooOrder Get(string code) => Find(code) ?? throw new KeyNotFoundException($"Store '{Account}' has no order '{code}'.");

    /// <summary>The orders placed from the one moment to the other, both included, by order time; touches no others.</summary>
    public IEnumerable<YahooOrder> PlacedIn(DateTimeOffset? from, DateTimeOffset? to)
    {
        var index = 0;
        for (var (low, high) = (0, _byTime.Count); from is { } first && low < high; index = low)
        {
            var middle = (low + high) / 2;
            if (_byTime[middle].PlacedAt < first)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        for (; index < _byTime.Count && (to is not { } last || _byTime[index].PlacedAt <= last); index++)
        {
            yield return _byTime[index];
        }
    }

    [GeneratedRegex("^[a-z0-9-]{1,40}$")]
    private static partial Regex SellerForm();

    [GeneratedRegex("^[a-zA-Z0-9-]{1,50}$")]
    private static partial Regex OrderForm();

    private sealed class ByTime : IComparer<YahooOrder>
    {
        public static readonly ByTime Instance = new();

        public int Compare(YahooOrder? x, YahooOrder? y) =>
            x is null || y is null ? Comparer<object>.Default.Compare(x, y)
            : x.PlacedAt.CompareTo(y.PlacedAt) is var time and not 0 ? time
            : string.CompareOrdinal(x.Id, y.Id);
    }
}
