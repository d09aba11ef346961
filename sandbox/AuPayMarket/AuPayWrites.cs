using System.Globalization;
using System.Xml.Linq;
using Sandbox.Core;

namespace Sandbox.AuPayMarket;

/// <summary>The calls that change an order. Elements stand flat under request, in any order. Called under the shop's lock.</summary>
internal sealed class AuPayWrites(AuPayShop shop, XElement request, DateTimeOffset now)
{
    /// <summary>updateTradeInfoProc: 発送日, 配送業者, 送り状番号.</summary>
    public SimOutcome Report()
    {
        if (Target(out var order) is { } refusal)
        {
            return refusal;
        }

        var (date, carrier, number) = (Field("shippingDate"), Field("shippingCarrier"), Field("shippingNumber"));
        DateOnly? day = null;
        if (date is not null)
        {
            if (!DateOnly.TryParseExact(date, AuPaySearch.DayPatterns, CultureInfo.InvariantCulture, DateTimeStyles.None, out var read))
            {
                return AuPayAnswers.Invalid("shippingDate", "日付の形式が正しくありません");
            }

            day = read;
        }

        if (carrier is not null && (carrier.Length != 1 || !Limits.CarrierCodes.Contains(carrier[0], StringComparison.Ordinal)))
        {
            return AuPayAnswers.Invalid("shippingCarrier", "配送業者コードが正しくありません");
        }

        if (number is { Length: > Limits.ShippingNumberLength })
        {
            return AuPayAnswers.Invalid("shippingNumber", $"{Limits.ShippingNumberLength}文字以内で入力してください");
        }

        return AuPayStatus.IsOpenToShop(order.Status)
            ? SimOutcome.Ok(AuPayAnswers.Accepted(order.Id), order.Report(day, carrier, number))
            : Closed(order);
    }

    /// <summary>updateTradeStsProc.</summary>
    public SimOutcome Move()
    {
        if (Target(out var order) is { } refusal)
        {
            return refusal;
        }

        if (Field("orderStatus") is not { } status)
        {
            return AuPayAnswers.Required("orderStatus");
        }

        if (!AuPayStatus.CanBeSet(status))
        {
            return AuPayAnswers.Invalid("orderStatus", "指定できない受注ステータスです");
        }

        if (!AuPayStatus.IsOpenToShop(order.Status)
            || (Limits.CompletionIsFinal && order.Status == AuPayStatus.Completed && status != order.Status)
            || (!Limits.RepeatedStatusIsAccepted && status == order.Status))
        {
            return Closed(order);
        }

        if (Limits.CompletionNeedsNumber && status == AuPayStatus.Completed && order.Number.Length == 0)
        {
            return AuPayAnswers.Required("shippingNumber");
        }

        return SimOutcome.Ok(AuPayAnswers.Accepted(order.Id), order.MoveTo(status, now));
    }

    /// <summary>cancelTradeProc.</summary>
    public SimOutcome Cancel()
    {
        if (Target(out var order) is { } refusal)
        {
            return refusal;
        }

        if (Field("cancelReason") is not { } reason)
        {
            return AuPayAnswers.Required("cancelReason");
        }

        if (reason.Length > Limits.CancelReasonLength)
        {
            return AuPayAnswers.Invalid("cancelReason", $"{Limits.CancelReasonLength}文字以内で入力してください");
        }

        var comment = Field("cancelComment") ?? "";
        if (comment.Length > Limits.CancelCommentLength)
        {
            return AuPayAnswers.Invalid("cancelComment", $"{Limits.CancelCommentLength}文字以内で入力してください");
        }

        return order.Status == AuPayStatus.Cancelled || (Limits.ShippedRefusesCancel && AuPayStatus.IsShipped(order.Status))
            ? Closed(order)
            : SimOutcome.Ok(AuPayAnswers.Accepted(order.Id), order.Cancel(reason, comment, now));
    }

    private SimOutcome? Target(out AuPayOrder order)
    {
        order = null!;
        if (Field("orderId") is not { } id)
        {
            return AuPayAnswers.Required("orderId");
        }

        if (shop.Find(id) is not { } found || found.PlacedAt > now)
        {
            return AuPayAnswers.Invalid("orderId", "該当する受注がありません");
        }

        order = found;
        return null;
    }

    private static SimOutcome Closed(AuPayOrder order) =>
        AuPayAnswers.Invalid("orderStatus", $"受注ステータスが{order.Status}のため更新できません");

    /// <summary>A child's text; null where it is missing or empty.</summary>
    private string? Field(string name) => request.Element(name)?.Value.Trim() is { Length: > 0 } value ? value : null;
}
