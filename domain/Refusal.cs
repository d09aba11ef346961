namespace Domain;

/// <summary>A person asked for something that the rules do not allow now. The message is for that person: what happened, and what to do.</summary>
/// <param name="code">A stable name for programs, for example <c>undecided-candidate</c>.</param>
/// <param name="message">Japanese, without secrets and personal data.</param>
public sealed class RefusalException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}
