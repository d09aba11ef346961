using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sandbox.Core;

namespace Sandbox.ShopServe;

/// <summary>A shop's items and their stock: one count an item, or one for each variation, which is addressed by the <b>names</b> of its choices. [C×2]</summary>
internal sealed class ShopServeStock
{
    private readonly SortedDictionary<string, Dictionary<(string, string), Level>> _items = new(StringComparer.Ordinal);

    public int Count => _items.Count;

    public void Clear() => _items.Clear();

    public void Put(IReadOnlyList<SeedItem> items)
    {
        foreach (var item in items)
        {
            if (!_items.TryGetValue(item.Code, out var levels))
            {
                _items[item.Code] = levels = [];
            }
            else if (levels.ContainsKey(default) != (item.Variation1.Length == 0))
            {
                throw new ArgumentException($"Item '{item.Code}' has either one stock or one for each variation.");
            }

            levels[NameOf(item.Variation1, item.Variation2)] = new Level(item.Quantity, Threshold: 5);
        }
    }

    public IReadOnlyList<SeedItem> Items() =>
        [.. _items.SelectMany(item => item.Value.Select(l => new SeedItem(item.Key, l.Key.Item1 ?? "", l.Key.Item2 ?? "", l.Value.Quantity)))];

    public bool Has(string code) => _items.ContainsKey(code);

    /// <summary>GET items/{code}/stock. [C×3]</summary>
    public SimOutcome Read(string code)
    {
        if (!_items.TryGetValue(code, out var levels))
        {
            return ShopServeAnswers.NotFound("該当する商品がありません。");
        }

        if (levels.TryGetValue(default, out var single))
        {
            return ShopServeAnswers.Ok(new JsonObject
            {
                ["stock"] = new JsonObject
                {
                    ["management_type"] = "Item",
                    ["management_item"] = new JsonObject
                    {
                        ["quantity"] = single.Quantity,
                        ["alert_threshold"] = single.Threshold,
                        ["stock_condition"] = single.Quantity > 0 ? "InStock" : "SoldOut",
                    },
                },
            });
        }

        var patterns = levels.Select(l => (JsonNode)new JsonObject
        {
            ["pattern"] = new JsonArray([.. new[] { l.Key.Item1, l.Key.Item2 }.Where(n => n.Length > 0).Select(n => (JsonNode)n)]),
            ["quantity"] = l.Value.Quantity,
            ["alert_threshold"] = l.Value.Threshold,
        });
        return ShopServeAnswers.Ok(new JsonObject
        {
            ["stock"] = new JsonObject
            {
                ["management_type"] = "Variation",
                ["management_variation"] = new JsonObject { ["patterns"] = new JsonArray([.. patterns]) },
            },
        });
    }

    /// <summary>PUT items/{code}/stock, one SKU a call. [C×2] The body of its answer was not recorded.</summary>
    public SimOutcome Write(string code, JsonElement body)
    {
        if (!_items.TryGetValue(code, out var levels))
        {
            return ShopServeAnswers.NotFound("該当する商品がありません。");
        }

        var unlimited = Text(body, "unlimited");
        if (unlimited is not ("Yes" or "No"))
        {
            return ShopServeAnswers.Invalid("unlimited", "Yes または No を指定してください。");
        }

        var quantity = unlimited == "Yes" ? Limits.UnlimitedStock : Number(body, "quantity");
        if (quantity is not (>= 0 and <= Limits.UnlimitedStock))
        {
            return ShopServeAnswers.Invalid("quantity", "0以上の整数を指定してください。");
        }

        var name = NameOf(Text(body, "variation_name1"), Text(body, "variation_name2"));
        if (!levels.TryGetValue(name, out var known))
        {
            return ShopServeAnswers.Invalid("variation_name1", "該当するバリエーションがありません。");
        }

        levels[name] = new Level(quantity.Value, Number(body, "alert_threshold") ?? 0); // left out = cleared [G]
        JournalEffect[] effects = known.Quantity == quantity
            ? []
            : [new JournalEffect(EffectKind.Stock, code, $"{name.Item1}/{name.Item2}".Trim('/'), ShopServeAnswers.Text(known.Quantity), ShopServeAnswers.Text(quantity.Value), Again: false)];
        return ShopServeAnswers.Ok(new JsonObject { ["result"] = "OK" }, effects);
    }

    public int ThresholdOf(string code, string variation1 = "", string variation2 = "") => _items[code][NameOf(variation1, variation2)].Threshold;

    private static (string, string) NameOf(string first, string second) => first.Length == 0 ? default : (first, second);

    private static string Text(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString()! : "";

    /// <summary>A number, or one written as text: both are seen in clients. [1]</summary>
    private static int? Number(JsonElement body, string name) => body.TryGetProperty(name, out var value)
        ? value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetInt32(out var number) => number,
            JsonValueKind.String when int.TryParse(value.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
            _ => null,
        }
        : null;

    private sealed record Level(int Quantity, int Threshold);
}
