using System.Collections.Immutable;
using System.Globalization;
using Domain.Marketplaces;
using Domain.Orders;

namespace Connectors.Qoo10;

/// <summary>Reports shipments of carts (SetSendingInfoBulk, at most 500 order numbers a call, a result for each), reads them back by order number, and tells when work starts.</summary>
internal sealed class Qoo10Shipments(Qoo10Certification calls, Qoo10Connector carts) : IShipmentSink, IShipmentReader, IOrderAcknowledgement
{
    public const string Step = "number";

    /// <summary>Official: rows a call takes.</summary>
    private const int RowsOfACall = 500;

    public async Task<IReadOnlyList<PushOutcome>> PushAsync(
        StoreAccess access, string step, IReadOnlyList<ShipmentReport> reports, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(step, Step);
        var outcomes = reports.Select(r => Unsendable(access, r)).OfType<PushOutcome>().ToList();
        var sendable = reports.Where(r => Unsendable(access, r) is null).ToArray();
        var sentBefore = false;
        foreach (var call in InCalls(sendable, r => r.Order.LineIds.Length))
        {
            try
            {
                outcomes.AddRange(await SendAsync(access, call, cancellation));
                sentBefore = true;
            }
            catch (MarketplaceException failure) when (sentBefore)
            {
                // The carts of earlier calls have their outcome; the rest of the batch is asked for before it is sent again.
                outcomes.AddRange(sendable.Where(r => outcomes.All(o => o.Order != r.Order.Code))
                    .Select(r => new PushOutcome.Unknown(r.Order.Code, failure.Message)).ToArray());
                break;
            }
        }

        return outcomes;
    }

