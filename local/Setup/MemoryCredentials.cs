using System.Collections.Concurrent;
using Domain.Marketplaces;
using Domain.Stores;

namespace Local.Setup;

/// <summary>The simulated accounts' credentials, kept in memory for one run.</summary>
public sealed class MemoryCredentials(TimeProvider clock)
{
    private readonly ConcurrentDictionary<(StoreId Store, string Field), string> _values = new();
    private readonly ConcurrentDictionary<(StoreId Store, string Name), (string Value, DateTimeOffset ExpiresAt)> _tokens = new();

    public void Set(StoreId store, string field, string value) => _values[(store, field)] = value;

    public ICredentials Of(Store store) => new OfStore(this, store);

    private sealed class OfStore(MemoryCredentials all, Store store) : ICredentials
    {
        public ValueTask<string> ReadAsync(string field, CancellationToken cancellation) =>
            all._values.TryGetValue((store.Id, field), out var value)
                ? new ValueTask<string>(value)
                : throw new MarketplaceException(store.Marketplace, FailureKind.CredentialRejected, $"no value is stored for '{field}'") { Credential = CredentialFault.Missing, Field = field };

        public ValueTask<string?> FindTokenAsync(string name, CancellationToken cancellation) =>
            new(all._tokens.TryGetValue((store.Id, name), out var token) && token.ExpiresAt > all.Now() ? token.Value : null);

        public ValueTask KeepTokenAsync(string name, string value, DateTimeOffset expiresAt, CancellationToken cancellation)
        {
            all._tokens[(store.Id, name)] = (value, expiresAt);
            return ValueTask.CompletedTask;
        }

        public ValueTask ForgetTokenAsync(string name, CancellationToken cancellation)
        {
            all._tokens.TryRemove((store.Id, name), out _);
            return ValueTask.CompletedTask;
        }
    }

    private DateTimeOffset Now() => clock.GetUtcNow();
}
