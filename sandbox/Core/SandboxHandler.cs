using System.Net;
using System.Text;
using System.Web;

namespace Sandbox.Core;

/// <summary>Serves the sandbox to an <see cref="HttpClient"/> in the same process: no socket, no thread of its own, any host name.
/// A cut connection is an <see cref="HttpRequestException"/>, as it would be over the network.</summary>
public sealed class SandboxHandler(SandboxHost host) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var uri = request.RequestUri ?? throw new InvalidOperationException("A request needs an address.");
        var body = request.Content is { } content ? await content.ReadAsByteArrayAsync(cancellationToken) : [];
        var call = new SimRequest(
            request.Method.Method,
            Uri.UnescapeDataString(uri.AbsolutePath),
            HttpUtility.ParseQueryString(uri.Query, Encoding.UTF8),
            Headers(request, uri),
            body);
        try
        {
            return Message(await host.AnswerAsync(call, cancellationToken), request);
        }
        catch (ConnectionCutException cut)
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded, "The server closed the connection.", cut);
        }
    }

    private static Dictionary<string, string> Headers(HttpRequestMessage request, Uri uri)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Host"] = uri.Authority };
        foreach (var (name, values) in request.Headers.Concat(request.Content?.Headers ?? Enumerable.Empty<KeyValuePair<string, IEnumerable<string>>>()))
        {
            headers[name] = string.Join(", ", values);
        }

        return headers;
    }

    private static HttpResponseMessage Message(SimResponse answer, HttpRequestMessage request)
    {
        var message = new HttpResponseMessage((HttpStatusCode)answer.Status)
        {
            RequestMessage = request,
            Content = new ByteArrayContent(answer.Body),
        };
        message.Content.Headers.TryAddWithoutValidation("Content-Type", answer.ContentType);
        foreach (var (name, value) in answer.Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                message.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return message;
    }
}
