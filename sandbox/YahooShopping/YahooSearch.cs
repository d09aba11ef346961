using System.Globalization;
using System.Xml.Linq;
using Sandbox.Core;

namespace Sandbox.YahooShopping;

/// <summary>orderList. Called under the shop's lock.</summary>
internal sealed class YahooSearch(YahooShop shop, DateTimeOffset now)
{
    /// <summary>One of these must be named, or OrderId. [O]</summary>
    private static readonly string[] Times = ["OrderTime", "PublicationTime", "PayMethodChangeDeadline"];

    /// <summary>Conditions by content: several values are separated by commas where the service takes several. [O] names and which</summary>
    private static readonly Dictionary<string, (bool Several, Func<YahooOrder, string> Of)> Filters = new(StringComparer.Ordinal)
    {
        ["OrderId"] = (false, o => o.Id),
        ["OrderStatus"] = (true, o => YahooAnswers.Text(o.Status)),
        ["IsSeen"] = (false, o => o.IsSeen ? "true" : "false"),
        ["PayStatus"] = (false, o => o.PaidAt is null ? "0" : "1"),
        ["SettleStatus"] = (true, o => YahooAnswers.Text(o.SettleStatus)),
        ["PayType"] = (true, o => o.Payment.IsPrepaid ? "1" : "0"),
        ["PayMethod"] = (false, o => o.Payment.Code),
        ["ShipStatus"] = (true, o => YahooAnswers.Text(o.ShipStatus)),
        ["ShipCompanyCode"] = (false, o => o.Shipment.Carrier),
        ["DeviceType"] = (true, _ => "3"),
        ["Suspect"] = (true, _ => "0"),
        ["ArriveType"] = (true, _ => "0"),
        ["SocialGiftType"] = (true, _ => "0"),
        ["StoreStatus"] = (false, _ => ""),
        ["IsSplit"] = (false, _ => "false"),
        ["ShipDate"] = (false, o => o.Shipment.ShipDate.Replace("-", "", StringComparison.Ordinal)),
        ["ShipRequestDate"] = (false, o => o.Seed.RequestedDate?.ToString("yyyyMMdd", CultureInfo.InvariantCulture) ?? ""),
        ["BillLastName"] = (false, o => o.Seed.Buyer.LastName),
        ["BillFirstName"] = (false, o => o.Seed.Buyer.FirstName),
        ["BillMailAddress"] = (false, o => o.Seed.Buyer.Email),
        ["BillPhoneNumber"] = (false, o => o.Seed.Buyer.Phone),
        ["ShipLastName"] = (false, o => o.Seed.Recipient.LastName),
        ["ShipFirstName"] = (false, o => o.Seed.Recipient.FirstName),
        ["ShipPhoneNumber"] = (false, o => o.Seed.Recipient.Phone),
    };

    public SimOutcome Run(XElement request)
    {
        var search = request.Child("Search");
        var condition = search.Child("Condition");
        if (search.Value("Field") is not { } names)
        {
            return YahooAnswers.ListRefused("Field is required");
        }

        if (condition is null)
        {
            return YahooAnswers.ListRefused("Condition is required");
        }

        if (!Number(search.Value("Result"), Limits.RowsUnnamed, out var result) || result is < 1 or > Limits.Rows)
        {
            return YahooAnswers.ListRefused("Result is invalid");
        }

        if (!Number(search.Value("Start"), 1, out var start) || start < 1)
        {
            return YahooAnswers.ListRefused("Start is invalid");
        }

        if (search.Value("Sort") is { } sort && sort is not ("+order_time" or "-order_time"))
        {
            return YahooAnswers.ListRefused("Sort is invalid");
        }

        if (Select(search, condition, out var orders) is { } refusal)
        {
            return refusal;
        }

        YahooOrder[] hits = [.. search.Value("Sort") is "-order_time" ? orders.Reverse() : orders];
        var fields = YahooFields.Of(names, list: true);
        return SimOutcome.Ok(YahooAnswers.Page(hits.Length, start, [.. hits.Skip(start - 1).Take(result).Select(order => order.Xml(fields, now))]));
    }

