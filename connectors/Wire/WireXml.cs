using System.Xml;
using System.Xml.Linq;

namespace Connectors.Wire;

/// <summary>Reads a marketplace's XML: no DTD, no entities but the numeric ones and the five of XML, bounded depth.</summary>
internal static class WireXml
{
    private const int Deepest = 64;

    private static readonly XmlReaderSettings Strict = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        CheckCharacters = false,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        CloseInput = true,
    };

    /// <exception cref="XmlException">It is not XML as we take it.</exception>
    public static XElement Parse(byte[] body)
    {
        CheckDepth(body);
        using var reader = XmlReader.Create(new MemoryStream(body), Strict);
        return XElement.Load(reader);
    }

    /// <summary>The text of a child, trimmed; empty when it is absent or empty.</summary>
    public static string Text(this XElement parent, string name) => parent.Element(name)?.Value.Trim() ?? "";

    private static void CheckDepth(byte[] body)
    {
        using var reader = XmlReader.Create(new MemoryStream(body), Strict);
        while (reader.Read())
        {
            if (reader.Depth > Deepest)
            {
                throw new XmlException($"The answer is nested deeper than {Deepest} elements.");
            }
        }
    }
}
