using System.Globalization;
using System.Runtime.CompilerServices;
using Connectors.Wire;
using Domain.Coverage;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Time;

namespace Connectors.Qoo10;

/// <summary>Qoo10 (QSM, QAPI): carts from searches without pages, claims from a list of their own. Every call is a POST with HTTP 200 whatever happens. Quirks: docs/marketplaces/qoo10.md.</summary>
internal sealed class Qoo10Connector(Qoo10Certification calls, TimeProvider clock) : IOrderSource, IOrderReader, ICredentialProbe
{
    public const string Code = "qoo10";

    /// <summary>The longest span of a search; official: 90 days.</summary>
    private static readonly TimeSpan LongestSpan = TimeSpan.FromDays(90) - TimeSpan.FromSeconds(2);

    /// <summary>What a date in a search is about.</summary>
    private static class By
    {
        public const string OrderDate = "1";
        public const string ClaimDate = "2";
    }

    public async IAsyncEnumerable<OrderPage> ReadAsync(StoreAccess access, Slice slice, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var hours = double.Parse(access.Setting("search-hours"), CultureInfo.InvariantCulture);
        foreach (var span in Portions(slice.Span, TimeSpan.FromHours(Math.Clamp(hours, 0.25, 24))))
        {
            yield return slice.Lane switch
            {
                "open" => await CartsAsync(access, span, cancellation),
                "claims" => Qoo10Mapper.ToSigns(await ClaimsAsync(access, span, By.ClaimDate, cancellation)),
                _ => throw new ArgumentOutOfRangeException(nameof(slice), slice.Lane, "Qoo10 has no such lane."),
            };
        }
    }

