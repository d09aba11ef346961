using System.Globalization;
using System.Text;
using System.Text.Json;
using Sandbox.Core;

namespace Sandbox.Futureshop;

/// <summary>Stock: search and update of products with their variations. The simulated shop sells regular stock only.</summary>
internal static class FutureshopStock
{
    /// <param name="next">Makes the address of the page after this one.</param>
    public static SimOutcome Search(FutureshopShop shop, Func<string, string> query, int offset, Func<int, string> next)
    {
        var types = query("types");
        var (wanted, _) = (query("productNo"), query("janCode"));
        var products = types.Length == 0 || types.Split(',').Contains("regular")
            ? shop.Stock.GroupBy(s => s.Key.Product, StringComparer.Ordinal).Where(p => wanted.Length == 0 || p.Key == wanted).ToList()
            : [];
        var page = products.Skip(offset).Take(Limits.ProductsPerPage).ToList();
        return SimOutcome.Ok(FutureshopAnswers.Json(json =>
        {
            json.WriteStartArray("productList");
            foreach (var product in page)
            {
                json.WriteStartObject();
                json.WriteString("productNo", product.Key);
                json.WriteString("name", $"見本商品 {product.Key}");
                json.WriteBoolean("visible", true);
                json.WriteBoolean("variationEnabled", product.Any(p => p.Key.Vertical.Length > 0));
                json.WriteString("type", "regular");
                json.WriteStartObject("inventoryInfo");
                json.WriteStartObject("regular");
                json.WriteStartArray("inventoryList");
                foreach (var ((_, vertical, horizontal), count) in product)
                {
                    json.WriteStartObject();
                    json.WriteString("skuNo", product.Key + vertical + horizontal);
                    json.WriteString("verticalNo", vertical);
                    json.WriteString("horizontalNo", horizontal);
                    json.WriteString("janCode", "");
                    json.WriteNumber("count", count);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            if (offset + page.Count < products.Count)
            {
                json.WriteString("nextUrl", next(offset + page.Count));
            }
        }));
    }

    /// <summary>The products of the shop, cheap to ask.</summary>
    public static SimOutcome Products(FutureshopShop shop, string count)
    {
        if (!int.TryParse(count.Length == 0 ? "50" : count, NumberStyles.None, CultureInfo.InvariantCulture, out var size) || size is < Limits.ProductsFrom or > Limits.ProductsTo)
        {
            return FutureshopAnswers.Refused(400, Limits.BadForm, "（見本）countは50～250です", "count");
        }

        return SimOutcome.Ok(FutureshopAnswers.Json(json =>
        {
            json.WriteStartArray("productList");
            foreach (var product in shop.Stock.Keys.Select(k => k.Product).Distinct().Take(size))
            {
                json.WriteStartObject();
                json.WriteString("productNo", product);
                json.WriteString("name", $"見本商品 {product}");
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }));
    }

    public static SimOutcome Update(FutureshopShop shop, byte[] body)
    {
        if (FutureshopWrites.Rows(body, "productList") is not { Count: > 0 } rows)
        {
            return FutureshopAnswers.Refused(400, Limits.Missing, "（見本）productListは必須です", "productList");
        }

        if (rows.Count > Limits.RowsPerWrite)
        {
            return FutureshopAnswers.Refused(400, Limits.TooMany, "（見本）一度に更新できる件数を超えています", "productList");
        }

        var effects = new List<JournalEffect>();
        return FutureshopAnswers.Results([.. rows.Select(row => Update(shop, row, effects))], "productNo", effects);
    }

    private static FutureshopResult Update(FutureshopShop shop, JsonElement row, List<JournalEffect> effects)
    {
        var product = FutureshopWrites.Text(row, "productNo") ?? "";
        FutureshopResult Refused(string code, string message) => new(product, code, message);
        if (product.Length == 0 || Encoding.UTF8.GetByteCount(product) > Limits.ProductNoBytes)
        {
            return Refused(Limits.BadForm, "（見本）productNoが正しくありません");
        }

        if (shop.Stock.Keys.All(k => k.Product != product))
        {
            return Refused(Limits.NoProduct, "（見本）商品が存在しません");
        }

        if (!row.TryGetProperty("inventoryInfo", out var info) || info.ValueKind is not JsonValueKind.Object)
        {
            return Refused(Limits.Missing, "（見本）inventoryInfoは必須です");
        }

        if (info.TryGetProperty("preorder", out _) || info.TryGetProperty("plannedList", out _))
        {
            return Refused(Limits.NotManaged, "（見本）予約・入荷予定の在庫は設定されていません");
        }

        if (!info.TryGetProperty("regular", out var regular) || !regular.TryGetProperty("inventoryList", out var list) || list.ValueKind is not JsonValueKind.Array)
        {
            return Refused(Limits.Missing, "（見本）inventoryListは必須です");
        }

        var levels = new List<((string, string, string) Key, int Count)>();
        foreach (var item in list.EnumerateArray())
        {
            var (vertical, horizontal) = (FutureshopWrites.Text(item, "verticalNo") ?? "", FutureshopWrites.Text(item, "horizontalNo") ?? "");
            if (Encoding.UTF8.GetByteCount(vertical) > Limits.VariationNoBytes || Encoding.UTF8.GetByteCount(horizontal) > Limits.VariationNoBytes)
            {
                return Refused(Limits.BadForm, "（見本）バリエーション番号が長すぎます");
            }

            if (!shop.Stock.TryGetValue((product, vertical, horizontal), out var stands))
            {
                return Refused(Limits.NoStock, "（見本）在庫が存在しません");
            }

            if (LevelOf(item, stands) is not { } count)
            {
                return Refused(Limits.BadForm, "（見本）countが正しくありません");
            }

            levels.Add(((product, vertical, horizontal), count));
        }

        foreach (var (key, count) in levels)
        {
            if (shop.Stock[key] != count)
            {
                effects.Add(new JournalEffect(EffectKind.Stock, product, key.Item2 + key.Item3, Text(shop.Stock[key]), Text(count), Again: false));
                shop.Stock[key] = count;
            }
        }

        return new FutureshopResult(product);
    }

    private static string Text(int count) => count.ToString(CultureInfo.InvariantCulture);

    /// <summary>A number sets; a text sets, or adds and subtracts where it has a sign. Null = not a level from zero up.</summary>
    private static int? LevelOf(JsonElement item, int stands)
    {
        if (!item.TryGetProperty("count", out var count))
        {
            return null;
        }

        int? level = count.ValueKind switch
        {
            JsonValueKind.Number when count.TryGetInt32(out var number) => number,
            JsonValueKind.String when int.TryParse(count.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) =>
                count.GetString()![0] is '+' or '-' ? stands + number : number,
            _ => null,
        };
        return level >= 0 ? level : null;
    }
}
