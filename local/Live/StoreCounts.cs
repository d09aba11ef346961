namespace Local.Live;

/// <summary>One store as the live view shows it. All counts are orders.</summary>
/// <param name="InMarketplace">What the marketplace would have served a perfect client up to now; null = it is no simulated one.</param>
/// <param name="Pulled">Stored by us, readable or not.</param>
/// <param name="Held">Not free: unpaid, in review, a note to read, a text to map, unreadable.</param>
/// <param name="InCandidates">In an undecided bundle candidate.</param>
/// <param name="Released">Free for the warehouse, or in its hands.</param>
/// <param name="Reported">The marketplace holds the tracking number.</param>
/// <param name="WindowLeft">Until the oldest unread stretch leaves the lookback window; null = everything is read.</param>
/// <param name="Budget">Largest share of a limit of the marketplace that was used in the last minute, 0 to 1.</param>
/// <param name="Attention">Items that wait for a person.</param>
/// <param name="Trouble">Why the store is paused or failing; null = neither.</param>
public sealed record StoreCounts(
    string Store, int? InMarketplace, int Pulled, int Held, int InCandidates, int Released, int Shipped, int Cancelled, int Reported,
    TimeSpan? WindowLeft, double Budget, int Attention, string? Trouble);
