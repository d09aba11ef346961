using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Domain.Marketplaces;
using Domain.Orders;
using Domain.Time;

namespace Connectors.MakeShop;

/// <summary>MakeShop (app API, GraphQL): pages of whole orders by order date, single ones by number where the service has that filter. Quirks: docs/marketplaces/makeshop.md.</summary>
internal sealed class MakeShopConnector(MakeShopOrders orders, MakeShopCalls calls, TimeProvider clock) : IOrderSource, IOrderReader, IShipmentReader, ICredentialProbe
{
    public const string Code = "makeshop";

    /// <summary>Stands for the day of an order that has just been listed: one of the window's, it is not known which.</summary>
    private static readonly DateTimeOffset SomeDay = DateTimeOffset.MinValue;

    public async IAsyncEnumerable<OrderPage> ReadAsync(StoreAccess access, Slice slice, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var words = MakeShopWords.Of(access);
        await foreach (var rows in orders.PagesAsync(access, slice.Span.From, slice.Span.To, standingOnly: false, cancellation))
        {
            var listed = ImmutableArray.CreateBuilder<ListedOrder>(rows.Count);
            var strays = ImmutableArray.CreateBuilder<UnreadableEntry>();
            foreach (var row in rows)
            {
                if (MakeShopMapper.ToListed(row, words) is { } order)
                {
                    listed.Add(order);
                }
                else
                {
                    strays.Add(new UnreadableEntry("a number in displayOrderNumber", row.ToBytes()));
                }
            }

            yield return new OrderPage(listed.ToImmutable(), strays.ToImmutable());
        }
    }

    /// <summary>The list brings everything; nothing is left to fetch.</summary>
    public async IAsyncEnumerable<OrderReading> DetailAsync(
        StoreAccess access, IReadOnlyList<ListedOrder> orders, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var listed in orders.Where(o => o.Reading is not null))
        {
            yield return listed.Reading!;
        }

