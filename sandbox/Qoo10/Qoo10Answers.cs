using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Xml;
using Sandbox.Core;

namespace Sandbox.Qoo10;

/// <summary>Their two envelopes, in JSON and XML. HTTP is always 200.</summary>
internal static class Qoo10Answers
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A method's answer.</summary>
    /// <param name="rows">Null = no result object.</param>
    public static SimResponse Result(bool xml, int code, string message, IEnumerable<IReadOnlyList<(string Name, object Value)>>? rows = null, string? text = null)
    {
        if (xml)
        {
            return Xml(code, message, rows, text);
        }

        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body, Plain))
        {
            json.WriteStartObject();
            if (text is not null)
            {
                json.WriteString("ResultObject", text);
            }
            else if (rows is not null)
            {
                json.WriteStartArray("ResultObject");
                foreach (var row in rows)
                {
                    WriteRow(json, row);
                }

                json.WriteEndArray();
            }

            json.WriteNumber("ResultCode", code);
            json.WriteString("ResultMsg", message);
            json.WriteEndObject();
        }

        return new SimResponse(200, "application/json; charset=utf-8", body.ToArray());
    }

    /// <summary>The gateway's envelope: the method was not reached.</summary>
    public static SimResponse Gateway(int code, string message) =>
        SimResponse.Json(JsonSerializer.Serialize(new Dictionary<string, object> { ["ErrorCode"] = code, ["ErrorMsg"] = message }));

    /// <summary>Outages show as pages, with status 200.</summary>
    public static SimResponse Failing(Fault fault) => fault.Kind is FaultKind.Throttle
        ? Gateway(-90001, "存在しないAPIです。") // how they refuse too many calls is not known; the gateway's general answer
        : SimResponse.Html("<html><head><title>システムメンテナンス</title></head><body>ただいまメンテナンス中です。</body></html>", 200);

    private static void WriteRow(Utf8JsonWriter json, IReadOnlyList<(string Name, object Value)> row)
    {
        json.WriteStartObject();
        foreach (var (name, value) in row)
        {
            switch (value)
            {
                case long number:
                    json.WriteNumber(name, number);
                    break;
                case int number:
                    json.WriteNumber(name, number);
                    break;
                case decimal amount:
                    json.WriteNumber(name, amount);
                    break;
                default:
                    json.WriteString(name, (string)value);
                    break;
            }
        }

        json.WriteEndObject();
    }

    private static SimResponse Xml(int code, string message, IEnumerable<IReadOnlyList<(string Name, object Value)>>? rows, string? text)
    {
        var body = new StringBuilder();
        using (var xml = XmlWriter.Create(body, new XmlWriterSettings { OmitXmlDeclaration = true, CheckCharacters = false }))
        {
            xml.WriteStartElement(rows is null ? "StdResult" : "StdCustomResultOfListOfShippingInfo");
            if (text is not null)
            {
                xml.WriteElementString("ResultObject", text);
            }
            else if (rows is not null)
            {
                xml.WriteStartElement("ResultObject");
                foreach (var row in rows)
                {
                    xml.WriteStartElement("ShippingInfo");
                    foreach (var (name, value) in row)
                    {
                        // Money is seen with four places in XML.
                        xml.WriteElementString(name, value is decimal d ? d.ToString("0.0000", System.Globalization.CultureInfo.InvariantCulture) : Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture));
                    }

                    xml.WriteEndElement();
                }

                xml.WriteEndElement();
            }

            xml.WriteElementString("ResultCode", code.ToString(System.Globalization.CultureInfo.InvariantCulture));
            xml.WriteElementString("ResultMsg", message);
            xml.WriteEndElement();
        }

        return SimResponse.Xml(body.ToString());
    }
}
