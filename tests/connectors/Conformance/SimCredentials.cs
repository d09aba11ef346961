using Domain.Marketplaces;

namespace Tests.Connectors.Conformance;

/// <summary>What a person entered and what a connector kept, in memory.</summary>
internal sealed class SimCredentials : ICredentials
{
    private readonly Dictionary<string, string> _tokens = new(StringComparer.Ordinal);
    private Dictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>Every value that was ever in force, kept tokens included.</summary>
    public HashSet<string> Seen { get; } = new(StringComparer.Ordinal);

    public void Enter(IReadOnlyDictionary<string, string> values)
    {
        _values = new Dictionary<string, string>(values, StringComparer.Ordinal);
        _tokens.Clear();
        Seen.UnionWith(values.Values);
    }

    /// <summary>A person mistyped every field.</summary>
    public void Mistype() => Enter(_values.ToDictionary(v => v.Key, v => $"mistyped-{v.Value.Length}-{v.Key}"));

    public void Remove() => Enter(new Dictionary<string, string>());

    public ValueTask<string> ReadAsync(string field, CancellationToken cancellation) =>
        _values.TryGetValue(field, out var value)
            ? new(value)
            : throw new MarketplaceException("test", FailureKind.CredentialRejected, $"{field} is not stored") { Credential = CredentialFault.Missing, Field = field };

    public ValueTask<string?> FindTokenAsync(string name, CancellationToken cancellation) => new(_tokens.GetValueOrDefault(name));

    public ValueTask KeepTokenAsync(string name, string value, DateTimeOffset expiresAt, CancellationToken cancellation)
    {
        _tokens[name] = value;
        Seen.Add(value);
        return ValueTask.CompletedTask;
    }

    public ValueTask ForgetTokenAsync(string name, CancellationToken cancellation)
    {
        _tokens.Remove(name);
        return ValueTask.CompletedTask;
    }
}
