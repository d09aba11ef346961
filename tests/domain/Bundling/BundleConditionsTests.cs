using Domain.Bundling;
using Domain.Orders;
using Domain.Stores;

namespace Tests.Domain.Bundling;

/// <summary>The acceptance cases of the bundling rules, by what must and must not meet.</summary>
public sealed class BundleConditionsTests
{
    private static readonly byte[] Secret = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    private static readonly BundleRules Rules = new(BundleGroupId.Parse("qoo10-honten"), SeveralStores: false, Strict: false, RelayEmails: false);

    [Theory]
    [InlineData("見本町１－２－３", "見本町1-2-3")]
    [InlineData("見本町1ー2ー3", "見本町1-2-3")]
    [InlineData("見本町 1‐2‐3", "見本町1−2−3")]
    [InlineData("見本町１―２―３　", "見本町1-2-3")]
    public void Width_spaces_and_kinds_of_hyphen_do_not_part_two_orders(string first, string second)
    {
        Assert.Equal(Key(To(street: first)), Key(To(street: second)));
    }

    [Theory]
    [InlineData("山田　太郎", "山田太郎")]
    [InlineData("髙橋 一郎", "高橋一郎")]
    [InlineData("山﨑 二郎", "山崎二郎")]
    [InlineData("𠮷野 三郎", "吉野三郎")]
    [InlineData("ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダタロウ")]
    [InlineData("Ｔａｒｏ　Ｙ", "Taro Y")]
    public void Variants_of_a_name_meet(string first, string second)
    {
        Assert.Equal(Key(To(name: first)), Key(To(name: second)));
    }

    [Theory]
    [InlineData("一丁目2", "1丁目2")]
    [InlineData("見本町1-2-3", "見本町1-2-4")]
    [InlineData("見本町A", "見本町a")]
    public void Kanji_numerals_letter_case_and_other_numbers_stay_different(string first, string second)
    {
        Assert.NotEqual(Key(To(street: first)), Key(To(street: second)));
    }

    [Fact]
    public void Every_condition_of_the_list_parts_two_orders()
    {
        var content = Some.Content();
        var gift = content.Gift;
        OrderSnapshot[] others =
        [
            content with { Buyer = Some.Person(name: "別人") },
            content with { Buyer = Some.Person(email: "other@example.invalid") },
            content with { Recipient = Some.Person(name: "別人") },
            content with { Recipient = Some.Person(building: "別館") },
            content with { DeliveryText = "クール便" },
            content with { PlacedAt = content.PlacedAt.AddHours(3) }, // after the cut-off: planned a day later
            content with { RequestedDate = new DateOnly(2026, 11, 24) },
            content with { TimeSlotText = "午前中" },
            content with { Gift = gift with { Noshi = "御祝" } },
            content with { Gift = gift with { Gift = true } },
            content with { Gift = gift with { Wrapping = "赤リボン" } },
        ];

        Assert.All(others, other => Assert.NotEqual(Key(content), Key(other)));
        Assert.NotEqual(Key(content), Key(content, Some.Store() with { Warehouse = "osaka" }));
    }

    [Fact]
    public void Payment_phone_and_postal_code_do_not_part_two_orders()
    {
        var content = Some.Content();

        Assert.Equal(Key(content), Key(content with { Payment = new Payment("代金引換", PaymentStanding.AfterDelivery) }));
        Assert.Equal(Key(content), Key(content with { Buyer = content.Buyer with { Phone = "090-0000-0001" } }));
        Assert.Equal(Key(content), Key(content with { Recipient = content.Recipient with { PostalCode = "1000000" } }));
    }

    [Fact]
    public void Relay_addresses_give_way_to_the_phone()
    {
        var first = Some.Content() with { Buyer = Some.Person(email: "relay-1@example.invalid") with { Phone = "+81-90-0000-0001" } };
        var second = Some.Content() with { Buyer = Some.Person(email: "relay-2@example.invalid") with { Phone = "090-0000-0001" } };
        var relay = Rules with { RelayEmails = true };

        Assert.NotEqual(Key(first), Key(second));
        Assert.Equal(Key(first, rules: relay), Key(second, rules: relay));
    }

