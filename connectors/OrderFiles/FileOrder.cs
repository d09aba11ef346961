using System.Collections.Immutable;
using Domain.Orders;
using Domain.Stores;

namespace Connectors.OrderFiles;

/// <summary>One order as a file tells it.</summary>
/// <param name="Content">What the file says alone; what it has no column for is empty.</param>
/// <param name="Raw">Its rows with the header, as JSON in UTF-8.</param>
/// <param name="Lines">The first lines of its rows.</param>
/// <param name="Fields">The fields that the file has columns for.</param>
public sealed record FileOrder(OrderCode Code, OrderSnapshot Content, ReadOnlyMemory<byte> Raw, ImmutableArray<int> Lines, ImmutableSortedSet<string> Fields)
{
    /// <summary>Where the file has no column for the delivery method or leaves it empty: a text that a store can map.</summary>
    public const string NoDelivery = "指定なし";

    /// <summary>Where the file has no column for the payment.</summary>
    public const string NoPayment = "支払なし";

    /// <summary>The order as it stands with what the file says about it: what the file has no word for stays as it was known. No longer incomplete.</summary>
    public OrderSnapshot Over(OrderSnapshot known)
    {
        var told = Has("status");
        return Content with
        {
            PlacedAt = known.Incomplete || known.FileVersion is not null ? Content.PlacedAt : known.PlacedAt,
            Standing = told ? Content.Standing : known.Standing,
            RawStatus = told ? Content.RawStatus : known.RawStatus,
            Buyer = Over(known.Buyer, Content.Buyer),
            Recipient = Over(known.Recipient, Content.Recipient),
            Lines = [.. Content.Lines.Select(line => Over(known.Lines, line))],
            Amounts = Has("unit-price") || Has("items") || Has("total") || Has("billed") || known.Lines.IsEmpty ? Content.Amounts : known.Amounts,
            Payment = Has("payment") ? Content.Payment : known.Payment,
            DeliveryText = Content.DeliveryText == NoDelivery && known.DeliveryText.Length > 0 ? known.DeliveryText : Content.DeliveryText,
            RequestedDate = Has("requested-date") ? Content.RequestedDate : known.RequestedDate,
            TimeSlotText = Has("time-slot") ? Content.TimeSlotText : known.TimeSlotText,
            Gift = Has("gift") || Has("wrapping") || Has("noshi") || Has("gift-message") ? Content.Gift : known.Gift,
            BuyerNote = Has("buyer-note") ? Content.BuyerNote : known.BuyerNote,
            Reported = known.Reported,
            MarketplaceHolds = [.. Content.MarketplaceHolds.Concat(told ? [] : known.MarketplaceHolds).Distinct()],
            Destinations = Content.Destinations.IsEmpty ? known.Destinations : Content.Destinations,
            Temperature = (Temperature)Math.Max((int)known.Temperature, (int)Content.Temperature),
        };
    }

    private bool Has(string field) => Fields.Contains(field);

    private static Party Over(Party known, Party told)
    {
        var address = told.Address.Length > 0 ? told : known;
        return new Party(
            Or(told.Name, known.Name), Or(told.Kana, known.Kana), Or(told.PostalCode, known.PostalCode),
            address.Prefecture, address.City, address.Street, address.Building,
            Or(told.Phone, known.Phone), Or(told.Email, known.Email), told.Email.Length == 0 && known.EmailIsRelay);
    }

    private OrderLine Over(ImmutableArray<OrderLine> known, OrderLine told) =>
        (known.FirstOrDefault(l => l.LineId == told.LineId) ?? known.FirstOrDefault(l => l.Sku == told.Sku)) is { } same
            ? told with
            {
                Title = Or(told.Title, same.Title),
                Option = Or(told.Option, same.Option),
                UnitPrice = Has("unit-price") ? told.UnitPrice : same.UnitPrice,
                TaxRate = Has("tax-rate") ? told.TaxRate : same.TaxRate,
                Standing = Has("status") ? told.Standing : same.Standing,
            }
            : told;

    private static string Or(string told, string known) => told.Length > 0 ? told : known;
}
