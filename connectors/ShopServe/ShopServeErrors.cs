using System.Text.Json;
using Connectors.Wire;
using Domain.Marketplaces;

namespace Connectors.ShopServe;

/// <summary>Their answers to our kinds of failure. No error body was ever recorded: the HTTP status alone is relied on. 401 is a wrong key or one that 再発行 has replaced.</summary>
internal static class ShopServeErrors
{
    /// <summary>The failure that an answer stands for, or null when nothing speaks against it.</summary>
    public static MarketplaceException? Of(string endpoint, CallKind kind, WireAnswer answer, JsonElement? body) =>
        HttpRefusals.Of(ShopServeConnector.Code, endpoint, kind, answer, body);

    /// <summary>A good status with a body that cannot be read: cut under way, or not theirs.</summary>
    public static MarketplaceException NotJson(string endpoint) =>
        new(ShopServeConnector.Code, FailureKind.Transient, $"{endpoint}: the answer is not JSON");

    public static MarketplaceException Unreadable(string endpoint, string expected) =>
        new(ShopServeConnector.Code, FailureKind.Unreadable, $"{endpoint}: expected {expected}");
}