        OrderReference[] rest = [.. orders.Where(o => o.Reading is null).Select(o => new OrderReference(o.Code, SomeDay, []))];
        await foreach (var reading in ReadAsync(access, rest, cancellation))
        {
            yield return reading;
        }
    }

    public async IAsyncEnumerable<OrderReading> ReadAsync(
        StoreAccess access, IReadOnlyList<OrderReference> orders, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var words = MakeShopWords.Of(access);
        foreach (var some in orders.Chunk(ChunkOf(access)))
        {
            var found = await FindAsync(access, some, standingOnly: false, cancellation);
            foreach (var order in some)
            {
                yield return found.TryGetValue(order.Code, out var row) ? MakeShopMapper.ToReading(order.Code, row, words)
                    : IsServed(access, order) ? new OrderReading.Gone(order.Code)
                    : new OrderReading.Unreadable(order.Code, "an order of the days that the search still serves: this one is older", default);
            }
        }
    }

    /// <remarks>Of an order that is older than the search serves, not having found it says nothing: then the question counts as not answered.</remarks>
    public async Task<IReadOnlyDictionary<OrderCode, MarketplaceStanding>> StoppedAsync(
        StoreAccess access, IReadOnlyList<OrderReference> orders, CancellationToken cancellation)
    {
        var words = MakeShopWords.Of(access);
        var stopped = new Dictionary<OrderCode, MarketplaceStanding>();
        var unasked = 0;
        foreach (var some in orders.Chunk(ChunkOf(access)))
        {
            var found = await FindAsync(access, some, standingOnly: true, cancellation);
            foreach (var order in some)
            {
                if (found.TryGetValue(order.Code, out var row) ? Standing(row, words) is MarketplaceStanding.Cancelled : IsServed(access, order))
                {
                    stopped[order.Code] = MarketplaceStanding.Cancelled;
                }
                else if (!found.ContainsKey(order.Code))
                {
                    unasked++;
                }
            }
        }

        return unasked == 0
            ? stopped
            : throw new MarketplaceException(Code, FailureKind.Rejected, $"{MakeShopOrders.Search}: {unasked} orders are older than the search serves, and cannot be asked about");
    }

    public async Task<ReportedState> ReadBackAsync(StoreAccess access, OrderReference order, CancellationToken cancellation)
    {
        var found = await FindAsync(access, [order], standingOnly: true, cancellation);
        return found.TryGetValue(order.Code, out var row)
            ? new ReportedState(Standing(row, MakeShopWords.Of(access)), Read(() => MakeShopMapper.ReportedOf(row)))
            : throw new MarketplaceException(Code, FailureKind.Rejected, $"{MakeShopOrders.Search}: there is no such order, or it is older than the search serves");
    }

    /// <summary>The shop's own name: the smallest question, without input.</summary>
    public async Task<CredentialHealth> ProbeAsync(StoreAccess access, CancellationToken cancellation)
    {
        const string Operation = "getShop";
        (await calls.SendAsync(access, Operation, CallKind.Read, $"query {Operation}{{{Operation}{{shop{{shopName}}}}}}", input: null, cancellation)).Good();
        return CredentialHealth.NoWordOfExpiry;
    }

    private static MarketplaceStanding Standing(JsonElement row, MakeShopWords words) => Read(() => MakeShopMapper.StandingOf(row, words));

    private static T Read<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            throw new MarketplaceException(Code, FailureKind.Unreadable, $"{MakeShopOrders.Search}: expected a text in UTF-8");
        }
    }

    private static int ChunkOf(StoreAccess access) => Math.Min(access.Manifest.ReadBatch, MakeShopOrders.PageSizeOf(access));

    /// <summary>These orders as they stand now, by number; where the service has no such filter, from the days on which they were placed.</summary>
    private async Task<Dictionary<OrderCode, JsonElement>> FindAsync(
        StoreAccess access, IReadOnlyList<OrderReference> some, bool standingOnly, CancellationToken cancellation)
    {
        if (await orders.ByNumberAsync(access, [.. some.Select(o => o.Code.Value)], standingOnly, cancellation) is { } rows)
        {
            return ByCode(rows, some);
        }

        var found = new Dictionary<OrderCode, JsonElement>();
        OrderReference[] served = [.. some.Where(o => IsServed(access, o))];
        var days = served.Any(o => o.PlacedAt == SomeDay)
            ? Enumerable.Range(0, Jst.DayOf(clock.GetUtcNow()).DayNumber - FirstServed(access).DayNumber + 1).Select(FirstServed(access).AddDays)
            : served.Select(o => Jst.DayOf(o.PlacedAt)).Distinct().Order();
        foreach (var day in days)
        {
            await foreach (var page in orders.PagesAsync(access, Jst.StartOf(day), Jst.StartOf(day.AddDays(1)), standingOnly, cancellation))
            {
                foreach (var (code, row) in ByCode(page, served))
                {
                    found[code] = row;
                }
            }
        }

        return found;
    }

    private static Dictionary<OrderCode, JsonElement> ByCode(IEnumerable<JsonElement> rows, IReadOnlyList<OrderReference> wanted)
    {
        var codes = wanted.Select(o => o.Code).ToHashSet();
        var found = new Dictionary<OrderCode, JsonElement>();
        foreach (var row in rows)
        {
            if (MakeShopMapper.CodeOf(row) is { } code && codes.Contains(code))
            {
                found[code] = row;
            }
        }

        return found;
    }

    /// <summary>It lies in the window that a search by date is assumed to serve.</summary>
    private bool IsServed(StoreAccess access, OrderReference order) => order.PlacedAt == SomeDay || Jst.DayOf(order.PlacedAt) >= FirstServed(access);

    private DateOnly FirstServed(StoreAccess access) =>
        Jst.DayOf(clock.GetUtcNow()).AddDays(-access.Manifest.LookbackDaysOf(access.Manifest.Lanes[0], access.Store));
}
