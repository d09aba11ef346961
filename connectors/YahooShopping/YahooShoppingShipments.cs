using System.Collections.Concurrent;
using System.Xml.Linq;
using Connectors.Wire;
using Domain.Marketplaces;
using Domain.Orders;

namespace Connectors.YahooShopping;

/// <summary>Reports shipments, one order a call: 出荷済み with carrier and number (orderShipStatusChange), after it 完了 (orderStatusChange), which captures the payment. Reads back by orderInfo.</summary>
internal sealed class YahooShoppingShipments(YahooShoppingCalls calls, YahooShoppingConnector orders, TimeProvider clock) : IShipmentSink, IShipmentReader
{
    private const string Yamato = "1001";

    private const string JapanPost = "1003";

    /// <summary>完了 right after 出荷済み may be refused until the first has settled; one client always waits ten seconds.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>After this long a refusal of 完了 has another cause.</summary>
    private static readonly TimeSpan SettlesWithin = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<OrderKey, DateTimeOffset> _shippedAt = new();

    public async Task<IReadOnlyList<PushOutcome>> PushAsync(
        StoreAccess access, string step, IReadOnlyList<ShipmentReport> reports, CancellationToken cancellation)
    {
        var outcomes = new List<PushOutcome>();
        foreach (var report in reports)
        {
            outcomes.Add(await PushAsync(access, step, report, cancellation));
        }

        return outcomes;
    }

    public string Preview(StoreAccess access, string step, ShipmentReport report) => $"""
        POST {YahooShoppingCalls.AddressOf(access, ApiOf(step))}
        Content-Type: application/xml; charset=utf-8
        Authorization: Bearer ***
        {YahooShoppingSignature.Header}: ***
        {YahooShoppingSignature.VersionHeader}: ***

        {YahooShoppingCalls.TextOf(access, RequestOf(access, step, report))}
        """;

    public async Task<ReportedState> ReadBackAsync(StoreAccess access, OrderReference order, CancellationToken cancellation)
    {
        var found = await orders.OrderAsync(access, order.Code, cancellation);
        return new ReportedState(YahooShoppingMapper.StandingOf(found), YahooShoppingMapper.ReportedOf(found) is { } reported ? [reported] : []);
    }

    private async Task<PushOutcome> PushAsync(StoreAccess access, string step, ShipmentReport report, CancellationToken cancellation)
    {
        if (step == "number" && Unsendable(access, report) is { } unsendable)
        {
            return unsendable;
        }

        try
        {
            var answer = await calls.PostAsync(access, ApiOf(step), CallKind.Write, RequestOf(access, step, report), cancellation);
            var outcome = OutcomeOf(report.Order.Code, answer.Body);
            Remember(access, step, report);
            return outcome;
        }
        catch (MarketplaceException same) when (same.Code == YahooShoppingErrors.SameStatus)
        {
            return new PushOutcome.Confirmed(report.Order.Code);
        }
        catch (MarketplaceException refused) when (refused.Kind is FailureKind.Rejected)
        {
            ThrowIfTooEarly(access, step, report, refused);
            return new PushOutcome.Rejected(report.Order.Code, refused.Code ?? "", refused.Message);
        }
    }

    /// <summary>A warning does not undo the update. What needs no one's attention is not passed on.</summary>
    public static PushOutcome OutcomeOf(OrderCode order, XElement body)
    {
        var result = body.Name.LocalName == "Result" ? body : body.Element("Result");
        if (result?.Text("Status") is not "OK")
        {
            return new PushOutcome.Unknown(order, "the answer does not say OK");
        }

        var warnings = result.Elements("Warning").Select(w => w.Text("Code"))
            .Where(c => c.Length > 0 && c is not (YahooShoppingErrors.AlreadyCaptured or YahooShoppingErrors.SameStatus))
            .Select(c => $"{c} {YahooShoppingErrors.MeaningOf(c)}")
            .ToArray();
        return new PushOutcome.Confirmed(order, warnings.Length == 0 ? null : string.Join("; ", warnings));
    }

    /// <summary>What cannot be sent at all, found before anything is: an empty value would overwrite, a wrong one would mislead the buyer.</summary>
    private static PushOutcome.Rejected? Unsendable(StoreAccess access, ShipmentReport report)
    {
        var (code, company) = (report.Order.Code, access.Manifest.CarrierCodeFor(report.Service));
        var number = NumberFor(company, report.TrackingNumber);
        return company is null
                ? new PushOutcome.Rejected(code, "no-carrier", $"配送会社「{report.Service}」に対応する Yahoo!ショッピングの配送会社コードがありません")
            : number.Length == 0
                ? new PushOutcome.Rejected(code, "no-number", "送り状番号がありません")
            : number.Length > 30 || number.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-')
                ? new PushOutcome.Rejected(code, "number-form", "送り状番号は半角の英数字とハイフンで30文字までです")
            : company == Yamato && (number.Length > 14 || number.Any(char.IsAsciiLetter))
                ? new PushOutcome.Rejected(code, "number-form", "ヤマト運輸の送り状番号は数字とハイフンで14文字までです")
            : company == JapanPost && number.Length is < 11 or > 13
                ? new PushOutcome.Rejected(code, "number-form", "日本郵便のお問い合わせ番号は11～13文字です")
            : null;
    }

    /// <summary>Japan Post's numbers go without hyphens.</summary>
    private static string NumberFor(string? company, string number) =>
        company == JapanPost ? number.Trim().Replace("-", "", StringComparison.Ordinal) : number.Trim();

    private static string ApiOf(string step) => step switch
    {
        "number" => "orderShipStatusChange",
        "complete" => "orderStatusChange",
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, "Yahoo!ショッピング has no such step."),
    };

    private static XElement RequestOf(StoreAccess access, string step, ShipmentReport report)
    {
        var (order, by) = (report.Order.Code.Value, access.Setting("operation-user").Trim());
        var company = access.Manifest.CarrierCodeFor(report.Service) ?? "";
        return ApiOf(step) == "orderStatusChange"
            ? YahooShoppingPayloads.Completed(order, by)
            : YahooShoppingPayloads.Shipped(order, by, company, NumberFor(company, report.TrackingNumber), report.ShippedOn);
    }

    private void Remember(StoreAccess access, string step, ShipmentReport report)
    {
        var now = clock.GetUtcNow();
        foreach (var (old, at) in _shippedAt)
        {
            if (now - at > SettlesWithin)
            {
                _shippedAt.TryRemove(old, out _);
            }
        }

        if (step == "number")
        {
            _shippedAt[new OrderKey(access.Store.Id, report.Order.Code)] = now;
        }
    }

    /// <summary>A refused 完了 of an order that has just become 出荷済み is not final: nothing was done, and it is sent again a little later.</summary>
    private void ThrowIfTooEarly(StoreAccess access, string step, ShipmentReport report, MarketplaceException refused)
    {
        if (step == "complete"
            && _shippedAt.TryGetValue(new OrderKey(access.Store.Id, report.Order.Code), out var at)
            && clock.GetUtcNow() - at <= SettlesWithin)
        {
            throw new MarketplaceException(YahooShoppingConnector.Code, FailureKind.Throttled, "orderStatusChange: refused right after the shipment was reported", refused)
            {
                Code = refused.Code,
                RetryAfter = Pause,
            };
        }
    }
}
