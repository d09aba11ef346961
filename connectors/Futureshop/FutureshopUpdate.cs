using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Connectors.Wire;
using Domain.Marketplaces;
using Domain.Orders;

namespace Connectors.Futureshop;

/// <summary>One order of a write.</summary>
/// <param name="Shipments">All its recipients with what each shall hold; empty where the write takes the order's number alone.</param>
internal sealed record FutureshopUpdate(OrderCode Order, ImmutableArray<FutureshopUpdate.Shipment> Shipments)
{
    /// <summary>Official.</summary>
    public const int OrdersPerCall = 100;

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="No">shipmentNo</param>
    /// <param name="ExpectedArrival">yyyy-MM-dd; empty = none is stored.</param>
    /// <param name="ShippedOn">yyyy-MM-dd; empty = not shipped.</param>
    public sealed record Shipment(string No, string Number, string ExpectedArrival, string ShippedOn);

    public static byte[] BodyOf(IEnumerable<FutureshopUpdate> updates)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body, Plain))
        {
            json.WriteStartObject();
            json.WriteStartArray("orderList");
            foreach (var update in updates)
            {
                json.WriteStartObject();
                json.WriteString("orderNo", update.Order.Value);
                if (!update.Shipments.IsEmpty)
                {
                    Write(json, update.Shipments);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return body.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, ImmutableArray<Shipment> shipments)
    {
        json.WriteStartArray("shipmentList");
        foreach (var shipment in shipments)
        {
            json.WriteStartObject();
            json.WriteNumber("shipmentNo", int.TryParse(shipment.No, NumberStyles.None, CultureInfo.InvariantCulture, out var no) ? no : throw new FormatException("shipmentNo of a recipient"));
            json.WriteStartObject("shippingInfo");
            json.WriteString("invoiceNo", shipment.Number);
            json.WriteString("expectedArrival", shipment.ExpectedArrival);
            json.WriteString("shippingDate", shipment.ShippedOn);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}

/// <param name="Code">Their code of a refusal.</param>
internal sealed record FutureshopResult(bool Succeeded, string Code);

/// <summary>What a write's answer says row by row. The whole is "failed" even where only some rows are.</summary>
internal sealed class FutureshopResults
{
    private readonly Dictionary<string, FutureshopResult> _rows = new(StringComparer.Ordinal);
    private readonly bool _allSucceeded;

    private FutureshopResults(bool allSucceeded) => _allSucceeded = allSucceeded;

    /// <param name="key">What names a row: orderNo, productNo.</param>
    /// <exception cref="MarketplaceException">Unreadable: the answer says neither success nor failure.</exception>
    public static FutureshopResults Of(FutureshopAnswer answer, string key)
    {
        var status = answer.Text("status");
        if (status is not ("success" or "failed"))
        {
            throw FutureshopErrors.Unreadable(answer.Endpoint, "status success or failed");
        }

        try
        {
            var results = new FutureshopResults(status == "success");
            foreach (var row in answer.Body.List("results") ?? [])
            {
                var code = FutureshopErrors.CodeIn(row);
                if (row.Text("status") == "success" || code.Length > 0 || row.Text("status") == "failed")
                {
                    results._rows[row.Text(key)] = new FutureshopResult(row.Text("status") == "success", code);
                }
            }

            return results;
        }
        catch (FormatException broken)
        {
            throw FutureshopErrors.Unreadable(answer.Endpoint, broken.Message);
        }
    }

    /// <summary>Null: there is no word about it. Which keys a row has on success is not certain: where all is well none needs a row.</summary>
    public FutureshopResult? Find(string key) => _rows.TryGetValue(key, out var row) ? row : _allSucceeded ? new FutureshopResult(true, "") : null;
}
