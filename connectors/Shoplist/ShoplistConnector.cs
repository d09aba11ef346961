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

namespace Connectors.Shoplist;

/// <summary>SHOPLIST: an order list with part of each order; a file from the admin screen completes it. Of the wire nothing is public: all of it is store settings.
/// No reading by code, no shipment, no cancel. Quirks: docs/marketplaces/shoplist.md.</summary>
internal sealed class ShoplistConnector(ShoplistCalls calls, TimeProvider clock) : IOrderSource, ICredentialProbe
{
    public const string Code = "shoplist";

    private const string Endpoint = "orders";

    public async IAsyncEnumerable<OrderPage> ReadAsync(StoreAccess access, Slice slice, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var names = new FieldNames(access.Setting);
        await foreach (var rows in SearchAsync(access, slice.Span, cancellation))
        {
            yield return OrderPages.ToPage(rows, row => ShoplistMapper.ToListed(row, names), $"an order number in {access.Setting("field-order-code")}", ShoplistMapper.RawOf);
        }
    }

    /// <summary>The list brings all that the API has. Where a reading is missing all the same, the window is read once more: there is no call for a single order.</summary>
    public async IAsyncEnumerable<OrderReading> DetailAsync(
        StoreAccess access, IReadOnlyList<ListedOrder> orders, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var found = orders.All(o => o.Reading is not null) ? [] : await WindowAsync(access, cancellation);
        foreach (var order in orders)
        {
            yield return order.Reading ?? found.GetValueOrDefault(order.Code) ?? new OrderReading.Gone(order.Code);
        }
    }

    /// <remarks>The smallest order list there is: today's, one order of it.</remarks>
    public async Task<CredentialHealth> ProbeAsync(StoreAccess access, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await AskAsync(access, new Interval(now.AddSeconds(-1), now), 0, 1, cancellation);
        return CredentialHealth.NoWordOfExpiry;
    }

    private async Task<Dictionary<OrderCode, OrderReading>> WindowAsync(StoreAccess access, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var lane = access.Manifest.Lanes[0];
        var found = new Dictionary<OrderCode, OrderReading>();
        var window = new Interval(PullPlan.WindowStart(access.Manifest.LookbackDaysOf(lane, access.Store), now), now);
        foreach (var slice in PullPlan.Reading(lane, window, now))
        {
            await foreach (var page in ReadAsync(access, slice, cancellation))
            {
                foreach (var order in page.Orders)
                {
                    found[order.Code] = order.Reading!;
                }
            }
        }

        return found;
    }

    private async IAsyncEnumerable<IReadOnlyList<JsonElement>> SearchAsync(StoreAccess access, Interval span, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var size = Math.Clamp(int.Parse(access.Setting("page-size"), CultureInfo.InvariantCulture), 1, access.Manifest.Lanes[0].PageSize);
        if (access.Setting("search-offset").Length == 0)
        {
            var whole = await AskAsync(access, span, 0, size, cancellation);
            yield return whole.Total > whole.Rows.Count
                ? throw ShoplistErrors.Unreadable(Endpoint, $"all {whole.Total} orders in one answer; the settings name no way to ask for the next page")
                : whole.Rows;
            yield break;
        }

        await foreach (var rows in OffsetPages.ReadAsync(Code, Endpoint, size, from => AskAsync(access, span, from, size, cancellation), cancellation))
        {
            yield return rows;
        }
    }

    private async Task<ListAnswer> AskAsync(StoreAccess access, Interval span, int from, int size, CancellationToken cancellation)
    {
        var parameters = new JsonObject();
        void Put(string setting, JsonNode value)
        {
            if (access.Setting(setting) is { Length: > 0 } name)
            {
                parameters[name] = value;
            }
        }

        Put("search-from", DayOf(access, span.From));
        Put("search-to", DayOf(access, span.To.AddTicks(-1)));
        Put("search-offset", from);
        Put("search-limit", size);
        var answer = await calls.CallAsync(access, Endpoint, CallKind.Read, "orders-method", "orders-path", parameters, cancellation);
        var names = new FieldNames(access.Setting);
        return answer is { ValueKind: JsonValueKind.Object } body && names.Find(body, "orders") is { ValueKind: JsonValueKind.Array } rows
            ? new ListAnswer([.. rows.EnumerateArray()], names.Find(body, "total-count") is { ValueKind: JsonValueKind.Number } total && total.TryGetInt32(out var count) ? count : null)
            : throw ShoplistErrors.Unreadable(Endpoint, $"a list in {access.Setting("field-orders")}");
    }

    private static string DayOf(StoreAccess access, DateTimeOffset at) => Jst.DayOf(at).ToString(access.Setting("date-format"), CultureInfo.InvariantCulture);
}
