using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Domain.Marketplaces;
using Microsoft.Extensions.Logging;

namespace Tests.Connectors.Conformance;

/// <summary>What went over the wire, and what shall come back instead of the marketplace's answer.</summary>
internal sealed class Wire
{
    public ConcurrentQueue<MarketplaceCall> Calls { get; } = new();

    /// <summary>Null = the simulator answers.</summary>
    public Func<HttpResponseMessage>? Instead { get; set; }

    /// <summary>What becomes of an answer's body on its way; null = nothing.</summary>
    public Func<byte[], byte[]>? Change { get; set; }

    /// <summary>The endpoint of the newest call that changes something.</summary>
    public string LastWrite => Calls.Last(call => call.Kind is CallKind.Write).Endpoint;

    public static HttpResponseMessage Answer(int status, string mediaType, string body, string? retryAfter = null)
    {
        var answer = Answer(status, mediaType, Encoding.UTF8.GetBytes(body));
        if (retryAfter is not null)
        {
            answer.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        }

        return answer;
    }

    public static HttpResponseMessage Answer(int status, string mediaType, byte[] body) =>
        new((HttpStatusCode)status) { Content = new ByteArrayContent(body) { Headers = { ContentType = new(mediaType) } } };
}

internal sealed class WireTap(Wire wire) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Assert.True(
            request.Options.TryGetValue(new HttpRequestOptionsKey<MarketplaceCall>(MarketplaceCall.OptionName), out var call),
            "A request went out that the pipeline could not budget: its connector did not mark it.");
        wire.Calls.Enqueue(call);
        var answer = wire.Instead is { } instead ? instead() : await base.SendAsync(request, cancellationToken);
        if (wire.Change is { } change)
        {
            var changed = new ByteArrayContent(change(await answer.Content.ReadAsByteArrayAsync(cancellationToken)));
            changed.Headers.ContentType = answer.Content.Headers.ContentType;
            answer.Content = changed;
        }

        return answer;
    }
}

/// <summary>Keeps what is logged, with its exception.</summary>
internal sealed class KeptLogs(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        lines.Enqueue(state.ToString() ?? "");
        return null;
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        lines.Enqueue($"{formatter(state, exception)} {state} {exception}");

    public void Dispose()
    {
        // The queue belongs to the test.
    }
}
