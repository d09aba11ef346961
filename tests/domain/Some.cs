using System.Collections.Immutable;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Stores;

namespace Tests.Domain;

/// <summary>Invented orders and stores that are right in every respect; a test changes what it is about.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Morning = new(2026, 11, 24, 1, 0, 0, TimeSpan.Zero); // 10:00 JST

    public static Store Store(string id = "qoo10-honten") => new()
    {
        Id = StoreId.Parse(id),
        Marketplace = "qoo10",
        Name = "見本商店",
        Group = BundleGroupId.Of(StoreId.Parse(id)),
        LiveFrom = Morning.AddDays(-1),
    };

    public static StoreMappings Mappings => new()
    {
        Payments = StoreMappings.Empty.Payments.Add("クレジットカード", PaymentMethod.Card).Add("代金引換", PaymentMethod.CashOnDelivery).Add("銀行振込", PaymentMethod.BankTransfer),
        Deliveries = StoreMappings.Empty.Deliveries.Add("宅配便", new DeliveryMethod("yamato")).Add("クール便", new DeliveryMethod("yamato", Temperature.Frozen)),
        TimeSlots = StoreMappings.Empty.TimeSlots.Add("午前中", "am").Add("14:00～16:00", "14-16"),
    };

    public static Party Person(string name = "見本　花子", string street = "見本町1-2-3", string building = "見本ビル405", string email = "hanako@example.invalid") =>
        new(name, "ミホン ハナコ", "100-0000", "東京都", "千代田区", street, building, "03-0000-0000", email);

    public static OrderSnapshot Content(string code = "1001") => new()
    {
        Code = OrderCode.Parse(code),
        PlacedAt = Morning,
        Standing = MarketplaceStanding.Ready,
        RawStatus = "On request(2)",
        Buyer = Person(),
        Recipient = Person(),
        Lines = [new OrderLine("1", "sku-a", "見本茶", "", 2, new Yen(1_500), 8)],
        Amounts = new OrderAmounts(new Yen(3_000), new Yen(550), Yen.Zero, Yen.Zero, Yen.Zero, new Yen(100), new Yen(50), null, new Yen(3_400)),
        Payment = new Payment("クレジットカード", PaymentStanding.Secured),
        DeliveryText = "宅配便",
    };

    public static SalesOrder Order(OrderSnapshot? content = null, Store? store = null) =>
        new Judgement(store ?? Store(), Mappings).New(content ?? Content(), Morning);

    /// <summary>An order that goes to as many recipients, each with a line of its own: ids 1, 2, …</summary>
    public static OrderSnapshot To(params Party[] recipients) => Content() with
    {
        Recipient = recipients[0],
        Lines = [.. recipients.Select((_, i) => new OrderLine($"{i + 1}", $"sku-{i + 1}", "見本茶", "", 1, new Yen(1_500), 8))],
        Destinations = [.. recipients.Select((r, i) => new Destination($"{i + 1}", r, [$"{i + 1}"], "宅配便", null, "", GiftRequest.None, Temperature.Normal))],
    };

    public static ImmutableArray<HoldReason> Reasons(SalesOrder order) => [.. order.Holds.Select(h => h.Reason)];
}
