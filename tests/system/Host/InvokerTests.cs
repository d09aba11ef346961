using System.Text;
using System.Text.Json;
using Functions.Manage;
using Infra.Storage;
using Infra.Storage.InMemory;
using Local.Host;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Tests.System.Host;

/// <summary>Parameters bind and middleware runs as in the worker.</summary>
public sealed class InvokerTests
{
    [Theory]
    [InlineData("text", """{"Store":"s-1","count":2}""")]
    [InlineData("bytes", """{"Store":"s-1","count":2}""")]
    [InlineData("binary", """{"Store":"s-1","count":2}""")]
    [InlineData("shaped", "s-1 2")]
    public async Task A_queue_parameter_takes_the_message_in_each_form_that_the_worker_knows(string function, string expected)
    {
        var notes = new List<string>();
        using var worker = QueueRig.WorkerOf(services => services.AddSingleton(notes));
        var entry = FunctionCatalog.Read([typeof(Forms)]).Single(f => f.Name == function);

        await QueueRig.InvokerOf(worker).QueueAsync(entry, Message("""{"Store":"s-1","count":2}"""), QueueRig.None);

        Assert.Equal([expected], notes);
    }

    [Fact]
    public async Task A_message_of_JSON_null_does_not_become_a_null_parameter()
    {
        using var worker = QueueRig.WorkerOf(services => services.AddSingleton(new List<string>()));
        var entry = FunctionCatalog.Read([typeof(Forms)]).Single(f => f.Name == "shaped");

        await Assert.ThrowsAsync<JsonException>(() => QueueRig.InvokerOf(worker).QueueAsync(entry, Message("null"), QueueRig.None));
    }

    [Fact]
    public async Task A_result_is_written_after_the_whole_pipeline_has_returned()
    {
        var steps = new List<string>();
        using var worker = QueueRig.WorkerOf(
            services => services.AddSingleton(steps),
            builder =>
            {
                builder.ConfigureFunctionsWebApplication();
                builder.UseMiddleware<Recording>();
            });
        var http = Request(worker);

        await QueueRig.InvokerOf(worker).HttpAsync(Endpoint, http, QueueRig.None);

        Assert.Equal(["request seen", "function", "still 200 after the function"], steps);
        Assert.Equal(StatusCodes.Status418ImATeapot, http.Response.StatusCode);
    }

    [Fact]
    public async Task A_middleware_registered_before_the_web_integration_does_not_see_the_request()
    {
        var steps = new List<string>();
        using var worker = QueueRig.WorkerOf(
            services => services.AddSingleton(steps),
            builder =>
            {
                builder.UseMiddleware<Recording>();
                builder.ConfigureFunctionsWebApplication();
            });

        await QueueRig.InvokerOf(worker).HttpAsync(Endpoint, Request(worker), QueueRig.None);

        Assert.Equal("no request", steps[0]);
    }

    [Fact]
    public async Task The_gate_lets_nobody_in_when_it_does_not_see_the_request()
    {
        var steps = new List<string>();
        using var worker = GateBefore(steps, webFirst: false);

        await Assert.ThrowsAsync<InvalidOperationException>(() => QueueRig.InvokerOf(worker).HttpAsync(Endpoint, Request(worker), QueueRig.None));

        Assert.Empty(steps);
    }

    [Fact]
    public async Task The_gate_keeps_an_endpoint_closed_that_states_no_role()
    {
        var steps = new List<string>();
        using var worker = GateBefore(steps, webFirst: true);
        var http = Request(worker);

        await QueueRig.InvokerOf(worker).HttpAsync(Endpoint, http, QueueRig.None);

        Assert.Equal(StatusCodes.Status403Forbidden, http.Response.StatusCode);
        Assert.Empty(steps);
    }

    private static FunctionEntry Endpoint => FunctionCatalog.Read([typeof(Teapot)]).Single();

    private static QueuedMessage Message(string body) => new("id-1", "receipt", body, 1, DateTimeOffset.UnixEpoch);

    private static DefaultHttpContext Request(IHost worker) => new() { RequestServices = worker.Services, Response = { Body = new MemoryStream() } };

    private static IHost GateBefore(List<string> steps, bool webFirst) => QueueRig.WorkerOf(
        services => services
            .AddSingleton(steps)
            .AddSingleton(TimeProvider.System)
            .AddSingleton<IRowStore>(new InMemoryRowStore(new StorageCounter()))
            .AddSingleton<ApiKeys>()
            .AddSingleton(new HostKeys(_ => true)),
        builder =>
        {
            if (webFirst)
            {
                builder.ConfigureFunctionsWebApplication();
            }

            builder.UseMiddleware<Gate>();
            if (!webFirst)
            {
                builder.ConfigureFunctionsWebApplication();
            }
        });

    private sealed class Recording(List<string> steps) : IFunctionsWorkerMiddleware
    {
        public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        {
            var http = context.GetHttpContext();
            steps.Add(http is null ? "no request" : "request seen");
            await next(context);
            steps.Add($"still {http?.Response.StatusCode} after the function");
        }
    }
}

public sealed record Shape(string Store, int Count);

/// <summary>A function for each form of a queue parameter.</summary>
public sealed class Forms(List<string> notes)
{
    [Function("text")]
    public void Text([QueueTrigger("forms")] string body) => notes.Add(body);

    [Function("bytes")]
    public void Bytes([QueueTrigger("forms")] byte[] body) => notes.Add(Encoding.UTF8.GetString(body));

    [Function("binary")]
    public void Binary([QueueTrigger("forms")] BinaryData body) => notes.Add(body.ToString());

    [Function("shaped")]
    public void Shaped([QueueTrigger("forms")] Shape body) => notes.Add($"{body.Store} {body.Count}");
}

/// <summary>An endpoint whose answer cannot be mistaken for another's.</summary>
public sealed class Teapot(List<string> steps)
{
    [Function("teapot")]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request)
    {
        _ = request;
        steps.Add("function");
        return TypedResults.StatusCode(StatusCodes.Status418ImATeapot);
    }
}
