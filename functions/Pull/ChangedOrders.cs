using Domain.Marketplaces;
using Domain.Orders;
using Domain.Stores;
using Functions.Attention;
using Functions.Bundle;
using Functions.Cancel;
using Infra.Ledger;
using Infra.Storage;

namespace Functions.Pull;

/// <summary>Carries readings of known orders on: judges them anew, moves what must agree, and keeps the window's index current.</summary>
public sealed class ChangedOrders(GroupLedger ledger, BundleKeys keys, OrderRevision revision, TimeProvider clock)
{
    /// <summary>Applies readings of orders that the index knows, then brings the index up to date.</summary>
    /// <returns>How many orders really changed.</returns>
    public async Task<int> ApplyAsync(
        Store store, StoreBook book, Marketplace market, WindowIndex index, IReadOnlyList<(OrderReading Reading, ulong Token)> readings, CancellationToken cancellation)
    {
        var changed = 0;
        var touched = new Dictionary<string, List<IndexLine>>(StringComparer.Ordinal);
        foreach (var (reading, token) in readings)
        {
            if (index.PlaceOf(reading.Code) is not var (segment, place))
            {
                continue;
            }

            var line = segment.Lines[place];
            var (moved, next) = await ApplyOneAsync(store, book, market, line, reading, token, cancellation);
            changed += moved ? 1 : 0;
            if (next != line)
            {
                segment.Replace(place, next);
                (touched.TryGetValue(segment.Id, out var lines) ? lines : touched[segment.Id] = []).Add(next);
            }
        }

        await SaveIndexAsync(store, index, touched, cancellation);
        return changed;
    }

    /// <summary>Applies one reading of an order by its code, whether an index still knows it or not.</summary>
    /// <returns>Whether the order changed.</returns>
    public async Task<bool> ApplyAsync(Store store, StoreBook book, Marketplace market, OrderReading reading, string who, CancellationToken cancellation)
    {
        var judgement = Judgement.Of(store, market.Manifest);
        return reading switch
        {
            OrderReading.Read read => (await ReviseAsync(store, book, judgement, read.Code, _ => read.Order, who, cancellation)).Changed,
            OrderReading.Sign sign => (await ReviseAsync(store, book, judgement, sign.Code, known => Signed(known, sign), who, cancellation)).Changed,
            OrderReading.Unreadable broken => await AlarmAsync(store, market, broken, cancellation),
            _ => false,
        };
    }

    /// <summary>Applies what an order file says of one order: makes it where it is not known, and carries it on otherwise.</summary>
    /// <param name="read">The content as it shall be; null = leave it alone. Asked again when the order has moved on meanwhile.</param>
    /// <returns>Whether anything changed.</returns>
    public async Task<bool> ApplyAsync(
        Store store, StoreBook book, Marketplace market, OrderCode code, Func<SalesOrder?, OrderSnapshot?> read, string who, CancellationToken cancellation) =>
        (await ReviseAsync(store, book, Judgement.Of(store, market.Manifest), code, read, who, cancellation)).Changed;

    private async Task<(bool Changed, IndexLine Line)> ApplyOneAsync(
        Store store, StoreBook book, Marketplace market, IndexLine line, OrderReading reading, ulong token, CancellationToken cancellation)
    {
        var judgement = Judgement.Of(store, market.Manifest);
        switch (reading)
        {
            case OrderReading.Read read:
                var content = WindowIndex.HashOf(read.Raw.Span);
                if (content == line.Content && !line.Unreadable)
                {
                    return (false, line with { Token = token }); // the list's token moved, the order did not
                }

                var (changed, order) = await ReviseAsync(store, book, judgement, read.Code, _ => read.Order, "marketplace", cancellation);
                await ledger.Rows.CommitAsync(
                    GroupKeys.Raw, store.Group.Value, [new RowAction.Upsert(new Row(GroupKeys.RawRow(new OrderKey(store.Id, read.Code)), read.Raw))], cancellation);
                return (changed, await keys.LineOfAsync(order!, store, book, token, content, line.Sign, cancellation));

            case OrderReading.Sign sign:
                var signed = await ReviseAsync(store, book, judgement, sign.Code, known => Signed(known, sign), "marketplace", cancellation);
                return (signed.Changed, signed.Order is null
                    ? line with { Sign = token }
                    : await keys.LineOfAsync(signed.Order, store, book, line.Token, line.Content, token, cancellation));

            case OrderReading.Unreadable broken:
                await AlarmAsync(store, market, broken, cancellation);
                return (true, line with { Token = token });

            default:
                return (false, line);
        }
    }

