namespace Infra.Marketplaces;

/// <summary>The right to make one call now. Held until the call has ended.</summary>
public sealed class BudgetTicket : IDisposable
{
    private readonly IReadOnlyList<LeasedLimit> _oneAtATime;
    private bool _given;

    internal BudgetTicket(DateTimeOffset at, IReadOnlyList<LeasedLimit> oneAtATime)
    {
        At = at;
        _oneAtATime = oneAtATime;
    }

    /// <summary>The time that was reserved for the call, UTC.</summary>
    public DateTimeOffset At { get; }

    public void Dispose()
    {
        if (_given)
        {
            return;
        }

        _given = true;
        foreach (var limit in _oneAtATime)
        {
            limit.InFlight!.Release();
        }
    }
}
