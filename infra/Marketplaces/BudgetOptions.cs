namespace Infra.Marketplaces;

/// <summary>How the calls that a marketplace allows are shared out among our instances.</summary>
public sealed record BudgetOptions
{
    /// <summary>Share of every limit that is left unused, in percent: clocks differ a little, and somebody may call by hand.</summary>
    public double MarginPercent { get; init; } = 5;

    /// <summary>Calls that an instance takes at once under steady demand, at most; a single call takes one.</summary>
    public int LargestBlock { get; init; } = 60;

    /// <summary>Time that one block takes at most: as long may another instance have to wait for its turn.</summary>
    public TimeSpan LongestBlock { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Who would have to wait longer is told the time instead (<see cref="BudgetSpentException"/>).</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Where only one call may be in flight, another instance begins this long after a block's end: the last call of the block may take so long (the time-out of one try).</summary>
    public TimeSpan LongestCall { get; init; } = TimeSpan.FromSeconds(30);
}
