using System.Collections.Immutable;
using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Connectors.Wire;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Time;

namespace Connectors.AuPayMarket;

/// <summary>au PAY マーケット (Wow! manager API): a day's orders in pages with everything in them, shipments one order a call. Quirks: docs/marketplaces/au-pay-market.md.</summary>
internal sealed class AuPayMarketConnector(MarketplaceHttp http) : IOrderSource, IOrderReader, IShipmentReader, ICredentialProbe
{
    public const string Code = "au-pay-market";

    private const string KeyField = "api-key";

    /// <summary>An order number that is none: asking for it costs them nothing and shows no one's data.</summary>
    private const string NoOrder = "1";

    /// <summary>Five public clients ask for as many at once, none for more.</summary>
    private const int LargestPage = 1000;

    public async IAsyncEnumerable<OrderPage> ReadAsync(StoreAccess access, Slice slice, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var rows in PagesAsync(access, "searchTradeInfoListProc", slice.Span.From, slice.Span.To, [], cancellation))
        {
            yield return OrderPages.ToPage(rows, row => AuPayMarketMapper.ToListed(row), "a number in orderId", row => row.ToBytes());
        }
    }

    /// <summary>The list brings everything; nothing is left to fetch.</summary>
    public IAsyncEnumerable<OrderReading> DetailAsync(StoreAccess access, IReadOnlyList<ListedOrder> orders, CancellationToken cancellation) =>
        OrderPages.DetailsAsync(orders, code => ReadOneAsync(access, code, cancellation));

    public IAsyncEnumerable<OrderReading> ReadAsync(StoreAccess access, IReadOnlyList<OrderReference> orders, CancellationToken cancellation) =>
        OrderPages.OneByOneAsync(orders, code => ReadOneAsync(access, code, cancellation));

    /// <summary>The numbers of the cancelled and of the cancel-requested orders of these days, one search each.</summary>
    public async Task<IReadOnlyDictionary<OrderCode, MarketplaceStanding>> StoppedAsync(
        StoreAccess access, IReadOnlyList<OrderReference> orders, CancellationToken cancellation)
    {
        var stopped = new Dictionary<OrderCode, MarketplaceStanding>();
        foreach (var (status, standing) in ((string, MarketplaceStanding)[])
            [("キャンセル", MarketplaceStanding.Cancelled), ("キャンセル受付中", MarketplaceStanding.CancelRequested)])
        {
            var codes = orders.Select(o => o.Code).ToHashSet();
            var search = PagesAsync(
                access, "searchTradeNoListProc", orders.Min(o => o.PlacedAt), orders.Max(o => o.PlacedAt).AddSeconds(1), [("orderStatus", status)], cancellation);
            await foreach (var rows in search)
            {
                foreach (var row in rows)
                {
                    if (OrderCode.TryParse(row.Text("orderId"), out var code) && codes.Contains(code))
                    {
                        stopped.TryAdd(code, standing);
                    }
                }
            }
        }

        return stopped;
    }

    public async Task<ReportedState> ReadBackAsync(StoreAccess access, OrderReference order, CancellationToken cancellation)
    {
        var body = await GetAsync(access, "searchTradeInfoProc", [("orderId", order.Code.Value)], cancellation);
        var found = body.Element("orderInfo") is { HasElements: true } shown
            ? shown
            : throw new MarketplaceException(Code, FailureKind.Rejected, "searchTradeInfoProc: there is no such order");
        return new ReportedState(
            AuPayMarketMapper.StandingOf(found, found.Text("orderStatus")),
            AuPayMarketMapper.ReportedOf(found) is { } reported ? [reported] : []);
    }

    /// <remarks>They answer alike for a key that is dead and for one that lacks the orders' group of rights: so the smallest call of another group goes first.
    /// When the key ends, only the date tells that a person copied from the screen.</remarks>
    public async Task<CredentialHealth> ProbeAsync(StoreAccess access, CancellationToken cancellation)
    {
        await GetAsync(access, "searchImgCapacity", [], cancellation);
        try
        {
            await GetAsync(access, "searchTradeInfoProc", [("orderId", NoOrder)], cancellation);
        }
        catch (MarketplaceException refused) when (refused.Kind is FailureKind.Rejected)
        {
            // The right is there: only what was asked for is refused.
        }
        catch (MarketplaceException refused) when (refused.Credential is CredentialFault.Expired)
        {
            throw new MarketplaceException(Code, FailureKind.CredentialRejected, "searchTradeInfoProc: the key works, but not for orders", refused)
            {
                Code = refused.Code,
                Credential = CredentialFault.RightMissing,
                Field = KeyField,
            };
        }

        return StoredExpiry.HealthOf(await StoredExpiry.ReadAsync(access, "api-key-expires", cancellation));
    }

    /// <summary>Posts a request body; the answer is a good one, or one that tells item by item.</summary>
    public async Task<XElement> PostAsync(StoreAccess access, string endpoint, XElement body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, AddressOf(access, endpoint))
        {
            Content = new StringContent($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>{body.ToString(SaveOptions.DisableFormatting)}", Encoding.UTF8, "application/xml"),
        };
        return await SendAsync(access, request, endpoint, CallKind.Write, cancellation);
    }

    public static Uri AddressOf(StoreAccess access, string endpoint) => new(access.BaseAddress, $"/wmshopapi/{endpoint}");

    private async Task<OrderReading> ReadOneAsync(StoreAccess access, OrderCode code, CancellationToken cancellation)
    {
        try
        {
            var body = await GetAsync(access, "searchTradeInfoProc", [("orderId", code.Value)], cancellation);
            return body.Element("orderInfo") is { HasElements: true } order ? AuPayMarketMapper.ToReading(code, order) : new OrderReading.Gone(code);
        }
        catch (MarketplaceException refused) when (refused.Kind is FailureKind.Rejected)
        {
            // How an order that they do not know is answered is not certain; a refusal must not stop the others.
            return new OrderReading.Unreadable(code, refused.Message, default);
        }
    }

    /// <summary>Reads page by page until one is not full: <c>resultCount</c> means different things to different clients.</summary>
    private async IAsyncEnumerable<IReadOnlyList<XElement>> PagesAsync(
        StoreAccess access, string endpoint, DateTimeOffset from, DateTimeOffset to, (string, string)[] filter, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var size = Math.Clamp(int.Parse(access.Setting("page-size"), CultureInfo.InvariantCulture), 1, LargestPage);
        var format = access.Setting("date-format");
        string? firstBefore = null;
        for (var start = 1; ; start += size)
        {
            var body = await GetAsync(
                access, endpoint,
                [
                    ("startDate", Jst.DayOf(from).ToString(format, CultureInfo.InvariantCulture)),
                    ("endDate", Jst.DayOf(to.AddTicks(-1)).ToString(format, CultureInfo.InvariantCulture)),
                    ("dateType", "0"),
                    ("totalCount", size.ToString(CultureInfo.InvariantCulture)),
                    ("startCount", start.ToString(CultureInfo.InvariantCulture)),
                    .. filter,
                ],
                cancellation);
            var rows = body.Elements("orderInfo").Where(o => o.HasElements).ToList();
            if (rows.Count > 0 && rows[0].Text("orderId") is var first)
            {
                firstBefore = first != firstBefore
                    ? first
                    : throw new MarketplaceException(Code, FailureKind.Unreadable, $"{endpoint}: the page from {start} on is the page before it again");
            }

            yield return rows;
            if (rows.Count < size)
            {
                yield break;
            }
        }
    }

    public async Task<XElement> GetAsync(StoreAccess access, string endpoint, (string Name, string Value)[] query, CancellationToken cancellation)
    {
        var text = string.Join('&', query.Select(q => $"{q.Name}={Uri.EscapeDataString(q.Value)}").Prepend($"shopId={Uri.EscapeDataString(access.Setting("shop-id"))}"));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(AddressOf(access, endpoint), $"?{text}"))
        {
            // They expect a content type even on GET.
            Content = new ByteArrayContent([]) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded") } },
        };
        return await SendAsync(access, request, endpoint, CallKind.Read, cancellation);
    }

    private async Task<XElement> SendAsync(StoreAccess access, HttpRequestMessage request, string endpoint, CallKind kind, CancellationToken cancellation)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await access.Credentials.ReadAsync(KeyField, cancellation));
        var answer = await http.SendAsync(request, new MarketplaceCall(access.Store.Id, Code, endpoint, kind), cancellation);
        var body = TryParse(answer);
        return AuPayMarketErrors.Of(endpoint, kind, answer, body) is { } failure ? throw failure : body!;
    }

    /// <summary>Under load an answer may be cut or be no XML at all: that is transient, not a shape that we do not know.</summary>
    private static XElement? TryParse(WireAnswer answer)
    {
        if (answer.IsPage || answer.Body.Length == 0)
        {
            return null;
        }

        try
        {
            return WireXml.Parse(answer.Body);
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
