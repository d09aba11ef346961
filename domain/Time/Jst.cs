namespace Domain.Time;

/// <summary>Japan Standard Time (日本標準時), +09:00 without daylight saving since 1952: the time of every marketplace and every person here.</summary>
public static class Jst
{
    public static readonly TimeSpan Offset = TimeSpan.FromHours(9);

    /// <summary>The same instant with Japan's offset.</summary>
    public static DateTimeOffset In(DateTimeOffset instant) => instant.ToOffset(Offset);

    /// <summary>The calendar day in Japan at that instant.</summary>
    public static DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(In(instant).DateTime);

    /// <summary>Midnight in Japan at which that day begins, in UTC.</summary>
    public static DateTimeOffset StartOf(DateOnly day) => At(day, TimeOnly.MinValue);

    /// <summary>That wall-clock time in Japan, in UTC.</summary>
    public static DateTimeOffset At(DateOnly day, TimeOnly time) => new DateTimeOffset(day.ToDateTime(time), Offset).ToUniversalTime();

    /// <summary>A wall-clock time without an offset, as marketplaces send it, in UTC.</summary>
    public static DateTimeOffset FromWallClock(DateTime wallClock) =>
        new DateTimeOffset(DateTime.SpecifyKind(wallClock, DateTimeKind.Unspecified), Offset).ToUniversalTime();
}
