using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Connectors.Wire;
using Domain.Coverage;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Time;

namespace Connectors.ShopServe;

/// <summary>ショップサーブ: the order calls exist, their specification is not public; every path, name and word of them is a store setting. Quirks: docs/marketplaces/shop-serve.md.</summary>
internal sealed class ShopServeConnector(ShopServeCalls calls, TimeProvider clock) : IOrderSource, IOrderReader, IShipmentReader, ICredentialProbe
{
    public const string Code = "shop-serve";

    /// <summary>Up to so many orders are asked for one by one; for more, a search over their days takes fewer calls.</summary>
    private const int FewOrders = 3;

    public async IAsyncEnumerable<OrderPage> ReadAsync(StoreAccess access, Slice slice, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var names = new FieldNames(access.Setting);
        await foreach (var rows in SearchAsync(access, access.Setting("parts"), slice.Span, access.Setting("search-status"), cancellation))
        {
            yield return OrderPages.ToPage(rows, row => ShopServeMapper.ToListed(row, names), $"an order number in {access.Setting("field-order-code")}", row => ShopServeMapper.RawOf(row));
        }
    }

    /// <summary>The list brings everything; nothing is left to fetch.</summary>
    public IAsyncEnumerable<OrderReading> DetailAsync(StoreAccess access, IReadOnlyList<ListedOrder> orders, CancellationToken cancellation) =>
        OrderPages.DetailsAsync(orders, code => ReadOneAsync(access, code, cancellation));

    public IAsyncEnumerable<OrderReading> ReadAsync(StoreAccess access, IReadOnlyList<OrderReference> orders, CancellationToken cancellation) =>
        OrderPages.OneByOneAsync(orders, code => ReadOneAsync(access, code, cancellation));

    /// <summary>One search over the days of the orders that its window still shows, whatever their status; the rest one by one.</summary>
    public async Task<IReadOnlyDictionary<OrderCode, MarketplaceStanding>> StoppedAsync(
        StoreAccess access, IReadOnlyList<OrderReference> orders, CancellationToken cancellation)
    {
        var standings = new Dictionary<OrderCode, MarketplaceStanding>();
        var lane = access.Manifest.Lanes[0];
        var windowStart = PullPlan.WindowStart(access.Manifest.LookbackDaysOf(lane, access.Store), clock.GetUtcNow());
        var recent = orders.Where(o => o.PlacedAt >= windowStart).ToArray();
        if (recent.Length > FewOrders)
        {
            await FindAsync(access, new Interval(recent.Min(o => o.PlacedAt), recent.Max(o => o.PlacedAt).AddSeconds(1)), standings, cancellation);
        }

        foreach (var order in orders.Where(o => !standings.ContainsKey(o.Code)))
        {
            standings[order.Code] = await ReadOneAsync(access, order.Code, cancellation) switch
            {
                OrderReading.Read read => read.Order.Standing,
                OrderReading.Gone => MarketplaceStanding.CancelRequested, // what they no longer know must not ship before a person has looked
                OrderReading.Unreadable broken => throw ShopServeErrors.Unreadable("orders/detail", broken.Expected),
                var other => throw new InvalidOperationException($"A detail came as {other.GetType().Name}."),
            };
        }

        return orders.Select(o => o.Code).Distinct()
            .Where(c => standings[c] is MarketplaceStanding.Cancelled or MarketplaceStanding.CancelRequested)
            .ToDictionary(c => c, c => standings[c]);
    }

    public async Task<ReportedState> ReadBackAsync(StoreAccess access, OrderReference order, CancellationToken cancellation)
    {
        var names = new FieldNames(access.Setting);
        var found = await DetailOfAsync(access, order.Code, cancellation);
        return new ReportedState(ShopServeMapper.StandingOf(found, names), ShopServeMapper.ReportedOf(found, names));
    }

