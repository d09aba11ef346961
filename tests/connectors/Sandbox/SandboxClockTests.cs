using Microsoft.Extensions.Time.Testing;
using Sandbox.Core;

namespace Tests.Connectors.Sandbox;

public sealed class SandboxClockTests
{
    private readonly FakeTimeProvider _real = new(new DateTimeOffset(2026, 11, 20, 3, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Its_time_is_real_time_plus_what_was_let_pass()
    {
        var clock = new SandboxClock(_real);
        var before = clock.GetTimestamp();

        clock.Advance(TimeSpan.FromHours(2));
        _real.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(_real.GetUtcNow() + TimeSpan.FromHours(2), clock.GetUtcNow());
        Assert.Equal(new TimeSpan(2, 1, 0), clock.GetElapsedTime(before));
    }

    [Fact]
    public void A_timer_fires_when_real_time_reaches_it_and_when_the_clock_leaps_over_it()
    {
        var clock = new SandboxClock(_real);
        var fired = new List<string>();
        using var near = clock.CreateTimer(_ => fired.Add("near"), null, TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
        using var far = clock.CreateTimer(_ => fired.Add("far"), null, TimeSpan.FromHours(3), Timeout.InfiniteTimeSpan);

        _real.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(["near"], fired);
        clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(["near"], fired);
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(["near", "far"], fired);
    }

    [Fact]
    public void A_periodic_timer_fires_once_for_a_leap_and_keeps_its_period()
    {
        var clock = new SandboxClock(_real);
        var fired = 0;
        using var timer = clock.CreateTimer(_ => fired++, null, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));

        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, fired);
        _real.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, fired);
        timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(2, fired);
    }

    [Fact]
    public async Task A_wait_on_real_time_ends_when_the_clock_leaps()
    {
        var clock = new SandboxClock();

        var wait = Task.Delay(TimeSpan.FromHours(5), clock, TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromHours(5));

        await wait.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_disposed_timer_stays_silent()
    {
        var clock = new SandboxClock(_real);
        var fired = 0;
        var timer = clock.CreateTimer(_ => fired++, null, TimeSpan.FromMinutes(1), Timeout.InfiniteTimeSpan);

        timer.Dispose();
        clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(0, fired);
        Assert.False(timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
    }
}
