using Polly;

namespace Infra.Marketplaces;

/// <summary>Charges the budget for every try and holds the ticket until the try has ended.</summary>
internal sealed class BudgetStrategy(MarketplaceBudget budget) : ResilienceStrategy<HttpResponseMessage>
{
    protected override async ValueTask<Outcome<HttpResponseMessage>> ExecuteCore<TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<HttpResponseMessage>>> callback, ResilienceContext context, TState state)
    {
        var request = context.GetRequestMessage() ?? throw new InvalidOperationException("A pipeline for marketplaces runs without a request.");
        using var ticket = await budget.TakeAsync(MarketplacePipeline.CallOf(request), context.CancellationToken);
        return await callback(context, state);
    }
}
