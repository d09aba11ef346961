namespace Local.Live;

/// <summary>What the simulated staff member decides. Three candidates of four are executed; what the ship gate refused is left alone for a while.</summary>
public sealed class StaffDesk(TimeProvider clock)
{
    /// <summary>An order over which the gate stumbled is asked about again after this.</summary>
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(30);

    /// <summary>A candidate is looked at for a moment first, so that it can be seen in the live view, and a third order still finds it open.</summary>
    private static readonly TimeSpan ThinksFor = TimeSpan.FromSeconds(8);

    private readonly Dictionary<string, DateTimeOffset> _refused = new(StringComparer.Ordinal);
    private int _decided;

    public bool IsDue(DateTimeOffset candidateSince) => clock.GetUtcNow() - candidateSince >= ThinksFor;

    /// <summary>Whether the next candidate is executed; false = declined.</summary>
    public bool ExecutesNext() => _decided++ % 4 < 3;

    public IReadOnlyList<string> ToHandOver(IEnumerable<string> released)
    {
        var now = clock.GetUtcNow();
        foreach (var old in _refused.Where(r => now - r.Value >= AgainAfter).Select(r => r.Key).ToList())
        {
            _refused.Remove(old);
        }

        return [.. released.Where(id => !_refused.ContainsKey(id))];
    }

    public void NoteRefused(string delivery) => _refused[delivery] = clock.GetUtcNow();
}
