namespace Infra.Marketplaces;

/// <summary>What all instances have taken of one limit.</summary>
/// <param name="Limit">Account, the limit's id in the manifest and, where each endpoint counts by itself, the endpoint.</param>
/// <param name="Day">JST; the day that <paramref name="Taken"/> counts.</param>
/// <param name="NextFree">From when calls are unassigned, UTC; in the past = free.</param>
public sealed record BudgetUsage(string Limit, DateOnly Day, long Taken, DateTimeOffset NextFree);
