using Domain.Stores;

namespace Domain.Coverage;

/// <summary>取込漏れの可能性: a stretch of time that left the lookback window unread. Its orders, if any, must be brought in by CSV.</summary>
public sealed record Gap(StoreId Store, string Lane, Interval Span, DateTimeOffset FoundAt)
{
    public DateTimeOffset? AcknowledgedAt { get; init; }

    public string? AcknowledgedBy { get; init; }

    /// <summary>Its name in row keys and URLs.</summary>
    public string Id => $"{Lane}~{Span.From.ToUnixTimeSeconds()}";
}
