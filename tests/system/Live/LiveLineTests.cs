using Local.Live;

namespace Tests.System.Live;

public sealed class LiveLineTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 25, 3, 4, 5, TimeSpan.Zero);

    private static readonly StoreCounts Counts = new("sample-demo", 12, 11, 2, 2, 3, 4, 1, 3, null, 0.42, 1, null);

    [Fact]
    public void The_line_shows_every_count_of_a_store() => Assert.Equal(
        "03:04:05Z sample-demo: in marketplace 12, pulled 11, held 2, in candidates 2, released 3, shipped 4, cancelled 1, reported 3, window all read, budget 42%, attention 1 | errors 0",
        LiveLine.Of(At, [Counts], 0));

    [Fact]
    public void A_real_marketplace_is_not_asked_what_it_holds() =>
        Assert.DoesNotContain("in marketplace", LiveLine.Of(At, [Counts with { InMarketplace = null }], 0), StringComparison.Ordinal);

    [Fact]
    public void Several_stores_stand_in_one_line_with_their_trouble()
    {
        var line = LiveLine.Of(At, [Counts, Counts with { Store = "other-demo", Trouble = "Maintenance" }], 2);

        Assert.Contains(" | other-demo: ", line, StringComparison.Ordinal);
        Assert.EndsWith(", TROUBLE Maintenance | errors 2", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
    }

    [Theory]
    [InlineData(47, "47.0 h")]
    [InlineData(48, "2 d")]
    [InlineData(0.5, "0.5 h")]
    public void A_window_is_told_in_hours_when_it_is_short(double hours, string words) =>
        Assert.Equal(words, LiveLine.Window(TimeSpan.FromHours(hours)));
}
