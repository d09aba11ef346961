using System.Net;
using System.Net.Http.Headers;
using Domain.Marketplaces;
using Domain.Stores;
using Infra.Marketplaces;
using Infra.Storage;
using Infra.Storage.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Tests.Infra.Marketplaces;

public sealed class MarketplacePipelineTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 1, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Start);
    private readonly ScriptedServer _server;
    private readonly List<CallLimit> _limits = [];
    private readonly ServiceProvider _services;

    public MarketplacePipelineTests()
    {
        _server = new ScriptedServer(_clock);
        var services = new ServiceCollection()
            .AddSingleton<TimeProvider>(_clock)
            .AddSingleton<IRowStore>(new InMemoryRowStore(new StorageCounter()))
            .AddSingleton<LimitsOf>(_ => _limits)
            .AddMarketplaceBudget(new BudgetOptions { MarginPercent = 0 });
        services.AddHttpClient("test-market").AddMarketplacePipeline().ConfigurePrimaryHttpMessageHandler(() => _server);
        _services = services.BuildServiceProvider(validateScopes: true);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_read_is_tried_again_after_a_fault_with_growing_pauses()
    {
        _server.Answers(HttpStatusCode.InternalServerError, HttpStatusCode.BadGateway, HttpStatusCode.OK);

        using var answer = await SendAsync(CallKind.Read);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(3, _server.At.Count);
        Assert.True(_server.At[1] > _server.At[0] && _server.At[2] > _server.At[1]);
    }

    [Fact]
    public async Task A_read_gives_its_last_answer_to_the_connector_when_the_retries_are_used_up()
    {
        _server.Answers(HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK);

        using var answer = await SendAsync(CallKind.Read);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(3, _server.At.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_write_is_never_repeated(bool lost)
    {
        _server.Answers(lost ? null : HttpStatusCode.InternalServerError, HttpStatusCode.OK);

        if (lost)
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(CallKind.Write));
        }
        else
        {
            using var answer = await SendAsync(CallKind.Write);
            Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        }

        Assert.Single(_server.At);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.NotFound)]
    public async Task A_refusal_is_no_fault_and_is_not_repeated(HttpStatusCode status)
    {
        _server.Answers(status, HttpStatusCode.OK);

        using var answer = await SendAsync(CallKind.Read);

        Assert.Equal(status, answer.StatusCode);
        Assert.Single(_server.At);
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task A_short_pause_that_the_marketplace_asks_for_is_kept_to_the_second(HttpStatusCode status)
    {
        _server.Answers(status, HttpStatusCode.OK);
        _server.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(15));

        using var answer = await SendAsync(CallKind.Read);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.InRange(_server.At[1] - _server.At[0], TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(15.2));
    }

    [Fact]
    public async Task A_pause_given_as_a_date_is_read_on_our_clock()
    {
        _server.Answers(HttpStatusCode.TooManyRequests, HttpStatusCode.OK);
        _server.RetryAfter = new RetryConditionHeaderValue(Start.AddSeconds(10));

        using var answer = await SendAsync(CallKind.Read);

        Assert.InRange(_server.At[1], Start.AddSeconds(10), Start.AddSeconds(10.2));
    }

    [Fact]
    public async Task A_long_pause_is_handed_to_the_connector_at_once()
    {
        _server.Answers(HttpStatusCode.TooManyRequests, HttpStatusCode.OK);
        _server.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(21));

        using var answer = await SendAsync(CallKind.Read);

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(21), answer.Headers.RetryAfter!.Delta);
        Assert.Equal([Start], _server.At);
    }

    [Theory]
    [InlineData(CallKind.Read, 3)]
    [InlineData(CallKind.Write, 1)]
    public async Task A_call_that_hangs_ends_with_its_time_and_comes_as_a_lost_connection(CallKind kind, int tries)
    {
        _server.Hangs = true;

        var lost = await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(kind));

        Assert.Contains("30 s", lost.Message, StringComparison.Ordinal);
        Assert.Equal(tries, _server.At.Count);
    }

    [Fact]
    public async Task An_answer_that_stops_in_its_middle_is_a_lost_connection_and_a_read_is_repeated()
    {
        _server.Answers(HttpStatusCode.OK, HttpStatusCode.OK);
        _server.BreaksBodies = 1;

        using var answer = await SendAsync(CallKind.Read);

        Assert.Equal("ok", await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(2, _server.At.Count);
    }

    [Fact]
    public async Task The_breaker_leaves_a_failing_store_alone_then_tries_and_closes_again()
    {
        _server.Otherwise = HttpStatusCode.InternalServerError;
        await FailAsync(6);

        var open = await Assert.ThrowsAsync<MarketplaceException>(() => SendAsync(CallKind.Write));

        Assert.Equal(FailureKind.Throttled, open.Kind);
        Assert.InRange(open.RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
        Assert.Equal(6, _server.At.Count);
        _clock.Advance(TimeSpan.FromSeconds(31));
        _server.Otherwise = HttpStatusCode.OK;
        for (var i = 0; i < 3; i++)
        {
            using var answer = await SendAsync(CallKind.Write);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_breaker_that_tries_in_vain_opens_again()
    {
        _server.Otherwise = HttpStatusCode.InternalServerError;
        await FailAsync(6);
        _clock.Advance(TimeSpan.FromSeconds(31));
        (await SendAsync(CallKind.Write)).Dispose();

        await Assert.ThrowsAsync<MarketplaceException>(() => SendAsync(CallKind.Write));

        Assert.Equal(7, _server.At.Count);
    }

    [Fact]
    public async Task One_store_s_breaker_does_not_stop_another_store()
    {
        _server.Otherwise = HttpStatusCode.InternalServerError;
        await FailAsync(6);
        _server.Otherwise = HttpStatusCode.OK;

        await Assert.ThrowsAsync<MarketplaceException>(() => SendAsync(CallKind.Write));
        using var answer = await SendAsync(CallKind.Write, "test-second");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Throttling_does_not_open_the_breaker()
    {
        _server.Otherwise = HttpStatusCode.TooManyRequests;
        await FailAsync(10);

        using var answer = await SendAsync(CallKind.Write);

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
    }

    [Fact]
    public async Task The_budget_is_charged_for_every_try()
    {
        _limits.Add(new CallLimit("all", null, LimitScope.Store, 0.1, null, false, "seen"));
        _server.Answers(HttpStatusCode.InternalServerError, HttpStatusCode.InternalServerError, HttpStatusCode.OK);

        using var answer = await SendAsync(CallKind.Read);

        Assert.Equal([0, 10, 20], _server.At.Select(at => (int)(at - Start).TotalSeconds));
    }

    [Fact]
    public async Task A_spent_budget_comes_as_throttling_with_the_time_to_wait_and_nothing_is_sent()
    {
        _limits.Add(new CallLimit("day", null, LimitScope.Store, null, 1, false, "seen"));
        (await SendAsync(CallKind.Write)).Dispose();

        var spent = await Assert.ThrowsAsync<MarketplaceException>(() => SendAsync(CallKind.Write));

        Assert.Equal(FailureKind.Throttled, spent.Kind);
        Assert.Equal(TimeSpan.FromHours(14), spent.RetryAfter); // it is 10:00 in Japan
        Assert.Single(_server.At);
    }

    [Fact]
    public async Task Who_cancels_gets_a_cancellation()
    {
        _server.Hangs = true;
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var call = Client().SendAsync(Request(CallKind.Read, "test-honten"), cancelled.Token);
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task A_request_that_does_not_say_what_it_is_about_is_an_error_of_ours()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://market.test/list");

        await Assert.ThrowsAsync<InvalidOperationException>(() => Client().SendAsync(request, Cancellation));
        Assert.Empty(_server.At);
    }

    public void Dispose()
    {
        _services.Dispose();
        _server.Dispose();
    }

    private static HttpRequestMessage Request(CallKind kind, string store)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "https://market.test/list") { Content = new StringContent("page=1") };
        request.Options.Set(MarketplacePipeline.CallKey, new MarketplaceCall(StoreId.Parse(store), "test-market", "list", kind));
        return request;
    }

    private HttpClient Client() => _services.GetRequiredService<IHttpClientFactory>().CreateClient("test-market");

    private async Task FailAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            (await SendAsync(CallKind.Write)).Dispose();
        }
    }

    /// <summary>Sends, and moves the clock in small steps while the call waits for it.</summary>
    private async Task<HttpResponseMessage> SendAsync(CallKind kind, string store = "test-honten")
    {
        using var request = Request(kind, store);
        var call = Client().SendAsync(request, Cancellation);
        while (!call.IsCompleted)
        {
            for (var i = 0; i < 20 && !call.IsCompleted; i++)
            {
                await Task.Yield();
            }

            if (!call.IsCompleted)
            {
                _clock.Advance(TimeSpan.FromMilliseconds(100));
            }
        }

        return await call;
    }

    /// <summary>The far end: answers as scripted and notes when it was asked.</summary>
    private sealed class ScriptedServer(TimeProvider clock) : HttpMessageHandler
    {
        private readonly Queue<HttpStatusCode?> _script = new();

        public List<DateTimeOffset> At { get; } = [];

        public RetryConditionHeaderValue? RetryAfter { get; set; }

        public HttpStatusCode Otherwise { get; set; } = HttpStatusCode.OK;

        public bool Hangs { get; set; }

        public int BreaksBodies { get; set; }

        /// <summary>Null = the connection breaks.</summary>
        public void Answers(params HttpStatusCode?[] statuses)
        {
            foreach (var status in statuses)
            {
                _script.Enqueue(status);
            }
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            At.Add(clock.GetUtcNow());
            Assert.Equal("page=1", await request.Content!.ReadAsStringAsync(cancellationToken));
            if (Hangs)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            var status = (_script.TryDequeue(out var next) ? next : Otherwise) ?? throw new HttpRequestException("connection reset");
            var answer = new HttpResponseMessage(status) { Content = BreaksBodies-- > 0 ? new StreamContent(new BrokenStream()) : new StringContent("ok") };
            if (status != HttpStatusCode.OK)
            {
                answer.Headers.RetryAfter = RetryAfter;
            }

            return answer;
        }
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) => throw new IOException("connection reset");
    }
}
