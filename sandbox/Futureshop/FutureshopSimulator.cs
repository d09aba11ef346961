using System.Globalization;
using System.Text;
using Sandbox.Core;

namespace Sandbox.Futureshop;

/// <summary>futureshop (API v2) under <c>/oauth/token</c> and <c>/admin-api/v1/</c>: JSON, one shop an account, orders are cancelled on the admin screen only.
/// What is certain and what was chosen stands in <see cref="Limits"/>.</summary>
/// <param name="ordersPerPage">The service names no parameter for it; a test may make its pages small.</param>
public sealed class FutureshopSimulator(SandboxWorld world, int ordersPerPage = Limits.OrdersPerPage) : ISimulator, IStockSimulator, IOrderDownloads
{
    private const string TokenPath = "/oauth/token";
    private const string Prefix = "/admin-api/v1/";
    private const string Orders = "orders/";
    private const long FirstOrder = 900_000_000_001;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, FutureshopShop> _byAccount = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FutureshopShop> _byClient = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FutureshopShop> _byToken = new(StringComparer.Ordinal);
    private long _lastOrder = FirstOrder - 1;
    private int _issued;

    public string Marketplace => "futureshop";

    public IReadOnlyList<string> Prefixes { get; } = [TokenPath, Prefix];

    public SimResponse Handle(SimRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Path == TokenPath)
        {
            var (id, secret) = BasicOf(request);
            var client = Find(_byClient, id);
            return new SimCall(world, Marketplace, client?.Account ?? "", "oauth/token").Answer(FutureshopAnswers.Failing, () => Token(client, secret, request));
        }

