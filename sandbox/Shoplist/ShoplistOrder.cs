using System.Text;
using System.Text.Json.Nodes;
using Sandbox.Core;

namespace Sandbox.Shoplist;

/// <summary>One order as SHOPLIST holds it. The API shows only part of it: neither people nor addresses, neither payment nor fees. Guarded by its shop's lock.</summary>
internal sealed class ShoplistOrder(string number, SeedOrder seed, DateTimeOffset receivedAt)
{
    private byte[]? _rendered;

    public string Number { get; } = number;

    public SeedOrder Seed { get; } = seed;

    public DateTimeOffset PlacedAt => Seed.PlacedAt;

    public DateTimeOffset VisibleSince { get; } = receivedAt > seed.PlacedAt ? receivedAt : seed.PlacedAt;

    public bool Cancelled { get; private set; }

    public string Status => Cancelled ? "キャンセル" : "受付";

    public string DeliveryKind => Seed.ShippedByMarketplace ? Limits.SpeedDelivery : Limits.NormalDelivery;

    public ServedOrder Served() => new(Number, PlacedAt, VisibleSince, $"{Status} {DeliveryKind}", Paid: true, Cancelled, Shipped: false, "", "");

    public void Cancel()
    {
        Cancelled = true;
        _rendered = null;
    }

    /// <summary>What the API shows, in UTF-8, made once until it changes.</summary>
    public byte[] Json() => _rendered ??= Encoding.UTF8.GetBytes(ShoplistAnswers.Write(Render()));

    private JsonObject Render()
    {
        var json = new JsonObject
        {
            ["order_number"] = Number,
            ["ordered_at"] = Seed.Malformed == "date" ? "2026-13-45 99:99:99" : JapanTime.Text(PlacedAt, "yyyy-MM-dd HH:mm:ss"),
            ["status"] = Status,
            ["delivery_kind"] = DeliveryKind,
        };
        if (Seed.Malformed != "missing")
        {
            json["items"] = new JsonArray([.. Seed.Lines.Select((l, i) => (JsonNode)Line(l, i + 1))]);
        }

        return json;
    }

    private JsonObject Line(SeedLine line, int number)
    {
        var json = new JsonObject
        {
            ["line_number"] = ShoplistAnswers.Text(number),
            [Limits.ItemCode] = line.Sku,
            ["item_name"] = line.Title,
            ["color_size"] = line.Option,
            ["quantity"] = line.Quantity,
        };
        json["price"] = Seed.Malformed == "amount" ? "一式" : line.UnitPrice;
        return json;
    }
}
