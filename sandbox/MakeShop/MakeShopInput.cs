using System.Globalization;
using System.Text.Json;

namespace Sandbox.MakeShop;

/// <summary>The keys that an input object takes, and what each of them holds: null = a value, else the keys of the objects in its list.</summary>
internal sealed class MakeShopInput : Dictionary<string, MakeShopInput?>
{
    private static readonly MakeShopInput Level = new() { ["productKeyType"] = null, ["customCode"] = null, ["systemCode"] = null, ["quantityCalculationType"] = null, ["quantity"] = null };

    private MakeShopInput()
        : base(StringComparer.Ordinal)
    {
    }

    /// <summary>The input of each operation and the name of its type. Search keys [C] but for the two by number [A].</summary>
    public static IReadOnlyDictionary<string, (string Type, MakeShopInput Keys)> Of(MakeShopRules rules)
    {
        var search = new MakeShopInput();
        foreach (var key in rules.NumberFilters.Concat(["startOrderDate", "endOrderDate", "startPaymentDate", "endPaymentDate", "deliveryStatus", "sortOrder", "page", "limit"]))
        {
            search[key] = null;
        }

        return new Dictionary<string, (string, MakeShopInput)>(StringComparer.Ordinal)
        {
            ["searchOrder"] = ("SearchOrderRequest", search),
            ["searchProductQuantity"] = ("SearchProductQuantityRequest", new() { ["page"] = null, ["limit"] = null, ["systemCodes"] = null }),
            ["updateOrderAttribute"] = ("UpdateOrderAttributeRequest", new()
            {
                ["updateOrderAttributes"] = new()
                {
                    ["displayOrderNumber"] = null,
                    ["deliveryRequestInfos"] = new() { ["deliveryId"] = null, ["slipNumber"] = null, ["deliveryCompanyCode"] = null },
                },
            }),
            ["updateOrderDeliveryStatus"] = ("UpdateOrderDeliveryStatusRequest", new()
            {
                ["updateOrderDeliveryStatusRequests"] = new() { ["displayOrderNumber"] = null, ["deliveryId"] = null, ["deliveryStatus"] = null },
            }),
            ["cancelOrder"] = ("CancelOrderRequest", new() { ["cancelOrders"] = new() { ["displayOrderNumber"] = null, ["reason"] = null } }), // [A]
            ["updateProductQuantity"] = ("UpdateProductQuantityRequest", new() { ["productQuantities"] = Level }),
            ["updateVariationQuantity"] = ("UpdateVariationQuantityRequest", new() // [A]
            {
                ["variationQuantities"] = new() { ["variationCustomCode"] = null, ["quantityCalculationType"] = null, ["quantity"] = null },
            }),
        };
    }

    /// <summary>The paths of keys that the input type does not have.</summary>
    public IEnumerable<string> Unknown(JsonElement input, string path)
    {
        if (input.ValueKind is not JsonValueKind.Object)
        {
            yield break;
        }

        foreach (var property in input.EnumerateObject())
        {
            if (!TryGetValue(property.Name, out var inner))
            {
                yield return $"{path}.{property.Name}";
            }
            else if (inner is not null)
            {
                foreach (var (item, i) in Items(property.Value).Select((item, i) => (item, i)))
                {
                    foreach (var unknown in inner.Unknown(item, $"{path}.{property.Name}.{i.ToString(CultureInfo.InvariantCulture)}"))
                    {
                        yield return unknown;
                    }
                }
            }
        }
    }

    /// <summary>A list, or one item in the place of a list.</summary>
    public static IEnumerable<JsonElement> Items(JsonElement value) => value.ValueKind is JsonValueKind.Array ? value.EnumerateArray() : [value];

    /// <summary>The items of a list by key; none where the key is missing.</summary>
    public static IEnumerable<JsonElement> Items(JsonElement input, string key) =>
        input.ValueKind is JsonValueKind.Object && input.TryGetProperty(key, out var value) && value.ValueKind is not JsonValueKind.Null ? Items(value) : [];

    /// <summary>A value as text; null where it is missing or null.</summary>
    public static string? Text(JsonElement input, string key) =>
        input.ValueKind is not JsonValueKind.Object || !input.TryGetProperty(key, out var value) ? null
        : value.ValueKind switch { JsonValueKind.Null => null, JsonValueKind.String => value.GetString(), _ => value.GetRawText() };

    /// <summary>A whole number; what is no number is <paramref name="senseless"/>.</summary>
    public static int Number(JsonElement input, string key, int otherwise, int senseless) =>
        Text(input, key) is not { } text ? otherwise
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : senseless;
}
