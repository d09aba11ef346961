using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Connectors.Wire;
using Domain.Coverage;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Time;

namespace Connectors.Futureshop;

/// <summary>futureshop (API v2): the search shows states and shipments, each order's whole content is a call of its own. Quirks: docs/marketplaces/futureshop.md.</summary>
internal sealed class FutureshopConnector(FutureshopCalls calls) : IOrderSource, IOrderReader, ICredentialProbe
{
    public const string Code = "futureshop";

    /// <summary>Numbers that one search by number asks for: as many as a page holds.</summary>
    public const int NumbersPerSearch = 100;

    private const string Search = "shipping";

    public async IAsyncEnumerable<OrderPage> ReadAsync(StoreAccess access, Slice slice, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(slice.Lane, "order-date", nameof(slice));
        var seen = new HashSet<OrderCode>();
        await foreach (var rows in PagesAsync(access, SpanQuery(slice.Span), cancellation))
        {
            var listed = ImmutableArray.CreateBuilder<ListedOrder>(rows.Count);
            var strays = ImmutableArray.CreateBuilder<UnreadableEntry>();
            foreach (var row in rows)
            {
                if (FutureshopMapper.ToListed(row) is not { } order)
                {
                    strays.Add(new UnreadableEntry("an order number in orderNo", row.ToBytes()));
                }
                else if (IsIn(slice.Span, row) && seen.Add(order.Code))
                {
                    listed.Add(order);
                }
            }

            yield return new OrderPage(listed.ToImmutable(), strays.ToImmutable());
        }
    }

    public IAsyncEnumerable<OrderReading> DetailAsync(StoreAccess access, IReadOnlyList<ListedOrder> orders, CancellationToken cancellation) =>
        OrderPages.DetailsAsync(orders, code => ReadOneAsync(access, code, cancellation));

    public IAsyncEnumerable<OrderReading> ReadAsync(StoreAccess access, IReadOnlyList<OrderReference> orders, CancellationToken cancellation) =>
        OrderPages.OneByOneAsync(orders, code => ReadOneAsync(access, code, cancellation));

    /// <remarks>That a search takes several numbers is known from one client: an order that it does not show is asked for by itself rather than taken for uncancelled.</remarks>
    public async Task<IReadOnlyDictionary<OrderCode, MarketplaceStanding>> StoppedAsync(
        StoreAccess access, IReadOnlyList<OrderReference> orders, CancellationToken cancellation)
    {
        var options = FutureshopReadingOptions.Of(access);
        var stopped = new Dictionary<OrderCode, MarketplaceStanding>();
        var rows = await RowsAsync(access, [.. orders.Select(o => o.Code)], cancellation);
        foreach (var order in orders)
        {
            var standing = rows.TryGetValue(order.Code, out var row) ? StandingOf(row, options) : null;
            standing ??= await ReadOneAsync(access, order.Code, cancellation) switch
            {
                OrderReading.Read read => read.Order.Standing,
                OrderReading.Gone => MarketplaceStanding.Cancelled, // they do not have it any more
                _ => throw FutureshopErrors.Unreadable("orders", "an order that says whether it is cancelled"),
            };
            if (standing is MarketplaceStanding.Cancelled or MarketplaceStanding.CancelRequested)
            {
                stopped[order.Code] = standing.Value;
            }
        }

        return stopped;
    }

    public async Task<CredentialHealth> ProbeAsync(StoreAccess access, CancellationToken cancellation)
    {
        var answer = await calls.GetAsync(access, "products", "products?count=50", cancellation);
        _ = answer.List("productList");
        return CredentialHealth.NoWordOfExpiry;
    }

