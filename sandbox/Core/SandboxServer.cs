using System.Net;
using System.Text;
using System.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Sandbox.Core;

/// <summary>Serves the sandbox over HTTP on the loopback address: all marketplaces and the control API on one port.
/// Loopback only, because the control API hands out the simulated credentials to whoever asks.</summary>
public sealed class SandboxServer : IAsyncDisposable
{
    private const long LargestBody = 16 * 1024 * 1024;

    private readonly WebApplication _app;

    private SandboxServer(WebApplication app, Uri address) => (_app, Address) = (app, address);

    /// <summary>Where it listens, with a trailing slash.</summary>
    public Uri Address { get; }

    /// <param name="port">0 = any free one.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<SandboxServer> StartAsync(SandboxHost host, int port, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(host);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        var app = builder.Build();
        app.Run(context => ServeAsync(host, context));
        try
        {
            await app.StartAsync(cancellation);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        var address = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
        return new SandboxServer(app, new Uri(address));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static async Task ServeAsync(SandboxHost host, HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var call = new SimRequest(
            context.Request.Method,
            context.Request.Path.Value ?? "/",
            HttpUtility.ParseQueryString(context.Request.QueryString.Value ?? "", Encoding.UTF8),
            context.Request.Headers.ToDictionary(h => h.Key, h => string.Join(", ", h.Value.ToArray()), StringComparer.OrdinalIgnoreCase),
            body.ToArray());
        SimResponse answer;
        try
        {
            answer = await host.AnswerAsync(call, context.RequestAborted);
        }
        catch (ConnectionCutException)
        {
            context.Abort();
            return;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return; // the caller has gone; there is nobody to answer
        }

        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        context.Response.ContentLength = answer.Body.Length;
        foreach (var (name, value) in answer.Headers)
        {
            context.Response.Headers[name] = value;
        }

        await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }
}
