using System.Net.Http.Headers;
using Domain.Marketplaces;

namespace Connectors.Wire;

/// <summary>An answer with its whole body.</summary>
internal sealed record WireAnswer(int Status, byte[] Body, HttpResponseHeaders Headers)
{
    /// <summary>The body looks like a page for people: a gateway's or a maintenance page instead of the API's answer.</summary>
    public bool IsPage =>
        Body.AsSpan().TrimStart("\uFEFF \t\r\n"u8) is var text && (text.StartsWith("<html"u8) || text.StartsWith("<!DOCTYPE"u8) || text.StartsWith("<!doctype"u8) || text.StartsWith("<HTML"u8));

    public TimeSpan? RetryAfter => Headers.RetryAfter?.Delta;
}

/// <summary>Sends requests to a marketplace, marked for the pipeline, and turns a lost connection into the one exception that leaves a connector.</summary>
internal sealed class MarketplaceHttp(IHttpClientFactory clients)
{
    /// <summary>No answer of a marketplace is longer: beyond it, something is wrong on their side.</summary>
    private const int LongestAnswer = 64 * 1024 * 1024;

    /// <exception cref="MarketplaceException">Transient: no answer came. For a write its effect is unknown.</exception>
    public async Task<WireAnswer> SendAsync(HttpRequestMessage request, MarketplaceCall call, CancellationToken cancellation)
    {
        request.Options.Set(new HttpRequestOptionsKey<MarketplaceCall>(MarketplaceCall.OptionName), call);
        try
        {
            using var response = await clients.CreateClient(call.Marketplace).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            return new WireAnswer((int)response.StatusCode, await BodyAsync(response, call, cancellation), response.Headers);
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException)
        {
            throw new MarketplaceException(call.Marketplace, FailureKind.Transient, $"{call.Endpoint}: no answer", lost);
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new MarketplaceException(call.Marketplace, FailureKind.Transient, $"{call.Endpoint}: no answer in time", late);
        }
    }

    private static async Task<byte[]> BodyAsync(HttpResponseMessage response, MarketplaceCall call, CancellationToken cancellation)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        using var body = new MemoryStream();
        var buffer = new byte[81_920];
        for (int read; (read = await stream.ReadAsync(buffer, cancellation)) > 0;)
        {
            if (body.Length + read > LongestAnswer)
            {
                throw new MarketplaceException(call.Marketplace, FailureKind.Unreadable, $"{call.Endpoint}: an answer longer than {LongestAnswer} bytes");
            }

            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }
}
