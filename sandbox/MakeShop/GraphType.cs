using System.Text.Json;

namespace Sandbox.MakeShop;

/// <param name="Read">The field's value: null, a text, a whole number, an object of <paramref name="Of"/>, or a list of them.</param>
/// <param name="Of">The object type behind it; null = a scalar.</param>
internal sealed record GraphField(Func<object, object?> Read, GraphType? Of = null);

/// <summary>An object type of the schema: checks what a query asks of it, and writes exactly that.</summary>
internal sealed class GraphType(string name)
{
    private readonly Dictionary<string, GraphField> _fields = new(StringComparer.Ordinal);

    public string Name { get; } = name;

    public GraphType With<T>(string field, Func<T, object?> read, GraphType? of = null)
    {
        _fields[field] = new GraphField(source => read((T)source), of);
        return this;
    }

    public void Without(IEnumerable<string> fields)
    {
        foreach (var field in fields)
        {
            _fields.Remove(field);
        }
    }

    /// <summary>What a validator says of a selection, in the order in which it meets it.</summary>
    public IEnumerable<string> Check(IReadOnlyList<GraphSelection> selections)
    {
        foreach (var selection in selections)
        {
            if (!_fields.TryGetValue(selection.Name, out var field))
            {
                yield return $"Cannot query field \"{selection.Name}\" on type \"{Name}\".";
            }
            else if (field.Of is null && selection.Children.Count > 0)
            {
                yield return $"Field \"{selection.Name}\" must not have a selection since type has no subfields.";
            }
            else if (field.Of is { } of)
            {
                foreach (var fault in selection.Children.Count == 0 ? [$"Field \"{selection.Name}\" of type \"{of.Name}\" must have a selection of subfields."] : of.Check(selection.Children))
                {
                    yield return fault;
                }
            }
        }
    }

    public void Write(Utf8JsonWriter writer, IReadOnlyList<GraphSelection> selections, object source)
    {
        writer.WriteStartObject();
        foreach (var selection in selections)
        {
            var field = _fields[selection.Name];
            writer.WritePropertyName(selection.Name);
            Write(writer, selection, field, field.Read(source));
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, GraphSelection selection, GraphField field, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case int number:
                writer.WriteNumberValue(number);
                break;
            case decimal amount:
                writer.WriteNumberValue(amount);
                break;
            case System.Collections.IEnumerable list:
                writer.WriteStartArray();
                foreach (var item in list)
                {
                    Write(writer, selection, field, item);
                }

                writer.WriteEndArray();
                break;
            default:
                field.Of!.Write(writer, selection.Children, value);
                break;
        }
    }
}
