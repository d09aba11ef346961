using Domain.Stores;

namespace Infra.Ledger;

/// <summary>What the system itself notes about a store: beside its set-up, never mixed with it.</summary>
public sealed record StoreStatus
{
    public required StoreId Store { get; init; }

    /// <summary>Set while a rejected credential pauses the store's work; the reason's name.</summary>
    public string? CredentialFault { get; init; }

    public DateTimeOffset? PausedAt { get; init; }

    public DateTimeOffset? LastProbeAt { get; init; }

    /// <summary>The kind of the failure that the last pull met; null = it went through.</summary>
    public string? LastFailure { get; init; }

    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>When a pull last brought a new order, to the hour; of a store that never had one, its first pull. Null = never pulled.</summary>
    public DateTimeOffset? LastOrderAt { get; init; }

    /// <summary>The marketplace asked to be left alone until then (Retry-After, maintenance).</summary>
    public DateTimeOffset? NotBefore { get; init; }
}
