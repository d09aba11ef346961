using System.Globalization;

namespace Sandbox.Core;

/// <summary>The marketplaces' wall clock: Japan Standard Time, +09:00 all year round. They send it without an offset.</summary>
public static class JapanTime
{
    public static readonly TimeSpan Offset = TimeSpan.FromHours(9);

    public static DateTimeOffset At(DateTimeOffset moment) => moment.ToOffset(Offset);

    public static DateOnly Day(DateTimeOffset moment) => DateOnly.FromDateTime(At(moment).DateTime);

    /// <summary>The wall time in the service's own pattern, for example <c>yyyy/MM/dd HH:mm</c>.</summary>
    public static string Text(DateTimeOffset moment, string pattern) => At(moment).ToString(pattern, CultureInfo.InvariantCulture);

    /// <summary>Reads a wall time in exactly one of the patterns; null when it is in none of them.</summary>
    public static DateTimeOffset? Read(string? text, params string[] patterns) =>
        DateTime.TryParseExact(text, patterns, CultureInfo.InvariantCulture, DateTimeStyles.None, out var wall)
            ? new DateTimeOffset(wall, Offset)
            : null;
}
