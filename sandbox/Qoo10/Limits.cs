namespace Sandbox.Qoo10;

/// <summary>What the service allows and how it answers, with the evidence of each. Written down here a second time on purpose: a simulator that shared the connector's numbers would share its mistakes.</summary>
internal static class Limits
{
    /// <summary>Official: a search spans at most 90 days.</summary>
    public static readonly TimeSpan LongestSpan = TimeSpan.FromDays(90);

    /// <summary>Official: rows of a bulk call.</summary>
    public const int BulkRows = 500;

    /// <summary>Official: characters of a tracking number.</summary>
    public const int TrackingCharacters = 50;

    /// <summary>Integrators' manuals: both keys live a year from their issue.</summary>
    public static readonly TimeSpan KeyLife = TimeSpan.FromDays(365);

    /// <summary>Not published; clients keep 5 to 10 a second. Chosen: the upper end, since a careful client's five arrive unevenly over a network.</summary>
    public const int CallsPerSecond = 10;

    /// <summary>Names seen in official examples and in production code, and what integrators use; the full list is not public. An unknown name is -10120.</summary>
    public static readonly IReadOnlySet<string> Carriers = new HashSet<string>(StringComparer.Ordinal)
    {
        "ヤマト宅急便", "ヤマト運輸", "宅急便コンパクト", "ネコポス", "Sagawa", "佐川急便", "ゆうパック", "ゆうパケット", "クリックポスト", "レターパック", "Qxpress", "西濃運輸", "福山通運", "その他", "ETC",
    };

    /// <summary>Carriers whose numbers have twelve digits and a check digit (first eleven mod 7); a wrong one is -10108 (one source).</summary>
    public static readonly IReadOnlySet<string> Checked = new HashSet<string>(StringComparer.Ordinal) { "ヤマト宅急便", "ヤマト運輸", "Sagawa", "佐川急便", "ゆうパック" };

    /// <summary>-10103 says that a number is used already; which re-use it means is unverified. Chosen: one parcel to one person may carry several carts, a number for two people may not.</summary>
    public const int NumberUsed = -10103;

    /// <summary>Official: an end of sale that is not sent along with a quantity is reset to so many days from now (one year).</summary>
    public const int SaleDays = 365;

    /// <summary>Official: CancelReason of a cancel by the seller; blank = 在庫なし, 1 注文変更, 2 配送不可地域, 3 配送遅延. Another one is refused (chosen).</summary>
    public static readonly IReadOnlySet<string> CancelReasons = new HashSet<string>(StringComparer.Ordinal) { "", "1", "2", "3" };
}
