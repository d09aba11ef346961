namespace Infra.Marketplaces;

/// <summary>The marketplace's limit leaves no call before <paramref name="notBefore"/>; nothing was taken.</summary>
/// <param name="notBefore">UTC.</param>
public sealed class BudgetSpentException(string limit, DateTimeOffset notBefore)
    : Exception($"The limit '{limit}' leaves no call before {notBefore:O}.")
{
    public DateTimeOffset NotBefore { get; } = notBefore;
}
