using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Connectors.Wire;
using Domain.Marketplaces;

namespace Connectors.ShopServe;

/// <summary>Sets stock levels, one SKU a call, a variation by the names of its choices. What stands is read first: a call that left the alert threshold out might
/// clear it, and a name that the item does not have is found before it is sent.</summary>
internal sealed class ShopServeStock(ShopServeCalls calls) : IStockSink
{
    public async Task<IReadOnlyList<StockOutcome>> SetAsync(StoreAccess access, IReadOnlyList<StockReport> levels, CancellationToken cancellation)
    {
        var outcomes = new List<StockOutcome>();
        foreach (var level in levels)
        {
            outcomes.Add(await SetAsync(access, level, cancellation));
        }

        return outcomes;
    }

    private async Task<StockOutcome> SetAsync(StoreAccess access, StockReport level, CancellationToken cancellation)
    {
        var address = ShopServeCalls.AddressOf(access, "stock-path", level.Item.Code);
        try
        {
            var stock = await calls.ReadAsync(access, "items/stock", HttpMethod.Get, address, null, cancellation);
            if (Find(stock, level.Item) is not { } stands)
            {
                return new StockOutcome.Rejected(level.Item, "no-variation", "この商品（バリエーション）の在庫がショップサーブにありません。バリエーションは名前で指定します", UnknownItem: true);
            }

            await calls.WriteAsync(access, "items/stock/write", HttpMethod.Parse(access.Setting("stock-method")), address, BodyOf(access, level, stands), cancellation);
            return new StockOutcome.Accepted(level.Item);
        }
        catch (MarketplaceException refused) when (refused.Kind is FailureKind.Rejected)
        {
            return new StockOutcome.Rejected(level.Item, refused.Code ?? "", refused.Message, UnknownItem: refused.Code == HttpRefusals.NotFound);
        }
        catch (MarketplaceException odd) when (odd.Kind is FailureKind.Unreadable)
        {
            return new StockOutcome.Unknown(level.Item, odd.Message);
        }
    }

    /// <summary>What stands for this item or variation; null = it has no such stock.</summary>
    private static JsonElement? Find(JsonElement answer, StockItem item)
    {
        if (!answer.TryGetProperty("stock", out var stock) || stock.ValueKind is not JsonValueKind.Object)
        {
            throw ShopServeErrors.Unreadable("items/stock", "an object in stock");
        }

        string[] wanted = [.. new[] { item.Variation1, item.Variation2 }.Where(v => v.Length > 0)];
        if (wanted.Length == 0)
        {
            return stock.TryGetProperty("management_item", out var single) && single.ValueKind is JsonValueKind.Object ? single : null;
        }

        if (!stock.TryGetProperty("management_variation", out var variation) || variation.ValueKind is not JsonValueKind.Object
            || !variation.TryGetProperty("patterns", out var patterns) || patterns.ValueKind is not JsonValueKind.Array)
        {
            return null;
        }

        foreach (var pattern in patterns.EnumerateArray())
        {
            if (pattern.ValueKind is JsonValueKind.Object && pattern.TryGetProperty("pattern", out var names) && names.ValueKind is JsonValueKind.Array
                && names.EnumerateArray().Select(n => n.ToString()).SequenceEqual(wanted, StringComparer.Ordinal))
            {
                return pattern;
            }
        }

        return null;
    }

    private static JsonObject BodyOf(StoreAccess access, StockReport level, JsonElement stands)
    {
        var asText = access.Setting("stock-quantity-type") == "text";
        var body = new JsonObject();
        if (level.Item.Variation1.Length > 0)
        {
            body["variation_name1"] = level.Item.Variation1;
        }

        if (level.Item.Variation2.Length > 0)
        {
            body["variation_name2"] = level.Item.Variation2;
        }

        body["unlimited"] = "No";
        body["quantity"] = asText ? level.Quantity.ToString(CultureInfo.InvariantCulture) : level.Quantity;
        if (stands.TryGetProperty("alert_threshold", out var threshold) && threshold.ValueKind is JsonValueKind.Number or JsonValueKind.String)
        {
            body["alert_threshold"] = JsonNode.Parse(threshold.GetRawText());
        }

        return body;
    }
}
