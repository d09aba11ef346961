using System.Collections.Specialized;
using System.Globalization;
using Sandbox.Core;

namespace Sandbox.AuPayMarket;

/// <summary>The conditions of searchTradeInfoListProc and searchTradeNoListProc. Every one may be left out or empty.</summary>
/// <param name="Start">First row of the page, counted from 1.</param>
/// <param name="From">First JST day, included.</param>
/// <param name="To">Last JST day, included.</param>
internal sealed record AuPaySearch(
    int Count, int Start, DateOnly? From, DateOnly? To, string DateType, IReadOnlyList<string> Statuses, NameValueCollection Query)
{
    /// <summary>[C×7] Three spellings of a day in working clients.</summary>
    public static readonly string[] DayPatterns = ["yyyyMMdd", "yyyy-MM-dd", "yyyy/MM/dd"];

    /// <summary>Filters by content, exact or partial. Names from a data provider's columns; their spelling as parameters is [I].</summary>
    private static readonly (string Name, bool Partial, Func<AuPayOrder, string> Of)[] Filters =
    [
        ("orderId", false, o => AuPayAnswers.Text(o.Id)),
        ("ordererName", true, o => $"{o.Seed.Buyer.LastName} {o.Seed.Buyer.FirstName}"),
        ("ordererKana", true, o => $"{o.Seed.Buyer.LastKana} {o.Seed.Buyer.FirstKana}"),
        ("ordererPhoneNumber1", true, o => o.Seed.Buyer.Phone),
        ("senderName", true, o => $"{o.Seed.Recipient.LastName} {o.Seed.Recipient.FirstName}"),
        ("senderKana", true, o => $"{o.Seed.Recipient.LastKana} {o.Seed.Recipient.FirstKana}"),
        ("senderPhoneNumber1", true, o => o.Seed.Recipient.Phone),
    ];

    /// <returns>Null, or the refusal of the first senseless parameter.</returns>
    public static SimOutcome? Read(NameValueCollection query, out AuPaySearch search)
    {
        search = null!;
        if (!Number(query["totalCount"], Limits.OrdersPerPageUnnamed, out var count) || count is < 1 or > Limits.OrdersPerPage)
        {
            return AuPayAnswers.Invalid("totalCount", $"1から{Limits.OrdersPerPage}までの数値を指定してください");
        }

        if (!Number(query["startCount"], 1, out var start) || start < 1)
        {
            return AuPayAnswers.Invalid("startCount", "1以上の数値を指定してください");
        }

        if (!Day(query["startDate"], out var from))
        {
            return AuPayAnswers.Invalid("startDate", "日付の形式が正しくありません");
        }

        if (!Day(query["endDate"], out var to))
        {
            return AuPayAnswers.Invalid("endDate", "日付の形式が正しくありません");
        }

        var type = query["dateType"] is { Length: > 0 } given ? given : "0";
        if (type is not ("0" or "1" or "2" or "3" or "4"))
        {
            return AuPayAnswers.Invalid("dateType", "0から4までの数値を指定してください");
        }

        string[] statuses = [.. new[] { query["orderStatus"], query["orderStatus2"] }.OfType<string>().Where(s => s.Length > 0)];
        search = new AuPaySearch(count, start, from, to, type, statuses, query);
        return null;
    }

    /// <summary>The rows of the page and what resultCount says; a search by order day looks at no other day.</summary>
    public (IReadOnlyList<AuPayOrder> Rows, int ResultCount) Run(AuPayShop shop, DateTimeOffset now)
    {
        var orders = DateType == "0"
            ? shop.PlacedOn(From, To, now)
            : shop.PlacedOn(null, null, now).Where(InSpan);
        if (Statuses.Count > 0)
        {
            orders = orders.Where(order => Statuses.Contains(order.Status));
        }

        foreach (var (name, partial, of) in Filters)
        {
            if (Query[name] is { Length: > 0 } wanted)
            {
                orders = orders.Where(order => partial ? of(order).Contains(wanted, StringComparison.Ordinal) : of(order) == wanted);
            }
        }

        AuPayOrder[] rows = [.. orders.Skip(Start - 1).Take(Count)];
        return (rows, Limits.ResultCountIsPage ? rows.Length : orders.Count());
    }

    private bool InSpan(AuPayOrder order)
    {
        DateOnly? day = DateType switch
        {
            "1" => order.ShippingDate,
            "2" => order.PaidAt is { } paid ? JapanTime.Day(paid) : null,
            "4" => order.ShipLimit,
            _ => null, // 発売(入荷)予定日: the sandbox sells nothing in advance
        };
        return day is { } at && (From is not { } from || at >= from) && (To is not { } to || at <= to);
    }

    private static bool Number(string? text, int otherwise, out int value)
    {
        value = otherwise;
        return string.IsNullOrEmpty(text) || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    private static bool Day(string? text, out DateOnly? day)
    {
        day = null;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        var read = DateOnly.TryParseExact(text, DayPatterns, CultureInfo.InvariantCulture, DateTimeStyles.None, out var value);
        day = value;
        return read;
    }
}
