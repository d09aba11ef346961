using System.Collections.Immutable;
using Domain.Marketplaces;
using Domain.Stores;

namespace Connectors.OrderFiles;

/// <summary>How a store's order file is to be read: the manifest's description, and over it the store's own columns and encoding.</summary>
/// <param name="Columns">Our field → header texts that may name it, best first.</param>
/// <param name="Own">The fields that the store has named a column for: they must be there.</param>
public sealed record OrderFileShape(
    string Encoding, ImmutableSortedDictionary<string, ImmutableArray<string>> Columns, ImmutableSortedSet<string> Own, OrderFileManifest Manifest)
{
    public const string Utf8 = "utf-8";

    public const string ShiftJis = "shift_jis";

    /// <summary>Bytes; what is larger is refused.</summary>
    public const int LargestFile = 20 * 1024 * 1024;

    public const int MostLines = 50_000;

    /// <summary>Characters of all rows of one order.</summary>
    public const int LongestOrder = 100_000;

    /// <summary>Without these no order can be read. Where the marketplace's file tells a status, a file without it could bring cancelled orders as new ones.</summary>
    public IEnumerable<string> Required => Manifest.Statuses.IsEmpty ? OrderFileFields.Required : OrderFileFields.Required.Append("status");

    /// <summary>Null: the marketplace has no order file that we know.</summary>
    public static OrderFileShape? Of(Manifest manifest, Store store) => manifest.OrderFile is not { } file
        ? null
        : new OrderFileShape(
            store.OrderFileEncoding ?? file.Encoding,
            file.Columns.SetItems(store.OrderFileColumns.Select(c => KeyValuePair.Create(c.Key, ImmutableArray.Create(c.Value)))),
            [.. store.OrderFileColumns.Keys],
            file with { Statuses = file.Statuses.WithComparers(StringComparer.Ordinal) }); // what JSON makes compares by the culture
}
