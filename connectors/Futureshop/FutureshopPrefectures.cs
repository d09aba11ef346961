using System.Collections.Frozen;

namespace Connectors.Futureshop;

/// <summary>都道府県 from their upper-case romaji. Only TOKYO, SAITAMA and AOMORI were seen: where two spellings are usual, both are taken.</summary>
internal static class FutureshopPrefectures
{
    private static readonly FrozenDictionary<string, string> ByRomaji = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["HOKKAIDO"] = "北海道",
        ["HOKKAIDOU"] = "北海道",
        ["AOMORI"] = "青森県",
        ["IWATE"] = "岩手県",
        ["MIYAGI"] = "宮城県",
        ["AKITA"] = "秋田県",
        ["YAMAGATA"] = "山形県",
        ["FUKUSHIMA"] = "福島県",
        ["FUKUSIMA"] = "福島県",
        ["IBARAKI"] = "茨城県",
        ["TOCHIGI"] = "栃木県",
        ["TOTIGI"] = "栃木県",
        ["GUNMA"] = "群馬県",
        ["GUMMA"] = "群馬県",
        ["SAITAMA"] = "埼玉県",
        ["CHIBA"] = "千葉県",
        ["TIBA"] = "千葉県",
        ["TOKYO"] = "東京都",
        ["TOUKYOU"] = "東京都",
        ["KANAGAWA"] = "神奈川県",
        ["NIIGATA"] = "新潟県",
        ["TOYAMA"] = "富山県",
        ["ISHIKAWA"] = "石川県",
        ["ISIKAWA"] = "石川県",
        ["FUKUI"] = "福井県",
        ["YAMANASHI"] = "山梨県",
        ["YAMANASI"] = "山梨県",
        ["NAGANO"] = "長野県",
        ["GIFU"] = "岐阜県",
        ["SHIZUOKA"] = "静岡県",
        ["SIZUOKA"] = "静岡県",
        ["AICHI"] = "愛知県",
        ["AITI"] = "愛知県",
        ["MIE"] = "三重県",
        ["SHIGA"] = "滋賀県",
        ["SIGA"] = "滋賀県",
        ["KYOTO"] = "京都府",
        ["KYOUTO"] = "京都府",
        ["OSAKA"] = "大阪府",
        ["OOSAKA"] = "大阪府",
        ["HYOGO"] = "兵庫県",
        ["HYOUGO"] = "兵庫県",
        ["NARA"] = "奈良県",
        ["WAKAYAMA"] = "和歌山県",
        ["TOTTORI"] = "鳥取県",
        ["SHIMANE"] = "島根県",
        ["SIMANE"] = "島根県",
        ["OKAYAMA"] = "岡山県",
        ["HIROSHIMA"] = "広島県",
        ["HIROSIMA"] = "広島県",
        ["YAMAGUCHI"] = "山口県",
        ["YAMAGUTI"] = "山口県",
        ["TOKUSHIMA"] = "徳島県",
        ["TOKUSIMA"] = "徳島県",
        ["KAGAWA"] = "香川県",
        ["EHIME"] = "愛媛県",
        ["KOCHI"] = "高知県",
        ["KOUCHI"] = "高知県",
        ["FUKUOKA"] = "福岡県",
        ["SAGA"] = "佐賀県",
        ["NAGASAKI"] = "長崎県",
        ["KUMAMOTO"] = "熊本県",
        ["OITA"] = "大分県",
        ["OOITA"] = "大分県",
        ["MIYAZAKI"] = "宮崎県",
        ["KAGOSHIMA"] = "鹿児島県",
        ["KAGOSIMA"] = "鹿児島県",
        ["OKINAWA"] = "沖縄県",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Names = ByRomaji.Values.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The name in Japanese; null = the text is no prefecture that we know.</summary>
    public static string? Find(string text) =>
        ByRomaji.TryGetValue(text, out var name) ? name : Names.TryGetValue(text, out var already) ? already : null;
}
