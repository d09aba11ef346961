using System.Xml;
using System.Xml.Linq;

namespace Sandbox.Core;

/// <summary>Reads a request's XML: no document type, no outside entities, the encoding that the document declares.</summary>
public static class StrictXml
{
    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
        MaxCharactersInDocument = 4 * 1024 * 1024,
    };

    /// <returns>The root element, or null where the body is no well-formed XML.</returns>
    public static XElement? Read(byte[] body)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(body), Settings);
            return XElement.Load(reader);
        }
        catch (XmlException)
        {
            return null; // each service answers this in its own way
        }
    }
}
