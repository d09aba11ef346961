using System.Text.Json;
using Sandbox.Core;

namespace Sandbox.MakeShop;

/// <summary>searchOrder: by order date, by payment date, by number, by delivery status; the times are JST without an offset. [I]</summary>
internal sealed class MakeShopSearch(MakeShopShop shop, MakeShopRules rules, MakeShopAnswers answers, DateTimeOffset now)
{
    private const string Operation = "searchOrder";

    /// <summary>The page asked for, or the refusal of a value that makes no sense.</summary>
    public (MakeShopPage? Page, SimOutcome? Refusal) Run(JsonElement input)
    {
        var limit = MakeShopInput.Number(input, "limit", Limits.OrdersPerPageUnnamed, senseless: 0);
        var page = MakeShopInput.Number(input, "page", 1, senseless: 0);
        if (limit is < 1 or > Limits.OrdersPerPage)
        {
            return (null, Bad($"limit must be between 1 and {Limits.OrdersPerPage}"));
        }

        if (page < 1)
        {
            return (null, Bad("page must be 1 or more"));
        }

        if (MakeShopInput.Text(input, "sortOrder") is not (null or "ASC" or "DESC"))
        {
            return (null, Bad("sortOrder must be ASC or DESC"));
        }

        if (MakeShopInput.Text(input, "deliveryStatus") is not (null or "N" or "Y" or "C" or "R"))
        {
            return (null, Bad("deliveryStatus must be N, Y, C or R"));
        }

        var times = new Dictionary<string, DateTimeOffset?>(StringComparer.Ordinal);
        foreach (var key in (string[])["startOrderDate", "endOrderDate", "startPaymentDate", "endPaymentDate"])
        {
            var text = MakeShopInput.Text(input, key);
            times[key] = JapanTime.Read(text, "yyyyMMddHHmmss");
            if (text is not null && times[key] is null)
            {
                return (null, Bad($"{key} must be YYYYMMDDHHmmss"));
            }
        }

        var found = Found(input, times);
        var rows = MakeShopInput.Text(input, "sortOrder") == "DESC" ? found.AsEnumerable().Reverse() : found;
        return (new MakeShopPage(found.Count, page, limit, [.. rows.Skip((int)Math.Min((page - 1L) * limit, int.MaxValue)).Take(limit)]), null);
    }

    private List<MakeShopOrder> Found(JsonElement input, Dictionary<string, DateTimeOffset?> times)
    {
        var displayed = MakeShopInput.Items(input, "displayOrderNumbers").Select(n => n.ToString()).ToHashSet(StringComparer.Ordinal);
        var system = MakeShopInput.Items(input, "systemOrderNumbers").Select(n => n.ToString()).ToHashSet(StringComparer.Ordinal);
        var orders = (displayed.Count, system.Count) switch
        {
            ( > 0, _) => displayed.Select(shop.Find).OfType<MakeShopOrder>().Where(o => o.PlacedAt <= now).OrderBy(o => o.PlacedAt),
            (_, > 0) => shop.Orders.Where(o => system.Contains(o.SystemNumber) && o.PlacedAt <= now),
            _ => shop.Placed(FirstServed(times["startOrderDate"]), now.AddTicks(1)),
        };
        if (times["endOrderDate"] is { } last)
        {
            orders = orders.Where(o => o.PlacedAt < last.AddSeconds(1)); // the last second is included
        }

        if (times["startPaymentDate"] is { } paidFrom)
        {
            orders = orders.Where(o => o.PaidAt >= paidFrom);
        }

        if (times["endPaymentDate"] is { } paidTo)
        {
            orders = orders.Where(o => o.PaidAt < paidTo.AddSeconds(1));
        }

        return [.. MakeShopInput.Text(input, "deliveryStatus") is { } status ? orders.Where(o => o.HasStatus(status)) : orders];
    }

    /// <summary>The window: no search by date reaches behind it.</summary>
    private DateTimeOffset FirstServed(DateTimeOffset? asked)
    {
        var start = asked ?? DateTimeOffset.MinValue;
        var edge = rules.LookbackDays is { } days
            ? new DateTimeOffset(JapanTime.Day(now).AddDays(-days).ToDateTime(TimeOnly.MinValue), JapanTime.Offset)
            : DateTimeOffset.MinValue;
        return start > edge ? start : edge;
    }

    private SimOutcome Bad(string message) => answers.Refused(200, Limits.BadInput, message, Operation);
}
