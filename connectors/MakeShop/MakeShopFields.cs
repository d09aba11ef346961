using System.Collections.Immutable;
using Domain.Marketplaces;

namespace Connectors.MakeShop;

/// <summary>A field of the reply whose name is only guessed.</summary>
/// <param name="Role">What we would use it for.</param>
internal sealed record GuessedField(string Role, string Name);

/// <summary>What a search asks of an order. The fields that clients were seen to use are always asked for; a guessed one is left out where the service
/// does not know it, because one unknown name refuses the whole query.</summary>
internal static class MakeShopFields
{
    /// <summary>Where an order stands and what number it holds: all that the ship gate and a read-back need.</summary>
    public const string Standing = "displayOrderNumber orderDate paymentStatusCode deliveryInfos{deliveryId deliveryStatus slipNumber}";

    private const string Order = "displayOrderNumber orderDate sumPrice payMethod paymentStatusCode senderName senderPrefecture message";

    private const string Delivery =
        "deliveryId deliveryStatus desiredDeliveryDate desiredDeliveryTimezone receiverName receiverPost receiverPrefecture receiverAddress receiverAddress2 receiverTel"
        + " shippingCharge deliveryMessage deliveryMethodIds slipNumber";

    private const string Basket = "productCode productCustomCode variationCustomCode productName variationName amount price";

    /// <summary>The roles that stand in an item of the basket; the others stand in the order.</summary>
    private static readonly ImmutableHashSet<string> OfBasket = ["tax-rate", "selects"];

    private static readonly ImmutableHashSet<string> OfOrder =
        ["sender-kana", "sender-post", "sender-address", "sender-address2", "sender-tel", "sender-mail", "points", "coupon", "fee"];

    /// <summary>The store's guesses, as <c>role=name</c> separated by spaces. A role that is left out is not asked for.</summary>
    /// <exception cref="MarketplaceException">Rejected: the setting does not say that.</exception>
    public static ImmutableArray<GuessedField> GuessedOf(StoreAccess access)
    {
        var guesses = ImmutableArray.CreateBuilder<GuessedField>();
        foreach (var entry in access.Setting("guessed-fields").Split([' ', '　', ','], StringSplitOptions.RemoveEmptyEntries))
        {
            guesses.Add(entry.Split('=') is [var role, var name] && (OfBasket.Contains(role) || OfOrder.Contains(role)) && IsName(name)
                ? new GuessedField(role, name)
                : throw new MarketplaceException(MakeShopConnector.Code, FailureKind.Rejected, "the store setting guessed-fields must list role=name, with known roles") { Field = "guessed-fields" });
        }

        return guesses.ToImmutable();
    }

    /// <summary>All that is wanted of an order, with these guesses.</summary>
    public static string Whole(IReadOnlyCollection<GuessedField> guesses)
    {
        var order = string.Concat(guesses.Where(g => OfOrder.Contains(g.Role)).Select(g => $" {g.Name}"));
        var basket = string.Concat(guesses.Where(g => OfBasket.Contains(g.Role)).Select(g => $" {SelectionOf(g)}"));
        return $"{Order}{order} deliveryInfos{{{Delivery} basketInfos{{{Basket}{basket}}}}}";
    }

    /// <summary>The names by which a refusal may mean this guess.</summary>
    public static IEnumerable<string> NamesOf(GuessedField guess) => guess.Role == "selects" ? [guess.Name, "customSelectName", "selectedItemName"] : [guess.Name];

    private static string SelectionOf(GuessedField guess) => guess.Role == "selects" ? $"{guess.Name}{{customSelectName selectedItemName}}" : guess.Name;

    /// <summary>Anything else would break the query, or ask for something else.</summary>
    private static bool IsName(string text) => text.Length > 0 && !char.IsAsciiDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
