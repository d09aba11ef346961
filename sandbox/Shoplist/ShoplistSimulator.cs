using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sandbox.Core;

namespace Sandbox.Shoplist;

/// <summary>SHOPLIST: an order list and a stock call under <c>/shoplist-api/</c>, one key in a header or the query. The wire is a guess, the behaviour is what partners
/// describe (<see cref="Limits"/>). An order whose time lies in the future appears when the clock reaches it.</summary>
public sealed class ShoplistSimulator(SandboxWorld world) : ISimulator, IStockSimulator, IOrderDownloads
{
    private const string Prefix = "/shoplist-api/";
    private const int FirstOrder = 5_000_001;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ShoplistShop> _byAccount = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ShoplistShop> _byKey = new(StringComparer.Ordinal);
    private int _lastOrder = FirstOrder - 1;

    public string Marketplace => "shoplist";

    public IReadOnlyList<string> Prefixes { get; } = [Prefix];

    public SimResponse Handle(SimRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var endpoint = request.Path[Prefix.Length..].Trim('/');
        var key = request.Header(Limits.KeyHeader) ?? request.Query[Limits.KeyParameter] ?? "";
        var shop = Lookup(_byKey, key);
        return new SimCall(world, Marketplace, shop?.Account ?? "", endpoint)
            .Answer(ShoplistAnswers.Failing, () => Answer(request, endpoint, shop, key));
    }

    public SimAccount OpenAccount(string account)
    {
        ArgumentException.ThrowIfNullOrEmpty(account);
        lock (_gate)
        {
            if (!_byAccount.ContainsKey(account))
            {
                _byAccount[account] = new ShoplistShop(account);
            }
        }

        In(account, shop => shop.Clear());
        return RenewCredential(account);
    }

    public string Place(string account, SeedOrder order)
    {
        ArgumentNullException.ThrowIfNull(order);
        if (order.Malformed is not (null or "date" or "amount" or "missing"))
        {
            throw new ArgumentException($"An answer cannot be malformed by '{order.Malformed}': date, amount or missing.");
        }

        if (order.InReview || order.FurtherDestinations.Count > 0)
        {
            throw new ArgumentException("SHOPLIST has neither reviews nor orders with several recipients.");
        }

        var placed = new ShoplistOrder(order.Code ?? ShoplistAnswers.Text(Interlocked.Increment(ref _lastOrder)), order, world.Time.GetUtcNow());
        placed.Json();
        In(account, shop => shop.Add(placed));
        return placed.Number;
    }

    /// <summary>Payments are SHOPLIST's own matter: the shop sees none of them.</summary>
    public void Pay(string account, string code) => In(account, shop => shop.Get(code));

    public void Cancel(string account, string code) => In(account, shop => shop.Get(code).Cancel());

    public void EndReview(string account, string code) => throw new InvalidOperationException($"Order {code} is not in review: there is none.");

    public void BreakCredential(string account, string how)
    {
        if (how is not ("expired" or "revoked" or "address" or "rights"))
        {
            throw new ArgumentException($"A key cannot be broken by '{how}': expired, revoked, address or rights.");
        }

        In(account, shop => shop.Broken = how);
    }

    public SimAccount RenewCredential(string account)
    {
        SimAccount? issued = null;
        ShoplistShop? own = null;
        In(account, shop => (issued, own) = (shop.IssueKey(), shop));
        lock (_gate)
        {
            _byKey[issued!.Secrets["auth-key"]] = own!; // dead keys stay known, so that the journal names the shop
        }

        return issued;
    }

    public IReadOnlyList<ServedOrder> Served(string account)
    {
        IReadOnlyList<ServedOrder> served = [];
        var now = world.Time.GetUtcNow();
        In(account, shop => served = [.. shop.Orders.Where(o => o.VisibleSince <= now).Select(o => o.Served())]);
        return served;
    }

    public void PutItems(string account, IReadOnlyList<SeedItem> items) => In(account, shop =>
    {
        foreach (var item in items)
        {
            shop.Stock[item.Code] = item.Variation1.Length == 0
                ? item.Quantity
                : throw new ArgumentException("Every colour and size has a 卸品番 of its own: there are no variations.");
        }
    });

    public IReadOnlyList<SeedItem> Items(string account)
    {
        IReadOnlyList<SeedItem> items = [];
        In(account, shop => items = [.. shop.Stock.Select(s => new SeedItem(s.Key, "", "", s.Value))]);
        return items;
    }

    /// <summary>発注データ: everything about the orders that the shop has to ship.</summary>
    public byte[] DownloadOrders(string account, IReadOnlySet<string>? codes = null)
    {
        byte[] file = [];
        var now = world.Time.GetUtcNow();
        In(account, shop => file = ShoplistDownload.Write(
            shop.Orders.Where(o => o.VisibleSince <= now && !o.Cancelled && !o.Seed.ShippedByMarketplace && codes?.Contains(o.Number) is not false)));
        return file;
    }

