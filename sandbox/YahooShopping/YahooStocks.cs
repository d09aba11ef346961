using System.Collections.Specialized;
using System.Globalization;
using System.Security;
using System.Text;
using System.Text.RegularExpressions;
using Sandbox.Core;

namespace Sandbox.YahooShopping;

/// <summary>A store's stock records and the two calls about them: getStock, setStock. Forms in, XML out. [O] Guarded by its shop's lock.</summary>
internal sealed partial class YahooStocks
{
    private readonly SortedDictionary<string, YahooStock> _records = new(StringComparer.Ordinal);

    public void Clear() => _records.Clear();

    public void Put(IReadOnlyList<SeedItem> items, DateTimeOffset now)
    {
        foreach (var item in items)
        {
            if (item.Variation2.Length > 0 || YahooCode.Of(item.Variation1.Length == 0 ? item.Code : $"{item.Code}:{item.Variation1}") is not { } code)
            {
                throw new ArgumentException($"'{item.Code}' cannot be an item here: letters, digits and hyphens, and one sub-code at most.");
            }

            _records[code.Text] = new YahooStock(code, item.Quantity, Limits.StoreOverdraft, "0", now);
        }
    }

    public IReadOnlyList<SeedItem> Items() => [.. _records.Values.Select(record => new SeedItem(record.Code.Item, record.Code.Sub, "", record.Quantity))];

    /// <summary>getStock: a code without a record comes with Status 0.</summary>
    public SimOutcome Read(NameValueCollection form)
    {
        if (Codes(form) is not { } codes)
        {
            return YahooAnswers.Refused(400, Limits.BadStockCode, "item_code is invalid");
        }

        var body = new StringBuilder();
        var found = 0;
        foreach (var text in codes)
        {
            var known = _records.GetValueOrDefault(text);
            found += known is null ? 0 : 1;
            body.Append(Result(
                text,
                known is null
                    ? Field("Status", "0")
                    : Field("Status", "1") + Field("Quantity", YahooAnswers.Text(known.Quantity)) + Field("AllowOverdraft", known.AllowOverdraft) + Field("IsPublished", "1")
                        + Field("UpdateTime", JapanTime.Text(known.UpdatedAt, "yyyy-MM-dd'T'HH:mm:sszzz")) + Field("StockClose", known.StockClose)));
        }

        return SimOutcome.Ok(SimResponse.Xml(Set(codes.Length, body, $""" firstResultPosition="1" ok="{found}" ng="{codes.Length - found}" """)));
    }

    /// <summary>setStock: all rows or none. [O]</summary>
    public SimOutcome Write(NameValueCollection form, DateTimeOffset now)
    {
        if (Codes(form) is not { } codes)
        {
            return YahooAnswers.Refused(400, Limits.BadStockCode, "item_code is invalid");
        }

        var quantities = List(form["quantity"]);
        var (overdrafts, closes) = (List(form["allow_overdraft"]), List(form["stock_close"]));
        if (quantities.Length != codes.Length || (overdrafts.Length > 0 && overdrafts.Length != codes.Length) || (closes.Length > 0 && closes.Length != codes.Length))
        {
            return YahooAnswers.Refused(400, Limits.BadQuantity, "quantity is invalid");
        }

        var errors = codes.Select((code, i) => Errors(code, quantities[i], overdrafts.ElementAtOrDefault(i), closes.ElementAtOrDefault(i))).ToArray();
        if (errors is [{ Length: > 0 } only])
        {
            return YahooAnswers.Refused(400, only.Split(',')[0], "The stock is not updated"); // a single item fails as a whole [F]
        }

        var body = new StringBuilder();
        if (errors.Any(error => error.Length > 0))
        {
            foreach (var (code, error) in codes.Zip(errors))
            {
                body.Append(Result(code, Field("Quantity", "") + (error.Length == 0 ? "" : Field("ErrorCode", error))));
            }

            return SimOutcome.Refused(SimResponse.Xml(Set(codes.Length, body, """ firstResultPosition="1" """), 207), "207");
        }

        var effects = new List<JournalEffect>();
        for (var i = 0; i < codes.Length; i++)
        {
            var before = _records.GetValueOrDefault(codes[i]);
            var quantity = Amount(quantities[i], before)!.Value;
            _records[codes[i]] = new YahooStock(
                YahooCode.Of(codes[i])!, quantity, overdrafts.ElementAtOrDefault(i) ?? Limits.StoreOverdraft, closes.ElementAtOrDefault(i) ?? before?.StockClose ?? "0", now);
            var (was, stands) = (before?.ToString() ?? "", _records[codes[i]].ToString());
            if (was != stands)
            {
                effects.Add(new JournalEffect(EffectKind.Stock, _records[codes[i]].Code.Item, _records[codes[i]].Code.Sub, was, stands, Again: false));
            }

            body.Append(Result(codes[i], Field("Quantity", YahooAnswers.Text(quantity))));
        }

        return SimOutcome.Ok(SimResponse.Xml(Set(codes.Length, body, """ firstResultPosition="1" """)), effects);
    }

