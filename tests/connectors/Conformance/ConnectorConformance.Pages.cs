using Domain.Marketplaces;
using Domain.Orders;
using Domain.Time;

namespace Tests.Connectors.Conformance;

public abstract partial class ConnectorConformance
{
    [Theory]
    [Check]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Rig.Page - 1)]
    [InlineData(Rig.Page)]
    [InlineData(Rig.Page + 1)]
    [InlineData(3 * Rig.Page)]
    public async Task Reads_every_order_of_the_window_exactly_once(int orders)
    {
        var placed = _rig.Place(orders, Noon.AddHours(-1));

        foreach (var lane in _rig.OrderLanes)
        {
            var (readings, strays) = await _rig.ReadAsync(lane);

            Assert.Empty(strays);
            Assert.All(readings, reading => Assert.IsType<OrderReading.Read>(reading));
            Assert.Equal(orders, readings.Count);
            Assert.Equal(placed.Order(), readings.Select(r => r.Code.Value).Order());
        }
    }

    [Fact]
    [Check]
    public async Task Pages_are_what_the_manifest_says_they_are()
    {
        _rig.Place(3 * Rig.Page, Noon.AddHours(-1));

        foreach (var lane in _rig.OrderLanes)
        {
            var pages = await _rig.ListAsync(lane, Jst.DayOf(Noon), Jst.DayOf(Noon));

            if (!tested.HasPages)
            {
                Assert.True(lane.PageSize == 0, $"{lane.Id}: the suite is told that this API has no pages, the manifest says {lane.PageSize} orders a page");
                Assert.Equal(3 * Rig.Page, Assert.Single(pages).Orders.Length);
                TestContext.Current.TestOutputHelper?.WriteLine($"{_rig.Manifest.Code}/{lane.Id}: this API has no pages (pageSize 0); a slice came as one answer");
            }
            else
            {
                Assert.True(lane.PageSize > 0, $"{lane.Id}: the manifest says that this API has no pages");
                Assert.All(pages, page => Assert.InRange(page.Orders.Length, 0, Rig.Page));
                Assert.InRange(pages.Count, 3, 4);
            }
        }
    }

    [Fact]
    [Check]
    public async Task Orders_that_arrive_and_are_cancelled_while_it_pages_cost_no_other_order()
    {
        foreach (var lane in _rig.OrderLanes)
        {
            var placed = _rig.Place(3 * Rig.Page, _rig.Now.AddHours(-1));
            var cancelled = placed.Order().Take(2).ToHashSet();
            var seen = new List<string>();
            var disturbed = false;

            await foreach (var page in _rig.Market.Source.ReadAsync(_rig.Access, Rig.DayOf(lane, Jst.DayOf(Noon)), Cancellation))
            {
                seen.AddRange(page.Orders.Select(o => o.Code.Value));
                if (!disturbed)
                {
                    disturbed = true;
                    foreach (var code in cancelled)
                    {
                        _rig.Simulator.Cancel(Rig.Account, code);
                    }

                    _rig.Place(_rig.Now);
                    _rig.Place(_rig.Now.AddHours(-3));
                }
            }

            Assert.Empty(placed.Except(cancelled).Except(seen));
        }
    }

    /// <remarks>A new order in front moves the others on, so the last of a page comes again as the first of the next where pages are counted by place.</remarks>
    [Fact]
    [Check]
    public async Task An_order_that_two_pages_show_is_the_same_both_times()
    {
        foreach (var lane in _rig.OrderLanes)
        {
            var placed = _rig.Place(3 * Rig.Page, _rig.Now.AddHours(-2));
            var shown = new List<ListedOrder>();

            await foreach (var page in _rig.Market.Source.ReadAsync(_rig.Access, Rig.DayOf(lane, Jst.DayOf(Noon)), Cancellation))
            {
                shown.AddRange(page.Orders);
                _rig.Place(_rig.Now.AddHours(-1));
                _rig.Place(_rig.Now.AddHours(-3));
            }

            Assert.Empty(placed.Except(shown.Select(o => o.Code.Value)));
            Assert.All(shown.GroupBy(o => o.Code), twice => Assert.Single(twice.Select(o => o.Token).Distinct()));
            await AtAsync(Noon);
        }
    }

    [Fact]
    [Check]
    public async Task An_order_that_changes_while_it_is_read_shows_the_change_at_the_next_reading()
    {
        var code = _rig.Place(Noon.AddHours(-1), seed => seed with { Paid = false });
        _rig.Place(2 * Rig.Page, Noon.AddHours(-2));
        var lane = _rig.OrderLanes.First();
        string? before = null;

        await foreach (var page in _rig.Market.Source.ReadAsync(_rig.Access, Rig.DayOf(lane, Jst.DayOf(Noon)), Cancellation))
        {
            if (before is null)
            {
                before = "";
                _rig.Simulator.Pay(Rig.Account, code);
            }

            before = page.Orders.SingleOrDefault(o => o.Code.Value == code)?.Token ?? before;
        }

        Assert.True(await StandsReadyAsync(code));
    }

    [Fact]
    [Check]
    public async Task A_malformed_order_does_not_stop_its_page()
    {
        foreach (var lane in _rig.OrderLanes)
        {
            var good = _rig.Place(Rig.Page + 1, _rig.Now.AddHours(-1));
            string[] broken = [.. new[] { "date", "amount", "missing" }.Select(how => _rig.Place(_rig.Now.AddHours(-2), seed => seed with { Malformed = how }))];

            var (readings, strays) = await _rig.ReadAsync(lane);

            Assert.Empty(good.Except(readings.OfType<OrderReading.Read>().Select(r => r.Code.Value)));
            var unreadable = readings.OfType<OrderReading.Unreadable>().ToArray();
            var set = unreadable.Select(r => r.Code.Value).Concat(strays.Select(_ => "?")).Count(code => code == "?" || broken.Contains(code));
            Assert.Equal(broken.Length, set);
            Assert.All(unreadable, entry => AssertSilent(entry.Expected));
            Assert.All(strays, entry => AssertSilent(entry.Expected));
            Assert.All(unreadable, entry => Assert.False(entry.Raw.IsEmpty));
            await AtAsync(Noon);
        }
    }

    [Fact]
    [Check]
    public async Task An_order_that_disappears_between_list_and_detail_is_gone()
    {
        var code = _rig.Place(Noon.AddHours(-1));
        var listed = (await _rig.ListAsync(_rig.OrderLanes.First(), Jst.DayOf(Noon), Jst.DayOf(Noon))).SelectMany(p => p.Orders).ToArray();

        _rig.Renew(_rig.Host.OpenAccount(_rig.Manifest.Code, Rig.Account)); // a reset account has no orders
        var readings = await _rig.DetailAsync([.. listed.Select(l => l with { Reading = null })]);

        Assert.Equal(code, Assert.IsType<OrderReading.Gone>(Assert.Single(readings)).Code.Value);
    }

    [Fact]
    [Check(Need.ReadByCode)]
    public async Task A_cancelled_order_read_by_its_code_says_so_and_the_ship_gate_stops_it_alone()
    {
        var (cancelled, kept) = (_rig.Place(Noon.AddHours(-2)), _rig.Place(Noon.AddHours(-1)));
        OrderReference[] both = [await _rig.ReferenceAsync(cancelled), await _rig.ReferenceAsync(kept)];

        _rig.Simulator.Cancel(Rig.Account, cancelled);

        var standing = await _rig.ReadByCodeAsync(both[0]) switch
        {
            OrderReading.Read read => read.Order.Standing,
            OrderReading.Sign sign => sign.Standing,
            var other => throw new InvalidOperationException($"It came as {other.GetType().Name}."),
        };
        Assert.Equal(MarketplaceStanding.Cancelled, standing);
        Assert.Equal(MarketplaceStanding.Ready, Assert.IsType<OrderReading.Read>(await _rig.ReadByCodeAsync(both[1])).Order.Standing);
        var stopped = await _rig.Market.Reader!.StoppedAsync(_rig.Access, both, Cancellation);
        Assert.Equal([(both[0].Code, MarketplaceStanding.Cancelled)], stopped.Select(s => (s.Key, s.Value)));
    }
}