    [Fact]
    public void Strict_comparison_takes_the_buyer_as_received()
    {
        var first = Some.Content() with { Buyer = Some.Person(name: "山田 太郎") };
        var second = Some.Content() with { Buyer = Some.Person(name: "山田太郎") };

        Assert.Equal(Key(first), Key(second));
        Assert.NotEqual(Key(first, rules: Rules with { Strict = true }), Key(second, rules: Rules with { Strict = true }));
    }

    [Fact]
    public void Two_stores_meet_only_in_a_group_of_several()
    {
        var other = Some.Store("yahoo-honten");
        var several = Rules with { SeveralStores = true };

        Assert.NotEqual(Key(Some.Content()), Key(Some.Content(), other));
        Assert.Equal(Key(Some.Content(), rules: several), Key(Some.Content(), other, several));
    }

    [Theory]
    [InlineData("")]
    [InlineData("　")]
    [InlineData("未定")]
    public void A_blank_or_placeholder_recipient_is_never_bundled(string name)
    {
        var content = To(name: name);

        Assert.Null(BundleConditions.Of(Some.Order(content), Some.Store(), Rules));
    }

    [Fact]
    public void Each_recipient_of_an_order_meets_other_orders_by_its_own_address_date_and_temperature()
    {
        var second = Some.Person("別人", "別町9-9");
        var content = Some.To(Some.Person(), second);
        content = content with { Destinations = [content.Destinations[0], content.Destinations[1] with { RequestedDate = new DateOnly(2026, 12, 1), Temperature = Temperature.Chilled }] };
        var single = Some.Content() with { Recipient = second, RequestedDate = new DateOnly(2026, 12, 1), Temperature = Temperature.Chilled };

        Assert.Equal(Key(Some.Content()), Key(content, number: 1));
        Assert.Equal(Key(single), Key(content, number: 2));
        Assert.NotEqual(Key(single with { Temperature = Temperature.Normal }), Key(content, number: 2));
    }

    [Fact]
    public void The_colder_temperature_of_mapping_and_marketplace_parts_two_orders()
    {
        var content = Some.Content();

        Assert.NotEqual(Key(content), Key(content with { Temperature = Temperature.Chilled }));
        Assert.Equal(Key(content with { DeliveryText = "クール便" }), Key(content with { DeliveryText = "クール便", Temperature = Temperature.Chilled }));
    }

    [Fact]
    public void The_comparison_names_each_condition_with_its_values()
    {
        var first = BundleConditions.Of(Some.Order(), Some.Store(), Rules)!;
        var second = BundleConditions.Of(Some.Order(Some.Content() with { TimeSlotText = "午前中" }), Some.Store(), Rules)!;

        var differing = Assert.Single(first.CompareWith(second), c => !c.Equal);

        Assert.Equal(new ConditionComparison(BundleCondition.TimeSlot, false, "", "午前中"), differing);
    }

    [Fact]
    public void The_key_shows_nothing_of_the_person()
    {
        Assert.Matches("^1-[0-9a-f]{32}$", Key(Some.Content())!.Value);
    }

    private static OrderSnapshot To(string name = "見本　花子", string street = "見本町1-2-3") =>
        Some.Content() with { Recipient = Some.Person(name, street) };

    private static BundleKey? Key(OrderSnapshot content, Store? store = null, BundleRules? rules = null, int number = 1)
    {
        store ??= Some.Store();
        var order = new Judgement(store, Some.Mappings, eachDestination: true).New(content, Some.Morning);
        return BundleConditions.Of(order, store, rules ?? Rules, number) is { } conditions ? BundleKey.Compute(conditions, Secret) : null;
    }
}
