using System.Globalization;
using Sandbox.Core;

namespace Sandbox.Qoo10;

/// <summary>Qoo10 Japan (QSM, QAPI) under <c>/GMKT.INC.Front.QAPIService/</c>: HTTP is always 200, the order is the cart (PackNo), push and claim work per order number.
/// What is certain and what was chosen stands in <see cref="Limits"/>.</summary>
public sealed partial class Qoo10Simulator(SandboxWorld world) : ISimulator, IStockSimulator
{
    private const string Prefix = "/GMKT.INC.Front.QAPIService/";
    private const long FirstCart = 900_000_001;
    private const long FirstOrder = 1_062_428_701;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Qoo10Shop> _byAccount = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Qoo10Shop> _byKey = new(StringComparer.Ordinal);
    private long _lastCart = FirstCart - 1;
    private long _lastOrder = FirstOrder - 1;
    private int _issued;

    public string Marketplace => "qoo10";

    public IReadOnlyList<string> Prefixes { get; } = [Prefix];

    public SimResponse Handle(SimRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var form = request.Method == "POST" ? request.Form() : [];
        string Parameter(string name) => (form[name] ?? request.Query[name] ?? "").Trim();

        // Both call styles: the method in the path with headers, or everything in the query.
        var path = request.Path[Prefix.Length..].Split('/', 2);
        var method = path.Length > 1 && path[1].Length > 0 ? path[1] : Parameter("method");
        var key = request.Header("GiosisCertificationKey") ?? Parameter("key");
        var returns = Parameter("returnType");
        var shop = Find(key.Trim());
        return new SimCall(world, Marketplace, shop?.Account ?? "", method).Answer(
            Qoo10Answers.Failing,
            () => path[0] is "ebayjapan.qapi" or "Giosis.qapi"
                ? Answer(method, key.Trim(), shop, Parameter, returns.Contains("xml", StringComparison.OrdinalIgnoreCase))
                : SimOutcome.Refused(Qoo10Answers.Gateway(-90001, "存在しないAPIです。"), "-90001"));
    }

    public SimAccount OpenAccount(string account)
    {
        ArgumentException.ThrowIfNullOrEmpty(account);
        lock (_gate)
        {
            if (!_byAccount.TryGetValue(account, out var shop))
            {
                shop = _byAccount[account] = new Qoo10Shop(account);
            }

            shop.Clear();
        }

        return RenewCredential(account);
    }

    public string Place(string account, SeedOrder order)
    {
        ArgumentNullException.ThrowIfNull(order);
        order.MustHaveOneRecipient();
        if (order.InReview)
        {
            throw new ArgumentException("Qoo10 has no review that holds an order back.");
        }

        var shop = Shop(account);
        lock (shop.Gate)
        {
            var number = order.Code is { } code ? long.Parse(code, CultureInfo.InvariantCulture) : Interlocked.Increment(ref _lastCart);
            var lines = Enumerable.Range(0, Math.Max(1, order.CartSize))
                .Select(i => new Qoo10Line(Interlocked.Increment(ref _lastOrder), order.Lines[i % order.Lines.Count]) { Status = order.Paid ? 2 : 1 })
                .ToArray();
            shop.Add(new Qoo10Cart(number, order, lines) { PaidAt = order.Paid ? order.PlacedAt : null });
            return number.ToString(CultureInfo.InvariantCulture);
        }
    }

    public void Pay(string account, string code) => Change(account, code, cart =>
    {
        if (cart.Lines.Any(l => !l.IsListed))
        {
            throw new InvalidOperationException($"Cart {code} is cancelled and cannot be paid.");
        }

        cart.PaidAt ??= world.Time.GetUtcNow();
        foreach (var line in cart.Lines.Where(l => l.Status == 1))
        {
            line.Status = 2;
        }
    });

    public void Cancel(string account, string code) => Change(account, code, cart =>
    {
        foreach (var line in cart.Lines.Where(l => l.IsListed))
        {
            (line.Claim, line.ClaimedAt) = (line.Status == 1 ? 16 : 3, world.Time.GetUtcNow());
        }
    });

