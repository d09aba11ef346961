using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Connectors.Wire;
using Domain.Time;

namespace Connectors.OrderFiles;

/// <summary>How people and spreadsheets write numbers and times. Full-width digits count like half-width ones.</summary>
internal static partial class FileCells
{
    private static readonly string[] Unpaid = ["0", "未", "未入金", "未払い", "未払", "未決済", "入金待ち", "いいえ", "NO", "N", "FALSE", "×", "-"];

    private static readonly string[] Paid = ["1", "済", "済み", "入金済", "入金済み", "支払済み", "支払い済み", "決済済み", "完了", "はい", "YES", "Y", "TRUE", "○", "〇"];

    private static readonly string[] Nothing = ["", "指定なし", "希望なし", "なし", "無し", "-", "ー"];

    public static string Half(string text) => text.Normalize(NormalizationForm.FormKC).Trim();

    /// <summary>指定なし counts as nothing.</summary>
    public static bool IsNothing(string text) => Nothing.Contains(text.Trim(), StringComparer.Ordinal);

    /// <summary><c>1.23E+11</c>: what a spreadsheet makes of a long number.</summary>
    public static bool IsMangled(string text) => Exponential().IsMatch(Half(text));

    /// <summary><c>1234</c>, <c>1,234円</c>, <c>¥1,234</c>, <c>１，２３４</c>; nothing = 0.</summary>
    public static bool TryMoney(string text, out decimal amount)
    {
        var half = Half(text).Replace('−', '-');
        amount = 0;
        return half.Length == 0 || (Amount().IsMatch(half) && JapaneseText.TryMoney(NotOfTheNumber().Replace(half, ""), out amount));
    }

    public static bool TryCount(string text, out int count) =>
        int.TryParse(Half(text), NumberStyles.None, CultureInfo.InvariantCulture, out count) && count <= 99_999;

    /// <summary>Percent: <c>10</c>, <c>10%</c>, <c>0.1</c>, <c>軽減税率 8%</c>; nothing = 0.</summary>
    public static bool TryTaxRate(string text, out int percent)
    {
        percent = 0;
        var half = NotARate().Replace(Half(text), "");
        if (IsNothing(text))
        {
            return true;
        }

        if (!decimal.TryParse(half, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate))
        {
            return false;
        }

        rate = rate is > 0 and < 1 ? rate * 100 : rate;
        percent = rate is 0 or 8 or 10 ? (int)rate : -1;
        return percent >= 0;
    }

    public static bool TryTime(string text, IEnumerable<string> formats, out DateTimeOffset instant)
    {
        var half = Half(text);
        foreach (var format in formats)
        {
            if (DateTime.TryParseExact(half, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var wallClock) && wallClock.Year is > 2000 and < 2200)
            {
                instant = Jst.FromWallClock(wallClock);
                return true;
            }
        }

        return JapaneseText.TryTime(half, out instant) && instant.Year is > 2000 and < 2200;
    }

    public static bool TryDay(string text, IEnumerable<string> formats, out DateOnly day)
    {
        if (TryTime(text, formats.Concat(Days), out var instant))
        {
            day = DateOnly.FromDateTime(Jst.In(instant).DateTime);
            return true;
        }

        day = default;
        return false;
    }

    private static readonly string[] Days = ["yyyy/M/d", "yyyy-M-d", "yyyyMMdd", "yyyy年M月d日"];

    /// <summary>入金済み, 未入金 and the like, or the day on which it was paid.</summary>
    public static bool TryPaid(string text, IEnumerable<string> formats, out bool paid)
    {
        var half = Half(text).ToUpperInvariant();
        paid = Paid.Contains(half, StringComparer.Ordinal) || (half.Length > 1 && TryDay(half, formats, out _));
        return paid || half.Length == 0 || Unpaid.Contains(half, StringComparer.Ordinal);
    }

    [GeneratedRegex(@"^[0-9](\.[0-9]+)?[Ee]\+[0-9]+$")]
    private static partial Regex Exponential();

    [GeneratedRegex(@"^-?[¥\\]?-?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.[0-9]+)?円?$")]
    private static partial Regex Amount();

    [GeneratedRegex(@"[,¥\\円]")]
    private static partial Regex NotOfTheNumber();

    [GeneratedRegex(@"[^0-9.]")]
    private static partial Regex NotARate();
}
