using System.Globalization;
using Domain.Time;

namespace Connectors.Wire;

/// <summary>How Japanese marketplaces write times, money and addresses.</summary>
internal static class JapaneseText
{
    private static readonly string[] Times =
    [
        "yyyy/MM/dd HH:mm:ss", "yyyy/MM/dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-ddTHH:mm:ss", "yyyyMMddHHmmss",
    ];

    private static readonly string[] Days = ["yyyy/MM/dd", "yyyy-MM-dd", "yyyyMMdd"];

    /// <summary>A wall-clock time in Japan, with or without an offset, as an instant.</summary>
    public static bool TryTime(string text, out DateTimeOffset instant)
    {
        if (DateTime.TryParseExact(text, Times, CultureInfo.InvariantCulture, DateTimeStyles.None, out var wallClock) && wallClock.Year is > 1900 and < 9999)
        {
            instant = Jst.FromWallClock(wallClock);
            return true;
        }

        var hasOffset = DateTimeOffset.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out instant);
        hasOffset = hasOffset && instant.Year is > 1900 and < 9999; // their "no date" is the calendar's first day, which has no instant in Japan
        instant = instant.ToUniversalTime();
        return hasOffset;
    }

    /// <summary>A day; a time of day behind it is cut off.</summary>
    public static bool TryDay(string text, out DateOnly day)
    {
        var date = text.Split(' ', 'T')[0];
        return DateOnly.TryParseExact(date, Days, CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
    }

    /// <summary>An amount: <c>1500</c>, <c>1500.0000</c>; nothing = 0. A thousand million yen or more is a broken field, not an order.</summary>
    public static bool TryMoney(string text, out decimal amount)
    {
        amount = 0;
        return text.Length == 0
            || (decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out amount) && Math.Abs(amount) < 1_000_000_000);
    }

    /// <summary>都道府県 at the front of an address, and the rest.</summary>
    public static (string Prefecture, string Local) SplitPrefecture(string address)
    {
        var text = address.Trim();
        foreach (var name in (string[])["北海道", "東京都", "大阪府", "京都府"])
        {
            if (text.StartsWith(name, StringComparison.Ordinal))
            {
                return (name, text[name.Length..].TrimStart());
            }
        }

        var end = text.IndexOf('県', StringComparison.Ordinal);
        return end is 2 or 3 ? (text[..(end + 1)], text[(end + 1)..].TrimStart()) : ("", text);
    }
}
