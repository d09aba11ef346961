using System.Buffers;
using System.Text;
using System.Text.Json;
using Domain.Marketplaces;

namespace Connectors.Futureshop;

/// <summary>Sets stock levels (在庫更新), a hundred products a call: productNo with verticalNo and horizontalNo, regular stock only. A count is sent as a number, which sets;
/// as a text with a sign it would add, and adding twice is wrong.</summary>
internal sealed class FutureshopStock(FutureshopCalls calls) : IStockSink
{
    private const string Endpoint = "inventory";

    /// <summary>Official.</summary>
    private const int ProductsPerCall = 100;

    /// <summary>Official, UTF-8 bytes.</summary>
    private const int LongestProduct = 32;

    /// <summary>Official, UTF-8 bytes.</summary>
    private const int LongestVariation = 9;

    public async Task<IReadOnlyList<StockOutcome>> SetAsync(StoreAccess access, IReadOnlyList<StockReport> levels, CancellationToken cancellation)
    {
        var outcomes = new Dictionary<StockItem, StockOutcome>();
        var latest = new Dictionary<StockItem, StockReport>();
        foreach (var level in levels)
        {
            if (Unsendable(level.Item) is { } unsendable)
            {
                outcomes[level.Item] = unsendable;
            }
            else
            {
                latest[level.Item] = level;
            }
        }

        // A product is refused as a whole, whichever of its variations is wrong: then they go one at a time, one of each product a call.
        var products = latest.Values.GroupBy(l => l.Item.Code, StringComparer.Ordinal).Select(p => p.ToArray());
        var torn = new List<StockReport[]>();
        foreach (var (product, result) in await SendAsync(access, [.. products.Chunk(ProductsPerCall)], cancellation))
        {
            if (product.Length > 1 && result is { Succeeded: false })
            {
                torn.Add(product);
            }

            Tell(product, result);
        }

        for (var round = 0; torn.Any(p => p.Length > round); round++)
        {
            var single = torn.Where(p => p.Length > round).Select(p => new[] { p[round] });
            foreach (var (product, result) in await SendAgainAsync(access, [.. single.Chunk(ProductsPerCall)], cancellation))
            {
                Tell(product, result);
            }
        }

        return [.. levels.Select(l => outcomes[l.Item])];

        void Tell(StockReport[] product, FutureshopResult? result)
        {
            foreach (var level in product)
            {
                outcomes[level.Item] = result switch
                {
                    { Succeeded: true } => new StockOutcome.Accepted(level.Item),
                    { Code: var code } => new StockOutcome.Rejected(level.Item, code, FutureshopErrors.MeaningOf(code), UnknownItem: code is "ProductNotFound" or "StockNotFound"),
                    null => new StockOutcome.Unknown(level.Item, "no word about it came back"),
                };
            }
        }
    }

    /// <summary>Sends part after part. When one is lost after others were answered, those keep their result; a level may be sent again.</summary>
    /// <returns>Each product with its result; null = there is no word about it.</returns>
    private async Task<IReadOnlyList<(StockReport[] Product, FutureshopResult? Result)>> SendAsync(
        StoreAccess access, IReadOnlyList<StockReport[][]> parts, CancellationToken cancellation)
    {
        var told = new List<(StockReport[], FutureshopResult?)>();
        foreach (var part in parts)
        {
            try
            {
                told.AddRange(await SendAsync(access, part, cancellation));
            }
            catch (MarketplaceException) when (told.Count > 0)
            {
                told.AddRange(parts.SelectMany(p => p).Skip(told.Count).Select(p => (p, (FutureshopResult?)null)).ToArray());
                break;
            }
        }

        return told;
    }

    /// <summary>The same after a first round that was answered: what is lost now is unknown.</summary>
    private async Task<IReadOnlyList<(StockReport[] Product, FutureshopResult? Result)>> SendAgainAsync(
        StoreAccess access, IReadOnlyList<StockReport[][]> parts, CancellationToken cancellation)
    {
        try
        {
            return await SendAsync(access, parts, cancellation);
        }
        catch (MarketplaceException)
        {
            return [.. parts.SelectMany(p => p).Select(p => (p, (FutureshopResult?)null))];
        }
    }

    /// <summary>One call. A request that is refused as a whole did nothing: in halves, one product's fault does not stop the others.</summary>
    private async Task<IReadOnlyList<(StockReport[] Product, FutureshopResult? Result)>> SendAsync(StoreAccess access, StockReport[][] products, CancellationToken cancellation)
    {
        try
        {
            var results = FutureshopResults.Of(await calls.PostAsync(access, Endpoint, BodyOf(products), cancellation), "productNo");
            return [.. products.Select(p => (p, results.Find(p[0].Item.Code)))];
        }
        catch (MarketplaceException refused) when (FutureshopErrors.IsAboutARow(refused))
        {
            return products.Length == 1
                ? [(products[0], new FutureshopResult(false, refused.Code ?? ""))]
                : await SendAsync(access, [products[..(products.Length / 2)], products[(products.Length / 2)..]], cancellation);
        }
    }

    private static StockOutcome.Rejected? Unsendable(StockItem item) =>
        item.Code.Length == 0 || Encoding.UTF8.GetByteCount(item.Code) > LongestProduct
            ? new StockOutcome.Rejected(item, "code-form", "商品番号は1～32バイトです", UnknownItem: true)
        : Encoding.UTF8.GetByteCount(item.Variation1) > LongestVariation || Encoding.UTF8.GetByteCount(item.Variation2) > LongestVariation
            ? new StockOutcome.Rejected(item, "variation-form", "縦軸・横軸のバリエーション番号は9バイトまでです", UnknownItem: true)
        : null;

    private static byte[] BodyOf(IEnumerable<StockReport[]> products)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteStartArray("productList");
            foreach (var product in products)
            {
                json.WriteStartObject();
                json.WriteString("productNo", product[0].Item.Code);
                json.WriteStartObject("inventoryInfo");
                json.WriteStartObject("regular");
                json.WriteStartArray("inventoryList");
                foreach (var level in product)
                {
                    json.WriteStartObject();
                    json.WriteString("verticalNo", level.Item.Variation1);
                    json.WriteString("horizontalNo", level.Item.Variation2);
                    json.WriteNumber("count", level.Quantity);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return body.WrittenSpan.ToArray();
    }
}
