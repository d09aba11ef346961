using System.Globalization;
using System.Xml.Linq;
using Connectors.Wire;
using Domain.Marketplaces;

namespace Connectors.YahooShopping;

/// <summary>Sets stock levels, up to a thousand a call (<c>setStock</c>). They take a code that does not exist without a word and forget 超過購入 where it is not
/// sent along, so the records are read first (<c>getStock</c>). One bad code undoes the whole call: it is sent again without it.</summary>
internal sealed class YahooShoppingStock(YahooShoppingCalls calls) : IStockSink
{
    /// <summary>A bad item or sub-code.</summary>
    private const string BadCode = "st-02101";

    /// <summary>Each repetition leaves the codes out that were refused; what they refuse in a third one has another cause.</summary>
    private const int Tries = 3;

    public async Task<IReadOnlyList<StockOutcome>> SetAsync(StoreAccess access, IReadOnlyList<StockReport> levels, CancellationToken cancellation)
    {
        var outcomes = new StockOutcome?[levels.Count];
        var rows = new List<Row>();
        for (var i = 0; i < levels.Count; i++)
        {
            var code = CodeOf(levels[i].Item);
            if (code.Length == 0 || code.Any(c => c == ',' || char.IsWhiteSpace(c)))
            {
                outcomes[i] = new StockOutcome.Rejected(levels[i].Item, "code-form", "商品コードが正しくありません", UnknownItem: true);
            }
            else
            {
                rows.Add(new Row(i, code, levels[i].Quantity));
            }
        }

        var known = rows.Count == 0 ? rows : await KnownAsync(access, levels, rows, outcomes, cancellation);
        for (var tries = 0; known.Count > 0 && tries < Tries; tries++)
        {
            known = await SendAsync(access, levels, known, outcomes, cancellation);
        }

        foreach (var row in known)
        {
            outcomes[row.Place] = new StockOutcome.Unknown(levels[row.Place].Item, "other items of the call were refused again and again");
        }

        return [.. outcomes.Select(outcome => outcome!)];
    }

    /// <summary>The rows whose records exist, with what must be sent back with them.</summary>
    private async Task<List<Row>> KnownAsync(
        StoreAccess access, IReadOnlyList<StockReport> levels, List<Row> rows, StockOutcome?[] outcomes, CancellationToken cancellation)
    {
        var answer = await calls.PostFormAsync(access, "getStock", CallKind.Read, [new("item_code", Joined(rows, row => row.Code))], cancellation);
        var records = ByCode(answer.Body);
        var creates = bool.Parse(access.Setting("stock-create-missing"));
        var known = new List<Row>();
        foreach (var row in rows)
        {
            var record = records.GetValueOrDefault(row.Code);
            if (record is null && !creates)
            {
                outcomes[row.Place] = new StockOutcome.Unknown(levels[row.Place].Item, "getStock: the answer does not name it");
            }
            else if (record?.Text("Status") is not "1" && !creates)
            {
                outcomes[row.Place] = new StockOutcome.Rejected(levels[row.Place].Item, "no-record", "この商品コードの在庫が Yahoo!ショッピングに登録されていません", UnknownItem: true);
            }
            else
            {
                known.Add(row with { Overdraft = record?.Text("AllowOverdraft") is { Length: > 0 } allowed ? allowed : "0" });
            }
        }

        return known;
    }

    /// <returns>What was not set because of others, to be sent again.</returns>
    private async Task<List<Row>> SendAsync(
        StoreAccess access, IReadOnlyList<StockReport> levels, List<Row> rows, StockOutcome?[] outcomes, CancellationToken cancellation)
    {
        YahooShoppingAnswer answer;
        try
        {
            answer = await calls.PostFormAsync(access, "setStock", CallKind.Write, FormOf(rows), cancellation);
        }
        catch (MarketplaceException refused) when (refused.Kind is FailureKind.Rejected)
        {
            foreach (var row in rows)
            {
                outcomes[row.Place] = new StockOutcome.Rejected(levels[row.Place].Item, refused.Code ?? "", refused.Message, rows.Count == 1 && refused.Code is BadCode);
            }

            return [];
        }

        var results = ByCode(answer.Body);
        var undone = answer.Status == 207 || results.Values.Any(result => result.Text("ErrorCode").Length > 0);
        var again = new List<Row>();
        foreach (var row in rows)
        {
            var (item, result) = (levels[row.Place].Item, results.GetValueOrDefault(row.Code));
            if (result?.Text("ErrorCode") is { Length: > 0 } codes)
            {
                outcomes[row.Place] = new StockOutcome.Rejected(item, codes, YahooShoppingErrors.MeaningOf(codes.Split(',')[0]), codes.Contains(BadCode, StringComparison.Ordinal));
            }
            else if (undone)
            {
                again.Add(row);
            }
            else
            {
                outcomes[row.Place] = result is null ? new StockOutcome.Unknown(item, "setStock: the answer does not name it") : new StockOutcome.Accepted(item);
            }
        }

        return again;
    }

    private static KeyValuePair<string, string>[] FormOf(List<Row> rows) =>
    [
        new("item_code", Joined(rows, row => row.Code)),
        new("quantity", Joined(rows, row => row.Quantity.ToString(CultureInfo.InvariantCulture))), // without a sign: with one it would be a difference
        new("allow_overdraft", Joined(rows, row => row.Overdraft)),
    ];

    private static Dictionary<string, XElement> ByCode(XElement body)
    {
        var found = new Dictionary<string, XElement>(StringComparer.OrdinalIgnoreCase);
        foreach (var result in body.Elements("Result"))
        {
            found[CodeOf(new StockItem(result.Text("ItemCode"), result.Text("SubCode")))] = result;
        }

        return found;
    }

    private static string CodeOf(StockItem item) => item.Variation1.Trim() is { Length: > 0 } sub ? $"{item.Code.Trim()}:{sub}" : item.Code.Trim();

    private static string Joined(List<Row> rows, Func<Row, string> text) => string.Join(',', rows.Select(text));

    /// <param name="Place">Its place among the levels.</param>
    /// <param name="Code"><c>商品コード</c> or <c>商品コード:個別商品コード</c>.</param>
    private sealed record Row(int Place, string Code, int Quantity, string Overdraft = "0");
}
