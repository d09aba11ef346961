using System.Globalization;
using System.Text.Json.Nodes;
using Domain.Marketplaces;

namespace Connectors.ShopServe;

/// <summary>Reports shipments, one order a call: 配送会社, お問い合わせ番号, 出荷日 and 発送ステータス at once. That these can be changed is confirmed, the call itself is a guess.</summary>
internal sealed class ShopServeShipments(ShopServeCalls calls) : IShipmentSink
{
    public async Task<IReadOnlyList<PushOutcome>> PushAsync(
        StoreAccess access, string step, IReadOnlyList<ShipmentReport> reports, CancellationToken cancellation)
    {
        var outcomes = new List<PushOutcome>();
        foreach (var report in reports)
        {
            outcomes.Add(await PushAsync(access, report, cancellation));
        }

        return outcomes;
    }

    public string Preview(StoreAccess access, string step, ShipmentReport report) =>
        $"{access.Setting("shipping-method")} {AddressOf(access, report)}\nAuthorization: Basic ***\nContent-Type: application/json; charset=utf-8\n\n{ShopServeCalls.Write(BodyOf(access, report))}";

    private async Task<PushOutcome> PushAsync(StoreAccess access, ShipmentReport report, CancellationToken cancellation)
    {
        if (access.Manifest.CarrierCodeFor(report.Service) is null)
        {
            return new PushOutcome.Rejected(report.Order.Code, "no-carrier", $"配送会社「{report.Service}」に対応するショップサーブの配送会社名がありません");
        }

        if (report.TrackingNumber.Length == 0)
        {
            return new PushOutcome.Rejected(report.Order.Code, "no-number", "送り状番号がありません");
        }

        try
        {
            await calls.WriteAsync(access, "orders/shipping", HttpMethod.Parse(access.Setting("shipping-method")), AddressOf(access, report), BodyOf(access, report), cancellation);
            return new PushOutcome.Confirmed(report.Order.Code);
        }
        catch (MarketplaceException refused) when (refused.Kind is FailureKind.Rejected)
        {
            return new PushOutcome.Rejected(report.Order.Code, refused.Code ?? "", refused.Message);
        }
    }

    private static Uri AddressOf(StoreAccess access, ShipmentReport report) => ShopServeCalls.AddressOf(access, "shipping-path", report.Order.Code.Value);

    private static JsonObject BodyOf(StoreAccess access, ShipmentReport report)
    {
        var body = new JsonObject
        {
            [access.Setting("ship-company")] = access.Manifest.CarrierCodeFor(report.Service),
            [access.Setting("ship-number")] = report.TrackingNumber,
            [access.Setting("ship-date")] = report.ShippedOn.ToString(access.Setting("date-format"), CultureInfo.InvariantCulture),
        };
        if (access.Setting("ship-status") is { Length: > 0 } status)
        {
            body[access.Setting("ship-status-name")] = status;
        }

        return body;
    }
}
