using Sandbox.Core;

namespace Sandbox.AuPayMarket;

/// <summary>The codes of a choice on its two axes; an axis that the item does not have is empty. They write that as an empty element or as a hyphen. [C]</summary>
internal readonly record struct AuPayChoice(string Horizontal, string Vertical) : IComparable<AuPayChoice>
{
    public static AuPayChoice Of(string? horizontal, string? vertical) => new(Code(horizontal), Code(vertical));

    public int CompareTo(AuPayChoice other) =>
        string.CompareOrdinal(Horizontal, other.Horizontal) is var first and not 0 ? first : string.CompareOrdinal(Vertical, other.Vertical);

    private static string Code(string? text) => text?.Trim() is { Length: > 0 } code and not "-" ? code : "";
}

/// <summary>An item with its stock: one count (通常在庫), or one for each choice (選択肢別在庫). Guarded by its shop's lock.</summary>
internal sealed class AuPayItem(string code, int lot)
{
    public string Code { get; } = code;

    /// <summary>ロットナンバー</summary>
    public int Lot { get; } = lot;

    public int Count { get; private set; }

    /// <summary>False: 販売終了.</summary>
    public bool IsOnSale { get; private set; } = true;

    public SortedDictionary<AuPayChoice, int> Choices { get; } = [];

    public bool HasChoices => Choices.Count > 0;

    /// <param name="choice">Null = the item's own count.</param>
    public void Seed(AuPayChoice? choice, int count)
    {
        IsOnSale = true;
        if (choice is { } one)
        {
            Choices[one] = count;
        }
        else
        {
            Count = count;
        }
    }

    public IReadOnlyList<JournalEffect> Set(IReadOnlyList<(AuPayChoice? Choice, int Count)> levels, bool? onSale)
    {
        var before = levels.Select(level => TextOf(level.Choice)).ToArray();
        foreach (var (choice, count) in levels)
        {
            if (choice is { } one)
            {
                Choices[one] = count;
            }
            else
            {
                Count = count;
            }
        }

        var total = HasChoices ? Choices.Values.Sum() : Count;
        IsOnSale = (onSale ?? IsOnSale) && !(Limits.ZeroEndsSale && total == 0);
        return
        [
            .. levels.Select((level, i) => new JournalEffect(
                    EffectKind.Stock, Code, level.Choice is { } one ? one.Horizontal + one.Vertical : "", before[i], TextOf(level.Choice), Again: false))
                .Where(effect => effect.Before != effect.After),
        ];
    }

    private string TextOf(AuPayChoice? choice) =>
        $"{AuPayAnswers.Text(choice is { } one ? Choices[one] : Count)}{(IsOnSale ? "" : " 販売終了")}";
}
