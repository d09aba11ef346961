using Domain.Marketplaces;
using Domain.Orders;
using Domain.Time;

namespace Tests.Connectors.Conformance;

public abstract partial class ConnectorConformance
{
    [Theory]
    [Check]
    [InlineData("2026-11-20", "midnight")]
    [InlineData("2026-12-01", "month end")]
    [InlineData("2027-01-01", "year end")]
    [InlineData("2028-03-01", "leap day")]
    public async Task A_day_has_its_first_and_its_last_second_in_Japan_and_no_more(string date, string edge)
    {
        var day = DateOnly.ParseExact(date, "yyyy-MM-dd");
        await AtAsync(Jst.At(day.AddDays(2), new TimeOnly(12, 0)));
        var (from, to) = (Jst.StartOf(day), Jst.StartOf(day.AddDays(1)));
        string[] inside = [_rig.Place(from), _rig.Place(from.AddSeconds(1)), _rig.Place(to.AddSeconds(-1))];
        string[] outside = [_rig.Place(from.AddSeconds(-1)), _rig.Place(to)];

        // A lane may search by another time than the order's; only by order time is the edge of a day the order's own.
        var lane = _rig.OrderLanes.First();
        var before = Codes(await _rig.ListAsync(lane, day.AddDays(-1), day.AddDays(-1)));
        var found = Codes(await _rig.ListAsync(lane, day, day));
        var after = Codes(await _rig.ListAsync(lane, day.AddDays(1), day.AddDays(1)));

        Assert.True(inside.Order().SequenceEqual(found.Order()), $"{edge}: {found.Count} orders of the day were read, not {inside.Length}");
        Assert.Equal([outside[0]], before);
        Assert.Equal([outside[1]], after);
    }

    [Theory]
    [Check]
    [InlineData("2026-11-20T00:00:00")]
    [InlineData("2027-01-15T23:59:59")]
    public async Task The_first_second_of_the_lookback_window_is_still_served(string now)
    {
        await AtAsync(Jst.FromWallClock(DateTime.Parse(now, System.Globalization.CultureInfo.InvariantCulture)));

        foreach (var lane in _rig.OrderLanes)
        {
            var first = Jst.DayOf(_rig.Now).AddDays(-lane.LookbackDays);
            var code = _rig.Place(Jst.StartOf(first).AddSeconds(1));

            Assert.Contains(code, Codes(await _rig.ListAsync(lane, first, Jst.DayOf(_rig.Now))));
        }
    }

    [Theory]
    [InlineData("2026-11-20T00:00:00")]
    [InlineData("2026-12-02T09:30:00")]
    [InlineData("2027-01-01T23:59:59")]
    [Check(Need.EnforcedLookback)]
    public async Task One_second_before_the_lookback_window_nothing_is_served_any_more(string now)
    {
        await AtAsync(Jst.FromWallClock(DateTime.Parse(now, System.Globalization.CultureInfo.InvariantCulture)));

        foreach (var lane in _rig.OrderLanes.Where(l => l.LookbackEnforced))
        {
            var first = Jst.DayOf(_rig.Now).AddDays(-lane.LookbackDays);
            var (late, edge) = (_rig.Place(Jst.StartOf(first).AddSeconds(-1)), _rig.Place(Jst.StartOf(first)));

            var found = Codes(await _rig.ListAsync(lane, first.AddDays(-1), Jst.DayOf(_rig.Now)));

            Assert.Contains(edge, found);
            Assert.DoesNotContain(late, found);
        }
    }

    [Fact]
    [Check]
    public async Task An_order_is_visible_at_the_latest_when_the_lanes_settle_time_is_over()
    {
        var code = _rig.Place(_rig.Now);

        _rig.Time.Advance(TimeSpan.FromSeconds(_rig.OrderLanes.Max(l => l.SettleSeconds)));

        foreach (var lane in _rig.OrderLanes)
        {
            Assert.Contains(code, (await _rig.ReadAsync(lane)).Readings.Select(r => r.Code.Value));
        }
    }

    [Fact]
    [Check]
    public async Task An_order_of_tomorrow_is_not_read_today_and_is_read_tomorrow()
    {
        var code = _rig.Place(Noon.AddDays(1));
        var lane = _rig.OrderLanes.First();

        var today = (await _rig.ReadAsync(lane)).Readings;
        _rig.Time.Advance(TimeSpan.FromDays(1) + TimeSpan.FromSeconds(lane.SettleSeconds));
        var tomorrow = (await _rig.ReadAsync(lane)).Readings;

        Assert.Empty(today);
        Assert.Equal(code, Assert.Single(tomorrow).Code.Value);
    }

    [Fact]
    [Check(Need.Review)]
    public async Task An_order_in_review_must_not_ship_and_may_when_its_review_ends()
    {
        var code = _rig.Place(Noon.AddHours(-1), seed => seed with { InReview = true });
        var during = await StandingsAsync(code);
        _rig.Simulator.EndReview(Rig.Account, code);
        _rig.Time.Advance(TimeSpan.FromSeconds(_rig.OrderLanes.Max(l => l.SettleSeconds)));
        var after = await StandingsAsync(code);

        Assert.DoesNotContain(MarketplaceStanding.Ready, during);
        Assert.Contains(MarketplaceStanding.Ready, after);
        foreach (var lane in _rig.Manifest.Lanes.Where(l => tested.LanesOfReleased.Contains(l.Id)))
        {
            Assert.Contains(code, (await _rig.ReadAsync(lane)).Readings.Select(r => r.Code.Value));
        }
    }

    private static List<string> Codes(IEnumerable<OrderPage> pages) => [.. pages.SelectMany(p => p.Orders).Select(o => o.Code.Value)];

    private async Task<HashSet<MarketplaceStanding>> StandingsAsync(string code)
    {
        var standings = new HashSet<MarketplaceStanding>();
        foreach (var lane in _rig.OrderLanes)
        {
            standings.UnionWith((await _rig.ReadAsync(lane)).Readings.OfType<OrderReading.Read>().Where(r => r.Code.Value == code).Select(r => r.Order.Standing));
        }

        return standings;
    }
}
