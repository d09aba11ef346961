using System.Text;
using System.Text.Json;
using Domain.Marketplaces;

namespace Connectors.Qoo10;

// The wire, as they spell it. Nothing outside this folder sees these types.

/// <summary>One row of an answer: one order number (注文番号) of a cart.</summary>
/// <remarks>Names differ between the methods only in case and spelling (<c>OrderNo</c>, <c>orderNo</c>; <c>ZipCode</c>, <c>zipCode</c>;
/// <c>ShippingAddress</c>, <c>shippingAddr</c>), numbers come with and without quotes: so a row is read by name, case-insensitively, as text.</remarks>
internal sealed class Qoo10Row
{
    private readonly Dictionary<string, string> _fields;

    private Qoo10Row(Dictionary<string, string> fields, byte[] raw)
    {
        _fields = fields;
        Raw = raw;
    }

    /// <summary>The row as received, UTF-8.</summary>
    public byte[] Raw { get; }

    /// <param name="names">The field names of the answer, each kept once: an answer has thousands of rows with the same sixty names.</param>
    public static Qoo10Row Of(JsonElement row, Dictionary<string, string> names)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (row.ValueKind is JsonValueKind.Object)
        {
            foreach (var field in row.EnumerateObject())
            {
                if (!names.TryGetValue(field.Name, out var name))
                {
                    name = field.Name;
                    names.Add(name, name);
                }

                fields[name] = field.Value.ValueKind switch
                {
                    JsonValueKind.String => field.Value.GetString()!,
                    JsonValueKind.Null => "",
                    _ => field.Value.GetRawText(),
                };
            }
        }

        return new Qoo10Row(fields, Encoding.UTF8.GetBytes(row.GetRawText()));
    }

    /// <summary>The first of these fields that is there, trimmed; null = none is there.</summary>
    public string? Find(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (_fields.TryGetValue(name, out var value))
            {
                return value.Trim();
            }
        }

        return null;
    }

    /// <summary>The first of these fields that says something, trimmed; empty = none does.</summary>
    public string Text(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (_fields.TryGetValue(name, out var value) && !string.IsNullOrWhiteSpace(value))
            {
                return value.Trim();
            }
        }

        return "";
    }

    /// <summary>This row with what <paramref name="other"/> knows in addition; where both know a field, this one's stands.</summary>
    public Qoo10Row Over(Qoo10Row other)
    {
        var fields = new Dictionary<string, string>(other._fields, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in _fields)
        {
            fields[name] = value;
        }

        return new Qoo10Row(fields, Raw);
    }
}

/// <summary>A whole answer. Method level: <c>ResultObject</c>, <c>ResultCode</c>, <c>ResultMsg</c>; gateway level: <c>ErrorCode</c>, <c>ErrorMsg</c>.</summary>
/// <param name="Code">0 = fine, negative = refused.</param>
/// <param name="Rows">Null where the answer brings no list at all.</param>
/// <param name="Value">A <c>ResultObject</c> that is plain text (a new certification key).</param>
internal sealed record Qoo10Answer(int Code, IReadOnlyList<Qoo10Row>? Rows, string? Value)
{
    /// <exception cref="MarketplaceException">Unreadable: not an answer in one of the two envelopes.</exception>
    public static Qoo10Answer Parse(ReadOnlyMemory<byte> body, string method)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            var code = Find(root, "ResultCode") ?? Find(root, "ErrorCode");
            if (code is not { } number || !TryInt(number, out var value))
            {
                throw Qoo10Errors.Unreadable(method, "ResultCode or ErrorCode with a number");
            }

            return Find(root, "ResultObject") is not { } result
                ? new Qoo10Answer(value, null, null)
                : new Qoo10Answer(value, RowsOf(result, []), result.ValueKind is JsonValueKind.String ? result.GetString() : null);
        }
        catch (JsonException broken)
        {
            // Its own words quote the body, and with it a person's name: only the place is passed on.
            throw Qoo10Errors.Unreadable(method, $"a body that is JSON from beginning to end (it is not at line {broken.LineNumber}, byte {broken.BytePositionInLine})");
        }
        catch (InvalidOperationException)
        {
            // A text that is no UTF-8 shows only when it is taken out.
            throw Qoo10Errors.Unreadable(method, "a body in UTF-8");
        }
    }

    /// <summary>A list, the same inside a wrapper (<c>{"ClaimInfo":[…]}</c>), or a single row; <c>null</c> is an empty list.</summary>
    private static List<Qoo10Row>? RowsOf(JsonElement result, Dictionary<string, string> names)
    {
        switch (result.ValueKind)
        {
            case JsonValueKind.Array:
                return [.. result.EnumerateArray().Select(row => Qoo10Row.Of(row, names))];
            case JsonValueKind.Null:
                return [];
            case JsonValueKind.Object:
                var fields = result.EnumerateObject().ToArray();
                return fields is [{ Value.ValueKind: JsonValueKind.Array or JsonValueKind.Null }]
                    ? RowsOf(fields[0].Value, names)
                    : [Qoo10Row.Of(result, names)];
            default:
                return null;
        }
    }

    private static JsonElement? Find(JsonElement root, string name)
    {
        if (root.ValueKind is JsonValueKind.Object)
        {
            foreach (var field in root.EnumerateObject())
            {
                if (string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase))
                {
                    return field.Value;
                }
            }
        }

        return null;
    }

    private static bool TryInt(JsonElement element, out int value)
    {
        if (element.ValueKind is JsonValueKind.Number)
        {
            return element.TryGetInt32(out value);
        }

        value = 0;
        return element.ValueKind is JsonValueKind.String
            && int.TryParse(element.GetString(), System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out value);
    }
}