    public string Preview(StoreAccess access, string step, ShipmentReport report)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(step, Step);
        var form = Qoo10Calls.FormOf(ShipmentForm(access, [report])).Select(p => $"{p.Key}={p.Value}");
        return $"""
            POST {Qoo10Calls.AddressOf(access, Qoo10Methods.Send)}
            Content-Type: application/x-www-form-urlencoded
            GiosisCertificationKey: ***
            QAPIVersion: 1.0

            {string.Join('&', form)}
            """;
    }

    /// <remarks>While one line of a cart that is not cancelled has no number, nothing counts as reported, so that the rest is sent.</remarks>
    public async Task<ReportedState> ReadBackAsync(StoreAccess access, OrderReference order, CancellationToken cancellation)
    {
        var rows = await carts.RowsAsync(access, order, cancellation);
        var live = rows.Where(r => Qoo10Mapper.StandingOf(r) is not LineStanding.Cancelled).ToArray();
        var reported = live.Select(Qoo10Texts.Reported).ToArray();
        return new ReportedState(
            rows.Count == 0 ? MarketplaceStanding.Ready : Qoo10Mapper.StandingOf(rows),
            reported.All(s => s is not null) ? [.. reported.OfType<ReportedShipment>()] : []);
    }

    public async Task AcknowledgeAsync(
        StoreAccess access, IReadOnlyList<OrderReference> orders, DateOnly plannedShipDate, CancellationToken cancellation)
    {
        var refused = new List<int>();
        foreach (var call in InCalls(orders, o => o.LineIds.Length))
        {
            var answer = await calls.CallAsync(access, Qoo10Methods.PlanShipping, CallKind.Write, PlanForm(access, call, plannedShipDate), cancellation);
            Qoo10Errors.ThrowIfRefused(Qoo10Methods.PlanShipping, answer.Code);
            refused.AddRange((answer.Rows ?? []).Select(Qoo10Json.CodeOf).OfType<int>().Where(code => code != 0));
        }

        if (refused.Count > 0)
        {
            throw Qoo10Errors.Refusal(Qoo10Methods.PlanShipping, refused[0]);
        }
    }

    private async Task<IEnumerable<PushOutcome>> SendAsync(StoreAccess access, IReadOnlyList<ShipmentReport> reports, CancellationToken cancellation)
    {
        var answer = await calls.CallAsync(access, Qoo10Methods.Send, CallKind.Write, ShipmentForm(access, reports), cancellation);
        if (answer.Rows is not { Count: > 0 } rows)
        {
            return answer.Code == 0 || Qoo10Errors.MayHoldTheNumber(answer.Code)
                ? reports.Select(r => new PushOutcome.Unknown(r.Order.Code, "the answer brings no result for its order numbers"))
                : throw Qoo10Errors.Refusal(Qoo10Methods.Send, answer.Code);
        }

        var results = new Dictionary<string, int?>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            results[row.Text("contr_no", "ContrNo", "OrderNo")] = Qoo10Json.CodeOf(row);
        }

        return reports.Select(r => OutcomeOf(r.Order, results));
    }

    /// <summary>A cart is confirmed when all its order numbers are. A refusal that a number already there explains is for the read-back to judge.</summary>
    private static PushOutcome OutcomeOf(OrderReference cart, Dictionary<string, int?> results)
    {
        var codes = cart.LineIds.Select(line => (Line: line, Code: results.GetValueOrDefault(line))).ToArray();
        if (codes.FirstOrDefault(c => c.Code is { } code && code != 0 && !Qoo10Errors.MayHoldTheNumber(code)) is { Code: { } refused, Line: var at })
        {
            var taken = codes.Count(c => c.Code == 0);
            var rest = taken == 0 ? "" : $"（このカートの他の注文番号{taken.ToString(CultureInfo.InvariantCulture)}件は受け付けられています）";
            return new PushOutcome.Rejected(cart.Code, Qoo10Errors.TextOf(refused), $"注文番号{at}：{Qoo10Errors.MeaningOf(Qoo10Methods.Send, refused)}{rest}");
        }

        var open = codes.FirstOrDefault(c => c.Code != 0);
        return open switch
        {
            { Line: null } => new PushOutcome.Confirmed(cart.Code),
            { Code: { } code } => new PushOutcome.Unknown(cart.Code, $"order number {open.Line}: {Qoo10Errors.TextOf(code)}"),
            _ => new PushOutcome.Unknown(cart.Code, $"order number {open.Line}: the answer does not name it"),
        };
    }

    /// <summary>What cannot be sent at all, found before anything is: an empty value would overwrite, a made-up carrier would mislead.</summary>
    private static PushOutcome.Rejected? Unsendable(StoreAccess access, ShipmentReport report) =>
        report.Order.LineIds.IsEmpty
            ? new PushOutcome.Rejected(report.Order.Code, "no-lines", "このカートの注文番号が分かりません")
        : CarrierOf(access, report.Service) is null
            ? new PushOutcome.Rejected(report.Order.Code, "no-carrier", $"配送会社名が未設定です。店舗の設定「carrier-{report.Service}」に、Qoo10に登録された配送会社名を入れてください")
        : string.IsNullOrWhiteSpace(report.TrackingNumber)
            ? new PushOutcome.Rejected(report.Order.Code, "no-number", "送り状番号がありません")
        : null;

    /// <summary>Qoo10's name for a service: the store's setting, else the manifest's table; null = none is known.</summary>
    private static string? CarrierOf(StoreAccess access, string service)
    {
        var setting = $"carrier-{service}";
        return access.Manifest.Settings.Any(s => s.Name == setting) && access.Setting(setting).Trim() is { Length: > 0 } own
            ? own
            : access.Manifest.CarrierCodeFor(service);
    }

    private static KeyValuePair<string, string>[] ShipmentForm(StoreAccess access, IReadOnlyList<ShipmentReport> reports) =>
    [
        new("ShippingInfoJson", Qoo10Json.Rows(
            from report in reports
            from line in report.Order.LineIds
            select (KeyValuePair<string, string>[])
                [new("OrderNo", line), new("ShippingCorp", CarrierOf(access, report.Service) ?? ""), new("TrackingNo", report.TrackingNumber)])),
    ];

    private static KeyValuePair<string, string>[] PlanForm(StoreAccess access, IReadOnlyList<OrderReference> orders, DateOnly plannedShipDate) =>
    [
        new("SendPlanDtInfoJson", Qoo10Json.Rows(
            from line in orders.SelectMany(o => o.LineIds)
            select (KeyValuePair<string, string>[])
            [
                new("OrderNo", line), new("EstShipDt", plannedShipDate.ToString("yyyyMMdd", CultureInfo.InvariantCulture)),
                new("DelayType", access.Setting("delay-type")), new("DelayMemo", ""),
            ])),
    ];

    /// <summary>Whole carts, as many as fit a call.</summary>
    private static IEnumerable<IReadOnlyList<T>> InCalls<T>(IEnumerable<T> carts, Func<T, int> rowsOf)
    {
        var call = ImmutableArray.CreateBuilder<T>();
        var rows = 0;
        foreach (var cart in carts)
        {
            if (rows + rowsOf(cart) > RowsOfACall && call.Count > 0)
            {
                yield return call.ToImmutable();
                call.Clear();
                rows = 0;
            }

            call.Add(cart);
            rows += rowsOf(cart);
        }

        if (call.Count > 0)
        {
            yield return call.ToImmutable();
        }
    }
}
