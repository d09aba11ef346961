using System.Text.Json;
using System.Text.Json.Serialization;
using Domain.Attention;
using Domain.Bundling;
using Domain.Coverage;
using Domain.Deliveries;
using Domain.Orders;
using Domain.Shipments;
using Domain.Stores;

namespace Infra.Ledger;

/// <summary>How domain records are written in rows. Ids are written as their text; what is null is left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    UseStringEnumConverter = true,
    Converters =
    [
        typeof(StoreIdConverter), typeof(OrderCodeConverter), typeof(BundleGroupIdConverter), typeof(DeliveryIdConverter),
        typeof(BundleKeyConverter), typeof(TrackingNumberConverter), typeof(YenConverter), typeof(IntervalSetConverter), typeof(DeliveryMethodConverter),
    ])]
[JsonSerializable(typeof(SalesOrder))]
[JsonSerializable(typeof(HistoryBlock))]
[JsonSerializable(typeof(OrderSnapshot))]
[JsonSerializable(typeof(OutboundDelivery))]
[JsonSerializable(typeof(BundleKeyRow))]
[JsonSerializable(typeof(PushEntry))]
[JsonSerializable(typeof(LaneCoverage))]
[JsonSerializable(typeof(Gap))]
[JsonSerializable(typeof(AttentionItem))]
[JsonSerializable(typeof(Store))]
[JsonSerializable(typeof(OutboxEntry))]
[JsonSerializable(typeof(StoreStatus))]
[JsonSerializable(typeof(List<HistoryEntry>))]
public sealed partial class LedgerJson : JsonSerializerContext;

/// <summary>Writes an id as the text it is parsed from.</summary>
public abstract class TextConverter<T>(Func<string, T> parse) : JsonConverter<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => parse(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value!.ToString());

    public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => parse(reader.GetString()!);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WritePropertyName(value!.ToString()!);
}

public sealed class StoreIdConverter() : TextConverter<StoreId>(StoreId.Parse);

public sealed class OrderCodeConverter() : TextConverter<OrderCode>(OrderCode.Parse);

public sealed class BundleGroupIdConverter() : TextConverter<BundleGroupId>(BundleGroupId.Parse);

public sealed class DeliveryIdConverter() : TextConverter<DeliveryId>(DeliveryId.Parse);

public sealed class BundleKeyConverter() : TextConverter<BundleKey>(BundleKey.Parse);

public sealed class TrackingNumberConverter() : TextConverter<TrackingNumber>(TrackingNumber.Parse);

public sealed class DeliveryMethodConverter() : TextConverter<DeliveryMethod>(DeliveryMethod.Parse);

public sealed class YenConverter : JsonConverter<Yen>
{
    public override Yen Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetDecimal());

    public override void Write(Utf8JsonWriter writer, Yen value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Amount);
}

/// <summary>Intervals as pairs of Unix milliseconds; the beginning of time stands for an open start.</summary>
public sealed class IntervalSetConverter : JsonConverter<IntervalSet>
{
    public override IntervalSet Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var spans = new List<Interval>();
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            var from = DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64());
            reader.Read();
            spans.Add(new Interval(from, DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64())));
        }

        return IntervalSet.Of(spans);
    }

    public override void Write(Utf8JsonWriter writer, IntervalSet value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var span in value.Spans)
        {
            writer.WriteNumberValue(span.From.ToUnixTimeMilliseconds());
            // Rounded down: a fraction of a millisecond that is not covered is read again.
            writer.WriteNumberValue(span.To.ToUnixTimeMilliseconds());
        }

        writer.WriteEndArray();
    }
}
