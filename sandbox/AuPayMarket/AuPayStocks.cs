using System.Collections.Specialized;
using System.Globalization;
using System.Security;
using System.Text;
using System.Xml.Linq;
using Sandbox.Core;

namespace Sandbox.AuPayMarket;

/// <summary>A shop's items and the two calls about their stock: updateStock, searchStocks. Element names [C×3]; the texts of refusals [G]. Guarded by its shop's lock.</summary>
internal sealed class AuPayStocks
{
    private const int FirstLot = 700_000_001;

    private readonly SortedDictionary<string, AuPayItem> _items = new(StringComparer.Ordinal);

    public void Clear() => _items.Clear();

    public void Put(IReadOnlyList<SeedItem> items)
    {
        foreach (var seed in items)
        {
            var choice = AuPayChoice.Of(seed.Variation1, seed.Variation2);
            var plain = choice is { Horizontal: "", Vertical: "" };
            if (!_items.TryGetValue(seed.Code, out var item))
            {
                _items[seed.Code] = item = new AuPayItem(seed.Code, FirstLot + _items.Count);
            }
            else if (item.HasChoices == plain)
            {
                throw new ArgumentException($"Item '{seed.Code}' has either one stock or one for each choice.");
            }

            item.Seed(plain ? null : choice, seed.Quantity);
        }
    }

    public IReadOnlyList<SeedItem> Items() =>
    [
        .. _items.Values.SelectMany(item => item.HasChoices
            ? item.Choices.Select(c => new SeedItem(item.Code, c.Key.Horizontal, c.Key.Vertical, c.Value))
            : [new SeedItem(item.Code, "", "", item.Count)]),
    ];

    /// <summary>updateStock. Each item is taken or refused by itself; status 1 tells that at least one was refused.</summary>
    public SimOutcome Update(XElement request)
    {
        XElement[] rows = [.. request.Elements("stockUpdateItem")];
        if (rows.Length == 0)
        {
            return AuPayAnswers.Required("stockUpdateItem");
        }

        if (rows.Length > Limits.StockItemsPerCall)
        {
            return AuPayAnswers.Invalid("stockUpdateItem", $"{AuPayAnswers.Text(Limits.StockItemsPerCall)}件以内で指定してください");
        }

        var answer = new StringBuilder();
        var effects = new List<JournalEffect>();
        var refused = false;
        foreach (var row in rows)
        {
            var error = Read(row, out var change);
            refused |= error is not null;
            effects.AddRange(error is null ? change!() : []);
            answer.Append(ResultOf(Text(row, "itemCode") ?? "", error));
        }

        var status = refused ? "1" : "0";
        var body = $"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?><response><result><status>{status}</status></result>{answer}</response>""";
        return new SimOutcome(SimResponse.Xml(body), refused ? Limits.UnrecordedCode : "ok", effects);
    }

    /// <summary>searchStocks; itemCode left out = all items.</summary>
    public SimOutcome Search(NameValueCollection query)
    {
        if (!Number(query["totalCount"], Limits.StocksPerPage, out var count) || count is < 1 or > Limits.StocksPerPage)
        {
            return AuPayAnswers.Invalid("totalCount", $"1から{AuPayAnswers.Text(Limits.StocksPerPage)}までの数値を指定してください");
        }

        if (!Number(query["startCount"], 1, out var start) || start < 1)
        {
            return AuPayAnswers.Invalid("startCount", "1以上の数値を指定してください");
        }

        var wanted = query["itemCode"]?.Trim() ?? "";
        AuPayItem[] found = [.. _items.Values.Where(item => wanted.Length == 0 || item.Code == wanted)];
        if (found.Length == 0 && wanted.Length > 0 && !Limits.UnknownItemIsEmpty)
        {
            return AuPayAnswers.Invalid("itemCode", "該当する商品がありません");
        }

        var rows = string.Concat(found.Skip(start - 1).Take(count).Select(StockOf));
        return SimOutcome.Ok(AuPayAnswers.Ok($"<searchResult><maxCount>{AuPayAnswers.Text(found.Length)}</maxCount>{rows}</searchResult>"));
    }

    /// <returns>Null and what it does, or why it is refused.</returns>
    private string? Read(XElement row, out Func<IReadOnlyList<JournalEffect>>? change)
    {
        change = null;
        if (Text(row, "itemCode") is not { } code)
        {
            return "[itemCode]必須入力項目です";
        }

        if (!_items.TryGetValue(code, out var item))
        {
            return "[itemCode]該当する商品がありません";
        }

        bool? onSale;
        switch (Text(row, "saleStatus"))
        {
            case null:
                onSale = null;
                break;
            case "1" or "2":
                onSale = Text(row, "saleStatus") == "1";
                break;
            default:
                return "[saleStatus]1または2を指定してください";
        }

        if (Text(row, "stockSegment") is not { } segment || segment != (item.HasChoices ? "2" : "1"))
        {
            return "[stockSegment]在庫区分が正しくありません";
        }

        List<(AuPayChoice?, int)> levels = [];
        if (!item.HasChoices)
        {
            if (!Level(row, "stockCount", out var count))
            {
                return "[stockCount]0以上の数値を指定してください";
            }

            levels.Add((null, count));
        }

        foreach (var choices in item.HasChoices ? row.Elements("choicesStocks") : [])
        {
            var choice = AuPayChoice.Of(Text(choices, "choicesStockHorizontalCode"), Text(choices, "choicesStockVerticalCode"));
            if (!item.Choices.ContainsKey(choice))
            {
                return "[choicesStocks]該当する選択肢がありません";
            }

            if (!Level(choices, "choicesStockCount", out var count))
            {
                return "[choicesStockCount]0以上の数値を指定してください";
            }

            levels.Add((choice, count));
        }

        if (levels.Count == 0)
        {
            return "[choicesStocks]必須入力項目です";
        }

        change = () => item.Set(levels, onSale);
        return null;
    }

    private string ResultOf(string code, string? error) => error is null
        ? $"<updateResult><lotNumber>{AuPayAnswers.Text(_items[code].Lot)}</lotNumber><itemCode>{SecurityElement.Escape(code)}</itemCode></updateResult>"
        : $"<updateResult><itemCode>{SecurityElement.Escape(code)}</itemCode><error><code>{Limits.UnrecordedCode}</code><message>{SecurityElement.Escape(error)}</message></error></updateResult>";

    private static string StockOf(AuPayItem item)
    {
        var choices = item.Choices.Select(c =>
            $"<choicesStocks><choicesStockHorizontalCode>{SecurityElement.Escape(c.Key.Horizontal)}</choicesStockHorizontalCode>"
            + $"<choicesStockVerticalCode>{SecurityElement.Escape(c.Key.Vertical)}</choicesStockVerticalCode>"
            + $"<choicesStockCount>{AuPayAnswers.Text(c.Value)}</choicesStockCount></choicesStocks>");
        var count = item.HasChoices ? item.Choices.Values.Sum() : item.Count;
        return $"<resultStocks><itemCode>{SecurityElement.Escape(item.Code)}</itemCode><stockCount>{AuPayAnswers.Text(count)}</stockCount>{string.Concat(choices)}</resultStocks>";
    }

    private static bool Level(XElement of, string name, out int count) =>
        int.TryParse(Text(of, name), NumberStyles.None, CultureInfo.InvariantCulture, out count);

    private static bool Number(string? text, int otherwise, out int value)
    {
        value = otherwise;
        return string.IsNullOrEmpty(text) || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    private static string? Text(XElement of, string name) => of.Element(name)?.Value.Trim() is { Length: > 0 } value ? value : null;
}
