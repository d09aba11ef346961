using System.Collections.Concurrent;

namespace Sandbox.YahooShopping;

/// <summary>The names asked for in Field. One object a text, so that an order's answers can be kept by it.</summary>
internal sealed class YahooFields
{
    private const int Kept = 256;

    private static readonly ConcurrentDictionary<(string, bool), YahooFields> Known = new();

    /// <summary>What orderList knows: the header, no phone, mail, postal code, city or address. [O]; the names [I].</summary>
    private static readonly HashSet<string> Listed = new(StringComparer.Ordinal)
    {
        "OrderId", "Version", "ParentOrderId", "ChildOrderId", "DeviceType", "IsSeen", "IsSplit", "OrderTime", "LastUpdateTime", "PublicationTime", "Suspect",
        "FraudHoldStatus", "OrderStatus", "CancelReason", "StoreStatus", "IsMultiShip", "MultiShipId", "HistoryId", "SocialGiftType", "IsLineGiftOrder",
        "IsLineGiftShippable", "IsSubscription", "PayStatus", "SettleStatus", "PayType", "PayKind", "PayMethod", "PayMethodName", "PayDate", "PaymentTerm",
        "PayMethodChangeDeadline", "IsPayMethodChangePossible", "BillLastName", "BillFirstName", "BillLastNameKana", "BillFirstNameKana", "BillPrefecture",
        "ShipStatus", "ShipMethod", "ShipMethodName", "ShipRequestDate", "ShipRequestTime", "ShipCompanyCode", "ShipInvoiceNumber1", "ShipInvoiceNumber2",
        "ShipInvoiceNumberEmptyReason", "ShipDate", "ArrivalDate", "ArriveType", "ShipLastName", "ShipFirstName", "ShipLastNameKana", "ShipFirstNameKana",
        "ShipPrefecture", "NeedGiftWrap", "TotalPrice", "SettleAmount", "UsePoint", "IsReadOnly",
    };

    private readonly HashSet<string> _names;

    private YahooFields(string text, bool list)
    {
        IsList = list;
        _names = new(text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal);
        if (list)
        {
            _names.IntersectWith(Listed);
        }
    }

    /// <summary>A row of orderList: flat; else the groups of orderInfo.</summary>
    public bool IsList { get; }

    public bool Has(string name) => _names.Contains(name);

    public static YahooFields Of(string text, bool list)
    {
        if (Known.TryGetValue((text, list), out var known))
        {
            return known;
        }

        if (Known.Count > Kept)
        {
            Known.Clear(); // whoever asks with ever new texts gets ever new answers, but not ever more memory here
        }

        return Known.GetOrAdd((text, list), new YahooFields(text, list));
    }
}
