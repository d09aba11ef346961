using System.Globalization;
using CsCheck;
using Domain.Attention;
using Domain.Coverage;
using Domain.Marketplaces;
using Domain.Time;
using Functions.Clocks;
using Functions.Pull;
using Infra.Ledger;
using Tests.Functions.World;

namespace Tests.Functions.Pull;

/// <summary>Days of simulated time with a marketplace that is now and then away.</summary>
public sealed class OutageTests
{
    /// <summary>From midnight JST, so that the days of the window are easy to see.</summary>
    private static readonly DateTimeOffset Midnight = Jst.StartOf(new DateOnly(2026, 11, 24));

    [Fact]
    public void Outages_shorter_than_the_window_leave_no_hole_whatever_their_shape()
    {
        var outage = Gen.Select(Gen.Int[0, 9 * 24 * 60], Gen.Int[1, 60 * 60]).Select((at, minutes) => new Interval(Midnight.AddMinutes(at), Midnight.AddMinutes(at + minutes)));
        Gen.Select(outage.Array[0, 4], Gen.Int[0, int.MaxValue]).Sample(
            (outages, seed) => SpanOf(outages) < TimeSpan.FromHours(70) ? RunAsync(outages, seed).GetAwaiter().GetResult() is ({ Count: 0 }, { Count: 0 }) : true,
            iter: 12, threads: 1);
    }

    [Fact]
    public async Task An_outage_longer_than_the_window_leaves_a_gap_with_its_exact_span_and_loses_nothing_else()
    {
        var outage = new Interval(Midnight.AddHours(30), Midnight.AddHours(30 + 120));

        var (lost, gaps) = await RunAsync([outage], 7);

        // Covered until the last pull before the outage less the settle time; lost until the window's start at the first pull after it.
        var firstPullAfter = outage.To;
        Assert.NotEmpty(lost);
        Assert.Equal(PullPlan.WindowStart(3, firstPullAfter), gaps[^1].Span.To);
        Assert.InRange(outage.From - gaps[0].Span.From, TimeSpan.Zero, TimeSpan.FromMinutes(12));
        Assert.All(gaps.Zip(gaps.Skip(1)), pair => Assert.Equal(pair.First.Span.To, pair.Second.Span.From)); // one stretch, found a day at a time
        Assert.All(lost, placed => Assert.Contains(gaps, g => g.Span.Contains(placed)));
    }

