using System.Xml.Linq;
using Sandbox.Core;

namespace Sandbox.YahooShopping;

/// <summary>The calls under <c>/ShoppingWebService/V1/</c>: token, consent, rights and limits first, then what was asked.</summary>
internal sealed class YahooServices(SandboxWorld world)
{
    /// <summary>Those that want the public key.</summary>
    public static bool IsAboutOrders(string endpoint) => endpoint.StartsWith("order", StringComparison.Ordinal);

    /// <summary>Those that take a form instead of XML.</summary>
    public static bool TakesForms(string endpoint) => endpoint is "getStock" or "setStock";

    /// <param name="shop">Whose access token it is; null = nobody's.</param>
    /// <param name="ends">When that token ends.</param>
    /// <param name="seller">The seller that the call names.</param>
    public SimOutcome Answer(SimRequest request, string endpoint, XElement? body, YahooShop? shop, DateTimeOffset ends, string? seller)
    {
        if (request.Method != (endpoint is "orderCount" or "getShopCategory" ? "GET"
            : endpoint is "orderList" or "orderInfo" or "orderStatusChange" or "orderShipStatusChange" or "orderPayStatusChange" or "orderChange" or "getStock" or "setStock" ? "POST" : null))
        {
            return YahooAnswers.NotFound();
        }

        var (now, isOrders) = (world.Time.GetUtcNow(), IsAboutOrders(endpoint));
        if (shop is null || now >= ends)
        {
            return YahooAnswers.TokenRefused();
        }

        if (request.Method == "POST" && body is null && !TakesForms(endpoint))
        {
            return YahooAnswers.BadParameter("The request is not readable");
        }

        lock (shop.Gate)
        {
            if (!isOrders)
            {
                return Refusal(shop, endpoint, seller, isOrders, now) ?? endpoint switch
                {
                    "getStock" => shop.Stocks.Read(request.Form()),
                    "setStock" => shop.Stocks.Write(request.Form(), now),
                    _ => SimOutcome.Ok(YahooAnswers.NoCategories()),
                };
            }

            var signed = shop.Consent.Accepts(request.Header("X-sws-signature"), request.Header("X-sws-signature-version"), now);
            if (!signed)
            {
                shop.Consent.Shorten();
            }

            var done = Refusal(shop, endpoint, seller, isOrders, now) ?? Orders(endpoint, body, shop, now);
            var headers = new Dictionary<string, string>(done.Response.Headers) { ["X-SWS-Authorize-Status"] = signed ? Limits.KeyAccepted : Limits.KeyRefused };
            return done with { Response = done.Response with { Headers = headers } };
        }
    }

    /// <summary>Who may call at all, and how often.</summary>
    private SimOutcome? Refusal(YahooShop shop, string endpoint, string? seller, bool isOrders, DateTimeOffset now)
    {
        if (shop.Consent.Broken == "revoked")
        {
            return YahooAnswers.Refused(403, Limits.Withdrawn, "Use of API is not permitted");
        }

        if (shop.Consent.IsOver(now))
        {
            return YahooAnswers.Refused(401, Limits.ConsentOver, "The session has expired");
        }

        if (isOrders && shop.Consent.Broken is "address" or "rights" or "business-id")
        {
            return shop.Consent.Broken switch
            {
                "address" => YahooAnswers.Refused(403, Limits.AddressUnknown, "The source address is not registered"),
                "rights" => YahooAnswers.Refused(403, Limits.NotApproved, "The API is not approved"),
                _ => YahooAnswers.Refused(403, Limits.NotLinked, "The business ID is not linked"),
            };
        }

        if (string.IsNullOrEmpty(seller))
        {
            return YahooAnswers.Refused(400, Limits.SellerMissing, "seller_id is required");
        }

        if (seller != shop.SellerId)
        {
            return YahooAnswers.Refused(403, Limits.ForeignSeller, "The seller is not allowed");
        }

        if (world.RateLimits.Ask($"yahoo-shopping|{endpoint}|{seller}", Limits.CallsPerSecond, TimeSpan.FromSeconds(1)) > TimeSpan.Zero)
        {
            return SimOutcome.Refused(YahooAnswers.Throttled(), "throttled");
        }

        return world.RateLimits.Ask(DailyKey(shop.Consent.ClientId, now), Limits.CallsPerDay, TimeSpan.FromDays(1)) > TimeSpan.Zero
            ? YahooAnswers.Refused(403, null, Limits.Forbidden)
            : null;
    }

    /// <summary>What an application's calls of one JST day are counted by.</summary>
    internal static string DailyKey(string client, DateTimeOffset now) => $"yahoo-shopping|{client}|{JapanTime.Text(now, "yyyyMMdd")}";

    private static SimOutcome Orders(string endpoint, XElement? body, YahooShop shop, DateTimeOffset now)
    {
        if (endpoint == "orderCount")
        {
            int Count(int status, bool onlyNew) => shop.Orders.Count(o => o.Exists(now) && o.IsVisible(now) && o.Status == status && !(onlyNew && o.IsSeen));
            return SimOutcome.Ok(YahooAnswers.Counts(Count(2, onlyNew: true), Count(1, onlyNew: true), Count(3, onlyNew: false)));
        }

        return endpoint switch
        {
            "orderList" => new YahooSearch(shop, now).Run(body!),
            "orderInfo" => One(body!, shop, now),
            "orderStatusChange" => new YahooWrites(shop, body!, now).Move(),
            "orderShipStatusChange" => new YahooWrites(shop, body!, now).Ship(),
            "orderPayStatusChange" => new YahooWrites(shop, body!, now).Pay(),
            _ => new YahooWrites(shop, body!, now).Change(),
        };
    }

    /// <summary>orderInfo: exactly one order a call.</summary>
    private static SimOutcome One(XElement body, YahooShop shop, DateTimeOffset now)
    {
        var target = body.Child("Target");
        if (target.Value("OrderId") is not { } id || target.Value("Field") is not { } names || target!.Elements().Count(e => e.Name.LocalName == "OrderId") > 1)
        {
            return YahooAnswers.BadParameter("OrderId and Field are required, once each");
        }

        return shop.Find(id) is { } order && order.Exists(now)
            ? SimOutcome.Ok(YahooAnswers.Info(order.Xml(YahooFields.Of(names, list: false), now)))
            : YahooAnswers.Refused(404, Limits.NoSuchOrder, "Not Exists : OrderId");
    }
}
