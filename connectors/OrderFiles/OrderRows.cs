using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Connectors.Wire;
using Domain.Orders;

namespace Connectors.OrderFiles;

/// <summary>The rows of one order, which must agree wherever they speak of the order as a whole.</summary>
internal sealed class OrderRows(OrderFileShape shape, OrderFileHeader header, OrderCode code, IReadOnlyList<FileRow> rows)
{
    /// <summary>Whatever people type there may have line breaks.</summary>
    private static readonly ImmutableHashSet<string> Free = ["title", "option", "buyer-note", "gift-message", "noshi", "wrapping"];

    private readonly List<FileFault> _faults = [];

    /// <returns>Null: it cannot be read; the faults say why.</returns>
    public FileOrder? Read(List<FileFault> faults)
    {
        if (rows.Sum(r => r.Cells.Sum(c => c.Length)) > OrderFileShape.LongestOrder)
        {
            faults.Add(new FileFault(rows[0].Line, "", FileFaultKind.TooLong, code));
            return null;
        }

        var content = ReadContent();
        if (_faults.Count > 0)
        {
            faults.AddRange(_faults);
            return null;
        }

        content = content with { FileVersion = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(content)).AsSpan(0, 8)) };
        return new FileOrder(code, content, RawOf(), [.. rows.Select(r => r.Line)], header.Fields);
    }

    private OrderSnapshot ReadContent()
    {
        var lines = LinesOf();
        var standing = StandingOf(out var status, out var holds);
        var destinations = DestinationsOf(lines);
        var first = destinations.IsEmpty ? DestinationOf("", rows, lines) : destinations[0];
        return new OrderSnapshot
        {
            Code = code,
            PlacedAt = PlacedAt(),
            Standing = standing,
            RawStatus = status,
            Buyer = PartyOf("buyer", rows),
            Recipient = first.Recipient,
            Lines = lines,
            Amounts = AmountsOf(lines),
            Payment = PaymentOf(standing),
            DeliveryText = first.DeliveryText,
            RequestedDate = first.RequestedDate,
            TimeSlotText = first.TimeSlotText,
            Gift = first.Gift,
            BuyerNote = Joined("buyer-note", rows),
            MarketplaceHolds = [.. holds, .. LostCharacters(first.Recipient)],
            Destinations = destinations,
        };
    }

    private DateTimeOffset PlacedAt()
    {
        if (!FileCells.TryTime(Needed("placed-at"), shape.Manifest.DateFormats, out var placed))
        {
            Fault(rows[0], "placed-at", One("placed-at", rows).Length == 0 ? FileFaultKind.Missing : FileFaultKind.NotATime);
        }

        return placed;
    }

    /// <summary>A line for each row. Its own standing follows its row's status.</summary>
    private ImmutableArray<OrderLine> LinesOf()
    {
        var lines = ImmutableArray.CreateBuilder<OrderLine>(rows.Count);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (place, row) in rows.Index())
        {
            var id = Code(row, "line-id") is { Length: > 0 } own ? own : (place + 1).ToString(CultureInfo.InvariantCulture);
            var sku = Code(row, "sku");
            var price = Money(row, "unit-price", header.Text(row, "unit-price"));
            if (!FileCells.TryCount(header.Text(row, "quantity"), out var quantity))
            {
                Fault(row, "quantity", FileFaultKind.NotACount);
            }

            if (!FileCells.TryTaxRate(header.Text(row, "tax-rate"), out var rate))
            {
                Fault(row, "tax-rate", FileFaultKind.NotATaxRate);
            }

            if (sku.Length == 0)
            {
                Fault(row, "sku", FileFaultKind.Missing);
            }

            if (!seen.Add(id))
            {
                Fault(row, "line-id", FileFaultKind.LineTwice);
            }

            var standing = Of(Status(row)) switch
            {
                _ when quantity == 0 => LineStanding.Cancelled,
                MarketplaceStanding.Cancelled => LineStanding.Cancelled,
                MarketplaceStanding.CancelRequested => LineStanding.CancelRequested,
                MarketplaceStanding.Shipped or MarketplaceStanding.Completed => LineStanding.Shipped,
                _ => LineStanding.Open,
            };
            lines.Add(new OrderLine(id, sku, Text(row, "title"), Text(row, "option"), quantity, price, rate, standing));
        }

        // One status for all rows is the order's, not the lines'.
        return rows.Select(Status).Distinct(StringComparer.Ordinal).Count() > 1
            ? lines.ToImmutable()
            : [.. lines.Select(l => l with { Standing = l.Quantity == 0 ? LineStanding.Cancelled : LineStanding.Open })];
    }

    /// <summary>The status of the rows that are still to be shipped; of all, where none is. A text that nobody has listed holds the order by its name.</summary>
    private MarketplaceStanding StandingOf(out string raw, out ImmutableArray<Hold> holds)
    {
        var texts = rows.Select(Status).Distinct(StringComparer.Ordinal).ToArray();
        raw = string.Join(" / ", texts);
        holds = [.. texts.Where(t => header.Has("status") && Of(t) is null).Select(t => new Hold(HoldReason.UnknownStatus, t.Length == 0 ? "（空欄）" : t))];
        if (!header.Has("status"))
        {
            return MarketplaceStanding.Ready; // the manifest lists no statuses: the file holds only what is to be shipped
        }

        if (!holds.IsEmpty)
        {
            return MarketplaceStanding.InReview;
        }

        var standings = texts.Select(t => Of(t)!.Value).ToHashSet();
        MarketplaceStanding[] cautious =
        [
            MarketplaceStanding.CancelRequested, MarketplaceStanding.InReview, MarketplaceStanding.AwaitingPayment, MarketplaceStanding.Reserved,
            MarketplaceStanding.Ready, MarketplaceStanding.Shipped, MarketplaceStanding.Completed, MarketplaceStanding.Cancelled,
        ];
        return cautious.First(standings.Contains);
    }

    private string Status(FileRow row) => header.Text(row, "status") is { Length: > 0 } own ? own : header.Text(rows[0], "status");

    private MarketplaceStanding? Of(string status) => shape.Manifest.Statuses.TryGetValue(status, out var standing) ? standing : null;

    private ImmutableArray<Destination> DestinationsOf(ImmutableArray<OrderLine> lines)
    {
        var places = rows.Index().GroupBy(r => Code(r.Item, "destination-id"), StringComparer.Ordinal).ToArray();
        return places.Length < 2
            ? []
            : [.. places.Select(p => DestinationOf(p.Key, [.. p.Select(r => r.Item)], [.. p.Select(r => lines[r.Index])]))];
    }

    private Destination DestinationOf(string id, IReadOnlyList<FileRow> of, ImmutableArray<OrderLine> lines)
    {
        DateOnly? requested = null;
        var wish = One("requested-date", of);
        if (!FileCells.IsNothing(wish))
        {
            if (FileCells.TryDay(wish, shape.Manifest.DateFormats, out var day))
            {
                requested = day;
            }
            else
            {
                Fault(of[0], "requested-date", FileFaultKind.NotADay);
            }
        }

        var slot = One("time-slot", of);
        return new Destination(
            id, PartyOf("recipient", of), [.. lines.Select(l => l.LineId)], One("delivery", of) is { Length: > 0 } delivery ? delivery : FileOrder.NoDelivery,
            requested, FileCells.IsNothing(slot) ? "" : slot, GiftOf(of), Domain.Stores.Temperature.Normal);
    }

    private GiftRequest GiftOf(IReadOnlyList<FileRow> of)
    {
        var flags = of.Select(r => Text(r, "gift")).Where(t => !FileCells.IsNothing(t)).ToArray();
        var flagged = Array.Exists(flags, f => !FileCells.TryPaid(f, [], out var yes) || yes); // the same words for yes and no
        var (wrapping, noshi, message) = (Joined("wrapping", of), Joined("noshi", of), Joined("gift-message", of));
        return new GiftRequest(flagged || (wrapping + noshi + message).Length > 0, wrapping, noshi, message);
    }

    private Payment PaymentOf(MarketplaceStanding standing)
    {
        var method = header.Has("payment") ? One("payment", rows) : FileOrder.NoPayment;
        var paid = standing is not MarketplaceStanding.AwaitingPayment;
        if (header.Has("paid") && !FileCells.TryPaid(One("paid", rows), shape.Manifest.DateFormats, out paid))
        {
            Fault(rows[0], "paid", FileFaultKind.NotYesOrNo);
        }

        return new Payment(method, paid ? PaymentStanding.Secured : PaymentStanding.Unpaid);
    }

    private OrderAmounts AmountsOf(ImmutableArray<OrderLine> lines)
    {
        Yen Of(string field) => Money(rows[0], field, One(field, rows));
        bool Told(string field) => One(field, rows).Length > 0;

        var items = Told("items") ? Of("items") : new Yen(lines.Where(l => l.Standing is not LineStanding.Cancelled).Sum(l => l.UnitPrice.Amount * l.Quantity));
        Yen? total = Told("total") ? Of("total") : null;
        var parts = new OrderAmounts(
            items, Of("shipping-fee"), Of("payment-fee"), Of("wrapping-fee"), Of("discount"), Of("coupon"), Of("points"), total, Yen.Zero);
        return parts with { Billed = Told("billed") ? Of("billed") : total is { } t ? t - parts.Coupon - parts.Points : parts.Reckoned };
    }

    private Party PartyOf(string who, IReadOnlyList<FileRow> of)
    {
        string Part(string field) => One($"{who}-{field}", of);
        var prefecture = Part("prefecture");
        var street = Part("street");
        if (Part("address") is { Length: > 0 } whole)
        {
            var (front, rest) = JapaneseText.SplitPrefecture(whole);
            prefecture = prefecture.Length > 0 ? prefecture : front;
            street = rest + street;
        }

        var email = who == "buyer" ? Part("email") : "";
        return new Party(
            Part("name"), Part("kana"), Unharmed(of, $"{who}-postal-code"), prefecture, Part("city"), street, Part("building"), Unharmed(of, $"{who}-phone"), email);
    }

    /// <summary>A file in CP932 cannot hold every character: the marketplace wrote ? or 〓 instead.</summary>
    private IEnumerable<Hold> LostCharacters(Party recipient) =>
        shape.Encoding == OrderFileShape.ShiftJis && (recipient.Name + recipient.Address).AsSpan().ContainsAny('?', '〓')
            ? [new Hold(HoldReason.SuspiciousAddress, "受注CSVで表せない文字が ? または 〓 になっている可能性")]
            : [];

    private string Unharmed(IReadOnlyList<FileRow> of, string field)
    {
        var text = One(field, of);
        if (FileCells.IsMangled(text))
        {
            Fault(of[0], field, FileFaultKind.Mangled);
        }

        return text;
    }

    private Yen Money(FileRow row, string field, string text)
    {
        if (FileCells.IsMangled(text))
        {
            Fault(row, field, FileFaultKind.Mangled);
        }
        else if (FileCells.TryMoney(text, out var amount))
        {
            return new Yen(amount);
        }
        else
        {
            Fault(row, field, FileFaultKind.NotAnAmount);
        }

        return Yen.Zero;
    }

    private string Code(FileRow row, string field)
    {
        var text = Text(row, field);
        if (FileCells.IsMangled(text))
        {
            Fault(row, field, FileFaultKind.Mangled);
        }

        return text;
    }

    private string Needed(string field) => One(field, rows);

    /// <summary>What all rows say, or some say and the others leave empty.</summary>
    private string One(string field, IReadOnlyList<FileRow> of)
    {
        var said = "";
        foreach (var row in of)
        {
            var text = Text(row, field);
            if (said.Length == 0)
            {
                said = text;
            }
            else if (text.Length > 0 && text != said)
            {
                Fault(row, field, FileFaultKind.Disagrees);
            }
        }

        return said;
    }

    private string Joined(string field, IReadOnlyList<FileRow> of) =>
        string.Join(" / ", of.Select(r => Text(r, field)).Where(t => t.Length > 0 && (field == "buyer-note" || field == "gift-message" || !FileCells.IsNothing(t))).Distinct(StringComparer.Ordinal));

    private string Text(FileRow row, string field)
    {
        var text = header.Text(row, field);
        if (text.Contains('\n', StringComparison.Ordinal) && !Free.Contains(field))
        {
            Fault(row, field, FileFaultKind.LineBreak);
        }

        return text;
    }

    private void Fault(FileRow row, string field, FileFaultKind kind)
    {
        var fault = new FileFault(row.Line, header.NameOf(field), kind, code);
        if (!_faults.Contains(fault))
        {
            _faults.Add(fault);
        }
    }

    private byte[] RawOf()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteStartArray("header");
            Array.ForEach(header.Cells, json.WriteStringValue);
            json.WriteEndArray();
            json.WriteStartArray("rows");
            foreach (var row in rows)
            {
                json.WriteStartArray();
                Array.ForEach(row.Cells, json.WriteStringValue);
                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }
}