    private async Task<(bool Changed, SalesOrder? Order)> ReviseAsync(
        Store store, StoreBook book, Judgement judgement, OrderCode code, Func<SalesOrder?, OrderSnapshot?> read, string who, CancellationToken cancellation)
    {
        var key = new OrderKey(store.Id, code);
        return await ledger.ChangeAsync<(bool, SalesOrder?)>(store.Group, async unit =>
        {
            var now = clock.GetUtcNow();
            var known = await unit.OrderAsync(key, cancellation);
            if (known is null)
            {
                // It stood in the index as unreadable and can be read now, or a file tells it.
                if (read(null) is not { } content)
                {
                    return (false, null);
                }

                var made = judgement.New(content, now, content.FileVersion is null ? "pull" : who);
                await revision.ApplyAsync(unit, made, book, who, cancellation);
                if (await unit.AttentionAsync($"unreadable~{store.Id}~{code}", cancellation) is { } alarm)
                {
                    unit.Delete(alarm);
                }

                return (true, made);
            }

            if (read(known) is not { } snapshot)
            {
                return (false, known);
            }

            var next = judgement.Again(known, snapshot, now, who);
            await revision.ApplyAsync(unit, next, book, who, cancellation);
            return (unit.HasChanges, next);
        }, cancellation);
    }

    /// <summary>What a claim makes of an order: all lines concerned take its standing; the order itself when no line is left out.</summary>
    private static OrderSnapshot? Signed(SalesOrder? known, OrderReading.Sign sign)
    {
        if (known?.Content is not { Lines.IsEmpty: false } content)
        {
            return null;
        }

        var standing = sign.Standing is MarketplaceStanding.Cancelled ? LineStanding.Cancelled : LineStanding.CancelRequested;
        var lines = content.Lines
            .Select(l => (sign.LineIds.IsEmpty || sign.LineIds.Contains(l.LineId)) && l.Standing is not LineStanding.Cancelled ? l with { Standing = standing } : l)
            .ToArray();
        return content with
        {
            Lines = [.. lines],
            Standing = lines.All(l => l.Standing == standing) ? sign.Standing : content.Standing,
        };
    }

    private async Task<bool> AlarmAsync(Store store, Marketplace market, OrderReading.Unreadable broken, CancellationToken cancellation)
    {
        await ledger.ChangeAsync(store.Group, unit => OrderRevision.RaiseAsync(
            unit,
            AttentionItems.Unreadable(store, market.Manifest.Name.Ja, broken.Code, broken.Code.Value, broken.Expected, clock.GetUtcNow()),
            cancellation), cancellation);
        return true;
    }

    private async Task SaveIndexAsync(Store store, WindowIndex index, Dictionary<string, List<IndexLine>> touched, CancellationToken cancellation)
    {
        foreach (var (id, lines) in touched)
        {
            for (var tries = 0; ; tries++)
            {
                var segment = index.Segments.First(s => s.Id == id);
                try
                {
                    var tags = await ledger.Rows.CommitAsync(
                        GroupKeys.Open, store.Group.Value, [new RowAction.Replace(segment.Encode(store.Id), segment.ETag!)], cancellation);
                    segment.ETag = tags[0];
                    break;
                }
                catch (RowConflictException) when (tries < 10)
                {
                    index.Remove(segment);
                    if (await ledger.Rows.FindAsync(GroupKeys.Open, store.Group.Value, GroupKeys.Segment(store.Id, id), cancellation) is not { } row)
                    {
                        break; // the segment has left the window
                    }

                    var fresh = IndexSegment.Decode(row);
                    foreach (var line in lines)
                    {
                        var place = fresh.Lines.ToList().FindIndex(l => l.Code == line.Code);
                        if (place >= 0)
                        {
                            fresh.Replace(place, line);
                        }
                    }

                    index.Add(fresh);
                }
            }
        }
    }
}
