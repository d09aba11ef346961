namespace Sandbox.MakeShop;

/// <summary>What nobody knows of the service and a test may therefore turn either way; the defaults are the ones of <see cref="Limits"/>.</summary>
public sealed record MakeShopRules
{
    /// <summary>Fields that the schema does not have, of those whose names are only guessed (senderKana, usePoint, taxRate …).</summary>
    public IReadOnlySet<string> AbsentFields { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>All unknown fields of a query are named in one answer; false = one an answer.</summary>
    public bool NamesEveryUnknownField { get; init; } = true;

    /// <summary>Days of orders that a search by date still serves; null = all.</summary>
    public int? LookbackDays { get; init; } = Limits.LookbackDays;

    /// <summary>Input keys that a search by number takes; a key that is not among them is an unknown field.</summary>
    public IReadOnlySet<string> NumberFilters { get; init; } = new HashSet<string>(StringComparer.Ordinal) { "displayOrderNumbers", "systemOrderNumbers" };

    public int CallsPerMinute { get; init; } = Limits.CallsPerMinute;

    /// <summary>Operations that the app was not granted.</summary>
    public IReadOnlySet<string> Forbidden { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>The code stands under <c>extensions</c>; false = directly in the error.</summary>
    public bool CodeInExtensions { get; init; } = true;

    /// <summary>deliveryInfos[].deliveryStatus as it is written in answers, by what it means: <c>N</c>, <c>Y</c>, <c>C</c>, <c>R</c>.</summary>
    public IReadOnlyDictionary<string, string> StatusWords { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
