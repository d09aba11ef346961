using Domain;
using Domain.Marketplaces;
using Domain.Stores;

namespace Functions.Attention;

/// <summary>仕様未確認: a store of a marketplace whose specification is not public is not called before the merchant has confirmed the guessed contract.</summary>
public static class Unconfirmed
{
    /// <summary>What staff reads in lists.</summary>
    public const string Mark = "仕様未確認";

    /// <summary>Why nothing is called, and what to do; null = the store may be called.</summary>
    public static string? Words(Store store, Manifest manifest) => manifest.IsConfirmed(store) || manifest.ConfirmSetting is not { } name
        ? null
        : $"{Mark}：店舗「{store.Name}」のモール（{manifest.Name.Ja}）はAPIの仕様が公開されていないため、まだ一度も接続していません。docs/marketplaces/{manifest.Code}.md の【未確認】の項目を確かめ、"
            + $"設定「{manifest.Settings.Single(s => s.Name == name).Label.Ja}」（{name}）を true にしてください。";

    /// <exception cref="RefusalException">The contract is not confirmed.</exception>
    public static void RefuseIfSo(Store store, Manifest manifest)
    {
        if (Words(store, manifest) is { } words)
        {
            throw new RefusalException("unconfirmed", words);
        }
    }
}
