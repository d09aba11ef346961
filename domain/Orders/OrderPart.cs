using System.Collections.Immutable;
using Domain.Stores;

namespace Domain.Orders;

/// <summary>One recipient of an order with several (複数送付先), as the store judges it: its delivery's number for good, and what the mappings make of its texts.</summary>
/// <param name="Number">The delivery's number within the order, from 1; never given to another recipient.</param>
/// <param name="Id">The marketplace's id of the recipient (送付先番号).</param>
/// <param name="Delivery">Null = no mapping row.</param>
/// <param name="TimeSlot">Null = no mapping row; empty = none asked for.</param>
/// <param name="PlannedShipDate">出荷予定日, a JST day.</param>
/// <param name="Shipped">Its parcel has left from us.</param>
/// <param name="Dropped">Nothing goes there any more: it left the order, its lines were cancelled, or someone else shipped them. It stays in the list for its number.</param>
public sealed record DestinationPlan(
    int Number, string Id, DeliveryMethod? Delivery, string? TimeSlot, DateOnly PlannedShipDate, bool Shipped = false, bool Dropped = false)
{
    public bool IsOpen => !Shipped && !Dropped;
}

/// <summary>What one delivery takes of an order: the whole of it, or one recipient's share where it has several.</summary>
/// <param name="Number">The delivery's number within the order.</param>
/// <param name="Destination">The recipient's id at the marketplace; empty = the order has one recipient.</param>
/// <param name="Lines">Its lines, cancelled ones included.</param>
/// <param name="Delivery">The service and the colder of the temperatures that mapping and marketplace name; null = no mapping row.</param>
/// <param name="TimeSlot">Null = no mapping row; empty = none asked for.</param>
/// <param name="CashOnDelivery">代金引換金額: what this parcel collects. Of an order with several recipients the first delivery that is not dropped
/// collects the whole amount, the others nothing.</param>
/// <param name="Dropped">Nothing goes there any more.</param>
public sealed record OrderPart(
    OrderKey Order, int Number, string Destination, Party Recipient, ImmutableArray<OrderLine> Lines, string DeliveryText, DeliveryMethod? Delivery,
    Temperature Temperature, DateOnly? RequestedDate, string TimeSlotText, string? TimeSlot, GiftRequest Gift, DateOnly PlannedShipDate,
    Yen CashOnDelivery, bool Shipped, bool Dropped);
