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
        foreach (var level in levels)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(level.Quantity);
        }

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
        var products = latest.Values.GroupBy(l => l.Item.Code, StringComparer.Ordinal).Select(p => p.ToArray()).ToList();
        var torn = new List<StockReport[]>();
        await SendAsync(access, products, outcomes, product => torn.Add(product), cancellation);
        for (var round = 0; torn.Any(p => p.Length > round); round++)
        {
            var place = round;
            await SendAsync(access, [.. torn.Where(p => p.Length > place).Select(p => new[] { p[place] })], outcomes, again: null, cancellation);
        }

        return [.. levels.Select(l => outcomes[l.Item])];
    }

    /// <param name="again">Takes the products with several variations that were refused; null = their refusal stands.</param>
    private async Task SendAsync(
        StoreAccess access, IReadOnlyList<StockReport[]> products, Dictionary<StockItem, StockOutcome> outcomes, Action<StockReport[]>? again, CancellationToken cancellation)
    {
        foreach (var call in products.Chunk(ProductsPerCall))
        {
            FutureshopResults? results = null;
            var failure = "the answer does not name it";
            try
            {
                results = FutureshopResults.Of(await calls.PostAsync(access, Endpoint, BodyOf(call), cancellation), "productNo");
            }
            catch (MarketplaceException lost) when (outcomes.Count > 0 && lost.Kind is not FailureKind.Rejected)
            {
                failure = lost.Message; // earlier calls have their outcome; a level may be sent again
            }
            catch (MarketplaceException refused) when (refused.Kind is FailureKind.Rejected && refused.Field is null && call.Length == 1)
            {
                Tell(call[0], new FutureshopResult(false, refused.Code ?? ""));
                continue;
            }
            catch (MarketplaceException refused) when (refused.Kind is FailureKind.Rejected && refused.Field is null)
            {
                // The whole request was refused and did nothing: in halves, one product's fault does not stop the others.
                await SendAsync(access, [.. call.Take(call.Length / 2)], outcomes, again, cancellation);
                await SendAsync(access, [.. call.Skip(call.Length / 2)], outcomes, again, cancellation);
                continue;
            }

            foreach (var product in call)
            {
                Tell(product, results?.Find(product[0].Item.Code));
            }

            void Tell(StockReport[] product, FutureshopResult? result)
            {
                if (result is { Succeeded: false } && product.Length > 1 && again is not null)
                {
                    again(product);
                    return;
                }

                foreach (var level in product)
                {
                    outcomes[level.Item] = result switch
                    {
                        { Succeeded: true } => new StockOutcome.Accepted(level.Item),
                        { Code: var code } => new StockOutcome.Rejected(level.Item, code, FutureshopErrors.MeaningOf(code), UnknownItem: code is "ProductNotFound" or "StockNotFound"),
                        null => new StockOutcome.Unknown(level.Item, failure),
                    };
                }
            }
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
