using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Domain.Marketplaces;
using Domain.Stores;
using Domain.Time;

namespace Connectors.MakeShop;

/// <summary>searchOrder: the one call that reads orders. Learns, store by store, which guessed names the service does not have, and asks without them.</summary>
/// <remarks>What is learnt lives as long as the process: a new one asks once more, so that a name that appears later is found.</remarks>
internal sealed class MakeShopOrders(MakeShopCalls calls)
{
    public const string Search = "searchOrder";

    /// <summary>Three public clients ask for as many at once, none for more.</summary>
    private const int LargestPage = 1000;

    private readonly ConcurrentDictionary<StoreId, ImmutableHashSet<string>> _unknown = new();

    public static int PageSizeOf(StoreAccess access) => Math.Clamp(int.Parse(access.Setting("page-size"), CultureInfo.InvariantCulture), 1, LargestPage);

    /// <summary>The orders placed from one time on and before another, page by page, oldest first, in every status.</summary>
    /// <param name="standingOnly">Ask for <see cref="MakeShopFields.Standing"/> and no more.</param>
    public async IAsyncEnumerable<IReadOnlyList<JsonElement>> PagesAsync(
        StoreAccess access, DateTimeOffset from, DateTimeOffset to, bool standingOnly, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var size = PageSizeOf(access);
        string? firstBefore = null;
        var most = 0;
        for (var page = 1; ; page++)
        {
            var answer = await SearchAsync(
                access,
                input =>
                {
                    input.WriteString("startOrderDate", Text(from));
                    input.WriteString("endOrderDate", Text(to.AddTicks(-1))); // its own second is included
                    input.WriteString("sortOrder", "ASC");
                    input.WriteNumber("page", page);
                    input.WriteNumber("limit", size);
                },
                standingOnly,
                cancellation);
            var (rows, count) = (RowsOf(answer), CountOf(answer));
            if (count is { } now && now < most)
            {
                // What fell out of the list moved the rest forward, over the edge of a page that is read already.
                throw new MarketplaceException(MakeShopConnector.Code, FailureKind.Transient, $"{Search}: the list became shorter while it was read");
            }

            most = Math.Max(most, count ?? 0);
            if (rows.Count > 0 && NumberOf(rows[0]) is { Length: > 0 } first)
            {
                firstBefore = first != firstBefore
                    ? first
                    : throw new MarketplaceException(MakeShopConnector.Code, FailureKind.Unreadable, $"{Search}: page {page} is the page before it again");
            }

            yield return rows;

            // A count above the page size must be the count of all; one that equals it may only be the page's.
            if (rows.Count < size || (count > size && (long)page * size >= count))
            {
                yield break;
            }
        }
    }

    /// <summary>The orders with these numbers. Null = the service has no such filter, or does not heed it.</summary>
    public async Task<IReadOnlyList<JsonElement>?> ByNumberAsync(StoreAccess access, IReadOnlyCollection<string> numbers, bool standingOnly, CancellationToken cancellation)
    {
        var filter = access.Setting("number-filter").Trim();
        if (filter.Length == 0 || IsUnknown(access, filter))
        {
            return null;
        }

        var answer = await TrySearchAsync(
            access,
            input =>
            {
                input.WriteStartArray(filter);
                foreach (var number in numbers)
                {
                    input.WriteStringValue(number);
                }

                input.WriteEndArray();
                input.WriteNumber("page", 1);
                input.WriteNumber("limit", Math.Max(numbers.Count, PageSizeOf(access)));
            },
            standingOnly,
            cancellation);
        if (answer.Errors.Any(e => e.Names(filter)))
        {
            Remember(access, filter);
            return null;
        }

        var rows = RowsOf(answer.Good());
        if (rows.Any(row => NumberOf(row) is { Length: > 0 } number && !numbers.Contains(number)))
        {
            Remember(access, filter); // it gave what was not asked for: the filter was not heeded
            return null;
        }

        return rows;
    }

    private async Task<JsonElement> SearchAsync(StoreAccess access, Action<Utf8JsonWriter> input, bool standingOnly, CancellationToken cancellation) =>
        (await TrySearchAsync(access, input, standingOnly, cancellation)).Good();

    /// <summary>Asks; where a guessed name is refused, asks again without it. A field that is not guessed is never left out.</summary>
    private async Task<MakeShopAnswer> TrySearchAsync(StoreAccess access, Action<Utf8JsonWriter> input, bool standingOnly, CancellationToken cancellation)
    {
        var suspected = false;
        while (true)
        {
            GuessedField[] known = standingOnly ? [] : [.. MakeShopFields.GuessedOf(access).Where(g => !IsUnknown(access, g.Name))];
            GuessedField[] asked = suspected ? [] : known;
            var query = MakeShopCalls.Query("query", Search, "SearchOrderRequest", $"searchedCount page orders{{{(standingOnly ? MakeShopFields.Standing : MakeShopFields.Whole(asked))}}}");
            var answer = await calls.SendAsync(access, Search, CallKind.Read, query, input, cancellation);
            if (answer.Failure is null)
            {
                Remember(access, suspected ? known : []);
                return answer;
            }

            GuessedField[] refused = [.. asked.Where(g => answer.Errors.Any(e => MakeShopFields.NamesOf(g).Any(e.Names)))];
            Remember(access, refused);
            if (refused.Length == 0)
            {
                if (asked.Length == 0 || answer.Status != MakeShopErrors.Validation || answer.Errors.Any(e => e.Path.Contains("input")))
                {
                    return answer;
                }

                suspected = true; // it does not say which: once without any of them
            }
        }
    }

    private bool IsUnknown(StoreAccess access, string name) => _unknown.TryGetValue(access.Store.Id, out var names) && names.Contains(name);

    private void Remember(StoreAccess access, IReadOnlyCollection<GuessedField> guesses)
    {
        foreach (var guess in guesses)
        {
            Remember(access, guess.Name);
        }
    }

    private void Remember(StoreAccess access, string name) =>
        _unknown.AddOrUpdate(access.Store.Id, _ => [name], (_, known) => known.Add(name));

    private static List<JsonElement> RowsOf(JsonElement answer) => answer.Find("orders") is { ValueKind: JsonValueKind.Array } orders
        ? [.. orders.EnumerateArray()]
        : throw new MarketplaceException(MakeShopConnector.Code, FailureKind.Unreadable, $"{Search}: expected a list in orders");

    private static int? CountOf(JsonElement answer) =>
        int.TryParse(answer.Text("searchedCount"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;

    private static string Text(DateTimeOffset time) => Jst.In(time).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);

    /// <summary>Empty where it is no text: the mapper tells such a row as a stray.</summary>
    private static string NumberOf(JsonElement row)
    {
        try
        {
            return row.Text("displayOrderNumber");
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }
}