    private SimOutcome Answer(SimRequest request, string endpoint, ShoplistShop? shop, string key)
    {
        if (shop is null)
        {
            return Rejected();
        }

        lock (shop.Gate)
        {
            if (key != shop.Key || shop.Broken is "expired" or "revoked")
            {
                return Rejected();
            }

            if (shop.Broken is not null)
            {
                return ShoplistAnswers.Refused(Limits.ForbiddenStatus, "forbidden", "利用できません。");
            }

            if (world.RateLimits.Ask($"{Marketplace}|{shop.Account}", Limits.CallsPerWindow, Limits.RateWindow) > TimeSpan.Zero)
            {
                return ShoplistAnswers.Refused(Limits.ThrottledStatus, "throttled", "リクエストが多すぎます。");
            }

            return (request.Method, endpoint) switch
            {
                ("GET", "orders") => List(shop, request, world.Time.GetUtcNow()),
                ("POST", "stocks") => SetStock(shop, request),
                _ => ShoplistAnswers.Refused(404, "not-found", "該当するAPIがありません。"),
            };
        }
    }

    private static SimOutcome List(ShoplistShop shop, SimRequest request, DateTimeOffset now)
    {
        if (Day(request.Query["from"]) is not { } from || Day(request.Query["to"]) is not { } to)
        {
            return ShoplistAnswers.Invalid("from");
        }

        if (!Number(request.Query["offset"], 0, out var offset) || !Number(request.Query["limit"], Limits.OrdersPerPage, out var limit) || limit is < 1 or > Limits.OrdersPerPage)
        {
            return ShoplistAnswers.Invalid("limit");
        }

        var oldest = JapanTime.Day(now).AddDays(-Limits.LookbackDays);
        var found = shop.Orders
            .Where(o => o.PlacedAt <= now && JapanTime.Day(o.PlacedAt) is var day && day >= from && day <= to && day >= oldest)
            .Where(o => Limits.CancelledStaysListed || !o.Cancelled)
            .ToArray();
        using var body = new MemoryStream();
        body.Write(Encoding.UTF8.GetBytes($"{{\"count\":{ShoplistAnswers.Text(found.Length)},\"orders\":["));
        foreach (var (order, i) in found.Skip(offset).Take(limit).Select((o, i) => (o, i)))
        {
            body.Write(i == 0 ? ""u8 : ","u8);
            body.Write(order.Json());
        }

        body.Write("]}"u8);
        return SimOutcome.Ok(new SimResponse(200, "application/json; charset=utf-8", body.ToArray()));
    }

    private static SimOutcome SetStock(ShoplistShop shop, SimRequest request)
    {
        JsonElement body;
        try
        {
            using var document = JsonDocument.Parse(request.Body);
            body = document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return ShoplistAnswers.Invalid("body");
        }

        if (body.ValueKind is not JsonValueKind.Object || !body.TryGetProperty(Limits.ItemCode, out var item) || item.ValueKind is not JsonValueKind.String)
        {
            return ShoplistAnswers.Invalid(Limits.ItemCode);
        }

        if (!body.TryGetProperty("quantity", out var level) || level.ValueKind is not JsonValueKind.Number || !level.TryGetInt32(out var quantity) || quantity < 0)
        {
            return ShoplistAnswers.Invalid("quantity");
        }

        var code = item.GetString()!;
        if (!shop.Stock.TryGetValue(code, out var before))
        {
            return ShoplistAnswers.Refused(404, "not-found", "該当する商品がありません。");
        }

        shop.Stock[code] = quantity;
        JournalEffect[] effects = before == quantity
            ? []
            : [new JournalEffect(EffectKind.Stock, code, "", ShoplistAnswers.Text(before), ShoplistAnswers.Text(quantity), Again: false)];
        return ShoplistAnswers.Ok(new JsonObject { ["result"] = "ok" }, effects);
    }

    private static SimOutcome Rejected() => ShoplistAnswers.Refused(Limits.RejectedStatus, "unauthorized", "認証キーが正しくありません。");

    private static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, ["yyyy-MM-dd", "yyyy/MM/dd", "yyyyMMdd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static bool Number(string? text, int otherwise, out int value)
    {
        value = otherwise;
        return string.IsNullOrEmpty(text) || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    private ShoplistShop? Lookup(Dictionary<string, ShoplistShop> shops, string key)
    {
        lock (_gate)
        {
            return shops.GetValueOrDefault(key);
        }
    }

    private void In(string account, Action<ShoplistShop> act)
    {
        var shop = Lookup(_byAccount, account) ?? throw new KeyNotFoundException($"SHOPLIST has no shop '{account}'.");
        lock (shop.Gate)
        {
            act(shop);
        }
    }
}
