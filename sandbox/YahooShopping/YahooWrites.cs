using System.Text.RegularExpressions;
using System.Xml.Linq;
using Sandbox.Core;

namespace Sandbox.YahooShopping;

/// <summary>The calls that change an order. Called under the shop's lock.</summary>
internal sealed partial class YahooWrites(YahooShop shop, XElement request, DateTimeOffset now)
{
    /// <summary>orderShipStatusChange.</summary>
    public SimOutcome Ship()
    {
        if (Target(pointFix: true, out var order) is { } refusal)
        {
            return refusal;
        }

        var ship = request.Child("Order", "Ship");
        if (ship.Value("ShipStatus") is not ("0" or "1" or "2" or "3" or "4"))
        {
            return YahooAnswers.BadParameter("ShipStatus is invalid");
        }

        var status = ship.Value("ShipStatus")![0] - '0';
        var (held, shipDate, arrivalDate) = (order.Shipment, order.Shipment.ShipDate, order.Shipment.ArrivalDate);
        if ((ship.Value("ShipDate") is { } shipped && !YahooRequest.IsDay(shipped, out shipDate))
            || (ship.Value("ArrivalDate") is { } arrived && !YahooRequest.IsDay(arrived, out arrivalDate)))
        {
            return YahooAnswers.BadParameter("ShipDate or ArrivalDate is invalid");
        }

        var told = new YahooShipment(
            ship.Value("ShipCompanyCode") ?? held.Carrier, ship.Value("ShipInvoiceNumber1") ?? held.Number1, ship.Value("ShipInvoiceNumber2") ?? held.Number2,
            ship.Value("ShipInvoiceNumberEmptyReason") ?? held.EmptyReason, ship.Value("ShipUrl") ?? held.Url, shipDate, arrivalDate,
            ship.Value("ShipNotes") ?? held.Notes, ship.Value("ShipMethod") ?? held.Method);
        if (Wrong(told) is { } why)
        {
            return YahooAnswers.BadParameter(why);
        }

        if (order.Status == 4 || (Limits.UnshippableRefusesShipment && order.ShipStatus == 0 && status > 1))
        {
            return CannotBeOperated("ShipStatus");
        }

        var captured = order.IsCaptured;
        return SimOutcome.Ok(YahooAnswers.Changed(captured ? Limits.AlreadyCaptured : null), order.Ship(status, told, now));
    }

    /// <summary>orderStatusChange.</summary>
    public SimOutcome Move()
    {
        if (Target(pointFix: request.Value("Order", "OrderStatus") == "5", out var order) is { } refusal)
        {
            return refusal;
        }

        if (request.Value("Order", "OrderStatus") is not ("1" or "2" or "3" or "4" or "5"))
        {
            return YahooAnswers.BadParameter("OrderStatus is invalid");
        }

        var status = request.Value("Order", "OrderStatus")![0] - '0';
        var (reason, detail) = ("", "");
        if (status == 4)
        {
            reason = request.Value("Order", "CancelReason") ?? Limits.DefaultCancelReason;
            detail = request.Value("Order", "CancelReasonDetail") ?? request.Value("Oeder", "CancelReasonDetail") ?? ""; // the official table prints the path so
            if (!Limits.StoreReasons.Contains(reason))
            {
                return YahooAnswers.BadParameter("CancelReason is invalid");
            }

            if (reason == Limits.OtherReason && detail.Length is < Limits.CancelDetailFrom or > Limits.CancelDetailTo)
            {
                return YahooAnswers.BadParameter("CancelReasonDetail is invalid");
            }
        }

        if (status == order.Status)
        {
            return SimOutcome.Ok(YahooAnswers.Changed(Limits.SameStatus));
        }

        if (!Limits.CanMove(order.Status, status) || (order.InReview && status is 2 or 5))
        {
            return CannotBeOperated(order.Status == 4 ? "CancelOrder OrderStatus" : "OrderStatus");
        }

        var effects = order.MoveTo(status, reason, detail, now, out var warning);
        return SimOutcome.Ok(YahooAnswers.Changed(warning), effects);
    }

