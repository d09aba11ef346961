using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using Domain.Marketplaces;
using Domain.Orders;

namespace Connectors.Qoo10;

/// <summary>Their rows to our orders: the order is the cart (PackNo, カート番号), its lines are order numbers (OrderNo, 注文番号). Pure: no clock, no I/O.</summary>
internal static class Qoo10Mapper
{
    /// <summary>Claims that ask for a cancel: キャンセル要請, キャンセル中.</summary>
    private static readonly int[] Asked = [1, 2];

    /// <summary>Claims that are a cancel: キャンセル完了, 未納注文キャンセル.</summary>
    private static readonly int[] Done = [3, 16];

    /// <summary>The carts of a search. Later rows of the same order number replace earlier ones, so that a line which moved between two answers counts once.</summary>
    public static OrderPage ToPage(IEnumerable<Qoo10Row> rows)
    {
        var (carts, strays) = ByCart(rows);
        return new OrderPage(
            [.. carts.Select(cart => new ListedOrder(cart.Code, TokenOf(Latest(cart.Rows)), ToReading(cart.Code, cart.Rows)))],
            strays);
    }

    /// <summary>One cart. A row that cannot be read makes the cart unreadable, never the rest of the answer.</summary>
    public static OrderReading ToReading(OrderCode code, IEnumerable<Qoo10Row> rows)
    {
        var ordered = Latest(rows);
        var raw = RawOf(ordered);
        try
        {
            return new OrderReading.Read(ToSnapshot(code, ordered), raw);
        }
        catch (FormatException unreadable)
        {
            return new OrderReading.Unreadable(code, unreadable.Message, raw);
        }
    }

    /// <summary>The carts of a claim list that are cancelled or asked to be, one sign a cart and standing.</summary>
    public static OrderPage ToSigns(IEnumerable<Qoo10Row> rows)
    {
        var (carts, strays) = ByCart(rows);
        var signs = ImmutableArray.CreateBuilder<ListedOrder>();
        var broken = strays.ToBuilder();
        foreach (var (code, ofCart) in carts)
        {
            broken.AddRange(ofCart.Where(r => ClaimOf(r) is null or 0 || r.Text("OrderNo").Length == 0)
                .Select(r => new UnreadableEntry("claimStatus and orderNo of a claim", r.Raw)));
            var lines = ClaimedLines(ofCart);
            foreach (var standing in new[] { MarketplaceStanding.CancelRequested, MarketplaceStanding.Cancelled })
            {
                var ids = lines.Where(l => l.Value == standing).Select(l => l.Key).Order(StringComparer.Ordinal).ToImmutableArray();
                if (!ids.IsEmpty)
                {
                    signs.Add(new ListedOrder(code, $"{standing}:{string.Join(',', ids)}", new OrderReading.Sign(code, standing, ids)));
                }
            }
        }

        return new OrderPage(signs.ToImmutable(), broken.ToImmutable());
    }

    /// <summary>Order number → what its claims make of it, for those that must not ship. A line whose cancel is done counts as done, whatever else was asked.</summary>
    public static Dictionary<string, MarketplaceStanding> ClaimedLines(IEnumerable<Qoo10Row> rows)
    {
        var lines = new Dictionary<string, MarketplaceStanding>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            var (line, claim) = (row.Text("OrderNo"), ClaimOf(row));
            if (line.Length == 0 || claim is null)
            {
                continue;
            }

            if (Done.Contains(claim.Value))
            {
                lines[line] = MarketplaceStanding.Cancelled;
            }
            else if (Asked.Contains(claim.Value))
            {
                lines.TryAdd(line, MarketplaceStanding.CancelRequested);
            }
        }

