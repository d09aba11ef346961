using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Builder;

public static class FunctionsApplication
{
    public static FunctionsApplicationBuilder CreateBuilder(string[] args) => new(Host.CreateApplicationBuilder(args));
}

/// <summary>Builds the application that holds the functions; a host runs them.</summary>
public sealed class FunctionsApplicationBuilder : IHostApplicationBuilder, IFunctionsWorkerApplicationBuilder
{
    private readonly HostApplicationBuilder _inner;

    internal FunctionsApplicationBuilder(HostApplicationBuilder inner)
    {
        _inner = inner;
        _inner.Services.AddSingleton(Pipeline);
    }

    public IServiceCollection Services => _inner.Services;

    public IConfigurationManager Configuration => _inner.Configuration;

    public IHostEnvironment Environment => _inner.Environment;

    public ILoggingBuilder Logging => _inner.Logging;

    public IMetricsBuilder Metrics => _inner.Metrics;

    IDictionary<object, object> IHostApplicationBuilder.Properties => ((IHostApplicationBuilder)_inner).Properties;

    internal InvocationPipeline Pipeline { get; } = new();

    public void ConfigureContainer<TContainerBuilder>(IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure = null)
        where TContainerBuilder : notnull => _inner.ConfigureContainer(factory, configure);

    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        Pipeline.Steps.Add(middleware);
        return this;
    }

    public IHost Build() => _inner.Build();
}

/// <summary>The middleware in the order of its registration; the local host runs each invocation through it.</summary>
public sealed class InvocationPipeline
{
    internal List<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> Steps { get; } = [];

    public FunctionExecutionDelegate Around(FunctionExecutionDelegate function) =>
        Enumerable.Reverse(Steps).Aggregate(function, (next, step) => step(next));
}

public static class FunctionsWebApplicationExtensions
{
    /// <summary>The item under which the host hands the request over, before any middleware has run.</summary>
    public const string RequestItem = "Local.HttpContext";

    /// <summary>From this step on, <see cref="FunctionContextExtensions.GetHttpContext"/> knows the request: middleware registered earlier does not see it, as in the real worker.</summary>
    public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(this FunctionsApplicationBuilder builder)
    {
        builder.Use(next => context =>
        {
            if (context.Items.TryGetValue(RequestItem, out var http) && http is HttpContext)
            {
                context.Items[FunctionContextExtensions.HttpContextItem] = http;
            }

            return next(context);
        });
        return builder;
    }
}
