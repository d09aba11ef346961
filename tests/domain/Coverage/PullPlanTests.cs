using Domain.Coverage;
using Domain.Marketplaces;
using Domain.Time;

namespace Tests.Domain.Coverage;

public sealed class PullPlanTests
{
    private static readonly Lane Lane = new("order-time", 3, null, true, "official", 600, 3600, 24, LaneGrain.Second, 100);

    /// <summary>2026-11-24 10:00 JST</summary>
    private static readonly DateTimeOffset Now = Some.Morning;

    [Fact]
    public void The_window_counts_calendar_days_in_Japan()
    {
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 15, 0, 0, TimeSpan.Zero), PullPlan.WindowStart(3, Now)); // 11-21 00:00 JST
    }

    [Fact]
    public void A_fresh_lane_reads_the_whole_window_in_days()
    {
        var slices = PullPlan.Of(Lane, LaneCoverage.Fresh("order-time", PullPlan.WindowStart(3, Now)), Now);

        Assert.Equal(4, slices.Length);
        Assert.Equal(Jst.StartOf(new DateOnly(2026, 11, 21)), slices[0].Span.From);
        Assert.Equal(Now, slices[^1].Span.To);
    }

    [Fact]
    public void What_is_covered_is_not_read_again_but_the_tail_is()
    {
        var start = PullPlan.WindowStart(3, Now);
        var lane = new LaneCoverage("order-time", IntervalSet.Of([new Interval(start, Now.AddMinutes(-10))]), start, Now.AddHours(-1));

        var slice = Assert.Single(PullPlan.Of(Lane, lane, Now));

        Assert.Equal(new Interval(Now.AddHours(-1), Now), slice.Span);
    }

    [Fact]
    public void A_hole_is_read_again_by_itself_oldest_first()
    {
        var start = PullPlan.WindowStart(3, Now);
        var hole = new Interval(start.AddHours(5), start.AddHours(6));
        var lane = new LaneCoverage("order-time", IntervalSet.Of([new Interval(start, Now.AddMinutes(-10))]).Remove(hole), start, Now.AddHours(-1));

        Assert.Equal(hole, PullPlan.Of(Lane, lane, Now)[0].Span);
    }

    [Fact]
    public void A_due_full_pass_reads_everything()
    {
        var start = PullPlan.WindowStart(3, Now);
        var lane = new LaneCoverage("order-time", IntervalSet.Of([new Interval(start, Now)]), start, Now.AddHours(-24));

        Assert.Equal(4, PullPlan.Of(Lane, lane, Now).Length);
    }

    [Fact]
    public void A_lane_that_searches_by_day_reads_whole_days()
    {
        var start = PullPlan.WindowStart(3, Now);
        var lane = new LaneCoverage("order-date", IntervalSet.Of([new Interval(start, Now.AddMinutes(-10))]), start, Now.AddHours(-1));

        var slice = Assert.Single(PullPlan.Of(Lane with { Grain = LaneGrain.Day }, lane, Now));

        Assert.Equal(new Interval(Jst.StartOf(new DateOnly(2026, 11, 24)), Now), slice.Span);
    }

    [Fact]
    public void Coverage_stays_behind_the_readings_start_by_the_settle_time()
    {
        var lane = LaneCoverage.Fresh("order-time", Now.AddHours(-2)).Credit(new Interval(Now.AddHours(-2), Now), Now, TimeSpan.FromMinutes(10));

        Assert.True(lane.Covered.Covers(new Interval(Now.AddHours(-2), Now.AddMinutes(-10))));
        Assert.False(lane.Covered.Covers(new Interval(Now.AddHours(-2), Now.AddMinutes(-9))));
    }

    [Fact]
    public void A_hole_that_leaves_the_window_is_a_gap_with_its_exact_span_and_nothing_else_is()
    {
        var start = PullPlan.WindowStart(3, Now);
        var hole = new Interval(start.AddHours(5), start.AddHours(6));
        var lane = new LaneCoverage("order-time", IntervalSet.Of([new Interval(start, Now)]).Remove(hole), start, Now);

        var (moved, gaps) = lane.MoveTo(start.AddDays(1));

        Assert.Equal(hole, Assert.Single(gaps));
        Assert.Empty(moved.MoveTo(start.AddDays(1)).Gaps);
    }

    [Fact]
    public void The_hour_at_which_a_hole_leaves_is_the_end_of_its_day_of_grace()
    {
        var start = PullPlan.WindowStart(3, Now);
        var lane = new LaneCoverage("order-time", IntervalSet.Of([new Interval(start.AddHours(6), Now)]), start, Now);

        Assert.Equal(Jst.StartOf(new DateOnly(2026, 11, 25)), PullPlan.HoleLeavesAt(lane, 3, Now, TimeSpan.FromHours(1)));
    }

    [Fact]
    public void Two_pulls_at_once_keep_what_both_have_read()
    {
        var start = Now.AddHours(-4);
        var fresh = LaneCoverage.Fresh("order-time", start);
        var first = fresh.Credit(new Interval(start, start.AddHours(1)), Now, TimeSpan.Zero);
        var second = fresh.Credit(new Interval(start.AddHours(2), start.AddHours(3)), Now, TimeSpan.Zero);

        Assert.Equal(2, first.With(second).Covered.Spans.Length);
    }
}
