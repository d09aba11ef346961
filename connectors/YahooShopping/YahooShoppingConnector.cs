using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Xml.Linq;
using Connectors.Wire;
using Domain.Coverage;
using Domain.Marketplaces;
using Domain.Orders;

namespace Connectors.YahooShopping;

/// <summary>Yahoo!ショッピング: the list shows states only, each order's content is a call of its own; every order call is signed. Quirks: docs/marketplaces/yahoo-shopping.md.</summary>
internal sealed class YahooShoppingConnector(YahooShoppingCalls calls, TimeProvider clock) : IOrderSource, IOrderReader, ICredentialProbe
{
    public const string Code = "yahoo-shopping";

    public async IAsyncEnumerable<OrderPage> ReadAsync(StoreAccess access, Slice slice, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var by = slice.Lane switch
        {
            "order-time" => "OrderTime",
            "publication-time" => "PublicationTime",
            _ => throw new ArgumentOutOfRangeException(nameof(slice), slice.Lane, "Yahoo!ショッピング has no such lane."),
        };
        var held = bool.Parse(access.Setting("show-held")) ? "1" : "0";
        await foreach (var rows in PagesAsync(access, by, slice.Span, [("ReadOnlyMode", "0"), ("FraudHoldDisplayType", held)], cancellation))
        {
            yield return OrderPages.ToPage(rows, YahooShoppingMapper.ToListed, "an order id in OrderId", RawOf);
        }
    }

    public IAsyncEnumerable<OrderReading> DetailAsync(StoreAccess access, IReadOnlyList<ListedOrder> orders, CancellationToken cancellation) =>
        OrderPages.DetailsAsync(orders, code => ReadOneAsync(access, code, cancellation));

    public IAsyncEnumerable<OrderReading> ReadAsync(StoreAccess access, IReadOnlyList<OrderReference> orders, CancellationToken cancellation) =>
        OrderPages.OneByOneAsync(orders, code => ReadOneAsync(access, code, cancellation));

    /// <summary>One search for the cancelled orders of this span, whatever hides them otherwise. It was read to its end or it throws, so an order that is not among them is not cancelled.</summary>
    public async Task<IReadOnlyDictionary<OrderCode, MarketplaceStanding>> StoppedAsync(
        StoreAccess access, IReadOnlyList<OrderReference> orders, CancellationToken cancellation)
    {
        var stopped = new Dictionary<OrderCode, MarketplaceStanding>();
        if (orders.Count == 0)
        {
            return stopped;
        }

        var codes = orders.Select(o => o.Code).ToHashSet();
        var span = new Interval(orders.Min(o => o.PlacedAt), orders.Max(o => o.PlacedAt).AddSeconds(1));
        await foreach (var rows in PagesAsync(
            access, "OrderTime", span, [("OrderStatus", "4"), ("ReadOnlyMode", "2"), ("FraudHoldDisplayType", "1")], cancellation))
        {
            foreach (var row in rows)
            {
                if (!OrderCode.TryParse(row.Text("OrderId"), out var code))
                {
                    // It may be any of them: nobody can be told that theirs is not cancelled.
                    throw YahooShoppingErrors.Unreadable("orderList", "an order id in OrderId of every cancelled order");
                }

                if (codes.Contains(code))
                {
                    stopped.TryAdd(code, MarketplaceStanding.Cancelled);
                }
            }
        }

        return stopped;
    }

