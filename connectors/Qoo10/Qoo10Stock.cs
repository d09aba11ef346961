using System.Globalization;
using Domain.Marketplaces;

namespace Connectors.Qoo10;

/// <summary>Sets stock levels: items without options many a call (SetGoodsPriceQtyBulk), a combination of options one a call (UpdateInventoryQtyUnit).
/// Either is read first: a quantity sent without its end of sale (販売終了日) moves that end, and a combination is named by its texts as well.</summary>
internal sealed class Qoo10Stock(Qoo10Certification calls) : IStockSink
{
    private const int SomeFailed = -1;

    /// <summary>Between the axes of a combination.</summary>
    private const string Axes = "||*";

    public async Task<IReadOnlyList<StockOutcome>> SetAsync(StoreAccess access, IReadOnlyList<StockReport> levels, CancellationToken cancellation)
    {
        var outcomes = new StockOutcome?[levels.Count];
        foreach (var item in Enumerable.Range(0, levels.Count).Where(i => OptionOf(levels[i].Item).Length > 0).GroupBy(i => levels[i].Item.Code, StringComparer.Ordinal))
        {
            await SetOptionsAsync(access, levels, [.. item], outcomes, cancellation);
        }

        await SetPlainAsync(access, levels, [.. Enumerable.Range(0, levels.Count).Where(i => OptionOf(levels[i].Item).Length == 0)], outcomes, cancellation);
        return [.. outcomes.Select(outcome => outcome!)];
    }

    /// <summary>The combinations of one item.</summary>
    private async Task SetOptionsAsync(StoreAccess access, IReadOnlyList<StockReport> levels, int[] places, StockOutcome?[] outcomes, CancellationToken cancellation)
    {
        var code = Named(access, levels[places[0]].Item.Code);
        var found = await AskAsync(access, Qoo10Methods.Options, CallKind.Read, code, cancellation);
        foreach (var place in places)
        {
            var item = levels[place].Item;
            if (found.Code != 0)
            {
                outcomes[place] = Rejection(item, Qoo10Methods.Options, found.Code);
                continue;
            }

            if ((found.Rows ?? []).FirstOrDefault(row => row.Text("ItemTypeCode", "OptionCode") == OptionOf(item)) is not { } option)
            {
                outcomes[place] = new StockOutcome.Rejected(item, "no-option", "このオプションコードの選択肢が Qoo10 の商品にありません", UnknownItem: true);
                continue;
            }

            var axes = Enumerable.Range(1, 5).Select(i => (Name: option.Text($"Name{i}"), Value: option.Text($"Value{i}"))).Where(axis => axis.Name.Length > 0).ToArray();
            var answer = await AskAsync(
                access, Qoo10Methods.SetOptionQty, CallKind.Write,
                [
                    .. code,
                    new("OptionName", string.Join(Axes, axes.Select(axis => axis.Name))),
                    new("OptionValue", string.Join(Axes, axes.Select(axis => axis.Value))),
                    new("OptionCode", OptionOf(item)),
                    new("Qty", Text(levels[place].Quantity)),
                ],
                cancellation);
            outcomes[place] = answer.Code == 0 ? new StockOutcome.Accepted(item) : Rejection(item, Qoo10Methods.SetOptionQty, answer.Code);
        }
    }

