using Domain.Stores;

namespace Domain.Coverage;

/// <summary>取込漏れの可能性: a stretch of time that left the lookback window unread. Its orders, if any, must be brought in by CSV.</summary>
public sealed record Gap(StoreId Store, string Lane, Interval Span, DateTimeOffset FoundAt)
{
    public DateTimeOffset? AcknowledgedAt { get; init; }

    public string? AcknowledgedBy { get; init; }

    /// <summary>補完: the last order file (受注CSV) that was imported for it; null = none.</summary>
    public GapFilling? Filled { get; init; }

    /// <summary>Its name in row keys and URLs.</summary>
    public string Id => $"{Lane}~{Span.From.ToUnixTimeSeconds()}";
}

/// <summary>What a file brought for a gap.</summary>
/// <param name="By">Who imported it: a key's name.</param>
/// <param name="Orders">Orders of the span that the file could tell of.</param>
/// <param name="Missing">Open orders of the span that stand here and not in the file: it does not tell of all.</param>
/// <param name="Faults">Lines of the file that could not be read; some may have belonged to the span.</param>
public sealed record GapFilling(DateTimeOffset At, string By, int Orders, int Missing, int Faults)
{
    /// <summary>Nothing speaks against the file having told of the whole span; otherwise a person must look (確認済み).</summary>
    public bool IsWhole => Orders > 0 && Missing == 0 && Faults == 0;
}
