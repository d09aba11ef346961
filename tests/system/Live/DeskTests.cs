using Domain.Deliveries;
using Domain.Orders;
using Domain.Shipments;
using Functions.Manage;
using Local.Live;
using Microsoft.Extensions.Time.Testing;

namespace Tests.System.Live;

/// <summary>What the simulated staff member and the simulated warehouse decide.</summary>
public sealed class DeskTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 25, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Three_candidates_of_four_are_executed()
    {
        var staff = new StaffDesk(_clock);

        Assert.Equal([true, true, true, false, true, true, true, false], Enumerable.Range(0, 8).Select(_ => staff.ExecutesNext()));
    }

    [Fact]
    public void A_candidate_is_looked_at_for_eight_seconds_before_it_is_decided()
    {
        var staff = new StaffDesk(_clock);
        var since = _clock.GetUtcNow();

        _clock.Advance(TimeSpan.FromSeconds(7));
        Assert.False(staff.IsDue(since));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(staff.IsDue(since));
    }

    [Fact]
    public void A_refused_delivery_is_handed_over_again_only_after_half_a_minute()
    {
        var staff = new StaffDesk(_clock);
        staff.NoteRefused("a-store~1~1");

        Assert.Equal(["a-store~2~1"], staff.ToHandOver(["a-store~1~1", "a-store~2~1"]));
        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(["a-store~1~1", "a-store~2~1"], staff.ToHandOver(["a-store~1~1", "a-store~2~1"]));
    }

    [Fact]
    public void Every_parcel_gets_a_number_of_its_own_whose_check_digit_is_right()
    {
        var lines = new WarehouseDesk().Pack([.. Enumerable.Range(1, 20).Select(n => Delivery($"a-store~{n}~1"))]);

        Assert.Equal(20, lines.Select(l => l.TrackingNumber).Distinct().Count());
        Assert.All(lines, l => Assert.True(TrackingNumber.Parse(l.TrackingNumber).CheckDigitFits));
    }

    [Fact]
    public void A_parcel_whose_report_was_lost_keeps_its_number()
    {
        var warehouse = new WarehouseDesk();
        var first = Assert.Single(warehouse.Pack([Delivery("a-store~1~1")]));
        warehouse.Pack([Delivery("a-store~2~1")]);

        Assert.Equal(first, Assert.Single(warehouse.Pack([Delivery("a-store~1~1")])));
    }

    [Fact]
    public void A_stopped_parcel_does_not_leave() =>
        Assert.Empty(new WarehouseDesk().Pack([Delivery("a-store~1~1") with { Stopped = true }]));

    [Theory]
    [InlineData("sagawa", "sagawa")]
    [InlineData("jp-yupack+chilled", "jp-yupack")]
    [InlineData("yamato+frozen", "yamato")]
    [InlineData(null, "yamato")]
    public void A_parcel_goes_with_the_carrier_that_the_order_asks_for(string? method, string service) =>
        Assert.Equal(service, Assert.Single(new WarehouseDesk().Pack([Delivery("a-store~1~1") with { Delivery = method }])).Service);

    private static DeliveryView Delivery(string id) => new(
        id, DeliveryState.InWork, false, [], false, "main", new DateOnly(2026, 11, 25),
        new PartyView("見本太郎", "ミホンタロウ", "100-0000", "東京都千代田区見本町1-1", "090-0000-0001", null),
        null, null, "", 0, GiftRequest.None, ["1"], [], null, null, null);
}
