using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sandbox.Core;

namespace Sandbox.ShopServe;

/// <summary>ショップサーブ: JSON under <c>/v2/</c>, Basic auth with shop id and manager key. Items and stock are as clients call them; the order calls are a guess
/// (<see cref="Limits"/>). An order whose time lies in the future appears when the clock reaches it.</summary>
/// <param name="keepsCalendar">False: it skips the monthly maintenance, for a demo that may run at any hour.</param>
public sealed class ShopServeSimulator(SandboxWorld world, bool keepsCalendar = true) : ISimulator, IStockSimulator, IOrderDownloads
{
    private const string Version = "/v2/";
    private const int FirstOrder = 1_000_001;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ShopServeShop> _byAccount = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ShopServeShop> _byShopId = new(StringComparer.Ordinal);
    private int _lastOrder = FirstOrder - 1;

    public string Marketplace => "shop-serve";

    public IReadOnlyList<string> Prefixes { get; } = [Version + "orders", Version + "items"];

    public SimResponse Handle(SimRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var path = request.Path[Version.Length..].Trim('/').Split('/');
        var (shopId, key) = Basic(request.Header("Authorization"));
        var shop = Lookup(_byShopId, shopId);
        return new SimCall(world, Marketplace, shop?.Account ?? "", EndpointOf(request.Method, path))
            .Answer(ShopServeAnswers.Failing, () => Answer(request, path, shop, key));
    }

    public SimAccount OpenAccount(string account)
    {
        ArgumentException.ThrowIfNullOrEmpty(account);
        ShopServeShop shop;
        lock (_gate)
        {
            if (!_byAccount.TryGetValue(account, out var known))
            {
                known = _byAccount[account] = new ShopServeShop(account, string.Create(CultureInfo.InvariantCulture, $"mihon{_byAccount.Count + 1}.sb"));
                _byShopId[known.ShopId] = known;
            }

            shop = known;
        }

        lock (shop.Gate)
        {
            shop.Clear();
            return shop.IssueKey();
        }
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
            throw new ArgumentException("ショップサーブ has no review that holds an order back.");
        }

