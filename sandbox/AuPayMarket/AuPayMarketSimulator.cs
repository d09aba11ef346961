using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Sandbox.Core;

namespace Sandbox.AuPayMarket;

/// <summary>au PAY マーケット (Wow! manager API): XML under <c>/wmshopapi/</c>, a bearer key and a shop id. What is certain about it and what was
/// chosen stands in <see cref="Limits"/>. An order whose time lies in the future appears when the clock reaches it.</summary>
public sealed partial class AuPayMarketSimulator(SandboxWorld world) : ISimulator, IStockSimulator
{
    private const string Prefix = "/wmshopapi/";
    private const string Ping = "searchImgCapacity";
    private const int FirstOrder = 746_000_001;
    private const int FirstShop = 40_000_001;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, AuPayShop> _byAccount = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AuPayShop> _byShopId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AuPayShop> _byKey = new(StringComparer.Ordinal);
    private int _lastOrder = FirstOrder - 1;

    public string Marketplace => "au-pay-market";

    public IReadOnlyList<string> Prefixes { get; } = [Prefix];

    public SimResponse Handle(SimRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var endpoint = request.Path[Prefix.Length..].Trim('/'); // a doubled slash works in one public client
        var body = request.Method == "POST" ? StrictXml.Read(request.Body) : null;
        var shopId = body is null ? request.Query["shopId"]?.Trim() : body.Element("shopId")?.Value.Trim();
        var key = Bearer(request.Header("Authorization"));
        var shop = Lookup(_byKey, key) ?? Lookup(_byShopId, shopId);
        return new SimCall(world, Marketplace, shop?.Account ?? "", endpoint)
            .Answer(AuPayAnswers.Failing, () => Answer(request, endpoint, body, shop, shopId, key));
    }

