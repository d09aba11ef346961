using System.Text.Json.Nodes;
using Connectors.Wire;
using Domain.Marketplaces;

namespace Connectors.Shoplist;

/// <summary>Sets stock levels by 卸品番, one a call. That stock goes out, and by what, is confirmed; the call is a guess.</summary>
internal sealed class ShoplistStock(ShoplistCalls calls) : IStockSink
{
    public async Task<IReadOnlyList<StockOutcome>> SetAsync(StoreAccess access, IReadOnlyList<StockReport> levels, CancellationToken cancellation)
    {
        var outcomes = new List<StockOutcome>();
        foreach (var level in levels)
        {
            outcomes.Add(level.Item.Variation1.Length + level.Item.Variation2.Length == 0
                ? await SetAsync(access, level, cancellation)
                : new StockOutcome.Rejected(level.Item, "no-variation", "SHOPLISTの在庫は卸品番だけで指定します。バリエーションごとの卸品番を対応表に登録してください", UnknownItem: true));
        }

        return outcomes;
    }

    private async Task<StockOutcome> SetAsync(StoreAccess access, StockReport level, CancellationToken cancellation)
    {
        var body = new JsonObject { [access.Setting("stock-code-name")] = level.Item.Code, [access.Setting("stock-quantity-name")] = level.Quantity };
        try
        {
            await calls.CallAsync(access, "stocks", CallKind.Write, "stock-method", "stock-path", body, cancellation);
            return new StockOutcome.Accepted(level.Item);
        }
        catch (MarketplaceException refused) when (refused.Kind is FailureKind.Rejected)
        {
            return new StockOutcome.Rejected(level.Item, refused.Code ?? "", refused.Message, UnknownItem: refused.Code == HttpRefusals.NotFound);
        }
    }
}
