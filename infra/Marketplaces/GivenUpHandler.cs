using Domain.Marketplaces;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Infra.Marketplaces;

/// <summary>Keeps the pipeline's own exceptions from the connector. A call that was never sent is told apart from one whose effect is unknown.</summary>
internal sealed class GivenUpHandler(TimeProvider clock) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = MarketplacePipeline.CallOf(request);
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (TimeoutRejectedException late)
        {
            throw new HttpRequestException($"no answer within {late.Timeout.TotalSeconds} s", late);
        }
        catch (BrokenCircuitException open)
        {
            throw NotSent(call, "left alone after a row of failures", open.RetryAfter, open);
        }
        catch (BudgetSpentException spent)
        {
            throw NotSent(call, "the marketplace's limit on calls is used up", spent.NotBefore - clock.GetUtcNow(), spent);
        }
        catch (ExecutionRejectedException givenUp)
        {
            throw new HttpRequestException("the call was given up before an answer came", givenUp);
        }
    }

    /// <summary>Throttled says that nothing was done, which holds for a write as well.</summary>
    private static MarketplaceException NotSent(MarketplaceCall call, string why, TimeSpan? pause, Exception inner) =>
        new(call.Marketplace, FailureKind.Throttled, $"{call.Endpoint}: {why}", inner) { RetryAfter = pause };
}
