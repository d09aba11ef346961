using System.Threading.Channels;
using Infra.Storage;
using Infra.Storage.InMemory;
using Local.Host;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Tests.System.Host;

/// <summary>One call of a test function, with what the host bound.</summary>
public sealed record Call(string Body, string Id, long DequeueCount, CancellationToken Cancellation);

/// <summary>What the test functions do, and what they were called with.</summary>
public sealed class Probe
{
    private readonly Channel<Call> _calls = Channel.CreateUnbounded<Call>();

    public Func<Call, Task> Work { get; set; } = _ => Task.CompletedTask;

    /// <summary>The next call; waits for it.</summary>
    public Task<Call> NextAsync() => _calls.Reader.ReadAsync().AsTask().WaitAsync(Patience.Limit);

    public bool TryNext(out Call? call) => _calls.Reader.TryRead(out call);

    public Task RunAsync(Call call)
    {
        _calls.Writer.TryWrite(call);
        return Work(call);
    }
}

/// <summary>The functions that the listener tests run.</summary>
public sealed class QueueWork(Probe probe)
{
    [Function("work")]
    public Task RunAsync([QueueTrigger(QueueRig.Queue)] string body, string id, long dequeueCount, CancellationToken cancellation) =>
        probe.RunAsync(new Call(body, id, dequeueCount, cancellation));
}

/// <summary>So long a test waits for what must come: a guard against hanging for ever, never a measure.</summary>
public static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
}

/// <summary>The twin's queue, which also tells what the host does with it.</summary>
public sealed class WatchedQueue(IMessageQueue inner) : IMessageQueue
{
    private readonly Channel<string> _seen = Channel.CreateUnbounded<string>();

    /// <summary>Waits until the host has done this: <c>delete</c>, <c>hide</c>, <c>send QUEUE</c> or <c>nothing</c> (a poll that found no message).</summary>
    public async Task SawAsync(string what)
    {
        while (await _seen.Reader.ReadAsync().AsTask().WaitAsync(Patience.Limit) != what)
        {
        }
    }

    /// <summary>Forgets what has been done so far.</summary>
    public void Forget()
    {
        while (_seen.Reader.TryRead(out _))
        {
        }
    }

    public async Task SendAsync(string queue, string body, TimeSpan delay, CancellationToken cancellation)
    {
        await inner.SendAsync(queue, body, delay, cancellation);
        _seen.Writer.TryWrite($"send {queue}");
    }

    public async Task<IReadOnlyList<QueuedMessage>> ReceiveAsync(string queue, int max, TimeSpan visibility, CancellationToken cancellation)
    {
        var messages = await inner.ReceiveAsync(queue, max, visibility, cancellation);
        _seen.Writer.TryWrite(messages.Count == 0 ? "nothing" : "receive");
        return messages;
    }

    public async Task<bool> DeleteAsync(string queue, QueuedMessage message, CancellationToken cancellation)
    {
        var deleted = await inner.DeleteAsync(queue, message, cancellation);
        _seen.Writer.TryWrite("delete");
        return deleted;
    }

    public async Task<QueuedMessage?> HideAsync(string queue, QueuedMessage message, TimeSpan visibility, CancellationToken cancellation)
    {
        var hidden = await inner.HideAsync(queue, message, visibility, cancellation);
        _seen.Writer.TryWrite("hide");
        return hidden;
    }

    public Task<int> CountAsync(string queue, CancellationToken cancellation) => inner.CountAsync(queue, cancellation);
}

/// <summary>A queue listener of the local host over the twin, on a clock that the test moves.</summary>
public sealed class QueueRig : IAsyncDisposable
{
    public const string Queue = "work";

    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _killed = new();
    private readonly IHost _worker;
    private readonly QueueListener _listener;
    private Task _running = Task.CompletedTask;

    public QueueRig(HostSettings? settings = null)
    {
        Twin = new InMemoryMessageQueue(Clock, new StorageCounter());
        Watched = new WatchedQueue(Twin);
        _worker = WorkerOf(services => services.AddSingleton(Probe));
        var function = FunctionCatalog.Read([typeof(QueueWork)]).Single();
        _listener = new QueueListener(
            function, Queue, Watched, InvokerOf(_worker), settings ?? Settings, Clock, NullLogger.Instance);
    }

    /// <summary>The project's own host.json.</summary>
    public static HostSettings Settings => HostSettings.Read(Path.Combine(AppContext.BaseDirectory, "host.json"));

    public static CancellationToken None => CancellationToken.None;

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 24, 1, 0, 0, TimeSpan.Zero));

    public Probe Probe { get; } = new();

    public InMemoryMessageQueue Twin { get; }

    public WatchedQueue Watched { get; }

    public static IHost WorkerOf(Action<IServiceCollection> add, Action<FunctionsApplicationBuilder>? middleware = null)
    {
        var builder = FunctionsApplication.CreateBuilder([]);
        builder.Logging.ClearProviders();
        add(builder.Services);
        middleware?.Invoke(builder);
        return builder.Build();
    }

    public static Invoker InvokerOf(IHost worker) => new(worker.Services, worker.Services.GetRequiredService<InvocationPipeline>());

    public Task SendAsync(string body) => Twin.SendAsync(Queue, body, TimeSpan.Zero, None);

    public void Start() => _running = Task.Run(() => _listener.RunAsync(_stopping.Token, _killed.Token));

    /// <summary>Asks the listener to stop; the answer ends when it has.</summary>
    public async Task<Task> StopAsync()
    {
        await _stopping.CancelAsync();
        return _running.WaitAsync(Patience.Limit);
    }

    public Task KillAsync() => _killed.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        await _killed.CancelAsync();
        await (await StopAsync());
        _stopping.Dispose();
        _killed.Dispose();
        _worker.Dispose();
    }
}