    public async IAsyncEnumerable<OrderReading> DetailAsync(
        StoreAccess access, IReadOnlyList<ListedOrder> orders, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var listed in orders)
        {
            yield return listed.Reading
                ?? await CartAsync(access, new OrderReference(listed.Code, default, Qoo10Mapper.LinesOf(listed.Token)), cancellation);
        }
    }

    public async IAsyncEnumerable<OrderReading> ReadAsync(
        StoreAccess access, IReadOnlyList<OrderReference> orders, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var order in orders)
        {
            yield return await CartAsync(access, order, cancellation);
        }
    }

    public async Task<IReadOnlyDictionary<OrderCode, MarketplaceStanding>> StoppedAsync(
        StoreAccess access, IReadOnlyList<OrderReference> orders, CancellationToken cancellation)
    {
        var stopped = new Dictionary<OrderCode, MarketplaceStanding>();
        var waiting = new Queue<OrderReference>(orders.OrderBy(o => o.PlacedAt));
        while (waiting.TryPeek(out var oldest))
        {
            var asked = new List<OrderReference>();
            while (waiting.TryPeek(out var next) && next.PlacedAt - oldest.PlacedAt <= LongestSpan)
            {
                asked.Add(waiting.Dequeue());
            }

            var span = new Interval(oldest.PlacedAt, asked[^1].PlacedAt.AddSeconds(1));
            var claims = await ClaimsAsync(access, span, By.OrderDate, cancellation);
            foreach (var order in asked)
            {
                if (StopOf(order, claims) is { } standing)
                {
                    stopped[order.Code] = standing;
                }
            }
        }

        return stopped;
    }

    /// <remarks>The smallest search there is; it says nothing about API key and login, which are asked only when a new certification key is needed.
    /// No answer tells when a key ends: the API key's end is what a person entered, and the certification key renews itself.</remarks>
    public async Task<CredentialHealth> ProbeAsync(StoreAccess access, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await SearchAsync(access, "", new Interval(now.AddSeconds(-1), now), cancellation);
        return StoredExpiry.HealthOf(await StoredExpiry.ReadAsync(access, "api-key-expires", cancellation));
    }

    /// <summary>The rows of these order numbers, one call each: shipped and cancelled ones too. A number that they do not know brings no row.</summary>
    public async Task<IReadOnlyList<Qoo10Row>> RowsAsync(StoreAccess access, OrderReference order, CancellationToken cancellation)
    {
        var rows = new List<Qoo10Row>();
        foreach (var line in order.LineIds)
        {
            var found = await ListAsync(access, Qoo10Methods.ByNumber, [new("OrderNo", line)], cancellation);
            rows.AddRange(found.Where(r => r.Text("OrderNo") == line && r.Text("PackNo") is var cart && (cart.Length == 0 || cart == order.Code.Value)));
        }

        return rows;
    }

    /// <summary>One search shows one status, or 1 to 3 together. Asked in the order in which a cart moves, so that one that moves in between is seen twice rather than never;
    /// together, so that a cart of which a part is shipped is seen whole.</summary>
    private async Task<OrderPage> CartsAsync(StoreAccess access, Interval span, CancellationToken cancellation)
    {
        var rows = new List<Qoo10Row>(await SearchAsync(access, "", span, cancellation));
        if (bool.Parse(access.Setting("read-shipped")))
        {
            rows.AddRange(await SearchAsync(access, "4", span, cancellation));
            rows.AddRange(await SearchAsync(access, "5", span, cancellation));
        }

        var page = Qoo10Mapper.ToPage(rows);
        return page with { Orders = [.. page.Orders.Where(o => o.Reading is not OrderReading.Read read || read.Order.PlacedAt < span.To)] };
    }

    private async Task<OrderReading> CartAsync(StoreAccess access, OrderReference order, CancellationToken cancellation)
    {
        if (order.LineIds.IsEmpty)
        {
            return new OrderReading.Unreadable(order.Code, "an order number of the cart: Qoo10 is asked by order number, and none is known", default);
        }

        try
        {
            var rows = await RowsAsync(access, order, cancellation);
            if (rows.Count == 0)
            {
                return new OrderReading.Gone(order.Code);
            }

            if (rows.All(r => Qoo10Mapper.StandingOf(r) is LineStanding.Cancelled))
            {
                return new OrderReading.Sign(order.Code, MarketplaceStanding.Cancelled, [.. rows.Select(r => r.Text("OrderNo"))]);
            }

            return Qoo10Mapper.ToReading(order.Code, await CompleteAsync(access, order.Code, rows, cancellation));
        }
        catch (MarketplaceException failure) when (failure.Kind is FailureKind.Rejected or FailureKind.Unreadable)
        {
            return new OrderReading.Unreadable(order.Code, failure.Message, default);
        }
    }

    /// <summary>The by-number answer lacks fields that the search has (配送方法 among them). For what may still ship they are taken from the search of that very second.</summary>
    private async Task<IReadOnlyList<Qoo10Row>> CompleteAsync(StoreAccess access, OrderCode code, IReadOnlyList<Qoo10Row> rows, CancellationToken cancellation)
    {
        var bare = rows.FirstOrDefault(r => Qoo10Mapper.StatusOf(r) is >= 1 and <= 3 && r.Find("ShippingWay") is null);
        if (bare is null || !Qoo10Texts.TryTime(bare, "OrderDate", out var placed))
        {
            return rows;
        }

        var listed = (await SearchAsync(access, "", new Interval(placed, placed.AddSeconds(1)), cancellation))
            .Where(r => r.Text("PackNo") == code.Value)
            .ToLookup(r => r.Text("OrderNo"), StringComparer.Ordinal);
        return [.. rows.Select(r => listed[r.Text("OrderNo")].LastOrDefault() is { } whole ? r.Over(whole) : r)];
    }

    /// <summary>Whether a cart must not ship. A claim on it that cannot be read counts as a request to cancel; a cancelled part stops the whole cart.</summary>
    private static MarketplaceStanding? StopOf(OrderReference order, IReadOnlyList<Qoo10Row> claims)
    {
        var own = claims.Where(r => r.Text("PackNo") == order.Code.Value || order.LineIds.Contains(r.Text("OrderNo"))).ToArray();
        var lines = Qoo10Mapper.ClaimedLines(own);
        if (lines.Count > 0 && !order.LineIds.IsEmpty && order.LineIds.All(id => lines.GetValueOrDefault(id) is MarketplaceStanding.Cancelled))
        {
            return MarketplaceStanding.Cancelled;
        }

        return lines.Count > 0 || own.Any(r => Qoo10Mapper.ClaimOf(r) is null or 0) ? MarketplaceStanding.CancelRequested : null;
    }

    private Task<IReadOnlyList<Qoo10Row>> SearchAsync(StoreAccess access, string status, Interval span, CancellationToken cancellation) =>
        ListAsync(
            access, Qoo10Methods.Search,
            [
                new("ShippingStatus", status),
                new("SearchStartDate", Second(span.From)),
                new("SearchEndDate", EndSecond(span.To)),
                new("SearchCondition", By.OrderDate),
            ],
            cancellation);

    private async Task<IReadOnlyList<Qoo10Row>> ClaimsAsync(StoreAccess access, Interval span, string by, CancellationToken cancellation)
    {
        var claims = await ListAsync(
            access, Qoo10Methods.Claims,
            [
                new("ClaimStat", ""),
                new("search_Sdate", Second(span.From)),
                new("search_Edate", EndSecond(span.To)),
                new("search_condition", by),
            ],
            cancellation);

        // A claim that names no order may be on any of them: nobody can be told that theirs is free of claims.
        return by == By.OrderDate && claims.Any(r => r.Text("PackNo").Length == 0 && r.Text("OrderNo").Length == 0)
            ? throw Qoo10Errors.Unreadable(Qoo10Methods.Claims, "packNo or orderNo in every claim")
            : claims;
    }

    private async Task<IReadOnlyList<Qoo10Row>> ListAsync(
        StoreAccess access, string method, IReadOnlyList<KeyValuePair<string, string>> parameters, CancellationToken cancellation)
    {
        var answer = await calls.CallAsync(access, method, CallKind.Read, parameters, cancellation);
        Qoo10Errors.ThrowIfRefused(method, answer.Code);
        return answer.Rows ?? throw Qoo10Errors.Unreadable(method, "a list in ResultObject");
    }

    private static IEnumerable<Interval> Portions(Interval span, TimeSpan longest)
    {
        for (var from = span.From; from < span.To; from += longest)
        {
            yield return new Interval(from, from + longest < span.To ? from + longest : span.To);
        }
    }

    private static string Second(DateTimeOffset at) => Jst.In(at).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);

    /// <summary>Whether the end itself is searched is not documented: the second after the last one is asked for, and what lies behind the span is left out again.</summary>
    private static string EndSecond(DateTimeOffset to) => Second(to.AddTicks(TimeSpan.TicksPerSecond - 1));
}
