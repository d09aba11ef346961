using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sandbox.Core;

namespace Sandbox.MakeShop;

/// <summary>MakeShop's app API: GraphQL by POST under one path, a permanent token, an API key and a fresh timestamp in the headers. What is certain
/// about it and what was chosen stands in <see cref="Limits"/>; what a test may turn, in <see cref="MakeShopRules"/>.</summary>
public sealed partial class MakeShopSimulator : ISimulator, IStockSimulator, IOrderDownloads
{
    private const string Path = "/v1/graphql";

    private readonly Lock _gate = new();
    private readonly SandboxWorld _world;
    private readonly MakeShopRules _rules;
    private readonly MakeShopAnswers _answers;
    private readonly MakeShopOperations _operations;
    private readonly Dictionary<string, MakeShopShop> _byAccount = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MakeShopShop> _byToken = new(StringComparer.Ordinal);
    private long _lastOrder;

    public MakeShopSimulator(SandboxWorld world, MakeShopRules? rules = null)
    {
        _world = world;
        _rules = rules ?? new MakeShopRules();
        _answers = new MakeShopAnswers(_rules);
        _operations = new MakeShopOperations(_rules, _answers);
    }

    public string Marketplace => "makeshop";

    public IReadOnlyList<string> Prefixes { get; } = [Path];

    public SimResponse Handle(SimRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var token = request.Header("authorization") is { } header && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : "";
        var shop = Find(_byToken, token);
        var (query, input) = Read(request);
        return new SimCall(_world, Marketplace, shop?.Account ?? "", query?.Root.Name ?? "graphql")
            .Answer(_answers.Failing, () => Answer(request, shop, token, query, input));
    }

    public SimAccount OpenAccount(string account)
    {
        ArgumentException.ThrowIfNullOrEmpty(account);
        MakeShopShop shop;
        lock (_gate)
        {
            if (!_byAccount.TryGetValue(account, out var known))
            {
                known = _byAccount[account] = new MakeShopShop(account, _byAccount.Count + 1);
            }

            shop = known;
        }

        lock (shop.Gate)
        {
            shop.Clear();
        }

        return RenewCredential(account);
    }

    public string Place(string account, SeedOrder order)
    {
        ArgumentNullException.ThrowIfNull(order);
        if (order.Malformed is not (null or "date" or "amount" or "missing"))
        {
            throw new ArgumentException($"An answer cannot be malformed by '{order.Malformed}': date, amount or missing.");
        }

        if (order.InReview)
        {
            throw new ArgumentException("MakeShop has no review that holds an order back.");
        }

        if (order.Code is { } code && !OrderNumber().IsMatch(code))
        {
            throw new ArgumentException($"'{code}' is no order number: P and 18 digits.");
        }

        var shop = Shop(account);
        var number = Interlocked.Increment(ref _lastOrder);
        var placed = new MakeShopOrder(
            order.Code ?? $"P9{number.ToString("D17", CultureInfo.InvariantCulture)}", $"P1868{number.ToString("D14", CultureInfo.InvariantCulture)}", order, _world.Time.GetUtcNow());
        lock (shop.Gate)
        {
            shop.Add(placed);
        }

        return placed.Number;
    }

    public void Pay(string account, string code) => Change(account, code, order =>
    {
        if (order.Cancelled)
        {
            throw new InvalidOperationException($"Order {code} is cancelled and cannot be paid.");
        }

        order.Pay(_world.Time.GetUtcNow());
    });

    public void Cancel(string account, string code) => Change(account, code, order =>
    {
        if (order.HasStatus("Y"))
        {
            throw new InvalidOperationException($"Order {code} is shipped and cannot be cancelled.");
        }

        order.Cancel();
    });

    public void EndReview(string account, string code) => Change(account, code, _ => throw new InvalidOperationException($"Order {code} is not in review."));

    /// <summary>A permanent token never runs out, and no calling address is registered anywhere: "expired" and "address" change nothing.</summary>
    public void BreakCredential(string account, string how)
    {
        if (how is not ("expired" or "revoked" or "address" or "rights"))
        {
            throw new ArgumentException($"A token cannot be broken by '{how}': expired, revoked, address or rights.");
        }

        var shop = Shop(account);
        lock (shop.Gate)
        {
            shop.Broken = how is "revoked" or "rights" ? how : shop.Broken;
        }
    }

    public SimAccount RenewCredential(string account)
    {
        var shop = Shop(account);
        SimAccount issued;
        lock (shop.Gate)
        {
            issued = shop.Install();
        }

        lock (_gate)
        {
            _byToken[issued.Secrets["permanent-token"]] = shop; // dead tokens stay known, so that the journal names the shop
        }

        return issued;
    }

