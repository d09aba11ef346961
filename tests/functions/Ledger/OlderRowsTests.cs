using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Domain.Bundling;
using Domain.Deliveries;
using Domain.Orders;
using Domain.Shipments;
using Domain.Stores;
using Infra.Ledger;
using Infra.Storage;
using Tests.Functions.World;

namespace Tests.Functions.Ledger;

/// <summary>Rows that were written before an order could have several recipients are read as orders with one, and go on under the same keys.</summary>
public sealed class OlderRowsTests
{
    private static readonly Store Store = new() { Id = StoreId.Parse("test-honten"), Marketplace = "test-market", Name = "見本商店", Group = BundleGroupId.Parse("test-honten") };

    private static readonly SalesOrder Order = new Judgement(Store, StoreMappings.Empty).New(Shop.Order("A1"), Shop.Start);

    [Fact]
    public void An_order_of_then_has_one_recipient_and_one_delivery()
    {
        var found = Older(Codecs.Order, Order, "plans", "destinations", "temperature");

        Assert.Empty(found.Plans);
        Assert.Empty(found.Content.Destinations);
        Assert.Equal(("", "見本 A1"), (Assert.Single(found.Parts).Destination, found.Part(1).Recipient.Name));
    }

    [Fact]
    public void A_member_of_then_travels_as_the_first_delivery_of_its_order()
    {
        var delivery = OutboundDelivery.For(Order, null, "main", Shop.Start);

        Assert.Equal(delivery.Members, Older(Codecs.Delivery, delivery, "number").Members);
    }

    [Fact]
    public void A_report_of_then_is_on_the_whole_order_and_keeps_its_row_key()
    {
        var shipment = new Shipment("yamato", TrackingNumber.Parse("900000001235"), Shop.Start, 1);
        var push = PushEntry.Plan(OutboundDelivery.For(Order, null, "main", Shop.Start), Order, shipment, new TestMarket(TimeProvider.System).Manifest, true, Shop.Start);

        var found = Older(Codecs.Push, push, "part", "destination");

        Assert.Equal((1, ""), (found.Part, found.Report().Destination));
        Assert.Equal("p|test-honten|A1|0001", Codecs.Push.Encode(found).Key);
        Assert.Equal("p|test-honten|A1|2-0001", Codecs.Push.Encode(found with { Part = 2 }).Key);
    }

    [Fact]
    public void An_index_segment_of_then_is_read_and_written_with_further_deliveries()
    {
        var key = BundleKey.Parse("1-0123456789abcdef0123456789abcdef");
        var line = new IndexLine(OrderCode.Parse("A1"), 1, 2, 3, OrderState.AwaitingShipment, false, Shop.Start, new DateOnly(2026, 11, 24), 3_400, key);

        Assert.Equal(line, Assert.Single(IndexSegment.Decode(new Row(GroupKeys.Segment(Store.Id, "s1"), FirstFormat(line))).Lines));

        var several = line with { Code = OrderCode.Parse("A2"), Further = [new FurtherDelivery(new DateOnly(2026, 12, 1), key), new FurtherDelivery(new DateOnly(2026, 12, 2), null)] };
        var found = IndexSegment.Decode(new IndexSegment("s1", null, [line, several, line]).Encode(Store.Id)).Lines;
        Assert.Equal(3, found.Count);
        Assert.Equal((line, line), (found[0], found[2]));
        Assert.Equal(several.Further, found[1].Further.AsEnumerable());
    }

    private static byte[] FirstFormat(IndexLine line)
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write((byte)1);
            writer.Write7BitEncodedInt(1);
            writer.Write(line.Code.Value);
            writer.Write(line.Token);
            writer.Write(line.Content);
            writer.Write(line.Sign);
            writer.Write((byte)line.State);
            writer.Write(line.Unreadable);
            writer.Write(line.PlacedAt.ToUnixTimeSeconds());
            writer.Write7BitEncodedInt(line.Planned.DayNumber);
            writer.Write("3400");
            writer.Write(line.Key!.Value);
        }

        return bytes.ToArray();
    }

    /// <summary>The record as it comes back from a row that lacks these properties, wherever they stand.</summary>
    private static T Older<T>(Codec<T> codec, T record, params string[] lacking)
        where T : class
    {
        var row = codec.Encode(record);
        var body = JsonNode.Parse(row.Body.Span)!;
        Strip(body);
        return codec.Decode(row with { Body = JsonSerializer.SerializeToUtf8Bytes(body) });

        void Strip(JsonNode? node)
        {
            switch (node)
            {
                case JsonObject o:
                    // A tracking number is a text of the same name as a delivery's number.
                    foreach (var name in lacking.Where(n => o[n] is JsonArray or null || n != "number" || o[n]!.GetValueKind() is JsonValueKind.Number).ToArray())
                    {
                        o.Remove(name);
                    }

                    foreach (var child in o.Select(p => p.Value).ToArray())
                    {
                        Strip(child);
                    }

                    break;

                case JsonArray a:
                    foreach (var child in a)
                    {
                        Strip(child);
                    }

                    break;

                default:
                    break;
            }
        }
    }
}