    /// <summary>orderPayStatusChange.</summary>
    public SimOutcome Pay()
    {
        if (Target(pointFix: false, out var order) is { } refusal)
        {
            return refusal;
        }

        return (request.Value("Order", "Pay", "PayStatus"), order.Status) switch
        {
            (not ("0" or "1"), _) => YahooAnswers.BadParameter("PayStatus is invalid"),
            (_, 4) => CannotBeOperated("PayStatus"),
            (var paid, _) => SimOutcome.Ok(YahooAnswers.Changed(null), order.SetPaid(paid == "1", now)),
        };
    }

    /// <summary>orderChange: IsSeen and the store's notes.</summary>
    public SimOutcome Change()
    {
        if (Target(pointFix: false, out var order) is { } refusal)
        {
            return refusal;
        }

        var change = request.Child("Order");
        if (change is null || !change.HasElements)
        {
            return YahooAnswers.BadParameter("Order is required");
        }

        if (change.Elements().FirstOrDefault(e => e.Name.LocalName is not ("IsSeen" or "Notes")) is { } other)
        {
            return YahooAnswers.BadParameter($"{other.Name.LocalName} is not simulated");
        }

        if (change.Value("IsSeen") is not (null or "true" or "false"))
        {
            return YahooAnswers.BadParameter("IsSeen is invalid");
        }

        return SimOutcome.Ok(YahooAnswers.Changed(null), order.Note(change.Value("Notes"), change.Value("IsSeen") != "false", now));
    }

    /// <summary>The order, which must exist and lie behind the buyer's ten minutes.</summary>
    private SimOutcome? Target(bool pointFix, out YahooOrder order)
    {
        order = null!;
        if (request.Value("Target", "OrderId") is not { } id)
        {
            return YahooAnswers.BadParameter("OrderId is required");
        }

        if (pointFix && request.Value("Target", "IsPointFix") != "true")
        {
            return YahooAnswers.BadParameter("IsPointFix must be true");
        }

        if (shop.Find(id) is not { } found || !found.Exists(now))
        {
            return YahooAnswers.Refused(404, Limits.NoSuchOrder, "Not Exists : OrderId");
        }

        if (Limits.ReadOnlyRefusesWrites && found.IsReadOnly(now))
        {
            return CannotBeOperated("IsReadOnly");
        }

        order = found;
        return null;
    }

    private static string? Wrong(YahooShipment told)
    {
        if (told.Carrier.Length > 0 && !Limits.IsCarrier(told.Carrier))
        {
            return "ShipCompanyCode is invalid";
        }

        if (told.EmptyReason.Length > 0 && !Limits.EmptyReasons.Contains(told.EmptyReason))
        {
            return "ShipInvoiceNumberEmptyReason is invalid";
        }

        if (told.EmptyReason.Length > 0 && (told.Number1.Length > 0 || told.Number2.Length > 0))
        {
            return "ShipInvoiceNumber and ShipInvoiceNumberEmptyReason exclude each other";
        }

        return new[] { told.Number1, told.Number2 }.Where(number => number.Length > 0).All(number => Fits(told.Carrier, number)) ? null : "ShipInvoiceNumber is invalid";
    }

    private static bool Fits(string carrier, string number) => carrier switch
    {
        _ when number.Length > Limits.TrackingBytes || !TrackingForm().IsMatch(number) => false,
        Limits.Yamato => number.Length <= Limits.YamatoBytes && number.All(c => c == '-' || char.IsAsciiDigit(c)),
        Limits.JapanPost => number.Replace("-", "", StringComparison.Ordinal).Length is >= Limits.JapanPostFrom and <= Limits.JapanPostTo,
        _ => true,
    };

    /// <summary>The text was seen for a cancelled order [F]; its code and status were not.</summary>
    private static SimOutcome CannotBeOperated(string what) => YahooAnswers.Refused(400, Limits.UnrecordedCode, $"Cannot Be Operated : {what}");

    [GeneratedRegex("^[0-9A-Za-z-]+$")]
    private static partial Regex TrackingForm();
}
