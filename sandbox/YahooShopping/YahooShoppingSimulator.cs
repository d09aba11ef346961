using Sandbox.Core;

namespace Sandbox.YahooShopping;

/// <summary>Yahoo!ショッピング: XML under <c>/ShoppingWebService/V1/</c>, tokens under <c>/yconnect/v2/</c>, a public key that shows who the seller is.
/// What is certain about it and what was chosen stands in <see cref="Limits"/>. An order whose time lies in the future appears when the clock reaches it.</summary>
public sealed partial class YahooShoppingSimulator : ISimulator, IStockSimulator
{
    private const string Services = "/ShoppingWebService/V1/";
    private const string Connect = "/yconnect/v2/";

    private readonly SandboxWorld _world;
    private readonly YahooConnect _connect;
    private readonly YahooServices _services;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, YahooShop> _byAccount = new(StringComparer.Ordinal);
    private readonly Dictionary<string, YahooShop> _byClient = new(StringComparer.Ordinal);
    private readonly Dictionary<string, YahooShop> _bySeller = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (YahooShop Shop, DateTimeOffset Ends)> _byToken = new(StringComparer.Ordinal);

    public YahooShoppingSimulator(SandboxWorld world)
    {
        ArgumentNullException.ThrowIfNull(world);
        _world = world;
        _services = new YahooServices(world);
        _connect = new YahooConnect(world, client => Lookup(_byClient, client), Remember);
    }

    public string Marketplace => "yahoo-shopping";

    public IReadOnlyList<string> Prefixes { get; } = [Services, Connect];

    public SimResponse Handle(SimRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Path.StartsWith(Connect, StringComparison.Ordinal) ? HandleConnect(request) : HandleService(request);
    }

    public SimAccount OpenAccount(string account)
    {
        ArgumentException.ThrowIfNullOrEmpty(account);
        YahooShop shop;
        lock (_gate)
        {
            if (!_byAccount.TryGetValue(account, out var known))
            {
                known = _byAccount[account] = new YahooShop(account, _byAccount.Count + 1);
                _byClient[known.Consent.ClientId] = known;
                _bySeller[known.SellerId] = known;
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
        lock (shop.Gate)
        {
            var placed = new YahooOrder(order.Code ?? shop.NextId(), shop.SellerId, order, _world.Time.GetUtcNow());
            shop.Add(placed);
            return placed.Id;
        }
    }

    public void Pay(string account, string code) => Change(account, code, (order, now) =>
    {
        if (order.Status == 4)
        {
            throw new InvalidOperationException($"Order {code} is cancelled and cannot be paid.");
        }

        if (order.PaidAt is null)
        {
            order.Pay(now);
        }
    });

    public void Cancel(string account, string code) => Change(account, code, (order, now) =>
    {
        if (order.Status == 5)
        {
            throw new InvalidOperationException($"Order {code} is completed and cannot be cancelled.");
        }

        if (order.Status != 4)
        {
            order.CancelElsewhere(now);
        }
    });

    public void EndReview(string account, string code) => Change(account, code, (order, now) =>
    {
        if (!order.InReview)
        {
            throw new InvalidOperationException($"Order {code} is not in review.");
        }

        order.EndReview(now);
    });

    /// <summary>Besides the neutral ways: "business-id" (not linked to the store) and "key" (public keys expired or switched off).</summary>
    public void BreakCredential(string account, string how)
    {
        if (how is not ("expired" or "revoked" or "address" or "rights" or "business-id" or "key"))
        {
            throw new ArgumentException($"A credential cannot be broken by '{how}': expired, revoked, address, rights, business-id or key.");
        }

        var shop = Shop(account);
        lock (shop.Gate)
        {
            shop.Consent.Broken = how;
        }
    }

    public SimAccount RenewCredential(string account)
    {
        var shop = Shop(account);
        lock (shop.Gate)
        {
            var now = _world.Time.GetUtcNow();
            shop.Consent.IssueKey(now);
            shop.Consent.Broken = null;
            shop.Consent.Give(now, freshToken: true);
            return shop.Consent.Account();
        }
    }

    public IReadOnlyList<ServedOrder> Served(string account)
    {
        var shop = Shop(account);
        lock (shop.Gate)
        {
            var now = _world.Time.GetUtcNow();
            return [.. shop.Orders.Where(order => order.IsVisible(now)).OrderBy(order => order.Id, StringComparer.Ordinal).Select(order => order.Served())];
        }
    }

    public void PutItems(string account, IReadOnlyList<SeedItem> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        var shop = Shop(account);
        lock (shop.Gate)
        {
            shop.Stocks.Put(items, _world.Time.GetUtcNow());
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

    private SimResponse HandleConnect(SimRequest request)
    {
        var endpoint = request.Path[Connect.Length..].Trim('/');
        var form = request.Method == "POST" ? request.Form() : [];
        var (client, secret) = YahooConnect.Client(request, form);
        var shop = Lookup(_byClient, client ?? request.Query["client_id"]);
        return new SimCall(_world, Marketplace, shop?.Account ?? "", endpoint).Answer(
            YahooAnswers.FailingConnect,
            () => (request.Method, endpoint) switch
            {
                ("GET", "authorization") => _connect.Authorize(request.Query),
                ("POST", "token") => _connect.Token(form, client, secret),
                _ => YahooAnswers.NotFound(),
            });
    }

    private SimResponse HandleService(SimRequest request)
    {
        var endpoint = request.Path[Services.Length..].Trim('/');
        var isForm = YahooServices.TakesForms(endpoint);
        var body = request.Method == "POST" && !isForm ? YahooRequest.Read(request.Body) : null;
        var seller = isForm ? request.Form()["seller_id"] : body.Value("SellerId") ?? request.Query["sellerId"] ?? request.Query["seller_id"];
        var (shop, ends) = Bearer(request.Header("Authorization"));
        return new SimCall(_world, Marketplace, (shop ?? Lookup(_bySeller, seller))?.Account ?? "", endpoint).Answer(
            fault => YahooAnswers.Failing(fault, YahooServices.IsAboutOrders(endpoint)),
            () => _services.Answer(request, endpoint, body, shop, ends, seller));
    }

    private (YahooShop? Shop, DateTimeOffset Ends) Bearer(string? header)
    {
        lock (_gate)
        {
            return header is not null && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
                ? _byToken.GetValueOrDefault(header["Bearer ".Length..].Trim())
                : default;
        }
    }

    private void Remember(string token, YahooShop shop, DateTimeOffset ends)
    {
        lock (_gate)
        {
            _byToken[token] = (shop, ends); // dead tokens stay known, so that the journal names the shop
        }
    }

    private YahooShop? Lookup(Dictionary<string, YahooShop> shops, string? key)
    {
        lock (_gate)
        {
            return key is null ? null : shops.GetValueOrDefault(key);
        }
    }

    private YahooShop Shop(string account) =>
        Lookup(_byAccount, account) ?? throw new KeyNotFoundException($"Yahoo!ショッピング has no store '{account}'.");

    private void Change(string account, string code, Action<YahooOrder, DateTimeOffset> change)
    {
        var shop = Shop(account);
        lock (shop.Gate)
        {
            change(shop.Get(code), _world.Time.GetUtcNow());
        }
    }
}
