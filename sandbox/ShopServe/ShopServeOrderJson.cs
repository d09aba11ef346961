using System.Text;
using System.Text.Json.Nodes;
using Sandbox.Core;

namespace Sandbox.ShopServe;

/// <summary>An order in the sandbox's guess of their JSON. Keys are snake_case and booleans "Yes" and "No", as everywhere in their API [C]; the names themselves are [G].</summary>
internal static class ShopServeOrderJson
{
    private static readonly string[] Temperatures = ["NoControl", "Cold"]; // [C] the item's own words

    public static byte[] Render(ShopServeOrder order, IReadOnlySet<string> parts)
    {
        var json = Basic(order);
        if (parts.Contains("orderer"))
        {
            json["orderer"] = Person(order.Seed.Buyer, withEmail: true);
        }

        if (parts.Contains("delivery") && order.Seed.Malformed != "missing")
        {
            json["destinations"] = Destinations(order, withItems: parts.Contains("item"));
        }

        return Encoding.UTF8.GetBytes(ShopServeAnswers.Write(json));
    }

    private static JsonObject Basic(ShopServeOrder order)
    {
        var seed = order.Seed;
        var items = seed.Lines.Concat(seed.FurtherDestinations.SelectMany(d => d.Lines)).Sum(l => l.UnitPrice * l.Quantity);
        var total = items + seed.ShippingFee;
        return new JsonObject
        {
            ["serial_code"] = order.SerialCode,
            ["order_date"] = seed.Malformed == "date" ? "2026-13-45 99:99:99" : JapanTime.Text(order.PlacedAt, "yyyy-MM-dd HH:mm:ss"),
            ["order_status"] = order.OrderStatus,
            ["settlement_status"] = order.SettlementStatus,
            ["deposit_status"] = order.DepositStatus,
            ["shipping_status"] = order.ShippingStatus,
            ["payment_method"] = order.PaymentMethod,
            ["item_total"] = items,
            ["shipping_charge"] = seed.ShippingFee,
            ["payment_charge"] = 0,
            ["wrapping_charge"] = 0,
            ["coupon_discount"] = seed.Coupon,
            ["point_discount"] = seed.Points,
            ["total_price"] = seed.Malformed == "amount" ? "一式" : total,
            ["billed_price"] = total - seed.Coupon - seed.Points,
            ["note"] = seed.BuyerNote ?? "",
        };
    }

    private static JsonArray Destinations(ShopServeOrder order, bool withItems)
    {
        var seed = order.Seed;
        var all = new JsonArray(Destination(order, 1, seed.Recipient, seed.Lines, firstLine: 1, withItems));
        var line = 1 + seed.Lines.Count;
        foreach (var further in seed.FurtherDestinations)
        {
            all.Add((JsonNode)Destination(order, all.Count + 1, further.Recipient, further.Lines, line, withItems));
            line += further.Lines.Count;
        }

        return all;
    }

    private static JsonObject Destination(ShopServeOrder order, int code, SeedPerson recipient, IReadOnlyList<SeedLine> lines, int firstLine, bool withItems)
    {
        var seed = order.Seed;
        var json = Person(recipient, withEmail: false);
        json["destination_code"] = ShopServeAnswers.Text(code);
        json["delivery_method"] = seed.DeliveryText ?? "宅配便";
        json["delivery_date"] = seed.RequestedDate?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) ?? "";
        json["delivery_time"] = seed.TimeSlotText ?? "";
        json["wrapping"] = seed.GiftWrap ? "Yes" : "No";
        json["noshi"] = seed.Noshi ?? "";
        json["delivery_company"] = order.Company;
        json["tracking_number"] = order.Number;
        json["shipped_date"] = order.ShippedDate;
        if (withItems)
        {
            json["items"] = new JsonArray([.. lines.Select((l, i) => (JsonNode)Line(l, firstLine + i, seed.Chilled))]);
        }

        return json;
    }

    private static JsonObject Person(SeedPerson person, bool withEmail)
    {
        var json = new JsonObject
        {
            ["name"] = $"{person.LastName} {person.FirstName}",
            ["name_kana"] = $"{person.LastKana} {person.FirstKana}",
            ["postal_code"] = person.PostalCode,
            ["prefecture"] = person.Prefecture,
            ["city"] = person.City,
            ["street"] = person.Street,
            ["building"] = person.Building,
            ["tel"] = person.Phone,
        };
        if (withEmail)
        {
            json["email"] = person.Email;
        }

        return json;
    }

    /// <summary>商品番号 and 商品枝番号 come apart; a partner joins them to the SKU. [C] The branch begins with its hyphen. [C]</summary>
    private static JsonObject Line(SeedLine line, int number, bool chilled)
    {
        var cut = line.Option.Length == 0 ? -1 : line.Sku.LastIndexOf('-');
        return new JsonObject
        {
            ["line_number"] = ShopServeAnswers.Text(number),
            ["item_code"] = cut < 1 ? line.Sku : line.Sku[..cut],
            ["branch_number"] = cut < 1 ? "" : line.Sku[cut..],
            ["item_name"] = line.Title,
            ["option"] = line.Option,
            ["quantity"] = line.Quantity,
            ["price"] = line.UnitPrice,
            ["tax_rate"] = line.TaxRate,
            ["temperature_controlled"] = Temperatures[chilled ? 1 : 0],
        };
    }
}
