namespace Infra.Marketplaces;

/// <summary>How patiently a marketplace is called.</summary>
public sealed record MarketplacePipelineOptions
{
    /// <summary>For one try, its body included.</summary>
    public TimeSpan TryTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Repetitions of a read after the first try. The queue repeats as well; few keep the whole bounded.</summary>
    public int Retries { get; init; } = 2;

    /// <summary>Before the first repetition; doubles, with jitter.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A marketplace that asks for a longer pause (Retry-After) gets it from the queue: the call gives up at once.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The breaker opens when at least so many tries of a store within <see cref="BreakerWindow"/> had no good answer, …</summary>
    public int BreakerTries { get; init; } = 6;

    /// <summary>… and they are this share of all.</summary>
    public double BreakerShare { get; init; } = 0.5;

    public TimeSpan BreakerWindow { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>So long the store's marketplace is left alone; then one call tries.</summary>
    public TimeSpan BreakerPause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>An answer larger than this is refused.</summary>
    public int LargestAnswer { get; init; } = 32 * 1024 * 1024;
}
