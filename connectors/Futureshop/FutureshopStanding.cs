using System.Collections.Immutable;
using System.Text.Json;
using Connectors.Wire;
using Domain.Marketplaces;
using Domain.Orders;

namespace Connectors.Futureshop;

/// <summary>Where an order stands, read from its dates; their status words mislead (AWAITING_PAYMENT is 通常, paid or not). Works on both forms in which they send an order.</summary>
internal static class FutureshopStanding
{
    /// <summary>通常 and 未回収: they say nothing about payment or shipment.</summary>
    private static readonly string[] Neutral = ["AWAITING_PAYMENT", "AWAITING_SHIPMENT"];

    private static readonly string[] Known = [.. Neutral, "ON_HOLD", "PREORDER", "COMPLETED", "CANCELLED", "REFUNDED"];

    public static MarketplaceStanding Of(JsonElement order, FutureshopReadingOptions options)
    {
        var status = order.Text("status");
        return IsCancelled(order) ? MarketplaceStanding.Cancelled
            : options.CancelRequest.Length > 0 && order.Text(options.CancelRequest) is { Length: > 0 } and not ("false" or "0") ? MarketplaceStanding.CancelRequested
            : status == "COMPLETED" ? MarketplaceStanding.Completed
            : Shipments(order) is { Count: > 0 } shipments && shipments.All(IsShipped) ? MarketplaceStanding.Shipped
            : status == "REFUNDED" ? MarketplaceStanding.Cancelled // 返品: nothing of it goes out any more
            : status == "ON_HOLD" ? MarketplaceStanding.InReview
            : status == "PREORDER" ? MarketplaceStanding.Reserved
            : PaymentOf(order, options) is PaymentStanding.Unpaid ? MarketplaceStanding.AwaitingPayment
            : MarketplaceStanding.Ready;
    }

    public static bool IsCancelled(JsonElement order) => order.Text("status") == "CANCELLED" || order.Text("cancelDate").Length > 0;

    public static PaymentStanding PaymentOf(JsonElement order, FutureshopReadingOptions options)
    {
        var type = order.Text("paymentType");
        return options.AfterDelivery.Contains(type) ? PaymentStanding.AfterDelivery
            : order.Text("receiptDate").Length > 0 || order.Text("paymentStatus") == "RECEIVED" || options.Authorised.Contains(type) || IsPaidInPoints(order) ? PaymentStanding.Secured
            : PaymentStanding.Unpaid;
    }

    public static ImmutableArray<Hold> HoldsOf(JsonElement order)
    {
        var holds = ImmutableArray.CreateBuilder<Hold>();
        if (order.Text("status") is var status && !Known.Contains(status))
        {
            holds.Add(new Hold(HoldReason.UnknownStatus, status.Length == 0 ? "status（空）" : status));
        }

        if (order.IsTrue("blackOrder"))
        {
            holds.Add(new Hold(HoldReason.InReview, "要注意の購入者（blackOrder）"));
        }

        foreach (var shipment in Shipments(order))
        {
            var number = shipment.Text("shipmentNo");
            if (PrefectureOf(shipment) is { Length: > 0 } prefecture && FutureshopPrefectures.Find(prefecture) is null)
            {
                holds.Add(new Hold(HoldReason.SuspiciousAddress, $"送付先{number}の都道府県「{(prefecture.Length <= 20 && prefecture.All(char.IsAsciiLetter) ? prefecture : "？")}」が分かりません"));
            }

            if (shipment.IsTrue("contactLater"))
            {
                holds.Add(new Hold(HoldReason.SuspiciousAddress, $"送付先{number}は後で連絡（contactLater）"));
            }
        }

        return holds.ToImmutable();
    }

    public static IReadOnlyList<JsonElement> Shipments(JsonElement order) => order.List("shipmentList") ?? [];

    public static bool IsShipped(JsonElement shipment) => Fact(shipment, "shippingDate").Length > 0 || shipment.IsTrue("shipped");

    /// <summary>A shipping fact: nested in the search, flat in a get.</summary>
    public static string Fact(JsonElement shipment, string name) => shipment.Group("shippingInfo") is { } nested ? nested.Text(name) : shipment.Text(name);

    private static string PrefectureOf(JsonElement shipment) => shipment.Group("addressInfo") is { } address ? address.Text("prefecture") : "";

    /// <summary>Nothing is left to be paid.</summary>
    private static bool IsPaidInPoints(JsonElement order) =>
        JapaneseText.TryMoney(order.Text("grandTotal"), out var billed) && billed == 0
        && JapaneseText.TryMoney(order.Text("usedPointPrice"), out var points) && points > 0;
}
