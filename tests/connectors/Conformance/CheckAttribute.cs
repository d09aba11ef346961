using System.Runtime.CompilerServices;

namespace Tests.Connectors.Conformance;

/// <summary>What a check needs beside orders coming in. A marketplace that lacks it owes nothing there, and the table in docs/ says why.</summary>
public enum Need
{
    /// <summary>An order can be read by its code.</summary>
    ReadByCode,

    /// <summary>Shipments can be reported.</summary>
    Shipments,

    /// <summary>A report can be read back.</summary>
    ReadBack,

    /// <summary>Stock levels can be told.</summary>
    Stock,

    /// <summary>Orders can be cancelled.</summary>
    Cancellation,

    /// <summary>The marketplace holds orders back for a review.</summary>
    Review,

    /// <summary>The API brings whole orders.</summary>
    WholeOrders,

    /// <summary>An order can have several recipients.</summary>
    SeveralRecipients,

    /// <summary>The probe learns when a credential ends.</summary>
    Expiry,

    /// <summary>The marketplace itself refuses orders older than the window, or that is assumed.</summary>
    EnforcedLookback,

    /// <summary>Staff can download orders as a file.</summary>
    OrderFile,
}

/// <summary>Marks a fact of the suite as one row of the table marketplace × check (docs/marketplaces/conformance.md).</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CheckAttribute(Need[] needs, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) : Attribute
{
    public CheckAttribute([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        : this([], file, line)
    {
    }

    public CheckAttribute(Need need, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        : this([need], file, line)
    {
    }

    public CheckAttribute(Need one, Need other, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        : this([one, other], file, line)
    {
    }

    public IReadOnlyList<Need> Needs { get; } = needs;

    /// <summary>The part of the suite that it stands in, for example <c>Shipments</c>.</summary>
    public string Subject { get; } = Path.GetFileNameWithoutExtension(file).Split('.')[^1];

    public int Line { get; } = line;
}
