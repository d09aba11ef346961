using System.Text.Json;
using Domain.Marketplaces;

namespace Connectors.MakeShop;

/// <summary>Tells stock levels: products by their own code (<c>updateProductQuantity</c>), variations by theirs (<c>updateVariationQuantity</c>). Only the rows that failed come back.</summary>
/// <remarks>That calculation type 1 replaces the stock is assumed. Where it adds instead, every level would be wrong: off until the store has seen it work.</remarks>
internal sealed class MakeShopStock(MakeShopCalls calls) : IStockSink
{
    /// <summary>How they may say that there is no such product; their texts are not known.</summary>
    private static readonly string[] Unknowns = ["存在し", "該当する", "見つか", "登録されていません", "not found", "not exist"];

    public async Task<IReadOnlyList<StockOutcome>> SetAsync(StoreAccess access, IReadOnlyList<StockReport> levels, CancellationToken cancellation)
    {
        if (access.Setting("stock-verified") != "true")
        {
            return [.. levels.Select(l => new StockOutcome.Rejected(
                l.Item, "not-verified", "在庫の計算方法（置き換えか加算か）が未確認のため送っていません。確かめてから店舗の設定 stock-verified を有効にしてください"))];
        }

        var outcomes = new List<StockOutcome>();
        foreach (var (some, isVariation) in new[] { (levels.Where(l => l.Item.Variation1.Length == 0), false), (levels.Where(l => l.Item.Variation1.Length > 0), true) })
        {
            StockReport[] sent = [.. some];
            if (sent.Length == 0)
            {
                continue;
            }

            try
            {
                outcomes.AddRange(await SendAsync(access, sent, isVariation, cancellation));
            }
            catch (MarketplaceException failure) when (outcomes.Count > 0)
            {
                // The products have their outcome; a level is absolute and may be sent again.
                outcomes.AddRange(sent.Select(l => failure.Kind is FailureKind.Rejected
                    ? (StockOutcome)new StockOutcome.Rejected(l.Item, failure.Code ?? "", failure.Message)
                    : new StockOutcome.Unknown(l.Item, failure.Message)));
            }
        }

        return outcomes;
    }

    private async Task<IEnumerable<StockOutcome>> SendAsync(StoreAccess access, StockReport[] levels, bool isVariation, CancellationToken cancellation)
    {
        var (operation, list, key) = isVariation
            ? ("updateVariationQuantity", "variationQuantities", "variationCustomCode")
            : ("updateProductQuantity", "productQuantities", access.Setting("product-key-type") == "0" ? "systemCode" : "customCode");
        var answer = await calls.SendAsync(
            access, operation, CallKind.Write,
            MakeShopCalls.Query("mutation", operation, isVariation ? "UpdateVariationQuantityRequest" : "UpdateProductQuantityRequest", $"failResult{{{key} message}}"),
            input =>
            {
                input.WriteStartArray(list);
                foreach (var level in levels)
                {
                    input.WriteStartObject();
                    if (!isVariation)
                    {
                        input.WriteNumber("productKeyType", NumberOf(access, "product-key-type"));
                    }

                    input.WriteString(key, CodeOf(level));
                    input.WriteNumber("quantityCalculationType", NumberOf(access, "quantity-calculation-type"));
                    input.WriteNumber("quantity", level.Quantity);
                    input.WriteEndObject();
                }

                input.WriteEndArray();
            },
            cancellation);
        var data = answer.Good();

        // Nothing failed may come as an empty list or as null; a field that is not there at all says nothing.
        if (!data.TryGetProperty("failResult", out var failed) || failed.ValueKind is not (JsonValueKind.Array or JsonValueKind.Null))
        {
            return levels.Select(l => new StockOutcome.Unknown(l.Item, "the answer brings no failResult"));
        }

        return Outcomes(levels, data, key);
    }

    private static IEnumerable<StockOutcome> Outcomes(StockReport[] levels, JsonElement data, string key)
    {
        var refused = new Dictionary<string, string>(StringComparer.Ordinal);
        var anyone = false;
        try
        {
            foreach (var row in data.Items("failResult"))
            {
                refused[row.Text(key)] = row.Text("message");
            }

            anyone = refused.Keys.Any(code => levels.All(l => CodeOf(l) != code));
        }
        catch (InvalidOperationException)
        {
            anyone = true;
        }

        return levels.Select(level => refused.TryGetValue(CodeOf(level), out var text)
            ? new StockOutcome.Rejected(level.Item, "message", MakeShopErrors.Short(text), Unknowns.Any(u => text.Contains(u, StringComparison.OrdinalIgnoreCase)))
            : anyone
                ? (StockOutcome)new StockOutcome.Unknown(level.Item, "the answer names a failed item that was not sent")
                : new StockOutcome.Accepted(level.Item));
    }

    private static string CodeOf(StockReport level) => level.Item.Variation1.Length > 0 ? level.Item.Variation1 : level.Item.Code;

    private static int NumberOf(StoreAccess access, string setting) => int.Parse(access.Setting(setting), System.Globalization.CultureInfo.InvariantCulture);
}
