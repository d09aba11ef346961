using System.Net;
using Domain.Marketplaces;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Timeout;

namespace Infra.Marketplaces;

/// <summary>What is hung on every connector's HTTP client, outside in: retry of reads, circuit breaker, the budget (charged for every try), one time-out a try; one such pipeline a store.</summary>
public static class MarketplacePipeline
{
    /// <summary>Under this the connector leaves what its request is about.</summary>
    public static readonly HttpRequestOptionsKey<MarketplaceCall> CallKey = new(MarketplaceCall.OptionName);

    extension(IHttpClientBuilder client)
    {
        public IHttpClientBuilder AddMarketplacePipeline()
        {
            client.ConfigureHttpClient(http => http.Timeout = Timeout.InfiniteTimeSpan); // each try has its own; the budget may make a call wait
            client.RemoveAllLoggers(); // addresses of some marketplaces carry ids of ours; calls are measured below instead
            client.AddHttpMessageHandler(provider => new GivenUpHandler(provider.GetRequiredService<TimeProvider>()));
            client.AddResilienceHandler("marketplace", (pipeline, context) =>
                {
                    var clock = context.ServiceProvider.GetRequiredService<TimeProvider>();
                    var options = context.ServiceProvider.GetRequiredService<MarketplacePipelineOptions>();
                    var budget = context.ServiceProvider.GetRequiredService<MarketplaceBudget>();
                    pipeline.TimeProvider = clock;
                    pipeline
                        .AddRetry(RetryOfReads(options, clock))
                        .AddCircuitBreaker(Breaker(options))
                        .AddStrategy(_ => new BudgetStrategy(budget), new BudgetStrategyOptions())
                        .AddTimeout(options.TryTimeout);
                })
                .SelectPipelineBy(_ => request => request.Options.TryGetValue(CallKey, out var call) ? call.Store.Value : ""); // asked once with an empty request
            client.AddHttpMessageHandler(provider => new OneTryHandler(provider.GetRequiredService<MarketplacePipelineOptions>(), provider.GetRequiredService<TimeProvider>()));
            return client;
        }
    }

    internal static MarketplaceCall CallOf(HttpRequestMessage request) => request.Options.TryGetValue(CallKey, out var call)
        ? call
        : throw new InvalidOperationException($"A request to a marketplace does not say what it is about (request option '{MarketplaceCall.OptionName}').");

    private static HttpRetryStrategyOptions RetryOfReads(MarketplacePipelineOptions options, TimeProvider clock) => new()
    {
        MaxRetryAttempts = options.Retries,
        Delay = options.RetryDelay,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        MaxDelay = options.LongestPause,
        ShouldRetryAfterHeader = false, // read here, on our clock
        ShouldHandle = attempt => ValueTask.FromResult(
            attempt.Context.GetRequestMessage() is { } request
            && CallOf(request).Kind is CallKind.Read
            && (MayPass(attempt.Outcome) || attempt.Outcome.Result?.StatusCode is HttpStatusCode.TooManyRequests)
            && (PauseOf(attempt.Outcome.Result, clock) ?? TimeSpan.Zero) <= options.LongestPause),
        DelayGenerator = attempt => ValueTask.FromResult(PauseOf(attempt.Outcome.Result, clock)),
    };

    private static HttpCircuitBreakerStrategyOptions Breaker(MarketplacePipelineOptions options) => new()
    {
        MinimumThroughput = options.BreakerTries,
        FailureRatio = options.BreakerShare,
        SamplingDuration = options.BreakerWindow,
        BreakDuration = options.BreakerPause,
        ShouldHandle = attempt => ValueTask.FromResult(MayPass(attempt.Outcome)),
    };

    /// <summary>No answer, or a server's fault.</summary>
    private static bool MayPass(Outcome<HttpResponseMessage> outcome) =>
        outcome.Exception is HttpRequestException or TimeoutRejectedException
        || outcome.Result?.StatusCode is HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError;

    /// <summary>What the marketplace asks for; null = it asks for nothing.</summary>
    private static TimeSpan? PauseOf(HttpResponseMessage? response, TimeProvider clock) => response?.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - clock.GetUtcNow() is { Ticks: > 0 } rest ? rest : TimeSpan.Zero,
        _ => null,
    };

    private sealed class BudgetStrategyOptions : ResilienceStrategyOptions
    {
        public BudgetStrategyOptions() => Name = "budget";
    }
}
