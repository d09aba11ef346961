using System.Collections.Specialized;
using System.Security.Cryptography;
using System.Text;
using Sandbox.Core;

namespace Sandbox.YahooShopping;

/// <summary>Yahoo! ID連携 v2: the consent, which is given at once, and the tokens. Thread-safe.</summary>
/// <param name="byClient">The shop whose application this is.</param>
/// <param name="issued">Told of each access token and its end.</param>
internal sealed class YahooConnect(SandboxWorld world, Func<string?, YahooShop?> byClient, Action<string, YahooShop, DateTimeOffset> issued)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Grant> _codes = new(StringComparer.Ordinal);

    /// <summary>The client's name and secret, from the Basic header or the form. [O] header, [F] form</summary>
    public static (string? Id, string? Secret) Client(SimRequest request, NameValueCollection form)
    {
        var header = request.Header("Authorization");
        var given = new byte[header?.Length ?? 0];
        return header is not null && header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)
            && Convert.TryFromBase64String(header["Basic ".Length..].Trim(), given, out var length)
            && Encoding.UTF8.GetString(given, 0, length).Split(':', 2) is [var id, var secret]
            ? (id, secret)
            : (form["client_id"], form["client_secret"]);
    }

    /// <summary>The browser's way: whoever comes is the store's employee, and agrees. The address gets a code.</summary>
    public SimOutcome Authorize(NameValueCollection query)
    {
        var now = world.Time.GetUtcNow();
        if (byClient(query["client_id"]) is not { } shop || query["response_type"] != "code" || string.IsNullOrEmpty(query["scope"])
            || !Uri.TryCreate(query["redirect_uri"], UriKind.Absolute, out var address) || query["code_challenge_method"] is not (null or "plain" or "S256"))
        {
            return SimOutcome.Refused(SimResponse.Html("<html><head><title>エラー</title></head><body><h1>invalid_request</h1></body></html>", 400), "invalid_request");
        }

        string code;
        lock (shop.Gate)
        {
            code = shop.Consent.NextToken("code")[..16];
        }

        lock (_gate)
        {
            _codes[code] = new Grant(shop, query["redirect_uri"]!, query["code_challenge"], query["code_challenge_method"] ?? "plain", now + Limits.Code);
        }

        var state = query["state"] is { } given ? $"&state={Uri.EscapeDataString(given)}" : "";
        var target = $"{query["redirect_uri"]}{(address.Query.Length > 0 ? '&' : '?')}code={code}{state}";
        return SimOutcome.Ok(SimResponse.Html("", 302) with { Headers = new Dictionary<string, string> { ["Location"] = target } });
    }

    public SimOutcome Token(NameValueCollection form, string? client, string? secret)
    {
        if (byClient(client) is not { } shop || secret != shop.Consent.ClientSecret)
        {
            return YahooAnswers.GrantRefused("invalid_client", 401);
        }

        var now = world.Time.GetUtcNow();
        switch (form["grant_type"])
        {
            case "refresh_token":
                lock (shop.Gate)
                {
                    return shop.Consent.CanRefresh(now) && form["refresh_token"] == shop.Consent.RefreshToken
                        ? Issue(shop, now, consented: false)
                        : YahooAnswers.GrantRefused("invalid_grant");
                }

            case "authorization_code":
                Grant? grant;
                lock (_gate)
                {
                    _codes.Remove(form["code"] ?? "", out grant); // works once, whatever comes of it
                }

                if (grant is null || grant.Shop != shop || grant.Ends <= now || grant.Address != form["redirect_uri"] || !grant.Proves(form["code_verifier"]))
                {
                    return YahooAnswers.GrantRefused("invalid_grant");
                }

                lock (shop.Gate)
                {
                    shop.Consent.Give(now, freshToken: false);
                    return Issue(shop, now, consented: true);
                }

            default:
                return YahooAnswers.GrantRefused("unsupported_grant_type");
        }
    }

    /// <summary>A refresh brings no refresh token. [V]</summary>
    private SimOutcome Issue(YahooShop shop, DateTimeOffset now, bool consented)
    {
        var token = shop.Consent.NextToken("access");
        issued(token, shop, now + Limits.AccessToken);
        var fields = new Dictionary<string, object> { ["access_token"] = token, ["token_type"] = "Bearer", ["expires_in"] = (int)Limits.AccessToken.TotalSeconds };
        if (consented)
        {
            fields["refresh_token"] = shop.Consent.RefreshToken;
        }

        // Each token is one of its own, never a repetition.
        return SimOutcome.Ok(
            YahooAnswers.Json(fields),
            new JournalEffect(EffectKind.Token, "", YahooAnswers.Text(shop.Consent.Tokens), "", consented ? "consent" : "access", Again: false));
    }

    private sealed record Grant(YahooShop Shop, string Address, string? Challenge, string Method, DateTimeOffset Ends)
    {
        public bool Proves(string? verifier) => Challenge is null
            || (verifier is not null && Challenge == (Method == "plain" ? verifier : Hash(verifier)));

        private static string Hash(string verifier) =>
            Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))).Replace('+', '-').Replace('/', '_').TrimEnd('=');
    }
}
