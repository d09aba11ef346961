using System.Text;
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

    private static readonly XmlWriterSettings Unchecked = new()
    {
        CheckCharacters = false,
        ConformanceLevel = ConformanceLevel.Fragment,
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        NewLineHandling = NewLineHandling.None,
        OmitXmlDeclaration = true,
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

    /// <summary>The element as UTF-8, without formatting; characters that XML forbids and they send all the same come out as references.</summary>
    public static byte[] ToBytes(this XElement element)
    {
        using var bytes = new MemoryStream();
        using (var writer = XmlWriter.Create(bytes, Unchecked))
        {
            element.WriteTo(writer);
        }

        return bytes.ToArray();
    }

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