    public SimAccount OpenAccount(string account)
    {
        ArgumentException.ThrowIfNullOrEmpty(account);
        AuPayShop shop;
        lock (_gate)
        {
            if (!_byAccount.TryGetValue(account, out var known))
            {
                known = _byAccount[account] = new AuPayShop(account, FirstShop + _byAccount.Count);
                _byShopId[known.ShopId] = known;
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
        order.MustHaveOneRecipient();
        if (order.Malformed is not (null or "date" or "amount" or "missing"))
        {
            throw new ArgumentException($"An answer cannot be malformed by '{order.Malformed}': date, amount or missing.");
        }

        var shop = Shop(account);
        var id = Number(order.Code);
        var placed = new AuPayOrder(id, order, world.Time.GetUtcNow());
        placed.Xml(withRawMail: false); // prepared now, so that a search only copies
        lock (shop.Gate)
        {
            shop.Add(placed);
        }

        return AuPayAnswers.Text(id);
    }

    public void Pay(string account, string code) => Change(account, code, order =>
    {
        if (order.Status == AuPayStatus.Cancelled)
        {
            throw new InvalidOperationException($"Order {code} is cancelled and cannot be paid.");
        }

        order.Pay(world.Time.GetUtcNow());
    });

    public void Cancel(string account, string code) => Change(account, code, order =>
    {
        if (order.Status == AuPayStatus.Completed)
        {
            throw new InvalidOperationException($"Order {code} is completed and cannot be cancelled.");
        }

        if (order.Status != AuPayStatus.Cancelled)
        {
            order.Cancel("", "お客様都合", world.Time.GetUtcNow());
        }
    });

    public void EndReview(string account, string code) => Change(account, code, order =>
    {
        if (order.Status != AuPayStatus.FraudReview)
        {
            throw new InvalidOperationException($"Order {code} is not in review.");
        }

        order.EndReview();
    });

    public void BreakCredential(string account, string how)
    {
        if (how is not ("expired" or "revoked" or "address" or "rights"))
        {
            throw new ArgumentException($"A key cannot be broken by '{how}': expired, revoked, address or rights.");
        }

        var shop = Shop(account);
        lock (shop.Gate)
        {
            shop.Broken = how;
        }
    }

    public SimAccount RenewCredential(string account)
    {
        var shop = Shop(account);
        SimAccount issued;
        lock (shop.Gate)
        {
            issued = shop.IssueKey(world.Time.GetUtcNow());
        }

        lock (_gate)
        {
            _byKey[issued.Secrets["api-key"]] = shop; // dead keys stay known, so that the journal names the shop
        }

        return issued;
    }

    public IReadOnlyList<ServedOrder> Served(string account)
    {
        var shop = Shop(account);
        var now = world.Time.GetUtcNow();
        lock (shop.Gate)
        {
            return [.. shop.Orders.Where(order => order.VisibleSince <= now).OrderBy(order => order.Id).Select(order => order.Served())];
        }
    }

    public void PutItems(string account, IReadOnlyList<SeedItem> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        var shop = Shop(account);
        lock (shop.Gate)
        {
            shop.Stocks.Put(items);
        }
    }

    public IReadOnlyList<SeedItem> Items(string account)
    {
        var shop = Shop(account);
        lock (shop.Gate)
        {
            return shop.Stocks.Items();
        }
    }

    private static string? Bearer(string? header) =>
        header is not null && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header["Bearer ".Length..].Trim() : null;

    private SimOutcome Answer(SimRequest request, string endpoint, XElement? body, AuPayShop? shop, string? shopId, string? key)
    {
        var isPost = endpoint is "updateTradeInfoProc" or "updateTradeStsProc" or "cancelTradeProc" or "updateStock";
        var isGet = endpoint is Ping or "searchTradeInfoListProc" or "searchTradeNoListProc" or "searchTradeInfoProc" or "searchStocks";
        if (request.Method != (isPost ? "POST" : isGet ? "GET" : null))
        {
            return SimOutcome.Refused(AuPayAnswers.NotFound(), "404");
        }

        var now = world.Time.GetUtcNow();
        if (shop is null)
        {
            return AuPayAnswers.KeyRejected();
        }

        lock (shop.Gate)
        {
            if (!shop.Accepts(key, trades: endpoint != Ping, now))
            {
                return AuPayAnswers.KeyRejected();
            }

            if (world.RateLimits.Ask($"{Marketplace}|{shop.ShopId}", Limits.CallsPerWindow, Limits.RateWindow) > TimeSpan.Zero)
            {
                return SimOutcome.Refused(AuPayAnswers.Throttled(retryAfter: null), "throttled");
            }

            if (isPost && body is null)
            {
                return AuPayAnswers.Refused(Limits.UnrecordedCode, "リクエストの形式が正しくありません", 400);
            }

            if (string.IsNullOrEmpty(shopId))
            {
                return AuPayAnswers.Refused(Limits.ShopIdMissing, "店舗IDが設定されていません。", 400);
            }

            if (shopId != shop.ShopId)
            {
                return AuPayAnswers.Refused(Limits.ShopIdWrong, "店舗IDが正しくありません。", 400);
            }

            return endpoint switch
            {
                "searchTradeInfoListProc" => List(shop, request, now, order => order.Xml(Raw(request))),
                "searchTradeNoListProc" => List(shop, request, now, NumberOnly),
                "searchTradeInfoProc" => One(shop, request, now),
                "updateTradeInfoProc" => new AuPayWrites(shop, body!, now).Report(),
                "updateTradeStsProc" => new AuPayWrites(shop, body!, now).Move(),
                "cancelTradeProc" => new AuPayWrites(shop, body!, now).Cancel(),
                "updateStock" => shop.Stocks.Update(body!),
                "searchStocks" => shop.Stocks.Search(request.Query),
                _ => SimOutcome.Ok(AuPayAnswers.Ok()), // searchImgCapacity: what else its answer holds is unknown
            };
        }
    }

    private static SimOutcome List(AuPayShop shop, SimRequest request, DateTimeOffset now, Func<AuPayOrder, byte[]> row)
    {
        if (AuPaySearch.Read(request.Query, out var search) is { } refusal)
        {
            return refusal;
        }

        var (rows, count) = search.Run(shop, now);
        return SimOutcome.Ok(AuPayAnswers.Page($"<resultCount>{AuPayAnswers.Text(count)}</resultCount>", [.. rows.Select(row)]));
    }

    private static SimOutcome One(AuPayShop shop, SimRequest request, DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(request.Query["orderId"]))
        {
            return AuPayAnswers.Required("orderId");
        }

        if (shop.Find(request.Query["orderId"]!.Trim()) is { } order && order.PlacedAt <= now)
        {
            return SimOutcome.Ok(AuPayAnswers.Page("", [order.Xml(Raw(request))]));
        }

        return Limits.UnknownOrderIsEmpty
            ? SimOutcome.Ok(AuPayAnswers.Ok("<orderInfo/>"))
            : AuPayAnswers.Invalid("orderId", "該当する受注がありません");
    }

    private static byte[] NumberOnly(AuPayOrder order) =>
        Encoding.UTF8.GetBytes($"<orderInfo><orderId>{AuPayAnswers.Text(order.Id)}</orderId></orderInfo>");

    /// <summary>The real mail address, only for who asks. The parameter's values: [G].</summary>
    private static bool Raw(SimRequest request) => request.Query["getRawMailAddress"] is { Length: > 0 } and not ("0" or "N" or "false");

    /// <summary>受注番号 is an integer, counted over all shops.</summary>
    private int Number(string? code)
    {
        if (code is null)
        {
            return Interlocked.Increment(ref _lastOrder);
        }

        return int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new ArgumentException($"'{code}' is no order number: a positive integer.");
    }

    private AuPayShop? Lookup(Dictionary<string, AuPayShop> shops, string? key)
    {
        lock (_gate)
        {
            return key is null ? null : shops.GetValueOrDefault(key);
        }
    }

    private AuPayShop Shop(string account) =>
        Lookup(_byAccount, account) ?? throw new KeyNotFoundException($"au PAY マーケット has no shop '{account}'.");

    private void Change(string account, string code, Action<AuPayOrder> change)
    {
        var shop = Shop(account);
        lock (shop.Gate)
        {
            change(shop.Get(code));
        }
    }
}
