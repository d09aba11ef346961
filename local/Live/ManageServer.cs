using System.Net;
using Local.Host;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Local.Live;

/// <summary>The HTTP functions on the loopback address, as the functions host serves them.</summary>
public sealed class ManageServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ManageServer(WebApplication app, Uri address) => (_app, Address) = (app, address);

    /// <summary>Where it listens, with a trailing slash.</summary>
    public Uri Address { get; }

    /// <param name="worker">The services of the functions: an answer is written by their settings, not by this server's.</param>
    /// <param name="port">0 = any free one.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<ManageServer> StartAsync(LocalHost host, IServiceProvider worker, int port, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRouting();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        var app = builder.Build();
        app.Use(async (http, next) =>
        {
            await using var scope = worker.CreateAsyncScope();
            http.RequestServices = scope.ServiceProvider;
            await next(http);
        });
        app.UseRouting();
        host.MapHttp(app);
        try
        {
            await app.StartAsync(cancellation);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new ManageServer(app, new Uri(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single()));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
