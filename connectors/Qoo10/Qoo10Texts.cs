using System.Globalization;
using Domain.Orders;
using Domain.Time;

namespace Connectors.Qoo10;

/// <summary>Reads the parts of a row that need more than a name: times, money, phones, addresses. What cannot be read throws a <see cref="FormatException"/> that names field and order number, never the value.</summary>
internal static class Qoo10Texts
{
    /// <summary>Measured: the first. Seen elsewhere: without seconds, in digits only, the day alone.</summary>
    private static readonly string[] Times =
    [
        "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyyMMddHHmmss", "yyyyMMdd", "yyyy-MM-dd",
        "yyyy/MM/dd HH:mm:ss", "yyyy/MM/dd HH:mm", "yyyy/MM/dd", "yyyy-MM-dd HH:mm:ss.fff", "yyyy-MM-ddTHH:mm:ss",
    ];

    private static readonly string[] Days = ["yyyy-MM-dd", "yyyy/MM/dd", "yyyyMMdd"];

    /// <summary>A wall-clock time in Japan, in UTC.</summary>
    public static DateTimeOffset Time(Qoo10Row row, string field) =>
        TryTime(row, field, out var time) ? time : throw Unreadable(row, field, "a time such as yyyy-MM-dd HH:mm:ss");

    public static bool TryTime(Qoo10Row row, string field, out DateTimeOffset time)
    {
        var readable = DateTime.TryParseExact(row.Text(field), Times, CultureInfo.InvariantCulture, DateTimeStyles.None, out var wallClock)
            && wallClock.Year is > 1900 and < 9999; // the calendar's first day is their "no date" and has no instant in Japan
        time = readable ? Jst.FromWallClock(wallClock) : default;
        return readable;
    }

    /// <summary>An id, which they send as a number or as text.</summary>
    public static string Number(Qoo10Row row, string field) =>
        row.Text(field) is { Length: > 0 and <= 20 } text && text.All(char.IsAsciiDigit) ? text : throw Unreadable(row, field, "a number of digits");

    public static int Quantity(Qoo10Row row) =>
        decimal.TryParse(row.Text("OrderQty"), NumberStyles.Number, CultureInfo.InvariantCulture, out var quantity)
        && quantity is > 0 and <= 100_000 && quantity == decimal.Truncate(quantity)
            ? (int)quantity
            : throw Unreadable(row, "OrderQty", "a whole number above 0");

    /// <summary>An amount that must be there, with or without decimals (<c>1500.0000</c>).</summary>
    public static decimal Money(Qoo10Row row, string field) =>
        Amount(row.Text(field)) ?? throw Unreadable(row, field, "an amount");

    /// <summary>An amount that some methods leave out: absent or empty is 0.</summary>
    private static decimal MoneyOrZero(Qoo10Row row, params ReadOnlySpan<string> fields) =>
        row.Text(fields) is { Length: > 0 } text ? Amount(text) ?? throw Unreadable(row, fields[0], "an amount") : 0;

    /// <summary>The cart's amounts. <c>Total = OrderPrice × OrderQty − Discount</c> holds on every row seen; a row that breaks it shows as a difference of the totals.
    /// SettlePrice is what the seller is paid, not what the buyer pays. Shipping and cart discounts belong to the cart and are repeated on its rows.</summary>
    public static OrderAmounts Amounts(IReadOnlyCollection<Qoo10Row> rows)
    {
        var items = rows.Sum(r => Money(r, "OrderPrice") * Quantity(r));
        var discount = rows.Sum(r => MoneyOrZero(r, "Discount"));
        var total = rows.Sum(r => Money(r, "Total"));
        var shipping = rows.Max(r => MoneyOrZero(r, "ShippingRate"));
        var coupon = rows.Max(r => MoneyOrZero(r, "CartDiscountSeller", "Cart_Discount_Seller"))
            + rows.Max(r => MoneyOrZero(r, "CartDiscountQoo10", "Cart_Discount_Qoo10"));
        return new OrderAmounts(
            new Yen(items), new Yen(shipping), Yen.Zero, Yen.Zero, new Yen(discount), new Yen(coupon), Yen.Zero,
            Total: new Yen(total + shipping), Billed: new Yen(total + shipping - coupon));
    }

