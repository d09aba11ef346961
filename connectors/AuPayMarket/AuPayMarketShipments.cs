using System.Globalization;
using System.Xml.Linq;
using Domain.Marketplaces;

namespace Connectors.AuPayMarket;

/// <summary>Reports shipments: carrier, number and date first (<c>updateTradeInfoProc</c>, flat under <c>request</c>), the status after it (<c>updateTradeStsProc</c>).</summary>
internal sealed class AuPayMarketShipments(AuPayMarketConnector calls) : IShipmentSink, IOrderAcknowledgement
{
    /// <summary>Their field takes fifteen characters.</summary>
    private const int LongestNumber = 15;

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

    public string Preview(StoreAccess access, string step, ShipmentReport report) =>
        $"POST {AuPayMarketConnector.AddressOf(access, EndpointOf(step))}\nAuthorization: Bearer ***\nContent-Type: application/xml; charset=utf-8\n\n{BodyOf(access, step, report)}";

    public async Task AcknowledgeAsync(
        StoreAccess access, IReadOnlyList<OrderReference> orders, DateOnly plannedShipDate, CancellationToken cancellation)
    {
        foreach (var order in orders)
        {
            await calls.PostAsync(access, EndpointOf("complete"), Status(access, order, access.Setting("work-status")), cancellation);
        }
    }

    private async Task<PushOutcome> PushAsync(StoreAccess access, string step, ShipmentReport report, CancellationToken cancellation)
    {
        if (step == "number" && access.Manifest.CarrierCodeFor(report.Service) is null)
        {
            return new PushOutcome.Rejected(report.Order.Code, "no-carrier", $"配送会社「{report.Service}」に対応する au PAY マーケットの配送業者コードがありません");
        }

        if (report.TrackingNumber.Length is 0 or > LongestNumber)
        {
            return new PushOutcome.Rejected(report.Order.Code, "number-length", $"送り状番号は1～{LongestNumber}文字です");
        }

        try
        {
            await calls.PostAsync(access, EndpointOf(step), BodyOf(access, step, report), cancellation);
            return new PushOutcome.Confirmed(report.Order.Code);
        }
        catch (MarketplaceException refused) when (refused.Kind is FailureKind.Rejected)
        {
            return new PushOutcome.Rejected(report.Order.Code, refused.Code ?? "", refused.Message);
        }
    }

    private static string EndpointOf(string step) => step switch
    {
        "number" => "updateTradeInfoProc",
        "complete" => "updateTradeStsProc",
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, "au PAY マーケット has no such step."),
    };

    private static XElement BodyOf(StoreAccess access, string step, ShipmentReport report) => step == "number"
        ? new XElement(
            "request",
            new XElement("shopId", access.Setting("shop-id")),
            new XElement("orderId", report.Order.Code.Value),
            new XElement("shippingDate", report.ShippedOn.ToString("yyyy/MM/dd", CultureInfo.InvariantCulture)),
            new XElement("shippingCarrier", access.Manifest.CarrierCodeFor(report.Service)),
            new XElement("shippingNumber", report.TrackingNumber))
        : Status(access, report.Order, access.Setting("complete-status"));

    private static XElement Status(StoreAccess access, OrderReference order, string status) => new(
        "request",
        new XElement("shopId", access.Setting("shop-id")),
        new XElement("orderId", order.Code.Value),
        new XElement("orderStatus", status));
}
