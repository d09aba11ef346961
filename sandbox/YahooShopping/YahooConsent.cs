using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sandbox.Core;

namespace Sandbox.YahooShopping;

/// <summary>A seller's application, the consent given to it and the public keys. Guarded by its shop's lock.</summary>
internal sealed class YahooConsent(string account, string seller)
{
    private readonly SortedDictionary<int, DateTimeOffset> _keys = []; // version → end of its year
    private int _tokens;
    private int _lastKey;

    public string ClientId { get; } = Secret($"client|{account}");

    public string ClientSecret { get; } = Secret($"secret|{account}");

    public string RefreshToken { get; private set; } = "";

    public DateTimeOffset ConsentedAt { get; private set; }

    /// <summary>An order call came without a valid key: twelve hours from the consent instead of four weeks, for every API.</summary>
    public bool IsShortened { get; private set; }

    /// <summary>Null while all is well; else expired, revoked, address, rights, business-id or key.</summary>
    public string? Broken { get; set; }

    public bool IsOver(DateTimeOffset now) => Broken == "expired" || now >= ConsentedAt + (IsShortened ? Limits.UnsignedConsent : Limits.Consent);

    public bool CanRefresh(DateTimeOffset now) => !IsOver(now) && Broken != "revoked";

    public void Shorten() => IsShortened = true;

    /// <summary>Consent given anew. What the operator's screens decide (address, rights, key) stays as it is.</summary>
    public void Give(DateTimeOffset now, bool freshToken)
    {
        if (freshToken || !Limits.ConsentKeepsToken || RefreshToken.Length == 0 || !CanRefresh(now))
        {
            RefreshToken = NextToken("refresh");
        }

        (ConsentedAt, IsShortened) = (now, false);
        if (Broken is "expired" or "revoked")
        {
            Broken = null;
        }
    }

    /// <summary>A new public key; the one before stays in force, so that it can be changed over.</summary>
    public void IssueKey(DateTimeOffset now)
    {
        if (Broken == "key")
        {
            _keys.Clear();
        }

        _keys[++_lastKey] = now + Limits.PublicKey;
        while (_keys.Count > Limits.PublicKeys)
        {
            _keys.Remove(_keys.Keys.First());
        }
    }

    /// <summary>The key that was used is in force, and names this seller and this moment.</summary>
    public bool Accepts(string? signature, string? version, DateTimeOffset now)
    {
        if (Broken == "key" || string.IsNullOrEmpty(signature)
            || !int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || !_keys.TryGetValue(number, out var ends) || now >= ends)
        {
            return false;
        }

        return YahooKeys.Open(signature)?.Split(':') is [var who, var when]
            && who == seller
            && long.TryParse(when, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && Math.Abs(now.ToUnixTimeSeconds() - seconds) <= Limits.SignatureTolerance.TotalSeconds;
    }

    /// <summary>A fresh text that looks like a token, the same in every run.</summary>
    public string NextToken(string kind) => Secret($"{kind}|{account}|{++_tokens}");

    /// <summary>How many tokens were made, for the journal.</summary>
    public int Tokens => _tokens;

    public SimAccount Account() => new(
        account,
        new Dictionary<string, string>
        {
            ["client-id"] = ClientId,
            ["client-secret"] = ClientSecret,
            ["refresh-token"] = RefreshToken,
            ["public-key"] = YahooKeys.PublicPem,
            ["public-key-version"] = YahooAnswers.Text(_lastKey),
            ["consented-at"] = JapanTime.Text(ConsentedAt, "yyyy-MM-dd'T'HH:mm:sszzz"), // no API tells it: a person keeps it
            ["public-key-expires"] = JapanTime.Text(_keys[_lastKey], "yyyy-MM-dd"), // the admin screen shows it
        },
        new Dictionary<string, string> { ["seller-id"] = seller });

    private static string Secret(string seed) =>
        Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes("yahoo-shopping|" + seed))).Replace('+', '-').Replace('/', '_').TrimEnd('=');
}
