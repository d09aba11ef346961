namespace Sandbox.Core;

/// <summary>What all simulators of one sandbox share: its clock, its journal, the faults in force and the rate limits.</summary>
/// <param name="time">The clock of every simulator; a test's fake one, or a <see cref="SandboxClock"/>.</param>
/// <param name="advance">Lets time pass on <paramref name="time"/>; not needed for a <see cref="SandboxClock"/>.</param>
public sealed class SandboxWorld(TimeProvider time, Action<TimeSpan>? advance = null)
{
    private readonly Action<TimeSpan>? _advance = advance ?? (time is SandboxClock clock ? clock.Advance : null);

    public TimeProvider Time { get; } = time;

    public Journal Journal { get; } = new();

    public Faults Faults { get; } = new();

    public RateLimits RateLimits { get; } = new(time);

    /// <summary>True when <see cref="Advance"/> can be called.</summary>
    public bool CanAdvance => _advance is not null;

    /// <summary>Lets time pass for every simulator, and for whoever else runs on the same clock.</summary>
    public void Advance(TimeSpan span)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(span, TimeSpan.Zero);
        (_advance ?? throw new InvalidOperationException("This sandbox runs on a clock that it cannot move."))(span);
    }
}