    public void EndReview(string account, string code) => throw new InvalidOperationException("Qoo10 has no review that holds an order back.");

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
        lock (_gate)
        {
            var number = ++_issued;
            shop.Broken = null;
            shop.UserId = $"seller-{account}";
            shop.Password = $"password-{number:D4}";
            shop.ApiKey = $"APIKEY-{account}-{number:D4}";
            shop.ApiKeyExpires = world.Time.GetUtcNow() + Limits.KeyLife;
            _byKey[shop.ApiKey] = shop;
            Certify(shop);
            return new SimAccount(
                account,
                new Dictionary<string, string>
                {
                    ["api-key"] = shop.ApiKey,
                    ["api-key-expires"] = JapanTime.Text(shop.ApiKeyExpires, "yyyy-MM-dd"), // the answer to the inquiry names it, the API never does
                    ["user-id"] = shop.UserId,
                    ["password"] = shop.Password,
                    ["certification-key"] = shop.CertificationKey,
                },
                new Dictionary<string, string>());
        }
    }

    public IReadOnlyList<ServedOrder> Served(string account)
    {
        var shop = Shop(account);
        var now = world.Time.GetUtcNow();
        lock (shop.Gate)
        {
            return [.. shop.ByTime.Where(c => c.Seed.PlacedAt <= now).Select(c => c.Served())];
        }
    }

    public void PutItems(string account, IReadOnlyList<SeedItem> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        var shop = Shop(account);
        lock (shop.Gate)
        {
            shop.Items.Put(items, JapanTime.Day(world.Time.GetUtcNow()));
        }
    }

    public IReadOnlyList<SeedItem> Items(string account)
    {
        var shop = Shop(account);
        lock (shop.Gate)
        {
            return shop.Items.All();
        }
    }

    private SimOutcome Answer(string method, string key, Qoo10Shop? shop, Func<string, string> parameter, bool xml)
    {
        var name = method.ToUpperInvariant();
        if (name == "CERTIFICATIONAPI.CREATECERTIFICATIONKEY")
        {
            return Certify(shop, key, parameter, xml);
        }

        if (shop is null)
        {
            return Refused(xml, -10000, "販売者認証キーを確認してください。");
        }

        if (world.RateLimits.Ask($"{Marketplace}|{shop.Account}", Limits.CallsPerSecond, TimeSpan.FromSeconds(1)) > TimeSpan.Zero)
        {
            return SimOutcome.Refused(Qoo10Answers.Failing(new Fault(FaultKind.Throttle, Marketplace)), "throttled");
        }

        lock (shop.Gate)
        {
            var now = world.Time.GetUtcNow();
            if (shop.Broken is "rights" or "address")
            {
                return Refused(xml, -90002, "権限がありません。");
            }

            if (shop.Broken == "expired" || (key == shop.CertificationKey && now >= shop.CertificationExpires))
            {
                return Refused(xml, -90005, "販売者認証キーが期限切れです。新しいキーを使用してください。");
            }

            if (key != shop.CertificationKey || shop.Broken == "revoked")
            {
                return Refused(xml, -10000, "販売者認証キーを確認してください。");
            }

            return name switch
            {
                "SHIPPINGBASIC.GETSHIPPINGINFO_V3" => Search(shop, parameter("ShippingStatus"), parameter("SearchStartDate"), parameter("SearchEndDate"), parameter("SearchCondition"), xml),
                "SHIPPINGBASIC.GETSHIPPINGINFO_V2" => Search(shop, parameter("ShippingStat"), parameter("search_Sdate"), parameter("search_Edate"), parameter("search_condition"), xml),
                "SHIPPINGBASIC.GETSHIPPINGANDCLAIMINFOBYORDERNO_V2" => ByNumber(shop, parameter("OrderNo"), xml),
                "SHIPPINGBASIC.GETCLAIMINFO_V3" => Claims(shop, parameter, xml),
                "SHIPPINGBASIC.SETSELLERCHECKYN_V2" => One(xml, effects => Qoo10Writes.Confirm(shop, parameter("OrderNo"), parameter("EstShipDt"), effects)),
                "SHIPPINGBASIC.SETSELLERCHECKYNBULK" => Bulk(xml, parameter("SendPlanDtInfoJson"), (row, effects) => Qoo10Writes.Confirm(shop, Of(row, "OrderNo"), Of(row, "EstShipDt"), effects)),
                "SHIPPINGBASIC.SETSENDINGINFO" => One(xml, effects => Qoo10Writes.Send(shop, parameter("OrderNo"), parameter("ShippingCorp"), parameter("TrackingNo"), now, effects)),
                "SHIPPINGBASIC.SETSENDINGINFOBULK" => Bulk(xml, parameter("ShippingInfoJson"), (row, effects) => Qoo10Writes.Send(shop, Of(row, "OrderNo"), Of(row, "ShippingCorp"), Of(row, "TrackingNo"), now, effects)),
                "CLAIM.SETCANCELPROCESS" => One(xml, effects => Qoo10Writes.Cancel(shop, parameter("ContrNo"), parameter("CancelReason"), now, effects)),
                "ITEMSORDER.SETGOODSPRICEQTY" => One(xml, effects => shop.Items.SetQty(parameter, JapanTime.Day(now), effects)),
                "ITEMSORDER.SETGOODSPRICEQTYBULK" => One(xml, effects => shop.Items.SetQtyBulk(parameter("ItemInfoJson"), JapanTime.Day(now), effects)),
                "ITEMSOPTIONS.UPDATEINVENTORYQTYUNIT" => One(xml, effects => shop.Items.SetOption(parameter, effects)),
                "ITEMSLOOKUP.GETITEMDETAILINFO" => Found(xml, shop.Items.Detail(parameter) is { } detail ? [detail] : null),
                "ITEMSLOOKUP.GETGOODSINVENTORYINFO" => Found(xml, shop.Items.Inventory(parameter)),
                _ => SimOutcome.Refused(Qoo10Answers.Gateway(-90001, "存在しないAPIです。"), "-90001"),
            };
        }
    }

    private SimOutcome Search(Qoo10Shop shop, string status, string from, string to, string by, bool xml)
    {
        if (Span(from, to) is not var (start, end))
        {
            return Refused(xml, -10001, "検索日を確認してください。");
        }

        if (end - start > Limits.LongestSpan)
        {
            return Refused(xml, -10002, "検索期間は90日以内です。");
        }

        if (status is not ("" or "0" or "1" or "2" or "3" or "4" or "5"))
        {
            return Refused(xml, -10003, "ShippingStatusは0～5です。");
        }

        // A date that a status cannot have yet is refused; for status 2 the guide names 1 and 2.
        var dates = status switch { "" or "0" or "1" => "1", "2" or "3" => "12", "4" => "123", _ => "1234" };
        if (by.Length > 0 && !(status is "" or "0" ? "12" : dates).Contains(by, StringComparison.Ordinal))
        {
            return Refused(xml, -10004, "ShippingStatusとSearchConditionが合いません。");
        }

        var wanted = status is "" or "0" ? new[] { 1, 2, 3 } : [int.Parse(status, CultureInfo.InvariantCulture)];
        var now = world.Time.GetUtcNow();
        var carts = by is "" or "1"
            ? shop.Between(start, end < now ? end : now)
            : shop.ByTime.Where(c => DateOf(c, by) is { } date && date >= start && date <= end);
        var rows = carts.SelectMany(c => c.Lines.Where(l => l.IsListed && wanted.Contains(l.Status)).Select(l => Qoo10Rows.Shipping(shop, c, l)));
        return SimOutcome.Ok(Qoo10Answers.Result(xml, 0, "SUCCESS", rows));
    }

    private static DateTimeOffset? DateOf(Qoo10Cart cart, string by) => by switch
    {
        "2" => cart.PaidAt,
        "3" => cart.Lines.Select(l => l.ShippedAt).Max(),
        _ => null,
    };

    private static SimOutcome ByNumber(Qoo10Shop shop, string orderNo, bool xml)
    {
        if (!long.TryParse(orderNo, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return Refused(xml, -10001, "OrderNoを確認してください。");
        }

        var rows = shop.ByOrderNo.TryGetValue(number, out var found) ? new[] { Qoo10Rows.ByNumber(shop, found.Cart, found.Line) } : [];
        return SimOutcome.Ok(Qoo10Answers.Result(xml, 0, "SUCCESS", rows));
    }

    private static SimOutcome Claims(Qoo10Shop shop, Func<string, string> parameter, bool xml)
    {
        if (Span(parameter("search_Sdate"), parameter("search_Edate")) is not var (start, end))
        {
            return Refused(xml, -10002, "検索日を確認してください。");
        }

        if (end - start > Limits.LongestSpan)
        {
            return Refused(xml, -10003, "検索期間は90日以内です。");
        }

        var state = parameter("ClaimStat");
        var byOrder = parameter("search_condition") is "" or "1";
        var carts = byOrder ? shop.Between(start, end) : shop.ByTime;
        var rows = carts
            .SelectMany(c => c.Lines.Where(l => l.Claim != 0 && (state.Length == 0 || state == l.Claim.ToString(CultureInfo.InvariantCulture))).Select(l => (Cart: c, Line: l)))
            .Where(r => byOrder || (r.Line.ClaimedAt >= start && r.Line.ClaimedAt <= end))
            .Select(r => Qoo10Rows.ClaimRow(shop, r.Cart, r.Line));
        return SimOutcome.Ok(Qoo10Answers.Result(xml, 0, "SUCCESS", rows));
    }

    private SimOutcome Certify(Qoo10Shop? shop, string key, Func<string, string> parameter, bool xml)
    {
        if (shop is null || key != shop.ApiKey || shop.Broken == "revoked" || world.Time.GetUtcNow() >= shop.ApiKeyExpires)
        {
            return Refused(xml, -10000, "APIキーを確認してください。");
        }

        if (parameter("user_id") != shop.UserId || parameter("pwd") != shop.Password)
        {
            return Refused(xml, -10001, "IDまたはパスワードを確認してください。");
        }

        lock (_gate)
        {
            Certify(shop);
        }

        shop.Broken = shop.Broken == "expired" ? null : shop.Broken;
        return new SimOutcome(
            Qoo10Answers.Result(xml, 0, "成功", text: shop.CertificationKey), "ok", [new JournalEffect(EffectKind.Token, "", "", "", "certification-key", false)]);
    }

    private void Certify(Qoo10Shop shop)
    {
        shop.CertificationKey = $"S5bnbfynQv{shop.Account}_g_1_{++_issued:D6}_g_1_";
        shop.CertificationExpires = world.Time.GetUtcNow() + Limits.KeyLife;
        _byKey[shop.CertificationKey] = shop; // dead keys stay known, so that the journal names the shop
    }

    /// <param name="rows">Null = no such item.</param>
    private static SimOutcome Found(bool xml, IEnumerable<IReadOnlyList<(string, object)>>? rows) => rows is null
        ? Refused(xml, -10001, "Fail to find Item information with 'ItemCode','SellerCode'.")
        : SimOutcome.Ok(Qoo10Answers.Result(xml, 0, "SUCCESS", rows.ToList()));

    private static SimOutcome One(bool xml, Func<List<JournalEffect>, int> work)
    {
        var effects = new List<JournalEffect>();
        var code = work(effects);
        var answer = Qoo10Answers.Result(xml, code, code == 0 ? "SUCCESS" : "処理できませんでした。");
        return new SimOutcome(answer, code == 0 ? "ok" : code.ToString(CultureInfo.InvariantCulture), effects);
    }

    private static SimOutcome Bulk(bool xml, string json, Func<Dictionary<string, string>, List<JournalEffect>, int> work)
    {
        if (Qoo10Writes.Rows(json) is not { } rows)
        {
            return Refused(xml, -10006, "JSONの形式を確認してください。");
        }

        if (rows.Count > Limits.BulkRows)
        {
            return Refused(xml, -10011, "一度に500件までです。");
        }

        var effects = new List<JournalEffect>();
        var results = rows.Select(row =>
        {
            var code = work(row, effects);
            return (IReadOnlyList<(string, object)>)[("contr_no", long.TryParse(Of(row, "OrderNo"), out var number) ? number : 0L), ("result_cd", code), ("transc_nm", code == 0 ? Of(row, "ShippingCorp") : "")];
        }).ToList();
        return SimOutcome.Ok(Qoo10Answers.Result(xml, 0, "SUCCESS", results), effects);
    }

    private static string Of(Dictionary<string, string> row, string name) => row.GetValueOrDefault(name, "").Trim();

    private static (DateTimeOffset From, DateTimeOffset To)? Span(string from, string to)
    {
        if (JapanTime.Read(from, "yyyyMMddHHmmss", "yyyyMMdd") is not { } start || JapanTime.Read(to, "yyyyMMddHHmmss", "yyyyMMdd") is not { } end || start > end)
        {
            return null;
        }

        return (start, to.Length == 8 ? end.AddDays(1).AddSeconds(-1) : end.AddSeconds(1).AddTicks(-1));
    }

    private static SimOutcome Refused(bool xml, int code, string message) =>
        SimOutcome.Refused(Qoo10Answers.Result(xml, code, message), code.ToString(CultureInfo.InvariantCulture));

    private Qoo10Shop? Find(string key)
    {
        lock (_gate)
        {
            return _byKey.GetValueOrDefault(key);
        }
    }

    private Qoo10Shop Shop(string account)
    {
        lock (_gate)
        {
            return _byAccount.GetValueOrDefault(account) ?? throw new KeyNotFoundException($"Qoo10 has no account '{account}'.");
        }
    }

    private void Change(string account, string code, Action<Qoo10Cart> change)
    {
        var shop = Shop(account);
        lock (shop.Gate)
        {
            change(long.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && shop.ByPackNo.TryGetValue(number, out var cart)
                ? cart
                : throw new KeyNotFoundException($"Account '{account}' has no cart {code}."));
        }
    }
}
