using Domain.Deliveries;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Shipments;

namespace Tests.Domain.Shipments;

public sealed class PushRuleTests
{
    private static readonly Manifest Manifest = new()
    {
        Code = "test",
        Name = new ManifestText("見本", "Sample"),
        BaseAddress = "https://marketplace.invalid/",
        Hosts = ["marketplace.invalid"],
        Capabilities = ["shipmentSink"],
        Lanes = [],
        Limits = [],
        NeedsFixedAddress = false,
        Credentials = [],
        Carriers = [],
        Mappings = new ManifestMappings
        {
            Payments = System.Collections.Immutable.ImmutableDictionary<string, global::Domain.Stores.PaymentMethod>.Empty,
            Deliveries = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty,
            TimeSlots = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty,
        },
        PushSteps =
        [
            new PushStep("number", Repeatability.Harmless, false, false),
            new PushStep("complete", Repeatability.Unverified, true, true),
        ],
    };

    [Fact]
    public void The_second_call_is_never_sent_before_the_first_is_confirmed()
    {
        var entry = Planned(complete: true);

        Assert.Equal("number", entry.Current!.Step);
        Assert.Equal("complete", entry.Set("number", PushState.Confirmed, Some.Morning).Current!.Step);
        Assert.Null(entry.Set("number", PushState.Rejected, Some.Morning).Current);
    }

    [Fact]
    public void A_store_that_does_not_complete_orders_reports_the_number_alone()
    {
        Assert.Equal(["number"], Planned(complete: false).Steps.Select(s => s.Step));
    }

    [Theory]
    [InlineData(PushState.Planned, true, PushMove.Send)]
    [InlineData(PushState.Sending, true, PushMove.ReadBack)]
    [InlineData(PushState.Unknown, true, PushMove.ReadBack)]
    [InlineData(PushState.Unknown, false, PushMove.Send)]
    public void An_unknown_effect_is_read_back_and_only_a_harmless_call_is_repeated_blindly(PushState state, bool canReadBack, PushMove expected)
    {
        Assert.Equal(expected, PushRule.Next(Planned(true).Set("number", state, Some.Morning), Manifest, canReadBack));
    }

    [Fact]
    public void A_call_whose_repeat_is_unverified_is_left_to_a_person_where_nothing_can_be_read()
    {
        var entry = Planned(true).Set("number", PushState.Confirmed, Some.Morning).Set("complete", PushState.Unknown, Some.Morning);

        Assert.Equal(PushMove.AskPerson, PushRule.Next(entry, Manifest, canReadBack: false));
    }

    [Fact]
    public void The_number_counts_as_stored_only_when_the_marketplace_holds_exactly_it()
    {
        var entry = Planned(true);

        Assert.True(PushRule.IsDone(entry, Holding("9000-0000-1235", MarketplaceStanding.Ready), completes: false));
        Assert.False(PushRule.IsDone(entry, Holding("800000012346", MarketplaceStanding.Completed), completes: false));
        Assert.False(PushRule.IsDone(entry, Holding("900000001235", MarketplaceStanding.Ready), completes: true));
        Assert.True(PushRule.IsDone(entry, Holding("900000001235", MarketplaceStanding.Completed), completes: true));
    }

    [Fact]
    public void Of_several_recipients_only_the_number_of_the_one_that_is_reported_counts()
    {
        var order = new Judgement(Some.Store(), Some.Mappings, eachDestination: true).New(Some.To(Some.Person(), Some.Person("別人")), Some.Morning);
        var shipment = new Shipment("yamato", TrackingNumber.Parse("9000-0000-1235"), Some.Morning, 1);
        var entry = PushEntry.Plan(OutboundDelivery.For(order, null, "main", Some.Morning, 2), order, shipment, Manifest, false, Some.Morning, 2);

        Assert.Equal(("2", "2"), (entry.Report().Destination, Assert.Single(entry.Report().Order.LineIds)));
        Assert.True(PushRule.IsDone(entry, Held(("1", "800000012346"), ("2", "900000001235")), completes: false));
        Assert.False(PushRule.IsDone(entry, Held(("1", "900000001235"), ("2", "800000012346")), completes: false));
        Assert.False(PushRule.IsDone(entry, Held(("1", "900000001235")), completes: false));

        static ReportedState Held(params (string Destination, string Number)[] numbers) =>
            new(MarketplaceStanding.Ready, [.. numbers.Select(n => new ReportedShipment("1", n.Number, null, n.Destination))]);
    }

    [Theory]
    [InlineData("900000001235", true)]
    [InlineData("８００００００１２３４６", true)]
    [InlineData("8000-0001-2346", true)]
    [InlineData("123456789012", false)]
    public void The_check_digit_is_the_first_eleven_modulo_seven(string number, bool fits)
    {
        Assert.Equal(fits, TrackingNumber.Parse(number).CheckDigitFits);
    }

    private static PushEntry Planned(bool complete)
    {
        var order = Some.Order();
        var shipment = new Shipment("yamato", TrackingNumber.Parse("9000-0000-1235"), Some.Morning, 1);
        return PushEntry.Plan(OutboundDelivery.For(order, null, "main", Some.Morning), order, shipment, Manifest, complete, Some.Morning);
    }

    private static ReportedState Holding(string number, MarketplaceStanding standing) => new(standing, [new ReportedShipment("1", number, null)]);
}