    /// <summary>The search's rows of these orders, a hundred a call. An order that they do not show is missing.</summary>
    public async Task<IReadOnlyDictionary<OrderCode, JsonElement>> RowsAsync(StoreAccess access, IReadOnlyCollection<OrderCode> codes, CancellationToken cancellation)
    {
        var found = new Dictionary<OrderCode, JsonElement>();
        foreach (var asked in codes.Distinct().Chunk(NumbersPerSearch))
        {
            await foreach (var rows in PagesAsync(access, $"orderNo={string.Join(',', asked.Select(c => Uri.EscapeDataString(c.Value)))}", cancellation))
            {
                foreach (var row in rows)
                {
                    if (FutureshopMapper.ToListed(row) is { } listed)
                    {
                        found[listed.Code] = row;
                    }
                }
            }
        }

        return found;
    }

    /// <summary>An order's whole content; null = they say that there is none of this number.</summary>
    public async Task<FutureshopAnswer?> FindAsync(StoreAccess access, OrderCode code, CancellationToken cancellation)
    {
        try
        {
            return await calls.GetAsync(access, "orders", $"orders/{Uri.EscapeDataString(code.Value)}", cancellation);
        }
        catch (MarketplaceException missing) when (FutureshopErrors.IsNoSuchOrder(missing))
        {
            return null;
        }
    }

    /// <summary>Null: the row does not tell.</summary>
    private static MarketplaceStanding? StandingOf(JsonElement row, FutureshopReadingOptions options)
    {
        try
        {
            return row.Text("status").Length > 0 ? FutureshopStanding.Of(row, options) : null;
        }
        catch (FormatException)
        {
            return null; // the caller asks for the order itself
        }
    }

    private async Task<OrderReading> ReadOneAsync(StoreAccess access, OrderCode code, CancellationToken cancellation)
    {
        if (await FindAsync(access, code, cancellation) is { } answer)
        {
            return answer.Json is { } order
                ? FutureshopMapper.ToReading(code, order, answer.Raw, FutureshopReadingOptions.Of(access))
                : new OrderReading.Unreadable(code, "JSON from beginning to end", answer.Raw);
        }

        // How they say that an order is gone is a guess: the search has the last word.
        var rows = await RowsAsync(access, [code], cancellation);
        return rows.TryGetValue(code, out var row)
            ? new OrderReading.Unreadable(code, "the order under the number that the search shows", row.ToBytes())
            : new OrderReading.Gone(code);
    }

    /// <summary>Reads page by page. The address of the next page is theirs, so only its query is taken: token and shop key go nowhere else.</summary>
    private async IAsyncEnumerable<IReadOnlyList<JsonElement>> PagesAsync(
        StoreAccess access, string query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var asked = new HashSet<string>(StringComparer.Ordinal);
        for (string? next = query; next is not null;)
        {
            if (!asked.Add(next))
            {
                throw FutureshopErrors.Unreadable(Search, "a nextUrl that leads on");
            }

            var answer = await calls.GetAsync(access, Search, $"{Search}?{next}", cancellation);
            yield return answer.List("orderList");
            next = NextOf(access, answer.Text("nextUrl"));
        }
    }

    private static string? NextOf(StoreAccess access, string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        var here = FutureshopCalls.AddressOf(access, $"/admin-api/v1/{Search}");
        return Uri.TryCreate(text, UriKind.Absolute, out var next)
            && string.Equals(next.Host, here.Host, StringComparison.OrdinalIgnoreCase) && next.AbsolutePath == here.AbsolutePath && next.Query.Length > 1
                ? next.Query[1..]
                : throw FutureshopErrors.Unreadable(Search, "a nextUrl on the same host and path");
    }

    /// <summary>Whether the end itself is searched is not documented: the second after the last one is asked for, and what lies behind the span is left out again.</summary>
    private static string SpanQuery(Interval span) => $"orderDateStart={Second(span.From)}&orderDateEnd={Second(span.To.AddTicks(TimeSpan.TicksPerSecond - 1))}";

    private static bool IsIn(Interval span, JsonElement row) => FutureshopMapper.PlacedAtOf(row) is not { } placed || placed < span.To;

    /// <summary>Japan's wall clock without an offset: any zone behind it is refused.</summary>
    private static string Second(DateTimeOffset at) => Jst.In(at).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
}