    [Fact]
    public async Task A_hole_warns_in_hours_before_it_leaves_the_window()
    {
        using var shop = await new Shop().OpenAsync();
        shop.Place(1);
        await shop.PullAsync();
        shop.Market.Before = _ => throw new MarketplaceException("test-market", FailureKind.Transient, "down");

        shop.Clock.Advance(TimeSpan.FromHours(62));
        await shop.PullAsync();
        await shop.Get<WatchCoverage>().RunAsync(Shop.None);

        var item = Assert.Single(await shop.AttentionAsync(), i => i.Kind is AttentionKind.HoleLeavesSoon);
        Assert.Contains("時間で期限を過ぎ、これ以降は取得できません", item.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_timer_doubled_late_or_silent_does_no_harm_and_the_heartbeat_carries_on()
    {
        using var shop = await new Shop().OpenAsync();
        var clocks = shop.Get<Heartbeat>();

        await Task.WhenAll(clocks.TickAsync(Shop.None), clocks.TickAsync(Shop.None));
        Assert.Equal(1, await shop.Queue.CountAsync(global::Functions.Queues.OrderPull, Shop.None)); // one slot, claimed once
        Assert.Equal(1, await shop.Queue.CountAsync(global::Functions.Queues.Heartbeat, Shop.None));
        await shop.DrainAsync();

        for (var minute = 0; minute < 60; minute++) // the timer is silent for an hour
        {
            shop.Clock.Advance(TimeSpan.FromMinutes(1));
            await BeatAsync(shop);
        }

        Assert.InRange(shop.Market.Calls.Count(c => c == "list"), 55, 75); // the first pull reads a few slices
    }

    [Fact]
    public async Task A_lost_heartbeat_is_revived_by_the_timer_and_an_older_one_dies_out()
    {
        using var shop = await new Shop().OpenAsync();
        var clocks = shop.Get<Heartbeat>();
        await clocks.TickAsync(Shop.None);
        var lost = (await shop.Queue.ReceiveAsync(global::Functions.Queues.Heartbeat, 1, TimeSpan.FromDays(1), Shop.None))[0]; // taken and never worked on

        shop.Clock.Advance(TimeSpan.FromMinutes(4));
        await clocks.TickAsync(Shop.None);
        Assert.Equal(2, await shop.Queue.CountAsync(global::Functions.Queues.Heartbeat, Shop.None));

        var old = System.Text.Json.JsonSerializer.Deserialize(lost.Body, global::Functions.MessageJson.Default.HeartbeatMessage)!;
        await clocks.BeatAsync(old, Shop.None);
        Assert.Equal(2, await shop.Queue.CountAsync(global::Functions.Queues.Heartbeat, Shop.None)); // it sent no successor
    }

    [Fact]
    public async Task A_heartbeat_delivered_twice_or_tried_again_has_one_successor()
    {
        using var shop = await new Shop().OpenAsync();
        await shop.Get<Heartbeat>().TickAsync(Shop.None);

        for (var beat = 0; beat < 6; beat++)
        {
            var taken = Assert.Single(await shop.Queue.ReceiveAsync(global::Functions.Queues.Heartbeat, 32, TimeSpan.FromMinutes(5), Shop.None));
            var message = System.Text.Json.JsonSerializer.Deserialize(taken.Body, global::Functions.MessageJson.Default.HeartbeatMessage)!;
            await Task.WhenAll(shop.Get<Heartbeat>().BeatAsync(message, Shop.None), shop.Get<Heartbeat>().BeatAsync(message, Shop.None));
            await shop.Get<Heartbeat>().BeatAsync(message, Shop.None);
            await shop.Queue.DeleteAsync(global::Functions.Queues.Heartbeat, taken, Shop.None);
            shop.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(1, await shop.Queue.CountAsync(global::Functions.Queues.Heartbeat, Shop.None));
    }

    [Fact]
    public async Task Both_clocks_silent_for_hours_and_then_late_ask_each_slot_once()
    {
        using var shop = await new Shop().OpenAsync();
        await shop.Get<Heartbeat>().TickAsync(Shop.None);
        await shop.DrainAsync();
        shop.Place(40, Shop.Start.AddMinutes(30));

        shop.Clock.Advance(TimeSpan.FromHours(5));
        await shop.Get<Heartbeat>().TickAsync(Shop.None);
        Assert.Equal(1, await shop.Queue.CountAsync(global::Functions.Queues.OrderPull, Shop.None));
        await shop.DrainAsync();

        Assert.Equal(40, (await shop.OrdersAsync()).Count);
    }

    [Theory]
    [InlineData(FailureKind.Transient, null)]
    [InlineData(FailureKind.Maintenance, 90)]
    [InlineData(FailureKind.Throttled, 20)]
    public async Task A_marketplace_down_for_longer_than_every_retry_is_asked_again_until_it_is_back_and_nothing_is_lost(FailureKind kind, int? retryAfterMinutes)
    {
        using var shop = await new Shop().OpenAsync();
        shop.Place(5);
        var down = new Interval(Shop.Start.AddMinutes(10), Shop.Start.AddHours(4));
        shop.Market.Before = _ =>
        {
            if (down.Contains(shop.Clock.GetUtcNow()))
            {
                throw new MarketplaceException("test-market", kind, "away") { RetryAfter = retryAfterMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : null };
            }
        };
        for (var minute = 0; minute < 6 * 60; minute++)
        {
            if (minute % 30 == 0)
            {
                shop.Market.Place(Shop.Order($"M{minute}", shop.Clock.GetUtcNow()));
            }

            await shop.Get<Heartbeat>().TickAsync(Shop.None);
            await shop.DrainAsync();
            shop.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(5 + 12, (await shop.OrdersAsync()).Count);
        Assert.Empty(await shop.AttentionAsync());
        var status = (await shop.Registry.ReadAsync(Shop.None)).Statuses[shop.Store.Id];
        Assert.Equal((null, null, null), (status.LastFailure, status.FailingSince, status.NotBefore));
    }

    private static async Task BeatAsync(Shop shop)
    {
        foreach (var beat in await shop.Queue.ReceiveAsync(global::Functions.Queues.Heartbeat, 32, TimeSpan.FromMinutes(5), Shop.None))
        {
            await shop.Get<Heartbeat>().BeatAsync(System.Text.Json.JsonSerializer.Deserialize(beat.Body, global::Functions.MessageJson.Default.HeartbeatMessage)!, Shop.None);
            await shop.Queue.DeleteAsync(global::Functions.Queues.Heartbeat, beat, Shop.None);
        }

        await shop.DrainAsync();
    }

    /// <summary>The longest time without a chance to pull: outages so close together that no poll fits between count as one.</summary>
    private static TimeSpan SpanOf(IEnumerable<Interval> outages) =>
        IntervalSet.Of(outages.Select(o => o with { To = o.To.AddMinutes(30) })).Spans.Select(s => s.Length).DefaultIfEmpty().Max();

    /// <summary>Twelve days with an order every 47 minutes and a pull every 10, the marketplace being away in the given spans; three days more to settle.</summary>
    private static async Task<(List<DateTimeOffset> Lost, List<Gap> Gaps)> RunAsync(Interval[] outages, int seed)
    {
        using var shop = new Shop(clock: new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Midnight.AddDays(-4)));
        await shop.OpenAsync();
        shop.Market.Before = _ =>
        {
            if (outages.Any(o => o.Contains(shop.Clock.GetUtcNow())))
            {
                throw new MarketplaceException("test-market", FailureKind.Transient, "away");
            }
        };
        var random = new Random(seed);
        var placed = new List<(string Code, DateTimeOffset At)>();
        for (var at = Midnight.AddDays(-1); at < Midnight.AddDays(12); at = at.AddMinutes(random.Next(20, 90)))
        {
            var code = placed.Count.ToString("D5", CultureInfo.InvariantCulture);
            placed.Add((code, at));
            shop.Market.Place(Shop.Order(code, at));
        }

        for (var now = Midnight.AddDays(-4); now < Midnight.AddDays(15); now = now.AddMinutes(10))
        {
            shop.Clock.SetUtcNow(now);
            await shop.PullAsync();
        }

        var known = (await shop.OrdersAsync()).Select(o => o.Key.Code.Value).ToHashSet();
        return (
            [.. placed.Where(p => !known.Contains(p.Code)).Select(p => p.At)],
            [.. (await shop.ReadAsync(GroupKeys.Gaps, Codecs.Gap)).OrderBy(g => g.Span.From)]);
    }
}
