using System.Collections.Immutable;
using System.Globalization;
using Domain.Orders;
using Domain.Stores;

namespace Domain.Bundling;

/// <summary>同梱の条件: everything that must be equal for two deliveries to travel as one.</summary>
public enum BundleCondition
{
    /// <summary>購入した店舗; the group where several stores bundle together.</summary>
    Store,

    /// <summary>出荷元倉庫</summary>
    Warehouse,

    /// <summary>購入者名</summary>
    BuyerName,

    /// <summary>購入者メールアドレス, or the buyer's phone where e-mails are relays or the group has several stores.</summary>
    BuyerContact,

    /// <summary>お届け先名</summary>
    RecipientName,

    /// <summary>お届け先住所</summary>
    RecipientAddress,

    /// <summary>配送方法</summary>
    DeliveryMethod,

    /// <summary>配送温度</summary>
    Temperature,

    /// <summary>出荷予定日</summary>
    PlannedShipDate,

    /// <summary>お届け希望日</summary>
    RequestedDate,

    /// <summary>希望時間帯</summary>
    TimeSlot,

    /// <summary>熨斗</summary>
    Noshi,

    /// <summary>ギフト</summary>
    Gift,

    /// <summary>ラッピング</summary>
    Wrapping,
}

/// <param name="Shown">The value as received.</param>
/// <param name="Compared">The value as it is compared.</param>
public sealed record ConditionValue(BundleCondition Condition, string Shown, string Compared);

/// <summary>How a group compares its orders.</summary>
/// <param name="Group">The group's id, which stands for the store where several bundle together.</param>
/// <param name="SeveralStores">One household's orders of different marketplaces can travel together; e-mails give way to phones.</param>
/// <param name="Strict">Buyer name and e-mail compare as received.</param>
/// <param name="RelayEmails">The marketplace's e-mails differ per order; phones are compared instead.</param>
public sealed record BundleRules(BundleGroupId Group, bool SeveralStores, bool Strict, bool RelayEmails);

/// <summary>The values that decide whether an order can travel with another.</summary>
public sealed record BundleConditions(ImmutableArray<ConditionValue> Values)
{
    /// <summary>The conditions of one of an order's deliveries, or null when it must never be bundled: its recipient is blank or a placeholder.</summary>
    /// <param name="number">Which of the order's deliveries: 1, or the number of one of its recipients.</param>
    public static BundleConditions? Of(SalesOrder order, Store store, BundleRules rules, int number = 1)
    {
        var content = order.Content;
        var part = order.Part(number);
        var recipientName = Normaliser.Text(part.Recipient.Name);
        var recipientAddress = Normaliser.Text(part.Recipient.Address);
        if (IsPlaceholder(recipientName) || IsPlaceholder(recipientAddress))
        {
            return null;
        }

        var byPhone = rules.SeveralStores || rules.RelayEmails || content.Buyer.EmailIsRelay;
        var contact = byPhone ? content.Buyer.Phone : content.Buyer.Email;
        var method = part.Delivery;
        return new BundleConditions(
        [
            new(BundleCondition.Store, order.Key.Store.Value, rules.SeveralStores ? rules.Group.Value : order.Key.Store.Value),
            Same(BundleCondition.Warehouse, store.Warehouse),
            new(BundleCondition.BuyerName, content.Buyer.Name, rules.Strict ? content.Buyer.Name : Normaliser.Text(content.Buyer.Name)),
            new(BundleCondition.BuyerContact, contact, byPhone ? Normaliser.Phone(contact) : rules.Strict ? contact : Normaliser.Text(contact)),
            new(BundleCondition.RecipientName, part.Recipient.Name, recipientName),
            new(BundleCondition.RecipientAddress, part.Recipient.Address, recipientAddress),
            new(BundleCondition.DeliveryMethod, part.DeliveryText, method?.Service ?? "?" + part.DeliveryText),
            Same(BundleCondition.Temperature, method?.Temperature.ToString() ?? (part.Temperature is Temperature.Normal ? "" : part.Temperature.ToString())),
            Day(BundleCondition.PlannedShipDate, part.PlannedShipDate),
            Day(BundleCondition.RequestedDate, part.RequestedDate),
            new(BundleCondition.TimeSlot, part.TimeSlotText, part.TimeSlot ?? "?" + part.TimeSlotText),
            Same(BundleCondition.Noshi, part.Gift.Noshi),
            Same(BundleCondition.Gift, part.Gift.Gift ? "gift" : ""),
            Same(BundleCondition.Wrapping, part.Gift.Wrapping),
        ]);
    }

    /// <summary>Condition by condition, whether the two agree.</summary>
    public ImmutableArray<ConditionComparison> CompareWith(BundleConditions other) =>
        [.. Values.Zip(other.Values, (a, b) => new ConditionComparison(a.Condition, a.Compared == b.Compared, a.Shown, b.Shown))];

    private static ConditionValue Same(BundleCondition condition, string value) => new(condition, value, value);

    private static ConditionValue Day(BundleCondition condition, DateOnly? day) =>
        Same(condition, day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "");

    /// <summary>Blank, or the fixed text that stands where a recipient will be filled in later (ソーシャルギフト, 仮注文).</summary>
    private static bool IsPlaceholder(string normalised) =>
        normalised.Length == 0 || normalised is "未定" or "未設定" or "未入力" or "仮" or "ダミー" or "住所未定" or "お届け先未定" or "ギフト";
}

/// <param name="First">The value of the first delivery as received: personal, masked for viewers.</param>
public sealed record ConditionComparison(BundleCondition Condition, bool Equal, string First, string Second);
