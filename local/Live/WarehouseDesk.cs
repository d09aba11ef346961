using Domain.Shipments;
using Functions.Manage;
using Functions.Warehouse;

namespace Local.Live;

/// <summary>What the simulated warehouse ships, with which carrier and number.</summary>
public sealed class WarehouseDesk
{
    private long _next = 40_000_000_000; // eleven digits; the twelfth is the check digit

    private readonly Dictionary<string, string> _labels = new(StringComparer.Ordinal);

    /// <summary>Deliveries in work become shipments; one that is stopped stays. A delivery keeps its label, however often it is asked for.</summary>
    public IReadOnlyList<ShipmentFormLine> Pack(IEnumerable<DeliveryView> inWork)
    {
        var lines = new List<ShipmentFormLine>();
        foreach (var delivery in inWork.Where(d => !d.Stopped))
        {
            if (!_labels.TryGetValue(delivery.Id, out var number))
            {
                number = TrackingNumber.FromElevenDigits(_next++).Value;
                _labels[delivery.Id] = number;
            }

            lines.Add(new ShipmentFormLine(delivery.Id, ServiceOf(delivery), number));
        }

        return lines;
    }

    /// <summary>The label is used up.</summary>
    public void NoteShipped(string delivery) => _labels.Remove(delivery);

    private static string ServiceOf(DeliveryView delivery) =>
        delivery.Delivery?.Split('+')[0] is { } service && service is "sagawa" or "jp-yupack" ? service : "yamato";
}
