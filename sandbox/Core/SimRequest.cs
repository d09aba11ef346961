using System.Collections.Specialized;
using System.Text;
using System.Web;

namespace Sandbox.Core;

/// <summary>One call as it came over the wire, freed of the web server, so that the same simulator answers over Kestrel and in process.</summary>
/// <param name="Path">The path without the query, decoded, beginning with a slash.</param>
/// <param name="Query">The query's parameters; names compare without case.</param>
/// <param name="Headers">The headers; names compare without case.</param>
public sealed record SimRequest(
    string Method, string Path, NameValueCollection Query, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public string? Header(string name) => Headers.TryGetValue(name, out var value) ? value : null;

    /// <summary>The body read as a form, whatever its content type says.</summary>
    public NameValueCollection Form() => HttpUtility.ParseQueryString(Text, Encoding.UTF8);
}

/// <summary>The answer to a <see cref="SimRequest"/>.</summary>
public sealed record SimResponse(int Status, string ContentType, byte[] Body)
{
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>How long the answer is held back, on the sandbox's clock, after the call has had its effect.</summary>
    public TimeSpan Delay { get; init; }

    public static SimResponse Xml(string body, int status = 200) => new(status, "application/xml; charset=UTF-8", Encoding.UTF8.GetBytes(body));

    public static SimResponse Json(string body, int status = 200) => new(status, "application/json; charset=utf-8", Encoding.UTF8.GetBytes(body));

    public static SimResponse Html(string body, int status) => new(status, "text/html; charset=utf-8", Encoding.UTF8.GetBytes(body));
}

/// <summary>The simulated service drops the connection instead of answering. The adapters turn this into a broken connection.</summary>
public sealed class ConnectionCutException(string message) : IOException(message);
