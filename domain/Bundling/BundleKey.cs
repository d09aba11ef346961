using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Domain.Bundling;

/// <summary>The one name under which equal deliveries meet: an HMAC of the normalised conditions with a secret of the installation, the normaliser's version in front.
/// It tells nothing about the people.</summary>
public sealed record BundleKey
{
    private BundleKey(string value) => Value = value;

    public string Value { get; }

    /// <param name="secret">The installation's <c>bundle-key-secret</c>.</param>
    public static BundleKey Compute(BundleConditions conditions, ReadOnlySpan<byte> secret)
    {
        var text = string.Join('\u001F', conditions.Values.Select(v => v.Compared));
        Span<byte> hash = stackalloc byte[32];
        HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(text), hash);
        return new BundleKey(string.Create(CultureInfo.InvariantCulture, $"{Normaliser.Version}-{Convert.ToHexStringLower(hash[..16])}"));
    }

    public static bool TryParse(string? text, [NotNullWhen(true)] out BundleKey? key)
    {
        key = text is { Length: >= 34 and <= 40 } && text.All(c => char.IsAsciiHexDigitLower(c) || c == '-') ? new BundleKey(text) : null;
        return key is not null;
    }

    public static BundleKey Parse(string text) => TryParse(text, out var key) ? key : throw new FormatException("That is not a bundle key.");

    public override string ToString() => Value;
}
