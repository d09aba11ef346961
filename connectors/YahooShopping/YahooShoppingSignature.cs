using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Domain.Marketplaces;

namespace Connectors.YahooShopping;

/// <summary>公開鍵認証: the store's account and the time, encrypted with the store's public key, so different in every call. It is an encryption, although they call it a signature.</summary>
internal static class YahooShoppingSignature
{
    public const string Header = "X-sws-signature";

    public const string VersionHeader = "X-sws-signature-version";

    /// <summary>Says in every answer of an order API whether the key was accepted. A refused key still gets its data, until the consent's twelve hours are over.</summary>
    public const string StatusHeader = "X-SWS-Authorize-Status";

    /// <summary>Field of the manifest.</summary>
    public const string Field = "public-key";

    /// <param name="publicKey">PEM as the admin screen shows it; line ends may have been lost on the way here.</param>
    /// <exception cref="MarketplaceException">CredentialRejected(Wrong): it is no such key.</exception>
    public static string Of(string publicKey, string sellerId, DateTimeOffset at)
    {
        var text = $"{sellerId}:{at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}";
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportSubjectPublicKeyInfo(Convert.FromBase64String(BodyOf(publicKey)), out _);
            return Convert.ToBase64String(rsa.Encrypt(Encoding.UTF8.GetBytes(text), RSAEncryptionPadding.Pkcs1));
        }
        catch (Exception broken) when (broken is FormatException or CryptographicException)
        {
            // Without the inner exception: its text might quote the value.
            throw new MarketplaceException(YahooShoppingConnector.Code, FailureKind.CredentialRejected, "the stored public key is not a public key in PEM form")
            {
                Credential = CredentialFault.Wrong,
                Field = Field,
            };
        }
    }

    private static string BodyOf(string pem) => pem
        .Replace("-----BEGIN PUBLIC KEY-----", "", StringComparison.Ordinal)
        .Replace("-----END PUBLIC KEY-----", "", StringComparison.Ordinal)
        .Replace("\\n", "", StringComparison.Ordinal)
        .Trim();
}