    private SimOutcome? Select(XElement? search, XElement condition, out IEnumerable<YahooOrder> orders)
    {
        orders = [];
        Dictionary<string, (DateTimeOffset? From, DateTimeOffset? To)> spans = [];
        foreach (var time in Times)
        {
            if (Span(condition, time, out var span) is { } refusal)
            {
                return refusal;
            }

            if (span is not (null, null))
            {
                spans[time] = span;
            }
        }

        if (spans.Count == 0 && condition.Value("OrderId") is null)
        {
            return YahooAnswers.ListRefused("OrderId, OrderTime, PublicationTime or PayMethodChangeDeadline is required");
        }

        var readOnlyMode = search.Value("ReadOnlyMode") ?? condition.Value("ReadOnlyMode") ?? "0";
        var fraudHold = search.Value("FraudHoldDisplayType") ?? condition.Value("FraudHoldDisplayType") ?? "0";
        if (readOnlyMode is not ("0" or "1" or "2") || fraudHold is not ("0" or "1"))
        {
            return YahooAnswers.ListRefused("ReadOnlyMode or FraudHoldDisplayType is invalid");
        }

        var placed = spans.GetValueOrDefault("OrderTime");
        var found = condition.Value("OrderId") is { } id && shop.Find(id) is { } one ? Within([one], placed, o => o.PlacedAt)
            : condition.Value("OrderId") is not null ? []
            : shop.PlacedIn(placed.From, placed.To);
        found = found.Where(o => o.Exists(now) && (readOnlyMode == "2" || o.IsReadOnly(now) == (readOnlyMode == "1")) && (fraudHold == "1" || !o.InReview));
        found = spans.TryGetValue("PublicationTime", out var published) ? Within(found, published, o => o.PublishedAt) : found;
        found = spans.TryGetValue("PayMethodChangeDeadline", out var deadline) ? Within(found, deadline, o => o.ChangeDeadline) : found;
        foreach (var element in condition.Elements())
        {
            var name = element.Name.LocalName;
            if (element.Value.Trim() is not { Length: > 0 } wanted || name is "ReadOnlyMode" or "FraudHoldDisplayType"
                || Times.Any(time => name == time || name == time + "From" || name == time + "To"))
            {
                continue;
            }

            if (name is "ShipInvoiceNumber")
            {
                found = found.Where(o => o.Shipment.Number1 == wanted || o.Shipment.Number2 == wanted);
            }
            else if (name is "ItemId" or "SubCode")
            {
                found = found.Where(o => o.Seed.Lines.Any(line => line.Sku == wanted));
            }
            else if (Filters.TryGetValue(name, out var filter))
            {
                string[] values = filter.Several ? wanted.Split(',', StringSplitOptions.TrimEntries) : [wanted];
                found = found.Where(o => values.Contains(filter.Of(o), StringComparer.Ordinal));
            }
            else
            {
                return YahooAnswers.ListRefused($"{name} is invalid");
            }
        }

        orders = found;
        return null;
    }

    /// <summary>XFrom and XTo, or X for one second.</summary>
    private static SimOutcome? Span(XElement condition, string name, out (DateTimeOffset? From, DateTimeOffset? To) span)
    {
        span = (null, null);
        var exact = condition.Value(name);
        foreach (var (text, isFrom) in new[] { (exact ?? condition.Value(name + "From"), true), (exact ?? condition.Value(name + "To"), false) })
        {
            if (text is null)
            {
                continue;
            }

            if (!YahooRequest.IsMoment(text, out var moment))
            {
                return YahooAnswers.ListRefused($"{name} is invalid");
            }

            span = isFrom ? (moment, span.To) : (span.From, moment);
        }

        return null;
    }

    /// <summary>Whole seconds, both ends included.</summary>
    private static IEnumerable<YahooOrder> Within(IEnumerable<YahooOrder> orders, (DateTimeOffset? From, DateTimeOffset? To) span, Func<YahooOrder, DateTimeOffset?> of) =>
        orders.Where(o => of(o) is { } at && (span.From is not { } from || at >= from) && (span.To is not { } to || at < to.AddSeconds(1)));

    private static bool Number(string? text, int otherwise, out int value)
    {
        value = otherwise;
        return text is null || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }
}
