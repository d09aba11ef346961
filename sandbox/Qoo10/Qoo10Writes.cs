using System.Globalization;
using System.Text.Json;
using Sandbox.Core;

namespace Sandbox.Qoo10;

/// <summary>What a call does to order numbers: planned date, carrier and number, cancel. Codes per method as the guide lists them.</summary>
internal static class Qoo10Writes
{
    /// <summary>SetSellerCheckYN: 2 becomes 3.</summary>
    public static int Confirm(Qoo10Shop shop, string orderNo, string planned, List<JournalEffect> effects)
    {
        if (Find(shop, orderNo) is not var (cart, line))
        {
            return long.TryParse(orderNo, out _) ? -10004 : -10001;
        }

        if (line.Status is not (2 or 3) || !line.IsListed)
        {
            return -10010;
        }

        line.PlannedDate = DateOnly.TryParseExact(planned, "yyyyMMdd", out var day) ? day : line.PlannedDate;
        if (line.Status == 2)
        {
            line.Status = 3;
            effects.Add(Effect(EffectKind.Seen, cart, line, "2", "3"));
        }

        return 0;
    }

    /// <summary>SetSendingInfo: carrier and number are stored and the status becomes 4 by itself.</summary>
    public static int Send(Qoo10Shop shop, string orderNo, string carrier, string number, DateTimeOffset now, List<JournalEffect> effects)
    {
        if (!long.TryParse(orderNo, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            return -10001;
        }

        if (carrier.Trim().Length == 0)
        {
            return -10002;
        }

        if (number.Trim().Length == 0)
        {
            return -10104;
        }

        if (Find(shop, orderNo) is not var (cart, line))
        {
            return -10122;
        }

        if (!Limits.Carriers.Contains(carrier))
        {
            return -10120;
        }

        if (number.Length > Limits.TrackingCharacters)
        {
            return -10105;
        }

        if (Limits.Checked.Contains(carrier) && !CheckDigitFits(number))
        {
            return -10108;
        }

        if (line.Claim != 0)
        {
            return -10101;
        }

        if (line.Status is 1 or >= 4)
        {
            return -10010; // not paid, or already on its way: they do not say which
        }

        if (shop.Numbers.TryGetValue(number, out var other) && other != cart.PackNo && PersonOf(shop.ByPackNo[other]) != PersonOf(cart))
        {
            return Limits.NumberUsed;
        }

        shop.Numbers[number] = cart.PackNo;
        effects.Add(Effect(EffectKind.Number, cart, line, line.TrackingNo, number));
        effects.Add(Effect(EffectKind.Status, cart, line, line.Status.ToString(CultureInfo.InvariantCulture), "4"));
        effects.Add(Effect(EffectKind.Mail, cart, line, "", "発送のお知らせ"));
        (line.Carrier, line.TrackingNo, line.Status, line.ShippedAt) = (carrier, number, 4, now);
        return 0;
    }

    /// <summary>Claim.SetCancelProcess: before shipping only.</summary>
    public static int Cancel(Qoo10Shop shop, string orderNo, string reason, DateTimeOffset now, List<JournalEffect> effects)
    {
        if (!Limits.CancelReasons.Contains(reason))
        {
            return -10004;
        }

        if (!long.TryParse(orderNo, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            return -10001;
        }

        if (Find(shop, orderNo) is not var (cart, line))
        {
            return -10002;
        }

        if (line.Status >= 4 || !line.IsListed)
        {
            return -10004;
        }

        (line.Claim, line.ClaimedAt) = (3, now);
        effects.Add(Effect(EffectKind.Cancel, cart, line, "", "3"));
        effects.Add(Effect(EffectKind.Mail, cart, line, "", "キャンセルのお知らせ"));
        return 0;
    }

    /// <summary>The rows of a bulk parameter; null = it is not the JSON they take.</summary>
    public static IReadOnlyList<Dictionary<string, string>>? Rows(string json)
    {
        try
        {
            using var parsed = JsonDocument.Parse(json);
            return parsed.RootElement.ValueKind is not JsonValueKind.Array
                ? null
                : [.. parsed.RootElement.EnumerateArray().Select(row => row.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.ToString(), StringComparer.OrdinalIgnoreCase))];
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static (Qoo10Cart Cart, Qoo10Line Line)? Find(Qoo10Shop shop, string orderNo) =>
        long.TryParse(orderNo, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && shop.ByOrderNo.TryGetValue(number, out var found) ? found : null;

    /// <summary>Spelled alike or not: width and spaces do not make another person.</summary>
    private static string PersonOf(Qoo10Cart cart) => string.Concat(
        (cart.Seed.Recipient.LastName + cart.Seed.Recipient.FirstName + cart.Seed.Recipient.PostalCode).Normalize(System.Text.NormalizationForm.FormKC).Where(c => !char.IsWhiteSpace(c)));

    private static JournalEffect Effect(EffectKind kind, Qoo10Cart cart, Qoo10Line line, string before, string after) => new(
        kind, cart.PackNo.ToString(CultureInfo.InvariantCulture), line.OrderNo.ToString(CultureInfo.InvariantCulture), before, after, false);

    private static bool CheckDigitFits(string number)
    {
        var digits = string.Concat(number.Where(char.IsAsciiDigit));
        return digits.Length == 12 && long.Parse(digits[..11], CultureInfo.InvariantCulture) % 7 == digits[11] - '0';
    }
}