    /// <summary>Orders that were behind the window before they came are not among them.</summary>
    public IReadOnlyList<ServedOrder> Served(string account)
    {
        var shop = Shop(account);
        var now = _world.Time.GetUtcNow();
        lock (shop.Gate)
        {
            return
            [
                .. shop.Orders
                    .Where(o => o.VisibleSince <= now && (_rules.LookbackDays is not { } days || JapanTime.Day(o.PlacedAt) >= JapanTime.Day(o.VisibleSince).AddDays(-days)))
                    .Select(o => o.Served()),
            ];
        }
    }

    public void PutItems(string account, IReadOnlyList<SeedItem> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        var shop = Shop(account);
        lock (shop.Gate)
        {
            foreach (var item in items)
            {
                shop.Put(item);
            }
        }
    }

    public IReadOnlyList<SeedItem> Items(string account)
    {
        var shop = Shop(account);
        lock (shop.Gate)
        {
            return [.. shop.Items];
        }
    }

    public byte[] DownloadOrders(string account, IReadOnlySet<string>? codes = null)
    {
        var shop = Shop(account);
        var now = _world.Time.GetUtcNow();
        lock (shop.Gate)
        {
            return MakeShopDownload.Render([.. shop.Orders.Where(o => o.PlacedAt <= now && (codes is null || codes.Contains(o.Number)))]);
        }
    }

    private SimOutcome Answer(SimRequest request, MakeShopShop? shop, string token, GraphQuery? query, JsonElement input)
    {
        if (request.Method != "POST" || request.Path != Path)
        {
            return SimOutcome.Refused(SimResponse.Html("<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>", 404), "404");
        }

        if (request.Body.Length >= Limits.RequestBytes)
        {
            return _answers.Refused(413, Limits.BadInput, "request entity too large");
        }

        if (shop is null)
        {
            return _answers.Refused(401, Limits.Unauthenticated, "unauthorized");
        }

        lock (shop.Gate)
        {
            var now = _world.Time.GetUtcNow();
            if (token != shop.Token || request.Header("x-api-key") != shop.ApiKey || shop.Broken == "revoked")
            {
                return _answers.Refused(401, Limits.Unauthenticated, "unauthorized");
            }

            if (!long.TryParse(request.Header("x-timestamp"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || !IsFresh(seconds, now))
            {
                return _answers.Refused(401, Limits.Unauthenticated, "invalid x-timestamp");
            }

            if (_world.RateLimits.Ask($"{Marketplace}|{shop.Account}", _rules.CallsPerMinute, Limits.RateWindow) > TimeSpan.Zero)
            {
                return SimOutcome.Refused(_answers.Failing(new Fault(FaultKind.Throttle, Marketplace)), "throttled");
            }

            return query is null ? _answers.Refused(400, "GRAPHQL_PARSE_FAILED", "the query cannot be read") : _operations.Run(shop, query, input, now);
        }
    }

    private static bool IsFresh(long seconds, DateTimeOffset now) =>
        now.ToUnixTimeSeconds() - seconds is var age && age <= Limits.TimestampLife.TotalSeconds && age >= -Limits.TimestampAhead.TotalSeconds;

    private static (GraphQuery? Query, JsonElement Input) Read(SimRequest request)
    {
        try
        {
            using var body = JsonDocument.Parse(request.Body);
            var root = body.RootElement;
            if (root.ValueKind is not JsonValueKind.Object || MakeShopInput.Text(root, "query") is not { } text || GraphQuery.Read(text) is not { } query)
            {
                return (null, default);
            }

            return root.TryGetProperty("variables", out var variables) && variables.ValueKind is JsonValueKind.Object && variables.TryGetProperty("input", out var input)
                ? (query, input.Clone())
                : (query, default);
        }
        catch (JsonException)
        {
            return (null, default);
        }
    }

    private MakeShopShop? Find(Dictionary<string, MakeShopShop> shops, string key)
    {
        lock (_gate)
        {
            return shops.GetValueOrDefault(key);
        }
    }

    private MakeShopShop Shop(string account) =>
        Find(_byAccount, account) ?? throw new KeyNotFoundException($"MakeShop has no shop '{account}'.");

    private void Change(string account, string code, Action<MakeShopOrder> change)
    {
        var shop = Shop(account);
        lock (shop.Gate)
        {
            change(shop.Get(code));
        }
    }

    [GeneratedRegex("^P[0-9]{18}$")]
    private static partial Regex OrderNumber();
}
