using System.Text.Json;
using Connectors.Wire;
using Domain.Marketplaces;

namespace Connectors.Shoplist;

/// <summary>Their answers to our kinds of failure. Nothing is known of them but HTTP itself.</summary>
internal static class ShoplistErrors
{
    /// <summary>The failure that an answer stands for, or null when nothing speaks against it.</summary>
    public static MarketplaceException? Of(string endpoint, CallKind kind, WireAnswer answer, JsonElement? body) =>
        HttpRefusals.Of(ShoplistConnector.Code, endpoint, kind, answer, body);

    /// <summary>A good status with a body that cannot be read: cut under way, or not theirs.</summary>
    public static MarketplaceException NotJson(string endpoint) => new(ShoplistConnector.Code, FailureKind.Transient, $"{endpoint}: the answer is not JSON");

    public static MarketplaceException Unreadable(string endpoint, string expected) => new(ShoplistConnector.Code, FailureKind.Unreadable, $"{endpoint}: expected {expected}");
}