        var placed = new ShopServeOrder(order.Code ?? ShopServeAnswers.Text(Interlocked.Increment(ref _lastOrder)), order, world.Time.GetUtcNow());
        placed.Json(Limits.Parts); // prepared now, so that a search only copies
        In(account, shop => shop.Add(placed));
        return placed.SerialCode;
    }

    public void Pay(string account, string code) => In(account, shop =>
    {
        var order = shop.Get(code);
        if (order.Cancelled)
        {
            throw new InvalidOperationException($"Order {code} is cancelled and cannot be paid.");
        }

        order.Pay();
    });

    public void Cancel(string account, string code) => In(account, shop =>
    {
        var order = shop.Get(code);
        if (order.Shipped)
        {
            throw new InvalidOperationException($"Order {code} is shipped and cannot be cancelled.");
        }

        order.Cancel();
    });

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
        In(account, shop => issued = shop.IssueKey());
        return issued!;
    }

    public IReadOnlyList<ServedOrder> Served(string account)
    {
        IReadOnlyList<ServedOrder> served = [];
        var now = world.Time.GetUtcNow();
        In(account, shop => served = [.. shop.Orders.Where(o => o.VisibleSince <= now).Select(o => o.Served())]);
        return served;
    }

    public void PutItems(string account, IReadOnlyList<SeedItem> items) => In(account, shop => shop.Stock.Put(items));

    public IReadOnlyList<SeedItem> Items(string account)
    {
        IReadOnlyList<SeedItem> items = [];
        In(account, shop => items = shop.Stock.Items());
        return items;
    }

    public byte[] DownloadOrders(string account, IReadOnlySet<string>? codes = null)
    {
        byte[] file = [];
        var now = world.Time.GetUtcNow();
        In(account, shop => file = ShopServeDownload.Write(shop.Orders.Where(o => o.VisibleSince <= now && codes?.Contains(o.SerialCode) is not false)));
        return file;
    }

    /// <summary>Names without the order's or item's own code, so that a fault or a count can name them.</summary>
    private static string EndpointOf(string method, string[] path) => path switch
    {
        ["orders", "_retrieve", ..] => "orders/_retrieve",
        ["orders", _] => "orders/detail",
        ["orders", _, "shipping"] => "orders/shipping",
        ["items", _, "stock"] => method == "GET" ? "items/stock" : "items/stock/write",
        _ => string.Join('/', path),
    };

    private static (string ShopId, string Key) Basic(string? header)
    {
        const string Scheme = "Basic ";
        if (header is null || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return ("", "");
        }

        var bytes = new byte[header.Length];
        var text = Convert.TryFromBase64String(header[Scheme.Length..].Trim(), bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : "";
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? ("", "") : (text[..colon], text[(colon + 1)..]);
    }

    private SimOutcome Answer(SimRequest request, string[] path, ShopServeShop? shop, string key)
    {
        var now = world.Time.GetUtcNow();
        if (keepsCalendar && IsMaintenance(now))
        {
            return SimOutcome.Refused(ShopServeAnswers.Maintenance(), "maintenance");
        }

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
                return ShopServeAnswers.Refused(Limits.ForbiddenStatus, "Forbidden", "このAPIを利用する権限がありません。");
            }

            if (world.RateLimits.Ask($"{Marketplace}|{shop.ShopId}", Limits.CallsPerWindow, Limits.RateWindow) > TimeSpan.Zero)
            {
                return ShopServeAnswers.Refused(Limits.ThrottledStatus, "throttled", "リクエストが多すぎます。");
            }

            return Dispatch(request, path, shop, now);
        }
    }

    private static SimOutcome Dispatch(SimRequest request, string[] path, ShopServeShop shop, DateTimeOffset now)
    {
        JsonElement body = default;
        if (request.Method is "POST" or "PUT" && !TryBody(request, out body))
        {
            return ShopServeAnswers.Refused(400, "InvalidJson", "リクエストの形式が正しくありません。");
        }

        return (request.Method, path) switch
        {
            ("POST", ["orders", "_retrieve", var parts]) => ShopServeSearch.Run(shop, parts, body, now),
            ("GET", ["orders", var code]) => shop.Find(code, now) is { } order
                ? SimOutcome.Ok(new SimResponse(200, "application/json; charset=UTF-8", [.. "{\"order\":"u8, .. order.Json(Limits.Parts), .. "}"u8]))
                : ShopServeAnswers.NotFound("該当する受注がありません。"),
            ("PUT", ["orders", var code, "shipping"]) => Ship(shop, code, body, now),
            ("POST", ["items", "_search"]) => ShopServeAnswers.Ok(new JsonObject { ["total_count"] = shop.Stock.Count }),
            ("GET", ["items", var code, "stock"]) => shop.Stock.Read(code),
            ("PUT", ["items", var code, "stock"]) => shop.Stock.Write(code, body),
            _ => ShopServeAnswers.NotFound("該当するAPIがありません。"),
        };
    }

    private static SimOutcome Ship(ShopServeShop shop, string code, JsonElement body, DateTimeOffset now)
    {
        if (shop.Find(code, now) is not { } order)
        {
            return ShopServeAnswers.NotFound("該当する受注がありません。");
        }

        string? Field(string name) =>
            body.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
        var (company, number, date, status) = (Field("delivery_company"), Field("tracking_number"), Field("shipped_date"), Field("shipping_status"));
        if (company is not null && !Limits.DeliveryCompanies.Contains(company))
        {
            return ShopServeAnswers.Invalid("delivery_company", "指定できない配送会社です。");
        }

        if (date is not null && !DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        {
            return ShopServeAnswers.Invalid("shipped_date", "日付の形式が正しくありません。");
        }

        if (status is not (null or ShopServeOrder.Unshipped or ShopServeOrder.ShippedWord))
        {
            return ShopServeAnswers.Invalid("shipping_status", "指定できない発送ステータスです。");
        }

        return order.Cancelled || (order.Shipped && !Limits.NumberCanBeCorrected)
            ? ShopServeAnswers.Refused(409, "NotChangeable", $"注文ステータスが{order.OrderStatus}のため変更できません。")
            : ShopServeAnswers.Ok(new JsonObject { ["serial_code"] = order.SerialCode, ["result"] = "OK" }, order.Report(company, number, date, status));
    }

    private static SimOutcome Rejected() => ShopServeAnswers.Refused(Limits.RejectedStatus, "Unauthorized", "認証に失敗しました。");

    private static bool IsMaintenance(DateTimeOffset now)
    {
        var local = JapanTime.At(now);
        var time = TimeOnly.FromDateTime(local.DateTime);
        return local.DayOfWeek is DayOfWeek.Wednesday && (local.Day - 1) / 7 == Limits.MaintenanceWeek - 1 && time >= Limits.MaintenanceFrom && time < Limits.MaintenanceTo;
    }

    private static bool TryBody(SimRequest request, out JsonElement body)
    {
        try
        {
            using var document = JsonDocument.Parse(request.Body);
            body = document.RootElement.Clone();
            return body.ValueKind is JsonValueKind.Object;
        }
        catch (JsonException)
        {
            body = default;
            return false;
        }
    }

    private ShopServeShop? Lookup(Dictionary<string, ShopServeShop> shops, string key)
    {
        lock (_gate)
        {
            return shops.GetValueOrDefault(key);
        }
    }

    private void In(string account, Action<ShopServeShop> act)
    {
        var shop = Lookup(_byAccount, account) ?? throw new KeyNotFoundException($"ショップサーブ has no shop '{account}'.");
        lock (shop.Gate)
        {
            act(shop);
        }
    }
}
