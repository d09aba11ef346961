using System.Globalization;
using System.Text.Json;

namespace Connectors.Wire;

/// <summary>One object of an answer, read by our names for its fields. What cannot be read is noted in <paramref name="faults"/> by its field, never by its value.</summary>
internal sealed class FieldReader(JsonElement at, FieldNames names, List<string> faults)
{
    /// <summary>The settings give the field a path.</summary>
    public bool IsNamed(string field) => names.PathOf(field).Length > 0;

    /// <summary>Trimmed; empty when it is absent, null or empty. Numbers stand as they are written.</summary>
    public string Text(string field)
    {
        if (names.Find(at, field) is not { } value)
        {
            return "";
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                var text = value.GetString()!.Trim();
                if (text.Contains('\uFFFD', StringComparison.Ordinal))
                {
                    Fault(field, "readable characters"); // the encoding is another than the setting says, or they have lost one themselves
                }

                return text;
            case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False:
                return value.GetRawText();
            default:
                Fault(field, "a text");
                return "";
        }
    }

    public string Needed(string field)
    {
        var text = Text(field);
        if (text.Length == 0)
        {
            Fault(field, "a text");
        }

        return text;
    }

    /// <summary>0 when it is absent.</summary>
    public decimal Money(string field)
    {
        if (!JapaneseText.TryMoney(Text(field).Replace(",", "", StringComparison.Ordinal), out var amount))
        {
            Fault(field, "an amount");
        }

        return amount;
    }

    public decimal NeededMoney(string field)
    {
        if (Text(field).Length == 0)
        {
            Fault(field, "an amount");
        }

        return Money(field);
    }

    /// <summary>A wall-clock time in Japan.</summary>
    public DateTimeOffset Time(string field)
    {
        if (!JapaneseText.TryTime(Text(field), out var instant))
        {
            Fault(field, "a time");
        }

        return instant;
    }

    public DateOnly? Day(string field)
    {
        if (Text(field) is not { Length: > 0 } text)
        {
            return null;
        }

        if (JapaneseText.TryDay(text, out var day))
        {
            return day;
        }

        Fault(field, "a day");
        return null;
    }

    public int Quantity(string field)
    {
        if (!int.TryParse(Text(field), NumberStyles.None, CultureInfo.InvariantCulture, out var quantity))
        {
            Fault(field, "a number");
        }

        return quantity;
    }

    /// <summary>Percent, written <c>10</c>, <c>10.0</c>, <c>10%</c> or <c>0.1</c>; 0 = none, or nothing that can be a rate.</summary>
    public int TaxRate(string field) =>
        decimal.TryParse(Text(field).TrimEnd('%', '％'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate) && rate is >= 0 and <= 100
            ? (int)(rate < 1 ? rate * 100 : rate)
            : 0;

    /// <summary>A text where there is something, empty for the words that mean nothing.</summary>
    public string Mark(string field) => Text(field) is var text && text is "No" or "no" or "false" or "0" or "なし" or "無" ? "" : text;

    /// <summary>The objects of a list; a single object counts as a list of one.</summary>
    public IReadOnlyList<FieldReader> Objects(string field)
    {
        var value = names.Find(at, field);
        var found = value switch
        {
            { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray()],
            { ValueKind: JsonValueKind.Object } one => [one],
            _ => Array.Empty<JsonElement>(),
        };
        if (found.Any(f => f.ValueKind is not JsonValueKind.Object))
        {
            Fault(field, "objects only");
        }

        return [.. found.Where(f => f.ValueKind is JsonValueKind.Object).Select(f => new FieldReader(f, names, faults))];
    }

    public void Fault(string field, string expected) => faults.Add($"{expected} in {Named(field)}");

    private string Named(string field) => string.Join('.', names.PathOf(field)) is { Length: > 0 } path ? path : field;
}
