using System.Runtime.CompilerServices;
using System.Text.Json;
using Domain.Marketplaces;

namespace Connectors.Wire;

/// <summary>One answer of a list.</summary>
/// <param name="Total">What the answer calls the number of all; null = it says nothing.</param>
internal sealed record ListAnswer(IReadOnlyList<JsonElement> Rows, int? Total);

/// <summary>Pages by offset and size, of a service of which it is not known how it pages. Ends with a page that is not full unless the total says that there is more;
/// begins again when the total has shrunk, for then rows have moved over the edge of a page. A row may come twice, none is left out.</summary>
internal static class OffsetPages
{
    private const int MostRestarts = 3;

    /// <param name="ask">Asks for so many rows from an offset on, counted from 0.</param>
    /// <exception cref="MarketplaceException">The list does not stand still, or answers the same page again.</exception>
    public static async IAsyncEnumerable<IReadOnlyList<JsonElement>> ReadAsync(
        string marketplace, string endpoint, int size, Func<int, Task<ListAnswer>> ask, [EnumeratorCancellation] CancellationToken cancellation)
    {
        int? total = null;
        string? firstBefore = null;
        var restarts = 0;
        for (var from = 0; ;)
        {
            cancellation.ThrowIfCancellationRequested();
            var page = await ask(from);
            if (page.Rows.Count > 0 && page.Rows[0].GetRawText() is var first)
            {
                firstBefore = first != firstBefore
                    ? first
                    : throw new MarketplaceException(marketplace, FailureKind.Unreadable, $"{endpoint}: the page from {from} on is the page before it again");
            }

            yield return page.Rows;
            if (page.Total < total)
            {
                if (++restarts > MostRestarts)
                {
                    throw new MarketplaceException(marketplace, FailureKind.Transient, $"{endpoint}: the list shrinks faster than it can be read");
                }

                (total, from, firstBefore) = (null, 0, null);
                continue;
            }

            total = page.Total ?? total;
            from += page.Rows.Count;
            var more = total > from;
            var isLast = !more && (page.Rows.Count < size || (total == from && total != page.Rows.Count)); // a "total" may be the page's own count
            if (page.Rows.Count == 0 || isLast)
            {
                if (more)
                {
                    throw new MarketplaceException(marketplace, FailureKind.Transient, $"{endpoint}: {total} rows are named, {from} came");
                }

                yield break;
            }
        }
    }
}
