using Connectors.OrderFiles;
using Functions.Manage;
using Microsoft.AspNetCore.Http;

namespace Functions.OrderFiles;

/// <summary>What is wrong with an order file, in the words of the shop's staff. None holds a value of the file.</summary>
internal static class OrderFileWords
{
    public static string Of(FileFaultKind kind) => kind switch
    {
        FileFaultKind.Undecodable => "文字化けしているか、この文字コードで表せない文字（外字など）があります。店舗の設定の文字コードを確認するか、モールの画面で文字を直してください。",
        FileFaultKind.CellCount => "列の数が見出しと合いません。カンマや改行が崩れていないか確認してください。",
        FileFaultKind.Quotes => "引用符（\"）が正しく閉じられていません。",
        FileFaultKind.Missing => "空欄にできない項目です。",
        FileFaultKind.Mangled => "表計算ソフトで開いて保存したため、番号が「1.23E+11」のような形に変わり、桁が失われています。ダウンロードし直したファイルをそのまま取り込んでください。",
        FileFaultKind.NotACode => "注文番号として読み取れません（半角の英数字と - _ . で64文字まで）。",
        FileFaultKind.NotATime => "日時として読み取れません（例 2026/11/24 10:05）。",
        FileFaultKind.NotADay => "日付として読み取れません（例 2026/11/24）。",
        FileFaultKind.NotAnAmount => "金額として読み取れません（例 1,234円）。",
        FileFaultKind.NotACount => "数量は0～99,999の整数です。",
        FileFaultKind.NotATaxRate => "税率として読み取れません（8 または 10）。",
        FileFaultKind.NotYesOrNo => "入金済みか未入金かを読み取れません（例 入金済み、未入金、入金日）。",
        FileFaultKind.Disagrees => "同じ注文の他の行と内容が違います。",
        FileFaultKind.LineTwice => "同じ注文の中に、同じ明細番号で内容の違う行があります。",
        FileFaultKind.LineBreak => "この項目の途中に改行があります。",
        FileFaultKind.TooLong => "1件の注文としては大きすぎます。",
        FileFaultKind.BesideUnreadable => "隣の行の注文番号を読み取れず、その行がこの注文の明細かもしれないため、取り込みません。隣の行を直してください。",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    public static BadRequestException Of(OrderFileRefusedException refused) => new("file", $"{Sentence(refused)}{Hint(refused)}")
    {
        Status = refused.Why is OrderFileRefusal.TooLarge or OrderFileRefusal.TooManyLines ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status400BadRequest,
    };

    private static string Sentence(OrderFileRefusedException refused) => refused.Why switch
    {
        OrderFileRefusal.Empty => "受注CSVが空です。",
        OrderFileRefusal.TooLarge => "受注CSVは20MBまでです。期間を分けてダウンロードしてください。",
        OrderFileRefusal.TooManyLines => "受注CSVは50,000行までです。期間を分けてダウンロードしてください。",
        OrderFileRefusal.Spreadsheet => "Excelのブックは取り込めません。モールの管理画面からダウンロードしたCSVファイルを、そのまま指定してください。",
        OrderFileRefusal.NotCsv => "CSVファイルとして読み取れません。モールの管理画面からダウンロードしたファイルを、そのまま指定してください。",
        OrderFileRefusal.WrongEncoding => "見出しの行が文字化けしていて読み取れません。店舗の設定の「受注CSVの文字コード」を確認してください。",
        OrderFileRefusal.MissingColumns => $"受注CSVに次の列がありません: {string.Join("、", refused.Names)}。ダウンロードする項目に加えるか、店舗の設定の「受注CSVの列」を直してください。",
        OrderFileRefusal.DuplicateColumns => $"受注CSVに同じ見出しの列が2つ以上あります: {string.Join("、", refused.Names)}。",
        OrderFileRefusal.BrokenQuotes => "引用符（\"）があちこちで崩れています。ダウンロードし直したファイルをそのまま指定してください。",
        _ => throw new ArgumentOutOfRangeException(nameof(refused), refused.Why, null),
    };

    private static string Hint(OrderFileRefusedException refused) =>
        refused.LooksLike is { } encoding ? $"このファイルの文字コードは {encoding} のようです。" : "";
}
