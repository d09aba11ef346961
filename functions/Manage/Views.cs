using Domain.Deliveries;
using Domain.Orders;
using Domain.Shipments;
using Domain.Stores;

namespace Functions.Manage;

/// <summary>A person in an answer. Viewers see masked values.</summary>
public sealed record PartyView(string Name, string Kana, string PostalCode, string Address, string Phone, string? Email)
{
    public static PartyView Of(Party party, Caller caller, bool withEmail) => caller.SeesPersonalData
        ? new(party.Name, party.Kana, party.PostalCode, party.Address, party.Phone, withEmail ? party.Email : null)
        : new(Mask(party.Name), Mask(party.Kana), Mask(party.PostalCode), Mask(party.Prefecture) + "…", Mask(party.Phone), withEmail ? Mask(party.Email) : null);

    /// <summary>The first character, so that two values can be told apart but not read.</summary>
    public static string Mask(string text) => text.Length == 0 ? "" : $"{text[0]}＊＊";
}

/// <param name="Article">The code under which the shop keeps its stock (商品対応表); the marketplace's own where no row says otherwise.</param>
public sealed record LineView(string LineId, string Sku, string Article, string Title, string Option, int Quantity, decimal? UnitPrice, int TaxRate, LineStanding Standing)
{
    public static LineView Of(OrderLine line, Store store, bool withPrice) => new(
        line.LineId, line.Sku, store.ArticleOf(line.Sku), line.Title, line.Option, line.Quantity, withPrice ? line.UnitPrice.Amount : null, line.TaxRate, line.Standing);
}

public sealed record HoldView(string Code, string Detail, bool ClearsByItself);

/// <summary>A row of the order list.</summary>
public sealed record OrderSummary(string Store, string Code, OrderState State, IReadOnlyList<string> Holds, DateTimeOffset PlacedAt, string? PlannedShipDate, bool HandledElsewhere);

public sealed record OrderPageView(IReadOnlyList<OrderSummary> Orders, string? Continuation);

/// <summary>One order with its history.</summary>
public sealed record OrderView(
    string Store, string Code, OrderState State, IReadOnlyList<HoldView> Holds, DateTimeOffset PlacedAt, DateTimeOffset ImportedAt, DateOnly PlannedShipDate,
    string MarketplaceStatus, PartyView Buyer, PartyView Recipient, IReadOnlyList<LineView> Lines, OrderAmounts Amounts, string PaymentText, PaymentMethod? Payment,
    string DeliveryText, string? Delivery, DateOnly? RequestedDate, string TimeSlotText, GiftRequest Gift, string? BuyerNote,
    string DeliveryId, IReadOnlyList<PushView> Pushes, IReadOnlyList<HistoryEntry> History, IReadOnlyList<DestinationView> Destinations)
{
    /// <param name="carriers">The deliveries that carry it, by the numbers of its own; what is not among them travels by itself.</param>
    public static OrderView Of(SalesOrder order, Store store, IReadOnlyDictionary<int, DeliveryId> carriers, IEnumerable<PushEntry> pushes, Caller caller) => new(
        order.Key.Store.Value, order.Key.Code.Value, order.State, [.. order.Holds.Select(h => new HoldView(h.Code, h.Detail, h.ClearsByItself))],
        order.Content.PlacedAt, order.ImportedAt, order.PlannedShipDate, order.Content.RawStatus,
        PartyView.Of(order.Content.Buyer, caller, withEmail: true), PartyView.Of(order.Content.Recipient, caller, withEmail: false),
        [.. order.Content.Lines.Select(l => LineView.Of(l, store, withPrice: true))],
        order.Content.Amounts, order.Content.Payment.MethodText, order.Mapped.Payment, order.Content.DeliveryText, order.Mapped.Delivery?.ToString(),
        order.Content.RequestedDate, order.Content.TimeSlotText, order.Content.Gift,
        order.Content.BuyerNote.Length == 0 ? null : caller.SeesPersonalData ? order.Content.BuyerNote : "＊＊",
        DestinationView.Carrier(order, 1, carriers), [.. pushes.Select(PushView.Of)], order.History, DestinationView.Of(order, carriers, caller));
}