    /// <summary>The first number that says something, without the country's prefix: <c>+81-90-0000-0000</c> is 090-0000-0000.</summary>
    public static string Phone(params ReadOnlySpan<string> numbers)
    {
        foreach (var number in numbers)
        {
            var text = number.Trim();
            if (text.StartsWith("+81", StringComparison.Ordinal))
            {
                text = text[3..].TrimStart('-', ' ', '(', ')');
                text = text.Length == 0 || text[0] == '0' ? text : "0" + text;
            }

            if (text.Any(char.IsAsciiDigit))
            {
                return text;
            }
        }

        return "";
    }

    /// <summary>お届け先. They split no prefecture; where Address1 ends is not known, so the whole address is split by us, alike for every method.</summary>
    public static Party Recipient(Qoo10Row row)
    {
        if (row.Find("Receiver") is not { } name)
        {
            throw Unreadable(row, "Receiver", "the field");
        }

        if (row.Find("ZipCode") is not { } postalCode)
        {
            throw Unreadable(row, "ZipCode", "the field");
        }

        var address = row.Text("ShippingAddress", "shippingAddr") is { Length: > 0 } whole
            ? whole
            : row.Text("Address1", "Addr1") + row.Text("Address2", "Addr2");
        var prefecture = Prefecture(address);
        return new Party(
            name, row.Text("ReceiverKana", "receiver_gata"), postalCode, prefecture, "", address[prefecture.Length..], "",
            Phone(row.Text("ReceiverMobile"), row.Text("ReceiverTel")), "");
    }

    /// <summary>お届け希望日 and what stands behind the day; a time of 00:00 is no slot.</summary>
    public static (DateOnly? Day, string Slot) Requested(Qoo10Row row)
    {
        var text = row.Text("DesiredDeliveryDate", "hopeDate");
        if (text.Length == 0)
        {
            return (null, "");
        }

        var day = text.Length > 8 && !char.IsAsciiDigit(text[4]) ? text[..Math.Min(10, text.Length)] : text[..Math.Min(8, text.Length)];
        if (!DateOnly.TryParseExact(day, Days, CultureInfo.InvariantCulture, DateTimeStyles.None, out var requested))
        {
            throw Unreadable(row, "DesiredDeliveryDate", "a day such as yyyy-MM-dd");
        }

        var rest = text[day.Length..].Trim();
        return (requested, rest.Trim('0', ':', '.', 'T').Length == 0 ? "" : rest);
    }

    /// <summary>Carrier and number of a row; a single space stands for "no number".</summary>
    public static ReportedShipment? Reported(Qoo10Row row) =>
        row.Text("TrackingNo") is { Length: > 0 } number
            ? new ReportedShipment(row.Text("DeliveryCompany"), number, row.Text("ShippingDate").Length == 0 ? null : Jst.DayOf(Time(row, "ShippingDate")))
            : null;

    private static decimal? Amount(string text) =>
        decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var amount) && Math.Abs(amount) < 1_000_000_000 ? amount : null;

    private static string Prefecture(string address)
    {
        foreach (var (suffix, length) in new[] { ('都', 3), ('道', 3), ('府', 3), ('県', 3), ('県', 4) })
        {
            if (address.Length > length && address[length - 1] == suffix)
            {
                return address[..length];
            }
        }

        return "";
    }

    private static FormatException Unreadable(Qoo10Row row, string field, string expected)
    {
        var line = row.Text("OrderNo");
        return new FormatException($"{field} of order number {(line.All(char.IsAsciiDigit) ? line : "?")}: {expected}");
    }
}
