using System.Globalization;
using System.Text;
using Sandbox.Core;

namespace Sandbox.Futureshop;

/// <summary>The order search: filters, pages, and the absolute address of the next page.</summary>
internal static class FutureshopSearch
{
    private const string Time = "yyyy-MM-dd'T'HH:mm:ss";

    private static readonly string[] Filters = ["orderDateStart", "orderDateEnd", "orderNo", "shippingStatus", "paymentStatus"];

    /// <param name="page">Orders a page.</param>
    public static SimOutcome Answer(FutureshopShop shop, SimRequest request, DateTimeOffset now, int page)
    {
        foreach (var name in Filters.Append("cursor"))
        {
            if (request.Query[name] is { Length: 0 })
            {
                return FutureshopAnswers.Refused(400, Limits.BadForm, "（見本）空の条件は指定できません", name);
            }
        }

        DateTimeOffset? from = null, to = null;
        if (request.Query["orderDateStart"] is { } start && (from = JapanTime.Read(start, Time)) is null)
        {
            return FutureshopAnswers.Refused(400, Limits.BadDate, "（見本）日時の形式が正しくありません", "orderDateStart");
        }

        if (request.Query["orderDateEnd"] is { } end && (to = JapanTime.Read(end, Time)) is null)
        {
            return FutureshopAnswers.Refused(400, Limits.BadDate, "（見本）日時の形式が正しくありません", "orderDateEnd");
        }

        if (request.Query["shippingStatus"] is { } shipping && shipping is not ("notShipped" or "shipped"))
        {
            return FutureshopAnswers.Refused(400, Limits.BadForm, "（見本）shippingStatusが正しくありません", "shippingStatus");
        }

        if (request.Query["paymentStatus"] is { } payment && payment is not ("notReceived" or "received"))
        {
            return FutureshopAnswers.Refused(400, Limits.BadForm, "（見本）paymentStatusが正しくありません", "paymentStatus");
        }

        (DateTimeOffset At, string Number)? after = null;
        if (request.Query["cursor"] is { } cursor && (after = AfterOf(cursor, request)) is null)
        {
            return FutureshopAnswers.Refused(400, Limits.BadForm, "（見本）cursorが正しくありません", "cursor");
        }

        var numbers = request.Query["orderNo"]?.Split(',').ToHashSet(StringComparer.Ordinal);
        var first = after is { } place && (from is null || place.At > from) ? place.At : from ?? DateTimeOffset.MinValue;
        var last = to is { } limit && limit.AddSeconds(1).AddTicks(-1) < now ? limit.AddSeconds(1).AddTicks(-1) : now;
        var found = shop.From(first)
            .TakeWhile(o => o.Seed.PlacedAt <= last)
            .Where(o => after is not { } seen || o.Seed.PlacedAt > seen.At || string.CompareOrdinal(o.Number, seen.Number) > 0)
            .Where(o => numbers?.Contains(o.Number) ?? true)
            .Where(o => request.Query["shippingStatus"] is not { } wanted || o.IsShipped == (wanted == "shipped"))
            .Where(o => request.Query["paymentStatus"] is not { } wanted || o.ReceiptDate is not null == (wanted == "received"))
            .Take(page + 1)
            .ToList();
        var rows = found.Take(page).ToList();
        return SimOutcome.Ok(FutureshopAnswers.Json(json =>
        {
            json.WriteStartArray("orderList");
            foreach (var order in rows)
            {
                json.WriteStartObject();
                FutureshopOrderJson.WriteRow(json, order);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            if (found.Count > page)
            {
                json.WriteString("nextUrl", NextUrl(request, rows[^1]));
            }
        }));
    }

    /// <summary>An address on the host and path that were called, https in front of the real service.</summary>
    public static string AddressOf(SimRequest request, string query)
    {
        var host = request.Header("Host") ?? "sim.example";
        var scheme = host.StartsWith("127.0.0.1", StringComparison.Ordinal) || host.StartsWith("localhost", StringComparison.Ordinal) ? "http" : "https";
        return $"{scheme}://{host}{request.Path}?{query}";
    }

    private static string NextUrl(SimRequest request, FutureshopOrder last)
    {
        var query = Filters.Where(f => request.Query[f] is not null).Select(f => $"{f}={request.Query[f]}");
        var cursor = $"{last.Seed.PlacedAt.UtcTicks.ToString(CultureInfo.InvariantCulture)} {last.Number} {FiltersOf(request)}";
        return AddressOf(request, string.Join('&', query.Append($"cursor={Convert.ToHexStringLower(Encoding.UTF8.GetBytes(cursor))}")));
    }

    /// <summary>Where the page before ended; null where the cursor is none of ours or belongs to other filters.</summary>
    private static (DateTimeOffset At, string Number)? AfterOf(string cursor, SimRequest request)
    {
        try
        {
            var parts = Encoding.UTF8.GetString(Convert.FromHexString(cursor)).Split(' ', 3);
            return parts.Length == 3 && parts[2] == FiltersOf(request)
                && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
                ? (new DateTimeOffset(ticks, TimeSpan.Zero), parts[1])
                : null;
        }
        catch (FormatException)
        {
            return null; // the caller refuses the request
        }
    }

    private static string FiltersOf(SimRequest request) => string.Join('&', Filters.Select(f => request.Query[f]));
}
