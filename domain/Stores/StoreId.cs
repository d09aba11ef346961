using System.Diagnostics.CodeAnalysis;

namespace Domain.Stores;

/// <summary>Names one store (店舗), for example <c>aupay-honten</c>. Lower-case letters, digits and hyphens, 3 to 40 characters,
/// not ending in a hyphen: it is part of row keys, secret names and URLs.</summary>
public sealed record StoreId
{
    private StoreId(string value) => Value = value;

    public string Value { get; }

    public static StoreId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not a store id: 3 to 40 lower-case letters, digits and hyphens.");

    public static bool TryParse(string? text, [NotNullWhen(true)] out StoreId? id)
    {
        id = text is { Length: >= 3 and <= 40 }
            && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
            && text[0] != '-' && text[^1] != '-'
                ? new StoreId(text)
                : null;
        return id is not null;
    }

    public override string ToString() => Value;
}

/// <summary>Names a bundle group (同梱グループ): the stores whose orders may travel in one parcel, one table partition. By default a store's own id.</summary>
public sealed record BundleGroupId
{
    private BundleGroupId(string value) => Value = value;

    public string Value { get; }

    public static BundleGroupId Of(StoreId store) => new(store.Value);

    public static BundleGroupId Parse(string text) => new(StoreId.Parse(text).Value);

    public override string ToString() => Value;
}
