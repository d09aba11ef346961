using System.Diagnostics.CodeAnalysis;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Tests.Infra.Storage;

/// <summary>The real transport with faults put in: a request that never arrives, an answer that is lost, a refusal of the service's front.</summary>
public sealed class FaultyTransport : HttpPipelineTransport
{
    private readonly HttpPipelineTransport _real = HttpClientTransport.Shared;

    /// <summary>Asked once for each request that is sent.</summary>
    public Func<Request, Fault> Next { get; set; } = _ => Fault.None;

    /// <summary>Bytes of the largest request body so far.</summary>
    public long LargestRequest { get; private set; }

    public override Request CreateRequest() => _real.CreateRequest();

    public override void Process(HttpMessage message) => throw new NotSupportedException("Everything here is asynchronous.");

    public override async ValueTask ProcessAsync(HttpMessage message)
    {
        if (message.Request.Content is { } content && content.TryComputeLength(out var length))
        {
            LargestRequest = Math.Max(LargestRequest, length);
        }

        var fault = Next(message.Request);
        if (fault is Fault.NeverArrives)
        {
            throw new RequestFailedException(0, "connection refused", new HttpRequestException("connection refused"));
        }

        if (fault is Fault.Busy)
        {
            message.Response = new BusyAnswer(message.Request.ClientRequestId);
            return;
        }

        if (fault is Fault.Hangs)
        {
            await Task.Delay(Timeout.Infinite, message.CancellationToken);
        }

        await _real.ProcessAsync(message);
        if (fault is Fault.LostAnswer)
        {
            throw new RequestFailedException(0, "connection reset", new IOException("connection reset"));
        }
    }
}

public enum Fault
{
    None,

    /// <summary>The connection breaks before the request is read.</summary>
    NeverArrives,

    /// <summary>The request is carried out and the connection breaks before the answer.</summary>
    LostAnswer,

    /// <summary>503 Server Busy.</summary>
    Busy,

    /// <summary>Nothing comes until the caller gives up.</summary>
    Hangs,
}

internal sealed class BusyAnswer(string request) : Response
{
    public override int Status => 503;

    public override string ReasonPhrase => "Server Busy";

    public override Stream? ContentStream { get; set; }

    public override string ClientRequestId { get; set; } = request;

    public override void Dispose() => ContentStream?.Dispose();

    protected override bool ContainsHeader(string name) => false;

    protected override IEnumerable<HttpHeader> EnumerateHeaders() => [];

    protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value)
    {
        value = null;
        return false;
    }

    protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
    {
        values = null;
        return false;
    }
}