/// <summary>One recipient of an order with several (複数送付先).</summary>
/// <param name="Id">送付先番号 of the marketplace.</param>
/// <param name="DeliveryId">The delivery that carries what goes there; null = the order is held as one delivery.</param>
/// <param name="State">Where the order stands as far as this recipient is concerned.</param>
public sealed record DestinationView(
    string Id, string? DeliveryId, OrderState State, PartyView Recipient, IReadOnlyList<string> LineIds, string DeliveryText, string? Delivery,
    DateOnly? RequestedDate, string TimeSlotText, GiftRequest Gift, DateOnly? PlannedShipDate)
{
    /// <summary>Empty where the order has one recipient.</summary>
    public static IReadOnlyList<DestinationView> Of(SalesOrder order, IReadOnlyDictionary<int, DeliveryId> carriers, Caller caller) => order.Plans.IsEmpty
        ? [.. order.Content.Destinations.Where(_ => order.Content.Destinations.Length > 1).Select(d => new DestinationView(
            d.Id, null, order.State, PartyView.Of(d.Recipient, caller, withEmail: false), d.LineIds, d.DeliveryText, null, d.RequestedDate, d.TimeSlotText, d.Gift, null))]
        : [.. order.Parts.Select(p => new DestinationView(
            p.Destination, Carrier(order, p.Number, carriers), DeliveryMember.Of(order, p.Number).State, PartyView.Of(p.Recipient, caller, withEmail: false),
            [.. p.Lines.Select(l => l.LineId)], p.DeliveryText, p.Delivery?.ToString(), p.RequestedDate, p.TimeSlotText, p.Gift, p.PlannedShipDate))];

    internal static string Carrier(SalesOrder order, int number, IReadOnlyDictionary<int, DeliveryId> carriers) =>
        (carriers.GetValueOrDefault(number) ?? new DeliveryId(order.Key.Store, order.Key.Code, number)).ToString();
}

/// <summary>What the marketplace was told of a shipment, step by step.</summary>
/// <param name="Destination">The recipient's 送付先番号 where the order has several.</param>
public sealed record PushView(int Revision, string Service, string TrackingNumber, IReadOnlyList<PushStepEntry> Steps, string? Destination)
{
    public static PushView Of(PushEntry push) => new(push.Revision, push.Service, push.Number.Value, push.Steps, push.Destination);
}

/// <summary>A delivery as the shop and the warehouse see it: no buyer, no e-mail, no amount but what the parcel collects.</summary>
/// <param name="Bars">Why it may not go to the warehouse, in Japanese; empty = released.</param>
public sealed record DeliveryView(
    string Id, DeliveryState State, bool Released, IReadOnlyList<string> Bars, bool Stopped, string Warehouse, DateOnly PlannedShipDate,
    PartyView Recipient, string? Delivery, DateOnly? RequestedDate, string TimeSlot, decimal CashOnDelivery, GiftRequest Gift,
    IReadOnlyList<string> Orders, IReadOnlyList<LineView> Lines, string? BundledInto, string? Service, string? TrackingNumber)
{
    /// <param name="parts">What it takes of each order in it.</param>
    /// <param name="stores">Every store that has an order in it.</param>
    public static DeliveryView Of(
        OutboundDelivery delivery, IReadOnlyList<OrderPart> parts, IReadOnlyDictionary<StoreId, Store> stores, IReadOnlyList<ReleaseBar> bars, Caller caller)
    {
        var first = parts[0];
        return new DeliveryView(
            delivery.Id.ToString(), delivery.State, bars.Count == 0, [.. bars.Select(Release.Words)], delivery.Stopped, delivery.Warehouse, delivery.PlannedShipDate,
            PartyView.Of(first.Recipient, caller, withEmail: false), first.Delivery?.ToString(), first.RequestedDate, first.TimeSlot ?? first.TimeSlotText,
            delivery.Members.Aggregate(Yen.Zero, (sum, m) => sum + m.CashOnDelivery).Amount, first.Gift,
            [.. parts.Select(p => p.Order).Distinct().Select(o => o.Code.Value)],
            [.. parts.SelectMany(p => p.Lines.Where(l => l.Standing is LineStanding.Open).Select(l => LineView.Of(l, stores[p.Order.Store], withPrice: false)))],
            delivery.BundledInto?.ToString(), delivery.Shipment?.Service, delivery.Shipment?.Number.Value);
    }
}

public sealed record DeliveryPageView(IReadOnlyList<DeliveryView> Deliveries, string? Continuation);
