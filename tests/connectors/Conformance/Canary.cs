using Sandbox.Core;

namespace Tests.Connectors.Conformance;

/// <summary>An invented order whose every personal value is found again wherever it leaks to.</summary>
internal static class Canary
{
    /// <summary>What must stand in no exception text and no log.</summary>
    public static readonly string[] Personal =
    [
        "金糸雀", "歌子", "カナリア", "ウタコ", "鶯", "春彦", "ウグイス", "ハルヒコ", "canary-buyer@example.invalid", "canary-recipient@example.invalid",
        "0000-7301", "0000-7302", "止まり木町", "鳥籠荘", "鳥の声で起こしてください",
    ];

    public static SeedOrder Order(DateTimeOffset at) => new()
    {
        PlacedAt = at,
        Buyer = new SeedPerson("金糸雀", "歌子", "カナリア", "ウタコ", "100-0001", "東京都", "千代田区", "止まり木町1-1", "鳥籠荘101", "03-0000-7301", "canary-buyer@example.invalid"),
        Recipient = new SeedPerson("鶯", "春彦", "ウグイス", "ハルヒコ", "530-0001", "大阪府", "大阪市北区", "止まり木町2-2", "鳥籠荘202", "06-0000-7302", "canary-recipient@example.invalid"),
        Lines = [new SeedLine("ABC-001", "見本シャツ", "", 2, 1650, 10), new SeedLine("TEA-50", "見本茶", "", 1, 1080, 8)],
        BuyerNote = "鳥の声で起こしてください",
        CartSize = 2,
    };

    /// <summary>A twelve-digit number whose check digit is right for the carriers that have one (first eleven modulo 7).</summary>
    public static string Number(long firstEleven) => $"{firstEleven}{firstEleven % 7}";
}
