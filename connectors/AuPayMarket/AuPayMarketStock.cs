using System.Globalization;
using System.Xml.Linq;
using Connectors.Wire;
using Domain.Marketplaces;

namespace Connectors.AuPayMarket;

/// <summary>Sets stock levels, many items a call (<c>updateStock</c>): an item has one count, or one for each choice (選択肢別在庫).
/// Their answer tells item by item what was refused, but not why in a form to rely on: the item is read back (<c>searchStocks</c>).</summary>
internal sealed class AuPayMarketStock(AuPayMarketConnector calls) : IStockSink
{
    public async Task<IReadOnlyList<StockOutcome>> SetAsync(StoreAccess access, IReadOnlyList<StockReport> levels, CancellationToken cancellation)
    {
        if (levels.Count == 0)
        {
            return [];
        }

        // An item's choices go together: they have one result.
        var items = levels.GroupBy(level => (level.Item.Code, IsPlain(level.Item))).Select(item => item.ToArray()).ToArray();
        var results = await SendAsync(access, items, cancellation);
        var outcomes = new Dictionary<StockReport, StockOutcome>(ReferenceEqualityComparer.Instance);
        foreach (var (item, result) in items.Zip(results))
        {
            var known = result.Refused && !result.Whole ? await FindOutAsync(access, item, result, cancellation) : item.Select(level => result.Of(level.Item));
            foreach (var (level, outcome) in item.Zip(known))
            {
                outcomes[level] = outcome;
            }
        }

        return [.. levels.Select(level => outcomes[level])];
    }

    /// <summary>One call; what became of each item, in their order.</summary>
    private async Task<Result[]> SendAsync(StoreAccess access, StockReport[][] items, CancellationToken cancellation)
    {
        XElement answer;
        try
        {
            answer = await calls.PostAsync(access, "updateStock", BodyOf(access, items), cancellation);
        }
        catch (MarketplaceException refused) when (refused.Kind is FailureKind.Rejected)
        {
            // Without a word about any item: with a single one it is the item that they mean.
            return [.. items.Select(_ => new Result(refused.Code ?? "", refused.Message, Refused: true, Whole: items.Length > 1))];
        }

        var told = answer.Elements("updateResult").ToLookup(result => result.Text("itemCode"), StringComparer.Ordinal);
        var allIsWell = answer.Element("result")?.Text("status") == "0";
        return [.. items.Select(item => ResultOf([.. told[item[0].Item.Code]], allIsWell))];
    }

    private static Result ResultOf(XElement[] told, bool allIsWell) => told switch
    {
        _ when told.Select(t => t.Element("error")).FirstOrDefault(e => e is not null) is { } error => new Result(error.Text("code"), error.Text("message"), Refused: true),
        [] when !allIsWell => new Result("", "the answer does not name the item", Refused: false, Whole: true),
        _ => new Result("", "", Refused: false),
    };

    /// <summary>Whether the refused item or one of its choices does not exist; if it was a choice, the other ones are sent again without it.</summary>
    private async Task<IReadOnlyList<StockOutcome>> FindOutAsync(StoreAccess access, StockReport[] item, Result refused, CancellationToken cancellation)
    {
        XElement? found;
        try
        {
            found = await FindAsync(access, item[0].Item.Code, cancellation);
        }
        catch (MarketplaceException)
        {
            return [.. item.Select(level => refused.Of(level.Item))]; // the refusal stands; only its cause stays unknown
        }

        var known = item.Where(level => found is not null && Has(found, level.Item)).ToArray();
        if (known.Length == item.Length || known.Length == 0)
        {
            return [.. item.Select(level => refused.Of(level.Item, unknown: known.Length == 0))];
        }

        var again = (await SendAsync(access, [known], cancellation))[0];
        return [.. item.Select(level => known.Contains(level) ? again.Of(level.Item) : refused.Of(level.Item, unknown: true))];
    }

    private async Task<XElement?> FindAsync(StoreAccess access, string itemCode, CancellationToken cancellation)
    {
        var answer = await calls.GetAsync(access, "searchStocks", [("itemCode", itemCode), ("totalCount", "500"), ("startCount", "1")], cancellation);
        return answer.Element("searchResult")?.Elements("resultStocks").FirstOrDefault(stock => stock.Text("itemCode") == itemCode);
    }

    private static bool Has(XElement found, StockItem item)
    {
        var choices = found.Elements("choicesStocks").Where(c => c.HasElements)
            .Select(c => (CodeOf(c.Text("choicesStockHorizontalCode")), CodeOf(c.Text("choicesStockVerticalCode")))).ToArray();
        return IsPlain(item) ? choices.Length == 0 : choices.Contains((CodeOf(item.Variation1), CodeOf(item.Variation2)));
    }

    private static XElement BodyOf(StoreAccess access, StockReport[][] items) =>
        new("request", new XElement("shopId", access.Setting("shop-id")), items.Select(item => ItemOf(access, item)));

    private static XElement ItemOf(StoreAccess access, StockReport[] levels)
    {
        // A count of 0 ends the sale (販売終了) and a positive one alone does not resume it.
        var resumed = levels.Any(level => level.Quantity > 0) && bool.Parse(access.Setting("stock-resume-sale")) ? new XElement("saleStatus", "1") : null;
        var code = new XElement("itemCode", levels[0].Item.Code);
        return IsPlain(levels[0].Item)
            ? new XElement("stockUpdateItem", code, new XElement("stockSegment", "1"), new XElement("stockCount", Text(levels[^1].Quantity)), resumed)
            : new XElement("stockUpdateItem", code, new XElement("stockSegment", "2"), levels.Select(ChoiceOf), resumed);
    }

    private static XElement ChoiceOf(StockReport level) => new(
        "choicesStocks",
        CodeOf(level.Item.Variation1) is { Length: > 0 } horizontal ? new XElement("choicesStockHorizontalCode", horizontal) : null,
        CodeOf(level.Item.Variation2) is { Length: > 0 } vertical ? new XElement("choicesStockVerticalCode", vertical) : null,
        new XElement("choicesStockCount", Text(level.Quantity)));

    private static bool IsPlain(StockItem item) => CodeOf(item.Variation1).Length == 0 && CodeOf(item.Variation2).Length == 0;

    /// <summary>A hyphen alone is their word for an axis that the item does not have.</summary>
    private static string CodeOf(string code) => code.Trim() is "-" ? "" : code.Trim();

    private static string Text(int count) => count.ToString(CultureInfo.InvariantCulture);

    /// <summary>What the answer says of one item.</summary>
    /// <param name="Whole">It says nothing of the item in particular.</param>
    private sealed record Result(string Code, string Reason, bool Refused, bool Whole = false)
    {
        public StockOutcome Of(StockItem item, bool unknown = false) =>
            Refused ? new StockOutcome.Rejected(item, Code, unknown ? $"この商品（選択肢）が au PAY マーケットにありません。{Reason}" : Reason, unknown)
            : Whole ? new StockOutcome.Unknown(item, Reason)
            : new StockOutcome.Accepted(item);
    }
}