        return lines;
    }

    /// <summary>The number of a claim's status; 0 = the row has no claim, null = a claim that we cannot read.</summary>
    public static int? ClaimOf(Qoo10Row row) => NumberOf(row.Text("claimStatus") is { Length: > 0 } text ? text : "0");

    /// <summary>The number of <c>On request(2)</c>; null = none in it.</summary>
    public static int? StatusOf(Qoo10Row row) => NumberOf(row.Text("ShippingStatus", "ShippingStat"));

    public static LineStanding StandingOf(Qoo10Row row) => (ClaimOf(row), StatusOf(row)) switch
    {
        ({ } claim, _) when Done.Contains(claim) => LineStanding.Cancelled,
        ({ } claim, _) when Asked.Contains(claim) => LineStanding.CancelRequested,
        (null, _) => LineStanding.CancelRequested, // a claim that we cannot read: it must not ship
        (_, 4 or 5) => LineStanding.Shipped,
        _ => LineStanding.Open,
    };

    public static MarketplaceStanding StandingOf(IReadOnlyCollection<Qoo10Row> rows)
    {
        var live = rows.Where(r => StandingOf(r) is not LineStanding.Cancelled).ToArray();
        return live switch
        {
            [] => MarketplaceStanding.Cancelled,
            _ when live.All(r => StandingOf(r) is LineStanding.CancelRequested) => MarketplaceStanding.CancelRequested,
            _ when live.All(r => StatusOf(r) is 5) => MarketplaceStanding.Completed,
            _ when live.All(r => StatusOf(r) is 4 or 5) => MarketplaceStanding.Shipped,
            _ when live.All(r => StatusOf(r) is 1) => MarketplaceStanding.AwaitingPayment,
            _ => MarketplaceStanding.Ready,
        };
    }

    /// <summary>The number in brackets at the end, or the text itself when it is a number.</summary>
    private static int? NumberOf(string text)
    {
        var open = text.LastIndexOf('(');
        var digits = open >= 0 && text.EndsWith(')') ? text[(open + 1)..^1] : text;
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static (IReadOnlyList<(OrderCode Code, List<Qoo10Row> Rows)> Carts, ImmutableArray<UnreadableEntry> Strays) ByCart(IEnumerable<Qoo10Row> rows)
    {
        var carts = new List<(OrderCode Code, List<Qoo10Row> Rows)>();
        var places = new Dictionary<OrderCode, int>();
        var strays = ImmutableArray.CreateBuilder<UnreadableEntry>();
        foreach (var row in rows)
        {
            if (!OrderCode.TryParse(row.Text("PackNo"), out var code) || code.Value == "0")
            {
                strays.Add(new UnreadableEntry("PackNo of a row", row.Raw));
            }
            else if (places.TryGetValue(code, out var place))
            {
                carts[place].Rows.Add(row);
            }
            else
            {
                places.Add(code, carts.Count);
                carts.Add((code, [row]));
            }
        }

        return (carts, strays.ToImmutable());
    }

    /// <summary>Order numbers with their statuses, which also serve to read the cart by number, and a hash of the content because the list shows no version.</summary>
    private static string TokenOf(Qoo10Row[] rows)
    {
        var content = SHA256.HashData(RawOf(rows));
        return $"{string.Join(',', rows.Select(r => $"{r.Text("OrderNo")}:{StatusOf(r)}"))};{Convert.ToHexStringLower(content.AsSpan(0, 8))}";
    }

    /// <summary>The order numbers that a list's token names.</summary>
    public static ImmutableArray<string> LinesOf(string token) =>
        [.. token.Split(';')[0].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split(':')[0]).Where(id => id.Length > 0)];

    /// <summary>The cart's rows as one JSON list, each as received.</summary>
    private static byte[] RawOf(Qoo10Row[] rows)
    {
        using var list = new MemoryStream(rows.Sum(r => r.Raw.Length + 1) + 1);
        list.WriteByte((byte)'[');
        for (var i = 0; i < rows.Length; i++)
        {
            list.Write(i == 0 ? [] : ","u8);
            list.Write(rows[i].Raw);
        }

        list.WriteByte((byte)']');
        return list.ToArray();
    }

    private static Qoo10Row[] Latest(IEnumerable<Qoo10Row> rows) =>
    [
        .. rows
            .GroupBy(r => r.Text("OrderNo"), StringComparer.Ordinal)
            .Select(g => g.Last())
            .OrderBy(r => r.Text("OrderNo"), StringComparer.Ordinal),
    ];

    private static OrderSnapshot ToSnapshot(OrderCode code, Qoo10Row[] rows)
    {
        if (rows.Length == 0)
        {
            throw new FormatException("a cart with at least one order number");
        }

        var lines = rows.Select(ToLine).ToImmutableArray();
        var live = rows.Where(r => StandingOf(r) is not LineStanding.Cancelled).ToArray();
        var counted = live.Length == 0 ? rows : live;
        var open = live.Where(r => StandingOf(r) is LineStanding.Open).ToArray();
        var first = counted[0];
        return new OrderSnapshot
        {
            Code = code,
            PlacedAt = rows.Min(r => Qoo10Texts.Time(r, "OrderDate")),
            Standing = StandingOf(rows),
            RawStatus = Joined(rows, r => r.Text("ShippingStatus", "ShippingStat")),
            Buyer = new Party(
                first.Text("Buyer"), first.Text("BuyerKana", "buyer_gata"), "", "", "", "", "",
                Qoo10Texts.Phone(first.Text("BuyerMobile"), first.Text("BuyerTel")), first.Text("BuyerEmail")),
            Recipient = Qoo10Texts.Recipient(first),
            Lines = lines,
            Amounts = Qoo10Texts.Amounts(counted),
            Payment = new Payment(
                Joined(counted, r => r.Text("PaymentMethod")),
                counted.Any(r => StatusOf(r) is 1) ? PaymentStanding.Unpaid : PaymentStanding.Secured),
            DeliveryText = Joined(open.Length > 0 ? open : counted, r => r.Text("DeliveryCompany", "ShippingWay")),
            RequestedDate = counted.Select(r => Qoo10Texts.Requested(r).Day).Where(d => d is not null).Min(),
            TimeSlotText = Joined(counted, r => Qoo10Texts.Requested(r).Slot),
            Gift = Joined(counted, r => r.Text("Gift")) is { Length: > 0 } gift ? new GiftRequest(true, "", "", gift) : GiftRequest.None,
            BuyerNote = Joined(counted, r => r.Text("ShippingMessage", "ShippingMsg")),
            Reported = counted.Select(Qoo10Texts.Reported).FirstOrDefault(s => s is not null),
            MarketplaceHolds = HoldsOf(counted),
            MayOmitLines = true, // a list shows neither cancelled lines nor, in part, shipped ones
        };
    }

    private static OrderLine ToLine(Qoo10Row row)
    {
        var quantity = Qoo10Texts.Quantity(row);
        var paid = Qoo10Texts.Money(row, "Total");
        return new OrderLine(
            Qoo10Texts.Number(row, "OrderNo"),
            row.Text("OptionCode", "SellerItemCode", "ItemNo", "itemCode"),
            row.Text("ItemTitle"),
            row.Text("Option"),
            quantity,
            new Yen(decimal.Round(paid / quantity, 2)),
            TaxRate: 0, // they name no rate
            StandingOf(row));
    }

    private static ImmutableArray<Hold> HoldsOf(Qoo10Row[] rows)
    {
        var holds = ImmutableArray.CreateBuilder<Hold>();
        if (rows.FirstOrDefault(r => StatusOf(r) is not (>= 1 and <= 5)) is { } strange)
        {
            holds.Add(new Hold(HoldReason.UnknownStatus, strange.Text("ShippingStatus", "ShippingStat")));
        }

        if (rows.Select(r => (r.Text("Receiver"), r.Text("ZipCode"), r.Text("ShippingAddress", "shippingAddr"))).Distinct().Count() > 1)
        {
            holds.Add(new Hold(HoldReason.SeveralDestinations));
        }

        return holds.ToImmutable();
    }

    private static string Joined(IEnumerable<Qoo10Row> rows, Func<Qoo10Row, string> text) =>
        string.Join(" / ", rows.Select(text).Where(t => t.Length > 0).Distinct(StringComparer.Ordinal));
}
