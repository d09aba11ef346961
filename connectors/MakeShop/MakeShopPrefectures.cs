namespace Connectors.MakeShop;

/// <summary>Their prefecture names to 都道府県. Their own list tells Tokyo in two parts and has two entries that are no prefecture.</summary>
internal static class MakeShopPrefectures
{
    /// <summary>Entries 49 and 50 of their list, as far as their names can be guessed: a person must look at such an address.</summary>
    private static readonly string[] Elsewhere = ["離島", "海外", "国外"];

    private static readonly string[] Names =
    [
        "北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", "茨城県", "栃木県", "群馬県", "埼玉県", "千葉県", "東京都", "神奈川県", "新潟県", "富山県",
        "石川県", "福井県", "山梨県", "長野県", "岐阜県", "静岡県", "愛知県", "三重県", "滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県", "鳥取県", "島根県",
        "岡山県", "広島県", "山口県", "徳島県", "香川県", "愛媛県", "高知県", "福岡県", "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県",
    ];

    /// <summary><c>東京(23区内)</c> becomes 東京都, <c>神奈川</c> 神奈川県; what is not known stays as it is.</summary>
    public static string Full(string name)
    {
        var bare = name.Split('(', '（')[0].Trim();
        return Names.FirstOrDefault(n => n == bare || (n.Length > 1 && n[..^1] == bare)) ?? name;
    }

    /// <summary>The word for which a person must look, or null: 離島, 海外, or "" for a name that is no prefecture.</summary>
    public static string? Doubt(string name) =>
        name.Length == 0 || Names.Contains(Full(name)) ? null : Elsewhere.FirstOrDefault(e => name.Contains(e, StringComparison.Ordinal)) ?? "";
}
