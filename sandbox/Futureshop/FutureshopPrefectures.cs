namespace Sandbox.Futureshop;

/// <summary>都道府県 as they spell it: upper-case romaji. TOKYO, SAITAMA and AOMORI were seen, the rest follows the same rule; what an address abroad has is not known.</summary>
internal static class FutureshopPrefectures
{
    private static readonly Dictionary<string, string> Romaji = new(StringComparer.Ordinal)
    {
        ["北海道"] = "HOKKAIDO",
        ["青森県"] = "AOMORI",
        ["岩手県"] = "IWATE",
        ["宮城県"] = "MIYAGI",
        ["秋田県"] = "AKITA",
        ["山形県"] = "YAMAGATA",
        ["福島県"] = "FUKUSHIMA",
        ["茨城県"] = "IBARAKI",
        ["栃木県"] = "TOCHIGI",
        ["群馬県"] = "GUNMA",
        ["埼玉県"] = "SAITAMA",
        ["千葉県"] = "CHIBA",
        ["東京都"] = "TOKYO",
        ["神奈川県"] = "KANAGAWA",
        ["新潟県"] = "NIIGATA",
        ["富山県"] = "TOYAMA",
        ["石川県"] = "ISHIKAWA",
        ["福井県"] = "FUKUI",
        ["山梨県"] = "YAMANASHI",
        ["長野県"] = "NAGANO",
        ["岐阜県"] = "GIFU",
        ["静岡県"] = "SHIZUOKA",
        ["愛知県"] = "AICHI",
        ["三重県"] = "MIE",
        ["滋賀県"] = "SHIGA",
        ["京都府"] = "KYOTO",
        ["大阪府"] = "OSAKA",
        ["兵庫県"] = "HYOGO",
        ["奈良県"] = "NARA",
        ["和歌山県"] = "WAKAYAMA",
        ["鳥取県"] = "TOTTORI",
        ["島根県"] = "SHIMANE",
        ["岡山県"] = "OKAYAMA",
        ["広島県"] = "HIROSHIMA",
        ["山口県"] = "YAMAGUCHI",
        ["徳島県"] = "TOKUSHIMA",
        ["香川県"] = "KAGAWA",
        ["愛媛県"] = "EHIME",
        ["高知県"] = "KOCHI",
        ["福岡県"] = "FUKUOKA",
        ["佐賀県"] = "SAGA",
        ["長崎県"] = "NAGASAKI",
        ["熊本県"] = "KUMAMOTO",
        ["大分県"] = "OITA",
        ["宮崎県"] = "MIYAZAKI",
        ["鹿児島県"] = "KAGOSHIMA",
        ["沖縄県"] = "OKINAWA",
    };

    public static string Of(string prefecture) => Romaji.GetValueOrDefault(prefecture, "OVERSEAS");
}
