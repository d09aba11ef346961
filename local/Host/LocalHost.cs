using Infra.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Local.Host;

/// <summary>The functions host on one machine: discovers the functions by their attributes and runs them with host.json's settings.</summary>
public sealed class LocalHost : IAsyncDisposable
{
    /// <summary>How long a message in hand may take after the order to stop.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    private readonly IHost _worker;
    private readonly HostSettings _settings;
    private readonly string _hostKey;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _killed = new();
    private readonly List<Task> _listeners = [];

    /// <param name="worker">The built application of the functions: what their Program makes.</param>
    /// <exception cref="HostRefusedException">The real host would not start with these functions.</exception>
    public LocalHost(IHost worker, IEnumerable<Type> functionTypes, HostSettings settings, string hostKey)
    {
        _worker = worker;
        _settings = settings;
        _hostKey = hostKey;
        Functions = FunctionCatalog.Read(functionTypes);
        Invoker = new Invoker(worker.Services, worker.Services.GetRequiredService<InvocationPipeline>());
    }

    public IReadOnlyList<FunctionEntry> Functions { get; }

    public Invoker Invoker { get; }

    public LocalDispatcher Dispatcher => new(Functions, Invoker, _worker.Services.GetRequiredService<IMessageQueue>(), _settings);

    /// <summary>Maps every HTTP function onto the application's routes.</summary>
    /// <param name="describe">Adds to the endpoint what only the API's description needs.</param>
    public void MapHttp(IEndpointRouteBuilder routes, Action<FunctionEntry, IEndpointConventionBuilder>? describe = null)
    {
        foreach (var function in Functions)
        {
            if (function.Trigger is Trigger.Http http)
            {
                var endpoint = routes
                    .MapMethods($"/{_settings.RoutePrefix}/{http.Route}".Replace("//", "/", StringComparison.Ordinal), [.. http.Methods.Select(m => m.ToUpperInvariant())], context => HttpAsync(function, http, context))
                    .WithName(function.Name)
                    .WithMetadata(function.Method);
                describe?.Invoke(function, endpoint);
            }
        }
    }

    /// <summary>Starts the timers and the queue listeners.</summary>
    public void Start(string statusFolder)
    {
        var clock = _worker.Services.GetRequiredService<TimeProvider>();
        var queue = _worker.Services.GetRequiredService<IMessageQueue>();
        var log = _worker.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Host");
        foreach (var function in Functions)
        {
            switch (function.Trigger)
            {
                case Trigger.Queue { Name: var name }:
                    var listener = new QueueListener(function, name, queue, Invoker, _settings, TimeProvider.System, log);
                    _listeners.Add(Task.Run(() => listener.RunAsync(_stopping.Token, _killed.Token)));
                    break;
                case Trigger.Timer timer:
                    var ticking = new TimerListener(function, timer, Invoker, _settings, statusFolder, clock, log);
                    _listeners.Add(Task.Run(() => ticking.RunAsync(_stopping.Token, _killed.Token)));
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Takes no further message, finishes those in hand.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        _killed.CancelAfter(Grace);
        await Task.WhenAll(_listeners);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
        _killed.Dispose();
    }

    private async Task HttpAsync(FunctionEntry function, Trigger.Http http, HttpContext context)
    {
        if (http.Level is not AuthorizationLevel.Anonymous && context.Request.Headers["x-functions-key"] != _hostKey)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        context.RequestServices = _worker.Services; // as in the worker, whose web application is the functions' own: answers are written with its settings
        try
        {
            using (StorageCounter.Under("manage"))
            {
                await Invoker.HttpAsync(function, context, context.RequestAborted);
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException && !context.Response.HasStarted)
        {
            _worker.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Host").LogError(failure, "{Function} failed.", function.Name);
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }
}
