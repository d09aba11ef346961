using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sandbox.Core;

namespace Sandbox.MakeShop;

/// <summary>The service's answers: data, errors in GraphQL's form, and the pages of what stands before it.</summary>
internal sealed class MakeShopAnswers(MakeShopRules rules)
{
    /// <summary>Japanese text goes out as it is. [I]</summary>
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static SimResponse Data(GraphQuery query, GraphType type, object value) => Json(200, writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartObject("data");
        writer.WritePropertyName(query.Root.Name);
        type.Write(writer, query.Root.Children, value);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    /// <summary>A refusal; with HTTP 200 it still is one.</summary>
    public SimOutcome Refused(int status, string code, string message, params IReadOnlyList<string> path) =>
        SimOutcome.Refused(Errors(status, [(message, path)], code), code);

    /// <summary>The query or its variable does not fit the schema.</summary>
    public SimOutcome Invalid(IEnumerable<(string Message, IReadOnlyList<string> Path)> faults) =>
        SimOutcome.Refused(Errors(Limits.ValidationStatus, [.. faults], Limits.ValidationCode), Limits.ValidationCode);

    /// <summary>What a fault of the neutral kind looks like here. [A]</summary>
    public SimResponse Failing(Fault fault) => fault.Kind switch
    {
        FaultKind.Throttle => Waiting(Errors(429, [("too many requests", [])], Limits.TooMany), fault.RetryAfter),
        FaultKind.Maintenance => Waiting(
            SimResponse.Html("<html><head><title>メンテナンス中</title></head><body><h1>ただいまメンテナンス中です。</h1></body></html>", Limits.MaintenanceStatus), fault.RetryAfter),
        _ => Errors(500, [("internal server error", [])], Limits.Internal),
    };

    private SimResponse Errors(int status, IReadOnlyList<(string Message, IReadOnlyList<string> Path)> errors, string code) => Json(status, writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("errors");
        foreach (var (message, path) in errors)
        {
            writer.WriteStartObject();
            writer.WriteString("message", message);
            if (path.Count > 0)
            {
                writer.WriteStartArray("path");
                foreach (var step in path)
                {
                    writer.WriteStringValue(step);
                }

                writer.WriteEndArray();
            }

            if (rules.CodeInExtensions)
            {
                writer.WriteStartObject("extensions");
                writer.WriteString("code", code);
                writer.WriteEndObject();
            }
            else
            {
                writer.WriteString("code", code);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteNull("data");
        writer.WriteEndObject();
    });

    private static SimResponse Waiting(SimResponse page, TimeSpan? retryAfter) => retryAfter is { } wait
        ? page with { Headers = new Dictionary<string, string> { ["Retry-After"] = ((long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture) } }
        : page;

    private static SimResponse Json(int status, Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Plain))
        {
            write(writer);
        }

        return SimResponse.Json(Encoding.UTF8.GetString(bytes.ToArray()), status);
    }
}