        var endpoint = request.Path.StartsWith(Prefix, StringComparison.Ordinal) ? request.Path[Prefix.Length..] : request.Path;
        var token = request.Header("Authorization") is { } header && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : "";
        var shop = Find(_byToken, token);
        var name = endpoint.StartsWith(Orders, StringComparison.Ordinal) ? "orders" : endpoint;
        return new SimCall(world, Marketplace, shop?.Account ?? "", name).Answer(FutureshopAnswers.Failing, () => Answer(endpoint, token, shop, request));
    }

    public SimAccount OpenAccount(string account)
    {
        ArgumentException.ThrowIfNullOrEmpty(account);
        FutureshopShop? shop;
        lock (_gate)
        {
            if (!_byAccount.TryGetValue(account, out shop))
            {
                shop = _byAccount[account] = new FutureshopShop(account);
            }
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
        var shop = Shop(account);
        lock (shop.Gate)
        {
            var number = order.Code ?? Interlocked.Increment(ref _lastOrder).ToString(CultureInfo.InvariantCulture);
            shop.Add(new FutureshopOrder(number, order));
            return number;
        }
    }

    public void Pay(string account, string code) => Change(account, code, order =>
    {
        if (order.IsCancelled)
        {
            throw new InvalidOperationException($"Order {code} is cancelled and cannot be paid.");
        }

        order.ReceiptDate ??= JapanTime.Day(world.Time.GetUtcNow());
    });

    public void Cancel(string account, string code) => Change(account, code, order =>
    {
        order.CancelledAt ??= world.Time.GetUtcNow();
        order.Status = "CANCELLED";
    });

    public void EndReview(string account, string code) => Change(account, code, order =>
    {
        if (order.Status != "ON_HOLD")
        {
            throw new InvalidOperationException($"Order {code} is not on hold.");
        }

        order.Status = "AWAITING_PAYMENT";
    });

    public void BreakCredential(string account, string how)
    {
        if (how is not ("expired" or "revoked" or "address" or "rights"))
        {
            throw new ArgumentException($"A credential cannot be broken by '{how}': expired, revoked, address or rights.");
        }

        var shop = Shop(account);
        lock (shop.Gate)
        {
            // Client ID and secret do not expire; what runs out is the access token.
            shop.Tokens.Clear();
            shop.Broken = how == "expired" ? null : how;
        }
    }

    public SimAccount RenewCredential(string account)
    {
        var shop = Shop(account);
        var number = Interlocked.Increment(ref _issued);
        lock (shop.Gate)
        {
            shop.Broken = null;
            shop.Tokens.Clear();
            shop.ShopKey = $"demoshop-{account}";
            shop.ClientId = $"fs-client.{number.ToString("x32", CultureInfo.InvariantCulture)}";
            shop.ClientSecret = $"sim-secret-{number.ToString("D6", CultureInfo.InvariantCulture)}";
            Keep(_byClient, shop.ClientId, shop);
            return new SimAccount(
                account,
                new Dictionary<string, string> { ["shop-key"] = shop.ShopKey, ["client-id"] = shop.ClientId, ["client-secret"] = shop.ClientSecret },
                new Dictionary<string, string>());
        }
    }

    public IReadOnlyList<ServedOrder> Served(string account)
    {
        var shop = Shop(account);
        var now = world.Time.GetUtcNow();
        lock (shop.Gate)
        {
            return [.. shop.ByTime.Where(o => o.Seed.PlacedAt <= now).Select(o => o.Served())];
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
                shop.Stock[(item.Code, item.Variation1, item.Variation2)] = item.Quantity;
            }
        }
    }

    public IReadOnlyList<SeedItem> Items(string account)
    {
        var shop = Shop(account);
        lock (shop.Gate)
        {
            return [.. shop.Stock.Select(s => new SeedItem(s.Key.Product, s.Key.Vertical, s.Key.Horizontal, s.Value))];
        }
    }

    public byte[] DownloadOrders(string account, IReadOnlySet<string>? codes = null)
    {
        var shop = Shop(account);
        var now = world.Time.GetUtcNow();
        lock (shop.Gate)
        {
            return FutureshopDownload.Of(shop.ByTime.Where(o => o.Seed.PlacedAt <= now && (codes?.Contains(o.Number) ?? true)));
        }
    }

    private SimOutcome Token(FutureshopShop? client, string secret, SimRequest request)
    {
        if (client is null)
        {
            return FutureshopAnswers.TokenRefused("invalid_client");
        }

        lock (client.Gate)
        {
            if (client.Broken == "address")
            {
                return FutureshopAnswers.Refused(403, Limits.BadAddress, "（見本）許可されていないIPアドレスです");
            }

            if (client.Broken == "revoked" || secret != client.ClientSecret || request.Header("X-SHOP-KEY") != client.ShopKey)
            {
                return FutureshopAnswers.TokenRefused("invalid_client");
            }

            if (request.Method != "POST" || request.Form()["grant_type"] != "client_credentials")
            {
                return FutureshopAnswers.TokenRefused("unsupported_grant_type", 400);
            }

            if (Limits.TokenCallsCount && IsTooFast(client))
            {
                return SimOutcome.Refused(FutureshopAnswers.Throttled(null), "throttled");
            }

            var token = $"sim-token-{Interlocked.Increment(ref _issued).ToString("D6", CultureInfo.InvariantCulture)}";
            client.Tokens[token] = world.Time.GetUtcNow().AddSeconds(Limits.TokenSeconds);
            Keep(_byToken, token, client); // dead tokens stay known, so that the journal names the shop
            return SimOutcome.Ok(FutureshopAnswers.Token(token), new JournalEffect(EffectKind.Token, "", "", "", "access-token", false));
        }
    }

    private SimOutcome Answer(string endpoint, string token, FutureshopShop? shop, SimRequest request)
    {
        if (shop is null)
        {
            return FutureshopAnswers.Refused(401, Limits.BadToken, "（見本）アクセストークンが正しくありません");
        }

        lock (shop.Gate)
        {
            var now = world.Time.GetUtcNow();
            if (shop.Broken == "address")
            {
                return FutureshopAnswers.Refused(403, Limits.BadAddress, "（見本）許可されていないIPアドレスです");
            }

            if (!shop.Admits(token, request.Header("X-SHOP-KEY") ?? "", now))
            {
                return FutureshopAnswers.Refused(401, Limits.BadToken, "（見本）アクセストークンが正しくありません");
            }

            if (IsTooFast(shop))
            {
                return SimOutcome.Refused(FutureshopAnswers.Throttled(null), "throttled");
            }

            if (shop.Broken == "rights")
            {
                return FutureshopAnswers.Refused(403, Limits.NotApproved, "（見本）このAPIは利用申請されていません");
            }

            return (request.Method, endpoint) switch
            {
                ("GET", "shipping") => FutureshopSearch.Answer(shop, request, now, ordersPerPage),
                ("POST", "shipping/status") => FutureshopWrites.Ship(shop, request.Body, now),
                ("POST", "order/complete") => FutureshopWrites.Complete(shop, request.Body, now),
                ("POST", "payment/status") => FutureshopWrites.Receive(shop, request.Body, now),
                ("GET", "inventory") => FutureshopStock.Search(
                    shop, name => request.Query[name] ?? "",
                    int.TryParse(request.Query["cursor"], NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? offset : 0,
                    next => FutureshopSearch.AddressOf(request, $"types={request.Query["types"]}&productNo={request.Query["productNo"]}&cursor={next.ToString(CultureInfo.InvariantCulture)}")),
                ("POST", "inventory") => FutureshopStock.Update(shop, request.Body),
                ("GET", "products") => FutureshopStock.Products(shop, request.Query["count"] ?? ""),
                ("GET", _) when endpoint.StartsWith(Orders, StringComparison.Ordinal) => Get(shop, endpoint[Orders.Length..], now),
                _ => FutureshopAnswers.Refused(404, "NotFound", "（見本）APIが存在しません"),
            };
        }
    }

    private static SimOutcome Get(FutureshopShop shop, string number, DateTimeOffset now) =>
        shop.ByNumber.TryGetValue(number, out var order) && order.Seed.PlacedAt <= now
            ? SimOutcome.Ok(FutureshopAnswers.Json(json => FutureshopOrderJson.WriteDetail(json, order)))
            : FutureshopAnswers.Refused(404, Limits.NoOrder, "（見本）受注が存在しません");

    private bool IsTooFast(FutureshopShop shop) =>
        world.RateLimits.Ask($"{Marketplace}|{shop.ClientId}", Limits.CallsPerWindow, Limits.RateWindow) > TimeSpan.Zero;

    private static (string Id, string Secret) BasicOf(SimRequest request)
    {
        if (request.Header("Authorization") is not { } header || !header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            return ("", "");
        }

        var bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[6..].Trim(), bytes, out var length))
        {
            return ("", "");
        }

        var parts = Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2);
        return parts.Length == 2 ? (parts[0], parts[1]) : ("", "");
    }

    private FutureshopShop? Find(Dictionary<string, FutureshopShop> by, string key)
    {
        lock (_gate)
        {
            return by.GetValueOrDefault(key);
        }
    }

    /// <summary>May be called under a shop's lock; never the other way round.</summary>
    private void Keep(Dictionary<string, FutureshopShop> by, string key, FutureshopShop shop)
    {
        lock (_gate)
        {
            by[key] = shop;
        }
    }

    private FutureshopShop Shop(string account) => Find(_byAccount, account) ?? throw new KeyNotFoundException($"futureshop has no account '{account}'.");

    private void Change(string account, string code, Action<FutureshopOrder> change)
    {
        var shop = Shop(account);
        lock (shop.Gate)
        {
            var order = shop.ByNumber.GetValueOrDefault(code) ?? throw new KeyNotFoundException($"Account '{account}' has no order {code}.");
            change(order);
            order.LastUpdated = world.Time.GetUtcNow();
        }
    }
}