    /// <remarks>The item search is the cheapest call that independent clients confirm; it says nothing about the right to the order calls.</remarks>
    public async Task<CredentialHealth> ProbeAsync(StoreAccess access, CancellationToken cancellation)
    {
        var nothing = new JsonObject { ["filters"] = new JsonArray(new JsonObject { ["item_code"] = "0" }), ["from"] = 0, ["size"] = 1 };
        await calls.ReadAsync(access, "items/_search", HttpMethod.Post, ShopServeCalls.AddressOf(access, "probe-path", null), nothing, cancellation);
        return CredentialHealth.NoWordOfExpiry;
    }

    private async Task FindAsync(StoreAccess access, Interval span, Dictionary<OrderCode, MarketplaceStanding> standings, CancellationToken cancellation)
    {
        var names = new FieldNames(access.Setting);
        await foreach (var rows in SearchAsync(access, access.Setting("basic-part"), span, "", cancellation))
        {
            foreach (var row in rows)
            {
                if (ShopServeMapper.CodeOf(row, names) is { } code)
                {
                    standings[code] = ShopServeMapper.StandingOf(row, names);
                }
            }
        }
    }

    private async Task<OrderReading> ReadOneAsync(StoreAccess access, OrderCode code, CancellationToken cancellation)
    {
        try
        {
            return ShopServeMapper.ToReading(code, await DetailOfAsync(access, code, cancellation), new FieldNames(access.Setting));
        }
        catch (MarketplaceException refused) when (refused.Kind is FailureKind.Rejected)
        {
            return refused.Code == HttpRefusals.NotFound ? new OrderReading.Gone(code) : new OrderReading.Unreadable(code, refused.Message, default);
        }
    }

    private async Task<JsonElement> DetailOfAsync(StoreAccess access, OrderCode code, CancellationToken cancellation)
    {
        var body = await calls.ReadAsync(access, "orders/detail", HttpMethod.Get, ShopServeCalls.AddressOf(access, "detail-path", code.Value), null, cancellation);
        return new FieldNames(access.Setting).PathOf("order").Length == 0 ? body
            : new FieldNames(access.Setting).Find(body, "order") is { ValueKind: JsonValueKind.Object } order ? order
            : throw ShopServeErrors.Unreadable("orders/detail", $"an object in {access.Setting("field-order")}");
    }

    private IAsyncEnumerable<IReadOnlyList<JsonElement>> SearchAsync(
        StoreAccess access, string parts, Interval span, string status, CancellationToken cancellation)
    {
        const string Endpoint = "orders/_retrieve";
        var size = Math.Clamp(int.Parse(access.Setting("page-size"), CultureInfo.InvariantCulture), 1, access.Manifest.Lanes[0].PageSize);
        return OffsetPages.ReadAsync(Code, Endpoint, size, AskAsync, cancellation);

        async Task<ListAnswer> AskAsync(int from)
        {
            var body = new JsonObject
            {
                [access.Setting("search-since")] = DayOf(access, span.From),
                [access.Setting("search-until")] = DayOf(access, span.To.AddTicks(-1)),
                [access.Setting("search-from")] = from,
                [access.Setting("search-size")] = size,
            };
            if (status.Length > 0)
            {
                body[access.Setting("search-status-name")] = status;
            }

            var answer = await calls.ReadAsync(access, Endpoint, HttpMethod.Post, ShopServeCalls.AddressOf(access, "orders-path", parts), body, cancellation);
            var names = new FieldNames(access.Setting);
            return names.Find(answer, "orders") is { ValueKind: JsonValueKind.Array } rows
                ? new ListAnswer([.. rows.EnumerateArray()], names.Find(answer, "total-count") is { ValueKind: JsonValueKind.Number } total && total.TryGetInt32(out var count) ? count : null)
                : throw ShopServeErrors.Unreadable(Endpoint, $"a list in {access.Setting("field-orders")}");
        }
    }

    private static string DayOf(StoreAccess access, DateTimeOffset at) => Jst.DayOf(at).ToString(access.Setting("date-format"), CultureInfo.InvariantCulture);
}
