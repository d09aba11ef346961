using Sandbox.Core;

namespace Sandbox.YahooShopping;

/// <summary>A payment method. Codes, PayKind and PayType [O]; which texts stand for which code [I].</summary>
/// <param name="Kind">PayKind: 0 カード, 1 ネットバンク, 2 キャリア, 3 振込, 4 代引, 5 コンビニ, 6 電子マネー, 7 その他.</param>
/// <param name="IsPrepaid">PayType 1 前払い, else 0 後払い; a card is 0.</param>
/// <param name="WaitsAs">SettleStatus while unpaid.</param>
internal sealed record YahooPayment(string Code, string Name, int Kind, bool IsPrepaid, int WaitsAs)
{
    private const string CardName = "クレジットカード決済";

    // The first word found decides, so the longer come first.
    private static readonly (string Word, string Code, int Kind, bool IsPrepaid, int WaitsAs)[] Known =
    [
        ("PayPayクレジット", "payment_a19", 7, false, 1),
        ("PayPay", "payment_a17", 6, false, 1),
        ("クレジットカード", "payment_a1", 0, false, 10),
        ("セブン", "payment_a6", 5, true, 2),
        ("コンビニ", "payment_a7", 5, true, 2),
        ("Suica", "payment_a8", 6, true, 2),
        ("d払い", "payment_a9", 2, false, 1),
        ("ドコモ", "payment_a9", 2, false, 1),
        ("au", "payment_a10", 2, false, 1),
        ("ソフトバンク", "payment_a11", 2, false, 1),
        ("ペイジー", "payment_a15", 1, true, 2),
        ("Yahoo!マネー", "payment_a16", 6, false, 1),
        ("ゆっくり払い", "payment_a18", 7, false, 1),
        ("ゆうちょ", "payment_c1", 3, true, 4),
        ("現金書留", "payment_c3", 7, true, 4),
        ("銀行振込", "payment_b1", 3, true, 4),
        ("代引", "payment_d1", 4, false, 4),
        ("代金引換", "payment_d1", 4, false, 4),
        ("商品券", "payment_z4", 7, false, 1),
    ];

    public bool IsCard => Code is "payment_a1" or "payment_a19";

    /// <summary>Paid at the shop's counter or a machine by a date: PaymentTerm. [O]</summary>
    public bool HasTerm => Code is "payment_a6" or "payment_a7" or "payment_a8" or "payment_a15";

    /// <summary>代金引換: ships before it is paid.</summary>
    public bool ShipsUnpaid => Code == "payment_d1";

    /// <summary>An unpaid order without a text pays at a convenience store; an unknown text is a method of the store's own (payment_e1).</summary>
    public static YahooPayment Of(SeedOrder seed)
    {
        var text = seed.PaymentText ?? (seed.Paid ? CardName : "コンビニ");
        foreach (var (word, code, kind, isPrepaid, waitsAs) in Known)
        {
            if (text.Contains(word, StringComparison.Ordinal))
            {
                return new YahooPayment(code, text, kind, isPrepaid, waitsAs);
            }
        }

        return new YahooPayment("payment_e1", text, 7, true, 4);
    }
}