    private string Errors(string code, string quantity, string? overdraft, string? close)
    {
        var wrongCode = YahooCode.Of(code) is null;
        var wrongQuantity = Amount(quantity, _records.GetValueOrDefault(code)) is null || overdraft is not (null or "0" or "1") || close is not (null or "0" or "1");
        return string.Join(',', ((string?[])[wrongCode ? Limits.BadStockCode : null, wrongQuantity ? Limits.BadQuantity : null]).Where(e => e is not null));
    }

    /// <summary>What stands afterwards: <c>n</c>, or <c>+n</c> and <c>-n</c> from what stands now. Null = none that they take.</summary>
    private static int? Amount(string text, YahooStock? stands)
    {
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) || Math.Abs((long)number) > Limits.LargestStock)
        {
            return null;
        }

        var result = text[0] is '+' or '-' ? (stands?.Quantity ?? 0) + (long)number : number;
        return result is >= 0 and <= Limits.LargestStock ? (int)result : null;
    }

    private static string[]? Codes(NameValueCollection form) => List(form["item_code"]) is { Length: > 0 and <= Limits.StockCodesPerCall } codes ? codes : null;

    private static string[] List(string? text) => text is null or "" ? [] : [.. text.Split(',').Select(part => part.Trim())];

    private static string Set(int count, StringBuilder rows, string more) =>
        $"""<?xml version="1.0" encoding="UTF-8"?><ResultSet totalResultsAvailable="{count}" totalResultsReturned="{count}"{more.TrimEnd()}>{rows}</ResultSet>""";

    /// <summary>The official sample has line breaks around every text.</summary>
    private static string Result(string code, string fields)
    {
        var parts = code.Split(':', 2);
        return $"<Result>{Field("ItemCode", parts[0])}{Field("SubCode", parts.ElementAtOrDefault(1) ?? "")}{fields}</Result>";
    }

    private static string Field(string name, string text) => $"<{name}>\n{SecurityElement.Escape(text)}\n</{name}>";

    /// <param name="Sub">個別商品コード; empty = none.</param>
    internal sealed partial record YahooCode(string Item, string Sub)
    {
        public string Text => Sub.Length == 0 ? Item : $"{Item}:{Sub}";

        /// <summary>Null = no code that they take. [D] from the sample of a refusal; the exact form: [G].</summary>
        public static YahooCode? Of(string text) => Form().IsMatch(text) && text.Split(':') is var parts ? new YahooCode(parts[0], parts.ElementAtOrDefault(1) ?? "") : null;

        [GeneratedRegex("^[0-9A-Za-z_-]{1,99}(:[0-9A-Za-z_-]{1,99})?$")]
        private static partial Regex Form();
    }

    private sealed record YahooStock(YahooCode Code, int Quantity, string AllowOverdraft, string StockClose, DateTimeOffset UpdatedAt)
    {
        public override string ToString() => $"{YahooAnswers.Text(Quantity)}{(AllowOverdraft == "1" ? " 超過可" : "")}{(StockClose == "1" ? " 停止" : "")}";
    }
}
