using System.Reflection;
using System.Text.Json;
using Infra.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Local.Host;

/// <summary>Runs a function through the worker's middleware, in a scope of its own, with its parameters bound as the worker binds them.</summary>
public sealed class Invoker(IServiceProvider services, InvocationPipeline pipeline)
{
    private static readonly JsonSerializerOptions CaseInsensitive = new() { PropertyNameCaseInsensitive = true };

    public async Task TimerAsync(FunctionEntry function, TimerInfo timer, CancellationToken cancellation) =>
        await RunAsync(function, p => p == function.TriggerParameter ? timer : null, [], null, cancellation);

    public async Task QueueAsync(FunctionEntry function, QueuedMessage message, CancellationToken cancellation)
    {
        var data = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
        {
            ["id"] = message.Id,
            ["dequeueCount"] = message.DequeueCount,
            ["popReceipt"] = message.PopReceipt,
            ["insertionTime"] = message.InsertedAt,
        };
        await RunAsync(function, p => p == function.TriggerParameter ? Body(p, message.Body) : null, data, null, cancellation);
    }

    /// <summary>Runs an HTTP function and, after the whole pipeline has returned, its result.</summary>
    public async Task HttpAsync(FunctionEntry function, HttpContext http, CancellationToken cancellation)
    {
        var data = http.Request.RouteValues.ToDictionary(v => v.Key, v => v.Value, StringComparer.OrdinalIgnoreCase);
        var result = await RunAsync(function, p => p.ParameterType == typeof(HttpRequest) ? http.Request : null, data, http, cancellation);
        if (result is IResult answer && !http.Response.HasStarted)
        {
            await answer.ExecuteAsync(http);
        }
    }

    private async Task<object?> RunAsync(
        FunctionEntry function, Func<ParameterInfo, object?> trigger, Dictionary<string, object?> data, HttpContext? http, CancellationToken cancellation)
    {
        await using var scope = services.CreateAsyncScope();
        var invocation = new Invocation(function, scope.ServiceProvider, data, cancellation);
        if (http is not null)
        {
            invocation.Items[FunctionsWebApplicationExtensions.RequestItem] = http;
        }

        await pipeline.Around(async context =>
        {
            var arguments = function.Method.GetParameters().Select(p => Argument(p, trigger, data, context)).ToArray();
            var target = function.Method.IsStatic
                ? null
                : ActivatorUtilities.GetServiceOrCreateInstance(context.InstanceServices, function.Method.DeclaringType!);
            invocation.Result = await ResultAsync(function.Method.Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, null));
        })(invocation);
        return invocation.Result;
    }

    private static object? Argument(ParameterInfo parameter, Func<ParameterInfo, object?> trigger, Dictionary<string, object?> data, FunctionContext context)
    {
        if (parameter.ParameterType == typeof(CancellationToken))
        {
            return context.CancellationToken;
        }

        if (parameter.ParameterType == typeof(FunctionContext))
        {
            return context;
        }

        if (trigger(parameter) is { } bound)
        {
            return bound;
        }

        if (data.TryGetValue(parameter.Name!, out var value) && value is not null)
        {
            return parameter.ParameterType.IsInstanceOfType(value)
                ? value
                : Convert.ChangeType(value, Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType, System.Globalization.CultureInfo.InvariantCulture);
        }

        return Nullable.GetUnderlyingType(parameter.ParameterType) is not null || (!parameter.ParameterType.IsValueType && IsNullable(parameter))
            ? null
            : throw new InvalidOperationException($"Parameter '{parameter.Name}' of {parameter.Member.DeclaringType}.{parameter.Member.Name} has no value.");
    }

    private static bool IsNullable(ParameterInfo parameter) =>
        new NullabilityInfoContext().Create(parameter).ReadState is NullabilityState.Nullable;

    private static object Body(ParameterInfo parameter, string body) =>
        parameter.ParameterType == typeof(string) ? body
        : parameter.ParameterType == typeof(byte[]) ? System.Text.Encoding.UTF8.GetBytes(body)
        : parameter.ParameterType == typeof(BinaryData) ? BinaryData.FromString(body)
        : JsonSerializer.Deserialize(body, parameter.ParameterType, CaseInsensitive)
            ?? throw new JsonException($"The message is JSON null; '{parameter.Name}' needs a {parameter.ParameterType.Name}.");

    private static async Task<object?> ResultAsync(object? returned)
    {
        if (returned is not Task task)
        {
            return returned;
        }

        await task;
        return task.GetType() is { IsGenericType: true } type && type.GetProperty("Result") is { } result && result.PropertyType.Name != "VoidTaskResult"
            ? result.GetValue(task)
            : null;
    }
}
