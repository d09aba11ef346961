namespace Domain.Shipments;

/// <summary>What left the warehouse (出荷実績).</summary>
/// <param name="Service">Our carrier service, for example <c>yamato</c>.</param>
/// <param name="ShippedAt">When it was handed to the carrier, UTC. A repeat or a correction never changes it.</param>
/// <param name="Revision">1 for the first report; each correction of carrier or number adds one.</param>
public sealed record Shipment(string Service, TrackingNumber Number, DateTimeOffset ShippedAt, int Revision);

/// <summary>送り状番号, normalised: half-width upper case without spaces and dashes, 8 to 30 letters and digits.</summary>
public sealed record TrackingNumber
{
    private TrackingNumber(string value) => Value = value;

    public string Value { get; }

    public static bool TryParse(string? text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out TrackingNumber? number)
    {
        var value = string.Concat((text ?? "").Normalize(System.Text.NormalizationForm.FormKC).Where(c => !char.IsWhiteSpace(c) && !IsDash(c))).ToUpperInvariant();
        number = value.Length is >= 8 and <= 30 && value.All(char.IsAsciiLetterOrDigit) ? new TrackingNumber(value) : null;
        return number is not null;
    }

    public static TrackingNumber Parse(string text) =>
        TryParse(text, out var number) ? number : throw new FormatException("That is not a tracking number: 8 to 30 letters and digits.");

    /// <summary>Whether the last digit fits the first eleven (mod 7), as Yamato, Sagawa and Japan Post build 12-digit numbers. A hint, not a gate: other carriers differ.</summary>
    public bool CheckDigitFits => Value.Length == 12 && Value.All(char.IsAsciiDigit)
        && long.Parse(Value.AsSpan(0, 11), System.Globalization.CultureInfo.InvariantCulture) % 7 == Value[11] - '0';

    /// <summary>The 12-digit number that begins with these eleven digits.</summary>
    public static TrackingNumber FromElevenDigits(long digits) =>
        Parse(digits.ToString("D11", System.Globalization.CultureInfo.InvariantCulture) + (digits % 7).ToString(System.Globalization.CultureInfo.InvariantCulture));

    public override string ToString() => Value;

    private static bool IsDash(char c) => c is '-' or '‐' or '‑' or '‒' or '–' or '—' or '―' or '−' or 'ー' or 'ｰ' or '－';
}

/// <summary>The carriers' services that we know, and what their numbers look like.</summary>
public static class CarrierServices
{
    private static readonly HashSet<string> TwelveDigits =
        ["yamato", "yamato-compact", "yamato-nekopos", "sagawa", "jp-yupack", "jp-yupacket", "jp-clickpost", "jp-letterpack"];

    private static readonly HashSet<string> Others = ["seino", "fukuyama", "other"];

    public static bool Knows(string service) => TwelveDigits.Contains(service) || Others.Contains(service);

    /// <summary>What is surely wrong with this number for this service, in Japanese; null = nothing.</summary>
    public static string? Fault(string service, TrackingNumber number) =>
        TwelveDigits.Contains(service) && (number.Value.Length != 12 || !number.Value.All(char.IsAsciiDigit))
            ? "この配送会社の送り状番号は数字12桁です"
            : null;

    /// <summary>What looks wrong but may be right, in Japanese; null = nothing.</summary>
    public static string? Warning(string service, TrackingNumber number) =>
        TwelveDigits.Contains(service) && !number.CheckDigitFits ? "送り状番号の検査数字が合いません。番号をご確認ください" : null;
}
