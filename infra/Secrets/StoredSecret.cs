using System.Text;

namespace Infra.Secrets;

/// <summary>One version of a secret. Its text form never shows the value.</summary>
/// <param name="ExpiresOn">UTC; null = it does not expire.</param>
/// <param name="CreatedOn">UTC.</param>
public sealed record StoredSecret(string Name, string Version, DateTimeOffset? ExpiresOn, DateTimeOffset? CreatedOn, string Value)
{
    private bool PrintMembers(StringBuilder text)
    {
        text.Append("Name = ").Append(Name).Append(", Version = ").Append(Version);
        return true;
    }
}
