using System.Globalization;
using System.Text;
using System.Text.Json;
using Sandbox.Core;

namespace Sandbox.ShopServe;

/// <summary><c>POST orders/_retrieve/{parts}</c>: the orders of a span of days, oldest first, in pages. That it exists is [1]; everything in its body after <c>since</c> is [G].</summary>
internal static class ShopServeSearch
{
    private static readonly string[] TimePatterns = ["yyyy-MM-dd", "yyyy/MM/dd", "yyyyMMdd"];

    public static SimOutcome Run(ShopServeShop shop, string partsText, JsonElement body, DateTimeOffset now)
    {
        var parts = partsText.Split(';', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
        if (parts.Count == 0 || !parts.IsSubsetOf(Limits.Parts))
        {
            return ShopServeAnswers.Invalid("parts", "指定できない項目です。");
        }

        if (Day(body, "since") is not { } since)
        {
            return ShopServeAnswers.Invalid("since", "日付を指定してください。");
        }

        var until = Day(body, "until") ?? DateOnly.MaxValue;
        if (Number(body, "from", 0) is not (>= 0 and var from))
        {
            return ShopServeAnswers.Invalid("from", "0以上の数値を指定してください。");
        }

        if (Number(body, "size", Limits.OrdersPerPage) is not (>= 1 and <= Limits.OrdersPerPage and var size))
        {
            return ShopServeAnswers.Invalid("size", $"1から{Limits.OrdersPerPage}までの数値を指定してください。");
        }

        var status = body.TryGetProperty("shipping_status", out var wanted) && wanted.ValueKind is JsonValueKind.String ? wanted.GetString() : "";
        if (status is not ("" or ShopServeOrder.Unshipped or ShopServeOrder.ShippedWord))
        {
            return ShopServeAnswers.Invalid("shipping_status", "指定できない発送ステータスです。");
        }

        var oldest = JapanTime.Day(now).AddDays(-Limits.LookbackDays);
        var found = shop.Orders
            .Where(o => o.PlacedAt <= now && JapanTime.Day(o.PlacedAt) is var day && day >= since && day <= until && day >= oldest)
            .Where(o => status is "" || o.ShippingStatus == status)
            .Where(o => Limits.CancelledStaysListed || !o.Cancelled)
            .ToArray();
        return SimOutcome.Ok(Page(found.Length, [.. found.Skip(from).Take(size).Select(o => o.Json(parts))]));
    }

    /// <summary>Ready-made orders, copied together once.</summary>
    private static SimResponse Page(int total, IReadOnlyList<byte[]> orders)
    {
        using var body = new MemoryStream();
        body.Write(Encoding.UTF8.GetBytes($"{{\"total_count\":{ShopServeAnswers.Text(total)},\"orders\":["));
        for (var i = 0; i < orders.Count; i++)
        {
            if (i > 0)
            {
                body.WriteByte((byte)',');
            }

            body.Write(orders[i]);
        }

        body.Write("]}"u8);
        return new SimResponse(200, "application/json; charset=UTF-8", body.ToArray());
    }

    private static DateOnly? Day(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String
        && DateOnly.TryParseExact(value.GetString(), TimePatterns, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : null;

    private static int? Number(JsonElement body, string name, int otherwise) =>
        !body.TryGetProperty(name, out var value) ? otherwise
        : value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out var number) ? number
        : null;
}
