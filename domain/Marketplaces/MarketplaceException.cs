namespace Domain.Marketplaces;

/// <summary>What a marketplace's refusal means for us. Every reaction hangs on this alone.</summary>
public enum FailureKind
{
    /// <summary>No answer or a server's fault: the same call may work soon. For a write the effect is unknown.</summary>
    Transient,

    /// <summary>Too many calls; try after <see cref="MarketplaceException.RetryAfter"/>.</summary>
    Throttled,

    /// <summary>The marketplace is down on purpose, until <see cref="MarketplaceException.RetryAfter"/> if it says so.</summary>
    Maintenance,

    /// <summary>The key, token or consent is not accepted: stop the store and ask a person.</summary>
    CredentialRejected,

    /// <summary>Understood and refused; repeating cannot help.</summary>
    Rejected,

    /// <summary>The answer does not have the shape that we know.</summary>
    Unreadable,
}

/// <summary>Why a credential is not accepted.</summary>
public enum CredentialFault
{
    Wrong,
    Expired,
    Revoked,

    /// <summary>The consent of the shop's owner is over and must be given anew (Yahoo!ショッピング).</summary>
    ConsentOver,

    /// <summary>The calling address is not registered at the marketplace.</summary>
    AddressNotRegistered,

    /// <summary>The credential is fine but lacks the right for this call.</summary>
    RightMissing,

    /// <summary>No value is stored.</summary>
    Missing,
}

/// <summary>The only exception that leaves a connector, apart from <see cref="OperationCanceledException"/>. Its text never holds a secret or a person's data.</summary>
public sealed class MarketplaceException(string marketplace, FailureKind kind, string message, Exception? inner = null)
    : Exception($"{marketplace}: {message}", inner)
{
    public string Marketplace { get; } = marketplace;

    public FailureKind Kind { get; } = kind;

    /// <summary>The marketplace's own error code, verbatim.</summary>
    public string? Code { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Set with <see cref="FailureKind.CredentialRejected"/>.</summary>
    public CredentialFault? Credential { get; init; }

    /// <summary>The field that was refused or could not be read.</summary>
    public string? Field { get; init; }

    /// <summary>Waiting can help.</summary>
    public bool MayPass => Kind is FailureKind.Transient or FailureKind.Throttled or FailureKind.Maintenance;
}
