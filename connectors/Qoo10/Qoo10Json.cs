using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Connectors.Qoo10;

/// <summary>The JSON lists that their bulk calls take as a parameter, and the result of one of their rows.</summary>
internal static class Qoo10Json
{
    /// <summary>Japanese stays readable in a preview; what is sent is form-encoded anyway.</summary>
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Rows(IEnumerable<IEnumerable<KeyValuePair<string, string>>> rows)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            writer.WriteStartArray();
            foreach (var row in rows)
            {
                writer.WriteStartObject();
                foreach (var (name, value) in row)
                {
                    writer.WriteString(name, value);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>Null = the row tells none.</summary>
    public static int? CodeOf(Qoo10Row row) =>
        int.TryParse(row.Text("result_cd", "ResultCode"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var code) ? code : null;
}
