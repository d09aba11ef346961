using System.Globalization;
using System.Xml.Linq;
using Connectors.Wire;

namespace Connectors.YahooShopping;

/// <summary>Reads a group's fields and notes what is not there or cannot be read, so that one bad order is set aside with all its reasons.</summary>
internal sealed class YahooShoppingFields
{
    public YahooShoppingFields(XElement element)
        : this(element, [])
    {
    }

    private YahooShoppingFields(XElement element, List<string> faults)
    {
        Element = element;
        Faults = faults;
    }

    public XElement Element { get; }

    /// <summary>What was expected and where, without values.</summary>
    public List<string> Faults { get; }

    public void Fault(string expected) => Faults.Add(expected);

    public YahooShoppingFields Group(string name)
    {
        if (Element.Element(name) is { } group)
        {
            return new YahooShoppingFields(group, Faults);
        }

        Fault($"an element {name}");
        return new YahooShoppingFields(new XElement(name), []);
    }

    public IReadOnlyList<YahooShoppingFields> Groups(string name)
    {
        var groups = Element.Elements(name).Where(e => e.HasElements).Select(e => new YahooShoppingFields(e, Faults)).ToArray();
        if (groups.Length == 0)
        {
            Fault($"an element {name}");
        }

        return groups;
    }

    public string Text(string name) => Element.Text(name);

    /// <summary>A field that we ask for comes back, empty or not.</summary>
    public string Needed(string name)
    {
        if (Element.Element(name) is null)
        {
            Fault($"an element {name}");
        }

        return Text(name);
    }

    /// <summary>A wall-clock time in Japan, as <c>2026-11-01T09:12:33+09:00</c>, without the offset, or as fourteen digits.</summary>
    public DateTimeOffset Time(string name)
    {
        if (!JapaneseText.TryTime(Text(name), out var time))
        {
            Fault($"a time in {name}");
        }

        return time;
    }

    /// <summary>Nothing = null.</summary>
    public DateOnly? Day(string name)
    {
        if (Text(name) is not { Length: > 0 } text)
        {
            return null;
        }

        if (JapaneseText.TryDay(text, out var day))
        {
            return day;
        }

        Fault($"a day in {name}");
        return null;
    }

    /// <summary>Nothing = 0.</summary>
    public decimal Money(string name)
    {
        if (!JapaneseText.TryMoney(Text(name), out var amount) && !Faults.Contains($"an amount in {name}"))
        {
            Fault($"an amount in {name}");
        }

        return amount;
    }

    public int Count(string name)
    {
        if (!int.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            Fault($"a number in {name}");
        }

        return count;
    }
}
