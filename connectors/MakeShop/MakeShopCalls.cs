using System.Collections.Immutable;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Connectors.Wire;
using Domain.Marketplaces;

namespace Connectors.MakeShop;

/// <summary>One answer of the API.</summary>
/// <param name="Data">What the operation answered; null = nothing, or only a part where there are errors.</param>
/// <param name="Failure">What the answer means where it is not a good one.</param>
internal sealed record MakeShopAnswer(int Status, JsonElement? Data, ImmutableArray<MakeShopError> Errors, MarketplaceException? Failure)
{
    /// <exception cref="MarketplaceException">It is not a good one.</exception>
    public JsonElement Good() => Failure is null ? Data!.Value : throw Failure;
}

/// <summary>Sends one GraphQL operation: HTTP says 200 even where the operation is refused, so the body decides.</summary>
internal sealed class MakeShopCalls(MarketplaceHttp http, TimeProvider clock)
{
    /// <summary>Japanese text stays readable in a preview; the body is UTF-8 anyway.</summary>
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="query">A query or mutation whose one field is <paramref name="operation"/>.</param>
    /// <param name="input">Writes the members of <c>$input</c>; null = the operation takes none.</param>
    /// <returns>Refusals of the operation included.</returns>
    /// <exception cref="MarketplaceException">No answer came, or a credential is missing.</exception>
    public async Task<MakeShopAnswer> SendAsync(
        StoreAccess access, string operation, CallKind kind, string query, Action<Utf8JsonWriter>? input, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, AddressOf(access))
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(BodyOf(query, input))) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.TryAddWithoutValidation("authorization", $"Bearer {await access.Credentials.ReadAsync("permanent-token", cancellation)}");
        request.Headers.TryAddWithoutValidation("x-api-key", await access.Credentials.ReadAsync("api-key", cancellation));
        request.Headers.TryAddWithoutValidation("x-timestamp", clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        var answer = await http.SendAsync(request, new MarketplaceCall(access.Store.Id, MakeShopConnector.Code, operation, kind), cancellation);
        return Read(operation, kind, answer);
    }

    public static Uri AddressOf(StoreAccess access) => new(access.BaseAddress, access.Setting("endpoint-path"));

    public static string BodyOf(string query, Action<Utf8JsonWriter>? input)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Plain))
        {
            writer.WriteStartObject();
            writer.WriteString("query", query);
            writer.WriteStartObject("variables");
            if (input is not null)
            {
                writer.WriteStartObject("input");
                input(writer);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
            writer.WriteNull("operationName");
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    /// <summary>A mutation or query with its one variable, as all of theirs are written.</summary>
    public static string Query(string keyword, string operation, string inputType, string selection) =>
        $"{keyword} {operation}($input: {inputType}!){{{operation}(input:$input){{{selection}}}}}";

    private static MakeShopAnswer Read(string operation, CallKind kind, WireAnswer answer)
    {
        JsonElement? root = null;
        ImmutableArray<MakeShopError> errors = [];
        try
        {
            root = answer.IsPage ? null : MakeShopJson.Parse(answer.Body);
            errors = root is { } body ? [.. body.Items("errors").Select(MakeShopError.Of)] : [];
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // Under load an answer may be cut: that passes. Its own words would quote the body.
        }

        var failure = MakeShopErrors.Of(operation, kind, answer, root, errors);
        return new MakeShopAnswer(answer.Status, root?.Find("data")?.Find(operation), errors, failure);
    }
}
