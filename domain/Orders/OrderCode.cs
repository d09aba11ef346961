using System.Diagnostics.CodeAnalysis;
using Domain.Stores;

namespace Domain.Orders;

/// <summary>The order's number at its marketplace (受注コード); for Qoo10 the cart number (カート番号).
/// ASCII letters, digits and <c>- _ .</c>, 1 to 64 characters, because it is part of row keys and URLs.</summary>
public sealed record OrderCode
{
    private OrderCode(string value) => Value = value;

    public string Value { get; }

    public static OrderCode Parse(string text) =>
        TryParse(text, out var code) ? code : throw new FormatException("That is not an order code: 1 to 64 ASCII letters, digits, '-', '_' or '.' are.");

    public static bool TryParse(string? text, [NotNullWhen(true)] out OrderCode? code)
    {
        code = text is { Length: >= 1 and <= 64 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? new OrderCode(text)
            : null;
        return code is not null;
    }

    public override string ToString() => Value;
}

/// <summary>Names one order for good: the store that sold it and the marketplace's number. Two stores may carry the same number.</summary>
public sealed record OrderKey(StoreId Store, OrderCode Code)
{
    public override string ToString() => $"{Store}/{Code}";
}