    private async Task SetPlainAsync(StoreAccess access, IReadOnlyList<StockReport> levels, int[] places, StockOutcome?[] outcomes, CancellationToken cancellation)
    {
        var rows = new List<(int Place, KeyValuePair<string, string>[] Fields)>();
        foreach (var place in places)
        {
            var fields = new List<KeyValuePair<string, string>>([.. Named(access, levels[place].Item.Code), new("Qty", Text(levels[place].Quantity))]);
            if (bool.Parse(access.Setting("stock-keep-expiry")))
            {
                var found = await AskAsync(access, Qoo10Methods.Item, CallKind.Read, Named(access, levels[place].Item.Code), cancellation);
                if (found.Code != 0 || found.Rows is not { Count: > 0 })
                {
                    outcomes[place] = Rejection(levels[place].Item, Qoo10Methods.Item, found.Code == 0 ? Qoo10Errors.NoSuchItem : found.Code);
                    continue;
                }

                if (found.Rows[0].Text("ExpireDate") is { Length: > 0 } ends)
                {
                    fields.Add(new("ExpireDate", ends));
                }
            }

            rows.Add((place, [.. fields]));
        }

        var untold = rows.Count > 1 ? await SetTogetherAsync(access, levels, rows, outcomes, cancellation) : rows;
        foreach (var (place, fields) in untold)
        {
            var answer = await AskAsync(access, Qoo10Methods.SetQty, CallKind.Write, fields, cancellation);
            outcomes[place] = answer.Code == 0 ? new StockOutcome.Accepted(levels[place].Item) : Rejection(levels[place].Item, Qoo10Methods.SetQty, answer.Code);
        }
    }

    /// <returns>Those of which the answer does not tell whether they failed. A level is absolute: each is sent again by itself.</returns>
    private async Task<List<(int Place, KeyValuePair<string, string>[] Fields)>> SetTogetherAsync(
        StoreAccess access, IReadOnlyList<StockReport> levels, List<(int Place, KeyValuePair<string, string>[] Fields)> rows, StockOutcome?[] outcomes, CancellationToken cancellation)
    {
        var json = Qoo10Json.Rows(rows.Select(row => row.Fields.Where(field => field.Value.Length > 0)));
        var answer = await AskAsync(access, Qoo10Methods.SetQtyBulk, CallKind.Write, [new("ItemInfoJson", json)], cancellation);
        if (answer.Code is not (0 or SomeFailed))
        {
            foreach (var (place, _) in rows)
            {
                outcomes[place] = Rejection(levels[place].Item, Qoo10Methods.SetQtyBulk, answer.Code, unknown: false);
            }

            return [];
        }

        var untold = new List<(int, KeyValuePair<string, string>[])>();
        foreach (var row in rows)
        {
            var item = levels[row.Place].Item;
            var told = (answer.Rows ?? []).FirstOrDefault(r => item.Code.Length > 0 && (r.Text("SellerCode") == item.Code || r.Text("ItemCode") == item.Code));
            switch (told is null ? null : Qoo10Json.CodeOf(told))
            {
                case { } refused and not 0:
                    outcomes[row.Place] = Rejection(item, Qoo10Methods.SetQtyBulk, refused);
                    break;
                case null when answer.Code == SomeFailed:
                    untold.Add(row);
                    break;
                default:
                    outcomes[row.Place] = new StockOutcome.Accepted(item);
                    break;
            }
        }

        return untold;
    }

    /// <exception cref="MarketplaceException">CredentialRejected, whatever the method is; else as of any call.</exception>
    private async Task<Qoo10Answer> AskAsync(
        StoreAccess access, string method, CallKind kind, IReadOnlyList<KeyValuePair<string, string>> parameters, CancellationToken cancellation)
    {
        var answer = await calls.CallAsync(access, method, kind, parameters, cancellation);
        return answer.Code != 0 && Qoo10Errors.Refusal(method, answer.Code) is { Kind: FailureKind.CredentialRejected } dead ? throw dead : answer;
    }

    private static StockOutcome.Rejected Rejection(StockItem item, string method, int code, bool? unknown = null) =>
        new(item, Qoo10Errors.TextOf(code), Qoo10Errors.MeaningOf(method, code), unknown ?? code is Qoo10Errors.NoSuchItem);

    /// <summary>Never null: an empty one is sent where the other names the item.</summary>
    private static KeyValuePair<string, string>[] Named(StoreAccess access, string code)
    {
        var isTheirs = access.Setting("stock-code") switch
        {
            "item" => true,
            "seller" => false,
            _ => code.Length is 9 or 10 && code.All(char.IsAsciiDigit),
        };
        return [new("ItemCode", isTheirs ? code : ""), new("SellerCode", isTheirs ? "" : code)];
    }

    private static string OptionOf(StockItem item) => item.Variation1.Trim();

    private static string Text(int quantity) => quantity.ToString(CultureInfo.InvariantCulture);
}
