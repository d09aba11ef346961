using System.Collections.Immutable;
using Domain.Marketplaces;
using Domain.Orders;

namespace Connectors.Wire;

/// <summary>What the connectors' lists and by-code reads have in common.</summary>
internal static class OrderPages
{
    /// <summary>The rows of one answer as a page: one of which not even the number can be read is a stray and takes no other with it.</summary>
    /// <param name="expected">What a stray lacks, without personal data.</param>
    public static OrderPage ToPage<TRow>(IEnumerable<TRow> rows, Func<TRow, ListedOrder?> listedOf, string expected, Func<TRow, byte[]> rawOf)
    {
        var listed = ImmutableArray.CreateBuilder<ListedOrder>();
        var strays = ImmutableArray.CreateBuilder<UnreadableEntry>();
        foreach (var row in rows)
        {
            if (listedOf(row) is { } order)
            {
                listed.Add(order);
            }
            else
            {
                strays.Add(new UnreadableEntry(expected, rawOf(row)));
            }
        }

        return new OrderPage(listed.ToImmutable(), strays.ToImmutable());
    }

    /// <summary>The content that the list brought, and a call of its own for each order where it brought none.</summary>
    public static async IAsyncEnumerable<OrderReading> DetailsAsync(IReadOnlyList<ListedOrder> orders, Func<OrderCode, Task<OrderReading>> readOne)
    {
        foreach (var order in orders)
        {
            yield return order.Reading ?? await readOne(order.Code);
        }
    }

    /// <summary>A call for each order.</summary>
    public static async IAsyncEnumerable<OrderReading> OneByOneAsync(IReadOnlyList<OrderReference> orders, Func<OrderCode, Task<OrderReading>> readOne)
    {
        foreach (var order in orders)
        {
            yield return await readOne(order.Code);
        }
    }
}
