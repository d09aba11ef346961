using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Domain.Orders;
using Domain.Stores;

namespace Domain.Deliveries;

/// <summary>Names an outbound delivery (出荷伝票): the order it was made for and its number within that order, from 1. Written <c>store~code~1</c>.</summary>
public sealed record DeliveryId(StoreId Store, OrderCode Code, int Number)
{
    public static DeliveryId First(OrderKey order) => new(order.Store, order.Code, 1);

    public OrderKey Order => new(Store, Code);

    public override string ToString() => $"{Store}~{Code}~{Number.ToString(CultureInfo.InvariantCulture)}";

    public static bool TryParse(string? text, [NotNullWhen(true)] out DeliveryId? id)
    {
        id = text?.Split('~') is [var store, var code, var number]
            && StoreId.TryParse(store, out var storeId)
            && OrderCode.TryParse(code, out var orderCode)
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n > 0
                ? new DeliveryId(storeId, orderCode, n)
                : null;
        return id is not null;
    }

    public static DeliveryId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException("That is not a delivery id: it is written store~order~number.");
}
