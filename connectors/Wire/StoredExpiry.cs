using System.Globalization;
using Domain.Marketplaces;
using Domain.Time;

namespace Connectors.Wire;

/// <summary>A credential's end as a person copied it from the admin screen, kept beside the credential: the APIs do not tell it.</summary>
internal static class StoredExpiry
{
    private static readonly string[] Days = ["yyyy-MM-dd", "yyyy/MM/dd", "yyyyMMdd"];

    private static readonly string[] Times = ["yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ssZ"];

    /// <summary>The end that stands in this field, UTC; a day means its beginning in Japan, so that the warning is early rather than late.</summary>
    /// <returns>Null: nothing stands there, or nothing that is a date. Neither stops a probe.</returns>
    public static async Task<DateTimeOffset?> ReadAsync(StoreAccess access, string field, CancellationToken cancellation)
    {
        string text;
        try
        {
            text = await access.Credentials.ReadAsync(field, cancellation);
        }
        catch (MarketplaceException missing) when (missing.Credential is CredentialFault.Missing)
        {
            return null;
        }

        return DateOnly.TryParseExact(text, Days, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1900 and < 9999
                ? Jst.StartOf(day)
            : DateTimeOffset.TryParseExact(text, Times, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                ? time.ToUniversalTime()
            : null;
    }

    /// <summary>The earliest of several ends; null = none is known.</summary>
    public static CredentialHealth HealthOf(params ReadOnlySpan<DateTimeOffset?> ends)
    {
        DateTimeOffset? first = null;
        foreach (var end in ends)
        {
            first = first is { } known && !(end < known) ? known : end ?? first;
        }

        return first is null ? CredentialHealth.NoWordOfExpiry : new CredentialHealth(first);
    }
}
