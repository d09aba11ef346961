using System.Collections.Immutable;
using Domain.Deliveries;
using Domain.Orders;
using Domain.Stores;
using Functions.Manage;
using Tests.Functions.World;

namespace Tests.Functions.Recipients;

/// <summary>What people see of an order with several recipients.</summary>
public sealed class ViewsTests
{
    private static readonly Caller Staff = new("staff", Role.Staff, []);

    private static readonly OrderSnapshot Two = Shop.OrderTo("A1", null, "見本 一郎", "見本 二郎");

    [Fact]
    public void The_order_lists_its_recipients_each_with_the_delivery_that_carries_it()
    {
        var order = Judged(eachDestination: true).Ship(1, Shop.Start, "warehouse", "");
        var carriers = ImmutableDictionary<int, DeliveryId>.Empty.Add(2, DeliveryId.Parse("test-honten~B1~1"));

        var view = OrderView.Of(order, Store, carriers, [], Staff);

        Assert.Equal("test-honten~A1~1", view.DeliveryId);
        Assert.Equal(
            [("1", "test-honten~A1~1", OrderState.Shipped, "見本 一郎", "1"), ("2", "test-honten~B1~1", OrderState.PartiallyShipped, "見本 二郎", "2")],
            view.Destinations.Select(d => (d.Id, d.DeliveryId, d.State, d.Recipient.Name, Assert.Single(d.LineIds))));
    }

    [Fact]
    public void A_held_order_lists_them_too_and_one_with_a_single_recipient_none()
    {
        var held = OrderView.Of(Judged(eachDestination: false), Store, ImmutableDictionary<int, DeliveryId>.Empty, [], Staff);
        Assert.Equal([(null, "見本 一郎"), (null, "見本 二郎")], held.Destinations.Select(d => (d.DeliveryId, d.Recipient.Name)));

        var single = new Judgement(Store, StoreMappings.Empty).New(Shop.Order("A2"), Shop.Start);
        Assert.Empty(OrderView.Of(single, Store, ImmutableDictionary<int, DeliveryId>.Empty, [], Staff).Destinations);
    }

    [Fact]
    public void A_viewer_sees_the_recipients_masked()
    {
        var view = OrderView.Of(Judged(eachDestination: true), Store, ImmutableDictionary<int, DeliveryId>.Empty, [], new Caller("viewer", Role.Viewer, []));

        Assert.All(view.Destinations, d => Assert.Equal("見＊＊", d.Recipient.Name));
    }

    [Fact]
    public void The_delivery_shows_its_own_recipient_lines_and_temperature()
    {
        var content = Two with { Destinations = [Two.Destinations[0], Two.Destinations[1] with { Temperature = Temperature.Chilled }] };
        var order = Judged(eachDestination: true, content);

        var view = DeliveryView.Of(OutboundDelivery.For(order, null, "main", Shop.Start, 2), [order.Part(2)], new Dictionary<StoreId, Store> { [Store.Id] = Store }, [], Staff);

        Assert.Equal(("test-honten~A1~2", "見本 二郎", "yamato+chilled", "2"), (view.Id, view.Recipient.Name, view.Delivery, Assert.Single(view.Lines).LineId));
    }

    private static Store Store => new() { Id = StoreId.Parse("test-honten"), Marketplace = "test-market", Name = "見本商店", Group = BundleGroupId.Parse("test-honten") };

    private static SalesOrder Judged(bool eachDestination, OrderSnapshot? content = null) =>
        new Judgement(Store, new TestMarket(TimeProvider.System).Manifest.DefaultMappings, eachDestination).New(content ?? Two, Shop.Start);
}
