using Domain.Stores;

namespace Infra.Secrets;

/// <summary>How the vault's secrets are called. A field's name holds no double hyphen, so the last one always separates it from the store.</summary>
public static class SecretNames
{
    /// <summary>Short-lived tokens; the vault's events about this prefix are filtered out.</summary>
    public const string TokenPrefix = "token--";

    public const string StorePrefix = "store--";

    public const string BundleKey = "bundle-key-secret";

    public static string Of(StoreId store, string field) => $"{StorePrefix}{store}--{field}";

    public static string OfToken(StoreId store, string token) => $"{TokenPrefix}{store}--{token}";
}
