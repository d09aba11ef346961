using CsCheck;
using Sandbox.Core;

namespace Tests.Connectors.Properties;

/// <summary>Generated orders in the sandbox's neutral words. Every text is invented.</summary>
internal static class SeedOrders
{
    private static readonly DateTimeOffset Morning = new(2026, 11, 20, 0, 0, 0, TimeSpan.FromHours(9));

    private static readonly Gen<string> Word = Gen.OneOf("髙﨑", "𠮷子", "見本", "ｶﾅ", "カナ", "O'Neil", "<&>\"", "東", "ａｂｃ", "一丁目1-2", "e\u0301");

    private static readonly Gen<SeedPerson> Person =
        Gen.Select(Word, Word, Gen.Int[0, 9999], Gen.OneOf(("東京都", "千代田区"), ("北海道", "札幌市中央区"), ("京都府", "京都市中京区"), ("神奈川県", "横浜市西区")), Word, Gen.OneOf<string>(Word, Gen.Const("")))
            .Select((last, first, number, place, street, building) => new SeedPerson(
                last, first, "ミホン", "タロウ", $"100-{number:D4}", place.Item1, place.Item2, street, building, $"090-0000-{number:D4}", $"p{number}@example.invalid"));

    private static readonly Gen<SeedLine> Line =
        Gen.Select(Gen.Int[1, 999], Word, Gen.OneOf<string>(Gen.Const(""), Word), Gen.Int[1, 99], Gen.Int[0, 99_999], Gen.OneOf(8, 10))
            .Select((sku, title, option, quantity, price, tax) => new SeedLine($"SKU-{sku}", title, option, quantity, price, tax));

    public static readonly Gen<SeedOrder> Any =
        Gen.Select(
                Gen.Select(Person, Person, Line.Array[1, 4]),
                Gen.Int[0, 86_399],
                Gen.Select(Gen.Int[0, 1500], Gen.Int[0, 300], Gen.Int[0, 300]),
                Gen.Bool,
                Gen.OneOf<string?>(Gen.Const((string?)null), Word.Select(w => (string?)w)),
                Gen.Int[-1, 20])
            .Select((people, second, money, paid, note, day) => new SeedOrder
            {
                PlacedAt = Morning.AddSeconds(second),
                Buyer = people.Item1,
                Recipient = people.Item2,
                Lines = people.Item3,
                ShippingFee = money.Item1,
                Coupon = money.Item2,
                Points = money.Item3,
                Paid = paid,
                BuyerNote = note,
                RequestedDate = day < 0 ? null : new DateOnly(2026, 11, 21).AddDays(day),
                CartSize = people.Item3.Length,
            });
}