    /// <remarks>Neither the consent's end nor the key's is told by any API: both come from what a person entered. The order call still brings its data when the public key is refused; only this header tells, twelve hours before everything stops.</remarks>
    public async Task<CredentialHealth> ProbeAsync(StoreAccess access, CancellationToken cancellation)
    {
        var ping = await calls.GetAsync(access, "getShopCategory", "seller_id", signed: false, cancellation);
        var counts = await calls.GetAsync(access, "orderCount", "sellerId", signed: true, cancellation);
        if (ping.Xml is null || counts.Xml is null)
        {
            throw YahooShoppingErrors.Unreadable(ping.Xml is null ? ping.Api : counts.Api, "XML from beginning to end");
        }

        var keyEnds = await StoredExpiry.ReadAsync(access, "public-key-expires", cancellation);
        if (!counts.KeyAccepted)
        {
            throw new MarketplaceException(Code, FailureKind.CredentialRejected, "orderCount: the public key or its version was not accepted; twelve hours after the consent nothing will be")
            {
                Credential = keyEnds > clock.GetUtcNow() ? CredentialFault.Wrong : CredentialFault.Expired, // not over yet: the key or its version was mistyped
                Field = YahooShoppingSignature.Field,
            };
        }

        var consented = await StoredExpiry.ReadAsync(access, "consented-at", cancellation);
        return StoredExpiry.HealthOf(consented + YahooShoppingToken.ConsentLasts, keyEnds);
    }

    /// <summary>An order's content. A missing order is a refusal with <see cref="YahooShoppingErrors.NoSuchOrder"/>.</summary>
    public async Task<XElement> OrderAsync(StoreAccess access, OrderCode code, CancellationToken cancellation)
    {
        var answer = await AskAsync(access, code, cancellation);
        return OrderIn(answer.Body) ?? throw YahooShoppingErrors.Unreadable("orderInfo", "an element OrderInfo");
    }

    private async Task<OrderReading> ReadOneAsync(StoreAccess access, OrderCode code, CancellationToken cancellation)
    {
        try
        {
            var answer = await AskAsync(access, code, cancellation);
            return answer.Xml is { } body && OrderIn(body) is { } order
                ? YahooShoppingMapper.ToReading(code, order)
                : new OrderReading.Unreadable(code, "XML with an element OrderInfo", answer.Raw);
        }
        catch (MarketplaceException gone) when (gone.Code == YahooShoppingErrors.NoSuchOrder)
        {
            return new OrderReading.Gone(code);
        }
        catch (MarketplaceException failure) when (YahooShoppingErrors.ConcernsTheOrder(failure))
        {
            return new OrderReading.Unreadable(code, failure.Message, default);
        }
    }

    private Task<YahooShoppingAnswer> AskAsync(StoreAccess access, OrderCode code, CancellationToken cancellation) =>
        calls.PostAsync(access, "orderInfo", CallKind.Read, YahooShoppingPayloads.Detail(code.Value), cancellation);

    private static XElement? OrderIn(XElement body) => body.Element("Result")?.Element("OrderInfo") is { HasElements: true } order ? order : null;

    /// <summary>Reads page by page until as many rows have come as TotalCount says. Fewer orders than on the page before: the rest has moved up, and that many are read again.</summary>
    private async IAsyncEnumerable<IReadOnlyList<XElement>> PagesAsync(
        StoreAccess access, string by, Interval span, (string, string)[] narrower, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var size = Math.Clamp(int.Parse(access.Setting("page-size"), CultureInfo.InvariantCulture), 1, 2000);
        var known = 0;
        for (var start = 1; ;)
        {
            var answer = await calls.PostAsync(access, "orderList", CallKind.Read, YahooShoppingPayloads.Search(by, span, start, size, narrower), cancellation);
            var search = answer.Body.Element("Search") ?? throw YahooShoppingErrors.Unreadable("orderList", "an element Search");
            if (!int.TryParse(search.Text("TotalCount"), NumberStyles.None, CultureInfo.InvariantCulture, out var total))
            {
                throw YahooShoppingErrors.Unreadable("orderList", "a number in TotalCount");
            }

            var moved = Math.Max(0, known - total);
            known = total;
            if (moved > 0 && start > 1)
            {
                start = Math.Max(1, start - moved);
                continue;
            }

            var rows = search.Elements("OrderInfo").Where(o => o.HasElements).ToList();
            if (rows.Count == 0 && start <= total)
            {
                throw YahooShoppingErrors.Unreadable("orderList", "as many orders as TotalCount says");
            }

            yield return rows;
            start += rows.Count;
            if (start > total)
            {
                yield break;
            }
        }
    }

    private static byte[] RawOf(XElement row) => Encoding.UTF8.GetBytes(row.ToString(SaveOptions.DisableFormatting));
}
