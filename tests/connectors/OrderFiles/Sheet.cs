using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Connectors.OrderFiles;
using Domain.Marketplaces;
using Domain.Orders;

namespace Tests.Connectors.OrderFiles;

/// <summary>An invented order file, written here by hand so that the reader is not checked against itself.</summary>
internal sealed class Sheet
{
    public static readonly Encoding Cp932 = CodePagesEncodingProvider.Instance.GetEncoding(932, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;

    /// <summary>Field → header text.</summary>
    public static readonly ImmutableSortedDictionary<string, string> Headers = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, new Dictionary<string, string>
    {
        ["order-code"] = "注文番号",
        ["placed-at"] = "注文日時",
        ["status"] = "ステータス",
        ["paid"] = "入金",
        ["buyer-name"] = "注文者氏名",
        ["buyer-kana"] = "注文者カナ",
        ["buyer-postal-code"] = "注文者郵便番号",
        ["buyer-prefecture"] = "注文者都道府県",
        ["buyer-city"] = "注文者市区町村",
        ["buyer-street"] = "注文者番地",
        ["buyer-building"] = "注文者建物",
        ["buyer-phone"] = "注文者電話番号",
        ["buyer-email"] = "注文者メール",
        ["recipient-name"] = "送付先氏名",
        ["recipient-kana"] = "送付先カナ",
        ["recipient-postal-code"] = "送付先郵便番号",
        ["recipient-prefecture"] = "送付先都道府県",
        ["recipient-city"] = "送付先市区町村",
        ["recipient-street"] = "送付先番地",
        ["recipient-building"] = "送付先建物",
        ["recipient-phone"] = "送付先電話番号",
        ["destination-id"] = "送付先番号",
        ["line-id"] = "明細番号",
        ["sku"] = "商品コード",
        ["title"] = "商品名",
        ["option"] = "選択肢",
        ["quantity"] = "数量",
        ["unit-price"] = "単価",
        ["tax-rate"] = "税率",
        ["items"] = "商品合計",
        ["shipping-fee"] = "送料",
        ["payment-fee"] = "手数料",
        ["wrapping-fee"] = "包装料",
        ["discount"] = "値引",
        ["coupon"] = "クーポン",
        ["points"] = "ポイント",
        ["total"] = "合計",
        ["billed"] = "請求額",
        ["payment"] = "支払方法",
        ["delivery"] = "配送方法",
        ["requested-date"] = "お届け希望日",
        ["time-slot"] = "希望時間帯",
        ["gift"] = "ギフト",
        ["wrapping"] = "包装",
        ["noshi"] = "のし",
        ["gift-message"] = "メッセージ",
        ["buyer-note"] = "備考",
    });

    private static readonly string[] Usual =
        ["order-code", "placed-at", "status", "recipient-name", "recipient-postal-code", "recipient-prefecture", "recipient-city", "recipient-street", "recipient-phone", "line-id", "sku", "title", "quantity", "unit-price", "payment", "delivery", "buyer-note"];

    private readonly string[] _fields;
    private readonly List<string[]> _rows = [];

    public Sheet(params string[] fields) => _fields = fields.Length == 0 ? Usual : fields;

    public static ImmutableSortedDictionary<string, MarketplaceStanding> Statuses { get; } = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, new Dictionary<string, MarketplaceStanding>
    {
        ["新規"] = MarketplaceStanding.Ready,
        ["入金待ち"] = MarketplaceStanding.AwaitingPayment,
        ["保留"] = MarketplaceStanding.InReview,
        ["予約"] = MarketplaceStanding.Reserved,
        ["キャンセル申請"] = MarketplaceStanding.CancelRequested,
        ["発送済み"] = MarketplaceStanding.Shipped,
        ["完了"] = MarketplaceStanding.Completed,
        ["キャンセル"] = MarketplaceStanding.Cancelled,
    });

    public static OrderFileShape Shape(string encoding = "utf-8", bool statuses = true, params (string Field, string Header)[] own)
    {
        var columns = Headers.ToImmutableSortedDictionary(h => h.Key, h => ImmutableArray.Create(h.Value), StringComparer.Ordinal);
        var manifest = new OrderFileManifest(
            encoding, columns, ["yyyy/M/d H:mm:ss", "yyyy/M/d H:mm"], statuses ? Statuses : Statuses.Clear(), Completes: true, "assumed");
        return new OrderFileShape(
            encoding, columns.SetItems(own.Select(o => KeyValuePair.Create(o.Field, ImmutableArray.Create(o.Header)))), [.. own.Select(o => o.Field)], manifest);
    }

    /// <summary>A row that is right in every respect, but for what is said otherwise.</summary>
    public Sheet Row(string code, params (string Field, string Text)[] cells)
    {
        var said = cells.ToDictionary(c => c.Field, c => c.Text, StringComparer.Ordinal);
        var place = _rows.Count(r => r[0] == code) + 1;
        _rows.Add([.. _fields.Select(f => said.GetValueOrDefault(f) ?? f switch
        {
            "order-code" => code,
            "placed-at" => "2026/11/24 10:05",
            "status" => "新規",
            "paid" => "入金済み",
            "recipient-name" => "見本 花子",
            "recipient-postal-code" => "100-0000",
            "recipient-prefecture" => "東京都",
            "recipient-city" => "千代田区",
            "recipient-street" => "見本町1-2-3",
            "recipient-phone" => "03-0000-0000",
            "line-id" => place.ToString(CultureInfo.InvariantCulture),
            "sku" => "SKU-001",
            "title" => "見本茶",
            "quantity" => "1",
            "unit-price" => "1000",
            "payment" => "クレジットカード",
            "delivery" => "宅配便",
            _ => "",
        })]);
        return this;
    }

    public string Text(string newLine = "\r\n", bool quoteAll = false) =>
        string.Concat(_rows.Prepend([.. _fields.Select(f => Headers[f])]).Select(r => string.Join(',', r.Select(c => Cell(c, quoteAll))) + newLine));

    public byte[] Bytes(Encoding? encoding = null, string newLine = "\r\n", bool quoteAll = false) => (encoding ?? new UTF8Encoding(false)).GetBytes(Text(newLine, quoteAll));

    public static OrderFileReading Read(string text, OrderFileShape? shape = null) => OrderFileReader.Read(Encoding.UTF8.GetBytes(text), shape ?? Shape());

    public OrderFileReading Read(OrderFileShape? shape = null) => OrderFileReader.Read(Bytes(), shape ?? Shape());

    public static string Cell(string text, bool quote) =>
        quote || text.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
