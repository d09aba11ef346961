using System.Collections.Immutable;
using Domain.Orders;

namespace Connectors.OrderFiles;

/// <summary>What an order file said: the orders that can be read, and what cannot, by line and column. Every row of the file stands in one of the two.</summary>
/// <param name="Orders">In the file's order.</param>
/// <param name="Faults">By line. None holds a value of the file but an order code.</param>
/// <param name="Rows">Rows of the file, without header and empty lines.</param>
/// <param name="Ignored">Headers that no field takes.</param>
/// <param name="Absent">Fields that the file has no column for.</param>
public sealed record OrderFileReading(
    ImmutableArray<FileOrder> Orders, ImmutableArray<FileFault> Faults, int Rows, ImmutableArray<string> Ignored, ImmutableArray<string> Absent)
{
    /// <summary>The orders that stand in the file and cannot be taken from it.</summary>
    public IEnumerable<OrderCode> Refused => Faults.Select(f => f.Order).OfType<OrderCode>().Distinct();
}

/// <param name="Line">The first line of the row, from 1; a line break inside quotes counts.</param>
/// <param name="Column">The header text, or empty where the whole line is meant.</param>
/// <param name="Order">The order that is refused for it; null = no order can be named.</param>
public sealed record FileFault(int Line, string Column, FileFaultKind Kind, OrderCode? Order);

/// <summary>What was wrong with a line of an order file.</summary>
public enum FileFaultKind
{
    /// <summary>Bytes that are no text in the file's encoding, or characters of one's own (外字).</summary>
    Undecodable,

    /// <summary>More or fewer cells than the header has.</summary>
    CellCount,

    /// <summary>A quote that is not closed, or text beside one.</summary>
    Quotes,

    /// <summary>A cell that must not be empty.</summary>
    Missing,

    /// <summary>A number that a spreadsheet has turned into its exponential form (1.23E+11): digits are lost.</summary>
    Mangled,

    /// <summary>No order code.</summary>
    NotACode,

    NotATime,

    NotADay,

    NotAnAmount,

    /// <summary>No whole number from 0 to 99,999.</summary>
    NotACount,

    NotATaxRate,

    /// <summary>Neither paid nor unpaid.</summary>
    NotYesOrNo,

    /// <summary>The row says something else than an earlier row of the same order.</summary>
    Disagrees,

    /// <summary>The same line id twice in one order, with different content.</summary>
    LineTwice,

    /// <summary>A line break where none can be.</summary>
    LineBreak,

    /// <summary>The order is larger than any order can be.</summary>
    TooLong,

    /// <summary>Beside a line whose order cannot be told: that line may belong to this order.</summary>
    BesideUnreadable,
}

/// <summary>The file as a whole cannot be taken.</summary>
/// <param name="why">What was wrong.</param>
/// <param name="names">The columns concerned; empty = none.</param>
public sealed class OrderFileRefusedException(OrderFileRefusal why, params ImmutableArray<string> names) : Exception($"The order file was refused: {why}.")
{
    public OrderFileRefusal Why { get; } = why;

    public ImmutableArray<string> Names { get; } = names;

    /// <summary>The file looks as if it were in this encoding instead; null = no.</summary>
    public string? LooksLike { get; init; }
}

public enum OrderFileRefusal
{
    Empty,

    /// <summary>More than 20 MB.</summary>
    TooLarge,

    /// <summary>More than 50,000 lines.</summary>
    TooManyLines,

    /// <summary>An Excel workbook.</summary>
    Spreadsheet,

    /// <summary>A web page, UTF-16 or anything else that is no CSV.</summary>
    NotCsv,

    /// <summary>The header itself cannot be decoded.</summary>
    WrongEncoding,

    /// <summary>The header lacks columns; all of them are named.</summary>
    MissingColumns,

    /// <summary>The header has a column twice that a field takes.</summary>
    DuplicateColumns,

    /// <summary>Quotes are broken all over.</summary>
    BrokenQuotes,
}
